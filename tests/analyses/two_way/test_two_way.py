"""Two-way analysis against one-way analysis and against scenarios loaded anew."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from helpers.partners import with_partners
from netcea import load
from netcea.analyses.base_case.analysis import evaluate
from netcea.analyses.registry import ANALYSES
from netcea.analyses.two_way import analysis as module
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.scenario.options import Axis, OneWayOptions, TwoWayOptions

RATIO = "survival.cabinet_epnet.os_nejm.hazard_ratio"
MEDIAN = "survival.cabinet_epnet.os_nejm.median_placebo"
DISCOUNT = "costs.drug.cabozantinib.discount"


@pytest.fixture(scope="module")
def epnet():
    return load("epnet")


def grid(scenario, *axes):
    return ANALYSES["two_way"].run(scenario, TwoWayOptions(axes=list(axes)))


def test_the_grid_contains_the_rows_of_one_way_analysis_exactly(epnet):
    (moved,) = ANALYSES["one_way"].run(epnet, OneWayOptions(addresses=[RATIO])).moved
    result = grid(epnet, Axis(address=RATIO, steps=3), Axis(address=DISCOUNT, low=0.0, high=0.5, steps=4))
    assert result.y.values[0] == epnet.quantities[DISCOUNT].value
    nhb, weighted = result.grid(25_000.0), result.grid(25_000.0, weighted=True)
    assert (nhb[0, 0], nhb[-1, 0]) == (moved.low.nhb[0], moved.high.nhb[0])
    assert (weighted[0, 0], weighted[-1, 0]) == (moved.low.weighted_nhb[0], moved.high.weighted_nhb[0])


def test_two_numbers_of_one_correlation_are_where_the_grid_says(epnet):
    result = grid(
        epnet, Axis(address=RATIO, low=0.7, high=1.1, steps=2), Axis(address=MEDIAN, low=15.0, high=25.0, steps=2)
    )
    row = evaluate(load("epnet", {RATIO: 1.1, MEDIAN: 15.0})).against_comparator()
    nhb = row.incremental_qalys - row.incremental_costs / 25_000
    assert result.grid(25_000.0)[1, 0] == pytest.approx(nhb, rel=1e-12)


def test_cells_are_scenarios_loaded_with_both_values(epnet):
    result = grid(epnet, Axis(address=DISCOUNT, low=0.0, high=1.0, steps=5), Axis(address=MEDIAN, steps=3))
    costs = result.totals.increment("costs").reshape(5, 3)
    for i, j in ((0, 2), (3, 0), (4, 1)):
        sets = {DISCOUNT: float(result.x.values[i]), **with_partners(epnet, MEDIAN, result.y.values[j])}
        row = evaluate(load("epnet", sets)).against_comparator()
        assert costs[i, j] == pytest.approx(row.incremental_costs, rel=1e-12)
        nhb = row.incremental_qalys - row.incremental_costs / 25_000
        assert result.grid(25_000.0)[i, j] == pytest.approx(nhb, rel=1e-12)


def test_cutting_the_grid_into_parts_changes_nothing(epnet, monkeypatch):
    axes = Axis(address=RATIO, steps=5), Axis(address=MEDIAN, steps=4)
    whole = grid(epnet, *axes)
    monkeypatch.setattr(module, "CHUNK", 3)
    assert len(module.TwoWay().parts(epnet, TwoWayOptions(axes=list(axes)))) == 7
    cut = grid(epnet, *axes)
    assert np.array_equal(whole.totals.costs, cut.totals.costs)
    assert np.array_equal(whole.totals.qalys, cut.totals.qalys)


def test_values_are_even_and_ends_default_to_quantiles(epnet):
    result = grid(epnet, Axis(address=RATIO, high=2.0), Axis(address=DISCOUNT, steps=5))
    (moved,) = ANALYSES["one_way"].run(epnet, OneWayOptions(addresses=[RATIO])).moved
    assert result.x.values[0] == moved.quantity.low
    assert result.x.values[-1] == 2.0
    assert np.allclose(np.diff(result.x.values), np.diff(result.x.values)[0])
    assert result.y.values.tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]  # fixed: every possible value


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ([], "found no axis; expected two different quantities"),
        ([Axis(address=RATIO)], "two different quantities"),
        ([Axis(address=RATIO), Axis(address=RATIO)], "twice"),
        ([Axis(address=RATIO, low=2.0, high=1.0), Axis(address=MEDIAN)], "expected low below high"),
        ([Axis(address=RATIO, low=9.0), Axis(address=MEDIAN)], "expected low below high"),
        ([Axis(address=RATIO, low=-1.0, high=1.0), Axis(address=MEDIAN)], "above 0"),
        ([Axis(address="survival.cabinet_epnet.pfs_nejm.weibull.shape"), Axis(address=MEDIAN)], "estimated together"),
        ([Axis(address=f"{RATIO}n"), Axis(address=MEDIAN)], f"did you mean '{RATIO}'?"),
        ([Axis(address="costs.drug.cabozantinib.pack_days"), Axis(address=MEDIAN)], "fixed number without a range"),
    ],
)
def test_wrong_axes_are_answered(epnet, axes, words):
    with pytest.raises(InputError) as caught:
        grid(epnet, *axes)
    assert words in str(caught.value)


@pytest.mark.parametrize("low", [-1.0, 0.0])
def test_one_impossible_end_is_refused(epnet, low):
    with pytest.raises(InputError, match="above 0"):
        grid(epnet, Axis(address=RATIO, low=low), Axis(address=MEDIAN))


@pytest.mark.parametrize(
    "text",
    [
        f"{RATIO}=1",
        f"{RATIO}=a:b",
        f"{RATIO}=0.5:1:2:3",
        f"{RATIO}=0.5:1:1.5",
        f"{RATIO}=0.5:1:1",
        f"{RATIO}=0.5:1:1000",
        f"{RATIO}=nan:1",
    ],
)
def test_malformed_axes_of_the_command_line(text):
    done = CliRunner().invoke(main, ["two-way", "epnet", "--no-files", "--axis", text, "--axis", MEDIAN])
    assert done.exit_code == 2
    assert "expected" in done.output
    assert "Traceback" not in done.output


def test_the_command_writes_a_row_for_each_cell(tmp_path):
    out = tmp_path / "out"
    arguments = ["--axis", f"{DISCOUNT}=0.9:1:3", "--axis", f"{RATIO}=0.6:0.9:4", "--out", str(out), "--no-figures"]
    done = CliRunner().invoke(main, ["two-way", "epnet", *arguments])
    assert done.exit_code == 0, done.output
    lines = (out / "tables" / "two_way.csv").read_text().splitlines()
    assert len([line for line in lines if line.startswith(("0.9", "1"))]) == 12
    assert len(json.loads((out / "results.json").read_text())["results"]["incremental_costs"]) == 12


def test_frame_and_grid_agree(epnet):
    result = grid(epnet, Axis(address=RATIO, steps=3), Axis(address=MEDIAN, steps=2))
    frame = ANALYSES["two_way"].report(result).frame("two_way")
    assert frame["x"].tolist() == np.repeat(result.x.values, 2).tolist()
    assert frame["y"].tolist() == np.tile(result.y.values, 3).tolist()
    assert frame["nhb_25000"].tolist() == result.grid(25_000.0).ravel().tolist()
