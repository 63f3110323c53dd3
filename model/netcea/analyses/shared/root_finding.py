"""Root finding for many functions of one number at once: brackets from a grid, narrowed side by side.

Every bracket is cut into equal pieces at once and the piece where the sign changes is kept: all brackets of all
functions share one call an iteration, no derivative is needed, and a jump (a severity weight that changes, a pack more
before the horizon) is found like a root and told from one by its height.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from netcea.arrays import Array

PIECES: Final = 32
"""Pieces into which a bracket is cut in each iteration."""
PRECISION: Final = 1e-13
"""Brackets are narrowed to this share of the larger of their ends."""
JUMP: Final = 1e-6
"""A change larger than this share of the function's range on the grid, across a bracket of that width, is a jump."""
ROUNDS: Final = 12


@dataclass(frozen=True)
class Root:
    """Where a function changes its sign.

    Attributes
    ----------
    at : float
    before, after : float
        The function on either side, next to it; nearly 0 unless it jumps.
    rises : bool
        Whether it goes from below 0 to above.
    jump : bool
    """

    at: float
    before: float
    after: float
    rises: bool
    jump: bool


def brackets(f: Array) -> list[tuple[int, int]]:
    """Return pairs of places between which a function changes its sign; zeros between the two are skipped.

    >>> brackets(np.array([-1.0, 0.0, 2.0, 1.0])), brackets(np.array([1.0, 1.0]))
    ([(0, 2)], [])
    """
    signs = np.flatnonzero(f != 0.0)
    return [(int(a), int(b)) for a, b in pairwise(signs) if (f[a] < 0.0) != (f[b] < 0.0)]


def narrowed(
    low: Array,
    high: Array,
    f_low: Array,
    f_high: Array,
    scale: Array,
    evaluate: Callable[[Array, Array], Array],
    pieces: int = PIECES,
) -> list[Root]:
    """Return the root inside each bracket.

    Parameters
    ----------
    low, high : Array (bracket,)
    f_low, f_high : Array (bracket,)
        The functions there, of opposite signs.
    scale : Array (bracket,)
        Range of each function: what a jump is measured by.
    evaluate : callable
        Array (point,), Array (point,) of bracket numbers -> Array (point,).
    pieces : int
        Into which a bracket is cut: fewer where a value costs as much in company as alone.

    Examples
    --------
    >>> found = narrowed(np.array([0.0]), np.array([2.0]), np.array([-2.0]), np.array([2.0]), np.array([4.0]),
    ...                  lambda x, which: x * x - 2.0)
    >>> round(found[0].at, 12), found[0].jump
    (1.414213562373, False)
    """
    low, high, f_low, f_high = (np.array(values, dtype=np.float64) for values in (low, high, f_low, f_high))
    inner, rises = np.arange(1, pieces) / pieces, f_low < 0.0
    for _ in range(ROUNDS):
        open_ = np.flatnonzero(high - low > PRECISION * np.maximum(np.abs(low), np.abs(high)))
        if not len(open_):
            break
        points = low[open_, np.newaxis] + (high - low)[open_, np.newaxis] * inner
        values = evaluate(points.ravel(), np.repeat(open_, len(inner))).reshape(points.shape)
        x = np.concatenate([low[open_, np.newaxis], points, high[open_, np.newaxis]], axis=1)
        f = np.concatenate([f_low[open_, np.newaxis], values, f_high[open_, np.newaxis]], axis=1)
        # the first piece at whose end the sign is no longer that of the bracket's low end
        other = (np.sign(f) != np.sign(f[:, :1])).argmax(axis=1)
        rows = np.arange(len(open_))
        low[open_], high[open_] = x[rows, other - 1], x[rows, other]
        f_low[open_], f_high[open_] = f[rows, other - 1], f[rows, other]
        exact = open_[f[rows, other] == 0.0]
        low[exact], f_low[exact] = high[exact], 0.0
    return [_root(*ends) for ends in zip(low, high, f_low, f_high, scale, rises, strict=True)]


def _root(low: float, high: float, f_low: float, f_high: float, scale: float, rises: bool) -> Root:
    jump = bool(abs(f_high - f_low) > JUMP * scale)
    at = high if jump or f_high == f_low else low - f_low * (high - low) / (f_high - f_low)
    return Root(float(at), float(f_low), float(f_high), bool(rises), jump)
