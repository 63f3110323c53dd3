"""What results.json holds of one-way sensitivity analysis."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.one_way.result import OneWayResult
from netcea.analyses.one_way.variance import Explained
from netcea.analyses.shared.effects import AroundPointEstimates, Effect, thresholds_of
from netcea.analyses.shared.varied_quantities import NotVaried, VariedQuantity
from netcea.reporting.json_text import extended


@dataclass(frozen=True, kw_only=True)
class VariedRecord(VariedQuantity):
    """A quantity at its low and its high value.

    Attributes
    ----------
    has_effect : bool
        Whether anything changes at either end.
    nhb_range : float
        Range of incremental net health benefit at the lower threshold over low, base and high. [QALYs]
    at_low, at_high : Effect
        What the value means for the decision.
    """

    has_effect: bool
    nhb_range: float
    at_low: Effect
    at_high: Effect


@dataclass(frozen=True)
class OneWayRecord(AroundPointEstimates):
    """One-way sensitivity analysis: each quantity at a low and a high value.

    Attributes
    ----------
    quantities : list
        Those with an effect, the widest range first; then those without.
    not_moved : list
        Uncertain numbers that may not be moved singly, and numbers that are methods.
    variance : list
        What each source of uncertainty alone explains of the variance of incremental net health benefit at the lower
        threshold, the largest share first.
    """

    quantities: tuple[VariedRecord, ...]
    not_moved: tuple[NotVaried, ...]
    variance: tuple[Explained, ...]


def record_of(result: OneWayResult) -> OneWayRecord:
    """Return what results.json holds."""
    quantities = tuple(
        extended(
            VariedRecord, m.quantity, has_effect=m.has_effect, nhb_range=m.nhb_range(), at_low=m.low, at_high=m.high
        )
        for m in (*result.moved, *result.no_effect)
    )
    return OneWayRecord(thresholds_of(result.scenario), result.base, quantities, result.not_moved, result.variance)
