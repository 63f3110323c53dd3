"""Partitioned survival: PFS and OS -> health states at the edges, flows in each cycle, and which limits bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.engine.partition import LIMITS, partition

ROUNDING: Final = 1e-12
"""What a share of the cohort may be below 0 by rounding."""


@dataclass(frozen=True)
class Occupancy:
    """Health states at the edges and flows per cycle, per patient at the start.

    Attributes
    ----------
    alive, progression_free, progressed : Array (draw, N + 1)
        S_OS; min(S_PFS, S_OS); S_OS - progression_free.
    progressions : Array (draw, N)
        Within each cycle.
    least : Array (draw,)
        Smallest number of deaths, or of deaths before progression, in any cycle.
    audit : mapping of name -> Array (draw,)
        What the limits did in each draw; see `partitioned_survival`.

    References
    ----------
    NICE DSU TSD 19: partitioned survival.
    """

    alive: Array
    progression_free: Array
    progressed: Array
    progressions: Array
    least: Array
    audit: Mapping[str, Array]

    @property
    def dead(self) -> Array:
        """Share that has died, 1 - S_OS, Array (draw, N + 1). [share]"""
        return 1.0 - self.alive

    @cached_property
    def deaths(self) -> Array:
        """Fall in S_OS in each cycle, Array (draw, N). [share]"""
        return self.alive[:, :-1] - self.alive[:, 1:]

    @cached_property
    def deaths_progression_free(self) -> Array:
        """Exits less progressions in each cycle, Array (draw, N); other deaths are from progressed disease. [share]"""
        return (self.progression_free[:, :-1] - self.progression_free[:, 1:]) - self.progressions

    def violations(self) -> Array:
        """Return how many invariants of partitioned survival each draw breaks, Array (draw,): 0 if all is well. [count]

        Everybody is alive at the start; nobody rises from the dead; no state and no flow is negative; no more die
        progression-free than die; nothing is undefined. Rounding of `ROUNDING` is allowed. Who leaves the
        progression-free state is never negative, so that state is smallest at the end. While nobody rises and deaths
        from PF are not negative, neither PD = S_OS - min(S_PFS, S_OS) nor progressions = exits - min(., exits) can be.
        """
        last, first = self.progression_free[:, -1], self.alive[:, 0]
        fine = (self.least >= -ROUNDING) & (last >= -ROUNDING) & (np.abs(first - 1.0) <= ROUNDING)
        if fine.all():
            return np.zeros(len(fine))
        least = (self.deaths, self.progression_free, self.progressed, self.progressions, self.deaths_progression_free)
        broken = [~(x >= -ROUNDING).all(axis=1) for x in least]
        broken.append(~(np.abs(first - 1.0) <= ROUNDING))
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
            one(self.progressions),
            one(self.least),
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
    hazard = population_hazard / np.diff(edges)
    at_start = hazard * start_weight
    at_end = at_start if np.array_equal(start_weight, end_weight) else hazard * end_weight
    share = np.asarray(share_of_pfs_events_that_are_deaths, dtype=np.float64).reshape(-1, 1)
    found = partition(pfs, os, share, at_start, at_end)
    starts = edges.copy()
    starts[-1] = np.inf
    audit: dict[str, Array] = {}
    for name, cycles, first in zip(LIMITS, found.cycles, found.first, strict=True):
        audit[f"{name}_cycles"], audit[f"{name}_first_year"] = cycles.astype(np.float64), starts[first]
    audit["crossing_life_years"] = np.zeros(found.cycles.shape[1])
    rows = np.flatnonzero(audit["crossing_cycles"])
    if len(rows):
        over = (pfs if len(pfs) == 1 else pfs[rows]) - found.progression_free[rows]
        audit["crossing_life_years"][rows] = _person_time(over, start_weight, end_weight)
    return Occupancy(os, found.progression_free, found.progressed, found.progressions[:, :-1], found.least, audit)


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


def _person_time(occupied: Array, start: Array, end: Array) -> Array:
    """Return person-time of each row, summed along the row [years]."""
    return np.asarray(np.vecdot(occupied[:, :-1], start) + np.vecdot(occupied[:, 1:], end), dtype=np.float64)
