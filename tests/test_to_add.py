"""What model/README.md says it takes to add a thing is all that it takes (analyses, categories of costs, families of
uncertainty and sheets have tests of their own)."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from matplotlib.figure import Figure

import netcea
from netcea.analyses.base_case.figures import FIGURES
from netcea.analyses.base_case.tables import TABLES
from netcea.cli import main as cli
from netcea.loading.load import load
from netcea.quantities.units import UNITS
from netcea.reporting.table import Column, Table
from netcea.survival import distribution
from netcea.survival.distributions import FAMILIES

ROOT = Path(__file__).resolve().parents[1]


def call(*arguments):
    return CliRunner().invoke(cli.main, [*map(str, arguments)])


def working_copy(folder):
    assert call("init", folder).exit_code == 0
    return folder


def edited(path, change):
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def test_the_recipe_has_a_row_for_each():
    text = (ROOT / "model" / "README.md").read_text(encoding="utf-8").split("## To add X, touch Y")[1]
    rows = re.findall(r"^\| (?:a|an) ([a-z ,/]+?) \|", text, re.MULTILINE)
    assert {"survival distribution", "cost category", "uncertainty family", "unit", "method pack", "analysis"} <= set(
        rows
    )
    for name in re.findall(r"`([a-z_]+/[a-z_/<>]*(?:\.py)?)`", text):
        if "<" not in name and not name.startswith("inputs"):
            assert (ROOT / "model/netcea" / name).exists(), name


def test_a_table(monkeypatch, tmp_path):
    table = Table("toy", "A toy", (Column("a", "A"),), (("x",),))
    monkeypatch.setitem(TABLES, "toy", lambda _: table)
    result = netcea.run("pnet", ledger=False)
    assert result.frame("toy")["a"].tolist() == ["x"]
    result.write(tmp_path / "o", figures=False)
    assert (tmp_path / "o/tables/toy.csv").read_text(encoding="utf-8") == "A\nx\n"


def test_a_figure(monkeypatch, tmp_path):
    monkeypatch.setitem(FIGURES, "toy", lambda _: Figure())
    ran = call("run", "pnet", "--no-ledger", "--no-workbook", "--quiet", "--out", tmp_path / "o")
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "o/figures/toy.png").is_file()
    assert (tmp_path / "o/figures/toy.svg").is_file()
    assert "toy" in netcea.run("pnet", ledger=False).figures


def test_a_command(monkeypatch):
    monkeypatch.setattr(
        cli, "toy", click.Command("toy", callback=lambda: click.echo("done"), help="A toy."), raising=False
    )
    monkeypatch.setitem(cli.COMMANDS, "toy", "netcea.cli.main:toy")
    assert call("toy").output == "done\n"
    assert "A toy." in call("--help").output


def test_a_unit(monkeypatch, tmp_path):
    monkeypatch.setitem(UNITS, "crown", UNITS["GBP"])
    project = working_copy(tmp_path / "p")
    edited(project / "inputs/costs/drug.yaml", lambda d: d["cabozantinib"]["price_per_pack"].update(unit="crown"))
    assert (
        load(str(project / "scenarios/pnet.yaml")).quantities["costs.drug.cabozantinib.price_per_pack"].unit == "crown"
    )
    assert "crown" in call("schema", "inputs").output


def test_a_method_pack(tmp_path):
    project = working_copy(tmp_path / "p")
    file = project / "inputs/decision/method_packs.yaml"

    def another(data):
        data["toy-2030"] = copy.deepcopy(data["nice-2026-03"])
        data["toy-2030"]["threshold_lower"]["value"] = 26_000

    edited(file, another)
    found = load(str(project / "scenarios/pnet.yaml"), {"decision.method_pack": "toy-2030"})
    assert (found.method_pack.name, min(found.method_pack.thresholds)) == ("toy-2030", 26_000.0)


def test_a_survival_distribution(monkeypatch):
    """Its line in the registry, and its name among those a scenario may say (a Weibull under another name)."""
    monkeypatch.setitem(FAMILIES, "toy", FAMILIES["weibull"])
    assert round(distribution("toy")(shape=1.0, scale=2.0).survival(2.0), 4) == 0.3679


@pytest.mark.parametrize("name", ["toy-2031"])
def test_what_was_not_added_is_not_there(name):
    with pytest.raises(netcea.InputError):
        load("pnet", {"decision.method_pack": name})
