"""Regressions without their columns: equal to plain least squares on all columns at once, whatever the blocks."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.sample_of import mostly_slow
from netcea.decision.value_of_information import basis, columns
from netcea.decision.value_of_information.basis import smooth_design
from netcea.decision.value_of_information.gaussian_process import process_fits
from netcea.decision.value_of_information.regression import orthonormal, penalised_fits

N = 3000
X = np.random.default_rng(8).standard_normal((5, N))
X[1] = np.exp(X[1])
X[2] = np.random.default_rng(9).binomial(4, 0.4, N)
NOISE = np.random.default_rng(10).standard_normal((2, N))
RESPONSES = np.array([X[0] + np.sin(X[1]) + X[0] * X[3], X[2] ** 2 - X[4]]) + NOISE
GROUPS = ([0], [1], [2], [0, 1], [2, 3], [0, 2, 3], [0, 1, 2, 3, 4])


def all_columns(design):
    """Every column at once, Array (draw, column)."""
    starts = range(0, N, columns.BLOCK)
    return np.concatenate([design.columns.block(slice(at, min(at + columns.BLOCK, N))).T for at in starts])


@pytest.mark.parametrize("known", mostly_slow(GROUPS, ([1], [2, 3], [0, 2, 3])))
def test_sums_over_draws_are_those_of_all_columns_at_once(known):
    made = smooth_design(X[known]).columns
    every = all_columns(smooth_design(X[known]))
    assert every @ made.constant == pytest.approx(1.0, abs=1e-12)
    assert made.project(RESPONSES) == pytest.approx(RESPONSES @ every, rel=1e-12, abs=1e-10)
    coefficients = NOISE[:, : every.shape[1]]
    assert made.expand(coefficients) == pytest.approx(coefficients @ every.T, rel=1e-12, abs=1e-10)
    assert made.gram() == pytest.approx(every.T @ every, rel=1e-12, abs=1e-10)
    assert made.gram(RESPONSES[1]) == pytest.approx((every.T * RESPONSES[1] ** 2) @ every, rel=1e-12, abs=1e-10)


@pytest.mark.parametrize("known", mostly_slow(GROUPS, ([1], [2, 3], [0, 2, 3])))
def test_fits_are_those_of_least_squares_with_a_penalty(known):
    """The slow twin: an intercept and all columns, the penalty as rows of their own, and the hat matrix for draws."""
    made = smooth_design(X[known])
    design, every = orthonormal(made), all_columns(made)
    z = every @ design.turn
    assert z.mean(axis=0) == pytest.approx(0.0, abs=1e-8)
    for fit, y in zip(penalised_fits(design, RESPONSES), RESPONSES, strict=True):
        penalty = np.sqrt(1.0 / np.maximum(fit.weights, 1e-300) - 1.0)
        rows = np.concatenate([z, np.diag(penalty)])
        slow = np.linalg.lstsq(rows, np.concatenate([y - y.mean(), np.zeros(len(penalty))]), rcond=None)[0]
        assert fit.fitted == pytest.approx(y.mean() + z @ slow, rel=1e-6, abs=1e-6)
        hat = z @ np.linalg.solve(z.T @ z + np.diag(penalty**2), z.T)
        left_out = fit.residual / (1.0 - 1.0 / N - np.diag(hat))
        centred = y - y.mean()
        assert fit.held_out_r_squared == pytest.approx(1.0 - left_out @ left_out / (centred @ centred), abs=1e-7)
        noise = (fit.weights**2) @ ((fit.residual * left_out) @ z**2)
        assert fit.noise == pytest.approx(noise / N, rel=1e-6)


def test_straight_lines_are_not_penalised_and_nothing_else_is_free():
    assert [int(np.sum(orthonormal(smooth_design(X[known])).roughness == 0.0)) for known in GROUPS[:2]] == [1, 1]
    assert int(np.sum(orthonormal(smooth_design(X[[0, 3]])).roughness == 0.0)) == 3  # x, y and x y


@pytest.mark.parametrize("known", GROUPS[3:])
def test_columns_in_memory_change_nothing(known, monkeypatch):
    made = orthonormal(smooth_design(X[known]))
    held = made.held()
    assert held.columns is not made.columns
    for one, other in zip(penalised_fits(made, RESPONSES), penalised_fits(held, RESPONSES), strict=True):
        assert np.array_equal(one.fitted, other.fitted)
        assert (one.noise, one.held_out_r_squared) == (other.noise, other.held_out_r_squared)
    monkeypatch.setattr(columns, "ROOM", 1000)
    assert made.held().columns is made.columns


def test_blocks_are_summed_to_the_same_numbers(monkeypatch):
    whole = process_fits(X[[0, 3]], RESPONSES[:1])[0]
    monkeypatch.setattr(columns, "BLOCK", 700)
    parts = process_fits(X[[0, 3]], RESPONSES[:1])[0]
    assert parts.fitted == pytest.approx(whole.fitted, rel=1e-6, abs=1e-6)
    assert parts.r_squared == pytest.approx(whole.r_squared, rel=1e-9)


def test_a_quantity_of_few_values_is_a_factor_by_all_of_its_draws(monkeypatch):
    monkeypatch.setattr(basis, "MANY", 10)
    x = np.concatenate([np.arange(13.0), np.tile(np.arange(3.0), 40)])
    assert smooth_design([x]).columns.powers == 4
    assert smooth_design([np.concatenate([np.ones(20), np.arange(5.0)])]).columns.powers == 1
