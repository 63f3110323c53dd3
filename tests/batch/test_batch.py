"""Batch files: what they name, what they write, what they refuse, and differences on the same random numbers."""

from __future__ import annotations

import csv
import gzip
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

from helpers.batch_runs import ROOT, contents, finished_units, write_batch
from netcea import load
from netcea.batch.file import read_batch
from netcea.batch.result import BatchRequest
from netcea.batch.run import run_batch
from netcea.batch.store import Store
from netcea.batch.variants import variants_of
from netcea.cli.main import main

DISCOUNT = "costs.drug.cabozantinib.discount"


def batch(*arguments):
    return CliRunner().invoke(main, ["batch", *map(str, arguments)])


def made(file, folder, **asked):
    return run_batch(read_batch(str(file)), Store(folder), BatchRequest(**asked))


@pytest.fixture
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


# ------------------------------------------------------------------------------------------------ what a file names


def test_names_files_folders_patterns_and_blocks(tmp_path, here):
    sensitivity = ROOT / "scenarios" / "sensitivity"
    file = write_batch(
        tmp_path / "b.yaml",
        scenarios=[
            "pnet",
            str(sensitivity / "pnet_os_fda.yaml"),
            str(sensitivity / "pnet_price_minus_*.yaml"),
            {"scenario": "epnet", "label": "epNET: a quarter off", "set": {DISCOUNT: 0.25}},
        ],
    )
    found = variants_of(read_batch(str(file)))
    assert [v.name for v in found] == [
        "pnet",
        "pnet_os_fda",
        *(f"pnet_price_minus_{n}0_percent" for n in range(1, 10)),
        "epNET_a_quarter_off",
    ]
    assert [(o.address, o.value) for o in found[-1].sets] == [(DISCOUNT, 0.25)]
    whole = variants_of(read_batch("sensitivity"))
    assert len(whole) == 2 + len(list(sensitivity.glob("*.yaml")))


def test_more_runs_than_allowed_are_refused_before_one_is_prepared_unless_asked_for(tmp_path, here):
    steps = {"first": 0.0, "last": 0.2, "step": 0.00001}
    many = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], grids={"g": {"axes": {DISCOUNT: steps}}})
    refused = batch(many, "--out", tmp_path / "o")
    assert refused.exit_code == 2
    assert "found 40,004 runs (variants: 20,002, analyses: 2); expected at most 10,000 runs" in refused.output
    assert "`most_runs: 40004` or --most-runs 40004" in refused.output
    assert len(variants_of(read_batch(str(many), 40_004))) == 20_002  # in one go: names are looked up, not searched
    huge = {"g": {"axes": {f"costs.unit.a{i}": {"first": 0, "last": 1, "step": 0.00001} for i in range(4)}}}
    refused = batch(write_batch(tmp_path / "b.yaml", scenarios=["pnet"], grids=huge), "--list")
    assert "found 200," in refused.output
    assert "at most 10,000 runs" in refused.output
    few = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], most_runs=1, analyses={"base_case": {}, "threshold": {}})
    assert "found 2 runs (variants: 1, analyses: 2)" in batch(few, "--list").output
    assert batch(few, "--list", "--most-runs", 2).exit_code == 0


def test_how_many_runs_there_are_is_said_first(tmp_path, here):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}})
    assert batch(file, "--out", tmp_path / "o").output.startswith("Runs to do or already done: 1.")


def test_grids_are_every_combination(tmp_path, here):
    grids = {
        "price": {
            "scenarios": ["pnet"],
            "axes": {DISCOUNT: {"first": 0.0, "last": 0.3, "step": 0.1}, "settings.horizon_years": [10, 40]},
        },
        "both": {"axes": {"settings.cycle_days": [7]}},
    }
    found = variants_of(read_batch(str(write_batch(tmp_path / "b.yaml", grids=grids))))
    assert [v.grid for v in found] == ["", "", *["price"] * 8, "both", "both"]
    assert [tuple(o.value for o in v.sets) for v in found if v.grid == "price"] == [
        (d, h) for d in (0.0, 0.1, 0.2, 0.3) for h in (10, 40)
    ]
    assert len({v.name for v in found}) == len(found)


def test_list_runs_nothing(tmp_path, here):
    ran = batch(write_batch(tmp_path / "b.yaml"), "--list", "--out", tmp_path / "o")
    assert ran.exit_code == 0
    assert [line.split()[0] for line in ran.output.splitlines()] == ["pnet", "epnet"]
    assert not (tmp_path / "o").exists()


def test_list_as_json(tmp_path, here):
    ran = batch(write_batch(tmp_path / "b.yaml"), "--list", "--json")
    assert json.loads(ran.stdout) == {
        "runs": [
            {"variant": name, "scenario": f"scenarios/{name}.yaml", "analyses": ["base_case", "psa"]}
            for name in ("pnet", "epnet")
        ]
    }


# ------------------------------------------------------------------------------------------------ what it writes


