"""Numbers with uncertainties of their own that a table of inputs/ correlates: drawn together, each as it is."""

import copy

import numpy as np
import pytest
import yaml
from scipy import stats

from helpers.small_project import Number, choices, exponential, write
from netcea.analyses.psa.contributions import contributions
from netcea.analyses.shared.moved_blocks import columns_at, moved_blocks
from netcea.analyses.shared.totals import totals_of
from netcea.analyses.shared.varied_quantities import not_moved, varied_quantities
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.loading import load
from netcea.sampling.correlation import correlated_groups
from netcea.sampling.sampler import Sampler
from netcea.sampling.sources import sources_of

N = 8192
ABOVE = "test.numbers"
NAMES = [f"costs_{name}_unit_cost" for name in "abcd"]
A, B, C, D = (f"{ABOVE}.{name}" for name in NAMES)
SPREADS = ({"log_normal": {"se_log": 0.3}}, {"gamma": {"se_relative": 0.5}}, {"log_normal": {"se_log": 0.2}})
SPREADS += ({"uniform": {"low": 50.0, "high": 150.0}},)
RHO, OTHER = 0.8, 0.5
GIVEN = {"source": ["netcea_assumptions"], "status": "assumption", "note": "a test"}


def table(names, rho):
    return {"names": names, "correlation": [[1.0, rho], [rho, 1.0]], **GIVEN}


def project(folder, tables, **analyses):
    costs = {
        name: {"kind": "one_off", "strategies": ["new"], "unit_cost": Number(100.0, "GBP", spread)}
        for name, spread in zip("abcd", SPREADS, strict=True)
    }
    strategies = {name: {"pfs": exponential(1.0), "os": exponential(0.5)} for name in ("new", "old")}
    scenario = choices(strategies, costs)
    path = write(folder, {**scenario, **({"analyses": analyses} if analyses else {})})
    with (folder / "inputs" / "test" / "numbers.yaml").open("a", encoding="utf-8") as file:
        file.write("".join(yaml.safe_dump({name: copy.deepcopy(content)}) for name, content in tables.items()))
    return str(path)


@pytest.fixture
def pair(tmp_path):
    return load(project(tmp_path, {"together": table(NAMES[:2], RHO)}))


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_deviates_have_the_correlation_and_distributions_stay(pair, method):
    rows = Sampler(pair, 1, method).rows(0, N)
    deviates = []
    for address in (A, B, C):
        quantity = pair.quantities[address]
        deviates.append(quantity.distribution.deviate_of(quantity.value, rows[address][:, 0]))
        assert stats.kstest(deviates[-1], "norm").pvalue > 1e-4
    noise = 5.0 / np.sqrt(N)
    assert np.corrcoef(deviates) == pytest.approx(
        np.array([[1.0, RHO, 0.0], [RHO, 1.0, 0.0], [0.0, 0.0, 1.0]]), abs=noise
    )
    assert "not_drawn" not in {warning.code for warning in pair.warnings}
    assert f"{ABOVE}.together" in pair.used_tables


def test_the_first_of_the_table_keeps_its_draws_and_so_does_all_else(pair, tmp_path):
    apart = load(project(tmp_path / "apart", {}))
    one, other = (Sampler(scenario, 3).rows(0, 64) for scenario in (pair, apart))
    assert all(np.array_equal(one[address], other[address]) for address in (A, C, D))
    assert not np.array_equal(one[B], other[B])


def test_what_no_table_states_follows_from_the_number_that_they_share(tmp_path):
    tables = {"first": table(NAMES[:2], RHO), "second": table([NAMES[0], NAMES[2]], OTHER)}
    (group,) = correlated_groups(load(project(tmp_path, tables)))
    assert group.singles == (A, B, C)
    expected = np.array([[1.0, RHO, OTHER], [RHO, 1.0, RHO * OTHER], [OTHER, RHO * OTHER, 1.0]])
    assert group.correlation == pytest.approx(expected, abs=1e-12)
    assert group.tables == (f"{ABOVE}.first", f"{ABOVE}.second")


def test_tables_that_share_nothing_are_two_groups(tmp_path):
    tables = {"first": table(NAMES[:2], RHO), "second": table(NAMES[2:], OTHER)}
    groups = correlated_groups(load(project(tmp_path, tables)))
    assert [(group.singles, group.tables) for group in groups] == [
        ((A, B), (f"{ABOVE}.first",)),
        ((C, D), (f"{ABOVE}.second",)),
    ]


def test_two_tables_that_contradict_each_other_are_refused(tmp_path):
    tables = {"first": table(NAMES[:2], RHO), "second": table([NAMES[1], NAMES[0]], OTHER)}
    with pytest.raises(InputError, match=r"where test.numbers.first has 0\.8; expected one correlation of a pair"):
        load(project(tmp_path, tables))


