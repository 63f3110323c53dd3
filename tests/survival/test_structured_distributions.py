"""Families made from a structure (knots, breaks, a base, a table) against closed forms."""

import math
from itertools import pairwise
from typing import ClassVar

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcea.survival.distributions import distribution

EXPONENTIAL = distribution("exponential")
WEIBULL = distribution("weibull")


def row(*values):
    return np.array([values], dtype=np.float64)


def col(*values):
    return np.array(values, dtype=np.float64)[:, np.newaxis]


def close(a, b, rtol=1e-12):
    np.testing.assert_allclose(a, b, rtol=rtol, atol=0.0)


class TestPiecewiseExponential:
    family = distribution("piecewise_exponential", breaks=[1.0, 3.0])
    rates: ClassVar = {"rate0": col(0.5, 1.0), "rate1": col(0.25, 0.0), "rate2": col(1.0, 2.0)}

    def test_by_hand(self):
        t = row(0.0, 0.5, 1.0, 2.0, 3.0, 5.0)
        close(self.family.cumulative_hazard(t, self.rates), [[0, 0.25, 0.5, 0.75, 1, 3], [0, 0.5, 1, 1, 1, 5]])
        close(self.family.hazard(t, self.rates), [[0.5, 0.5, 0.25, 0.25, 1, 1], [1, 1, 0, 0, 2, 2]])

    def test_quantile(self):
        p = -np.expm1(-row(0.0, 0.25, 0.75, 3.0))
        close(self.family.quantile(p, {name: rate[:1] for name, rate in self.rates.items()}), row(0.0, 0.5, 2.0, 5.0))
        last_zero = {"rate0": col(0.5), "rate1": col(0.25), "rate2": col(0.0)}
        assert self.family.quantile(row(0.9), last_zero)[0, 0] == math.inf

    def test_restricted_mean(self):
        e = math.exp
        first = (1 - e(-0.5)) / 0.5 + e(-0.5) * (1 - e(-0.5)) / 0.25 + e(-1) * (1 - e(-2))
        second = (1 - e(-1)) + e(-1) * 2 + e(-1) * (1 - e(-4)) / 2
        close(self.family.restricted_mean(row(5.0), self.rates), [[first], [second]])

    def test_equal_rates_are_exponential(self):
        equal = {name: col(0.3) for name in self.rates}
        t = row(0.0, 0.1, 1.0, 2.0, 40.0)
        for what in ("cumulative_hazard", "hazard", "restricted_mean"):
            close(getattr(self.family, what)(t, equal), getattr(EXPONENTIAL, what)(t, {"rate": col(0.3)}))

    @pytest.mark.parametrize("breaks", [[], [0.0], [2.0, 1.0]])
    def test_breaks_refused(self, breaks):
        with pytest.raises(ValueError, match="breaks: found"):
            distribution("piecewise_exponential", breaks=breaks)


class TestMixtureCure:
    family = distribution("mixture_cure", base=EXPONENTIAL)

    def test_closed_form(self):
        c, r, t = 0.3, 0.7, row(0.0, 1e-9, 0.5, 4.0, 300.0)
        values = {"cure_fraction": col(c), "rate": col(r)}
        s = c + (1 - c) * np.exp(-r * t)
        close(self.family.cumulative_hazard(t, values), -np.log1p((1 - c) * np.expm1(-r * t)))
        close(self.family.hazard(t, values), (1 - c) * r * np.exp(-r * t) / s)
        close(self.family.restricted_mean(t, values), c * t + (1 - c) * -np.expm1(-r * t) / r)
        close(self.family.quantile(row(0.35, 0.7, 0.8), values), row(math.log(2.0) / r, math.inf, math.inf))

    def test_nobody_cured_and_all_cured(self):
        t = row(0.0, 1.0, 1e3, 1e6)
        none = {"cure_fraction": col(0.0), "rate": col(0.7)}
        close(self.family.cumulative_hazard(t, none), 0.7 * t)
        close(self.family.hazard(t, none), 0.7 + 0.0 * t)
        everyone = {"cure_fraction": col(1.0), "rate": col(0.7)}
        assert not self.family.cumulative_hazard(t, everyone).any()
        assert not self.family.hazard(t, everyone).any()
        assert self.family.quantile(row(0.5), everyone)[0, 0] == math.inf

    def test_parameters(self):
        assert [(p.name, p.real_line) for p in self.family.parameters] == [("cure_fraction", "logit"), ("rate", "log")]


