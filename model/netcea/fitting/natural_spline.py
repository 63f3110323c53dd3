"""Columns of a natural cubic spline."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array


def natural_spline(x: Array, knots: Array) -> Array:
    """Columns of a natural cubic spline: constant, line, and one for each knot but two.

    Parameters
    ----------
    x : Array (point,)
        [any]
    knots : Array (knot,)
        Rising. [the same]

    Returns
    -------
    Array (point, knot)
        Linear beyond the first and the last knot. [the same, its cube]

    Examples
    --------
    >>> natural_spline(np.array([0.0, 1.0]), np.array([0.0, 0.5, 1.0])).round(4).tolist()
    [[1.0, 0.0, 0.0], [1.0, 1.0, -0.375]]
    """
    scaled, k = (x - knots[0]) / (knots[-1] - knots[0]), (knots - knots[0]) / (knots[-1] - knots[0])

    def cube(knot: float) -> Array:
        return np.asarray(np.maximum(scaled - knot, 0.0) ** 3, dtype=np.float64)

    bends = [cube(float(c)) - (1.0 - c) * cube(0.0) - c * cube(1.0) for c in k[1:-1]]
    return np.column_stack([np.ones(len(x)), scaled, *bends])
