"""Every family against 40-digit arithmetic, its limits, and the properties any survival distribution has."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netcea.survival import standard_generalised_gamma
from netcea.survival.curve import DistributionName
from netcea.survival.distributions import FAMILIES, distribution
from netcea.survival.elementwise import softplus

REFERENCE = Path(__file__).parents[1] / "reference_data"
RECORDS = json.loads((REFERENCE / "distributions.json").read_text("utf8"))["records"]
TAILS = json.loads((REFERENCE / "generalised_gamma_tails.json").read_text("utf8"))["records"]
FIXED = ["exponential", "weibull", "weibull_ph", "gompertz", "log_normal", "log_logistic", "gamma", "generalised_gamma"]
POSITIVE = st.floats(0.2, 5.0)
VALUES = {
    "exponential": {"rate": POSITIVE},
    "weibull": {"shape": POSITIVE, "scale": POSITIVE},
    "weibull_ph": {"shape": POSITIVE, "scale": POSITIVE},
    "gompertz": {"shape": st.floats(-1.0, 1.0), "rate": POSITIVE},
    "log_normal": {"meanlog": st.floats(-2.0, 2.0), "sdlog": POSITIVE},
    "log_logistic": {"shape": POSITIVE, "scale": POSITIVE},
    "gamma": {"shape": st.floats(0.2, 2000.0), "rate": POSITIVE},
    "generalised_gamma": {"mu": st.floats(-2.0, 2.0), "sigma": POSITIVE, "Q": st.floats(-3.0, 3.0)},
}
ANY = st.sampled_from(FIXED).flatmap(lambda name: st.tuples(st.just(name), st.fixed_dictionaries(VALUES[name])))


def name_of(record):
    return f"{record['distribution']} {record.get('scale', '')} {list(record['parameters'].values())}"


def load(record):
    structure = {key: record[key] for key in ("knots", "scale") if key in record}
    parameters = {name: np.array([[float(value)]]) for name, value in record["parameters"].items()}
    return distribution(record["distribution"], **structure), parameters


def row(values):
    return np.array([[float(value) for value in values]])


def arrays(parameters):
    return {name: np.array([[value]]) for name, value in parameters.items()}


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
class TestReference:
    def test_cumulative_hazard_survival_hazard(self, record):
        family, parameters = load(record)
        t = row(record["times"])
        np.testing.assert_allclose(family.cumulative_hazard(t, parameters), row(record["cumhaz"]), rtol=1e-12)
        np.testing.assert_allclose(family.survival(t, parameters), row(record["S"]), rtol=1e-11)
        np.testing.assert_allclose(family.hazard(t, parameters), row(record["hazard"]), rtol=1e-12)

    def test_restricted_mean(self, record):
        family, parameters = load(record)
        published = row([record["rmst60"], record["rmst480"]])
        np.testing.assert_allclose(family.restricted_mean(row([60, 480]), parameters), published, rtol=1e-12)

    def test_quantile(self, record):
        family, parameters = load(record)
        p = row(record["quantile_probs"])
        t = family.quantile(p, parameters)
        np.testing.assert_allclose(t, row(record["quantiles"]), rtol=1e-9)  # flexsurv's own accuracy at small Q
        reached = np.isfinite(t)
        np.testing.assert_allclose(family.survival(t, parameters)[reached], (1 - p)[reached], rtol=1e-13)

    def test_starts_at_one(self, record):
        family, parameters = load(record)
        zero = row([0.0])
        assert family.survival(zero, parameters) == 1.0
        assert family.restricted_mean(zero, parameters) == 0.0
        assert not np.isnan(family.hazard(zero, parameters))


# Times and truths from mpmath, 60 digits: k = 1 / Q^2, u = k exp(Q w), incomplete gamma functions of (k, u).
@pytest.mark.parametrize(
    ("q", "w", "h", "hazard"),
    [
        (1.0, -600.0, 2.6503965530043108e-261, 2.6503965530043108e-261),
        (1.0, 9.0, 8103.083927575384, 8103.083927575384),
        *TAILS,
    ],
)
def test_generalised_gamma_tails(q, w, h, hazard):
    family = distribution("generalised_gamma")
    parameters = arrays({"mu": 0.5, "sigma": 1.0, "Q": q})
    t = np.exp(row([w + 0.5]))
    sensitivity = 1e-15 * (1.0 + abs(w)) * hazard / h  # log t is rounded
    assert family.cumulative_hazard(t, parameters)[0, 0] == pytest.approx(h, rel=1e-11 + 2 * sensitivity, abs=0.0)
    assert family.hazard(t, parameters)[0, 0] * t[0, 0] == pytest.approx(hazard, rel=1e-11 + 2 * sensitivity, abs=0.0)


class TestLimits:
    @pytest.mark.parametrize(
        ("name", "parameters", "at_zero"),
        [
            ("exponential", {"rate": 2.0}, 2.0),
            ("weibull", {"shape": 0.5, "scale": 2.0}, math.inf),
            ("weibull", {"shape": 1.0, "scale": 2.0}, 0.5),
            ("weibull", {"shape": 1.5, "scale": 2.0}, 0.0),
            ("weibull_ph", {"shape": 0.5, "scale": 2.0}, math.inf),
            ("weibull_ph", {"shape": 1.0, "scale": 2.0}, 2.0),
            ("weibull_ph", {"shape": 1.5, "scale": 2.0}, 0.0),
            ("gompertz", {"shape": -1.0, "rate": 2.0}, 2.0),
            ("log_normal", {"meanlog": 0.0, "sdlog": 2.0}, 0.0),
            ("log_logistic", {"shape": 0.5, "scale": 2.0}, math.inf),
            ("log_logistic", {"shape": 1.0, "scale": 2.0}, 0.5),
            ("log_logistic", {"shape": 1.5, "scale": 2.0}, 0.0),
            ("gamma", {"shape": 0.5, "rate": 2.0}, math.inf),
            ("gamma", {"shape": 1.0, "rate": 2.0}, 2.0),
            ("gamma", {"shape": 1.5, "rate": 2.0}, 0.0),
            ("generalised_gamma", {"mu": 0.0, "sigma": 2.0, "Q": 1.0}, math.inf),
            ("generalised_gamma", {"mu": math.log(2.0), "sigma": 1.0, "Q": 1.0}, 0.5),
            ("generalised_gamma", {"mu": 0.0, "sigma": 0.5, "Q": 1.0}, 0.0),
            ("generalised_gamma", {"mu": 0.0, "sigma": 2.0, "Q": 0.0}, 0.0),
            ("generalised_gamma", {"mu": 0.0, "sigma": 2.0, "Q": -1.0}, 0.0),
        ],
    )
    def test_hazard_at_zero(self, name, parameters, at_zero):
        assert distribution(name).hazard(row([0.0]), arrays(parameters))[0, 0] == pytest.approx(at_zero)

    def test_spline_hazard_at_zero(self):
        for gamma1, at_zero in ((0.5, math.inf), (1.0, 2.0), (1.5, 0.0)):
            gammas = arrays({"gamma0": math.log(2.0), "gamma1": gamma1})
            for scale, expected in (("hazard", at_zero), ("odds", at_zero), ("normal", 0.0)):
                spline = distribution("royston_parmar", knots=[0.0, 1.0], scale=scale)
                assert spline.hazard(row([0.0]), gammas)[0, 0] == pytest.approx(expected)

    @pytest.mark.parametrize("name", FIXED)
    def test_extremes_are_silent_and_in_order(self, name):
        family = distribution(name)
        t = row([0.0, 5e-324, 1e-300, 1e-100, 1e-10, 1e-3, 1.0, 1e2, 1e5, 1e10, 1e100, 1e300, 1.7e308])
        p = row([0.0, 1e-300, 1e-10, 0.5, 1.0 - 1e-12, 1.0])
        sizes = {"Q": (-20.0, -1.0, -0.03, 0.0, 1e-300, 0.03, 1.0, 20.0), "shape": (0.05, 1.0, 20.0, 1e4)}
        if name == "gompertz":
            sizes["shape"] = (-10.0, -1e-320, 0.0, 1e-8, 10.0)
        for first in sizes.get("Q" if name == "generalised_gamma" else "shape", (1.0,)):
            for second in (0.05, 5.0):
                parameters = {q.name: np.array([[second]]) for q in family.parameters}
                for key in ("shape", "Q"):
                    if key in parameters:
                        parameters[key] = np.array([[first]])
                h, quantiles = family.cumulative_hazard(t, parameters), family.quantile(p, parameters)
                assert h[0, 0] == 0.0
                assert (h[:, 1:] >= h[:, :-1]).all()
                assert (family.hazard(t, parameters) >= 0.0).all()
                assert quantiles[0, 0] == 0.0
                assert quantiles[0, -1] == math.inf
                assert (quantiles[:, 1:] >= quantiles[:, :-1]).all()
                if name != "generalised_gamma" or first in (-20.0, 0.03):
                    area = family.restricted_mean(t[:, :9], parameters)
                    assert (area <= t[:, :9] * (1.0 + 1e-12)).all()
                    assert (area[:, 1:] >= area[:, :-1] * (1.0 - 1e-12)).all()


class TestProperties:
    @settings(max_examples=60)
    @given(ANY, st.floats(1e-3, 20.0), st.floats(1.01, 3.0))
    def test_survival_falls_from_one(self, which, t, factor):
        name, parameters = which
        early, late = distribution(name).survival(row([t, t * factor]), arrays(parameters))[0]
        assert 1.0 >= early >= late >= 0.0

    @settings(max_examples=60)
    @given(ANY, st.floats(1e-9, 0.999))
    def test_cumulative_hazard_of_quantile(self, which, p):
        name, parameters = which
        family, values = distribution(name), arrays(parameters)
        t = family.quantile(row([p]), values)
        if np.isinf(t):
            assert name == "gompertz"
            assert family.cumulative_hazard(row([1e6]), values) <= -math.log1p(-p)
        elif 0.0 < t < 1e200:
            assert family.cumulative_hazard(t, values)[0, 0] == pytest.approx(-math.log1p(-p), rel=1e-11, abs=0.0)

    @settings(max_examples=60)
    @given(ANY, st.floats(0.02, 0.98))
    def test_hazard_is_the_slope(self, which, p):
        name, parameters = which
        family, values = distribution(name), arrays(parameters)
        t = family.quantile(row([p]), values)[0, 0]
        if 1e-100 < t < 1e100:
            step = 1e-4
            u = t * (1.0 + step * np.array([[-2.0, -1.0, 1.0, 2.0]]))
            h = family.cumulative_hazard(u, values)[0]
            slope = (h[0] - 8.0 * h[1] + 8.0 * h[2] - h[3]) / (12.0 * step * t)
            assert family.hazard(row([t]), values)[0, 0] == pytest.approx(slope, rel=1e-6, abs=0.0)

    @settings(max_examples=15)
    @given(ANY, st.floats(0.01, 0.99))
    def test_survival_is_the_slope_of_the_restricted_mean(self, which, p):
        name, parameters = which
        family, values = distribution(name), arrays(parameters)
        t = family.quantile(row([p]), values)[0, 0]
        if 1e-100 < t < 1e100:
            below, above = family.restricted_mean(row([t * 0.999, t * 1.001]), values)[0]
            middle = family.survival(row([t]), values)[0, 0]
            assert (above - below) / (0.002 * t) == pytest.approx(middle, rel=1e-2, abs=0.0)

    @settings(max_examples=60)
    @given(ANY, st.floats(0.1, 50.0))
    def test_with_median(self, which, median):
        name, parameters = which
        family = distribution(name)
        if family.with_median is None:
            assert name == "generalised_gamma"
            return
        shapes = {key: value for key, value in arrays(parameters).items() if key in family.shape_parameters}
        complete = family.with_median(row([median]), shapes)
        assert set(complete) == {parameter.name for parameter in family.parameters}
        assert family.cumulative_hazard(row([median]), complete)[0, 0] == pytest.approx(math.log(2.0), rel=1e-11)

    @settings(max_examples=40)
    @given(st.floats(0.3, 3.0), st.floats(0.1, 10.0), st.floats(0.05, 20.0))
    def test_special_cases(self, sigma, scale, t):
        times = row([t])
        mu = math.log(scale)

        def equal(name, parameters, other, others):
            one, two = distribution(name), distribution(other)
            for what in ("cumulative_hazard", "hazard"):
                a, b = (getattr(one, what)(times, arrays(parameters)), getattr(two, what)(times, arrays(others)))
                np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-300)

        generalised = {"mu": mu, "sigma": sigma}
        gamma = {"shape": sigma**-2, "rate": sigma**-2 / scale}
        equal("generalised_gamma", generalised | {"Q": 0.0}, "log_normal", {"meanlog": mu, "sdlog": sigma})
        equal("generalised_gamma", generalised | {"Q": 1.0}, "weibull", {"shape": 1 / sigma, "scale": scale})
        equal("generalised_gamma", generalised | {"Q": sigma}, "gamma", gamma)
        equal("weibull", {"shape": 1.0, "scale": scale}, "exponential", {"rate": 1 / scale})
        equal(
            "weibull_ph", {"shape": sigma, "scale": scale}, "weibull", {"shape": sigma, "scale": scale ** (-1 / sigma)}
        )
        equal("gompertz", {"shape": 0.0, "rate": scale}, "exponential", {"rate": scale})
        equal("gamma", {"shape": 1.0, "rate": scale}, "exponential", {"rate": scale})

    @pytest.mark.parametrize(("sigma", "t"), [(0.4, 1.5), (1.7, 30.0)])
    def test_restricted_mean_in_special_cases(self, sigma, t):
        generalised = {"mu": 0.7, "sigma": sigma}
        gamma = {"shape": sigma**-2, "rate": sigma**-2 / math.exp(0.7)}
        for q, name, values in (
            (0.0, "log_normal", {"meanlog": 0.7, "sdlog": sigma}),
            (1.0, "weibull", {"shape": 1 / sigma, "scale": math.exp(0.7)}),
            (sigma, "gamma", gamma),
        ):
            area = distribution("generalised_gamma").restricted_mean(row([t]), arrays(generalised | {"Q": q}))
            np.testing.assert_allclose(area, distribution(name).restricted_mean(row([t]), arrays(values)), rtol=1e-11)

    @given(st.sampled_from([-1.0, 1.0]), st.floats(-12.0, -4.0), st.floats(0.05, 20.0))
    def test_generalised_gamma_is_continuous_at_zero(self, sign, exponent, t):
        family = distribution("generalised_gamma")
        q = sign * 10.0**exponent
        near, at, across = (arrays({"mu": 0.5, "sigma": 0.8, "Q": value}) for value in (q, 0.0, -q))
        for what in ("cumulative_hazard", "hazard"):
            a, b, c = (getattr(family, what)(row([t]), values)[0, 0] for values in (near, at, across))
            assert (a + c) / 2.0 == pytest.approx(b, rel=1e4 * q**2 + 1e-12, abs=0.0)

    @settings(max_examples=40)
    @given(st.sampled_from(["below", "above"]), st.floats(-30.0, 30.0))
    @example("above", 0.0)
    def test_generalised_gamma_has_no_seam(self, side, w):
        """At |Q| = 0.04 the uniform expansion gives way to the incomplete gamma functions."""
        family = distribution("generalised_gamma")
        q = 0.04 if side == "above" else -0.04
        values = [arrays({"mu": 0.0, "sigma": 1.0, "Q": q * factor}) for factor in (1 - 1e-9, 1.0, 1 + 1e-9)]
        h = [family.cumulative_hazard(np.exp(row([w])), value)[0, 0] for value in values]
        if h[1] > 1e-290:
            assert h[0] - 2 * h[1] + h[2] == pytest.approx(0.0, abs=5e-11 * h[1])


@pytest.mark.parametrize("record", RECORDS[::2], ids=name_of)
def test_a_row_does_not_depend_on_the_others(record):
    family, parameters = load(record)
    factors = np.linspace(0.9, 1.1, 7)[:, np.newaxis]
    many = {name: value * factors for name, value in parameters.items()}
    t, p = row([0.0, *record["times"], 55.0]), row([0.1, 0.5])
    arguments = {"cumulative_hazard": t, "hazard": t, "quantile": p, "restricted_mean": row([60.0])}
    for what, argument in arguments.items():
        together = getattr(family, what)(argument, many)
        for i in (0, 6):
            alone = getattr(family, what)(argument, {name: value[i : i + 1] for name, value in many.items()})
            assert np.array_equal(together[i : i + 1], alone), what
            if what == "restricted_mean":
                continue
            one = {name: float(value[i, 0]) for name, value in many.items()}
            assert np.array_equal(together[i : i + 1], getattr(family, what)(argument, one)), what


def test_a_generalised_gamma_beside_others_that_take_another_branch():
    """Rows near Q = 0, away from it and where a tail underflows; times at 0, in the centre and without end."""
    q = np.array([-3.0, -0.5, -0.041, -0.04, -0.02, -1e-9, 0.0, 0.01, 0.0399, 0.04, 0.2, 1.0, 4.0])[:, np.newaxis]
    w = row([-np.inf, -800.0, -40.0, -7.0, -1.0, 0.0, 0.5, 6.0, 12.4, 12.6, 70.0, np.inf])
    together = standard_generalised_gamma.cumulative_hazard(w, q)
    expected = standard_generalised_gamma.hazards(w, q)[0]
    assert together == pytest.approx(expected, rel=1e-12, abs=1e-305)
    for i, j in np.ndindex(together.shape):
        alone = standard_generalised_gamma.cumulative_hazard(w[:, j : j + 1], q[i : i + 1])
        assert alone.tolist() == [[together[i, j]]], (q[i, 0], w[0, j])


@pytest.mark.parametrize("x", [-np.inf, -800.0, -40.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 40.0, 800.0, np.inf])
def test_softplus(x):
    assert softplus(np.array([x]))[0] == pytest.approx(np.logaddexp(x, 0.0), rel=4e-16, abs=0.0)


def test_arguments_are_left_alone():
    for record in RECORDS[::4]:
        family, parameters = load(record)
        t = row(record["times"])
        wide = {name: np.repeat(value, len(t), axis=0) for name, value in parameters.items()}
        copies = {name: value.copy() for name, value in wide.items()}
        for what in ("cumulative_hazard", "hazard", "restricted_mean"):
            getattr(family, what)(t, wide)
        assert np.array_equal(t, row(record["times"]))
        assert all(np.array_equal(wide[name], copies[name]) for name in wide)


class TestRegistry:
    def test_every_name_of_the_scenario_file(self):
        assert tuple(FAMILIES) == get_args(DistributionName)

    def test_names_agree(self):
        for name in FIXED:
            family = distribution(name)
            assert family.name == name
            assert set(family.shape_parameters) <= {parameter.name for parameter in family.parameters}

    def test_unknown_name(self):
        with pytest.raises(ValueError, match=r"found 'weibul'; expected one of .*; did you mean 'weibull'\?"):
            distribution("weibul")

    def test_structure_where_there_is_none(self):
        with pytest.raises(ValueError, match="weibull: found knots"):
            distribution("weibull", knots=[0.0])

    def test_lean_families_do_not_import_scipy(self):
        code = (
            "import sys, numpy as np\n"
            "from netcea.survival.distributions import distribution\n"
            "one = np.ones((1, 1))\n"
            "for name in ('exponential', 'weibull', 'weibull_ph', 'gompertz'):\n"
            "    distribution(name).cumulative_hazard(one, dict(rate=one, shape=one, scale=one))\n"
            "assert not any(m.startswith('scipy') for m in sys.modules)\n"
            "distribution('gamma')\n"
            "assert 'scipy.stats' not in sys.modules\n"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
