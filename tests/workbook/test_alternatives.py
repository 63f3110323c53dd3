"""Structural alternatives are there without being asked for, each named apart and each equal to Python."""

from __future__ import annotations

import openpyxl
import pytest

from helpers.equal import differences, expected
from helpers.worked_out import WorkedOut
from netcea.loading.load import load, resolve
from netcea.loading.merging.draft import read_draft
from netcea.loading.merging.override import parse_command_line
from netcea.workbook.alternatives import alternatives, unlike
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.read_back import read_workbook


def with_alternatives(name):
    merged = read_draft(name)
    base = resolve(merged)
    found = alternatives(merged, base, lambda path: read_draft(str(path), (), (), merged.inputs))
    return [base, *unlike(found, base)]


@pytest.fixture(scope="module")
def made():
    return live_workbook(with_alternatives("pnet"))


def test_what_can_be_chosen(made):
    choices = {c.address: " ".join(c.options) for s in made.variants.curves.values() for c in s.choices}
    choices |= {c.address: " ".join(c.options) for c in made.variants.choices.values()}
    for family in ("exponential", "Weibull", "Gompertz", "log-normal", "log-logistic"):
        assert family in choices["strategies.best_supportive_care.os.curve"]
        assert family in choices["strategies.cabozantinib.pfs.curve"]
        assert family in choices["strategies.best_supportive_care.pfs.curve"]
    assert "none" in choices["strategies.cabozantinib.os.waning"]
    assert "not age-adjusted" in choices["utilities"]
    assert "Swinburn" in choices["utilities"]
    assert "month 24" in choices["strategies.cabozantinib.os.waning"]
    assert "month 24" in choices["strategies.cabozantinib.time_on_treatment.rule"]
    for background in ("none", "hazard floor", "excess"):
        assert background in choices["strategies.cabozantinib.os.background_mortality"]
    assert "nice-2022" in choices["decision.method_pack"]
    assert "UK 2017-2019" in choices["population.life_table"]
    assert "per time" in choices["costs.cabozantinib"]
    for address in ("half_cycle_correction", "discounting", "crossing"):
        assert len(choices[f"settings.{address}"].split()) > 1


def test_an_alternative_is_the_scenario_itself_without_doubts():
    draft = read_draft("pnet").with_sets(parse_command_line(["settings.horizon_years=2"]))
    doubting, sure = resolve(draft), resolve(draft, doubts=False)
    assert [warning.code for warning in doubting.warnings] == ["implausible"]
    assert not sure.warnings
    assert (sure.digest, sure.bibliography) == (doubting.digest, doubting.bibliography)


def test_no_two_scenarios_have_the_same_title(made):
    titles = made.variants.titles
    assert len(set(titles)) == len(titles) == len(made.variants.scenarios)
    assert titles[0] == "pNET base case"
    assert "pNET base case; PFS distribution log-normal" in titles
    assert "pNET base case; Cabozantinib OS waning none" in titles


def test_what_a_folder_and_the_alternatives_share_is_there_once():
    base, own, again = load("pnet"), load("pnet_utilities_swinburn"), load("pnet_utilities_swinburn")
    other = load("pnet_discount_0")
    assert [id(s) for s in unlike([own, load("pnet"), other, again], base)] == [id(own), id(other)]


@pytest.mark.slow
def test_each_alternative_is_python_s():
    workbook = live_workbook(with_alternatives("epnet"))
    sheets = WorkedOut(workbook)
    for title, scenario in zip(workbook.variants.titles, workbook.variants.scenarios, strict=True):
        sheets.change({"Scenarios!B3": title})
        assert differences(expected(scenario), workbook.results.cells, sheets.values) == [], title
        assert sheets.value(workbook.checks.verdict).startswith("All checks passed"), title


@pytest.mark.slow
def test_a_chosen_alternative_comes_back_with_what_it_sets(made, tmp_path):
    made.save(tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    book["Scenarios"]["B3"] = "pNET base case; PFS distribution log-normal"
    book.save(tmp_path / "changed.xlsx")
    found = read_workbook(tmp_path / "changed.xlsx")
    wanted = {f"strategies.{s}.pfs.distribution": "log_normal" for s in ("cabozantinib", "best_supportive_care")}
    assert dict(found.sets) == wanted
    assert expected(found.scenario) == expected(load("pnet", [f"{a}={v}" for a, v in wanted.items()]))
