"""Batches at list prices and at named sets of layers: folders, resuming, hashes, refusals."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.batch_runs import write_batch
from helpers.price_layers import DISCOUNT, EVEROLIMUS, SECRET, everything, leaks, text_of
from netcea.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


def netcea(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture
def prices(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    own, both = tmp_path / "own.secret.yaml", tmp_path / "cpas.secret.yaml"
    own.write_text(text_of({DISCOUNT: SECRET}), encoding="utf-8")
    both.write_text(text_of({EVEROLIMUS: 411.1789}, name="cpas"), encoding="utf-8")
    return ["--prices", f"own={own}", "--prices", f"both={own},{both}"]


def rows_of(folder):
    return {
        row["variant"]: row for row in json.loads((folder / "summary.json").read_text(encoding="utf-8"))["variants"]
    }


def test_every_scenario_at_list_prices_and_at_each_set(tmp_path, prices):
    file = write_batch(
        tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}, "psa": {"draws": 30, "explain": False}}
    )
    done = netcea("batch", file, *prices, "--out", tmp_path / "out", "--workers", 1)
    assert done.exit_code == 0, done.output
    rows = rows_of(tmp_path / "out")
    assert list(rows) == ["pnet", "pnet__own", "pnet__both"]
    assert "CONFIDENTIAL" in done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert {name: [layer["name"] for layer in layers] for name, layers in manifest["prices"].items()} == {
        "own": ["own"],
        "both": ["own", "cpas"],
    }
    files = everything(tmp_path / "out")
    assert not leaks(files, SECRET)
    assert not [name for name, data in files.items() if b"411.1789" in data]
    by_set = netcea("run", "pnet", "--set", f"{DISCOUNT}={SECRET}", "--no-ledger", "--no-files", "--json")
    expected = json.loads(by_set.stdout)["pairwise"][0]["incremental_costs"]
    own = json.loads((tmp_path / "out" / "pnet__own" / "base_case" / "unit.json").read_text(encoding="utf-8"))
    assert own["row"]["incremental_costs"] == expected


def test_it_goes_on_and_notices_a_changed_layer(tmp_path, prices):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}})
    run = ("batch", file, *prices, "--out", tmp_path / "out", "--workers", 1)
    assert "3 done now" in netcea(*run).output
    assert "0 done now" in netcea(*run).output
    (tmp_path / "cpas.secret.yaml").write_text(
        text_of({EVEROLIMUS: 411.1789}, name="cpas", salt="another salt 01234"), encoding="utf-8"
    )
    (tmp_path / "own.secret.yaml").write_text(text_of({DISCOUNT: SECRET / 2}), encoding="utf-8")
    assert "2 done now, 1 had been done before" in netcea(*run).output


def test_the_list_of_what_would_be_run(tmp_path, prices):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}})
    listed = netcea("batch", file, "--list", *prices).output.splitlines()
    assert [line.split()[0] for line in listed] == ["pnet", "pnet__own", "pnet__both"]


def test_a_grid_over_a_confidential_price_fails_where_a_layer_sets_it(tmp_path, prices):
    grids = {"price": {"axes": {DISCOUNT: [0.5]}}}
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}}, grids=grids)
    done = netcea("batch", file, *prices[:2], "--out", tmp_path / "out", "--workers", 1)
    assert done.exit_code == 1
    assert "a number that a confidential price layer sets" in done.stderr
    assert list(rows_of(tmp_path / "out")) == ["pnet", "pnet__own", "pnet_price_discount-0.5"]


@pytest.mark.parametrize("given", ["own", "own=", "=x.yaml", "a/b=x.yaml", "own=missing.yaml"])
def test_what_is_no_set_of_prices_is_refused(tmp_path, monkeypatch, given):
    monkeypatch.chdir(ROOT)
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}})
    done = netcea("batch", file, "--prices", given, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_batch_is_not_redacted(tmp_path, prices):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}})
    done = netcea("batch", file, *prices, "--redact", "--out", tmp_path / "out")
    assert (done.exit_code, "a batch is not redacted" in done.output) == (2, True)
    assert not (tmp_path / "out").exists()
