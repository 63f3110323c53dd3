"""The generalised gamma near Q = 0: Temme's uniform expansion of the incomplete gamma functions.

References
----------
NIST Digital Library of Mathematical Functions, 8.12.3-8.12.12 (uniform expansion), 5.11.3 (gamma function).
"""

from __future__ import annotations

import math

import numpy as np

from netcea.arrays import Array
from netcea.special import special

LOG_ROOT_2PI = 0.5 * math.log(2.0 * math.pi)
_EXPONENTIAL_SERIES = [2.0 / math.factorial(n + 2) for n in range(16)]
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)


def _uniform_coefficients(terms: int = 44) -> list[list[float]]:
    """Return the Taylor coefficients of c0, c1, c2 in eta (DLMF 8.12.10-8.12.12)."""
    alpha = [0.0, 1.0]
    for n in range(2, terms + 3):
        alpha.append((alpha[n - 1] - sum(j * alpha[j] * alpha[n - j + 1] for j in range(2, n))) / (n + 1))
    reciprocal = [1.0]
    for n in range(1, terms + 1):
        reciprocal.append(-sum(alpha[j + 1] * reciprocal[n - j] for j in range(1, n + 1)))
    c0 = reciprocal[1:]
    c1 = [(n + 2) * c0[n + 2] - c0[n] / 12.0 for n in range(terms - 2)]
    c2 = [(n + 2) * c1[n + 2] + c0[n] / 288.0 for n in range(terms - 4)]
    return [c0, c1, c2]


_C0, _C1, _C2 = _uniform_coefficients()
CENTRE = 0.25
"""|Q w| below which few terms are enough: the rest is below 1e-17 (a series' radius of convergence is 2 sqrt pi)."""
_CENTRE = (_EXPONENTIAL_SERIES[:12], _C0[:16], _C1[:13], _C2[:10])


