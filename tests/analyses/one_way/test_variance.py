"""Variance explained by each source: by hand where net benefit is linear, against draws of one source where it bends."""

from __future__ import annotations

import csv
import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

from helpers.small_project import Number, choices, exponential, loaded
from netcea import load
from netcea.analyses.one_way.variance import explained
from netcea.analyses.registry import ANALYSES
from netcea.analyses.shared.totals import totals_of, varied
from netcea.cli.main import main
from netcea.engine.point_estimates import base_case
from netcea.sampling.sampler import Sampler
from netcea.sampling.sources import sources_of
from netcea.scenario.options import OneWayOptions


def one_way(scenario, **options):
    return ANALYSES["one_way"].run(scenario, OneWayOptions(**options))


def paid_once(folder, *uncertainties, value=1000.0):
    """Strategies of which one pays a sum once for each uncertainty: NHB falls by 1 / threshold per pound."""
    curves = {"pfs": exponential(1.0), "os": exponential(0.5)}
    costs = {
        f"item{i}": {"kind": "one_off", "strategies": ["new"], "unit_cost": Number(value, "GBP", uncertainty)}
        for i, uncertainty in enumerate(uncertainties)
    }
    return loaded(folder, choices({"new": curves, "old": curves}, costs))


def lower_threshold(scenario):
    return min(scenario.method_pack.thresholds)


def test_linear_by_hand(tmp_path):
    """Normal and uniform costs: SD / threshold, squares add up; nothing is said of what is fixed."""
    normal = {"normal": {"se": 100.0}}
    scenario = paid_once(tmp_path, normal, {"uniform": {"low": 800.0, "high": 1200.0}}, None)
    found = one_way(scenario).variance
    sds = {"item0": 100.0, "item1": 400.0 / math.sqrt(12.0)}
    assert len(found) == len(sds)
    for item, sd in sds.items():
        [source] = [source for source in found if item in source.name]
        assert source.sd_nhb == pytest.approx(sd / lower_threshold(scenario), rel=1e-6)
        assert source.variance_share == pytest.approx(sd**2 / sum(x**2 for x in sds.values()), rel=1e-6)


def test_the_order_is_not_that_of_ranges(tmp_path):
    """A uniform of SD 110 has a 95% interval 361 wide, a normal of SD 100 one 392 wide: orders are opposite."""
    half = 110.0 * math.sqrt(3.0)
    scenario = paid_once(tmp_path, {"normal": {"se": 100.0}}, {"uniform": {"low": 1000 - half, "high": 1000 + half}})
    result = one_way(scenario)
    assert ["item0" in m.quantity.address for m in result.moved] == [True, False]
    first, second = result.variance
    assert "item1" in first.name
    assert "item0" in second.name
    assert [(s.by_variance, s.by_range) for s in result.variance] == [(1, 2), (2, 1)]


@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_against_draws_of_one_source(name):
    """2,000 draws of each source that matters alone: its fit, its correlated pair, its single numbers."""
    scenario = load(name)
    drawn, base, draws = Sampler(scenario, 5).rows(0, 2000), base_case(scenario), 2000
    largest = [source for source in explained(scenario) if source.variance_share > 1e-3]
    assert {s.kind for s in sources_of(scenario) if s.name in {x.name for x in largest}} > {"single"}
    for source in largest:
        alone = varied(base, {address: drawn[address][:, 0] for address in source.addresses})
        nhb = totals_of(scenario, alone).incremental_nhb(lower_threshold(scenario))
        assert len(nhb) == draws
        assert source.sd_nhb == pytest.approx(float(np.std(nhb)), rel=0.05), source.name


def test_shares_add_up_and_ranks_are_those_of_the_bars():
    result = one_way(load("epnet"))
    assert sum(source.variance_share for source in result.variance) == pytest.approx(1.0, abs=1e-12)
    assert [source.by_variance for source in result.variance] == list(range(1, len(result.variance) + 1))
    ranks = [source.by_range for source in result.variance if source.by_range is not None]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
    widest = result.moved[0].quantity.address
    [first] = [source for source in result.variance if source.by_range == 1]
    assert result.shares[widest] == first.variance_share
    fitted = [m.quantity.address for m in result.moved if m.quantity.moves == "curve fitted again"]
    assert len(fitted) == 3
    assert len({result.shares[address] for address in fitted}) == 1  # the fit's, in each of its rows


def test_it_does_not_depend_on_what_is_asked_for():
    """Shares are of all sources, whichever quantities are moved and between which bounds; the others have no rank."""
    address = "costs.subsequent.crossover_months"
    whole, one = one_way(load("pnet")), one_way(load("pnet"), addresses=[address])
    assert [(s.name, s.variance_share) for s in one.variance] == [(s.name, s.variance_share) for s in whole.variance]
    assert {s.name: s.by_range for s in one.variance if s.by_range} == {address: 1}


def test_nothing_is_uncertain(tmp_path):
    assert one_way(paid_once(tmp_path, None)).variance == ()


def test_written_and_shown(tmp_path):
    out = tmp_path / "out"
    shown = CliRunner().invoke(main, ["one-way", "pnet", "--no-figures", "--out", str(out)], catch_exceptions=False)
    assert "Ranking by variance explained beside the ranking by range" in shown.output
    assert "in another order than by range" in " ".join(shown.output.split())
    record = json.loads((out / "results.json").read_text(encoding="utf-8"))["results"]["variance"]
    with (out / "tables" / "variance.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [float(row["Share of variance (share)"]) for row in rows] == [entry["variance_share"] for entry in record]
    assert [row["By variance"] for row in rows] == [str(entry["by_variance"]) for entry in record]
