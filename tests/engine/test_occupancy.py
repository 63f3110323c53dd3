"""Occupancy and flows against a loop over cycles; conservation; limits counted; rows and their block."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcea.cohort.timeline import person_time_weights, timeline
from netcea.engine.occupancy import Occupancy, on_treatment, partitioned_survival

TIME = timeline(10.0, 91.0)
START, END = person_time_weights(TIME, "trapezium")


def curves(seed: int, draws: int):
    """Weibull curves that cross often, and a population hazard that sometimes binds."""
    rng = np.random.default_rng(seed)
    pfs, os = (
        np.exp(-((TIME.edges / rng.uniform(0.3, 8.0, (draws, 1))) ** rng.uniform(0.4, 2.5, (draws, 1))))
        for _ in range(2)
    )
    population = rng.uniform(0.0, 0.05, (1, TIME.n_cycles))
    return pfs, os, rng.uniform(0.0, 1.0, (draws, 1)), population


def run(pfs, os, share, population) -> Occupancy:
    return partitioned_survival(pfs, os, share, population, TIME.edges, START, END)


def slow(pfs, os, share, population):
    """One draw, cycle by cycle, with a calculator's operations."""
    rows, counts = ([], dict.fromkeys(["crossing", "population_deaths", "deaths_above_exits", "deaths_above_all"], 0))
    first, moved = dict.fromkeys(counts, np.inf), 0.0
    free = [min(p, s) for p, s in zip(pfs, os, strict=True)]
    for i in range(TIME.n_cycles):
        length = TIME.edges[i + 1] - TIME.edges[i]
        deaths, exits = os[i] - os[i + 1], free[i] - free[i + 1]
        person_time = length * (free[i] + free[i + 1]) / 2
        by_population, by_share = population[i] / length * person_time, share * exits
        asked = max(by_share, by_population)
        bound = []
        if pfs[i + 1] > os[i + 1]:
            died = exits
            bound.append("crossing")
        else:
            died = min(asked, exits, deaths)
            if by_population > by_share:
                bound.append("population_deaths")
            if asked > exits:
                bound.append("deaths_above_exits")
            if min(asked, exits) > deaths:
                bound.append("deaths_above_all")
        for name in bound:
            counts[name] += 1
            first[name] = min(first[name], TIME.edges[i])
        over = [max(pfs[j] - os[j], 0.0) for j in (i, i + 1)]
        moved += length * (over[0] + over[1]) / 2
        rows.append((deaths, exits - died, died))
    return np.array(rows).T, counts, first, moved


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_slow_twin(seed):
    inputs = curves(seed, 3)
    states = run(*inputs)
    for d in range(3):
        flows, counts, first, moved = slow(inputs[0][d], inputs[1][d], inputs[2][d, 0], inputs[3][0])
        assert states.deaths[d] == pytest.approx(flows[0], abs=1e-13)
        assert states.progressions[d] == pytest.approx(flows[1], abs=1e-13)
        assert states.deaths_progression_free[d] == pytest.approx(flows[2], abs=1e-13)
        audit = {name: value[d] for name, value in states.audit.items()}
        assert audit["crossing_life_years"] == pytest.approx(moved, abs=1e-12)
        for name, count in counts.items():
            assert audit[f"{name}_cycles"] == count
            assert audit[f"{name}_first_year"] == first[name]


@given(st.integers(0, 2**32 - 1))
def test_states_add_up_and_flows_conserve(seed):
    states = run(*curves(seed, 4))
    total = states.progression_free + states.progressed + states.dead
    assert total == pytest.approx(np.ones_like(total), abs=1e-15)
    for state in (states.progression_free, states.progressed, states.dead):
        assert np.all(state >= 0.0)
        assert np.all(state <= 1.0)
    for flow in (states.deaths, states.progressions, states.deaths_progression_free):
        assert np.all(flow >= -1e-16)
    leaving = states.progressions + states.deaths_progression_free
    assert -np.diff(states.progression_free) == pytest.approx(leaving, abs=1e-15)
    entering = states.progressions - (states.deaths - states.deaths_progression_free)
    assert np.diff(states.progressed) == pytest.approx(entering, abs=1e-15)
    assert np.diff(states.dead) == pytest.approx(states.deaths, abs=1e-15)
    # nobody dies of a state who is not in it
    assert np.all(
        states.deaths - states.deaths_progression_free <= states.progressed[:, :-1] + states.progressions + 1e-15
    )


