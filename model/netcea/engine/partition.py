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
    """States at the edges, progressions in each cycle, and how often each limit binds.

    Attributes
    ----------
    progression_free, progressed : Array (draw, N + 1)
        At the edges. [share]
    progressions : Array (draw, N + 1)
        In each cycle, and 0 in a last column more. [share]
    least : Array (draw,)
        Smallest number of deaths, or of deaths before progression, in any cycle. [share]
    cycles, first : integer array (limit, draw)
        Of each of `LIMITS`: the number of cycles in which it binds, and the first of them (N where there is none).
    """

    progression_free: Array
    progressed: Array
    progressions: Array
    least: Array
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
        free, progressed, progressions = (np.empty((rows, edges)) for _ in range(3))
        return cls(free, progressed, progressions, np.empty(rows), cycles, np.full_like(cycles, edges - 1))

    def part(self, rows: slice) -> Partition:
        """Return some of the rows, to be written to: views, each Array (draw, ...). [share]

        Parameters
        ----------
        rows : slice
            Which.
        """
        free, progressed, progressions, least = (x[rows] for x in self[:4])
        return Partition(free, progressed, progressions, least, self.cycles[:, rows], self.first[:, rows])


class _Work:
    """Numbers of a few rows that are not needed afterwards: deaths, deaths from PF, what is asked for, what binds."""

    def __init__(self, rows: int, edges: int) -> None:
        self._arrays = [np.empty((rows, edges)) for _ in range(3)]
        self._flags = [np.zeros((rows, edges), dtype=np.bool_) for _ in range(2)]

    def rows(self, n: int) -> tuple[Array, Array, Array, NDArray[np.bool_], NDArray[np.bool_]]:
        deaths, died, asked = (x[:n] for x in self._arrays)
        bound, capped = (x[:n] for x in self._flags)
        return deaths, died, asked, bound, capped