class TestNonMixtureCure:
    family = distribution("non_mixture_cure", base=EXPONENTIAL)

    def test_closed_form(self):
        c, r, t = 0.3, 0.7, row(0.0, 1e-9, 0.5, 4.0, 300.0)
        values = {"cure_fraction": col(c), "rate": col(r)}
        limit = -math.log(c)
        close(self.family.cumulative_hazard(t, values), limit * -np.expm1(-r * t))
        close(self.family.hazard(t, values), limit * r * np.exp(-r * t))
        close(self.family.quantile(row(0.0, 0.71, 0.8), values), row(0.0, math.inf, math.inf))
        close(self.family.quantile(row(1 - c**0.5), values), row(math.log(2.0) / r))

    def test_it_is_a_gompertz_with_falling_hazard(self):
        c, r = 0.3, 0.7
        gompertz, same = distribution("gompertz"), {"shape": col(-r), "rate": col(-math.log(c) * r)}
        t = row(0.01, 0.5, 4.0, 300.0)
        values = {"cure_fraction": col(c), "rate": col(r)}
        for what in ("cumulative_hazard", "hazard", "restricted_mean"):
            close(getattr(self.family, what)(t, values), getattr(gompertz, what)(t, same))

    def test_singular_base(self):
        family = distribution("non_mixture_cure", base=WEIBULL)
        values = {"cure_fraction": col(0.2), "shape": col(0.4), "scale": col(2.0)}
        # mpmath, 30 digits: integral of 0.2^(1 - exp(-(t/2)^0.4)) from 0 to 10
        close(family.restricted_mean(row(10.0), values), row(3.2246552578334745), rtol=1e-11)
        assert family.hazard(row(0.0), values)[0, 0] == math.inf


class TestTabulated:
    family = distribution("tabulated", times=[1.0, 2.0, 4.0], survival=[0.8, 0.8, 0.2])

    def test_by_hand(self):
        t = row(0.0, 0.5, 1.0, 1.5, 3.0, 4.0, 6.0)
        close(self.family.survival(t, {}), row(1.0, math.sqrt(0.8), 0.8, 0.8, 0.4, 0.2, 0.05))
        half = math.log(2.0)
        first = -math.log(0.8)
        close(self.family.hazard(t, {}), row(first, first, 0.0, 0.0, half, half, half))

    def test_quantile_and_restricted_mean(self):
        close(self.family.quantile(row(0.0, 0.2, 0.6, 0.95), {}), row(0.0, 1.0, 3.0, 6.0))
        half = math.log(2.0)
        to_one = 0.2 / -math.log(0.8)
        means = row(to_one, to_one + 0.8, to_one + 0.8 + 0.4 / half, to_one + 0.8 + 0.75 / half)
        close(self.family.restricted_mean(row(1.0, 2.0, 3.0, 6.0), {}), means)

    def test_start_may_be_given(self):
        same = distribution("tabulated", times=[0.0, 1.0, 2.0, 4.0], survival=[1.0, 0.8, 0.8, 0.2])
        t = np.linspace(0.0, 9.0, 50)[np.newaxis, :]
        assert np.array_equal(same.cumulative_hazard(t, {}), self.family.cumulative_hazard(t, {}))

    @pytest.mark.parametrize(
        ("times", "survival", "message"),
        [
            ([1.0, 1.0], [0.8, 0.7], "times: found 1 after 1"),
            ([1.0, 2.0], [0.7, 0.8], "survival at 2: found 0.8"),
            ([1.0, 2.0], [0.7, 0.0], "survival at 2: found 0; expected above zero to 0.7"),
            ([0.0, 2.0], [0.9, 0.5], "survival 1 at time 0"),
            ([0.0], [1.0], "a point after time 0"),
            ([1.0, 2.0], [0.7], "two equal lists"),
        ],
    )
    def test_refused(self, times, survival, message):
        with pytest.raises(ValueError, match=message):
            distribution("tabulated", times=times, survival=survival)


