"""Generalised gamma distribution (Prentice): Q = 0 is log-normal, Q = 1 Weibull, Q = sigma gamma."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from scipy import special

from netcea.arrays import Array
from netcea.survival import standard_generalised_gamma as standard
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import quietly
from netcea.survival.integrate import integral
from netcea.survival.spreadsheet import (
    Let,
    Refs,
    after_start,
    in_one,
    minus_log_lower_gamma,
    minus_log_normal_tail,
    minus_log_upper_gamma,
)


@quietly
def _w(t: Array, parameters: Parameters) -> Array:
    return np.asarray((np.log(t) - parameters["mu"]) / parameters["sigma"])


def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
    """Cumulative hazard of the generalised gamma.

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative. [unit of time]
    parameters : mapping
        ``mu`` : Array (draw, 1). [log(unit of time)]
        ``sigma`` : Array (draw, 1), above 0. [1]
        ``Q`` : Array (draw, 1), any sign. [1]

    Notes
    -----
    With w = (log t - mu) / sigma, k = 1 / Q^2, u = k exp(Q w): S(t) = 1 - P(k, u) for Q > 0, P(k, u) for
    Q < 0, Phi(-w) for Q = 0; P is the lower regularised incomplete gamma function.

    Examples
    --------
    >>> weibull = {"mu": np.log(3.0), "sigma": np.array(0.5), "Q": np.array(1.0)}  # shape 2, scale 3
    >>> round(float(cumulative_hazard(np.array(6.0), weibull)), 12)  # (6 / 3)^2
    4.0
    """
    return standard.hazards(_w(t, parameters), parameters["Q"])[0]


@quietly
def _hazard_at_zero(parameters: Parameters) -> Array:
    """Return the limit at t = 0: f(t) goes like t^(1 / (Q sigma) - 1) for Q > 0, and to 0 otherwise."""
    mu, sigma, q = (np.asarray(parameters[name], dtype=np.float64) for name in ("mu", "sigma", "Q"))
    power = q * sigma
    k = 1.0 / q**2
    finite = q / sigma * np.exp(k * np.log(k) - special.gammaln(k) - mu)
    return np.asarray(np.where(power > 1.0, np.inf, np.where(power == 1.0, finite, 0.0)))


@quietly
def hazard(t: Array, parameters: Parameters) -> Array:
    """Hazard h(t) = f(t) / S(t). [1 / unit of time].

    Examples
    --------
    >>> weibull = {"mu": np.log(3.0), "sigma": np.array(0.5), "Q": np.array(1.0)}  # shape 2, scale 3
    >>> round(float(hazard(np.array(6.0), weibull)), 12)  # 2/3 x 2
    1.333333333333
    """
    later = np.asarray(t) > 0.0
    h = standard.hazards(_w(t, parameters), parameters["Q"])[1]
    per_time = h / parameters["sigma"] / np.where(later, t, 1.0)
    return np.asarray(np.where(later, per_time, _hazard_at_zero(parameters)))


@quietly
def quantile(p: Array, parameters: Parameters) -> Array:
    """Time by which a share p has failed. [unit of time].

    Examples
    --------
    >>> log_normal = {"mu": np.array(0.0), "sigma": np.array(1.0), "Q": np.array(0.0)}
    >>> round(float(quantile(np.array(0.5), log_normal)), 12)
    1.0
    """
    w = standard.quantile(p, parameters["Q"])
    return np.asarray(np.exp(parameters["mu"] + parameters["sigma"] * w))


@quietly
def restricted_mean(t: Array, parameters: Parameters) -> Array:
    """Area under S from 0 to t. [unit of time].

    Notes
    -----
    Gauss-Legendre quadrature in w between the times at which 1e-18 and all but 1e-20 have failed; before, S
    is 1, and after, nothing is left. (The closed form in incomplete gamma functions loses its digits near
    Q = 0 and does not exist for some negative Q.)

    Examples
    --------
    >>> weibull = {"mu": np.log(2.0), "sigma": np.array(1.0), "Q": np.array(1.0)}
    >>> round(float(restricted_mean(np.array(2.0), weibull)), 4)  # exponential, mean 2: 2 (1 - 1/e)
    1.2642
    """
    mu, sigma, q = (np.asarray(parameters[name], dtype=np.float64) for name in ("mu", "sigma", "Q"))
    w = _w(t, parameters)
    first = np.minimum(standard.quantile(np.array(1e-18), q), w)
    last = np.minimum(w, np.maximum(_last(q), first))

    def in_log_time(x: Array) -> Array:
        return np.asarray(sigma * np.exp(mu + sigma * x - standard.hazards(x, q)[0]))

    later = integral(
        in_log_time, np.where(np.isfinite(first), first, 0.0), np.where(np.isfinite(last), last, 0.0), 40, "both"
    )
    return np.asarray(np.exp(mu + sigma * first) + later)


def _last(q: Array) -> Array:
    """Return a w at which S is below 1e-19: the mirror image of -Q for the early tail."""
    return np.asarray(-standard.quantile(np.array(1e-20), -q))


def without_formula(parameters: Mapping[str, float]) -> str:
    """Return why the formula has too few digits; '' where it has enough.

    >>> without_formula({"Q": 0.0}), without_formula({"Q": 0.5})
    ('', '')
    """
    if 0.0 < abs(parameters["Q"]) < 0.001:
        return f"a generalised gamma with Q = {parameters['Q']:g}: between 0 and 0.001 spreadsheets have too few digits"
    return ""


def steps(t: str, refs: Refs, let: Let) -> str:
    """Cumulative hazard as a spreadsheet formula; #N/A where 0 < |Q| < 0.001, where GAMMADIST has too few digits."""
    q = refs["Q"]
    w = let("w", f"(LN({t})-{refs['mu']})/{refs['sigma']}")
    k = let("k", f"IF({q}=0,1,{q}^(-2))")
    u = let("u", f"{k}*EXP(MIN({q}*{w},600))")
    away = f"IF({q}>0,{minus_log_upper_gamma(k, u)},{minus_log_lower_gamma(k, u)})"
    return after_start(t, f"IF({q}=0,{minus_log_normal_tail(w)},IF(ABS({q})<0.001,NA(),{away}))")


GENERALISED_GAMMA = Distribution(
    name="generalised_gamma",
    parameters=(Parameter("mu", "identity"), Parameter("sigma", "log"), Parameter("Q", "identity")),
    cumulative_hazard=cumulative_hazard,
    hazard=hazard,
    quantile=quantile,
    restricted_mean=restricted_mean,
    formula=partial(in_one, steps),
    steps=steps,
    without_formula=without_formula,
)
