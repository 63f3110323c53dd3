"""How a quantity spreads around its value: as a function of a standard normal deviate, its quantiles, its moments.

Each family is written once, as the value at a standard normal deviate z, so that sampling, quantiles for one-way
analysis and correlated sampling agree by construction. To add a family, see `netcea.quantities.quantity.Uncertainty`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.quantities.quantity import Quantity

SAMPLED_TOGETHER: Final = ("dirichlet", "joint")
"""Families of quantities that are drawn with others, never alone."""


def is_uncertain(quantity: Quantity) -> bool:
    """Say whether a quantity has a distribution of its own: neither fixed nor drawn with others."""
    return quantity.uncertainty.family not in ("fixed", *SAMPLED_TOGETHER)


def at_deviate(quantity: Quantity, z: Array) -> Array:
    """Return the value of a quantity at standard normal deviates, in its own unit.

    The value's rank in its distribution is the deviate's rank among standard normal ones. A log-normal (and an
    interval on the log scale) has the point estimate as its median, every other family as its mean.

    Parameters
    ----------
    quantity : Quantity
        With a distribution of its own.
    z : Array
        Standard normal deviates, of any shape.

    Raises
    ------
    ValueError
        The quantity is fixed, or drawn with others.

    Examples
    --------
    >>> from netcea.quantities.quantity import Quantity, Uncertainty, LogSpread
    >>> ratio = Quantity(value=0.5, unit="ratio", source=["x"], status="published",
    ...                  uncertainty=Uncertainty(log_normal=LogSpread(se_log=0.1)))
    >>> at_deviate(ratio, np.array([0.0, 1.0])).round(6).tolist()
    [0.5, 0.552585]
    """
    value, spread = quantity.value, quantity.uncertainty
    if spread.normal is not None:
        return value + spread.normal.standard_error(value) * z
    if spread.log_normal is not None:
        return np.asarray(value * np.exp(spread.log_normal.se_log * z), dtype=np.float64)
    if spread.ci95 is not None:
        error = spread.ci95.standard_error() * z
        if spread.ci95.scale == "log":
            return np.asarray(value * np.exp(error), dtype=np.float64)
        if spread.ci95.scale == "complementary_log_log":
            return np.asarray(np.exp(math.log(value) * np.exp(error)), dtype=np.float64)
        return value + error
    return at_rank(quantity, _normal_cdf(z))


def at_rank(quantity: Quantity, p: Array) -> Array:
    """Return quantiles of a quantity's distribution, in its own unit.

    Parameters
    ----------
    quantity : Quantity
        With a distribution of its own.
    p : Array
        Ranks, above 0 and below 1, of any shape.

    Raises
    ------
    ValueError
        The quantity is fixed, or drawn with others.

    Examples
    --------
    >>> from netcea.quantities.quantity import Bounds, Quantity, Uncertainty
    >>> share = Quantity(value=0.5, unit="proportion", source=["x"], status="published",
    ...                  uncertainty=Uncertainty(uniform=Bounds(low=0.0, high=1.0)))
    >>> at_rank(share, np.array([0.025, 0.975])).tolist()
    [0.025, 0.975]
    """
    from scipy import special

    value, spread = quantity.value, quantity.uncertainty
    if spread.beta is not None:
        return np.asarray(special.betaincinv(*spread.beta.alpha_beta(value), p), dtype=np.float64)
    if spread.gamma is not None:
        shape, scale = gamma_shape_scale(value, spread.gamma.standard_error(value))
        return np.asarray(special.gammaincinv(shape, p) * scale, dtype=np.float64)
    if spread.uniform is not None:
        return spread.uniform.low + (spread.uniform.high - spread.uniform.low) * p
    if not is_uncertain(quantity):
        msg = f"a quantity with the uncertainty '{spread.family}' has no distribution of its own"
        raise ValueError(msg)
    return at_deviate(quantity, np.asarray(special.ndtri(p), dtype=np.float64))


def moments(quantity: Quantity) -> tuple[float, float]:
    """Return mean and standard deviation of a quantity's distribution, in its own unit.

    A survival probability with an interval on the complementary log-log scale is integrated numerically (41 nodes).

    Examples
    --------
    >>> from netcea.quantities.quantity import BetaSpread, Quantity, Uncertainty
    >>> share = Quantity(value=0.25, unit="proportion", source=["x"], status="published",
    ...                  uncertainty=Uncertainty(beta=BetaSpread(se=0.05)))
    >>> [round(x, 12) for x in moments(share)]
    [0.25, 0.05]
    """
    value, spread = quantity.value, quantity.uncertainty
    if spread.log_normal is not None:
        return _log_normal_moments(value, spread.log_normal.se_log)
    if spread.ci95 is not None and spread.ci95.scale == "log":
        return _log_normal_moments(value, spread.ci95.standard_error())
    if spread.normal is not None:
        return value, spread.normal.standard_error(value)
    if spread.ci95 is not None and spread.ci95.scale == "identity":
        return value, spread.ci95.standard_error()
    if spread.gamma is not None:
        return value, spread.gamma.standard_error(value)
    if spread.beta is not None:
        alpha, beta = spread.beta.alpha_beta(value)
        return value, math.sqrt(value * (1.0 - value) / (alpha + beta + 1.0))
    if spread.uniform is not None:
        low, high = spread.uniform.low, spread.uniform.high
        return (low + high) / 2.0, (high - low) / math.sqrt(12.0)
    z, weights = normal_nodes(41)
    values = at_deviate(quantity, z)
    mean = float(np.vecdot(values, weights))
    return mean, math.sqrt(float(np.vecdot((values - mean) ** 2, weights)))


@lru_cache(maxsize=16)
def normal_nodes(n: int) -> tuple[Array, Array]:
    """Return nodes and weights of Gauss-Hermite quadrature over a standard normal deviate; weights add up to 1.

    >>> z, weights = normal_nodes(5)
    >>> round(float(np.vecdot(z**4, weights)), 12)
    3.0
    """
    z, weights = np.polynomial.hermite_e.hermegauss(n)
    return z, weights / weights.sum()


def gamma_shape_scale(mean: float, standard_error: float) -> tuple[float, float]:
    """Return shape and scale of the gamma distribution with a mean and a standard deviation.

    >>> gamma_shape_scale(4.0, 2.0)
    (4.0, 1.0)
    """
    variance = standard_error**2
    return mean**2 / variance, variance / mean


def _log_normal_moments(median: float, se_log: float) -> tuple[float, float]:
    mean = median * math.exp(se_log**2 / 2.0)
    return mean, mean * math.sqrt(math.expm1(se_log**2))


def _normal_cdf(z: Array) -> Array:
    from scipy import special

    return np.asarray(special.ndtr(z), dtype=np.float64)
