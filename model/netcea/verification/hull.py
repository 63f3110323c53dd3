"""The efficiency frontier once more, by brute force: who is cheapest at some willingness to pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np

Points: TypeAlias = Mapping[str, tuple[float, float]]
"""Strategy -> QALYs and costs."""
ROUNDING: Final = 1e-9
DIGITS: Final = (9, 6)
"""Decimals of QALYs and of costs to which strategies are told apart: equal ones are one point."""


def vertices(points: Points) -> list[str]:
    """Return who is the best at some willingness to pay: one strategy of each vertex of the lower right hull.

    Parameters
    ----------
    points : mapping of str -> (float, float)
        [QALYs], [GBP]

    Examples
    --------
    >>> vertices({"a": (1.0, 0.0), "b": (2.0, 30.0), "c": (3.0, 40.0), "d": (0.5, 5.0)})
    ['a', 'c']
    """
    levels = _levels(points)
    between = [(a + b) / 2.0 if np.isfinite(b) else a * 2.0 + 1.0 for a, b in pairwise([0.0, *levels, np.inf])]
    return sorted({max(points, key=lambda name: _worth(points[name], level)) for level in between})


def on_the_hull(frontier: Sequence[str], points: Points) -> bool:
    """Say whether a frontier has every vertex of the hull, and nobody below it.

    Of strategies that are equal one is enough, and one that lies on a line between two vertices may be there.

    Parameters
    ----------
    frontier : sequence of str
        Strategies.
    points : mapping of str -> (float, float)
        [QALYs], [GBP]

    Examples
    --------
    >>> twins = {"a": (1.0, 0.0), "b": (1.0, 0.0), "c": (3.0, 40.0)}
    >>> on_the_hull(["b", "c"], twins), on_the_hull(["b"], twins)
    (True, False)
    """
    corners = vertices(points)
    touching = set(corners)
    for level in _levels(points):
        highest = max(_worth(point, level) for point in points.values())
        slack = ROUNDING * (1.0 + level + abs(highest))
        touching |= {name for name, point in points.items() if _worth(point, level) >= highest - slack}
    there = {_rounded(points[name]) for name in frontier}
    return {_rounded(points[n]) for n in corners} <= there <= {_rounded(points[n]) for n in touching}


def _levels(points: Points) -> list[float]:
    """Return every willingness to pay at which two strategies are worth the same."""
    pairs = ((one, other) for one in points.values() for other in points.values() if one[0] != other[0])
    slopes = {(c2 - c) / (q2 - q) for (q, c), (q2, c2) in pairs}
    return sorted(slope for slope in slopes if slope > 0.0)


def _worth(point: tuple[float, float], level: float) -> float:
    return point[0] * level - point[1]


def _rounded(point: tuple[float, float]) -> tuple[float, ...]:
    return tuple(round(x, digits) for x, digits in zip(point, DIGITS, strict=True))
