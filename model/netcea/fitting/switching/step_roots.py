"""Where a step function that need not fall everywhere crosses a level: all crossings, to a millionth."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array

STEP: Final = 1e-6
"""To which crossings are found."""


class Crossing(NamedTuple):
    """A place where a function passes a level.

    Attributes
    ----------
    below, above : float
        Multiples of a millionth, one such step apart, with the level between their values.
    at_below, at_above : float
        The function's values there.
    """

    below: float
    above: float
    at_below: float
    at_above: float

    def nearer(self, level: float) -> float:
        """Return the side whose value is nearer to the level. [of the argument]

        Parameters
        ----------
        level : float
            That is crossed. [of the function]

        Examples
        --------
        >>> Crossing(0.1, 0.2, 0.5, -0.1).nearer(0.0)
        0.2
        """
        return self.below if abs(self.at_below - level) < abs(self.at_above - level) else self.above


def crossings(function: Callable[[float], float], grid: Array, values: Array, level: float) -> list[Crossing]:
    """Return every crossing of a level that a grid shows, in rising order.

    Parameters
    ----------
    function : callable float -> float
        Steps or not.
    grid : Array (point,)
        Rising; a crossing there and back between two points is not seen. [of the argument]
    values : Array (point,)
        Of the function; what is not finite is passed over. [of the function]
    level : float
        That is crossed. [of the function]

    Returns
    -------
    list of Crossing
        Each found by halving.

    Examples
    --------
    >>> def falls(x): return 1.0 if x < 0.25 else -2.0
    >>> grid = np.linspace(-1.0, 1.0, 5)
    >>> [(c.below, c.above, c.nearer(0.0)) for c in crossings(falls, grid, np.array([falls(x) for x in grid]), 0.0)]
    [(0.249999, 0.25, 0.249999)]
    """
    usable = np.flatnonzero(np.isfinite(values))
    found = []
    for a, b in pairwise(usable.tolist()):
        if (values[a] > level) != (values[b] > level):
            found.append(_halved(function, (float(grid[a]), float(grid[b])), float(values[a]) > level, level))
    return found


def _halved(function: Callable[[float], float], between: tuple[float, float], high: bool, level: float) -> Crossing:
    low, top = (round(x / STEP) for x in between)
    at_low, at_top = function(low * STEP), function(top * STEP)
    while top - low > 1:
        middle = (low + top) // 2
        value = function(middle * STEP)
        if (value > level) == high:
            low, at_low = middle, value
        else:
            top, at_top = middle, value
    return Crossing(round(low * STEP, 6), round(top * STEP, 6), at_low, at_top)
