"""What results.json holds of results by method of adjusting for switching."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.shared.effects import AroundPointEstimates, thresholds_of
from netcea.analyses.switching.result import MethodResult, SwitchingResult


@dataclass(frozen=True)
class SwitchingRecord(AroundPointEstimates):
    """Results by method of adjusting overall survival for switching.

    Attributes
    ----------
    strategy : str
        Whose patients switched.
    observed : MethodResult
        Survival as observed: intention to treat.
    methods : list of MethodResult
        In the order of the scenario.
    """

    strategy: str
    observed: MethodResult
    methods: tuple[MethodResult, ...]


def record_of(result: SwitchingResult) -> SwitchingRecord:
    """Return what results.json holds."""
    return SwitchingRecord(
        thresholds_of(result.scenario), result.base, result.strategy, result.observed, result.methods
    )
