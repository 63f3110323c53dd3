"""The grid: edges to the last bit, weights against sums over cycles, discounting by each convention."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcea.cohort.timeline import (
    completed_years,
    cycle_discount,
    edge_weights,
    moment_discount,
    person_time_weights,
    timeline,
    window_fraction,
)

CORRECTIONS = ["trapezium", "start", "end"]
CONVENTIONS = ["mid_cycle", "cycle_start", "annual"]


def test_base_case_grid():
    time = timeline(40.0, 28.0)
    assert time.n_cycles == math.ceil(40.0 * 365.25 / 28.0) == 522
    assert time.edges[0] == 0.0
    assert time.edges[-1] == 40.0
    assert all(time.edges[i] == (i * 28) / 365.25 for i in range(522))
    assert 0.0 < time.lengths[-1] < time.lengths[0]


@pytest.mark.parametrize("cycle_days", [1.0, 7.0, 28.0, 30.4375, 365.25, 365.25 / 52, 365.25 / 7, 365.25 / 3])
@pytest.mark.parametrize("n", [1, 3, 7, 12, 13, 39, 360, 521])
def test_whole_number_of_cycles_has_no_sliver(cycle_days, n):
    for horizon in (n * cycle_days / 365.25, n * (cycle_days / 365.25)):
        for nudged in (horizon, np.nextafter(horizon, 0.0), np.nextafter(horizon, 99.0)):
            time = timeline(float(nudged), cycle_days)
            assert time.n_cycles == n
            assert time.edges[-1] == nudged
            assert time.lengths.min() > 0.99 * time.lengths.max()


@given(st.floats(0.01, 60.0), st.floats(1.0, 400.0))
def test_edges_rise_to_the_horizon(horizon, cycle_days):
    time = timeline(horizon, cycle_days)
    assert time.edges[0] == 0.0
    assert time.edges[-1] == horizon
    assert np.all(time.lengths > 0.0)
    assert np.all(time.lengths <= cycle_days / 365.25 + 2e-9)
    assert time.n_cycles == pytest.approx(math.ceil(horizon * 365.25 / cycle_days), abs=1)


@pytest.mark.parametrize(("horizon", "cycle"), [(0.0, 28.0), (-1.0, 28.0), (40.0, 0.0), (np.nan, 28.0), (np.inf, 28.0)])
def test_impossible_grid_is_refused(horizon, cycle):
    with pytest.raises(ValueError, match="expected both above 0"):
        timeline(horizon, cycle)


def test_unknown_conventions_are_refused():
    time = timeline(1.0, 28.0)
    with pytest.raises(ValueError, match="'mid'; expected one of mid_cycle"):
        cycle_discount(time, 0.035, "mid")
    with pytest.raises(ValueError, match="'mid'; expected one of mid_cycle"):
        moment_discount(time, np.array([0.0]), 0.035, "mid")
    with pytest.raises(ValueError, match="'simpson'; expected one of trapezium"):
        person_time_weights(time, "simpson")


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_person_time_of_everybody_is_the_horizon(correction):
    start, end = person_time_weights(timeline(40.0, 28.0), correction)
    assert (start + end).sum() == pytest.approx(40.0, rel=1e-14)


def test_trapezium_by_hand():
    time = timeline(1.0, 146.1)
    start, end = person_time_weights(time, "trapezium")
    x = np.array([1.0, 0.8, 0.5, 0.3])
    by_hand = 0.4 * (1.0 + 0.8) / 2 + 0.4 * (0.8 + 0.5) / 2 + 0.2 * (0.5 + 0.3) / 2
    assert start @ x[:-1] + end @ x[1:] == pytest.approx(by_hand, rel=1e-14)


def test_mid_cycle_discount_by_hand():
    factors = cycle_discount(timeline(1.0, 146.1), 0.035, "mid_cycle")
    assert factors == pytest.approx([1.035**-0.2, 1.035**-0.6, 1.035**-0.9], rel=1e-14)


@pytest.mark.parametrize("cycle_days", [365.25, 365.25 / 7, 365.25 / 3, 365.25 / 49, 30.4375])
def test_annual_discount_steps_at_whole_years(cycle_days):
    per_year = round(365.25 / cycle_days)
    factors = cycle_discount(timeline(20.0, cycle_days), 0.035, "annual")
    assert factors == pytest.approx([1.035 ** -(i // per_year) for i in range(20 * per_year)], rel=1e-14)


def test_a_moment_a_rounding_below_a_whole_year_has_reached_it():
    t = np.nextafter(np.arange(1.0, 40.0), 0.0)
    assert np.array_equal(completed_years(t), np.arange(1.0, 40.0))
    assert moment_discount(timeline(40.0, 28.0), t, 0.035, "annual")[2] == pytest.approx(1.035**-3, rel=1e-14)
    assert completed_years(2.999) == 2.0


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_rate_by_draw_equals_rate_alone(convention):
    time, rates = timeline(10.0, 28.0), np.array([[0.0], [0.015], [0.035], [10.0]])
    moments = np.arange(100) * 30 / 365.25
    cycles, packs = cycle_discount(time, rates, convention), moment_discount(time, moments, rates, convention)
    assert cycles.shape == (4, time.n_cycles)
    assert packs.shape == (4, 100)
    for row, rate in enumerate(rates[:, 0]):
        assert np.array_equal(cycles[row], cycle_discount(time, float(rate), convention))
        assert np.array_equal(packs[row], moment_discount(time, moments, float(rate), convention))
    assert np.all(cycles[0] == 1.0)


def test_packs_take_the_convention_of_the_cycles():
    time = timeline(3.0, 28.0)
    on_edges = np.arange(time.n_cycles) * 28 / 365.25
    assert np.array_equal(
        moment_discount(time, on_edges, 0.035, "cycle_start"), cycle_discount(time, 0.035, "cycle_start")
    )
    assert np.array_equal(moment_discount(time, on_edges, 0.035, "annual"), cycle_discount(time, 0.035, "annual"))
    assert moment_discount(time, on_edges, 0.035, "mid_cycle") == pytest.approx(1.035**-on_edges, rel=1e-14)
    inside = np.array([27.0, 28.0, 55.9]) / 365.25
    assert moment_discount(time, inside, 0.035, "cycle_start") == pytest.approx(
        [1.0, 1.035 ** (-28 / 365.25), 1.035 ** (-28 / 365.25)], rel=1e-14
    )


@pytest.mark.parametrize("correction", CORRECTIONS)
@given(seed=st.integers(0, 2**32 - 1), draws=st.integers(1, 3))
def test_folded_weights_equal_the_sum_over_cycles(correction, seed, draws):
    rng = np.random.default_rng(seed)
    time = timeline(rng.uniform(0.1, 3.0), rng.uniform(20.0, 100.0))
    start, end = person_time_weights(time, correction)
    x, profile = rng.random((draws, time.n_cycles + 1)), rng.random((draws, time.n_cycles))
    weights = edge_weights(start, end, profile)
    assert weights.shape == x.shape
    for d in range(draws):
        slow = sum(profile[d, i] * (start[i] * x[d, i] + end[i] * x[d, i + 1]) for i in range(time.n_cycles))
        assert x[d] @ weights[d] == pytest.approx(slow, rel=1e-12)
    assert np.array_equal(edge_weights(start, end, profile[0]), weights[0])
    assert np.array_equal(edge_weights(start, end, profile[:1]), weights[:1])


@given(st.floats(0.0, 6.0), st.floats(0.0, 6.0))
def test_windows_add_up(low, high):
    time = timeline(5.0, 28.0)
    inside = window_fraction(time.edges, low, high) @ time.lengths
    assert inside[0] == pytest.approx(max(0.0, min(high, 5.0) - min(low, 5.0)), abs=1e-12)
    halves = window_fraction(time.edges, 0.0, low) + window_fraction(time.edges, low, np.inf)
    assert halves == pytest.approx(np.ones((1, time.n_cycles)), abs=1e-12)


def test_windows_by_draw():
    edges = np.array([0.0, 1.0, 2.0])
    found = window_fraction(edges, np.array([[0.0], [0.5]]), np.array([[np.inf], [1.25]]))
    assert found.tolist() == [[1.0, 1.0], [0.5, 0.25]]
