"""Gauss-Hermite quadrature: means over a standard normal deviate."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from netcea.arrays import Array


@lru_cache(maxsize=16)
def normal_nodes(n: int) -> tuple[Array, Array]:
    """Return nodes and weights of Gauss-Hermite quadrature over a standard normal deviate.

    Exact for polynomials of a degree up to 2n - 1.

    Parameters
    ----------
    n : int
        Number of nodes.

    Returns
    -------
    nodes : Array (n,)
        Deviates. [1]
    weights : Array (n,)
        They add up to 1. [1]

    References
    ----------
    Abramowitz M, Stegun IA. Handbook of Mathematical Functions. 1964, section 25.4.46.

    Examples
    --------
    >>> z, weights = normal_nodes(5)
    >>> round(float(np.vecdot(z**4, weights)), 12)
    3.0
    """
    z, weights = np.polynomial.hermite_e.hermegauss(n)
    return z, weights / weights.sum()
