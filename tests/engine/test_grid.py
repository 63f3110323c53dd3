"""What a run needs once: the same for all rows is computed once, what differs row by row is not kept."""

from __future__ import annotations

import numpy as np
import pytest

from netcea.cohort.norms import norm_profile
from netcea.cohort.windows import summed_within
from netcea.draws import Draws
from netcea.engine.clock import clock_of
from netcea.engine.grid import Grid
from netcea.engine.kept import Kept, content
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.loading import load


@pytest.fixture(scope="module")
def scenario():
    return load("pnet")


@pytest.fixture
def grid(scenario):
    return Grid.of(scenario)


def with_ages(scenario, ages):
    row = base_case(scenario)
    return Draws(len(ages), {**row.columns, scenario.file.population.start_age: np.array(ages)[:, np.newaxis]})


def test_weights_add_up_to_the_horizon(grid):
    assert grid.edge_weights["no"].sum() == pytest.approx(grid.time.horizon_years, rel=1e-13)
    assert grid.edge_weights["costs"].sum() == pytest.approx(grid.discount["costs"] @ grid.time.lengths, rel=1e-13)
    half = np.full((1, grid.time.n_cycles), 0.5)
    assert grid.profile_weights("no", half).sum() == pytest.approx(grid.time.horizon_years / 2, rel=1e-13)
    everybody = np.ones((1, grid.time.n_cycles + 1))
    discounted, undiscounted = summed_within(
        everybody, grid.window_weights(None, np.array([1.0, 4.0]), "costs", half)
    ).T
    assert undiscounted == pytest.approx([0.5, 2.0], rel=1e-12)
    within = np.diff(np.minimum(grid.time.edges, [[1.0], [4.0]]), axis=1)
    assert discounted == pytest.approx(within @ grid.discount["costs"] / 2.0, rel=1e-12)


def test_what_all_rows_share_is_computed_once(grid, scenario):
    row, ends = base_case(scenario), np.array([2.0])
    assert grid.population_hazard(row) is grid.population_hazard(row)
    assert grid.norm(row) is grid.norm(base_case(scenario))
    assert grid.window(None, ends) is grid.window(None, ends.copy())
    assert grid.window(None, ends) is not grid.window(ends, None)
    assert grid.profile_weights("costs", grid.norm(row)) is grid.profile_weights("costs", grid.norm(row).copy())
    assert grid.profile_weights("costs", None) is grid.edge_weights["costs"]
    assert grid.dispensings(0.1) is grid.dispensings(0.1)
    assert grid.dispensings(0.1, keep=False) is not grid.dispensings(0.1)


def test_what_differs_row_by_row_is_not_kept(grid, scenario):
    rows = with_ages(scenario, [60.0, 70.0])
    assert grid.norm(rows).shape == grid.population_hazard(rows).shape == (2, grid.time.n_cycles)
    female = rows[scenario.file.population.proportion_female]
    for i, age in enumerate((60.0, 70.0)):
        population = scenario.norms, scenario.life_table, age, female
        alone = norm_profile(*population, grid.time.edges, (grid.start_weight, grid.end_weight))
        assert np.array_equal(grid.norm(rows)[i], alone[0])
    assert grid.norm(rows) is not grid.norm(rows)
    assert grid.norm(with_ages(scenario, [60.0])).shape == (1, grid.time.n_cycles)


def test_packs_of_28_days_meet_the_edges(grid):
    moments = grid.dispensings(28.0 / 365.25).moments
    assert moments.edges_from_start
    assert np.array_equal(moments.times[0], grid.time.edges[: moments.times.shape[1]])
    assert moments.times[0, -1] < grid.time.horizon_years


def test_one_rate_or_two(grid):
    assert grid.same_rate("qalys") == "costs"
    other = Grid.of(load("pnet", sets=["settings.discount_rate_qalys=0.015"]))
    assert (other.same_rate("qalys"), other.same_rate("costs")) == ("qalys", "costs")


def test_kept_by_content():
    kept, done = Kept(), []
    for x in (np.array([1.0]), np.array([1.0]), np.array([2.0])):
        kept.get(content(x), lambda x=x: done.append(x))
    assert len(done) == len(list(kept.all())) == 2
    assert content(None) is None


SHARING = ({}, {"population.start_age": "population.cohorts.epnet.start_age"}, {"settings.discounting": "annual"})
"""Changes of a base case: none, another age in the same life table, other weights."""


def test_what_scenarios_share_changes_no_bit():
    base = load("pnet")
    scenarios = [base.related.changed(changes, brief=True) if changes else base for changes in SHARING]
    alone = []
    for scenario in scenarios:
        clock_of.cache_clear()
        alone.append(simulate(scenario, base_case(scenario)).totals("costs").tobytes())
    for order in (scenarios, scenarios[::-1]):
        clock_of.cache_clear()
        together = {id(s): simulate(s, base_case(s)).totals("costs").tobytes() for s in order}
        assert [together[id(s)] for s in scenarios] == alone
    assert len(set(alone)) == len(alone)


def test_a_life_table_of_its_own_is_not_shared():
    base = load("pnet")
    other = base.related.changed({"population.life_table": "mortality.life_tables.england_2017_2019"}, brief=True)
    first, second = Grid.of(base), Grid.of(other)
    assert first.time is not second.time
    row = base_case(base)
    assert (first.population_hazard(row) != second.population_hazard(row)).any()


def test_results_are_forgotten_when_there_are_too_many():
    kept = Kept(2)
    made = [kept.get(key, object) for key in (1, 2)]
    assert kept.get(2, object) is made[1]
    kept.get(3, object)
    assert kept.get(2, object) is not made[1]
    assert len(list(kept.all())) == 2
