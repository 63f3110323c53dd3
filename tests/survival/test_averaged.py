"""The average of families: a mixture of their survival, by hand, by closed forms, at the ends of the scale."""

import math

import numpy as np
import pytest

from netcea.survival import distribution, exponential, gompertz, log_normal, mixture_cure, weibull
from netcea.survival.averaged import Averaged
from netcea.survival.integrate import area

TWO = Averaged({"fast": exponential, "slow": exponential})
THREE = Averaged({"weibull": weibull, "log_normal": log_normal, "cured": mixture_cure(exponential)})
PARAMETERS = {
    "weibull_shape": 1.4,
    "weibull_scale": 2.0,
    "log_normal_meanlog": 0.5,
    "log_normal_sdlog": 1.1,
    "cured_cure_fraction": 0.1,
    "cured_rate": 0.6,
}
WEIGHTS = {"weibull_weight": 0.5, "log_normal_weight": 0.3, "cured_weight": 0.2}
T = np.array([1e-9, 1e-3, 0.2, 1.0, 3.0, 20.0, 400.0])


def by_hand(t):
    own = (
        weibull(shape=1.4, scale=2.0),
        log_normal(meanlog=0.5, sdlog=1.1),
        mixture_cure(exponential)(cure_fraction=0.1, rate=0.6),
    )
    return sum(w * curve.survival(t) for w, curve in zip((0.5, 0.3, 0.2), own, strict=True))


def rows(**columns):
    return {name: np.atleast_2d(np.asarray(x, dtype=float)).reshape(-1, 1) for name, x in columns.items()}


def test_two_exponentials_in_closed_form():
    curve = TWO(fast_weight=0.25, fast_rate=2.0, slow_weight=0.75, slow_rate=0.5)
    s = 0.25 * np.exp(-2.0 * T) + 0.75 * np.exp(-0.5 * T)
    assert curve.survival(T) == pytest.approx(s, rel=1e-14)
    assert curve.hazard(T) == pytest.approx((0.5 * np.exp(-2.0 * T) + 0.375 * np.exp(-0.5 * T)) / s, rel=1e-13)
    mean = 0.25 / 2.0 * -np.expm1(-2.0 * T) + 0.75 / 0.5 * -np.expm1(-0.5 * T)
    assert curve.restricted_mean(T) == pytest.approx(mean, rel=1e-13)


def test_both_tails_keep_their_digits():
    curve = TWO(fast_weight=0.5, fast_rate=2.0, slow_weight=0.5, slow_rate=0.5)
    assert curve.cumulative_hazard(1e-15) == pytest.approx(1.25e-15, rel=1e-12)  # the mean of the rates x t
    assert curve.cumulative_hazard(1e5) == pytest.approx(0.5e5 + math.log(2.0), rel=1e-14)  # survival underflows
    assert curve.hazard(1e5) == pytest.approx(0.5)  # of those who are left all are slow


def test_a_mixture_of_different_families():
    curve = THREE(**PARAMETERS, **WEIGHTS)
    assert curve.survival(T) == pytest.approx(by_hand(T), rel=1e-13)
    h = 1e-5 * T[2:]
    slope = (curve.cumulative_hazard(T[2:] + h) - curve.cumulative_hazard(T[2:] - h)) / (2.0 * h)
    assert curve.hazard(T[2:]) == pytest.approx(slope, rel=1e-7)
    assert curve.restricted_mean(3.0) == pytest.approx(float(area(by_hand, np.array([[3.0]]))[0, 0]), rel=1e-9)


def test_quantiles_are_where_the_mixture_is():
    curve = THREE(**PARAMETERS, **WEIGHTS)
    p = np.array([1e-6, 0.1, 0.5, 0.9, 0.97])
    assert by_hand(curve.quantile(p)) == pytest.approx(1.0 - p, abs=1e-12)
    assert curve.quantile([0.0, 0.99]).tolist() == [0.0, math.inf]  # 2% are cured
    without = {**WEIGHTS, "cured_weight": 0.0}
    assert np.isfinite(THREE(**PARAMETERS, **without).quantile(0.99))


