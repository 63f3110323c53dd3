"""The result by subgroup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netcea.analyses.analysis import Result
from netcea.analyses.base_case.result import TotalsRecord
from netcea.analyses.shared.effects import Effect
from netcea.decision.incremental import IncrementalRow
from netcea.scenario.scenario import Scenario
from netcea.scenario.subgroup_options import SubgroupsOptions


@dataclass(frozen=True)
class SubgroupResult:
    """What a subgroup comes to.

    Attributes
    ----------
    subgroup, by : str
        Who they are, and by what patients are told apart.
    patients : float or None
        Of the trials whose figures are its own; None where inputs/ does not say.
    prespecified : str
        Whether the trial's protocol named them: yes, no, not known.
    numbers_by_status : mapping of str -> int
        Status -> how many numbers in use differ from those of all patients.
    same_as_all : str
        What stays that of all patients.
    sets : str
        What is set, or the scenario's file.
    digest : str
        Of the scenario that it is; empty where there is none.
    effect : Effect or None
        None where there is no result.
    strategies : mapping of strategy -> TotalsRecord
    incremental : tuple of IncrementalRow
        Fully incremental analysis, in order of cost.
    gap : str
        Which evidence is missing, where there is no result for that reason.
    fault : str
        Why it could not be run, where it cannot be combined with what was changed.
    """

    subgroup: str
    by: str
    patients: float | None = None
    prespecified: str = ""
    numbers_by_status: Mapping[str, int] = field(default_factory=dict)
    same_as_all: str = ""
    sets: str = ""
    digest: str = ""
    effect: Effect | None = None
    strategies: Mapping[str, TotalsRecord] = field(default_factory=dict)
    incremental: tuple[IncrementalRow, ...] = ()
    gap: str = ""
    fault: str = ""

    @property
    def evidence(self) -> str:
        """What it rests on, in words."""
        if self.gap:
            return "none: an unverified gap"
        return ", ".join(f"{count} {status}" for status, count in self.numbers_by_status.items())


@dataclass(frozen=True, repr=False)
class SubgroupsResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : SubgroupsOptions
    everybody : SubgroupResult
        All patients: the scenario itself.
    subgroups : tuple of SubgroupResult
        In the order of the scenario.
    """

    scenario: Scenario
    options: SubgroupsOptions
    everybody: SubgroupResult
    subgroups: tuple[SubgroupResult, ...]

    @property
    def rows(self) -> tuple[SubgroupResult, ...]:
        """All patients, then each subgroup."""
        return (self.everybody, *self.subgroups)

    @property
    def base(self) -> Effect:
        """Of all patients."""
        if self.everybody.effect is None:
            raise ValueError("the scenario itself has no result")
        return self.everybody.effect
