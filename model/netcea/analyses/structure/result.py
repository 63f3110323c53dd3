"""The result of the structural cross-check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netcea.analyses.analysis import Result
from netcea.analyses.shared.effects import Effect
from netcea.arrays import Array
from netcea.decision.incremental import Label
from netcea.scenario.options import StructureOptions
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class StrategyInModel:
    """A strategy in one model.

    Attributes
    ----------
    strategy : str
    progression_free_years, progressed_years, life_years : float
        Undiscounted. [years]
    at_two_years, at_five_years : float or None
        Alive; None beyond the horizon. [share]
    costs, qalys : float
        Discounted. [GBP], [QALYs]
    observed_life_years, observed_qalys : float or None
        Of `life_years` and `qalys`, before the end of follow-up; None where it is not said.
    """

    strategy: str
    progression_free_years: float
    progressed_years: float
    life_years: float
    at_two_years: float | None
    at_five_years: float | None
    costs: float
    qalys: float
    observed_life_years: float | None
    observed_qalys: float | None


@dataclass(frozen=True)
class StructureModel:
    """One model of the scenario's inputs.

    Attributes
    ----------
    name : str
        'partitioned_survival', 'clock_forward' ...
    label : str
    assumes : str
        Of mortality after progression.
    incremental_life_years : float
        Discounted; intervention against comparator. [years]
    effect : Effect
    strategies : tuple of StrategyInModel
    """

    name: str
    label: str
    assumes: str
    incremental_life_years: float
    effect: Effect
    strategies: tuple[StrategyInModel, ...]

    def of(self, strategy: str) -> StrategyInModel:
        """Return a strategy in this model."""
        return next(one for one in self.strategies if one.strategy == strategy)


@dataclass(frozen=True)
class MortalityAt:
    """Mortality after progression at a time since the start.

    Attributes
    ----------
    years : float
    population : float
        Of the general population of that age and sexes. [per year]
    implied : mapping of strategy -> float or None
        What partitioned survival implies; None where nobody is progressed. [per year]
    progressed : mapping of strategy -> float
        Share of the cohort at the end of that cycle. [share]
    """

    years: float
    population: float
    implied: Mapping[str, float | None]
    progressed: Mapping[str, float]


@dataclass(frozen=True)
class QalyPart:
    """A part of the QALYs that the intervention gains over the comparator, by partitioned survival.

    Attributes
    ----------
    name : str
    label : str
    observed, extrapolated : float or None
        Before and after the end of follow-up; None where it is not said. [QALYs], discounted
    total : float
        [QALYs], discounted
    """

    name: str
    label: str
    observed: float | None
    extrapolated: float | None
    total: float


@dataclass(frozen=True)
class Remedy:
    """A way of dealing with draws in which PFS is above OS, over the same random numbers.

    Attributes
    ----------
    name : str
    label : str
    draws : int
    crossing : mapping of strategy -> float
        Draws in which its PFS is above its OS at the end of a cycle. [share]
    crossing_early : mapping of strategy -> float
        Draws in which that first happens within three months. [share]
    life_years_capped : mapping of strategy -> float
        Mean of what the cap takes from PF, undiscounted. [years]
    incremental_costs, incremental_qalys : float
        Means. [GBP], [QALYs]
    qalys_low, qalys_high : float
        2.5% and 97.5% quantiles of incremental QALYs. [QALYs]
    icer : float or None
        Of the means. [GBP/QALY]
    icer_label : str
    nhb, weighted_nhb : tuple of float
        Mean incremental net health benefit at each threshold, rising. [QALYs]
    """

    name: str
    label: str
    draws: int
    crossing: Mapping[str, float]
    crossing_early: Mapping[str, float]
    life_years_capped: Mapping[str, float]
    incremental_costs: float
    incremental_qalys: float
    qalys_low: float
    qalys_high: float
    icer: float | None
    icer_label: Label
    nhb: tuple[float, ...]
    weighted_nhb: tuple[float, ...]


@dataclass(frozen=True)
class Courses:
    """What the figures draw, at the point estimates.

    Attributes
    ----------
    edges : Array (N + 1,)
        [years]
    alive, progressed : mapping of (model, strategy) -> Array (N + 1,)
        [share]
    implied : mapping of strategy -> Array (N,)
        Mortality after progression in partitioned survival. [per year]
    population : Array (N,)
        [per year]
    constant : float
        Of clock-reset with an exponential. [per year]
    """

    edges: Array
    alive: Mapping[tuple[str, str], Array]
    progressed: Mapping[tuple[str, str], Array]
    implied: Mapping[str, Array]
    population: Array
    constant: float


@dataclass(frozen=True)
class Compared:
    """Everything at the point estimates.

    Attributes
    ----------
    models : tuple of StructureModel
        Partitioned survival first.
    mortality : tuple of MortalityAt
    parts : tuple of QalyPart
        They add up to the incremental QALYs.
    courses : Courses
    follow_up_years : float or None
    parameters : mapping of name -> float
        Of clock-reset: constant hazard [per year], shape, scale [years]; cycles in which a hazard was held or floored.
    """

    models: tuple[StructureModel, ...]
    mortality: tuple[MortalityAt, ...]
    parts: tuple[QalyPart, ...]
    courses: Courses
    follow_up_years: float | None
    parameters: Mapping[str, float]


@dataclass(frozen=True, repr=False)
class StructureResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : StructureOptions
    compared : Compared
    remedies : tuple of Remedy
        Of crossing; empty where no draws were asked for.
    """

    scenario: Scenario
    options: StructureOptions
    compared: Compared
    remedies: tuple[Remedy, ...]

    @property
    def base(self) -> Effect:
        """Of partitioned survival."""
        return self.compared.models[0].effect
