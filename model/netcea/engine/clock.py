"""Edges, weights and discount factors, which scenarios with the same settings and population share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.cohort.timeline import (
    Discounting,
    HalfCycleCorrection,
    Steps,
    Timeline,
    cycle_discount,
    edge_weights,
    person_time_weights,
    timeline,
)
from netcea.engine.kept import Kept
from netcea.survival.moments import Moments

Discounted: TypeAlias = Literal["costs", "qalys", "no"]
"""By which rate, or not at all."""
MOST_CLOCKS: Final = 8
"""Settings and populations of which the weights are kept."""
MOST_ARRAYS: Final = 64
"""Arrays (N,) that are kept of each: in cycles of a day over 40 years 7 MB."""


class Dispensings(NamedTuple):
    """When packs are dispensed.

    Attributes
    ----------
    moments : Moments
    discount : Array (moments,)
        Discount factors, with the rate of costs.
    both : Array (2, moments)
        The same, and 1 for what is not discounted.
    """

    moments: Moments
    discount: Array
    both: Array


class Clock(NamedTuple):
    """What a grid has in common with those of other scenarios.

    Attributes
    ----------
    time : Timeline
    start_weight, end_weight : Array (N,)
        Of the cycles' two ends. [years]
    discount : mapping of 'costs', 'qalys', 'no' -> Array (N,)
        Discount factor of each cycle.
    edge_weights : mapping of 'costs', 'qalys', 'no' -> Array (N + 1,)
        [years]
    arrays : Kept of Array
        Of the population, of windows and profiles, when they were first needed.
    dispensings : Kept of Dispensings
    """

    time: Timeline
    start_weight: Array
    end_weight: Array
    discount: Mapping[Discounted, Array]
    edge_weights: Mapping[Discounted, Array]
    arrays: Kept[Array]
    dispensings: Kept[Dispensings]


@lru_cache(maxsize=MOST_CLOCKS)
def clock_of(
    horizon_years: float,
    cycle_days: float,
    correction: HalfCycleCorrection,
    discounting: Discounting,
    costs: float | Steps,
    qalys: float | Steps,
    life_table: LifeTable,  # noqa: ARG001 - what is kept depends on it
    norms: UtilityNorms | None,  # noqa: ARG001 - and on these
) -> Clock:
    """Return what depends on settings and population alone: worked out once, as scenarios of one run mostly share them.

    Parameters
    ----------
    horizon_years : float
        [years]
    cycle_days : float
        [days]
    correction : {'trapezium', 'start', 'end'}
        Half-cycle correction.
    discounting : {'mid_cycle', 'cycle_start', 'annual'}
        Its convention.
    costs, qalys : float, or tuple of (year from which, rate)
        Discount rates. [per year]
    life_table : LifeTable
        Of the population.
    norms : UtilityNorms or None
        Of the population; None without age adjustment.

    Returns
    -------
    Clock
        The same one for the same settings and population, as long as it is kept.

    Examples
    --------
    >>> from netcea import load
    >>> from netcea.engine.grid import Grid
    >>> base = load("pnet")
    >>> other = base.related.changed({"utilities.age_adjustment": "multiplicative"})
    >>> Grid.of(base).time is Grid.of(other).time
    True
    """
    time = timeline(horizon_years, cycle_days)
    start, end = person_time_weights(time, correction)
    factors = {rate: cycle_discount(time, rate, discounting) for rate in {costs, qalys}}
    weights = {rate: edge_weights(start, end, factor) for rate, factor in factors.items()}
    no = np.ones(time.n_cycles)
    return Clock(
        time,
        start,
        end,
        {"costs": factors[costs], "qalys": factors[qalys], "no": no},
        {"costs": weights[costs], "qalys": weights[qalys], "no": edge_weights(start, end, no)},
        Kept(MOST_ARRAYS),
        Kept(MOST_ARRAYS),
    )