def test_capped_at_os_all_exits_are_deaths():
    pfs = np.exp(-0.1 * TIME.edges)[np.newaxis]
    os = np.exp(-0.3 * TIME.edges)[np.newaxis]
    states = run(pfs, os, np.array([[0.1]]), np.zeros((1, TIME.n_cycles)))
    assert np.array_equal(states.progression_free, os)
    assert np.all(states.progressions == 0.0)
    assert np.array_equal(states.deaths_progression_free, states.deaths)
    assert states.audit["crossing_cycles"].tolist() == [TIME.n_cycles]
    assert states.audit["crossing_first_year"].tolist() == [0.0]
    area = np.trapezoid(pfs - os, TIME.edges)
    assert states.audit["crossing_life_years"] == pytest.approx(area, rel=1e-13)


def test_nothing_binds_where_nothing_should():
    pfs, os = np.exp(-1.0 * TIME.edges)[np.newaxis], np.exp(-0.3 * TIME.edges)[np.newaxis]
    states = run(pfs, os, np.array([[0.1]]), np.zeros((1, TIME.n_cycles)))
    for name, value in states.audit.items():
        assert value.tolist() == [np.inf if name.endswith("first_year") else 0.0]
    assert states.deaths_progression_free == pytest.approx(-0.1 * np.diff(states.progression_free), rel=1e-14)


def test_population_hazard_by_hand():
    edges, weight = np.array([0.0, 0.5]), np.array([0.25])
    states = partitioned_survival(
        np.array([[1.0, 0.9]]), np.array([[1.0, 0.95]]), 0.1, np.array([[0.02]]), edges, weight, weight
    )
    # 0.02 in half a year is 0.04 a year; person-time 0.5 (1 + 0.9) / 2 = 0.475; 0.1 x 0.1 = 0.01 is less
    assert states.deaths_progression_free[0, 0] == pytest.approx(0.04 * 0.475, rel=1e-14)
    assert states.audit["population_deaths_cycles"].tolist() == [1.0]


@pytest.mark.parametrize("correction", ["trapezium", "start", "end"])
def test_rows_do_not_depend_on_their_block(correction):
    start, end = person_time_weights(TIME, correction)
    pfs, os, share, population = curves(7, 37)
    whole = partitioned_survival(pfs, os, share, population, TIME.edges, start, end)
    for rows in (slice(0, 1), slice(5, 6), slice(3, 20), slice(36, 37)):
        part = partitioned_survival(pfs[rows], os[rows], share[rows], population, TIME.edges, start, end)
        for name in ("alive", "progression_free", "progressed", "deaths", "progressions", "deaths_progression_free"):
            assert np.array_equal(getattr(part, name), getattr(whole, name)[rows])
        for name, value in part.audit.items():
            assert np.array_equal(value, whole.audit[name][rows])


def test_curves_of_one_row_serve_all_draws():
    pfs, os, share, population = curves(11, 6)
    for one in (0, 1):
        mixed = [pfs, os]
        mixed[one] = mixed[one][:1]
        wide = [x.repeat(6, axis=0) if len(x) == 1 else x for x in mixed]
        found, expected = run(*mixed, share, population), run(*wide, share, population)
        for name in ("progression_free", "progressed", "progressions", "deaths_progression_free"):
            assert np.array_equal(getattr(found, name), getattr(expected, name))
        row = found.row(4)
        assert np.array_equal(row.progressions[0], expected.progressions[4])
        assert row.audit["crossing_cycles"][0] == expected.audit["crossing_cycles"][4]


def test_population_hazard_by_draw():
    pfs, os, share, population = curves(13, 4)
    found = run(pfs, os, share, population.repeat(4, axis=0))
    assert np.array_equal(found.deaths_progression_free, run(pfs, os, share, population).deaths_progression_free)


def test_treatment_ends_with_life():
    assert on_treatment(np.array([[1.0, 0.9, 0.4]]), np.array([[1.0, 0.7, 0.6]])).tolist() == [[1.0, 0.7, 0.4]]


def test_one_pair_of_curves_with_shares_that_differ():
    """Curves that all draws have in common cross in every draw."""
    pfs, os = np.array([[1.0, 0.5, 0.3, 0.1]]), np.array([[1.0, 0.8, 0.2, 0.1]])
    edges, half = np.arange(4.0), np.full(3, 0.5)
    share = np.array([[0.1], [0.4]])
    both = partitioned_survival(pfs, os, share, np.zeros((1, 3)), edges, half, half)
    for row in range(2):
        one = partitioned_survival(pfs, os, share[[row]], np.zeros((1, 3)), edges, half, half)
        assert np.array_equal(both.deaths_progression_free[row], one.deaths_progression_free[0])
        assert both.audit["crossing_cycles"][row] == one.audit["crossing_cycles"][0] == 1.0
        assert both.audit["crossing_life_years"][row] == one.audit["crossing_life_years"][0] > 0.0
