"""Draws of averages of families: how often each, whose parameters, and that no other column moves."""

import numpy as np
import pytest

from helpers.averaged_project import FIT, project
from netcea.loading.load import load
from netcea.sampling.sampler import Sampler, sample
from netcea.sampling.sources import sources_of

NEW, OLD = (f"strategies.{name}.os.distribution" for name in ("new", "old"))
STATED = {"weights": {"weibull": 0.2, "log_normal": 0.5, "gompertz": 0.3}, "reason": "a test"}
N = 20_000


def drawn(rows, address=NEW):
    start = f"{address}.weights."
    return {a.removeprefix(start): x[:, 0] for a, x in rows.columns.items() if a.startswith(start)}


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_each_row_has_one_family_as_often_as_its_weight(method, tmp_path):
    scenario = load(project(tmp_path, STATED))
    found = drawn(Sampler(scenario, 1, method).rows(0, N))
    assert np.sum(list(found.values()), axis=0).tolist() == [1.0] * N
    for family, weight in STATED["weights"].items():
        error = np.sqrt(weight * (1.0 - weight) / N)
        assert found[family].mean() == pytest.approx(weight, abs=4.0 * error)


def test_a_family_without_weight_is_never_drawn(tmp_path):
    scenario = load(project(tmp_path, {"weights": {"weibull": 1.0, "gompertz": 0.0}, "reason": "a test"}))
    assert not drawn(sample(scenario, 3000, 1))["gompertz"].any()


def test_no_other_column_moves(tmp_path):
    path = project(tmp_path, STATED)
    averaged, plain = load(path), load(path, {NEW: "weibull", OLD: "weibull"})
    one, other = sample(averaged, 2000, 7), sample(plain, 2000, 7)
    uncertain = [address for address, x in other.columns.items() if len(x) > 1]
    assert any(address.startswith(f"{FIT}.female.weibull") for address in uncertain)
    for address, column in other.columns.items():
        assert (one[address] == column).all(), address


def test_curves_are_drawn_apart_or_together_as_stated(tmp_path):
    apart = sample(load(project(tmp_path, STATED)), N, 1)
    both = (drawn(apart, NEW)["weibull"] * drawn(apart, OLD)["weibull"]).mean()
    assert both == pytest.approx(0.2 * 0.2, abs=0.006)
    named = {"new": {**STATED, "together": "os"}, "old": {**STATED, "together": "os"}}
    other = tmp_path / "other"
    other.mkdir()
    scenario = load(project(other, named))
    rows = sample(scenario, 2000, 1)
    assert not drawn(rows, OLD)
    assert len(drawn(rows, NEW)) == 3
    assert drawn(rows, NEW)["weibull"].tolist() == drawn(apart, NEW)["weibull"][:2000].tolist()


def test_the_first_rows_are_the_same_whatever_their_number(tmp_path):
    scenario = load(project(tmp_path, STATED))
    few, many = sample(scenario, 100, 3), sample(scenario, 3000, 3)
    assert all((x == many[a][: len(x)]).all() for a, x in few.columns.items())


def test_the_families_are_one_source_of_uncertainty(tmp_path):
    found = {source.name: source for source in sources_of(load(project(tmp_path, STATED)))}
    source = found[f"{NEW}.weights.families"]
    assert source.kind == "group"
    assert source.addresses == tuple(f"{NEW}.weights.{family}" for family in sorted(STATED["weights"]))
    assert "one of several alternatives of which one holds" in source.why_together
