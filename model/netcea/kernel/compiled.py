"""Loops compiled by numba, each with the bits of the function of NumPy that it names: the same operations in one order.

No operation is reordered or contracted (no `fastmath`), exponentials and logarithms stay NumPy's. What is compiled is
kept beside this file like any module's bytecode, or in the user's folder of caches; where neither can be written it is
compiled again in each process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array

NUMBA: Final[str] = numba.__version__


def _compiled(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called, and keep the result where that is possible."""
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder can be written to
        return numba.njit(nogil=True)(function)


@_compiled
def _least(x: float, y: float) -> float:
    """Return the smaller; what is no number stays so."""
    return x if x < y or x != x else y  # noqa: PLR0124 - no number differs from itself


@_compiled
def _most(x: float, y: float) -> float:
    return x if x > y or x != x else y  # noqa: PLR0124 - no number differs from itself


@_compiled
def _by_population(free: Any, start: Any, end: Any, alike: bool, j: int) -> Any:
    """Return the deaths that the population's hazard asks for in a cycle."""
    if alike:
        return (free[j] + free[j + 1]) * start[j]
    return free[j] * start[j] + free[j + 1] * end[j]


@_compiled
def _flows(
    p: Array, o: Array, share: float, start: Array, end: Array, alike: bool, free: Array, out: Array
) -> tuple[int, int, int, int, float]:
    """Write the progressions of one row; return how often each limit binds, and the smallest number of deaths."""
    by_population = above_exits = above_all = crossing = 0
    smallest = 0.0
    for j in range(len(out) - 1):
        exits, dead = free[j] - free[j + 1], o[j] - o[j + 1]
        capped = p[j + 1] > o[j + 1]
        asked, died = exits * share, _by_population(free, start, end, alike, j)
        by_population += (died > asked) & (not capped)
        died = _most(died, asked)
        above_exits += (died > exits) & (not capped)
        died = _least(died, exits)
        above_all += (died > dead) & (not capped)
        died = exits if capped else _least(died, dead)
        crossing += capped
        smallest = _least(died, _least(dead, smallest))
        out[j] = exits - died
    out[-1] = 0.0
    return by_population, above_exits, above_all, crossing, smallest


@_compiled
def _firsts(
    p: Array, o: Array, share: float, start: Array, end: Array, alike: bool, free: Array, first: NDArray[np.int64]
) -> None:
    """Write the first cycle in which each limit binds in one row."""
    for j in range(len(o) - 2, -1, -1):
        if p[j + 1] > o[j + 1]:
            first[3] = j
            continue
        exits = free[j] - free[j + 1]
        asked, died = exits * share, _by_population(free, start, end, alike, j)
        if died > asked:
            first[0] = j
        died = _most(died, asked)
        if died > exits:
            first[1] = j
        if _least(died, exits) > o[j] - o[j + 1]:
            first[2] = j


@_compiled
def _partition(
    pfs: Array,
    os: Array,
    share: Array,
    at_start: Array,
    at_end: Array,
    alike: bool,
    free: Array,
    progressed: Array,
    progressions: Array,
    least: Array,
    cycles: NDArray[np.int64],
    first: NDArray[np.int64],
) -> None:
    for i in range(len(free)):
        p, o = pfs[i if len(pfs) > 1 else 0], os[i if len(os) > 1 else 0]
        s = share[i if len(share) > 1 else 0, 0]
        k = i if len(at_start) > 1 else 0
        f = free[i]
        for j in range(len(f)):
            f[j] = _least(p[j], o[j])
            progressed[i, j] = o[j] - f[j]
        found = _flows(p, o, s, at_start[k], at_end[k], alike, f, progressions[i])
        cycles[0, i], cycles[1, i], cycles[2, i], cycles[3, i], least[i] = found
        if found[0] + found[1] + found[2] + found[3] > 0:
            _firsts(p, o, s, at_start[k], at_end[k], alike, f, first[:, i])


def partition(
    pfs: Array, os: Array, share: Array, at_start: Array, at_end: Array, alike: bool, out: tuple[NDArray[Any], ...]
) -> None:
    """Write what `netcea.engine.partition.partition` returns.

    Parameters
    ----------
    pfs, os : Array (draw, N + 1) or (1, N + 1)
        Survival at the edges. [share]
    share : Array (draw, 1) or (1, 1)
        Of exits that are deaths. [share]
    at_start, at_end : Array (draw, N) or (1, N)
        Weights of the population's deaths. [1]
    alike : bool
        Both are the same.
    out : tuple of Array
        Fields of a `netcea.engine.partition.Partition`; written. [share]
    """
    _partition(*map(np.ascontiguousarray, (pfs, os, share, at_start, at_end)), alike, *out)


@_compiled
def _floored(hazard: Array, population: Array, out: Array, cycles: Array) -> None:
    rows, edges = out.shape
    for i in range(rows):
        own, floor = hazard[i if len(hazard) > 1 else 0], population[i if len(population) > 1 else 0]
        missed, count = 0.0, 0
        out[i, 0] = own[0]
        for j in range(edges - 1):
            rise = own[j + 1] - own[j]
            if floor[j] > rise:
                count += 1
                missed += floor[j] - rise
            out[i, j + 1] = own[j + 1] + missed
        cycles[i] = count


def floored(hazard: Array, population: Array) -> tuple[Array, Array]:
    """Return what `netcea.survival.background.floored` returns.

    Parameters
    ----------
    hazard : Array (draw, edge) or (1, edge)
        Cumulative, at the edges. [1]
    population : Array (draw, cycle) or (1, cycle)
        Rise of the population's cumulative hazard in each cycle. [1]

    Returns
    -------
    hazard : Array (draw, edge)
        [1]
    cycles : Array (draw,)
        In which the floor binds. [cycles]
    """
    rows = max(len(hazard), len(population))
    out, cycles = np.empty((rows, hazard.shape[1])), np.empty(rows)
    _floored(np.ascontiguousarray(hazard), np.ascontiguousarray(population), out, cycles)
    return out, cycles


@_compiled
def _at_moments(hazard: Array, cycle: NDArray[np.intp], fraction: Array, out: Array) -> None:
    for i in range(len(out)):
        for j in range(len(cycle)):
            low = hazard[i, cycle[j]]
            out[i, j] = (hazard[i, cycle[j] + 1] - low) * fraction[j] + low


def at_moments(hazard: Array, cycle: NDArray[np.intp], fraction: Array) -> Array:
    """Return what `netcea.survival.moments.hazard_at` returns where everybody's hazard is finite.

    Parameters
    ----------
    hazard : Array (draw, edge)
        Cumulative, at the edges. [1]
    cycle : integer array (moment,)
        That holds each moment.
    fraction : Array (moment,)
        How far into the cycle. [share]

    Returns
    -------
    Array (draw, moment)
        [1]
    """
    out = np.empty((len(hazard), len(cycle)))
    _at_moments(np.ascontiguousarray(hazard), cycle, fraction, out)
    return out
