"""What results.json holds of a sweep over families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netcea.analyses.shared.effects import AroundPointEstimates, thresholds_of
from netcea.analyses.sweep.result import Combination, SweepResult


@dataclass(frozen=True)
class SweepRecord(AroundPointEstimates):
    """The model over all combinations of families.

    Attributes
    ----------
    current : mapping of str -> str
        Families that the scenario has; '' where strategies differ.
    base_implausible : list of str
        Rules that the scenario's own curves break.
    combinations : list of Combination
        In the order of the families.
    """

    current: Mapping[str, str]
    base_implausible: tuple[str, ...]
    combinations: tuple[Combination, ...]


def record_of(result: SweepResult) -> SweepRecord:
    """Return what results.json holds."""
    return SweepRecord(
        thresholds_of(result.scenario), result.base, result.current, result.base_implausible, result.combinations
    )