def test_weights_count_in_proportion():
    once, twice = THREE(**PARAMETERS, **WEIGHTS), THREE(**PARAMETERS, **{k: w / 2.0 for k, w in WEIGHTS.items()})
    assert once.survival(T) == pytest.approx(twice.survival(T), rel=1e-14)


def test_a_row_with_one_family_is_that_family_whatever_stands_beside():
    weights = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.3, 0.2], [0.0, 0.0, 1.0]])
    columns = rows(**PARAMETERS) | rows(**dict(zip(WEIGHTS, weights.T, strict=True)))
    h = THREE.cumulative_hazard(T[np.newaxis], columns)
    assert (h[0] == weibull.cumulative_hazard(T[np.newaxis], rows(shape=1.4, scale=2.0))).all()
    assert (h[1] == log_normal.cumulative_hazard(T[np.newaxis], rows(meanlog=0.5, sdlog=1.1))).all()
    assert h[2] == pytest.approx(-np.log(by_hand(T)), rel=1e-9, abs=1e-15)
    for row in range(4):  # not of the rows beside it
        alone = {name: x[row : row + 1] if len(x) > 1 else x for name, x in columns.items()}
        assert (THREE.cumulative_hazard(T[np.newaxis], alone) == h[row]).all()


def test_times_and_parameters_of_each_row():
    weights, scales, times = np.array([1.0, 0.0]), np.array([2.0, 5.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
    both = Averaged({"a": weibull, "b": exponential})
    columns = rows(a_weight=weights, a_shape=1.0, a_scale=scales, b_weight=1.0 - weights, b_rate=[0.1, 0.2])
    assert both.cumulative_hazard(times, columns) == pytest.approx(np.array([[0.5, 1.0], [0.6, 0.8]]))


def test_a_ratio_of_one_family_multiplies_its_hazard_alone():
    both = Averaged({"a": exponential, "b": exponential}, ["b"])
    assert [p.name for p in both.parameters] == ["a_weight", "a_rate", "b_weight", "b_rate", "b_hazard_ratio"]
    curve = both(a_weight=0.5, a_rate=1.0, b_weight=0.5, b_rate=1.0, b_hazard_ratio=3.0)
    assert curve.survival(1.0) == pytest.approx((math.exp(-1.0) + math.exp(-3.0)) / 2.0)
    assert curve.hazard(0.0) == pytest.approx(2.0)
    assert curve.restricted_mean(2.0) == pytest.approx((1 - math.exp(-2.0)) / 2.0 + (1 - math.exp(-6.0)) / 6.0)
    assert curve.survival(curve.quantile(0.3)) == pytest.approx(0.7)


def test_stretched_in_time():
    columns = rows(**PARAMETERS, **WEIGHTS)
    faster = THREE.stretched(np.array([[2.0]]), columns)
    assert THREE.cumulative_hazard(T[np.newaxis], faster) == pytest.approx(
        THREE.cumulative_hazard(2.0 * T[np.newaxis], columns), rel=1e-12
    )
    pieces = Averaged({"a": exponential, "b": distribution("piecewise_exponential", breaks=[1.0])})
    assert pieces.stretched(np.array([[2.0]]), rows(a_rate=1, a_weight=1, b_rate0=1, b_rate1=1, b_weight=1)) is None


def test_what_a_family_says_of_itself_is_kept():
    spline = distribution("royston_parmar", knots=[-1.0, 0.0, 1.0], scale="odds")
    both = Averaged({"weibull": weibull, "spline": spline})
    assert both.may_rise
    assert not TWO.may_rise
    assert both.constants == {"spline_knot0": -1.0, "spline_knot1": 0.0, "spline_knot2": 1.0}
    assert Averaged({"a": gompertz, "b": exponential}).without_formula is None
    with pytest.raises(ValueError, match="expected two families or more"):
        Averaged({"a": weibull})
    with pytest.raises(ValueError, match=r"fast_weight: found -0\.5; expected 0 to 1"):
        TWO(fast_weight=-0.5, fast_rate=1.0, slow_weight=1.0, slow_rate=1.0)
