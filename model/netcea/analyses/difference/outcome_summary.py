"""What a comparison of two runs looks at: totals, increments, judgements; of a run made now or of one on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netcea.analyses.base_case.result import Case


@dataclass(frozen=True)
class StrategyTotals:
    """One strategy: label, discounted costs [GBP], QALYs and life years [years]."""

    label: str
    costs: float
    qalys: float
    life_years: float


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
    strategies : mapping of strategy -> StrategyTotals
    against : mapping of strategy -> Against
        Every strategy but the comparator.
    intervention, comparator : str
    thresholds : tuple of float
        Rising. [GBP/QALY]
    severity_weight : float
    """

    strategies: Mapping[str, StrategyTotals]
    against: Mapping[str, Against]
    intervention: str
    comparator: str
    thresholds: tuple[float, ...]
    severity_weight: float


def summary_of(case: Case) -> OutcomeSummary:
    """Return the summary of a case that was evaluated now."""
    weighted = {row.strategy: row for row in case.weighted_pairwise}
    against = {
        row.strategy: Against(
            row.incremental_costs or 0.0,
            row.incremental_qalys or 0.0,
            row.incremental_life_years or 0.0,
            row.icer,
            row.label,
            weighted[row.strategy].incremental_qalys or 0.0,
            weighted[row.strategy].icer,
            {b.threshold: b.incremental_nhb for b in case.net_benefit if b.strategy == row.strategy},
            {b.threshold: b.weighted_incremental_nhb for b in case.net_benefit if b.strategy == row.strategy},
        )
        for row in case.pairwise
    }
    totals = {name: StrategyTotals(s.label, s.costs, s.qalys, s.life_years) for name, s in case.strategies.items()}
    return OutcomeSummary(
        totals, against, case.intervention, case.comparator, case.thresholds, case.severity.severity_weight
    )


def summary_from(saved: Mapping[str, Any]) -> OutcomeSummary:
    """Return the summary of a results.json of `netcea run`.

    Raises
    ------
    ValueError
        Something is missing in it.
    """
    try:
        weighted = {row["strategy"]: row for row in saved["weighted_pairwise"]}
        benefits = saved["net_health_benefit"]
        against = {
            row["strategy"]: Against(
                float(row["incremental_costs"]),
                float(row["incremental_qalys"]),
                float(row["incremental_life_years"]),
                row["icer"],
                str(row["label"]),
                float(weighted[row["strategy"]]["incremental_qalys"]),
                weighted[row["strategy"]]["icer"],
                _by_threshold(benefits, row["strategy"], "incremental_nhb"),
                _by_threshold(benefits, row["strategy"], "weighted_incremental_nhb"),
            )
            for row in saved["pairwise"]
        }
        totals = {
            name: StrategyTotals(str(s["label"]), float(s["costs"]), float(s["qalys"]), float(s["life_years"]))
            for name, s in saved["strategies"].items()
        }
        scenario = saved["scenario"]
        thresholds = tuple(sorted({float(benefit["threshold"]) for benefit in benefits}))
        weight = float(saved["severity"]["severity_weight"])
        return OutcomeSummary(totals, against, scenario["intervention"], scenario["comparator"], thresholds, weight)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"results without {error}") from None


def _by_threshold(benefits: Any, strategy: str, name: str) -> dict[float, float]:
    return {float(b["threshold"]): float(b[name]) for b in benefits if b["strategy"] == strategy}
