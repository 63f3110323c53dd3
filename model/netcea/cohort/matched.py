"""Mortality of the general population matched to each of several people by age, sex and calendar year.

References
----------
NICE DSU Technical Support Document 21, section 7: expected mortality matched by age, sex and calendar year.
Ederer, Axtell and Cutler (1961), Natl Cancer Inst Monogr 6:101-121: expected survival of a cohort, person by person.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import LifeTable, Sex, cumulative_hazard
from netcea.cohort.mortality_by_year import LifeTablesByYear

LifeTables: TypeAlias = LifeTable | LifeTablesByYear
TOGETHER: Final = 2**21
"""Numbers of an array that are worked on together."""


class People(NamedTuple):
    """Whom the general population is matched to.

    Attributes
    ----------
    age : Array (person,)
        At time 0. [years]
    female : Array (person,)
        1 for a woman, 0 for a man; between them the share of women in a group of people. [share]
    year : Array (person,) or None
        Calendar time at time 0: 2019.5 is the middle of 2019. None where the life table has no years. [year]
    """

    age: Array
    female: Array
    year: Array | None = None


class Expected(NamedTuple):
    """Mortality at a time of each person.

    Attributes
    ----------
    hazard : Array (person,)
        Of those like them who are alive then. [per year]
    cumulative : Array (person,)
        Until then. [1]
    """

    hazard: Array
    cumulative: Array


def expected_at(life_table: LifeTables, people: People, years: Array) -> Expected:
    """Hazard and cumulative hazard of the general population like each person, at a time of each.

    Parameters
    ----------
    life_table : LifeTable or LifeTablesByYear
        Of the general population.
    people : People
        At time 0.
    years : Array (person,)
        Since time 0, not negative. [years]

    Returns
    -------
    Expected
        Hazards hold from one birthday to the next, and from one new year to the next where there are years.

    Notes
    -----
    Of a group with a share p of women S = p S_female + (1 - p) S_male, and its hazard is that of those still alive.
    Before the first age and year of a table its first hazards hold, after the last its last.

    Examples
    --------
    A man of 60.5 until 61.5: half a year at each age.

    >>> table = LifeTable.from_columns([60, 61], [0.5, 0.75], [0.0, 0.0])
    >>> found = expected_at(table, People(np.array([60.5]), np.array([0.0])), np.array([1.0]))
    >>> found.hazard.round(6).tolist(), np.exp(-2.0 * found.cumulative).round(6).tolist()  # log 4; 1/2 x 1/4
    ([1.386294], [0.125])
    """
    with np.errstate(divide="ignore"):
        shares = {"female": np.log(people.female), "male": np.log1p(-people.female)}
    sexes: tuple[Sex, ...] = ("female", "male")
    alive = [shares[sex] - _risen(life_table, sex, people, np.zeros_like(years), years) for sex in sexes]
    hazards = [_hazard(life_table, sex, people, years) for sex in sexes]
    cumulative = -np.logaddexp(*alive)
    weights = [np.exp(log + cumulative) for log in alive]
    hazard = sum((w * h for w, h in zip(weights, hazards, strict=True)), np.zeros_like(years))
    return Expected(hazard, np.maximum(cumulative, 0.0))


def expected_survival(life_table: LifeTables, people: People, weights: Array, edges: Array) -> Array:
    """Survival that is expected of all of them together at times since time 0, were they the general population.

    Parameters
    ----------
    life_table : LifeTable or LifeTablesByYear
        Of the general population.
    people : People
        At time 0.
    weights : Array (person,)
        Of each. [people]
    edges : Array (time,)
        Rising from 0. [years]

    Returns
    -------
    Array (time,)
        The weighted average over people of each one's S (the first method of Ederer). [share]

    Examples
    --------
    Half die in each year of one, none of the other: 1, (1/2 + 1) / 2.

    >>> table, both = LifeTable.from_columns([60], [0.5], [0.0]), People(np.array([60.0, 60.0]), np.array([0.0, 1.0]))
    >>> expected_survival(table, both, np.ones(2), np.array([0.0, 1.0])).round(6).tolist()
    [1.0, 0.75]
    """
    columns = [people.age, people.female, np.zeros_like(people.age) if people.year is None else people.year]
    distinct, which = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    of = np.bincount(which.reshape(-1), weights=weights, minlength=len(distinct))
    total = np.zeros(len(edges))
    for part in _parts(len(distinct), len(edges)):
        some = distinct[part]
        year = None if people.year is None else some[:, 2:]
        alive = _alive(life_table, People(some[:, :1], some[:, 1:2], year), edges)
        total += of[part] @ alive
    return np.asarray(total / of.sum(), dtype=np.float64)


def _parts(people: int, times: int) -> Iterator[slice]:
    """Yield people who are worked on together."""
    together = max(1, TOGETHER // max(times, 1))
    for start in range(0, people, together):
        yield slice(start, start + together)


def _alive(life_table: LifeTables, people: People, edges: Array) -> Array:
    """Return the survival of each person at times, Array (person, time); people are Array (person, 1)."""
    alive = np.zeros((len(people.age), len(edges)))
    sexes: tuple[tuple[Sex, Array], ...] = (("female", people.female), ("male", 1.0 - people.female))
    for sex, share in sexes:
        rises = _risen(life_table, sex, people, edges[np.newaxis, :-1], edges[np.newaxis, 1:])
        alive[:, :1] += share
        alive[:, 1:] += share * np.exp(-np.cumsum(rises, axis=1))
    return alive


def _hazard(life_table: LifeTables, sex: Sex, people: People, t: Array) -> Array:
    """Return the hazard of a sex at times since the start; at a birthday or a new year that of what begins."""
    table = life_table if isinstance(life_table, LifeTable) else life_table.tables[0]
    row = np.clip(np.floor(people.age + t - table.age[0]), 0, len(table.age) - 1).astype(np.intp)
    if isinstance(life_table, LifeTable):
        return np.asarray(life_table.hazard(sex)[row])
    since = _calendar(people) + t - life_table.years[0]
    return np.asarray(life_table.hazards(sex)[np.clip(np.floor(since), 0, len(life_table.years) - 1).astype(int), row])


def _risen(life_table: LifeTables, sex: Sex, people: People, start: Array, end: Array) -> Array:
    """Return by how much a sex's cumulative hazard rises between times; shapes broadcast."""
    if isinstance(life_table, LifeTable):
        return cumulative_hazard(life_table, sex, people.age + start, end - start)
    shape = np.broadcast_shapes(people.age.shape, start.shape)
    ends = [np.broadcast_to(start, shape), np.broadcast_to(end, shape)]
    cuts, longest = list(ends), int(np.ceil(np.max(end - start, initial=0.0)))
    for clock in (people.age, _calendar(people)):
        first = np.floor(clock + start) + 1.0 - clock
        cuts += [np.clip(np.broadcast_to(first + k, shape), *ends) for k in range(longest + 1)]
    at = np.sort(np.array(cuts), axis=0)
    rise = np.zeros(shape)
    for low, high in pairwise(at):
        rise += (high - low) * _hazard(life_table, sex, people, (low + high) / 2.0)
    return rise


def _calendar(people: People) -> Array:
    """Return calendar time at time 0 [year]; refuse people without one."""
    if people.year is None:
        raise ValueError("expected the calendar year of each person, because the life table has years")
    return people.year
