"""Utilities: by state, by state and treatment, or by time to death; age-adjusted and never above the norm.

References
----------
NICE health technology evaluations: the manual (PMG36), 4.3: EQ-5D of patients, valued by the UK general public.
NICE DSU TSD 12: multiplicative age adjustment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Generic, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from netcea.arrays import Array
from netcea.blocks import Block
from netcea.cohort.exposure import S, S_co, UtilityExposure
from netcea.quantities.addresses import Duration, UtilityValue


class TimeToDeathBand(Block):
    """A utility for those who will die within a time."""

    within: Duration
    """Upper end of the band: time to death."""
    utility: UtilityValue


class ValueSetExemption(Block):
    """A utility that may be of another value set than the others."""

    address: str
    """Of the number in inputs/."""
    reason: Annotated[str, Field(pattern=r"\S")]
    """Why that is acceptable."""


class StrategyUtilities(Block):
    """Utilities that one strategy has in place of those of all."""

    progression_free: UtilityValue | None = None
    progressed: UtilityValue | None = None
    decrement_on_progression: UtilityValue | None = None
    """In place of `progressed`, from the strategy's own utility of progression-free patients."""
    on_treatment_disutility: UtilityValue | None = None
    off_treatment_progression_free: UtilityValue | None = None
    off_treatment_progressed: UtilityValue | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.stated:
            msg = "state at least one utility of the strategy, or leave the strategy out"
            raise ValueError(msg)
        if self.progressed is not None and self.decrement_on_progression is not None:
            msg = "give one of progressed, decrement_on_progression"
            raise ValueError(msg)
        return self

    @property
    def stated(self) -> dict[str, str]:
        """Field -> address of what the strategy states of its own."""
        return {name: address for name in type(self).model_fields if (address := getattr(self, name)) is not None}


