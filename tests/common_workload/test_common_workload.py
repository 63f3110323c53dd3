"""The workload on which established packages were timed: netcea's curves give their outputs, netcea's rules its own."""

from __future__ import annotations

import math

import numpy as np
import pytest

from helpers import plain, workload
from helpers.workload import ENDPOINTS, RATE, STRATEGIES
from netcea.engine.grid import Grid
from netcea.engine.simulate import simulate
from netcea.survival.evaluate import Curves

PRINTED = 6e-12
"""Relative rounding of recorded outputs, which have 12 digits."""
CONVENTIONS = {
    (200, "new", "qaly"): (-411.3, 1021.9, -23.8),
    (200, "new", "drug"): (-637.4, 794.7, -37.5),
    (200, "new", "mgmt"): (-284.6, 1149.2, -16.2),
    (200, "standard", "qaly"): (-161.5, 704.0, -36.3),
    (200, "standard", "drug"): (-298.0, 486.3, -67.9),
    (200, "standard", "mgmt"): (-107.5, 790.1, -23.8),
    (10_000, "new", "qaly"): (-265.5, 1027.3, -23.8),
    (10_000, "new", "drug"): (-412.7, 793.9, -37.6),
    (10_000, "new", "mgmt"): (-183.4, 1157.4, -16.1),
    (10_000, "standard", "qaly"): (-116.4, 704.3, -36.4),
    (10_000, "standard", "drug"): (-215.0, 484.7, -68.0),
    (10_000, "standard", "mgmt"): (-77.5, 791.1, -23.9),
}
"""(rows, strategy, output) -> parts per million of the recorded mean that netcea's conventions add to it: PFS capped in
place of OS raised, 1.035^-t in place of exp(-0.035 t), discounted at the middle of a cycle in place of its edges."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return workload.scenario(tmp_path_factory.mktemp("common_workload"))


@pytest.fixture(scope="module", params=["200 rows", "10,000 rows"])
def rows(request):
    """Coefficients and recorded outputs."""
    carried = workload.recorded()
    if request.param == "200 rows":
        return carried["coefficients"], {
            strategy: {name: np.array(column) for name, column in columns.items()}
            for strategy, columns in carried["outputs"].items()
        }
    found = workload.all_coefficients(), workload.all_outputs()
    if None in found:
        pytest.skip("set NETCEA_REFERENCE to a folder with data/psa_weibull_*.csv.gz for all rows")
    return found


def assert_same(found, expected, relative):
    assert set(found) == set(expected) == set(STRATEGIES)
    for strategy, columns in expected.items():
        assert set(found[strategy]) == set(columns)
        for name, column in columns.items():
            np.testing.assert_allclose(found[strategy][name], column, relative, 0, err_msg=f"{strategy} {name}")


def test_netceas_curves_by_the_rules_of_hesim_are_what_is_recorded(scenario, rows):
    """OS raised to PFS, exp(-0.035 t) at the edges, trapezium."""
    coefficients, recorded = rows
    draws, grid = workload.draws(scenario, coefficients), Grid.of(scenario)
    curves = Curves(scenario.curves, draws, grid.time.edges, grid.population_hazard(draws))
    found = {}
    for strategy in STRATEGIES:
        pfs, os = (curves.survival_at_edges(f"strategies.{strategy}.{endpoint}") for endpoint in ENDPOINTS)
        found[strategy] = plain.accrued(strategy, *plain.with_os_raised(pfs, os), plain.exponential_at_edges())
    assert_same(found, recorded, PRINTED)


def test_simulate_is_a_plain_program_with_netceas_rules(scenario, rows):
    """PFS capped at OS, 1.035^-t at the middle of each cycle, trapezium; the program has curves of its own."""
    coefficients, _ = rows
    outcomes = simulate(scenario, workload.draws(scenario, coefficients))
    assert_same(workload.outputs(outcomes), plain.by_own_rules(coefficients), 1e-12)
    assert not any(strategy.audit["violations"].any() for strategy in outcomes.strategies.values())


def test_the_cap_takes_what_the_audit_says(scenario, rows):
    """Undiscounted, a row differs from the recorded one by its `crossing_life_years`, all of it progression-free."""
    coefficients, recorded = rows
    outcomes = simulate(scenario, workload.draws(scenario, coefficients))
    found = workload.outputs(outcomes)
    for strategy, expected in recorded.items():
        taken = outcomes.strategies[strategy].audit["crossing_life_years"]
        assert taken.max() > 0.002
        np.testing.assert_allclose(found[strategy]["ly_pf"] + taken, expected["ly_pf"], PRINTED, 0)
        np.testing.assert_allclose(found[strategy]["ly_pd"], expected["ly_pd"], PRINTED, 0)


def test_simulate_with_the_choices_of_hesim(tmp_path, rows):
    """With OS raised and the rate e^0.035 - 1 only the place of the discount is left: the middle of a cycle, its edges.

    That is less than 1e-4 of any row's outputs: most where progression-free survival falls fast within a month.
    """
    coefficients, recorded = rows
    rate = math.expm1(RATE)
    sets = [f"settings.discount_rate_{measure}={rate!r}" for measure in ("costs", "qalys")]
    raised = workload.scenario(tmp_path, "settings.crossing=raise_os", *sets)
    found = workload.outputs(simulate(raised, workload.draws(raised, coefficients)))
    assert_same(found, recorded, 1e-4)
    for strategy, expected in recorded.items():
        for name in ("ly_pf", "ly_pd", "oneoff"):
            np.testing.assert_allclose(found[strategy][name], expected[name], PRINTED, 0)


def test_the_means_differ_by_the_conventions(scenario, rows):
    """The cap, the rate and the place of the discount explain the difference of each mean, and how much is known."""
    coefficients, recorded = rows
    found = workload.outputs(simulate(scenario, workload.draws(scenario, coefficients)))
    for strategy, expected in recorded.items():
        capped = plain.with_pfs_capped(*(plain.weibull(coefficients, f"{strategy}_{e}") for e in ENDPOINTS))
        weights = (
            plain.exponential_at_edges(),
            plain.exponential_at_edges(math.log1p(RATE)),
            plain.compound_at_middles(),
        )
        steps = [expected, *(plain.accrued(strategy, *capped, w) for w in weights), found[strategy]]
        for name in ("qaly", "drug", "mgmt"):
            means = np.array([step[name].mean() for step in steps])
            *conventions, left_over = 1e6 * np.diff(means) / means[0]
            key = (len(expected[name]), strategy, name)
            assert conventions == pytest.approx(CONVENTIONS[key], abs=0.1), key
            assert abs(left_over) < 1e-6, key
