"""What results.json holds of an analysis of budget impact."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.budget.result import BudgetResult, BudgetYear, CategoryBudget, PerPatient, Starting


@dataclass(frozen=True)
class BudgetRecord:
    """What the technology does to the budget, undiscounted.

    Attributes
    ----------
    technology : str
    years : list of BudgetYear
    categories : list of CategoryBudget
    patients : list of Starting
        Who start each strategy.
    per_patient : list of PerPatient
        By year since the start.
    elsewhere : list of str
        Cost items with which other strategies pay for the technology's own drug.
    left_out : list of float
        What counting them would add to the net impact of each year. [GBP]
    test_threshold : float or null
        Of the payer's test. [GBP a year]
    """

    technology: str
    years: tuple[BudgetYear, ...]
    categories: tuple[CategoryBudget, ...]
    patients: tuple[Starting, ...]
    per_patient: tuple[PerPatient, ...]
    elsewhere: tuple[str, ...]
    left_out: tuple[float, ...]
    test_threshold: float | None


def record_of(result: BudgetResult) -> BudgetRecord:
    """Return what results.json holds."""
    return BudgetRecord(
        result.scenario.file.decision.intervention,
        result.years,
        result.categories,
        result.patients,
        result.per_patient,
        result.elsewhere,
        result.left_out,
        result.test_threshold,
    )
