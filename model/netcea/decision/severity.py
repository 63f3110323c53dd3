"""The severity modifier: QALY shortfall against the general population, and the weight it brings.

References
----------
NICE health technology evaluations: the manual (PMG36), 6.2.12-21. NICE DSU Technical Support Document 23.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.cohort.mortality import LifeTable, population_cumulative_hazard
from netcea.cohort.norms import UtilityNorms, norm_profile
from netcea.cohort.timeline import (
    Discounting,
    HalfCycleCorrection,
    Steps,
    cycle_discount,
    edge_weights,
    person_time_weights,
    timeline,
)
from netcea.plain_number import read
from netcea.scenario.method_pack import SeverityRules

OLDEST: Final = 110.0
"""Age at which the general population's QALYs end. [years]"""
ON_THE_BOUNDARY: Final = 4.0 * float(np.finfo(np.float64).eps)
"""Nearer than this below a cut-off (times the general population's QALYs, or times 1) a shortfall is exactly
on it: as much as rounding of two QALY totals and their difference can take, a few units in the last place."""


@dataclass(frozen=True)
class Shortfall:
    """QALY shortfall of established practice, and the severity weight.

    Attributes
    ----------
    qalys_general_population, qalys_current_care : float
        Discounted. [QALYs]
    absolute_shortfall : float
        General population minus current care; negative where current care yields more. [QALYs]
    proportional_shortfall : float
        Absolute shortfall / general population. [share]
    weight_absolute, weight_proportional : float
        By each rule alone. [1]
    severity_weight : float
        The higher of the two. [1]
    next_boundary : str
        The nearest cut-off in words: the one that the smaller change of current-care QALYs would reach.
    distance_absolute, distance_proportional : float
        From the shortfall to the nearest cut-off of each rule (negative: the cut-off lies below). [QALYs],
        [share]
    qalys_for_higher_weight : float or None
        Current-care QALYs at which, and below which, the weight is higher; None under the highest weight. [QALYs]
    qalys_for_lower_weight : float or None
        Current-care QALYs above which the weight is lower; None under the lowest weight. [QALYs]
    """

    qalys_general_population: float
    qalys_current_care: float
    absolute_shortfall: float
    proportional_shortfall: float
    weight_absolute: float
    weight_proportional: float
    severity_weight: float
    next_boundary: str
    distance_absolute: float
    distance_proportional: float
    qalys_for_higher_weight: float | None
    qalys_for_lower_weight: float | None


def severity_weight(general_population: ArrayLike, current_care: ArrayLike, rules: SeverityRules) -> Array:
    """Severity weight of each draw: the higher of the weights by absolute and by proportional shortfall.

    Parameters
    ----------
    general_population : float or Array (draw,)
        Discounted QALYs without the condition, above 0. [QALYs]
    current_care : float or Array (draw,)
        Discounted QALYs with the condition under established practice. [QALYs]
    rules : SeverityRules
        Cut-offs and weights: ``severity`` of a method pack.

    Returns
    -------
    Array (draw,), or () of two floats
        What incremental QALYs are multiplied by. [1]

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 6.2.12-21; exactly on a cut-off the higher weight, 6.2.18.

    Examples
    --------
    >>> rules = SeverityRules((12.0, 18.0), (0.85, 0.95), (1.0, 1.2, 1.7))
    >>> severity_weight(10.0, [1.6, 1.5, 0.5], rules).tolist()  # shortfalls of 84%, 85%, 95%
    [1.0, 1.2, 1.7]
    """
    by_absolute, by_proportional = _weights(general_population, current_care, rules)
    return np.maximum(by_absolute, by_proportional)


def shortfall(general_population: float, current_care: float, rules: SeverityRules) -> Shortfall:
    """QALY shortfall of established practice, its severity weight, and how far that is from another.

    Parameters
    ----------
    general_population : float
        Discounted QALYs without the condition, above 0. [QALYs]
    current_care : float
        Discounted QALYs with the condition under established practice. [QALYs]
    rules : SeverityRules
        Cut-offs and weights: ``severity`` of a method pack.

    Returns
    -------
    Shortfall
        In QALYs and as a share.

    Raises
    ------
    ValueError
        When the general population has no QALYs to lose.

    Notes
    -----
    absolute = Q_pop - Q_current; proportional = absolute / Q_pop; the weight is the higher of both rules, and
    exactly on a cut-off the higher weight. Cut-off k is met while Q_current is at most
    max(Q_pop - absolute_k, Q_pop (1 - proportional_k)).

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 6.2.13-14 (shortfalls), 6.2.18 (cut-offs). NICE DSU
    Technical Support Document 23.

    Examples
    --------
    >>> rules = SeverityRules((12.0, 18.0), (0.85, 0.95), (1.0, 1.2, 1.7))
    >>> found = shortfall(10.0, 1.5, rules)
    >>> found.absolute_shortfall, found.proportional_shortfall, found.severity_weight
    (8.5, 0.85, 1.2)
    >>> found.next_boundary, found.qalys_for_higher_weight, found.qalys_for_lower_weight
    ('proportional shortfall 0.85', 0.5, 1.5)
    """
    if not general_population > 0.0:
        raise ValueError(f"found {general_population} QALYs of the general population; expected more than 0")
    absolute = general_population - current_care
    by_absolute, by_proportional = (float(w) for w in _weights(general_population, current_care, rules))
    weight = max(by_absolute, by_proportional)
    level = rules.weights.index(weight)
    flips = [
        max(general_population - a, general_population - general_population * p)
        for a, p in zip(rules.absolute, rules.proportional, strict=True)
    ]
    nearest_absolute = min(rules.absolute, key=lambda cut: abs(cut - absolute))
    proportional = absolute / general_population
    nearest_proportional = min(rules.proportional, key=lambda cut: abs(cut - proportional))
    to_absolute, to_proportional = nearest_absolute - absolute, nearest_proportional - proportional
    return Shortfall(
        qalys_general_population=general_population,
        qalys_current_care=current_care,
        absolute_shortfall=absolute,
        proportional_shortfall=proportional,
        weight_absolute=by_absolute,
        weight_proportional=by_proportional,
        severity_weight=weight,
        next_boundary=(
            f"proportional shortfall {read(nearest_proportional)}"
            if abs(to_proportional) * general_population < abs(to_absolute)
            else f"absolute shortfall {read(nearest_absolute)} QALYs"
        ),
        distance_absolute=to_absolute,
        distance_proportional=to_proportional,
        qalys_for_higher_weight=flips[level] if level < len(flips) else None,
        qalys_for_lower_weight=flips[level - 1] if level > 0 else None,
    )


