"""Texts along an axis, kept clear of one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def kept_apart(
    places: Sequence[tuple[float, str]], sizes: Sequence[float], low: float, high: float
) -> list[tuple[float, float, str]]:
    """Return (place, middle of its text, text) by place: texts clear of one another, as near their places as possible.

    Parameters
    ----------
    places : sequence of (place, text)
    sizes : sequence of float
        Of each text, along the axis.
    low, high : float
        Between which the texts stand (beyond `high` if they are too many).

    >>> kept_apart([(1.0, "a"), (1.0, "b"), (9.0, "c")], [2.0, 2.0, 2.0], 0.0, 10.0)
    [(1.0, 1.0, 'a'), (1.0, 3.0, 'b'), (9.0, 9.0, 'c')]
    """
    if not places:
        return []
    ordered = sorted(zip(places, sizes, strict=True))
    middles = [0.0]
    for (_, before), (_, size) in pairwise(ordered):
        middles.append(middles[-1] + (before + size) / 2)
    pools: list[tuple[float, int]] = []  # mean of (place less the texts before it), and how many stand together
    for ((place, _), _), middle in zip(ordered, middles, strict=True):
        mean, count = place - middle, 1
        while pools and pools[-1][0] > mean:
            before, several = pools.pop()
            mean, count = (before * several + mean * count) / (several + count), several + count
        pools.append((mean, count))
    starts = [mean for mean, count in pools for _ in range(count)]
    bottom = low + ordered[0][1] / 2
    top = max(bottom, high - middles[-1] - ordered[-1][1] / 2)
    return [
        (place, min(max(start, bottom), top) + middle, text)
        for ((place, text), _), start, middle in zip(ordered, starts, middles, strict=True)
    ]
