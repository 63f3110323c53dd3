"""What results.json holds of results by subgroup."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.shared.effects import AroundPointEstimates, thresholds_of
from netcea.analyses.subgroups.result import SubgroupResult, SubgroupsResult


@dataclass(frozen=True)
class SubgroupsRecord(AroundPointEstimates):
    """Results by subgroup.

    Attributes
    ----------
    everybody : SubgroupResult
        All patients: the scenario itself.
    subgroups : list of SubgroupResult
        In the order of the scenario, those without evidence too.
    """

    everybody: SubgroupResult
    subgroups: tuple[SubgroupResult, ...]


def record_of(result: SubgroupsResult) -> SubgroupsRecord:
    """Return what results.json holds."""
    return SubgroupsRecord(thresholds_of(result.scenario), result.base, result.everybody, result.subgroups)
