"""Background mortality: a hazard that is never below the population's."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.kernel.choice import KERNEL
from netcea.survival.elementwise import quietly

TOGETHER: Final = 2**15
"""Numbers of an array that are worked on together, 256 kB: what comes next finds them in the processor's own cache."""

ALIKE: Final = 16
"""Rows to which what is missing is added together."""


def floored(hazard: Array, population: Array) -> tuple[Array, Array]:
    """Cumulative hazard of which each rise is at least the population's: H plus the running sum of what was missing.

    Parameters
    ----------
    hazard : Array (draw, edge) or (1, edge)
        Cumulative, at the edges. [1]
    population : Array (draw, cycle) or (1, cycle)
        Rise of the population's cumulative hazard in each cycle. [1]

    Returns
    -------
    hazard : Array (draw, edge) or (1, edge)
        What came in, where nothing is missing in any row. [1]
    cycles : Array (draw,) or (1,)
        In which something was. [cycles]

    Notes
    -----
    H(t_i) = H_own(t_i) + sum over cycles j up to i of max(dH_population - dH_own, 0). Nothing is missing once nobody is
    left: infinity less infinity.

    Examples
    --------
    >>> h, cycles = floored(np.array([[0.0, 0.1, 0.5]]), np.array([[0.3, 0.3]]))
    >>> h.round(12).tolist(), cycles.tolist()
    ([[0.0, 0.3, 0.7]], [1.0])
    """
    rows, edges = max(len(hazard), len(population)), hazard.shape[1]
    compiled = KERNEL.compiled()
    if compiled is not None:
        found: tuple[Array, Array] = compiled.floored(hazard, population)
        return found
    cycles, together, out = np.zeros(rows), max(1, TOGETHER // edges), None
    size = min(rows, together)
    rise, binding = np.empty((size, edges)), np.empty((size, edges), dtype=np.bool_)
    floor = np.full((size, edges), -np.inf)  # arrays of one shape are compared twice as quickly
    floor[:, :-1] = population[:1]
    for start in range(0, rows, together):
        part = slice(start, min(start + together, rows))
        n = part.stop - start
        own = hazard if len(hazard) == 1 else hazard[part]
        if len(population) > 1:
            floor[:n, :-1] = population[part]
        _compare(own, floor[:n], rise[:n], binding[:n])
        if np.count_nonzero(binding[:n]):
            out = np.broadcast_to(hazard, (rows, edges)).copy() if out is None else out
            found = np.add.reduce(np.bitwise_count(np.packbits(binding[:n], axis=1)), axis=1, dtype=np.int64)
            cycles[part] = found
            _raise(out[part], np.flatnonzero(found), binding, floor)
    return (hazard if out is None else out), cycles


@quietly
def _compare(own: Array, floor: Array, rise: Array, binding: NDArray[np.bool_]) -> None:
    """Write where the floor is above the rise of a cumulative hazard; the rows are taken as one long row."""
    own = own if len(own) == len(floor) else np.broadcast_to(own, floor.shape)
    long = np.ascontiguousarray(own).reshape(-1)
    np.subtract(long[1:], long[:-1], out=rise.reshape(-1)[:-1])
    rise[-1, -1] = 0.0
    np.greater(floor, rise, out=binding)


@quietly
def _raise(hazard: Array, which: NDArray[np.intp], binding: NDArray[np.bool_], population: Array) -> None:
    """Add what is missing to some rows: those in which it begins to be at about the same time go together."""
    first = binding[which].argmax(axis=1)
    order = np.argsort(first, kind="stable")
    for at in range(0, len(which), ALIKE):
        group = order[at : at + ALIKE]
        rows, cycle = which[group], int(first[group[0]])
        own = hazard[rows, cycle:]
        missing = own[:, 1:] - own[:, :-1]
        np.subtract(population[rows, cycle:-1], missing, out=missing)
        np.fmax(missing, 0.0, out=missing)
        np.cumsum(missing, axis=1, out=missing)
        missing += own[:, 1:]
        hazard[rows, cycle + 1 :] = missing
