"""Rows of parameters: streams that do not disturb each other, what is drawn together, and any cut of the rows."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from helpers.sample_of import grid_mostly_slow
from helpers.small_project import Number, choices, exponential, write
from netcea import load, sample
from netcea.sampling.sampler import Sampler, drawn_groups
from netcea.sampling.streams import ROWS, stream

N = 20_000


@cache
def scenario(name="pnet"):
    return load(name)


def random_columns(rows, sampler):
    return {address: rows[address][:, 0] for address in sampler.uncertain}


@pytest.mark.parametrize("name", ["pnet", "epnet_pfs_os_correlated_0_5", "pnet_adverse_events_by_term"])
@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_rows_are_the_same_however_they_are_cut(name, method):
    sampler = Sampler(scenario(name), 7, method)
    whole = random_columns(sampler.rows(0, 2 * ROWS + 100), sampler)
    for cuts in ((0, 1, 2, 1000, ROWS, ROWS + 1, 2 * ROWS + 100), (0, 333, 2 * ROWS)):
        for start, stop in pairwise(cuts):
            part = random_columns(sampler.rows(start, stop), sampler)
            assert all(np.array_equal(part[a], whole[a][start:stop]) for a in whole)


def test_the_first_rows_do_not_depend_on_how_many_there_are():
    few, many = sample(scenario(), 10, 3), sample(scenario(), 3000, 3)
    assert all(np.array_equal(many[a][:10], few[a]) for a in Sampler(scenario(), 3).uncertain)


def test_everything_uncertain_and_nothing_else_is_drawn():
    sampler = Sampler(scenario(), 1)
    rows = sampler.rows(0, 50)
    varied = {a for a, column in rows.columns.items() if len(np.unique(column)) > 1}
    assert varied == set(sampler.uncertain)
    families = {a: q.uncertainty.family for a, q in scenario().quantities.items()}
    assert {a for a, f in families.items() if f not in ("fixed", "joint")} <= varied
    assert {a for joint in scenario().joint for a in joint.addresses} <= varied
    assert not {a for a, f in families.items() if f == "fixed"} & varied


def test_another_seed_gives_other_draws_in_every_column():
    one, two = (Sampler(scenario(), seed).rows(0, 20) for seed in (1, 2))
    assert all(not np.any(one[a] == two[a]) for a in Sampler(scenario(), 1).uncertain)


@pytest.mark.parametrize("other", ["pnet_comparators", "pnet_os_log_normal", "pnet_price_minus_50_percent", "epnet"])
def test_scenarios_share_random_numbers(other):
    """What two scenarios both draw alone has the same draws: another parameter changes no other column."""
    one, two = Sampler(scenario(), 1), Sampler(scenario(other), 1)
    assert one.uncertain != two.uncertain or other == "pnet_price_minus_50_percent"
    a, b = one.rows(0, 30), two.rows(0, 30)
    shared = [
        address
        for address in {*one.uncertain} & {*two.uncertain}
        if scenario().quantities.get(address) == scenario(other).quantities.get(address)
    ]
    assert len(shared) > 15
    assert all(np.array_equal(a[address], b[address]) for address in shared)


def test_columns_are_independent_where_nothing_says_otherwise():
    sampler = Sampler(scenario(), 5)
    rows = random_columns(sampler.rows(0, N), sampler)
    in_joint = {a for joint in scenario().joint for a in joint.addresses}
    grouped = {a for members in drawn_groups(scenario()).values() for a in members}
    together = {a for numbers in scenario().correlated for a in numbers.addresses}
    names = [a for a in sampler.uncertain if a not in in_joint | grouped | together]
    ranks = np.array([stats.rankdata(rows[a]) for a in names])
    correlations = np.corrcoef(ranks)[np.triu_indices(len(names), 1)]
    assert np.abs(correlations).max() < 5.5 / math.sqrt(N)
    assert np.std(correlations) == pytest.approx(1 / math.sqrt(N), rel=0.1)


def test_a_joint_estimate_has_its_covariance():
    joint = scenario().joint[0]
    rows = sample(scenario(), N, 1)
    transform = {"log": np.log, "identity": lambda x: x, "logit": lambda x: np.log(x / (1 - x))}
    z = np.array([transform[s](rows[a][:, 0]) for a, s in zip(joint.addresses, joint.scales, strict=True)])
    found, sd = np.cov(z), np.sqrt(np.diag(joint.covariance))
    assert np.abs(z.mean(axis=1) - joint.estimates).max() < 5 * sd.max() / math.sqrt(N)
    assert found / np.outer(sd, sd) == pytest.approx(joint.covariance / np.outer(sd, sd), abs=6 / math.sqrt(N))


@pytest.mark.parametrize(("rho", "method"), grid_mostly_slow(["0_3", "0_5"], ["pseudo_random", "sobol"]))
def test_a_stated_rank_correlation_is_there_and_distributions_stay(rho, method):
    correlated = scenario(f"pnet_pfs_os_correlated_{rho}")
    rows, apart = (Sampler(s, 1, method).rows(0, N) for s in (correlated, scenario()))
    for pair in correlated.file.analyses.psa.correlations:
        x, y = rows[pair.first][:, 0], rows[pair.second][:, 0]
        stated = correlated.quantities[pair.rank_correlation].value
        assert stats.spearmanr(x, y)[0] == pytest.approx(stated, abs=0.025)
        for address in (pair.first, pair.second):
            assert stats.ks_2samp(rows[address][:, 0], apart[address][:, 0]).pvalue > 1e-3
    joint = correlated.joint[0]
    logs = np.array([np.log(rows[a][:, 0]) for a in joint.addresses])
    sd = np.sqrt(np.diag(joint.covariance))
    assert np.cov(logs) / np.outer(sd, sd) == pytest.approx(joint.covariance / np.outer(sd, sd), abs=6 / math.sqrt(N))
    kept = {*Sampler(scenario(), 1).uncertain} - {a for g in Sampler(correlated, 1)._correlated for a in g.addresses}
    if method == "pseudo_random":
        assert all(np.array_equal(rows[a], apart[a]) for a in kept)


def shares(tmp_path, *values, n=20.0):
    """A scenario in which proportions of one Dirichlet are costs' frequencies."""

    def item(value):
        spread = {"dirichlet": {"group": "g", "effective_n": n}}
        return {"kind": "one_off", "share": Number(value, "proportion", spread), "unit_cost": Number(100, "GBP")}

    strategies = {name: {"pfs": exponential(1.0), "os": exponential(0.5)} for name in ("new", "old")}
    costs = {f"item{i}": item(value) for i, value in enumerate(values)}
    return load(str(write(tmp_path, choices(strategies, costs))))


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_a_dirichlet_adds_up_to_one_and_its_margins_are_beta(tmp_path, method):
    made = shares(tmp_path, 0.2, 0.3, 0.5)
    (members,) = drawn_groups(made).values()
    rows = Sampler(made, 1, method).rows(0, N)
    columns = np.array([rows[a][:, 0] for a in members])
    assert np.abs(columns.sum(axis=0) - 1.0).max() < 1e-12
    for column, share in zip(columns, (0.2, 0.3, 0.5), strict=True):
        assert stats.kstest(column, stats.beta(20 * share, 20 * (1 - share)).cdf).pvalue > 1e-4
    assert np.corrcoef(columns)[0, 1] == pytest.approx(-math.sqrt(0.2 * 0.3 / (0.8 * 0.7)), abs=0.03)


