"""EVPPI over 200 seeds of cases whose value is known: bias, coverage of intervals, and how often noise is a finding."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from helpers.sample_of import mostly_slow
from netcea.decision.value_of_information import AdditiveParts, Regressors, evpi, evppi

SEEDS = 200
SLOPES = np.array([1000.0, 500.0, 800.0, 0.0, 0.0])
"""The fourth only widens what the second does; the last, skewed, does nothing."""
TRUE = 1.96


def unit_loss(mean, sd):
    """E[max(0, N(mean, sd^2))]."""
    if sd == 0.0:
        return max(mean, 0.0)
    z = mean / sd
    return mean * 0.5 * math.erfc(-z / math.sqrt(2)) + sd * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def drawn(seed, n, mean):
    x = np.random.default_rng(seed).standard_normal((n, len(SLOPES)))
    benefit = mean + x @ SLOPES + 300.0 * x[:, 1] * x[:, 3]
    x[:, 4] = np.exp(x[:, 4])
    if mean == 0.0:  # as where the threshold is chosen so
        benefit = benefit - benefit.mean()
    return x, np.array([np.zeros(n), benefit])


def controls_of(x, nmb, known):
    parts = AdditiveParts.of(lambda sources: Regressors.of(x[:, list(sources)].T).design, x.shape[1], nmb)
    return [parts.without(members) for members in known]


@cache
def over_seeds(n, mean, known, controlled):
    """Value, standard error and whether it is told from 0, Array (set of quantities, 3, seed)."""
    found = []
    for seed in range(SEEDS):
        x, nmb = drawn(seed, n, mean)
        controls = controls_of(x, nmb, known) if controlled else [None] * len(known)
        estimates = [evppi(nmb, x[:, list(k)], "spline", c) for k, c in zip(known, controls, strict=True)]
        found.append([(e.value, e.standard_error, e.told_from_zero) for e in estimates])
    return np.array(found, dtype=float).transpose(1, 2, 0)


def assert_right(n, mean, known, controlled):
    found = over_seeds(n, mean, known, controlled)
    for (value, error, told), members in zip(found, known, strict=True):
        truth = unit_loss(mean, float(np.sqrt((SLOPES[list(members)] ** 2).sum())))
        covered = float(np.mean(np.abs(value - truth) <= TRUE * error + 1e-6))
        if truth == 0.0:
            assert told.mean() <= 0.025, members
            assert np.all((value <= 2.0 * error + 1e-6) | (told == 1.0)), members
        else:
            assert abs(value.mean() - truth) <= 0.015 * truth + 2.0 * value.std() / math.sqrt(SEEDS), members
            assert 0.9 <= covered <= 0.99, (members, covered)
            assert error.mean() == pytest.approx(value.std(), rel=0.2), members


@pytest.mark.parametrize("mean", mostly_slow([-300.0, 0.0], [-300.0]))
def test_bias_coverage_and_noise_of_single_quantities(mean):
    assert_right(400, mean, ((0,), (2,), (3,), (4,)), controlled=False)


@pytest.mark.parametrize(
    ("mean", "slope", "most"), mostly_slow([(0.0, 200.0, 0.08), (-300.0, 300.0, 0.13)], [(-300.0, 300.0, 0.13)])
)
def test_the_noise_of_fitted_values_is_no_value(mean, slope, most):
    """Weak quantities among loud ones: the share of fitted values' variance that is noise is 10% to 20%."""
    values = []
    for seed in range(SEEDS):
        x, other = np.random.default_rng(seed).standard_normal((2, 400))
        benefit = slope * x + 1500.0 * other
        nmb = np.array([np.zeros(400), mean + benefit - benefit.mean()])
        values.append(evppi(nmb, x[:, np.newaxis], "spline").value)
    assert np.mean(values) == pytest.approx(unit_loss(mean, slope), rel=most)


def test_a_control_variate_does_not_make_the_mean_known():
    found = []
    for seed in range(SEEDS):
        x, other = np.random.default_rng(seed).standard_normal((2, 300))
        nmb = np.array([np.zeros(300), -300.0 + 500.0 * x + 1500.0 * other])
        control = np.array([np.zeros(300), 1500.0 * (other - other.mean())])
        estimate = evppi(nmb, x[:, np.newaxis], "spline", control)
        found.append([estimate.value, estimate.standard_error])
    value, error = np.array(found).T
    assert error.mean() == pytest.approx(value.std(), rel=0.15)
    assert 0.9 <= np.mean(np.abs(value - unit_loss(-300.0, 500.0)) <= TRUE * error) <= 0.99


@pytest.mark.slow
@pytest.mark.parametrize(("n", "mean"), [(500, -300.0), (500, 0.0), (2000, -300.0)])
def test_bias_coverage_and_noise_with_control_variates(n, mean):
    assert_right(n, mean, ((0,), (1,), (2,), (3,), (4,), (0, 2), (0, 1, 2), (3, 4)), controlled=True)


@pytest.mark.slow
def test_control_variates_take_out_noise_and_nothing_else():
    known = ((1,), (2,))
    plain, controlled = over_seeds(500, 0.0, known, False), over_seeds(500, 0.0, known, True)
    assert np.all(controlled[:, 0].std(axis=1) < 0.6 * plain[:, 0].std(axis=1))
    assert controlled[:, 0].mean(axis=1) == pytest.approx(plain[:, 0].mean(axis=1), rel=0.03)


def test_a_quartic_that_matters_to_nothing_is_no_finding():
    told = []
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        x, other = random.standard_normal((2, 300))
        nmb = np.array([np.zeros(300), 500_000.0 * other])
        told.append(evppi(nmb, (x**4)[:, np.newaxis], "spline").told_from_zero)
    assert np.mean(told) <= 0.05


def test_a_threshold_that_the_draws_set_is_part_of_the_standard_error():
    """Where the decision switches moves from seed to seed, and with it what knowing is worth there."""
    truth, found = 25_000.0 * 0.3 / math.sqrt(2 * math.pi), []
    for seed in range(SEEDS):
        x = np.random.default_rng(seed).standard_normal((400, 2))
        qalys, costs = 0.2 + 0.3 * x[:, 0], 5_000.0 + 1_000.0 * x[:, 1]
        nmb = np.array([np.zeros(400), costs.mean() / qalys.mean() * qalys - costs])
        rises = np.array([np.zeros(400), qalys])
        one, everything = evppi(nmb, x[:, [0]], "spline", None, rises), evpi(nmb, rises)
        found.append([one.value, one.standard_error, *everything])
    for value, error in np.array(found).T.reshape(2, 2, SEEDS):
        assert error.mean() == pytest.approx(value.std(), rel=0.15)
    value, error = np.array(found).T[:2]
    assert 0.9 <= np.mean(np.abs(value - truth) <= TRUE * error) <= 0.99
