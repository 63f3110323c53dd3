"""What one row means for the decision: increments, ICER, net health benefit, severity weight, optimal strategy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from netcea.analyses.shared.totals import Totals
from netcea.decision.incremental import Label, compare
from netcea.decision.net_benefit import nmb
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class Effect:
    """The intervention against the comparator in one row.

    Attributes
    ----------
    incremental_costs, incremental_qalys : float
        [GBP], [QALYs], unweighted
    icer : float or None
        [GBP/QALY], unweighted; None where `label` says what it is instead.
    label : str
        See `netcea.decision.incremental.compare`.
    severity_weight : float
    weighted_icer : float or None
        Costs per QALY times the severity weight. [GBP/QALY]
    nhb, weighted_nhb : tuple of float
        Incremental net health benefit at each threshold of the method pack, rising. [QALYs]
    optimal : str
        The strategy with the highest net benefit at the lower threshold, unweighted.
    """

    incremental_costs: float
    incremental_qalys: float
    icer: float | None
    label: Label
    severity_weight: float
    weighted_icer: float | None
    nhb: tuple[float, ...]
    weighted_nhb: tuple[float, ...]
    optimal: str

    def as_dict(self) -> dict[str, Any]:
        """Return its attributes as JSON can hold them."""
        return asdict(self)


@dataclass(frozen=True)
class AroundPointEstimates:
    """What results.json holds first of analyses that move quantities.

    Attributes
    ----------
    thresholds : list of float
        What a QALY may cost, rising. [GBP/QALY]
    base : Effect
        Of the point estimates.
    """

    thresholds: tuple[float, ...]
    base: Effect


def thresholds_of(scenario: Scenario) -> tuple[float, ...]:
    """Return the thresholds of the method pack, rising. [GBP/QALY]"""
    return tuple(sorted(scenario.method_pack.thresholds))


def effects_of(scenario: Scenario, totals: Totals) -> tuple[Effect, ...]:
    """Return what each row means."""
    thresholds = thresholds_of(scenario)
    costs, qalys, weight = totals.increment("costs"), totals.increment("qalys"), totals.severity_weight
    plain = [totals.incremental_nhb(threshold) for threshold in thresholds]
    weighted = [totals.incremental_nhb(threshold, weighted=True) for threshold in thresholds]
    best = optimal_of(totals, thresholds[0])
    found = []
    for row in range(totals.n):
        icer, label = compare(float(costs[row]), float(qalys[row]))
        found.append(
            Effect(
                float(costs[row]),
                float(qalys[row]),
                icer,
                label,
                float(weight[row]),
                None if icer is None else icer / float(weight[row]),
                tuple(float(nhb[row]) for nhb in plain),
                tuple(float(nhb[row]) for nhb in weighted),
                best[row],
            )
        )
    return tuple(found)


def optimal_of(totals: Totals, threshold: float) -> tuple[str, ...]:
    """Return the strategy with the highest net benefit in each row; the first of equal ones."""
    return tuple(totals.strategies[i] for i in np.argmax(nmb(totals.costs, totals.qalys, threshold), axis=0))
