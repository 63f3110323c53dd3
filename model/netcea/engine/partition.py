"""Who is where, and who moves: the arithmetic of partitioned survival, a few rows at a time."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.kernel.choice import KERNEL
from netcea.survival.background import TOGETHER

LIMITS: Final = ("population_deaths", "deaths_above_exits", "deaths_above_all", "crossing")
"""What may bind in a cycle, in the order in which it is counted."""


class Partition(NamedTuple):
    """States at the edges, flows in each cycle, and how often each limit binds.

    Attributes
    ----------
    progression_free, progressed : Array (draw, N + 1)
        At the edges. [share]
    deaths, progressions, deaths_progression_free : Array (draw, N + 1)
        In each cycle, and 0 in a last column more. [share]
    cycles, first : integer array (limit, draw)
        Of each of `LIMITS`: the number of cycles in which it binds, and the first of them (N where there is none).
    """

    progression_free: Array
    progressed: Array
    deaths: Array
    progressions: Array
    deaths_progression_free: Array
    cycles: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, rows: int, edges: int) -> Partition:
        """Return one that is to be filled in: nothing binds, no number is there.

        Parameters
        ----------
        rows, edges : int
            How many.

        Returns
        -------
        Partition
            To be written to.
        """
        cycles = np.zeros((len(LIMITS), rows), dtype=np.int64)
        return cls(*(np.empty((rows, edges)) for _ in range(5)), cycles, np.full_like(cycles, edges - 1))


def partition(pfs: Array, os: Array, share: Array, at_start: Array, at_end: Array) -> Partition:
    """Partition the cohort; see `netcea.engine.occupancy.partitioned_survival` for the equations.

    Parameters
    ----------
    pfs, os : Array (draw, N + 1) or (1, N + 1)
        Survival at the edges. [share]
    share : Array (draw, 1) or (1, 1)
        Of exits that are deaths. [share]
    at_start, at_end : Array (draw, N) or (1, N)
        Deaths by the population's hazard, per share that is progression-free at the start and at the end of each cycle.

    Returns
    -------
    Partition
        The reference: `netcea.engine.compiled` computes the same bits.

    Examples
    --------
    >>> half = np.full((1, 2), 0.01)
    >>> found = partition(np.array([[1.0, 0.5, 0.3]]), np.array([[1.0, 0.8, 0.2]]), np.array([[0.1]]), half, half)
    >>> found.progressed.round(12).tolist(), dict(zip(LIMITS, found.cycles[:, 0].tolist(), strict=True))["crossing"]
    ([[0.0, 0.3, 0.0]], 1)
    """
    n, edges = max(map(len, (pfs, os, share, at_start))), pfs.shape[1]
    found, together = Partition.of(n, edges), max(1, TOGETHER // edges)
    compiled = KERNEL.compiled(n * edges)
    if compiled is not None:
        compiled.partition(pfs, os, share, at_start, at_end, found)
        return found
    work, flag = np.empty((together, edges)), np.empty((together, edges), dtype=np.bool_)
    alike = at_start is at_end or np.array_equal(at_start, at_end)
    for first in range(0, n, together):
        rows = slice(first, min(first + together, n))
        size = rows.stop - first
        these = Partition(*(x[rows] for x in found[:5]), found.cycles[:, rows], found.first[:, rows])
        own = [np.ascontiguousarray(np.broadcast_to(x if len(x) == 1 else x[rows], (size, edges))) for x in (pfs, os)]
        asked = [x if len(x) == 1 else x[rows] for x in (share, at_start, at_end)]
        _fill(these, own[0], own[1], *asked, alike, work[:size], flag[:size])
    return found


def _fill(
    found: Partition,
    pfs: Array,
    os: Array,
    share: Array,
    at_start: Array,
    at_end: Array,
    alike: bool,
    work: Array,
    flag: NDArray[np.bool_],
) -> None:
    """Write the partition of a few rows; `work` and `flag` are for numbers that are not needed afterwards."""
    free = np.minimum(pfs, os, out=found.progression_free)
    np.subtract(os, free, out=found.progressed)
    deaths = _falls(os, found.deaths)
    exits = _falls(free, found.progressions)
    died = _population_deaths(free, at_start, at_end, alike, found.deaths_progression_free)
    crossed = pfs > os
    capped = crossed[:, 1:] if crossed.any() else None
    asked = np.multiply(exits, share, out=work)
    _count(found, 0, np.greater(died, asked, out=flag), capped)
    np.maximum(died, asked, out=died)
    for limit, most in ((1, exits), (2, deaths)):
        if np.greater(died, most, out=flag).any():
            _count(found, limit, flag, capped)
            np.minimum(died, most, out=died)
    if capped is not None:
        np.copyto(died[:, :-1], exits[:, :-1], where=capped)
        _count(found, 3, capped, None)
    np.subtract(exits, died, out=exits)


def _falls(x: Array, out: Array) -> Array:
    """Write the fall of each row in each cycle, and 0 in a last column more.

    The rows are taken as one long row, which is twice as quick as slices of each; what comes out where one row meets
    the next is then replaced by 0.
    """
    long, falls = x.reshape(-1), out.reshape(-1)
    np.subtract(long[:-1], long[1:], out=falls[:-1])
    out[:, -1] = 0.0
    return out


def _population_deaths(free: Array, at_start: Array, at_end: Array, alike: bool, out: Array) -> Array:
    """Write population hazard x PF person-time, each edge's part by its own weights, and 0 in a last column more."""
    if alike:
        long, died = free.reshape(-1), out.reshape(-1)
        np.add(long[:-1], long[1:], out=died[:-1])
        np.multiply(out[:, :-1], at_start, out=out[:, :-1])
    else:
        np.multiply(free[:, :-1], at_start, out=out[:, :-1])
        out[:, :-1] += free[:, 1:] * at_end
    out[:, -1] = 0.0
    return out


def _count(found: Partition, limit: int, bound: NDArray[np.bool_], capped: NDArray[np.bool_] | None) -> None:
    """Count the cycles of each row in which a limit binds, those left out in which PF is capped."""
    where = bound[:, : found.deaths.shape[1] - 1]
    if capped is not None:
        where = where & ~capped
    if where.any():
        found.cycles[limit] = np.bitwise_count(np.packbits(where, axis=1)).sum(axis=1, dtype=np.int64)
        found.first[limit] = np.where(found.cycles[limit] > 0, np.argmax(where, axis=1), found.first[limit])
