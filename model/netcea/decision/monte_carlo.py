"""What so many draws tell of an ICER: its Monte Carlo standard error, and the draws that a smaller one needs.

References
----------
Hatswell, Bullement, Briggs, Paulden, Stevenson (2018), PharmacoEconomics 36: 1421-1426: how many draws a probabilistic
analysis needs. Efron and Tibshirani (1993), An introduction to the bootstrap, 21.6: the delta method.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

SEEN: Final = 3.0
"""Standard errors from 0 that a mean QALY difference needs before an ICER is known at all."""
BESIDE: Final = 1e-6
"""Share of a threshold by which one beside it differs."""
DIGITS: Final = 2
"""Digits to which numbers of draws are rounded, upwards."""


def icer_error(costs: ArrayLike, qalys: ArrayLike) -> float:
    """Monte Carlo standard error of an ICER: of the ratio of two means, over the same draws.

    Parameters
    ----------
    costs, qalys : array (draw,)
        Increments of every draw. [GBP], [QALYs]

    Returns
    -------
    float
        [GBP/QALY]; inf where fewer than two draws, or a mean QALY difference within three of its own standard errors
        of 0, say nothing of the ratio.

    Raises
    ------
    ValueError
        Costs and QALYs of different numbers of draws.

    Notes
    -----
    By the delta method, R = mean(costs) / mean(QALYs) has the variance var(costs - R QALYs) / (n mean(QALYs)^2), in
    which the correlation of costs and QALYs is taken into account. Draws of a Sobol sequence have a smaller one.

    References
    ----------
    Efron and Tibshirani (1993), An introduction to the bootstrap, 21.6.

    Examples
    --------
    Costs of 8 and 12, each for a gain of 1: the standard deviation 2.83 over the square root of two draws.

    >>> round(icer_error([8.0, 12.0], [1.0, 1.0]), 12)
    2.0
    """
    c, q = np.asarray(costs, np.float64), np.asarray(qalys, np.float64)
    if c.shape != q.shape:
        raise ValueError(f"costs of {len(c)} draws and QALYs of {len(q)}")
    if len(c) < 2:
        return math.inf
    mean, root = float(q.mean()), math.sqrt(len(c))
    if abs(mean) <= SEEN * float(q.std(ddof=1)) / root:
        return math.inf
    ratio = float(c.mean()) / mean
    return float(np.std(c - ratio * q, ddof=1)) / (root * abs(mean))


def switch_error(costs: ArrayLike, qalys: ArrayLike, threshold: float) -> float:
    """Monte Carlo standard error of the threshold at which the strategy of the highest mean net benefit changes.

    Parameters
    ----------
    costs, qalys : array (strategy, draw)
        [GBP], [QALYs]
    threshold : float
        At which it changes: the ICER of the means of the two strategies on either side. [GBP/QALY]

    Returns
    -------
    float
        [GBP/QALY]; inf where the draws do not tell that ICER.

    Examples
    --------
    >>> round(switch_error([[0.0, 0.0], [8.0, 12.0]], [[0.0, 0.0], [1.0, 1.0]], 10.0), 12)
    2.0
    """
    c, q = np.asarray(costs, np.float64), np.asarray(qalys, np.float64)
    near = threshold * (1.0 - BESIDE), threshold * (1.0 + BESIDE)
    before, after = (int(np.argmax(at * q.mean(axis=1) - c.mean(axis=1))) for at in near)
    return icer_error(c[after] - c[before], q[after] - q[before])


def draws_needed(draws: int, error: float, wanted: float) -> int:
    """Draws that bring a Monte Carlo standard error down to a wanted one: it falls with their square root.

    Parameters
    ----------
    draws : int
        Of which there are.
    error, wanted : float
        The standard error that they have, and the one that is wanted. [GBP/QALY] or any other unit, the same for both

    Returns
    -------
    int
        Rounded up to two digits. [draws]

    Raises
    ------
    ValueError
        An error that is not finite, or a wanted one that is not above 0.

    Examples
    --------
    Half the error takes four times the draws.

    >>> draws_needed(1_000, 0.2, 0.1), draws_needed(10_000, 68_388.0, 11_358.0)
    (4000, 370000)
    """
    if not math.isfinite(error) or not wanted > 0.0:
        raise ValueError(f"no draws bring an error of {error} to {wanted}")
    exact = draws * (error / wanted) ** 2
    step = 10.0 ** max(math.floor(math.log10(max(exact, 1.0))) - DIGITS + 1, 0)
    return int(math.ceil(exact / step * (1.0 - 1e-12)) * step)