def test_a_name_that_is_nothing_is_refused(tmp_path):
    stated = {**table(NAMES[:2], RHO), "names": [*NAMES[:2], "unit_cots"]}
    stated["correlation"] = [[1.0, 0.1, 0.1], [0.1, 1.0, 0.1], [0.1, 0.1, 1.0]]
    with pytest.raises(InputError, match=r"test.numbers.unit_cots, which inputs/ does not have"):
        load(project(tmp_path, {"together": stated}))


def test_what_a_scenario_states_of_a_pair_stands_in_place_of_the_table(tmp_path):
    stated = [{"first": A, "second": B, "rank_correlation": Number(0.0, "parameter")}]
    scenario = load(project(tmp_path, {"together": table(NAMES[:2], RHO)}, psa={"correlations": stated}))
    (group,) = correlated_groups(scenario)
    assert group.correlation == pytest.approx(np.eye(2), abs=1e-12)


def test_they_are_one_source_that_says_why(pair):
    found = {source.name: source for source in sources_of(pair)}
    assert found[f"{ABOVE}.together"].addresses == (A, B)
    assert "test.numbers.together has their correlations" in found[f"{ABOVE}.together"].why_together
    assert {C, D} <= found.keys()


def test_one_that_is_moved_takes_the_other_to_its_conditional_mean(pair):
    """By hand: the deviate of A is log(x / 100) / 0.3, B is 0.8 times that from its mean's in a gamma of shape 4."""
    x = np.array([70.0, 100.0, 160.0])
    columns = columns_at(pair, {A: x})
    z = np.log(x / 100.0) / 0.3
    assert columns[A].tolist() == x.tolist()
    gamma = stats.gamma(4.0, scale=25.0)
    at_mean = stats.norm.ppf(gamma.cdf(100.0))
    assert columns[B] == pytest.approx(gamma.ppf(stats.norm.cdf(at_mean + RHO * z)), rel=1e-9)
    assert columns[B][1] == pytest.approx(100.0, rel=1e-9)
    assert columns.keys() == {A, B}
    both = columns_at(pair, {A: x, B: x})
    assert both[B].tolist() == x.tolist()


def test_they_move_along_their_principal_direction(pair):
    (block,) = moved_blocks(pair)
    assert block.direction == f"{ABOVE}.together.principal_direction"
    assert block.share == pytest.approx((1 + RHO) / 2)
    columns = columns_at(pair, {block.direction: np.array([-1.5])})
    z = -1.5 * np.sqrt((1 + RHO) / 2)
    assert columns[A] == pytest.approx([100.0 * np.exp(0.3 * z)], rel=1e-12)
    gamma = stats.gamma(4.0, scale=25.0)
    assert columns[B] == pytest.approx([gamma.ppf(stats.norm.cdf(stats.norm.ppf(gamma.cdf(100.0)) + z))], rel=1e-9)


def test_all_of_them_are_in_the_tornado(pair):
    moved = {q.address: q for q in varied_quantities(pair, [], {})}
    assert {A, B, C, D, f"{ABOVE}.together.principal_direction"} == moved.keys()
    assert moved[A].moves == moved[B].moves == "others at conditional means"
    assert moved[C].moves == "alone"
    assert (moved[A].low, moved[A].high) == pytest.approx((100 * np.exp(-0.588), 100 * np.exp(0.588)), rel=1e-3)
    assert not [entry for entry in not_moved(pair) if entry.uncertain]


def test_their_contribution_is_integrated_over_both(pair):
    """Costs are linear in them: what they add to the mean is what their own means are above their values."""
    drawn = Sampler(pair, 1).rows(0, 1024)
    found, _ = contributions(pair, totals_of(pair, drawn), totals_of(pair, base_case(pair)), 20_000.0)
    (one,) = (c for c in found if c.name == f"{ABOVE}.together")
    assert one.incremental_costs == pytest.approx(100.0 * (np.exp(0.045) - 1.0), rel=1e-3)


def test_changing_the_table_changes_the_digest(pair):
    other = load(pair.path, [f"{ABOVE}.together.correlation=[[1, 0.7], [0.7, 1]]"])
    assert other.digest != pair.digest
    assert correlated_groups(other)[0].correlation[0, 1] == pytest.approx(0.7)


def test_where_one_is_at_its_point_estimate_so_are_all(pair):
    """A gamma's mean is above its median: its deviate there is not 0."""
    assert columns_at(pair, {B: np.array([100.0])})[A] == pytest.approx([100.0], rel=1e-9)
    z = stats.norm.ppf(stats.gamma(4.0, scale=25.0).cdf([150.0, 100.0]))
    moved = columns_at(pair, {B: np.array([150.0])})[A]
    assert moved == pytest.approx([100.0 * np.exp(0.3 * RHO * (z[0] - z[1]))], rel=1e-9)
