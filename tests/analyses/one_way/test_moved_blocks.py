"""Numbers that are known only together move together: figures with their curve fitted again, blocks along a direction."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from netcea.analyses.base_case.analysis import case_alone
from netcea.analyses.registry import ANALYSES
from netcea.analyses.shared.moved_blocks import columns_at, moved_blocks
from netcea.analyses.shared.totals import totals_of, varied
from netcea.blocks import Bounds
from netcea.cli.main import main
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.fitting import Figure
from netcea.fitting.refit import Refit
from netcea.loading import load
from netcea.scenario.options import Axis, OneWayOptions, ThresholdOptions, TwoWayOptions

PFS = "survival.cabinet_pnet.pfs_nejm"
FIGURES = [f"{PFS}.{name}" for name in ("median_placebo", "median_cabozantinib", "hazard_ratio")]
DIRECTION = f"{PFS}.weibull.principal_direction"
CORRELATION = np.array([[1.0, 0.015, 0.408], [0.015, 1.0, -0.506], [0.408, -0.506, 1.0]])


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


@pytest.fixture(scope="module")
def moved(pnet):
    result = ANALYSES["one_way"].run(pnet, OneWayOptions())
    return {m.quantity.address: m for m in result.moved}


def figures_beside(scenario, at, value):
    """All three figures of PFS where one has a value, by hand: logarithms that are jointly normal."""
    quantities = [scenario.quantities[address] for address in FIGURES]
    errors = np.array([q.uncertainty.given.log_standard_error for q in quantities])
    covariance = np.outer(errors, errors) * CORRELATION
    shift = np.log(value / quantities[at].value)
    return {
        address: q.value * np.exp(covariance[i, at] / covariance[at, at] * shift)
        for i, (address, q) in enumerate(zip(FIGURES, quantities, strict=True))
    }


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("end", ["low", "high"])
def test_a_figure_at_its_bound_is_the_scenario_with_all_figures_changed(pnet, moved, at, end):
    found = moved[FIGURES[at]]
    values = figures_beside(pnet, at, getattr(found.quantity, end))
    changed = case_alone(load("pnet", {address: float(value) for address, value in values.items()})).case
    effect = getattr(found, end)
    assert effect.nhb[0] == pytest.approx(changed.nhb(25_000.0), rel=1e-9)
    assert effect.incremental_costs == pytest.approx(changed.against_comparator().incremental_costs, rel=1e-9)


def test_bounds_are_the_quantiles_of_the_published_figure(pnet, moved):
    for address in FIGURES:
        quantity = pnet.quantities[address]
        expected = np.sort(quantity.quantile(np.array([0.025, 0.975])))
        assert (moved[address].quantity.low, moved[address].quantity.high) == pytest.approx(tuple(expected), rel=1e-12)
        assert moved[address].quantity.moves == "curve fitted again"


def test_what_drives_the_difference_leads_the_tornado(moved):
    assert next(iter(moved)) == FIGURES[1]
    assert moved[FIGURES[1]].nhb_range() > 2.5  # QALYs at GBP 25,000; no curve moved it before


def test_the_principal_direction_is_where_the_parameters_vary_most(pnet, moved):
    joint = next(j for j in pnet.joint if j.name == f"{PFS}.weibull")
    (block,) = (b for b in moved_blocks(pnet) if b.direction == DIRECTION)
    step = block.estimates({DIRECTION: 1.0}) - joint.estimates
    variance = step @ step  # of the projection on a unit vector
    rng = np.random.default_rng(1)
    others = rng.standard_normal((2000, len(step)))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    assert np.all(np.einsum("ij,jk,ik->i", others, joint.covariance, others) <= variance * (1 + 1e-12))
    assert block.share == pytest.approx(variance / np.trace(joint.covariance), rel=1e-12)
    quantity = moved[DIRECTION].quantity
    assert (quantity.low, quantity.value, quantity.high) == pytest.approx((-1.959964, 0.0, 1.959964), rel=1e-6)
    at = np.exp(joint.estimates + 1.959963984540054 * step)  # all three have the logarithm for their real line
    rows = varied(base_case(pnet), {a: np.array([x]) for a, x in zip(joint.addresses, at, strict=True)})
    assert totals_of(pnet, rows).incremental_nhb(25_000.0)[0] == pytest.approx(moved[DIRECTION].high.nhb[0], rel=1e-12)


def test_two_figures_of_one_curve_on_a_grid_fix_both(pnet):
    axes = [Axis(address=FIGURES[0], low=4.0, high=5.0, steps=2), Axis(address=FIGURES[2], low=0.2, high=0.3, steps=2)]
    result = ANALYSES["two_way"].run(pnet, TwoWayOptions(axes=axes))
    errors = np.array([pnet.quantities[a].uncertainty.given.log_standard_error for a in FIGURES])
    covariance = np.outer(errors, errors) * CORRELATION
    given, shift = [0, 2], np.log([4.0 / 4.4, 0.3 / 0.23])
    third = 13.8 * np.exp(covariance[1, given] @ np.linalg.solve(covariance[np.ix_(given, given)], shift))
    changed = load("pnet", {FIGURES[0]: 4.0, FIGURES[1]: float(third), FIGURES[2]: 0.3})
    expected = case_alone(changed).case.nhb(25_000.0)
    assert result.totals.incremental_nhb(25_000.0)[1] == pytest.approx(expected, rel=1e-9)


CHEAPER = {"costs.drug.cabozantinib.price_per_pack": 1000.0, "survival.cabinet_pnet.os_nejm.hazard_ratio": 0.55}


def test_the_threshold_of_a_figure_is_where_the_scenario_meets_it(pnet):
    wanted = ThresholdOptions(addresses=[FIGURES[1]], bounds={FIGURES[1]: Bounds(low=6.0, high=30.0)})
    result = ANALYSES["threshold"].run(load("pnet", CHEAPER), wanted)
    found = [(solution.basis, meeting) for solution in result.values for meeting in solution.meetings]
    assert found
    for basis, meeting in found:
        changes = {address: float(value) for address, value in figures_beside(pnet, 1, meeting.crossing.at).items()}
        case = case_alone(load("pnet", {**CHEAPER, **changes})).case
        assert basis.weighted or case.nhb(basis.threshold) == pytest.approx(0.0, abs=1e-6)


def test_stated_rank_correlations_move_along():
    scenario = load("scenarios/probabilistic/pnet_pfs_os_correlated_0_5.yaml")
    (block,) = (b for b in moved_blocks(scenario) if b.direction == DIRECTION)
    high = 13.8 * np.exp(1.96 * 0.178)
    columns = columns_at(scenario, {FIGURES[1]: np.array([high])})
    ratio = "survival.cabinet_pnet.os_nejm.hazard_ratio"
    # by hand: the deviates of PFS parameters, then the conditional mean of the OS ratio's
    joint = block.joint
    z = (block.estimates({FIGURES[1]: high / 12.0}) - joint.estimates) / np.sqrt(np.diag(joint.covariance))
    names = [*joint.addresses, ratio, "survival.cabinet_pnet.os_nejm.median_placebo"]
    assert scenario.correlated[0].between(ratio, names[4]) == 0.817
    matrix = np.eye(5)
    sd = np.sqrt(np.diag(joint.covariance))
    matrix[:3, :3] = joint.covariance / np.outer(sd, sd)
    fitted = f"{PFS}.weibull.hazard_ratio", f"{PFS}.weibull.scale_placebo"
    alike, across = (2 * np.sin(np.pi * rho / 6) for rho in (0.5, 0.3))
    pairs = {(fitted[0], ratio): alike, (fitted[1], names[4]): alike, (fitted[0], names[4]): across}
    pairs |= {(fitted[1], ratio): across, (ratio, names[4]): 0.817}
    for (first, second), rho in pairs.items():
        i, j = names.index(first), names.index(second)
        matrix[i, j] = matrix[j, i] = rho
    expected = matrix[3:, :3] @ np.linalg.solve(matrix[:3, :3], z)
    quantity = scenario.quantities[ratio]
    own = quantity.value * np.exp(quantity.uncertainty.given.log_standard_error * expected[0])
    assert columns[ratio] == pytest.approx([own], rel=1e-9)


def test_figures_that_no_curve_meets_are_refused_where_they_were_asked_for(pnet):
    asked = OneWayOptions(addresses=[FIGURES[2]], bounds={FIGURES[2]: Bounds(low=0.23, high=1.4)})
    with pytest.raises(InputError) as caught:
        ANALYSES["one_way"].run(pnet, asked)
    assert "figures that one curve of the family can meet" in str(caught.value)


def test_a_figure_that_is_known_exactly_leaves_the_others_alone():
    figures = Figure("median", 5.0, 0.0), Figure("median", 9.0, 0.2)
    refit = Refit(figures, (True, True), ((1.0, 0.9), (0.9, 1.0)), lambda _: None)
    assert [f.value for f in refit.at({0: 6.0})] == [6.0, pytest.approx(9.0, rel=1e-12)]


@pytest.mark.parametrize("name", ["pnet", "epnet", "pnet_comparators", "epnet_comparators"])
def test_every_fitted_curve_in_use_moves(name):
    scenario = load(name)
    result = ANALYSES["one_way"].run(scenario, OneWayOptions())
    listed = {m.quantity.address for m in (*result.moved, *result.no_effect)}
    for block in moved_blocks(scenario):
        assert set(block.moves) <= listed
        assert block.direction in block.moves


def test_the_command_says_what_moves_together(tmp_path):
    arguments = ["one-way", "pnet", "--address", FIGURES[1], "--address", DIRECTION, "--out", str(tmp_path / "out")]
    ran = CliRunner().invoke(main, arguments)
    assert ran.exit_code == 0, ran.output
    saved = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["results"]["quantities"]
    assert {entry["address"]: entry["moves"] for entry in saved} == {
        FIGURES[1]: "curve fitted again",
        DIRECTION: "whole block",
    }
    assert "principal direction" in " ".join(ran.output.split())


def test_one_curve_is_not_moved_in_two_ways_at_once(pnet):
    axes = [Axis(address=FIGURES[1], steps=3), Axis(address=DIRECTION, steps=3)]
    with pytest.raises(InputError, match="its figures, or its principal direction, not both"):
        ANALYSES["two_way"].run(pnet, TwoWayOptions(axes=axes))