def general_population(
    life_table: LifeTable,
    norms: UtilityNorms,
    start_ages: Sequence[tuple[float, float]],
    proportion_female: float,
    cycle_days: float,
    half_cycle_correction: HalfCycleCorrection,
    discounting: Discounting,
    discount_rate: float | Steps,
) -> tuple[float, float]:
    """Discounted QALYs and life years of people of the cohort's ages and sexes without the condition.

    For each age, on the model's own cycles until age 110, with the model's half-cycle correction and discounting; then
    averaged. QALYs at a mean age are not the mean of QALYs over ages. The sexes' shares change as men die first, in
    survival and in norms, by the profile that state utilities are adjusted along (`netcea.cohort.norms.norm_profile`).

    Parameters
    ----------
    life_table : LifeTable
        Probability of dying within a year of age, by sex.
    norms : UtilityNorms
        Utility of the general population, by age and sex.
    start_ages : sequence of (age, weight)
        Below 110 [years]; weights are relative. One age: ``[(60.0, 1.0)]``.
    proportion_female : float
        0 to 1. [share]
    cycle_days : float
        Length of a cycle, above 0. [days]
    half_cycle_correction : {'trapezium', 'start', 'end'}
        How person-time in a cycle is counted.
    discounting : {'mid_cycle', 'cycle_start', 'annual'}
        The moment of a cycle from which it is discounted.
    discount_rate : float, or steps
        From 0; as `netcea.cohort.timeline.cycle_discount` takes it. [per year]

    Returns
    -------
    qalys : float
        Per person. [QALYs]
    life_years : float
        Per person. [years]

    Raises
    ------
    ValueError
        Unless every age is below 110 and the weights add up to more than 0.

    Notes
    -----
    Q = sum over ages a (weight w_a) of w_a sum_i v_i n_i(a) L_i, with v_i the discount factor of cycle i, its
    person-time L_i = sum over sexes s (share p_s) of p_s L_is, and its norm n_i(a) = sum of p_s L_is norm_s(a + t_i-1)
    over L_i, at ages in completed years. That is the mean over the sexes of each sex's QALYs.

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 6.2.14 (the same age and sex distribution).

    Examples
    --------
    Nobody dies, utility 0.5, no discounting, from 60 to 110:

    >>> table = LifeTable.from_columns([0], [0.0], [0.0])
    >>> norms = UtilityNorms.from_columns([16], [0.5], [0.5])
    >>> found = general_population(table, norms, [(60.0, 1.0)], 0.45, 28.0, "trapezium", "mid_cycle", 0.0)
    >>> [round(x, 9) for x in found]
    [25.0, 50.0]
    """
    total = sum(weight for _, weight in start_ages)
    if not total > 0.0 or any(age >= OLDEST for age, _ in start_ages):
        raise ValueError(
            f"found ages and weights {list(start_ages)}; expected ages below {read(OLDEST)}, weights above 0"
        )
    qalys = years = 0.0
    for age, weight in start_ages:
        time = timeline(OLDEST - age, cycle_days)
        weights = person_time_weights(time, half_cycle_correction)
        discount = cycle_discount(time, discount_rate, discounting)
        alive = np.exp(-population_cumulative_hazard(life_table, age, proportion_female, time.edges)[0])
        norm = norm_profile(norms, life_table, age, proportion_female, time.edges, weights)[0]
        qalys += weight / total * float(np.vecdot(alive, edge_weights(*weights, norm * discount)))
        years += weight / total * float(np.vecdot(alive, edge_weights(*weights, discount)))
    return qalys, years


def _weights(general_population: ArrayLike, current_care: ArrayLike, rules: SeverityRules) -> tuple[Array, Array]:
    """Return the weights by absolute and by proportional shortfall."""
    general, current = np.asarray(general_population, dtype=np.float64), np.asarray(current_care, dtype=np.float64)
    absolute = np.asarray(general - current, dtype=np.float64)
    weights = np.array(rules.weights)
    return (
        weights[np.searchsorted(rules.absolute, absolute + ON_THE_BOUNDARY * general, side="right")],
        weights[np.searchsorted(rules.proportional, absolute / general + ON_THE_BOUNDARY, side="right")],
    )