def _horner(coefficients: list[float] | tuple[float, ...], x: Array) -> Array:
    total = np.full_like(x, coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total *= x
        total += c
    return total


def deviate(w: Array, y: Array) -> Array:
    """Return the normal deviate z, Array (draw, time): z^2 / 2 = k (exp(y) - 1 - y), k = 1 / Q^2, the sign of w.

    Parameters
    ----------
    w : Array (draw, time)
        (log t - mu) / sigma. [1]
    y : Array (draw, time)
        Q w; at 0 z is w itself. [1]

    Examples
    --------
    >>> round(float(deviate(np.array(1.0), np.array(1.0))), 4)  # sqrt(2 (e - 2))
    1.1986
    """
    small = np.abs(y) < 0.5
    safe = np.where(small, 1.0, y)
    square = np.where(
        small, _horner(_EXPONENTIAL_SERIES, np.where(small, y, 0.0)), 2.0 * (np.expm1(safe) - safe) / safe**2
    )
    return np.asarray(w * np.sqrt(square))


def stirling_remainder(k: Array) -> Array:
    """Return what Stirling's formula lacks, log Gamma(k) - ((k - 1/2) log k - k + log(2 pi) / 2), Array (draw, 1).

    Parameters
    ----------
    k : Array (draw, 1)
        Above 0. [1]

    References
    ----------
    NIST Digital Library of Mathematical Functions, 5.11.3.

    Examples
    --------
    >>> round(float(stirling_remainder(np.array(1.0))), 4)  # 1 - 0.9189
    0.0811
    """
    large = k > 12.0
    inverse = 1.0 / np.where(large, k, 1.0)
    low = np.where(large, 1.0, k)
    exact = special.gammaln(low) - ((low - 0.5) * np.log(low) - low + LOG_ROOT_2PI)
    return np.asarray(np.where(large, inverse * _horner(_STIRLING, inverse**2), exact))


def _correction(y: Array, square: Array) -> Array:
    """Return c0(eta) + c1(eta) Q^2 + c2(eta) Q^4, the factor of the uniform expansion."""
    eta = deviate(y, y)
    near = np.abs(eta) < 1.0
    e = np.where(near, eta, 0.0)
    n, m = 1.0 / np.where(near, 1.0, eta), 1.0 / np.where(near, 1.0, np.expm1(y))
    c0 = np.where(near, _horner(_C0, e), m - n)
    c1 = np.where(near, _horner(_C1, e), n**3 - m**3 - m**2 - m / 12.0)
    far = 3.0 * (m**5 - n**5) + 5.0 * m**4 + 25.0 / 12.0 * m**3 + m**2 / 12.0 + m / 288.0
    c2 = np.where(near, _horner(_C2, e), far)
    return np.asarray(c0 + square * (c1 + square * c2))


def normal_hazard(z: Array) -> Array:
    """Return the hazard of the standard normal, phi(z) / (1 - Phi(z)), Array (draw, time).

    Parameters
    ----------
    z : Array (draw, time)
        Any number. [1]

    Examples
    --------
    >>> round(float(normal_hazard(np.array(0.0))), 4)  # 0.3989 / 0.5
    0.7979
    """
    return np.asarray(math.sqrt(2.0 / math.pi) / special.erfcx(z / math.sqrt(2.0)))


def cumulative_hazard(w: Array, q: Array) -> Array:
    """Cumulative hazard of the standard generalised gamma near Q = 0: that of `hazards`, without the hazard.

    Parameters
    ----------
    w : Array (element,)
        (log t - mu) / sigma, |Q w| below 3. [1]
    q : Array (element,)
        Q, |Q| below 0.04. [1]

    Returns
    -------
    Array (element,)
        From 0. [1]

    Examples
    --------
    >>> round(float(cumulative_hazard(np.array([0.0]), np.array([0.0]))[0]), 4)  # the normal: log 2
    0.6931
    """
    y = q * w
    centre = np.abs(y) < CENTRE
    if centre.all():
        return _in_the_centre(w, q, y)
    h = np.empty_like(y)
    h[centre], h[~centre] = _in_the_centre(w[centre], q[centre], y[centre]), hazards(w[~centre], q[~centre])[0]
    return h


def _in_the_centre(w: Array, q: Array, y: Array) -> Array:
    """Return H where |Q w| is so small that a third of the terms of each series is enough.

    Of the two tails the smaller is worked out, Phi(-|z|) = erfcx(|z| / sqrt 2) exp(-z^2 / 2) / 2.
    """
    root = np.sqrt(_horner(_CENTRE[0], y))
    z, eta, square = w * root, y * root, q**2
    c0, c1, c2 = (_horner(coefficients, eta) for coefficients in _CENTRE[1:])
    scaled = special.erfcx(np.abs(z) * math.sqrt(0.5))
    factor = q * (c0 + square * (c1 + square * c2)) * math.sqrt(2.0 / math.pi) / scaled
    early = z < 0.0
    correction = np.log1p(np.maximum(np.where(early, -factor, factor), -1.0 + 1e-15))
    log_tail = np.log(0.5 * scaled) - 0.5 * z**2 + correction
    return np.where(early, -np.log1p(-np.minimum(np.exp(log_tail), 0.75)), -log_tail)


def hazards(w: Array, q: Array) -> tuple[Array, Array]:
    """Cumulative hazard and hazard of the standard generalised gamma near Q = 0.

    Parameters
    ----------
    w : Array (draw, time)
        (log t - mu) / sigma, |Q w| below 3. [1]
    q : Array (draw, 1)
        Q, |Q| below 0.04. [1]

    Returns
    -------
    cumulative_hazard : Array (draw, time)
        From 0. [1]
    hazard : Array (draw, time)
        From 0. [1 / unit of w]

    Notes
    -----
    S = Phi(-z) + Q phi(z) c(eta), c by the uniform expansion in powers of Q^2.

    References
    ----------
    NIST Digital Library of Mathematical Functions, 8.12.3-8.12.12.

    Examples
    --------
    >>> h, hazard = hazards(np.array([0.0]), np.array([0.0]))  # the normal: log 2, 0.3989 / 0.5
    >>> round(float(h[0]), 4), round(float(hazard[0]), 4)
    (0.6931, 0.7979)
    """
    y = q * w
    z, c = deviate(w, y), _correction(y, q**2)
    hazard = normal_hazard(z)
    factor = q * c * hazard
    upper = np.maximum(factor, -1.0 + 1e-15)
    with_low = np.exp(special.log_ndtr(z) + np.log1p(np.maximum(-q * c * normal_hazard(-z), -1.0 + 1e-15)))
    low = -np.log1p(-np.minimum(with_low, 0.75))
    high = -(special.log_ndtr(-z) + np.log1p(upper))
    density = np.exp(-stirling_remainder(1.0 / np.maximum(q**2, 1e-30)))
    return np.where(z < 0.0, low, high), density * hazard / (1.0 + upper)
