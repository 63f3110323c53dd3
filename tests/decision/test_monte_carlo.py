"""Monte Carlo standard error of an ICER, and how many draws a smaller one needs."""

import math

import numpy as np
import pytest

from netcea.decision import draws_needed, icer_error

MEAN = np.array([50_000.0, 0.4])
SPREAD = np.array([12_000.0, 0.3])


def increments(rng, draws, correlation):
    z = rng.multivariate_normal([0.0, 0.0], [[1.0, correlation], [correlation, 1.0]], draws)
    return (MEAN + SPREAD * z).T


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.8])
def test_it_is_how_much_the_icer_moves_from_seed_to_seed(correlation):
    draws, seeds = 2_000, 400
    found = [increments(np.random.default_rng(seed), draws, correlation) for seed in range(seeds)]
    ratios = np.array([c.mean() / q.mean() for c, q in found])
    errors = np.array([icer_error(c, q) for c, q in found])
    assert errors.mean() == pytest.approx(ratios.std(ddof=1), rel=0.12)  # the standard deviation of 400 has 3.5%
    covered = np.mean(np.abs(ratios - MEAN[0] / MEAN[1]) < 1.96 * errors)
    assert 0.92 < covered < 0.98


def test_by_hand():
    costs, qalys = [10.0, 20.0, 30.0], [1.0, 2.0, 1.5]
    ratio = 20.0 / 1.5
    residuals = [c - ratio * q for c, q in zip(costs, qalys, strict=True)]
    variance = sum(r * r for r in residuals) / 2.0  # their mean is 0
    assert icer_error(costs, qalys) == pytest.approx(math.sqrt(variance / 3.0) / 1.5, rel=1e-12)


def test_costs_that_follow_qalys_leave_no_error():
    assert icer_error([10.0, 20.0, 30.0], [1.0, 2.0, 3.0]) == 0.0


@pytest.mark.parametrize(
    ("costs", "qalys"),
    [
        ([1.0], [1.0]),  # one draw has no spread
        ([1.0, 2.0, 3.0], [1.0, -1.0, 0.1]),  # the QALYs may lie on either side of 0
        ([1.0, 2.0], [0.0, 0.0]),
    ],
)
def test_draws_that_do_not_tell_it(costs, qalys):
    assert icer_error(costs, qalys) == math.inf


def test_different_numbers_of_draws_are_refused():
    with pytest.raises(ValueError, match="3 draws and QALYs of 2"):
        icer_error([1.0, 2.0, 3.0], [1.0, 2.0])


@pytest.mark.parametrize(
    ("draws", "error", "wanted", "found"),
    [(100, 1.0, 1.0, 100), (100, 3.0, 1.0, 900), (1_234, 1.0, 1.0, 1_300), (10, 0.1, 1.0, 1), (7, 1.0, 1.0, 7)],
)
def test_draws_needed(draws, error, wanted, found):
    assert draws_needed(draws, error, wanted) == found


@pytest.mark.parametrize(
    ("error", "wanted"), [(math.inf, 1.0), (1.0, 0.0), (1.0, -1.0), (math.nan, 1.0), (1.0, math.nan)]
)
def test_draws_that_no_number_is_enough_for(error, wanted):
    with pytest.raises(ValueError, match="no draws"):
        draws_needed(100, error, wanted)