class TestKaplanMeier:
    family = distribution("kaplan_meier", times=[1.0, 2.0, 9.0], survival=[0.8, 0.5, 0.1], tail=WEIBULL, tail_from=3.0)
    tail: ClassVar = {"shape": col(0.5, 2.0), "scale": col(4.0, 2.0)}

    def test_steps_then_tail(self):
        t = row(0.0, 0.9, 1.0, 1.9, 2.0, 3.0)
        close(self.family.survival(t, self.tail), np.tile([1.0, 1.0, 0.8, 0.8, 0.5, 0.5], (2, 1)))
        later = row(3.5, 9.5, 20.0)
        conditional = WEIBULL.survival(later, self.tail) / WEIBULL.survival(row(3.0), self.tail)
        close(self.family.survival(later, self.tail), 0.5 * conditional)
        close(self.family.hazard(later, self.tail), WEIBULL.hazard(later, self.tail))
        assert not self.family.hazard(row(0.0, 1.0, 2.9), self.tail).any()

    def test_quantile(self):
        close(self.family.quantile(row(0.0, 0.1, 0.2, 0.21, 0.5), self.tail), np.tile([0.0, 1, 1, 2, 2], (2, 1)))
        p = row(0.500001, 0.7, 0.99, 0.9999999)
        t = self.family.quantile(p, self.tail)
        close(self.family.cumulative_hazard(t, self.tail), np.tile(-np.log1p(-p), (2, 1)), rtol=1e-11)

    def test_restricted_mean(self):
        close(self.family.restricted_mean(row(0.5, 1.5, 3.0), self.tail), np.tile([0.5, 1.4, 2.3], (2, 1)))
        t = row(3.5, 9.0, 50.0)
        area = WEIBULL.restricted_mean(t, self.tail) - WEIBULL.restricted_mean(row(3.0), self.tail)
        close(self.family.restricted_mean(t, self.tail), 2.3 + 0.5 * area / WEIBULL.survival(row(3.0), self.tail))

    def test_survival_may_reach_zero(self):
        family = distribution("kaplan_meier", times=[1.0, 2.0], survival=[0.8, 0.0], tail=EXPONENTIAL, tail_from=2.5)
        rate = {"rate": col(0.1)}
        assert family.survival(row(1.5, 2.0, 3.0), rate).tolist() == [[0.8, 0.0, 0.0]]
        close(family.restricted_mean(row(9.0), rate), row(1.8))
        close(family.quantile(row(0.5, 1.0), rate), row(2.0, 2.0))

    def test_tail_from_refused(self):
        with pytest.raises(ValueError, match="tail_from: found 0"):
            distribution("kaplan_meier", times=[1.0], survival=[0.8], tail=EXPONENTIAL, tail_from=0.0)


class TestRoystonParmar:
    def test_without_internal_knots(self):
        t, p = row(0.0, 0.01, 1.0, 30.0, 1e4), row(0.0, 0.1, 0.9, 1.0)
        gammas = {"gamma0": col(-1.2), "gamma1": col(1.4)}
        others = {
            "hazard": ("weibull_ph", {"shape": col(1.4), "scale": np.exp(col(-1.2))}),
            "odds": ("log_logistic", {"shape": col(1.4), "scale": np.exp(col(1.2) / 1.4)}),
            "normal": ("log_normal", {"meanlog": col(1.2) / 1.4, "sdlog": 1 / col(1.4)}),
        }
        for scale, (name, values) in others.items():
            spline, family = (distribution("royston_parmar", knots=[-1.0, 2.0], scale=scale), distribution(name))
            for what in ("cumulative_hazard", "hazard"):
                close(getattr(spline, what)(t, gammas), getattr(family, what)(t, values), rtol=1e-11)
            close(spline.quantile(p, gammas), family.quantile(p, values), rtol=1e-11)
            close(spline.restricted_mean(t[:, 1:], gammas), family.restricted_mean(t[:, 1:], values), rtol=1e-11)

    @settings(max_examples=40)
    @given(st.floats(-0.2, 0.2), st.floats(0.001, 0.999), st.sampled_from(["hazard", "odds", "normal"]))
    def test_quantile(self, gamma2, p, scale):
        spline = distribution("royston_parmar", knots=[-1.0, 0.0, 1.5], scale=scale)
        values = {"gamma0": col(-1.0), "gamma1": col(1.4), "gamma2": col(gamma2)}
        t = spline.quantile(row(p), values)
        close(spline.cumulative_hazard(t, values), row(-math.log1p(-p)), rtol=1e-11)

    def test_one_column_of_draws_and_one_fixed(self):
        spline = distribution("royston_parmar", knots=[-1.0, 0.0, 1.5])
        values = {"gamma0": col(-1.0, -1.1), "gamma1": col(1.4), "gamma2": col(0.1)}
        assert spline.cumulative_hazard(row(0.0, 1.0, 2.0), values).shape == (2, 3)
        assert spline.quantile(row(0.5), values).shape == (2, 1)

    @pytest.mark.parametrize(("knots", "scale"), [([1.0], "hazard"), ([1.0, 1.0], "odds"), ([0.0, 1.0], "probit")])
    def test_refused(self, knots, scale):
        with pytest.raises(ValueError, match="found"):
            distribution("royston_parmar", knots=knots, scale=scale)


