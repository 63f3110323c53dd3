"""The result of an analysis of budget impact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from netcea.analyses.analysis import Result
from netcea.scenario.budget_options import BudgetOptions
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class BudgetYear:
    """One year of the budget.

    Attributes
    ----------
    year : int
        From 1.
    eligible : float
        Patients who start anything. [patients]
    uptake : float
        Share of them who get the technology. [share]
    starting : float
        Patients who start the technology. [patients]
    costs_without, costs_with : float
        Of all patients who have started since year 1, in the world without and with the technology. [GBP]
    net_budget_impact : float
        With minus without. [GBP]
    drugs_without, drugs_with : float
        Of it drug acquisition. [GBP]
    net_drug_budget : float
        [GBP]
    """

    year: int
    eligible: float
    uptake: float
    starting: float
    costs_without: float
    costs_with: float
    net_budget_impact: float
    drugs_without: float
    drugs_with: float
    net_drug_budget: float


@dataclass(frozen=True)
class CategoryBudget:
    """One category of costs, year by year.

    Attributes
    ----------
    category : str
        Label.
    costs_without, costs_with, net_budget_impact : tuple of float
        One a year. [GBP]
    """

    category: str
    costs_without: tuple[float, ...]
    costs_with: tuple[float, ...]
    net_budget_impact: tuple[float, ...]


@dataclass(frozen=True)
class Starting:
    """Patients who start a strategy, year by year.

    Attributes
    ----------
    strategy : str
    starting_without, starting_with : tuple of float
        In the world without and with the technology. [patients]
    """

    strategy: str
    starting_without: tuple[float, ...]
    starting_with: tuple[float, ...]


@dataclass(frozen=True)
class PerPatient:
    """What one cost item comes to per patient, by year since the start.

    Attributes
    ----------
    strategy, item, category : str
    costs : tuple of float
        Of every year until the horizon: added up, the model's undiscounted cost. [GBP per patient]
    counted : bool
        Whether the budget counts it.
    """

    strategy: str
    item: str
    category: str
    costs: tuple[float, ...]
    counted: bool = True


@dataclass(frozen=True, repr=False)
class BudgetResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : BudgetOptions
    years : tuple of BudgetYear
    categories : tuple of CategoryBudget
        In the order of tables.
    patients : tuple of Starting
        In the scenario's order.
    per_patient : tuple of PerPatient
    elsewhere : tuple of str
        Cost items with which other strategies pay for the technology's own drug.
    left_out : tuple of float
        What counting them would add to the net impact of each year; 0 where they are counted. [GBP]
    test_threshold : float or None
        [GBP a year]
    """

    scenario: Scenario
    options: BudgetOptions
    years: tuple[BudgetYear, ...]
    categories: tuple[CategoryBudget, ...]
    patients: tuple[Starting, ...]
    per_patient: tuple[PerPatient, ...]
    elsewhere: tuple[str, ...]
    left_out: tuple[float, ...]
    test_threshold: float | None

    @cached_property
    def largest(self) -> BudgetYear:
        """The year with the largest net impact."""
        return max(self.years, key=lambda year: year.net_budget_impact)
