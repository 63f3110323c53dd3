"""Generalised gamma distribution (Prentice): Q = 0 is log-normal, Q = 1 Weibull, Q = sigma gamma."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.special import special
from netcea.survival import standard_generalised_gamma as standard
from netcea.survival.base import Distribution
from netcea.survival.elementwise import quietly
from netcea.survival.in_log_time import cumulative_hazard_in_log_time
from netcea.survival.integrate import integral
from netcea.survival.jets import Jet, exp
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import (
    Let,
    Refs,
    after_start,
    in_brackets,
    minus_log_lower_gamma,
    minus_log_normal_tail,
    minus_log_upper_gamma,
)


class GeneralisedGamma(Distribution):
    """Generalised gamma distribution in Prentice's form: Q = 0 is log-normal, Q = 1 Weibull, Q = sigma gamma.

    With w = (log t - mu) / sigma, k = 1 / Q^2, u = k exp(Q w): S(t) = 1 - P(k, u) for Q > 0, P(k, u) for Q < 0,
    Phi(-w) for Q = 0; P is the lower regularised incomplete gamma function.

    Notes
    -----
    ``mu``, any number [log(unit of time)]: place on the scale of log time.
    ``sigma``, above 0 [1]: width on the scale of log time.
    ``Q``, any number [1]: shape; accurate for every Q, also near 0.

    References
    ----------
    Prentice RL. A log gamma model and its maximum likelihood estimation. Biometrika 1974;61:539-544.
    flexsurv, Distributions reference, "Generalised gamma (Prentice)". NICE DSU Technical Support Document 14.

    Examples
    --------
    >>> weibull = GeneralisedGamma()(mu=np.log(3.0), sigma=0.5, Q=1.0)  # shape 2, scale 3
    >>> round(weibull.cumulative_hazard(6.0), 12), round(weibull.hazard(6.0), 4)  # (6/3)^2, 2/3 x 2
    (4.0, 1.3333)
    >>> exponential = GeneralisedGamma()(mu=np.log(2.0), sigma=1.0, Q=1.0)
    >>> round(exponential.restricted_mean(2.0), 4)  # 2 (1 - 1/e)
    1.2642
    >>> round(GeneralisedGamma()(mu=0.0, sigma=1.0, Q=0.0).median, 12)  # log-normal: exp(mu)
    1.0
    """

    name = "generalised_gamma"
    parameters = (Parameter("mu", "identity"), Parameter("sigma", "log"), Parameter("Q", "identity"))
    location = ("mu",)
    effect = "log_time_ratio"

    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = -log S(t)."""
        return cumulative_hazard_in_log_time(_at_log_time, t, *(parameters[name] for name in ("mu", "sigma", "Q")))

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = f(t) / S(t)."""
        later = np.asarray(t) > 0.0
        h = standard.hazards(_w(t, parameters), parameters["Q"])[1]
        per_time = h / parameters["sigma"] / np.where(later, t, 1.0)
        return np.asarray(np.where(later, per_time, _hazard_at_zero(parameters)))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array]:
        """mu - log factor, the same sigma and Q."""
        return {
            "mu": np.asarray(parameters["mu"] - np.log(factor)),
            **{n: np.asarray(parameters[n]) for n in ("sigma", "Q")},
        }

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H(w) and log h(w) - log sigma - log t of the standard generalised gamma, w = (log t - mu) / sigma."""
        mu, log_sigma, q = real
        x = np.log(t)
        h, log_hazard = standard.likelihood_terms((x - mu) * exp(-log_sigma), q)
        return h, log_hazard - log_sigma - x

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = exp(mu + sigma w), w by Newton's method."""
        w = standard.quantile(p, parameters["Q"])
        return np.asarray(np.exp(parameters["mu"] + parameters["sigma"] * w))

    @quietly
    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """By Gauss-Legendre quadrature in w, between the times at which 1e-18 and all but 1e-20 have failed.

        Before, S is 1, and after, nothing is left. (The closed form in incomplete gamma functions loses its digits near
        Q = 0 and does not exist for some negative Q.)
        """
        mu, sigma, q = (np.asarray(parameters[name], dtype=np.float64) for name in ("mu", "sigma", "Q"))
        w = _w(t, parameters)
        first = np.minimum(standard.quantile(np.array(1e-18), q), w)
        last = np.minimum(w, np.maximum(_last(q), first))

        def in_log_time(x: Array) -> Array:
            return np.asarray(sigma * np.exp(mu + sigma * x - standard.cumulative_hazard(x, q)))

        later = integral(
            in_log_time, np.where(np.isfinite(first), first, 0.0), np.where(np.isfinite(last), last, 0.0), 40, "both"
        )
        return np.asarray(np.exp(mu + sigma * first) + later)

    def without_formula(self, parameters: Mapping[str, float]) -> str:
        """Too few digits for 0 < |Q| < 0.001.

        Examples
        --------
        >>> GeneralisedGamma().without_formula({"Q": 0.0}), GeneralisedGamma().without_formula({"Q": 0.5})
        ('', '')
        """
        q = parameters["Q"]
        if 0.0 < abs(q) < 0.001:
            return f"a generalised gamma with Q = {read(q)}: between 0 and 0.001 spreadsheets have too few digits"
        return ""

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """-LN of GAMMADIST or 1 - GAMMADIST of (u, k); #N/A where 0 < |Q| < 0.001."""
        q = refs["Q"]
        w = let("w", f"(LN({t})-{refs['mu']})/{refs['sigma']}")
        k = let("k", f"IF({q}=0,1,{q}^(-2))")
        u = let("u", f"{k}*EXP(MIN({q}*{w},600))")
        away = f"IF({q}>0,{minus_log_upper_gamma(k, u)},{minus_log_lower_gamma(k, u)})"
        return after_start(t, f"IF({q}=0,{minus_log_normal_tail(w)},IF(ABS({q})<0.001,NA(),{away}))")


def _at_log_time(x: Array, mu: Array, sigma: Array, q: Array) -> Array:
    return standard.cumulative_hazard(np.asarray((x - mu) / sigma), q)


@quietly
def _w(t: Array, parameters: Parameters) -> Array:
    return np.asarray((np.log(t) - parameters["mu"]) / parameters["sigma"])


@quietly
def _hazard_at_zero(parameters: Parameters) -> Array:
    """Return the limit at t = 0: f(t) goes like t^(1 / (Q sigma) - 1) for Q > 0, and to 0 otherwise."""
    mu, sigma, q = (np.asarray(parameters[name], dtype=np.float64) for name in ("mu", "sigma", "Q"))
    power = q * sigma
    k = 1.0 / q**2
    finite = q / sigma * np.exp(k * np.log(k) - special.gammaln(k) - mu)
    return np.asarray(np.where(power > 1.0, np.inf, np.where(power == 1.0, finite, 0.0)))


def _last(q: Array) -> Array:
    """Return a w at which S is below 1e-19: the mirror image of -Q for the early tail."""
    return np.asarray(-standard.quantile(np.array(1e-20), -q))