def test_rows_are_independent():
    structured = [
        (TestPiecewiseExponential.family, TestPiecewiseExponential.rates),
        (TestMixtureCure.family, {"cure_fraction": col(0.2, 0.4), "rate": col(0.5, 0.7)}),
        (TestNonMixtureCure.family, {"cure_fraction": col(0.2, 0.4), "rate": col(0.5, 0.7)}),
        (TestKaplanMeier.family, TestKaplanMeier.tail),
    ]
    t, p = row(0.0, 0.3, 1.0, 2.5, 4.0, 17.0), row(0.1, 0.55, 0.9)
    for family, values in structured:
        for what, argument in (("cumulative_hazard", t), ("hazard", t), ("restricted_mean", t), ("quantile", p)):
            together = getattr(family, what)(argument, values)
            for i in (0, 1):
                one = {name: value[i : i + 1] for name, value in values.items()}
                assert np.array_equal(getattr(family, what)(argument, one), together[i : i + 1]), (family.name, what)


def slow_area(scale, knots, gammas, t):
    """The area under a spline model's survival from 0 to t, by adaptive quadrature in 17 digits."""
    low, high = knots[0], knots[-1]

    def survival(u):
        x = mp.log(u)
        eta = gammas[0] + gammas[1] * x
        for gamma, knot in zip(gammas[2:], knots[1:-1], strict=True):
            share = (high - knot) / (high - low)
            cubes = [max(x - at, 0) ** 3 for at in (knot, low, high)]
            eta += gamma * (cubes[0] - share * cubes[1] - (1 - share) * cubes[2])
        return {
            "hazard": lambda: mp.exp(-mp.exp(eta)),
            "odds": lambda: 1 / (1 + mp.exp(eta)),
            "normal": lambda: mp.ncdf(-eta),
        }[scale]()

    with mp.workdps(17):
        pieces = [mp.log(t) - 45, *(mp.log(t) - k for k in (20, 8)), *(k for k in knots if k < mp.log(t)), mp.log(t)]
        edges = sorted({*pieces, *((a + b) / 2 for a, b in pairwise(sorted(pieces)))})
        return float(mp.quad(lambda x: survival(mp.exp(x)) * mp.exp(x), edges, maxdegree=6))


@pytest.mark.parametrize(
    ("scale", "knots", "gammas"),
    [
        ("hazard", [-1.5, 0.0, 0.7, 1.6], [-0.8, 1.1, 0.02, -0.02]),
        ("hazard", [-1.0, 0.5, 1.5], [-1.5, 6.0, 0.4]),
        ("odds", [-1.5, 0.0, 1.6], [-1.0, 0.4, 0.1]),
        ("normal", [-2.0, 0.3, 1.4], [-0.9, 1.3, -0.05]),
    ],
)
def test_restricted_mean_of_a_spline(scale, knots, gammas):
    family = distribution("royston_parmar", knots=knots, scale=scale)
    parameters = {f"gamma{j}": col(gamma) for j, gamma in enumerate(gammas)}
    times = [0.1, 40.0]
    found = family.restricted_mean(row(0.0, *times), parameters)
    close(found, row(0.0, *(slow_area(scale, knots, gammas, t) for t in times)), rtol=1e-12)