def test_sobol_is_even_scrambled_and_no_other_than_scipy_s():
    sampler = Sampler(scenario(), 1, "sobol")
    rows, other = sampler.rows(0, 4096), Sampler(scenario(), 2, "sobol").rows(0, 4096)
    random = Sampler(scenario(), 1).rows(0, 4096)
    worse = 0
    for address, q in scenario().quantities.items():
        if address in sampler.uncertain and q.is_uncertain:
            factor = scenario().factors[address]
            mean, sd = q.distribution.mean(q.value), q.distribution.sd(q.value)
            error = abs(rows[address].mean() / factor - mean) / sd
            assert error < 5e-3 / math.sqrt(4096) * 64 / 10
            worse += error > abs(random[address].mean() / factor - mean) / sd
            assert not np.any(rows[address] == other[address])
    assert worse < 5


def test_the_stream_of_an_address_stays_what_it_is():
    """Published draws can be made again as long as this holds; NumPy keeps the bits of PCG64."""
    found = stream(1, "costs.drug.cabozantinib.price_per_pack").random(2)
    assert found.tolist() == pytest.approx(KNOWN, abs=1e-15)
    assert not np.any(found == stream(1, "costs.drug.cabozantinib.price_per_pack", 1).random(2))


KNOWN = [0.25583748268777107, 0.5780957615523048]
