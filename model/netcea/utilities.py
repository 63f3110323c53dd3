"""Utilities: by state, by state and treatment, or by time to death; age-adjusted and never above the norm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Self

import numpy as np
from pydantic import model_validator

from netcea.addresses import Duration, UtilityValue
from netcea.arrays import Array
from netcea.quantities import Block

if TYPE_CHECKING:
    from netcea.exposure import Exposure
    from netcea.plan import Discounted


class TimeToDeathBand(Block):
    """A utility for those who will die within a time."""

    within: Duration
    """Upper end of the band: time to death."""
    utility: UtilityValue


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
        return self


STATES: Final = ("progression_free", "progressed")


@dataclass(frozen=True)
class Gain:
    """QALYs of one state.

    Attributes
    ----------
    discounted, undiscounted : Array (draw,) or (1,)
    per_cycle : callable () -> (discounted, undiscounted), each Array (draw, N)
    """

    discounted: Array
    undiscounted: Array
    per_cycle: Callable[[], tuple[Array, Array]]


def qalys(utilities: Utilities, exposure: Exposure) -> dict[str, Gain]:
    """Return the QALYs of each state, before adverse events.

    Age-adjusted, u(t) = norm(t) min(u / norm(anchor), 1): a level for each draw times a profile over time. The
    minimum keeps u(t) from exceeding the norm.
    """
    if utilities.by == "time_to_death":
        return _by_time_to_death(utilities, exposure)
    treated = {state: (on, until) for state, on, until in exposure.occupied("on_treatment")}
    gains = {}
    for state in STATES:
        on_level, off_level = (_level(u, utilities, exposure) for u in _utilities_of(state, utilities, exposure))
        everyone = _state_occupancy(state, exposure)
        parts: list[tuple[Array, Array, Array | None]] = [(off_level, everyone, None)]
        if state in treated and not np.array_equal(on_level, off_level):
            on, until = treated[state]
            parts.append((on_level - off_level, on, until))
        gains[state] = _sum_of(parts, exposure)
    return gains


def _utilities_of(state: str, utilities: Utilities, exposure: Exposure) -> tuple[Array, Array]:
    """Return the utility on and off treatment, Array (draw,) or (1,)."""
    value = exposure.value
    free = value(utilities.progression_free)
    if state == "progression_free":
        base, off = free, utilities.off_treatment_progression_free
    else:
        progressed = utilities.progressed
        base = free - value(utilities.decrement_on_progression) if progressed is None else value(progressed)
        off = utilities.off_treatment_progressed
    on = base - value(utilities.on_treatment_disutility, 0.0)
    return on, base if off is None else value(off)


def _level(utility: Array, utilities: Utilities, exposure: Exposure) -> Array:
    """Return what multiplies the norm's profile: min(u / norm(anchor), 1); the utility itself without adjustment."""
    norms = exposure.plan.scenario.norms
    if norms is None:
        return utility
    population = exposure.plan.scenario.file.population
    age = exposure.value(utilities.anchor_age or population.start_age)
    anchor = norms.at(age, exposure.value(population.proportion_female))
    return np.minimum(utility / anchor, 1.0)


def _state_occupancy(state: str, exposure: Exposure) -> Array:
    states = exposure.occupancy
    return states.progression_free if state == "progression_free" else states.progressed


def _sum_of(parts: list[tuple[Array, Array, Array | None]], exposure: Exposure) -> Gain:
    """Return sum of level x norm-weighted person-time."""
    plan = exposure.plan
    norm = plan.norm(exposure.draws)

    def total(discounted: Discounted) -> Array:
        return np.asarray(
            sum(
                level * np.vecdot(occupied, plan.profile_weights(discounted, norm, until))
                for level, occupied, until in parts
            ),
            dtype=np.float64,
        )

    def per_cycle() -> tuple[Array, Array]:
        undiscounted = np.zeros((1, plan.time.n_cycles))
        for level, occupied, until in parts:
            time = plan.person_time(occupied)
            if until is not None:
                time = time * plan.window(None, until)
            undiscounted = undiscounted + level[:, np.newaxis] * time * (1.0 if norm is None else norm)
        return undiscounted * plan.discount["qalys"], undiscounted

    return Gain(total("qalys"), total("no"), per_cycle)


def _by_time_to_death(utilities: Utilities, exposure: Exposure) -> dict[str, Gain]:
    """Return QALYs by time to death, shared between the states as the living are.

    Of those alive at t, S(t + a) - S(t + b) will die between a and b from then. S is log-linear between the edges;
    after the horizon the last cycle's hazard goes on.
    """
    alive, curves, strategy = exposure.occupancy.alive, exposure.curves, f"strategies.{exposure.strategy}"
    hazard = curves.hazard_at_edges(f"{strategy}.os")
    if exposure.plan.scenario.file.settings.crossing == "raise_os":
        hazard = np.minimum(hazard, curves.hazard_at_edges(f"{strategy}.pfs"))
    value = exposure.value
    mean = np.zeros_like(alive)
    later = alive
    for band in utilities.bands or []:
        shifted = curves.shifted_survival(hazard, value(band.within))
        mean = mean + _level(value(band.utility), utilities, exposure)[:, np.newaxis] * (later - shifted)
        later = shifted
    mean = mean + _level(value(utilities.beyond), utilities, exposure)[:, np.newaxis] * later
    mean = np.divide(mean, alive, out=np.zeros_like(mean), where=alive > 0.0)
    one = np.ones(1)
    gains = {}
    for state in STATES:
        occupied = _state_occupancy(state, exposure)
        gains[state] = _sum_of([(one, occupied * mean, None)], exposure)
    return gains
