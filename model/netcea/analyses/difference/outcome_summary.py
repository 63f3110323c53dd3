"""What a comparison of two runs looks at: totals, increments, judgements; of a run made now or of one on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netcea.analyses.base_case.record import BaseCaseRecord
from netcea.analyses.base_case.result import Case, JudgedRecord, StrategyTotals, TotalsRecord
from netcea.reporting.json_text import read_as, shared_fields
from netcea.storage.saved_run import SavedRun


@dataclass(frozen=True)
class Against:
    """One strategy against the comparator.

    Attributes
    ----------
    costs, qalys, life_years : float
        Increments. [GBP], [QALYs], [years]
    icer : float or None
    label : str
        What the ICER is called where it is not a plain one.
    weighted_qalys : float
        Incremental QALYs times the severity weight.
    weighted_icer : float or None
    nhb, weighted_nhb : mapping of threshold -> float
        Incremental net health benefit. [QALYs]
    """

    costs: float
    qalys: float
    life_years: float
    icer: float | None
    label: str
    weighted_qalys: float
    weighted_icer: float | None
    nhb: Mapping[float, float]
    weighted_nhb: Mapping[float, float]


@dataclass(frozen=True)
class OutcomeSummary:
    """One run.

    Attributes
    ----------
    strategies : mapping of strategy -> TotalsRecord
    against : mapping of strategy -> Against
        Every strategy but the comparator.
    intervention, comparator : str
    thresholds : tuple of float
        Rising. [GBP/QALY]
    severity_weight : float
    """

    strategies: Mapping[str, TotalsRecord]
    against: Mapping[str, Against]
    intervention: str
    comparator: str
    thresholds: tuple[float, ...]
    severity_weight: float


def summary_of(case: Case) -> OutcomeSummary:
    """Return the summary of a case that was evaluated now."""
    return _summary(case, case.strategies, case.intervention, case.comparator)


def summary_from(saved: SavedRun) -> OutcomeSummary:
    """Return the summary of a folder that `netcea run` wrote.

    Raises
    ------
    InputError
        Its results.json is not as netcea writes it.
    """
    record = read_as(BaseCaseRecord, saved.results, str(saved.folder / "results.json"))
    return _summary(record, record.strategies, saved.scenario["intervention"], saved.scenario["comparator"])


def _summary(
    found: JudgedRecord, strategies: Mapping[str, StrategyTotals], intervention: str, comparator: str
) -> OutcomeSummary:
    weighted = {row.strategy: row for row in found.weighted_pairwise}
    benefits = found.net_health_benefit
    against = {
        row.strategy: Against(
            row.incremental_costs or 0.0,
            row.incremental_qalys or 0.0,
            row.incremental_life_years or 0.0,
            row.icer,
            row.label,
            weighted[row.strategy].incremental_qalys or 0.0,
            weighted[row.strategy].icer,
            {b.threshold: b.incremental_nhb for b in benefits if b.strategy == row.strategy},
            {b.threshold: b.weighted_incremental_nhb for b in benefits if b.strategy == row.strategy},
        )
        for row in found.pairwise
    }
    totals = {name: TotalsRecord(**shared_fields(TotalsRecord, s)) for name, s in strategies.items()}
    thresholds = tuple(sorted({benefit.threshold for benefit in benefits}))
    return OutcomeSummary(totals, against, intervention, comparator, thresholds, found.severity.severity_weight)
