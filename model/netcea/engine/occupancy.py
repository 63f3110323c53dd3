"""Partitioned survival: PFS and OS -> health states at the edges, flows in each cycle, and which limits bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array

ROUNDING: Final = 1e-12
"""What a share of the cohort may be below 0 by rounding."""


@dataclass(frozen=True)
class Occupancy:
    """Health states at the edges and flows per cycle, per patient at the start.

    Attributes
    ----------
    alive, progression_free, progressed : Array (draw, N + 1)
        S_OS; min(S_PFS, S_OS); S_OS - progression_free.
    deaths, progressions, deaths_progression_free : Array (draw, N)
        Flows within each cycle; deaths from progressed disease are deaths - deaths_progression_free.
    audit : mapping of name -> Array (draw,)
        What the limits did in each draw; see `partitioned_survival`.

    References
    ----------
    NICE DSU TSD 19: partitioned survival.
    """

    alive: Array
    progression_free: Array
    progressed: Array
    deaths: Array
    progressions: Array
    deaths_progression_free: Array
    audit: Mapping[str, Array]

    @property
    def dead(self) -> Array:
        """Share that has died, 1 - S_OS, Array (draw, N + 1). [share]"""
        return 1.0 - self.alive

    def violations(self) -> Array:
        """Return how many invariants of partitioned survival each draw breaks, Array (draw,): 0 if all is well. [count]

        Everybody is alive at the start; nobody rises from the dead; no state and no flow is negative; no more die
        progression-free than die; nothing is undefined. Rounding of `ROUNDING` is allowed. Who leaves the
        progression-free state is never negative, so that state is smallest at the end.
        """
        last = self.progression_free[:, -1:]
        least = (self.deaths, last, self.progressed, self.progressions, self.deaths_progression_free)
        first = self.alive[:, :1]
        if all(float(x.min()) >= -ROUNDING for x in least) and float(np.abs(first - 1.0).max()) <= ROUNDING:
            return np.zeros(len(self.alive))
        broken = [~(x >= -ROUNDING).all(axis=1) for x in least]
        broken.append(~(np.abs(first - 1.0) <= ROUNDING)[:, 0])
        counted: Array = np.add.reduce(np.broadcast_arrays(*broken), axis=0, dtype=np.float64)
        return counted

    def row(self, i: int) -> Occupancy:
        """Return one draw, as arrays of one row.

        Parameters
        ----------
        i : int
            From 0.

        Returns
        -------
        Occupancy
            Views of its arrays.
        """

        def one(x: Array) -> Array:
            return x[i : i + 1] if len(x) > 1 else x

        return Occupancy(
            one(self.alive),
            one(self.progression_free),
            one(self.progressed),
            one(self.deaths),
            one(self.progressions),
            one(self.deaths_progression_free),
            {name: one(value) for name, value in self.audit.items()},
        )


def partitioned_survival(
    pfs: Array,
    os: Array,
    share_of_pfs_events_that_are_deaths: Array | float,
    population_hazard: Array,
    edges: Array,
    start_weight: Array,
    end_weight: Array,
) -> Occupancy:
    """Partitioned survival: PF = min(S_PFS, S_OS), PD = S_OS - PF, dead = 1 - S_OS; and the flows between them.

    In each cycle, deaths = fall in S_OS; exits = fall in PF; deaths from PF = min(max(share x exits,
    population hazard x PF person-time), exits, deaths), and all exits where PF is capped at OS (S_PFS > S_OS
    at the cycle's end, when nobody is progressed); progressions = exits - deaths from PF.

    Parameters
    ----------
    pfs, os : Array (draw, N + 1) or (1, N + 1)
        Survival at the edges; 1 at the start, not rising.
    share_of_pfs_events_that_are_deaths : float or Array (draw, 1)
        0 to 1
    population_hazard : Array (draw, N) or (1, N)
        Increment of the population's cumulative hazard in each cycle.
    edges : Array (N + 1,)
        [years]
    start_weight, end_weight : Array (N,)
        Of `netcea.cohort.timeline.person_time_weights`. [years]

    Returns
    -------
    Occupancy
        Its `audit` holds, for each of four limits, ``<limit>_cycles`` (number of cycles in which it binds)
        and ``<limit>_first_year`` (start of the first, [years]; inf where it never binds), and
        ``crossing_life_years``:

        - ``crossing``: PF capped at OS at the end of the cycle; ``crossing_life_years`` is the undiscounted
          person-time that S_PFS has above S_OS, which the cap takes from PF
        - ``population_deaths``: the population's hazard asks for more deaths from PF than the share of exits
        - ``deaths_above_exits``: these ask for more deaths than leave PF
        - ``deaths_above_all``: what is asked for is more than all deaths of the cycle

        The last three are counted where PF is not capped.

    Notes
    -----
    Everything is element by element, or summed along one row: a row does not depend on the rows beside it.
    PFS and OS are extrapolated apart, though the same deaths are in both: where the curves cross, PFS is capped and the
    cap is counted, never redrawn (NICE DSU TSD 19).

    Examples
    --------
    >>> pfs, os = np.array([[1.0, 0.5, 0.3]]), np.array([[1.0, 0.8, 0.2]])
    >>> one = np.ones(2)
    >>> states = partitioned_survival(pfs, os, 0.1, np.zeros((1, 2)), np.arange(3.0), one / 2, one / 2)
    >>> states.progression_free.round(12).tolist(), states.progressed.round(12).tolist()
    ([[1.0, 0.5, 0.2]], [[0.0, 0.3, 0.0]])
    >>> states.progressions.round(12).tolist(), states.deaths_progression_free.round(12).tolist()
    ([[0.45, 0.0]], [[0.05, 0.3]])
    >>> states.audit["crossing_cycles"].tolist(), states.audit["crossing_life_years"].round(12).tolist()
    ([1.0], [0.05])
    """
    free = np.minimum(pfs, os)
    progressed = os - free
    deaths, exits = _falls(os), _falls(free)
    asked_by_share = exits * share_of_pfs_events_that_are_deaths
    hazard = population_hazard / np.diff(edges)
    died = _population_deaths(free, _with_zero(hazard * start_weight), _with_zero(hazard * end_weight))
    bound = {"population_deaths": died > asked_by_share}
    died = _in_place(np.maximum, died, asked_by_share)
    bound["deaths_above_exits"] = died > exits
    died = _in_place(np.minimum, died, exits)
    bound["deaths_above_all"] = died > deaths
    died = _in_place(np.minimum, died, deaths)

    crossed = np.broadcast_to(pfs > os, died.shape)
    rows = np.flatnonzero(crossed.any(axis=1))
    if len(rows):
        capped = np.zeros(died.shape, dtype=np.bool_)
        capped[:, :-1] = crossed[:, 1:]
        np.copyto(died, exits, where=capped)
        unbound = ~capped
        for where in bound.values():
            np.logical_and(where, unbound, out=where)
    bound["crossing"] = crossed[:, 1:]

    audit: dict[str, Array] = {}
    for name, where in bound.items():
        audit[f"{name}_cycles"], audit[f"{name}_first_year"] = _count_and_first(where, edges)
    audit["crossing_life_years"] = np.zeros(len(died))
    if len(rows):
        over = np.broadcast_to(pfs, died.shape)[rows] - np.broadcast_to(free, died.shape)[rows]
        audit["crossing_life_years"][rows] = _person_time(over, start_weight, end_weight)
    progressions = _in_place(np.subtract, exits, died)
    return Occupancy(os, free, progressed, deaths[:, :-1], progressions[:, :-1], died[:, :-1], audit)


def on_treatment(time_on_treatment: Array, alive: Array) -> Array:
    """Share on treatment: the curve of time to treatment discontinuation, capped by OS, min(S_TTD, S_OS).

    Parameters
    ----------
    time_on_treatment : Array (draw, T) or (1, T)
        S_TTD, 0 to 1.
    alive : Array (draw, T) or (1, T)
        S_OS at the same times.

    Returns
    -------
    Array (draw, T) or (1, T)
        Between 0 and 1. [share]

    Examples
    --------
    >>> on_treatment(np.array([[1.0, 0.9, 0.1]]), np.array([[1.0, 0.8, 0.6]])).tolist()
    [[1.0, 0.8, 0.1]]
    """
    return np.minimum(time_on_treatment, alive)


def _falls(x: Array) -> Array:
    """Return the fall of each row in each cycle, and 0 in a last column more.

    The rows are taken as one long row, which is twice as quick as slices of each; what comes out where one row meets
    the next is then replaced by 0.
    """
    long = np.ascontiguousarray(x).ravel()
    falls: Array = np.empty_like(long)
    np.subtract(long[:-1], long[1:], out=falls[:-1])
    by_row: Array = falls.reshape(x.shape)
    by_row[:, -1] = 0.0
    return by_row


def _with_zero(x: Array) -> Array:
    """Return x with a last column of 0."""
    return np.concatenate([x, np.zeros((len(x), 1))], axis=1)


def _population_deaths(free: Array, at_start: Array, at_end: Array) -> Array:
    """Return population hazard x PF person-time, each edge's part by its own weights, and 0 in a last column more."""
    if np.array_equal(at_start, at_end):
        long = free.ravel()
        died = np.empty_like(long)
        np.add(long[:-1], long[1:], out=died[:-1])
        died[-1] = 0.0
        return _in_place(np.multiply, died.reshape(free.shape), at_start)
    died = free * at_start
    died[:, :-1] += free[:, 1:] * at_end[:, :-1]
    return died


def _in_place(function: np.ufunc, x: Array, y: Array) -> Array:
    """Return function(x, y), written into x where x has the shape of the result."""
    fits = np.broadcast_shapes(x.shape, y.shape) == x.shape
    return np.asarray(function(x, y, out=x) if fits else function(x, y), dtype=np.float64)


def _count_and_first(where: NDArray[np.bool_], edges: Array) -> tuple[Array, Array]:
    """Return how many cycles of each row are marked, and the start of the first [years] (inf: none is)."""
    if not where.any():
        return np.zeros(len(where)), np.full(len(where), np.inf)
    bits = np.bitwise_count(np.packbits(where, axis=1))
    count = np.add.reduce(bits, axis=1, dtype=np.float64)
    return count, np.where(count > 0.0, edges[np.argmax(where, axis=1)], np.inf)


def _person_time(occupied: Array, start: Array, end: Array) -> Array:
    """Return person-time of each row, summed along the row [years]."""
    return np.asarray(np.vecdot(occupied[:, :-1], start) + np.vecdot(occupied[:, 1:], end), dtype=np.float64)