@cache
def done(folder: Path):
    grids = {"price": {"scenarios": ["pnet"], "axes": {DISCOUNT: [0.5]}}}
    scenarios = ["pnet", "epnet", {"scenario": "pnet", "label": "the same again"}]
    file = write_batch(folder / "b.yaml", scenarios=scenarios, grids=grids)
    return made(file, folder / "o")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("batch")
    result, lines = done(folder)
    return folder / "o", result, lines


def test_one_folder_for_each_scenario_and_analysis(finished):
    folder, result, _ = finished
    names = ["epnet", "pnet", "pnet_price_discount-0.5", "the_same_again"]
    assert [p.parent.relative_to(folder).as_posix() for p in finished_units(folder)] == [
        f"{name}/{analysis}" for name in names for analysis in ("base_case", "psa")
    ]
    assert result.done_now == 8
    assert not result.failures
    assert (folder / "pnet" / "base_case" / "results.json").is_file()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    text = json.dumps(manifest)
    assert load("pnet").digest in text
    assert "seconds" not in text
    assert len((folder / "timings.csv").read_text().splitlines()) == 9


def test_the_table_has_each_variant_beside_its_base(finished):
    folder, _, lines = finished
    by_name = {line.variant: line for line in lines}
    for name in ("pnet", "epnet"):
        assert by_name[name].base == ""
        results = json.loads((folder / name / "base_case" / "results.json").read_text(encoding="utf-8"))
        pair = next(p for p in results["pairwise"] if p["strategy"] == "cabozantinib")
        assert by_name[name].deterministic["incremental_costs"] == pytest.approx(pair["incremental_costs"], rel=1e-12)
    half = by_name["pnet_price_discount-0.5"]
    assert half.base == "pnet"
    assert half.change == half.deterministic["nhb_lower"] - by_name["pnet"].deterministic["nhb_lower"] > 1.0
    with (folder / "summary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["Variant"] for row in rows] == [line.variant for line in lines]


def increments(folder, name):
    with gzip.open(folder / name / "psa" / "increments.csv.gz", "rt", encoding="utf-8") as file:
        return np.loadtxt(file, delimiter=",", skiprows=1)


def test_differences_are_taken_on_the_same_random_numbers(finished):
    folder, _, lines = finished
    by_name = {line.variant: line for line in lines}
    same = by_name["the_same_again"]
    assert (same.probabilistic_change, same.error_of_change) == (0.0, 0.0)
    base, half = increments(folder, "pnet"), increments(folder, "pnet_price_discount-0.5")
    assert np.array_equal(base[:, 2], half[:, 2])  # the price changes no QALY in any draw
    line = by_name["pnet_price_discount-0.5"]
    nhb = [x[:, 2] - x[:, 1] / 25_000.0 for x in (base, half)]
    assert line.probabilistic_change == pytest.approx(np.mean(nhb[1] - nhb[0]), rel=1e-12)
    apart = np.hypot(*(np.std(x, ddof=1) / np.sqrt(len(x)) for x in nhb))
    assert line.error_of_change < 0.6 * apart


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_writes_the_same_bytes(finished, tmp_path, workers):
    folder, result, _ = finished
    run_batch(result.batch, Store(tmp_path / "o"), BatchRequest(workers=workers))
    assert contents(tmp_path / "o") == contents(folder)


def test_long_analyses_are_done_in_parts_with_the_same_bytes(tmp_path, here, monkeypatch):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"psa": {"draws": 5000, "explain": False}})
    made(file, tmp_path / "whole")
    monkeypatch.setattr("netcea.batch.units.HEAVY", 1000)
    made(file, tmp_path / "parts", workers=2)
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")


# ------------------------------------------------------------------------------------------------ again


def test_nothing_is_done_twice(finished):
    folder, result, _ = finished
    before = {path: path.stat().st_mtime_ns for path in finished_units(folder)}
    again, _ = run_batch(result.batch, Store(folder), BatchRequest())
    assert again.done_now == 0
    assert {path: path.stat().st_mtime_ns for path in finished_units(folder)} == before


def test_what_changed_is_done_again_and_the_rest_is_not(tmp_path, here):
    file = write_batch(tmp_path / "b.yaml")
    made(file, tmp_path / "o")
    assert made(file, tmp_path / "o", draws=100)[0].done_now == 2  # the base cases do not draw
    assert made(file, tmp_path / "o", draws=100, sets=("costs.unit.ct_scan=1",))[0].done_now == 4
    assert made(file, tmp_path / "o")[0].done_now == 4
    path = tmp_path / "o" / "pnet" / "psa" / "results.json"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")  # no longer what was written
    assert made(file, tmp_path / "o")[0].done_now == 1
    write_batch(file, scenarios=["pnet"])
    made(file, tmp_path / "o")
    assert not (tmp_path / "o" / "epnet").exists()


