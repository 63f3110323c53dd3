"""What an analysis of severity hands to reporting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from netcea.analyses.analysis import Result
from netcea.analyses.shared.effects import Effect
from netcea.analyses.threshold.result import PriceStatus
from netcea.cohort.timeline import Discounting
from netcea.decision.severity import Shortfall
from netcea.sampling.held import HeldDraws
from netcea.scenario.options import SeverityOptions
from netcea.scenario.scenario import Scenario

Moved: TypeAlias = Literal["age at the start", "mean age at the start", "QALYs of established practice"]


@dataclass(frozen=True)
class Choice:
    """The severity weight under one choice of established practice, discounting and ages.

    Attributes
    ----------
    established_practice : str
        Strategy against which severity is measured.
    discounting : {'mid_cycle', 'cycle_start', 'annual'}
    ages : str
        Distribution of ages over which QALYs of the general population are averaged.
    mean_age : float
        [years]
    shortfall : Shortfall
        Of established practice as the model has it, at the mean age of the cohort.
    qalys_over_ages : float
        Of established practice, the model run at every age and averaged. [QALYs]
    weight_over_ages : float
        By those QALYs.
    effect : Effect
        Intervention against comparator, with this weight.
    probabilities : tuple of float
        Of each weight of the method pack, over the draws; empty without draws. [share]
    is_base : bool
        Whether it is the scenario's own choice.
    """

    established_practice: str
    discounting: Discounting
    ages: str
    mean_age: float
    shortfall: Shortfall
    qalys_over_ages: float
    weight_over_ages: float
    effect: Effect
    probabilities: tuple[float, ...]
    is_base: bool


@dataclass(frozen=True)
class Flip:
    """Where the severity weight changes.

    Attributes
    ----------
    moved : {'age at the start', 'mean age at the start', 'QALYs of established practice'}
    established_practice : str
    discounting : {'mid_cycle', 'cycle_start', 'annual'}
    flips_at, standing : float
        Where the weight changes, and the scenario's own value. [years], or [QALYs]
    cut_off : str
        The cut-off that is met there, in words.
    below, above : Effect
        Next to it. Of an age: the model run there. Of QALYs: the increments of the point estimates with either weight.
    ages : str
        Distribution of ages whose mean moves; empty where all patients are of one age.
    """

    moved: Moved
    established_practice: str
    discounting: Discounting
    flips_at: float
    standing: float
    cut_off: str
    below: Effect
    above: Effect
    ages: str = ""


@dataclass(frozen=True)
class AtAge:
    """Shortfall of a strategy as established practice in a cohort of one age.

    Attributes
    ----------
    established_practice : str
    age : float
        [years]
    qalys_general_population, qalys_current_care : float
        Discounted. [QALYs]
    absolute_shortfall : float
        [QALYs]
    proportional_shortfall : float
        [share]
    severity_weight : float
    """

    established_practice: str
    age: float
    qalys_general_population: float
    qalys_current_care: float
    absolute_shortfall: float
    proportional_shortfall: float
    severity_weight: float


@dataclass(frozen=True)
class PriceUnderWeight:
    """The price at which the ICER meets a threshold under one severity weight.

    Attributes
    ----------
    drug : str
        Label.
    threshold : float
        [GBP/QALY]
    severity_weight : float
    status : {'solved', 'met at list price', 'not even when free', 'price has no effect'}
    discount : float or None
        On the list price. [share]
    pack_price : float or None
        [GBP]
    nhb_now : float
        Incremental NHB under this weight at the scenario's own price. [QALYs]
    """

    drug: str
    threshold: float
    severity_weight: float
    status: PriceStatus
    discount: float | None
    pack_price: float | None
    nhb_now: float


@dataclass(frozen=True)
class UnderDiscounting:
    """All that is worked out under one discounting convention.

    Attributes
    ----------
    choices : tuple of Choice
    flips : tuple of Flip
        Of the age at the start.
    by_age : tuple of AtAge
        Under the scenario's own convention; else empty.
    held : tuple of HeldDraws
        Draws that were impossible.
    """

    choices: tuple[Choice, ...]
    flips: tuple[Flip, ...]
    by_age: tuple[AtAge, ...]
    held: tuple[HeldDraws, ...]


@dataclass(frozen=True, repr=False)
class SeverityResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : SeverityOptions
    choices : tuple of Choice
        The scenario's own first.
    flips : tuple of Flip
        Of the age at the start, in rising order for each practice and convention; then of QALYs.
    by_age : tuple of AtAge
        From `search_from` to `search_to`, every whole and half year.
    solutions : tuple of PriceUnderWeight
    held : tuple of HeldDraws
        Draws that were impossible where their number is used.
    """

    scenario: Scenario
    options: SeverityOptions
    choices: tuple[Choice, ...]
    flips: tuple[Flip, ...]
    by_age: tuple[AtAge, ...]
    solutions: tuple[PriceUnderWeight, ...]
    held: tuple[HeldDraws, ...] = ()

    @property
    def base(self) -> Choice:
        """The scenario's own choice."""
        return next(choice for choice in self.choices if choice.is_base)

    @property
    def weights(self) -> tuple[float, ...]:
        """Weights of the method pack, rising."""
        return self.scenario.method_pack.severity.weights
