"""The result by method of adjusting for switching."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.analysis import Result
from netcea.analyses.shared.effects import Effect
from netcea.scenario.options import SwitchingOptions
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class ControlSurvival:
    """Overall survival of the strategy whose patients switched.

    Attributes
    ----------
    median_os : float or None
        [years]
    at_two_years, at_five_years : float or None
        None beyond the horizon. [share]
    life_years : float
        To the horizon, undiscounted. [years]
    """

    median_os: float | None
    at_two_years: float | None
    at_five_years: float | None
    life_years: float


@dataclass(frozen=True)
class MethodResult:
    """What a method makes of the decision.

    Attributes
    ----------
    method : str
        Its label.
    survival_from : str
        Address, or file, of its survival.
    hazard_ratio : float or None
        Of the intervention without switching. [ratio]
    control : ControlSurvival or None
    effect : Effect or None
        None where it cannot be run.
    fault : str
        Why not.
    """

    method: str
    survival_from: str
    hazard_ratio: float | None
    control: ControlSurvival | None
    effect: Effect | None
    fault: str = ""


@dataclass(frozen=True, repr=False)
class SwitchingResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : SwitchingOptions
    strategy : str
        Whose patients switched.
    observed : MethodResult
        Survival as observed: intention to treat.
    methods : tuple of MethodResult
    """

    scenario: Scenario
    options: SwitchingOptions
    strategy: str
    observed: MethodResult
    methods: tuple[MethodResult, ...]

    @property
    def base(self) -> Effect:
        """Of survival as observed."""
        if self.observed.effect is None:
            raise ValueError("the scenario itself has no result")
        return self.observed.effect
