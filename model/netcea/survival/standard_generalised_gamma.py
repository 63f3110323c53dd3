"""The standard generalised gamma, w = (log T - mu) / sigma, for any Q: accurate in both tails and near Q = 0.

With k = 1 / Q^2 and u = k exp(Q w), S is the upper (Q > 0) or lower (Q < 0) regularised incomplete gamma
function of (k, u). Near Q = 0 that form loses all digits and a uniform expansion takes over; at Q = 0 it is
the normal law.

References
----------
Prentice RL. A log gamma model and its maximum likelihood estimation. Biometrika 1974;61:539-544.
NIST Digital Library of Mathematical Functions, 8.9.2, 8.11.4 (incomplete gamma).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.special import special
from netcea.survival import uniform_expansion
from netcea.survival.elementwise import hazard_to_reach, quietly
from netcea.survival.jets import Jet, of_two
from netcea.survival.uniform_expansion import LOG_ROOT_2PI, deviate, stirling_remainder

UNIFORM_BELOW = 0.04
"""|Q| below which the uniform expansion is used (H and hazard stay within 3e-12)."""


def _upper_fraction(k: Array, u: Array) -> Array:
    """Return Gamma(k, u) exp(u) u^-k by its continued fraction (modified Lentz), for u > k + 1."""
    b = u + 1.0 - k
    c, d = np.full_like(u, 1e300), 1.0 / b
    h = d.copy()
    active = np.ones(u.shape, dtype=np.bool_)
    for i in range(1, 2000):
        a = -i * (i - k)
        b = b + 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        h = np.where(active, h * d * c, h)
        active &= np.abs(d * c - 1.0) > 1e-15
        if not active.any():
            break
    return h


def _lower_series(k: Array, u: Array) -> Array:
    """Return gamma(k, u) exp(u) u^-k by its series."""
    term = 1.0 / k
    total = term.copy()
    for n in range(1, 4000):
        term = term * (u / (k + n))
        total = total + term
        if (term <= 1e-18 * total).all():
            break
    return total


def _from_the_smaller_tail(
    k: Array, u: Array, positive: NDArray[np.bool_], where: NDArray[np.bool_]
) -> tuple[Array, NDArray[np.bool_]]:
    """Return H from the smaller of P and 1 - P, or nearly (only one is needed); and where survival underflows."""
    below, tail = u < k, np.ones_like(u)
    for side, function in ((below & where, special.gammainc), (~below & where, special.gammaincc)):
        tail[side] = function(k[side], u[side])
    failed = below == positive
    survived, h = ~failed, np.empty_like(tail)
    np.log1p(-np.minimum(tail, 1.0 - 1e-16), out=h, where=failed)
    np.log(np.maximum(tail, 1e-300), out=h, where=survived)
    return np.negative(h, out=h), (tail < 1e-280) & survived


def _direct(w: Array, q: Array) -> tuple[Array, Array]:
    """Return H and hazard away from Q = 0, from the incomplete gamma functions."""
    q = np.where(np.abs(q) < 1e-8, 1e-8, q)
    k, y = 1.0 / q**2, np.minimum(q * w, 650.0)
    u = k * np.exp(y)
    log_density = -0.5 * deviate(w, y) ** 2 - LOG_ROOT_2PI - stirling_remainder(k)
    positive = q > 0.0
    h, tiny = _from_the_smaller_tail(k, u, positive, np.ones(u.shape, dtype=np.bool_))
    underflow = y < -600.0  # u is 0, its power k is not: the first term of the series
    log_lower = log_density - np.log(np.abs(q)) - np.log(k)
    h = np.where(underflow & positive, -np.log1p(-np.exp(np.where(underflow, log_lower, -1.0))), h)
    hazard = np.exp(np.minimum(log_density + h, 700.0))
    for far, series in ((tiny & positive, _upper_fraction), ((tiny | underflow) & ~positive, _lower_series)):
        if far.any():
            ratio = series(k[far], u[far])
            size = np.abs(q[far])
            h[far] = np.log(size / ratio) - log_density[far]
            hazard[far] = size / ratio
    return h, hazard


@quietly
def cumulative_hazard(w: Array, q: Array) -> Array:
    """Cumulative hazard at w of the standard generalised gamma: that of `hazards`, without the hazard.

    Parameters
    ----------
    w : Array (draw, time)
        (log t - mu) / sigma; -inf at t = 0. [1]
    q : Array (draw, 1)
        Q, any number. [1]

    Returns
    -------
    Array (draw, time)
        From 0. [1]

    Examples
    --------
    >>> round(float(cumulative_hazard(np.array(0.0), np.array(1.0))), 12)  # Q = 1: H = exp(w)
    1.0
    """
    w, q = np.asarray(w, dtype=np.float64), np.asarray(q, dtype=np.float64)
    away = np.abs(q) >= UNIFORM_BELOW
    safe = np.where(away, q, 1.0)
    k, y = 1.0 / safe**2, np.minimum(safe * w, 650.0)
    u = k * np.exp(y)
    h, tiny = _from_the_smaller_tail(np.broadcast_to(k, u.shape), u, safe > 0.0, np.broadcast_to(away, u.shape))
    plain = away & (w < np.inf) & ~tiny & ((y >= -600.0) | (w == -np.inf))
    if plain.all():
        return h
    small = np.broadcast_to(_is_small(w, q), h.shape)
    w, q = np.broadcast_to(w, h.shape), np.broadcast_to(q, h.shape)
    for mask, branch in ((small, uniform_expansion.cumulative_hazard), (~small & ~plain, _hazard_of_any)):
        if mask.any():
            h[mask] = branch(w[mask], q[mask])
    return h


def _hazard_of_any(w: Array, q: Array) -> Array:
    return hazards(w, q)[0]


def _is_small(w: Array, q: Array) -> NDArray[np.bool_]:
    """Say where Q is so near 0 that the uniform expansion is used; it is for finite w."""
    finite = np.isfinite(w)
    return np.asarray(finite & (np.abs(q) < UNIFORM_BELOW) & (np.abs(np.where(finite, w, 0.0) * q) < 3.0))


@quietly
def hazards(w: Array, q: Array) -> tuple[Array, Array]:
    """Cumulative hazard at w and hazard per unit of w of the standard generalised gamma.

    Parameters
    ----------
    w : Array (draw, time)
        (log t - mu) / sigma; -inf at t = 0. [1]
    q : Array (draw, 1)
        Q, any number. [1]

    Returns
    -------
    cumulative_hazard : Array (draw, time)
        From 0. [1]
    hazard : Array (draw, time)
        From 0. [1 / unit of w]

    Notes
    -----
    With k = 1 / Q^2, u = k exp(Q w): H = -log(1 - P(k, u)) for Q > 0, -log P(k, u) for Q < 0, -log Phi(-w) for Q = 0.

    References
    ----------
    Prentice RL. A log gamma model and its maximum likelihood estimation. Biometrika 1974;61:539-544.

    Examples
    --------
    >>> h, hazard = hazards(np.array(0.0), np.array(1.0))  # Q = 1: H = exp(w)
    >>> round(float(h), 12), round(float(hazard), 12)
    (1.0, 1.0)
    """
    w, q = (np.array(a, dtype=np.float64) for a in np.broadcast_arrays(w, q))
    h, hazard = np.where(w > 0.0, np.inf, np.zeros(w.shape)), np.zeros(w.shape)
    finite, small = np.isfinite(w), _is_small(w, q)
    for mask, branch in ((small, uniform_expansion.hazards), (finite & ~small, _direct)):
        if mask.any():
            h[mask], hazard[mask] = branch(w[mask], q[mask])
    return h, hazard


@quietly
def likelihood_terms(w: Jet, q: Jet) -> tuple[Jet, Jet]:
    """Cumulative hazard at w, and logarithm of the hazard per unit of w, with their derivatives.

    Parameters
    ----------
    w : Jet (time,)
        (log t - mu) / sigma. [1]
    q : Jet (1,)
        Q, any number. [1]

    Returns
    -------
    cumulative_hazard : Jet (time,)
        [1]
    log_hazard : Jet (time,)
        [log(1 / unit of w)]

    Notes
    -----
    By w: dH / dw = h, d log h / dw = h - (exp(Q w) - 1) / Q. By Q there is no closed form: central differences of
    fourth order, of functions that are good to 1e-12.

    Examples
    --------
    >>> from netcea.survival.jets import variables
    >>> h, log_h = likelihood_terms(*variables([0.0, 1.0]))  # Q = 1: H = exp(w)
    >>> h.value.round(9).tolist(), h.slope[0].round(9).tolist(), log_h.slope[0].round(9).tolist()
    ([1.0], [1.0], [1.0])
    """
    step = 2e-3 * max(1.0, float(np.abs(q.value).max()))
    by = q.value + step * np.arange(-2.0, 3.0)[:, None]
    h, hazard = hazards(w.value, by)
    y = by * w.value
    near = np.abs(y) < 1e-12
    towards = hazard - w.value * np.where(near, 1.0, np.expm1(y) / np.where(near, 1.0, y))  # d log h / dw
    log_hazard = np.log(hazard)
    (h_q, h_qq), (l_q, l_qq), (l_wq, _) = (_by_q(f, step) for f in (h, log_hazard, towards))
    at, slope = hazard[2], towards[2]
    return (
        of_two(w, q, h[2], (at, h_q), (at * slope, at * l_q, h_qq)),
        of_two(w, q, log_hazard[2], (slope, l_q), (at * slope - np.exp(y[2]), l_wq, l_qq)),
    )


def _by_q(f: Array, step: float) -> tuple[Array, Array]:
    """Return first and second derivatives by Q at the third of five equally spaced values, Array (time,)."""
    first = (f[0] - 8.0 * f[1] + 8.0 * f[3] - f[4]) / (12.0 * step)
    second = (16.0 * (f[1] + f[3]) - 30.0 * f[2] - f[0] - f[4]) / (12.0 * step**2)
    return first, second


@quietly
def quantile(p: Array, q: Array) -> Array:
    """The w by which a share p has failed, by Newton's method on the logarithm of the cumulative hazard.

    Parameters
    ----------
    p : Array (draw, share)
        0 to 1. [share]
    q : Array (draw, 1)
        Q, any number. [1]

    Returns
    -------
    Array (draw, share)
        -inf at p = 0, inf at p = 1. [1]

    Examples
    --------
    >>> round(float(quantile(np.array(0.975), np.array(0.0))), 4)  # the normal's
    1.96
    """
    p, q = (np.array(a, dtype=np.float64) for a in np.broadcast_arrays(p, q))
    w = np.where(p >= 1.0, np.inf, np.full(p.shape, -np.inf))
    inside = (p > 0.0) & (p < 1.0)
    if inside.any():
        p, q = p[inside], q[inside]
        target = hazard_to_reach(p)
        guess = np.where(np.abs(q) < UNIFORM_BELOW, special.ndtri(p), _first_guess(p, q))
        w[inside] = _newton(guess, target, q)
    return w


def _newton(guess: Array, target: Array, q: Array) -> Array:
    """Return the w at which the cumulative hazard is the target; an element is done when its step is below 1e-12."""
    moving = np.arange(len(guess))
    for _ in range(6):
        h, hazard = hazards(guess[moving], q[moving])
        step = (np.log(h) - np.log(target[moving])) * h / hazard
        step = np.where(np.isfinite(step), step, 0.0)
        guess[moving] -= step
        moving = moving[np.abs(step) > 1e-12]
        if not len(moving):
            break
    return guess


def _first_guess(p: Array, q: Array) -> Array:
    q = np.where(np.abs(q) < UNIFORM_BELOW, 1.0, q)
    k = 1.0 / q**2
    below = np.where(q > 0.0, p, 1.0 - p)
    above = np.where(q > 0.0, 1.0 - p, p)
    u = np.where(below < 0.5, special.gammaincinv(k, below), special.gammainccinv(k, above))
    tiny = u < 1e-200
    log_u = np.where(tiny, (np.log(below) + special.gammaln(k + 1.0)) / k, np.log(np.where(tiny, 1.0, u)))
    return np.asarray((log_u - np.log(k)) / q)
