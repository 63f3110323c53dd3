"""Royston-Parmar spline models: a transformed survival is a natural cubic spline of log time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.special import special
from netcea.survival.base import Distribution
from netcea.survival.elementwise import exp_in_place, hazard_to_reach, in_place, power, quietly, softplus
from netcea.survival.integrate import LOG_RANGE, integral
from netcea.survival.jets import Jet, exp, log, log_one_plus_exp, normal_cumulative_hazard
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, after_start, in_brackets, minus_log_normal_tail
from netcea.survival.uniform_expansion import LOG_ROOT_2PI, normal_hazard

Scale: TypeAlias = Literal["hazard", "odds", "normal"]


UNTOUCHED: Final = 1e-18
"""Cumulative hazard before which S is 1."""
NOBODY: Final = 45.0
"""Cumulative hazard after which S, exp(-45) = 3e-20, adds nothing to an area."""
OUTSIDE_PANELS: Final = 10
"""Of the quadrature before the first knot, and after the last."""
INSIDE_WIDTH: Final = 0.25
"""Of its panels between knots. [log(unit of time)]"""


@dataclass(frozen=True)
class _Link:
    """eta as a function of survival: H(eta), dH / d eta, eta at the failed share p, eta at a cumulative hazard."""

    cumulative_hazard: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    eta_at: Callable[[Array], Array]
    eta_of: Callable[[float], float]


LINKS: dict[Scale, _Link] = {
    "hazard": _Link(exp_in_place, np.exp, lambda p: np.asarray(np.log(hazard_to_reach(p))), math.log),
    "odds": _Link(softplus, special.expit, special.logit, lambda h: math.log(math.expm1(h))),
    "normal": _Link(
        lambda eta: np.asarray(0.0 - special.log_ndtr(-eta)),
        normal_hazard,
        special.ndtri,
        lambda h: -float(special.ndtri_exp(-h)),
    ),
}

EFFECTS: dict[Scale, str] = {"hazard": "log_hazard_ratio", "odds": "log_odds_ratio", "normal": "probit_difference"}
"""What a shift of eta is."""


def _combined(terms: list[Array], parameters: Parameters) -> Array:
    """Return gamma1 x the first term + gamma2 x the second + ..."""
    total = np.asarray(parameters["gamma1"] * terms[0])
    for j, term in enumerate(terms[1:], start=2):
        total = in_place(np.add, total, parameters[f"gamma{j}"] * term)
    return total


@dataclass(frozen=True)
class _Spline:
    """Natural cubic spline of x = log time: gamma0 + gamma1 x + sum of gamma_j v_j(x), linear outside."""

    knots: tuple[float, ...]

    def basis(self, x: Array) -> tuple[list[Array], list[Array]]:
        """Return the terms that multiply gamma1, gamma2 ... and their derivatives by x."""
        low, high = self.knots[0], self.knots[-1]
        inner = np.minimum(x, high)
        beyond = np.maximum(x - high, 0.0)
        values, slopes = [x], [np.ones_like(x)]
        for knot in self.knots[1:-1]:
            share = (high - knot) / (high - low)
            a, b = np.maximum(inner - knot, 0.0), np.maximum(inner - low, 0.0)
            slope = 3.0 * a**2 - 3.0 * share * b**2
            values.append(a**3 - share * b**3 + slope * beyond)
            slopes.append(slope)
        return values, slopes

    def at(self, x: Array, parameters: Parameters) -> Array:
        """Return eta."""
        return in_place(np.add, _combined(self.basis(x)[0], parameters), parameters["gamma0"])

    def slope_at(self, x: Array, parameters: Parameters) -> Array:
        """Return d eta / dx."""
        return _combined(self.basis(x)[1], parameters)

    @quietly
    def inverse(self, eta: Array, parameters: Parameters) -> Array:
        """Return the x at which the spline has this value, by bisection between the knots."""
        ends = [np.array(knot) for knot in (self.knots[0], self.knots[-1])]
        at_low, at_high = (self.at(end, parameters) for end in ends)
        slope_low, slope_high = (self.slope_at(end, parameters) for end in ends)
        before = self.knots[0] + (eta - at_low) / slope_low
        after = np.where(slope_high > 0.0, self.knots[-1] + (eta - at_high) / slope_high, np.inf)
        low = np.full(np.broadcast_shapes(np.shape(eta), at_low.shape), self.knots[0])
        high = np.full(low.shape, self.knots[-1])
        for _ in range(60):
            middle = (low + high) / 2.0
            below = self.at(middle, parameters) < eta
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray(np.where(eta <= at_low, before, np.where(eta > at_high, after, high)))


class RoystonParmar(Distribution):
    """Royston-Parmar spline model: log H(t), or another transformed survival, is a natural cubic spline of log time.

    Parameters
    ----------
    knots : sequence of float
        Boundary and internal knots on log time, rising. [log(unit of time)]
    scale : {'hazard', 'odds', 'normal'}
        What the spline is: log H(t), log(1 / S(t) - 1) or -Phi^-1(S(t)).

    Raises
    ------
    ValueError
        Fewer than two knots, knots that do not rise, an unknown scale.

    Notes
    -----
    ``gamma0``, ``gamma1`` ... one for each knot, any number [1]. With x = log t,

    eta(x) = gamma0 + gamma1 x + gamma2 v_1(x) + ...,
    v_j(x) = (x - k_j)+^3 - lambda_j (x - k_min)+^3 - (1 - lambda_j) (x - k_max)+^3,
    lambda_j = (k_max - k_j) / (k_max - k_min).

    Whether eta rises for given gammas is not checked. Without internal knots the model is a Weibull, a log-logistic or
    a log-normal.

    References
    ----------
    Royston P, Parmar MKB. Flexible parametric proportional-hazards and proportional-odds models for censored survival
    data. Statistics in Medicine 2002;21:2175-2197. doi:10.1002/sim.1203
    flexsurv, Distributions reference, "Spline (Royston/Parmar)". NICE DSU Technical Support Document 21.

    Examples
    --------
    >>> weibull = RoystonParmar([0.0, 1.0])  # no internal knot: log H = gamma0 + gamma1 log t
    >>> round(weibull(gamma0=0.0, gamma1=2.0).cumulative_hazard(3.0), 12)
    9.0
    """

    name = "royston_parmar"
    may_rise = True
    location = ("gamma0",)

    def __init__(self, knots: Sequence[float], scale: Scale = "hazard") -> None:
        self.spline = _Spline(tuple(float(knot) for knot in knots))
        if len(self.spline.knots) < 2 or any(b <= a for a, b in pairwise(self.spline.knots)):
            raise ValueError(f"knots: found {list(self.spline.knots)}; expected two or more, rising, on log time")
        if scale not in LINKS:
            raise ValueError(f"scale: found {scale!r}; expected one of {', '.join(LINKS)}")
        self.scale, self.link = scale, LINKS[scale]
        self.parameters = tuple(Parameter(f"gamma{j}", "identity") for j in range(len(self.spline.knots)))
        self.proportional_hazards = scale == "hazard"
        self.effect = EFFECTS[scale]
        self.constants = {f"knot{j}": knot for j, knot in enumerate(self.spline.knots)}

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H = exp(eta), log(1 + exp(eta)) or -log Phi(-eta)."""
        later = np.asarray(t) > 0.0
        eta = self.spline.at(np.log(np.where(later, t, 1.0)), parameters)
        return np.asarray(np.where(later, self.link.cumulative_hazard(eta), 0.0))

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = (dH / d eta) (d eta / dx) / t."""
        later = np.asarray(t) > 0.0
        x = np.log(np.where(later, t, 1.0))
        eta, slope = self.spline.at(x, parameters), self.spline.slope_at(x, parameters)
        gamma1 = np.asarray(parameters["gamma1"])
        start = gamma1 * np.exp(parameters["gamma0"]) * power(gamma1 - 1.0, np.array(-np.inf))
        at_zero = np.zeros(()) if self.scale == "normal" else start
        return np.asarray(np.where(later, slope * self.link.slope(eta) / np.exp(x), at_zero))

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H of eta; log h(t) = log d eta / dx + log dH / d eta - log t, not a number where eta falls."""
        x = np.log(t)
        values, slopes = self.spline.basis(x)
        eta, slope = real[0], real[1] * slopes[0]
        for gamma, value in zip(real[1:], values, strict=True):
            eta = eta + gamma * value
        for gamma, rate in zip(real[2:], slopes[1:], strict=True):
            slope = slope + gamma * rate
        rise = log(slope) - x
        if self.scale == "hazard":
            return exp(eta), rise + eta
        if self.scale == "odds":
            h = log_one_plus_exp(eta)
            return h, rise + eta - h
        h = normal_cumulative_hazard(eta)
        return h, rise + eta * eta * -0.5 + h - LOG_ROOT_2PI

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = exp(x) where the spline has the value of eta at p."""
        return np.asarray(np.exp(self.spline.inverse(np.asarray(self.link.eta_at(p)), parameters)))

    @quietly
    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """By Gauss-Legendre quadrature in log time between the knots, and beyond them where S is neither 1 nor 0.

        Relative error below 1e-12 where eta rises by up to 10 for one of log time. Before the first knot and after the
        last eta is a straight line, so that it is known where H passes 1e-18 and 45.
        """
        knots, x = self.spline.knots, np.log(np.asarray(t, dtype=np.float64))
        first, last = np.minimum(x, knots[0]), np.maximum(x, knots[-1])
        ends = [np.array(knot) for knot in (knots[0], knots[-1])]
        start, reached = (self.spline.at(end, parameters) for end in ends)
        rise, pace = (self.spline.slope_at(end, parameters) for end in ends)
        begin = knots[0] + (np.where(rise > 0.0, self.link.eta_of(UNTOUCHED), self.link.eta_of(NOBODY)) - start) / rise
        begin = np.clip(np.where(rise == 0.0, -np.inf, begin), first - LOG_RANGE, first)
        end = np.where(pace > 0.0, knots[-1] + (self.link.eta_of(NOBODY) - reached) / pace, np.inf)

        def in_log_time(u: Array) -> Array:
            return np.asarray(np.exp(u - self.link.cumulative_hazard(self.spline.at(u, parameters))))

        total = np.where(rise > 0.0, in_log_time(begin), 0.0) + integral(in_log_time, begin, first, OUTSIDE_PANELS)
        for low, high in pairwise(knots):
            panels = 1 + int((high - low) / INSIDE_WIDTH)
            total = total + integral(in_log_time, np.minimum(x, low), np.minimum(x, high), panels)
        after = integral(in_log_time, np.array(knots[-1]), np.clip(end, knots[-1], last), OUTSIDE_PANELS)
        return np.asarray(np.where(np.asarray(t) > 0.0, total + after, 0.0))

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """The spline term by term, then H of it."""
        knots = len(self.spline.knots)
        x, low, high = let("x", f"LN({t})"), refs["knot0"], refs[f"knot{knots - 1}"]
        inner, beyond = f"MIN({x},{high})", f"MAX({x}-{high},0)"
        eta = f"{refs['gamma0']}+{refs['gamma1']}*{x}"
        for j in range(1, knots - 1):
            knot = refs[f"knot{j}"]
            share = f"({high}-{knot})/({high}-{low})"
            a, b = f"MAX({inner}-{knot},0)", f"MAX({inner}-{low},0)"
            slope = f"(3*{a}^2-3*{share}*{b}^2)"
            eta += f"+{refs[f'gamma{j + 1}']}*({a}^3-{share}*{b}^3+{slope}*{beyond})"
        eta = let("eta", eta)
        links = {"hazard": f"EXP({eta})", "odds": f"LN(1+EXP({eta}))", "normal": minus_log_normal_tail(eta)}
        return after_start(t, links[self.scale])
