"""Families called with plain numbers, lists and arrays: what a notebook does."""

import math
import subprocess
import sys

import numpy as np
import pytest

import netcea.survival
from netcea.survival import FAMILIES, distribution

WEIBULL = distribution("weibull")


def test_numbers_lists_and_arrays():
    curve = WEIBULL(shape=2, scale=3)
    assert type(curve.survival(3)) is float
    assert curve.survival(3) == pytest.approx(math.exp(-1.0))
    for times in ([0, 3], (0.0, 3.0), np.array([0, 3])):
        assert curve.survival(times) == pytest.approx(np.array([1.0, math.exp(-1.0)]))
    assert curve.survival([[0, 3], [3, 0]]).shape == (2, 2)
    assert curve.median == curve.quantile(0.5) == pytest.approx(3.0 * math.sqrt(math.log(2.0)))


def test_draws_come_first():
    curve = WEIBULL(shape=[1.0, 2.0], scale=4.0)
    assert curve.survival(4.0).tolist() == pytest.approx([math.exp(-1.0)] * 2)
    by_time = curve.cumulative_hazard([2.0, 4.0, 8.0])
    assert by_time == pytest.approx(np.array([[0.5, 1.0, 2.0], [0.25, 1.0, 4.0]]))
    assert curve.median.shape == (2,)
    by_time[0, 0] = 9.0  # the caller's own array


@pytest.mark.parametrize(
    ("name", "structure", "parameters"),
    [
        ("exponential", {}, {"rate": 0.5}),
        ("weibull", {}, {"shape": 1.3, "scale": 2.0}),
        ("weibull_ph", {}, {"shape": 1.3, "scale": 0.4}),
        ("gompertz", {}, {"shape": 0.1, "rate": 0.4}),
        ("log_normal", {}, {"meanlog": 0.5, "sdlog": 1.1}),
        ("log_logistic", {}, {"shape": 1.4, "scale": 2.0}),
        ("gamma", {}, {"shape": 1.4, "rate": 0.5}),
        ("generalised_gamma", {}, {"mu": 0.5, "sigma": 0.9, "Q": 0.4}),
        ("royston_parmar", {"knots": [-1.0, 0.0, 1.5]}, {"gamma0": -1.0, "gamma1": 1.4, "gamma2": 0.1}),
        ("piecewise_exponential", {"breaks": [1.0]}, {"rate0": 0.5, "rate1": 0.2}),
        ("mixture_cure", {"base": WEIBULL}, {"cure_fraction": 0.2, "shape": 1.3, "scale": 2.0}),
        ("non_mixture_cure", {"base": WEIBULL}, {"cure_fraction": 0.2, "shape": 1.3, "scale": 2.0}),
        (
            "kaplan_meier",
            {"times": [1.0, 2.0], "survival": [0.8, 0.5], "tail": WEIBULL, "tail_from": 2.5},
            {"shape": 1.3, "scale": 2.0},
        ),
        ("tabulated", {"times": [1.0, 2.0], "survival": [0.8, 0.5]}, {}),
    ],
)
def test_every_family_is_the_engines(name, structure, parameters):
    """A name of the package, its repr, and the numbers that the engine's methods give."""
    named = getattr(netcea.survival, name)
    family = named(**structure) if structure else named
    assert repr(family) == f"{name}({', '.join(parameters)})"
    columns = {key: np.array([[value]]) for key, value in parameters.items()}
    times, shares = [0.5, 1.5, 4.0], [0.1, 0.4, 0.45]
    curve = family(**parameters)
    for what in ("survival", "cumulative_hazard", "hazard", "restricted_mean", "quantile"):
        x = shares if what == "quantile" else times
        expected = np.broadcast_to(getattr(family, what)(np.array([x]), columns), (1, 3))[0]
        assert np.array_equal(getattr(curve, what)(x), expected), what
        assert getattr(curve, what)(x[1]) == expected[1]


def test_every_family_is_a_name_of_the_package():
    assert set(FAMILIES) <= set(dir(netcea.survival))
    for name in FAMILIES:
        assert callable(getattr(netcea.survival, name))
    with pytest.raises(AttributeError, match="has no attribute 'weibul'"):
        _ = netcea.survival.weibul


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"shape": 1.0}, "weibull: found shape; expected shape, scale"),
        ({}, "weibull: found no parameter; expected shape, scale"),
        ({"shape": 1.0, "rate": 1.0}, "weibull: found shape, rate; expected shape, scale"),
        ({"shape": 0.0, "scale": 1.0}, "weibull, shape: found 0.0; expected above 0"),
        ({"shape": 1.0, "scale": [1.0, math.nan]}, "weibull, scale: found nan; expected above 0"),
        ({"shape": [[1.0]], "scale": 1.0}, "expected a number, or one for each draw"),
        ({"shape": [1.0, 2.0], "scale": [1.0, 2.0, 3.0]}, "expected the same number of each"),
    ],
)
def test_parameters_refused(parameters, message):
    with pytest.raises(ValueError, match=message.replace("[", r"\[")):
        WEIBULL(**parameters)


def test_fractions_and_real_numbers():
    cure = distribution("mixture_cure", base=distribution("gompertz"))
    assert cure(cure_fraction=0.0, shape=-1.0, rate=1.0).survival(0.0) == 1.0
    with pytest.raises(ValueError, match=r"mixture_cure, cure_fraction: found 1\.5; expected 0 to 1"):
        cure(cure_fraction=1.5, shape=-1.0, rate=1.0)
    with pytest.raises(ValueError, match="shape: found inf; expected a finite number"):
        cure(cure_fraction=0.5, shape=math.inf, rate=1.0)


@pytest.mark.parametrize(
    ("what", "x", "message"),
    [
        ("survival", -1.0, "t: found -1; expected 0 or more"),
        ("hazard", [1.0, math.nan], "t: found nan; expected 0 or more"),
        ("quantile", 1.5, "p: found 1.5; expected 0 to 1"),
    ],
)
def test_times_and_shares_refused(what, x, message):
    with pytest.raises(ValueError, match=message):
        getattr(WEIBULL(shape=1.0, scale=1.0), what)(x)


def test_a_family_is_imported_when_it_is_first_used():
    code = (
        "import sys, netcea.survival\n"
        "netcea.survival.weibull(shape=1.0, scale=2.0).survival([1, 2])\n"
        "assert not any(m.startswith('scipy') for m in sys.modules)\n"
        "netcea.survival.log_normal\n"
        "assert 'scipy.special._ufuncs' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_tail_that_spreadsheets_cannot_hold_is_refused():
    tail = distribution("generalised_gamma")
    curve = distribution("kaplan_meier", times=[1.0], survival=[0.8], tail=tail, tail_from=2.0)
    assert "too few digits" in curve.without_formula({"mu": 0.0, "sigma": 1.0, "Q": 1e-5})
    assert curve.without_formula({"mu": 0.0, "sigma": 1.0, "Q": 0.5}) == ""
