"""Schoenfeld residuals and Grambsch and Therneau's test: against R's cox.zph, a slow twin, and known changes."""

import csv
from pathlib import Path

import numpy as np
import pytest

from netcea.fitting.cox_regression import cox_regression
from netcea.fitting.natural_spline import natural_spline
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.schoenfeld import schoenfeld

LUNG = Path(__file__).parents[1] / "reference_data" / "lung.csv"


def lung():
    with LUNG.open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    time, event = (np.array([float(row[name]) for row in rows]) for name in ("time", "event"))
    return time, event, np.array([[float(row["group"] == "male")] for row in rows])


def trial(seed, n=40, shape=1.0):
    """Return rounded times with ties, entries, weights and two arms against a third."""
    random = np.random.default_rng(seed)
    arm = random.integers(0, 3, n)
    x = np.column_stack([arm == 1, arm == 2]).astype(float)
    time = np.ceil(10.0 * random.weibull(np.where(arm == 1, shape, 1.0), n)) + 1.0
    event = (random.random(n) < 0.8).astype(float)
    entry = np.where(random.random(n) < 0.3, 0.5, 0.0)
    return time, event, x, entry


def twin(time, event, x, entry):
    """Score test of x g(t) added to x, one death at a time, Efron's way, as cox.zph defines it."""
    b = cox_regression(time, event, x, entry).log_ratios
    k = x.shape[1]
    score, information, survival = np.zeros(2 * k), np.zeros((2 * k, 2 * k)), 1.0
    for at in np.unique(time[event == 1]):
        risk, dying = (time >= at) & (entry < at), (time == at) & (event == 1)
        g, d = 1.0 - survival, int(dying.sum())
        z = np.column_stack([x, g * x])
        for gone in range(d):
            weight = np.exp(x @ b) * (risk - gone / d * dying)
            mean = weight @ z / weight.sum()
            score += z[dying][gone] - mean
            information += (weight[:, None] * (z - mean)).T @ (z - mean) / weight.sum()
        survival *= 1.0 - d / risk.sum()
    return float(score @ np.linalg.solve(information, score))


def test_equals_r_on_lung():
    """survival::cox.zph(coxph(Surv(time, event) ~ group)): chisq 2.863235149, p 0.0906250643 (survival 3.5)."""
    found = schoenfeld(*lung())
    assert found.statistic == pytest.approx(2.863235149320588, rel=1e-7)
    assert found.statistics[0] == pytest.approx(found.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(0.09062506425299659, rel=1e-7)
    assert found.p_value_of(0) == pytest.approx(found.p_value, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_equals_a_slow_twin_with_ties_entries_and_two_covariates(seed):
    data = trial(seed)
    assert schoenfeld(*data).statistic == pytest.approx(twin(*data), rel=1e-8)


def test_patients_twice_are_patients_with_a_weight_of_two_where_none_tie():
    random = np.random.default_rng(2)
    time, x = random.exponential(1.0, 60), (np.arange(60) % 2.0)[:, None]
    a = schoenfeld(time, np.ones(60), x, weight=np.full(60, 2.0))
    b = schoenfeld(time, np.ones(60), x)
    assert a.log_ratios == pytest.approx(b.log_ratios, rel=1e-9)
    assert a.statistic == pytest.approx(2.0 * b.statistic, rel=1e-9)


def test_scaled_residuals_have_the_mean_of_the_estimate():
    found = schoenfeld(*lung())
    assert found.scaled.mean(axis=0) == pytest.approx(found.log_ratios, abs=1e-9)
    assert np.all(np.diff(found.times) >= 0.0)
    assert found.transformed[0] == 0.0


def test_a_ratio_that_changes_is_refused_and_its_smooth_rises():
    random = np.random.default_rng(5)
    arm = np.repeat([0.0, 1.0], 300)
    time = np.where(arm == 1.0, random.weibull(2.5, 600), random.weibull(0.9, 600))
    found = schoenfeld(time, np.ones(600), arm[:, None])
    smooth = found.smooth(0)
    assert found.p_value < 1e-6
    assert smooth.log_ratio[-1] > smooth.log_ratio[0] + 1.0
    assert np.all(smooth.standard_error > 0.0)


def test_p_values_are_uniform_where_hazards_are_proportional():
    random = np.random.default_rng(6)
    arm = np.repeat([0.0, 1.0], 40)
    p = [
        schoenfeld(random.weibull(1.4, 80) * np.where(arm == 1.0, 1.5, 1.0), np.ones(80), arm[:, None]).p_value
        for _ in range(60)
    ]
    assert 0.0 < np.mean(np.array(p) < 0.1) < 0.25
    assert abs(np.mean(p) - 0.5) < 0.1


def test_a_spline_holds_lines_and_is_straight_outside():
    knots = np.array([0.1, 0.3, 0.5, 0.9])
    x = np.linspace(-0.5, 1.5, 41)
    columns = natural_spline(x, knots)
    fitted = columns @ np.linalg.lstsq(columns, 2.0 - 3.0 * x, rcond=None)[0]
    assert fitted == pytest.approx(2.0 - 3.0 * x, abs=1e-9)
    for outside in (columns[x < 0.1], columns[x > 0.9]):
        assert np.diff(outside, 2, axis=0) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("event", "x"),
    [([0, 0, 0, 0], [0, 1, 0, 1]), ([1, 0, 1, 0], [1, 0, 1, 0]), ([0, 1, 0, 0], [1, 0, 0, 1])],
    ids=["no death", "deaths of one arm", "one death"],
)
def test_what_the_data_do_not_give_is_refused(event, x):
    with pytest.raises(NotIdentified):
        schoenfeld(np.array([1.0, 2.0, 3.0, 4.0]), np.array(event, dtype=float), np.array(x, dtype=float)[:, None])


def test_few_deaths_have_no_smooth():
    found = schoenfeld(np.arange(1.0, 5.0), np.ones(4), np.array([[1.0], [0.0], [1.0], [0.0]]))
    assert found.smooth(0) is None
