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
def _least(x: Any, y: Any) -> Any:
    """Return the smaller; what is no number stays so."""
    return x if (x < y) | (x != x) else y  # noqa: PLR0124 - no number differs from itself


@_compiled
def _most(x: Any, y: Any) -> Any:
    return x if (x > y) | (x != x) else y  # noqa: PLR0124 - no number differs from itself


@_compiled
def _states(p: Array, o: Array, free: Array, progressed: Array) -> None:
    """Write who is where in one row."""
    for j in range(len(free)):
        least = _least(p[j], o[j])
        free[j] = least
        progressed[j] = o[j] - least


@_compiled
def _by_population(free: Array, start: Array, end: Array, alike: bool, out: Array) -> None:
    """Write the deaths that the population's hazard asks for in each cycle of one row."""
    if alike:
        for j in range(len(out) - 1):
            out[j] = (free[j] + free[j + 1]) * start[j]
    else:
        for j in range(len(out) - 1):
            out[j] = free[j] * start[j] + free[j + 1] * end[j]


@_compiled
def _flows(p: Array, o: Array, share: float, free: Array, deaths: Array, out: Array) -> Any:
    """Write the progressions of one row and its deaths from PF, in the place of those that are asked for.

    Return how often each limit binds, in which cycle first, and in how many cycles deaths are negative or no number.
    No branch is in the loop: it is done several cycles at a time.
    """
    last = len(out) - 1
    by_population = above_exits = above_all = crossing = wrong = 0
    first_by_population = first_exits = first_all = first_crossing = last
    for j in range(last):
        exits, dead = free[j] - free[j + 1], o[j] - o[j + 1]
        capped, died = p[j + 1] > o[j + 1], deaths[j]
        asked = exits * share
        binds = (died > asked) & (not capped)
        by_population += binds
        first_by_population = min(first_by_population, j if binds else last)
        died = _most(died, asked)
        binds = (died > exits) & (not capped)
        above_exits += binds
        first_exits = min(first_exits, j if binds else last)
        died = _least(died, exits)
        binds = (died > dead) & (not capped)
        above_all += binds
        first_all = min(first_all, j if binds else last)
        died = exits if capped else _least(died, dead)
        crossing += capped
        first_crossing = min(first_crossing, j if capped else last)
        wrong += not (died >= 0.0)
        deaths[j] = died
        out[j] = exits - died
    out[last] = 0.0
    cycles = (by_population, above_exits, above_all, crossing)
    return cycles, (first_by_population, first_exits, first_all, first_crossing), wrong


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
    died = np.zeros(free.shape[1])
    for i in range(len(free)):
        p, o = pfs[i if len(pfs) > 1 else 0], os[i if len(os) > 1 else 0]
        s = share[i if len(share) > 1 else 0, 0]
        k = i if len(at_start) > 1 else 0
        _states(p, o, free[i], progressed[i])
        _by_population(free[i], at_start[k], at_end[k], alike, died)
        counts, firsts, wrong = _flows(p, o, s, free[i], died, progressions[i])
        for limit in range(4):
            cycles[limit, i], first[limit, i] = counts[limit], firsts[limit]
        least[i] = 0.0
        if wrong:
            for j in range(len(died)):
                least[i] = _least(died[j], least[i])


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
def _below(own: Array, floor: Array) -> tuple[int, int]:
    """Return in how many cycles of one row the floor is above the rise, and the first; several at a time."""
    count, last = 0, len(own) - 1
    first = last
    for j in range(last):
        binds = floor[j] > own[j + 1] - own[j]
        count += binds
        first = min(first, j if binds else last)
    return count, first


@_compiled
def _floored(hazard: Array, population: Array, out: Array, cycles: Array) -> None:
    rows, edges = out.shape
    for i in range(rows):
        own, floor = hazard[i if len(hazard) > 1 else 0], population[i if len(population) > 1 else 0]
        count, first = _below(own, floor)
        missed = 0.0
        for j in range(first + 1):
            out[i, j] = own[j]
        for j in range(first, edges - 1):
            rise = own[j + 1] - own[j]
            if floor[j] > rise:
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