class Utilities(Block):
    """The utilities of the model."""

    by: Literal["state", "time_to_death"] = "state"
    progression_free: UtilityValue | None = None
    progressed: UtilityValue | None = None
    decrement_on_progression: UtilityValue | None = None
    """In place of `progressed`: the difference is what is estimated, and is never below 0."""
    on_treatment_disutility: UtilityValue | None = None
    """Lost while on treatment, in either state."""
    off_treatment_progression_free: UtilityValue | None = None
    """Utility of the state off treatment; as `progression_free` when left out."""
    off_treatment_progressed: UtilityValue | None = None
    by_strategy: dict[str, StrategyUtilities] = {}
    """Strategy -> what it has in place of the utilities above; a strategy that is left out has these. Only by state."""
    bands: list[TimeToDeathBand] | None = None
    """time_to_death: bands in rising order; the last utility is `beyond`."""
    beyond: UtilityValue | None = None
    """time_to_death: utility of those further from death than the last band."""
    age_adjustment: Literal["multiplicative", "none"] = "multiplicative"
    """multiplicative: u(t) = u_state norm(age + t) / norm(anchor), never above norm(age + t)."""
    anchor_age: Duration | None = None
    """Mean age in the utility study; the cohort's starting age when left out."""
    value_set: str
    """The value set of the state utilities, such as EQ-5D-3L UK (MVH TTO)."""
    value_set_exemption: str = ""
    """Why norms of another value set are acceptable here (vignettes)."""
    value_set_exemptions: list[ValueSetExemption] = []
    """Single utilities, such as decrements of adverse events, that may be of another value set than `value_set`."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.by == "state":
            if self.progression_free is None:
                msg = "utilities by state need progression_free"
                raise ValueError(msg)
            if (self.progressed is None) == (self.decrement_on_progression is None):
                msg = "give one of progressed, decrement_on_progression"
                raise ValueError(msg)
            if self.bands or self.beyond:
                msg = "bands and beyond go with by: time_to_death"
                raise ValueError(msg)
        elif not self.bands or self.beyond is None:
            msg = "utilities by time to death need bands and beyond"
            raise ValueError(msg)
        elif self.by_strategy:
            msg = "by_strategy goes with by: state"
            raise ValueError(msg)
        return self

    def of(self, strategy: str) -> "Utilities":
        """Return the utilities of one strategy: its own where it states them, else those of all.

        Parameters
        ----------
        strategy : str
            Its name.

        Returns
        -------
        Utilities
            A strategy that states `progressed` has no decrement on progression, and the other way round.

        Examples
        --------
        >>> of_all = {"progression_free": "a.free", "decrement_on_progression": "a.loss", "value_set": "EQ-5D"}
        >>> both = Utilities.model_validate({**of_all, "by_strategy": {"new": {"progressed": "a.later"}}})
        >>> both.of("new").progressed, both.of("new").decrement_on_progression, both.of("old").progressed
        ('a.later', None, None)
        """
        own = self.by_strategy.get(strategy)
        if own is None:
            return self
        update: dict[str, str | None] = dict(own.stated)
        if own.progressed is not None:
            update["decrement_on_progression"] = None
        if own.decrement_on_progression is not None:
            update["progressed"] = None
        return self.model_copy(update=update)


STATES: Final = ("progression_free", "progressed")


@dataclass(frozen=True)
class Gain(Generic[S_co]):
    """QALYs: a utility times person-time in a state.

    Attributes
    ----------
    state : str
    level : Array (draw,) or (1,)
        Utility, over the population's at the anchor age where utilities are age-adjusted.
    stream : Stream
        Person-time, times the population's utility at each age where utilities are age-adjusted. [years]
    """

    state: str
    level: Array
    stream: S_co


def qalys(utilities: Utilities, exposure: UtilityExposure[S]) -> Iterator[Gain[S]]:
    """Yield what QALYs are made of, before adverse events.

    Age-adjusted, u(t) = norm(t) min(u / norm(anchor), 1): a level for each draw times a profile over time. The
    minimum keeps u(t) from exceeding the norm.

    Parameters
    ----------
    utilities : Utilities
        As the scenario has them.
    exposure : UtilityExposure
        Of one strategy.

    Yields
    ------
    Gain
        Level x stream: off treatment for all in a state, and what treatment changes for those on it. [QALYs]
    """

    def level(utility: Array) -> Array:
        return exposure.share_of_norm(utility, utilities.anchor_age)

    if utilities.by == "time_to_death":
        bands = [(exposure.value(b.within), level(exposure.value(b.utility))) for b in utilities.bands or []]
        streams = exposure.time_by_time_to_death(bands, level(exposure.value(utilities.beyond)))
        for state, stream in streams.items():
            yield Gain(state, np.ones(1), stream)
        return
    everyone, treated = exposure.time_at_norm("alive"), None
    for state in STATES:
        on, off = _utilities_of(state, utilities, exposure)
        off_level = level(off)
        on_level = off_level if np.array_equal(on, off) else level(on)
        yield Gain(state, off_level, everyone[state])
        if state in exposure.states("on_treatment") and not np.array_equal(on_level, off_level):
            treated = exposure.time_at_norm("on_treatment") if treated is None else treated
            yield Gain(state, on_level - off_level, treated[state])


def change_on_treatment(state: str, utilities: Utilities, exposure: UtilityExposure[S]) -> Array | None:
    """Return what treatment changes in a state's utility, Array (draw,) or (1,); None where it changes nothing.

    Parameters
    ----------
    state : {'progression_free', 'progressed'}
    utilities : Utilities
        As the scenario has them.
    exposure : UtilityExposure
        Of one strategy.

    Returns
    -------
    Array (draw,) or (1,), or None
        Over the population's utility at the anchor age where utilities are age-adjusted. [utility]

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 4.3: adverse effects of treatment count in health-related
    quality of life, whoever is treated.
    """
    if utilities.by == "time_to_death":
        return None
    on, off = _utilities_of(state, utilities, exposure)
    if np.array_equal(on, off):
        return None
    anchor = utilities.anchor_age
    return exposure.share_of_norm(on, anchor) - exposure.share_of_norm(off, anchor)


def _utilities_of(state: str, utilities: Utilities, exposure: UtilityExposure[S]) -> tuple[Array, Array]:
    """Return a strategy's utility on and off treatment, Array (draw,) or (1,)."""
    value, utilities = exposure.value, utilities.of(exposure.strategy)
    free = value(utilities.progression_free)
    if state == "progression_free":
        base, off = free, utilities.off_treatment_progression_free
    else:
        progressed = utilities.progressed
        base = free - value(utilities.decrement_on_progression) if progressed is None else value(progressed)
        off = utilities.off_treatment_progressed
    on = base - value(utilities.on_treatment_disutility, 0.0)
    return on, base if off is None else value(off)
