"""`netcea check --checklists`: what it shows, writes and refuses."""

import csv
import json

import pytest
from click.testing import CliRunner

from helpers.submissions import QUICK
from netcea.cli.main import main


def netcea(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.mark.slow
def test_it_shows_what_is_open_and_writes_every_item(tmp_path):
    few = [word for address, draws in QUICK.items() for word in ("--set", f"{address}={draws}")]
    found = netcea("check", "pnet", "--checklists", *few, "--out", tmp_path / "lists")
    assert found.exit_code == 0, found.output
    assert "CHEERS 2022" in found.output
    assert "What is open" in found.output
    with (tmp_path / "lists" / "tables" / "tech_ver.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["State"] == "answered" for row in rows) >= 60
    record = json.loads((tmp_path / "lists" / "results.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in record["results"]["checklists"]] == ["cheers_2022", "advishe", "tech_ver", "philips"]


def test_out_without_either_list_is_refused(tmp_path):
    found = netcea("check", "pnet", "--out", tmp_path / "lists")
    assert found.exit_code == 2
    assert "--checklists" in found.output
    assert not (tmp_path / "lists").exists()


def test_a_scenario_that_does_not_load_is_told():
    found = netcea("check", "pnet", "--checklists", "--set", "settings.horizon_yeers=3")
    assert found.exit_code == 2
    assert "horizon_years" in found.output