def test_a_scenario_that_fails_is_reported_and_the_rest_go_on(tmp_path, here):
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        yaml.safe_dump(
            {
                "format": 1,
                "extends": str(ROOT / "scenarios" / "pnet.yaml"),
                "name": "bad",
                "rationale": "x",
                "direction": "unclear",
                "set": {"costs.unit.ct_scam": 1},
            }
        ),
        encoding="utf-8",
    )
    file = write_batch(tmp_path / "b.yaml", scenarios=[str(bad), "epnet"])
    ran = batch(file, "--out", tmp_path / "o", "--trust", ROOT / "scenarios", "--workers", 1)
    assert ran.exit_code == 1
    assert "FAILED bad" in ran.output
    assert "costs.unit.ct_scan" in ran.output
    assert len(finished_units(tmp_path / "o")) == 2
    assert "bad" in (tmp_path / "o" / "failures.csv").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------ what it refuses


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scenario": ["pnet"]}, "did you mean 'scenarios'"),
        ({"scenarios": []}, "scenarios"),
        ({"scenarios": ["pnot"]}, "'pnot'"),
        ({"scenarios": ["sensitivity/none_*.yaml"]}, "none_*"),
        ({"scenarios": ["pnet", "pnet"]}, "two variants"),
        ({"scenarios": [{"scenario": "pnet", "lable": "x"}]}, "did you mean 'label'"),
        ({"analyses": {}}, "at least one"),
        ({"analyses": {"psaa": {}}}, "did you mean 'psa'"),
        ({"analyses": {"psa": {"draws": -1}}}, "draws"),
        ({"analyses": {"psa": {"drows": 10}}}, "did you mean 'draws'"),
        ({"format": 2}, "format"),
        ({"seed": "one"}, "seed"),
        ({"grids": {"g": {"axes": {}}}}, "axes"),
        ({"grids": {"g": {"scenarios": ["pnett"], "axes": {DISCOUNT: [0.1]}}}}, "did you mean 'pnet'"),
        ({"grids": {"g": {"axes": {DISCOUNT: {"first": 1, "last": 0, "step": 0.1}}}}}, "first value below the last"),
        ({"grids": {"g": {"axes": {DISCOUNT: {"first": 0, "last": 1, "step": 0}}}}}, "step"),
    ],
)
def test_malformed_files_are_refused_with_their_place(tmp_path, here, change, said):
    file = write_batch(tmp_path / "b.yaml", **change)
    ran = batch(file, "--out", tmp_path / "o")
    assert ran.exit_code == 2, ran.output
    assert said in ran.output
    assert "b.yaml" in ran.output
    assert "Traceback" not in ran.output
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("text", ["", "[1, 2", "a: 1\na: 2\n", "- 1\n", "\t"])
def test_files_that_are_no_mapping(tmp_path, here, text):
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")
    ran = batch(tmp_path / "b.yaml", "--out", tmp_path / "o")
    assert ran.exit_code == 2, ran.output
    assert "Traceback" not in ran.output


def test_every_problem_is_shown_at_once(tmp_path, here):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnot", "epnot"], seed=-1, format=1)
    ran = batch(file, "--out", tmp_path / "o")
    assert "seed" in ran.output
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnot", "epnot"])
    ran = batch(file, "--out", tmp_path / "o")
    assert "pnot" in ran.output
    assert "epnot" in ran.output


def test_an_address_of_a_grid_that_one_scenario_lacks_fails_its_variants_only(tmp_path, here):
    name = "strategies.everolimus.pfs.hazard_ratio"
    grids = {"g": {"axes": {name: ["survival.radiant3.os_anchored.hazard_ratio"]}}}
    names = ["pnet", str(ROOT / "scenarios" / "sensitivity" / "pnet_comparators.yaml")]
    file = write_batch(tmp_path / "b.yaml", scenarios=names, grids=grids, analyses={"base_case": {}})
    ran = batch(file, "--out", tmp_path / "o", "--workers", 1)
    assert ran.exit_code == 1, ran.output
    assert "FAILED pnet" in ran.output
    assert "strategies.everolimus" in ran.output
    assert len(finished_units(tmp_path / "o")) == 3


def test_an_address_of_a_grid_that_no_scenario_has_is_bad_input(tmp_path, here):
    grids = {"g": {"axes": {"costs.drug.cabozantinib.discuont": [0.1]}}}
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], grids=grids, analyses={"base_case": {}})
    ran = batch(file, "--out", tmp_path / "o", "--workers", 1)
    assert ran.exit_code == 2
    assert "did you mean" in ran.output
    assert "b.yaml" in ran.output
    assert not list(tmp_path.glob("o/*/*"))


def test_a_folder_of_something_else_is_not_touched(tmp_path, here):
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "notes.txt").write_text("mine", encoding="utf-8")
    ran = batch(write_batch(tmp_path / "b.yaml"), "--out", tmp_path / "o")
    assert ran.exit_code == 2
    assert [p.name for p in (tmp_path / "o").iterdir()] == ["notes.txt"]
    other = write_batch(tmp_path / "c.yaml", analyses={"base_case": {}})
    batch(other, "--out", tmp_path / "p", "--workers", 1)
    text = other.read_text(encoding="utf-8").replace("name: test", "name: another")
    other.write_text(text, encoding="utf-8")
    ran = batch(other, "--out", tmp_path / "p")
    assert ran.exit_code == 2
    assert "results of the batch 'test'" in ran.output
