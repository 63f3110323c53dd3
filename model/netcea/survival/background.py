"""Background mortality: a hazard that is never below the population's."""

from __future__ import annotations

from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.kernel.choice import KERNEL
from netcea.survival.moments import rise_in_cycles

TOGETHER: Final = 2**15
"""Numbers of an array that are worked on together, 256 kB: what comes next finds them in the processor's own cache."""


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
    out, cycles, together, anything = np.empty((rows, edges)), np.zeros(rows), max(1, TOGETHER // edges), False
    for start in range(0, rows, together):
        part = slice(start, min(start + together, rows))
        own, floor = (x if len(x) == 1 else x[part] for x in (hazard, population))
        rise = rise_in_cycles(own)
        binding = floor > rise
        first = int(np.argmax(binding.any(axis=0)))
        if not binding[:, first].any():
            out[part] = own
            continue
        anything = True
        cycles[part] = np.bitwise_count(np.packbits(binding, axis=1)).sum(axis=1)
        missing = floor[:, first:] - rise[:, first:]
        np.fmax(missing, 0.0, out=missing)
        out[part, : first + 1] = own[:, : first + 1]
        later = out[part, first + 1 :]
        later[...] = np.cumsum(missing, axis=1, out=missing)
        later += own[:, first + 1 :]
    return (out if anything else hazard), cycles