class _ByHazard(NamedTuple):
    """Deaths that the population's hazard asks for, per share that is progression-free; 0 in a last column more.

    Attributes
    ----------
    at_start, at_end : Array (draw, N + 1)
        Of a few rows, or of all; at_end is None where both are the same.
    """

    at_start: Array
    at_end: Array | None

    @classmethod
    def of(cls, at_start: Array, at_end: Array, alike: bool, rows: int) -> _ByHazard:
        """Return those of so many rows, where one is for all: arrays of one shape are multiplied twice as quickly."""
        weights = [at_start] if alike else [at_start, at_end]
        whole = [np.zeros((rows if len(x) == 1 else len(x), x.shape[1] + 1)) for x in weights]
        for x, of in zip(whole, weights, strict=True):
            x[:, :-1] = of
        return cls(whole[0], None if alike else whole[1])

    def rows(self, part: slice, *, each: bool) -> _ByHazard:
        """Return those of some rows; the first ones where not each row has its own."""
        wanted = part if each else slice(0, part.stop - part.start)
        return _ByHazard(self.at_start[wanted], None if self.at_end is None else self.at_end[wanted])

    def deaths(self, free: Array, out: Array) -> None:
        """Write population hazard x PF person-time, each edge's part by its own weights."""
        if self.at_end is None:
            np.add(free.reshape(-1)[:-1], free.reshape(-1)[1:], out=out.reshape(-1)[:-1])
            out[:, -1] = 0.0
            np.multiply(out, self.at_start, out=out)
            return
        np.multiply(free, self.at_start, out=out)
        out[:, :-1] += free[:, 1:] * self.at_end[:, :-1]
        out[:, -1] = 0.0


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
        The same bits from NumPy, the reference, as from `netcea.kernel.compiled`.

    Examples
    --------
    >>> half = np.full((1, 2), 0.01)
    >>> found = partition(np.array([[1.0, 0.5, 0.3]]), np.array([[1.0, 0.8, 0.2]]), np.array([[0.1]]), half, half)
    >>> found.progressed.round(12).tolist(), dict(zip(LIMITS, found.cycles[:, 0].tolist(), strict=True))["crossing"]
    ([[0.0, 0.3, 0.0]], 1)
    """
    n, edges = max(map(len, (pfs, os, share, at_start))), pfs.shape[1]
    found, together = Partition.of(n, edges), max(1, TOGETHER // edges)
    alike = at_start is at_end or np.array_equal(at_start, at_end)
    compiled = KERNEL.compiled(n * edges)
    if compiled is not None:
        compiled.partition(pfs, os, share, at_start, at_end, alike, found)
        return found
    size = min(n, together)
    work, weights, each = _Work(size, edges), _ByHazard.of(at_start, at_end, alike, size), len(at_start) > 1
    for first in range(0, n, together):
        rows = slice(first, min(first + together, n))
        shape = (rows.stop - first, edges)
        pfs_, os_ = (_whole(_rows(x, rows), shape) for x in (pfs, os))
        _fill(found.part(rows), pfs_, os_, _rows(share, rows), weights.rows(rows, each=each), work)
    return found


def _rows(x: Array, rows: slice) -> Array:
    return x if len(x) == 1 else x[rows]


def _whole(x: Array, shape: tuple[int, int]) -> Array:
    """Return an array with all its rows, where there was one for all of them."""
    return x if x.shape == shape else np.broadcast_to(x, shape).copy()


def _fill(found: Partition, pfs: Array, os: Array, share: Array, weights: _ByHazard, work: _Work) -> None:
    """Write the partition of a few rows."""
    deaths, died, asked, bound, capped = work.rows(len(os))
    free = np.minimum(pfs, os, out=found.progression_free)
    np.subtract(os, free, out=found.progressed)
    falls(os, deaths)
    exits = falls(free, found.progressions)
    weights.deaths(free, died)
    np.greater(pfs, os, out=bound)
    somewhere = _anywhere(bound)
    if somewhere:
        capped.reshape(-1)[:-1] = bound.reshape(-1)[1:]
        capped[:, -1] = False
    besides = capped if somewhere else None
    np.multiply(exits, share, out=asked)
    np.greater(died, asked, out=bound)
    _count(found, 0, bound, besides)
    np.maximum(died, asked, out=died)
    for limit, most in ((1, exits), (2, deaths)):
        np.greater(died, most, out=bound)
        if _count(found, limit, bound, besides):
            np.minimum(died, most, out=died)
    if somewhere:
        np.copyto(died, exits, where=capped)
        _count(found, 3, capped, None)
    # in no cycle do fewer die than die from PF, not even by rounding: the least of both is the least of these, and of 0
    found.least[...] = 0.0 if died.min() >= 0.0 else died.min(axis=1)
    np.subtract(exits, died, out=exits)


def _anywhere(flags: NDArray[np.bool_]) -> bool:
    return bool(np.count_nonzero(flags))


def falls(x: Array, out: Array) -> Array:
    """Write the fall of each row in each cycle, and 0 in a last column more.

    The rows are taken as one long row, which is twice as quick as slices of each; what comes out where one row meets
    the next is then replaced by 0.

    Parameters
    ----------
    x : Array (draw, N + 1)
        At the edges; contiguous. [share]
    out : Array (draw, N + 1)
        Written; contiguous. [share]

    Returns
    -------
    Array (draw, N + 1)
        What was written. [share]
    """
    long, fall = x.reshape(-1), out.reshape(-1)
    np.subtract(long[:-1], long[1:], out=fall[:-1])
    out[:, -1] = 0.0
    return out


def _count(found: Partition, limit: int, bound: NDArray[np.bool_], besides: NDArray[np.bool_] | None) -> bool:
    """Count the cycles of each row in which a limit binds, but for some of them, whose flags are cleared.

    Say whether it binds in any cycle, of those too.
    """
    if not _anywhere(bound):
        return False
    if besides is not None:
        np.greater(bound, besides, out=bound)
    cycles = np.add.reduce(np.bitwise_count(np.packbits(bound, axis=1)), axis=1, dtype=np.int64)
    found.cycles[limit] = cycles
    np.copyto(found.first[limit], bound.argmax(axis=1), where=cycles > 0)
    return True
