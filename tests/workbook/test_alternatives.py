"""Structural alternatives are there without being asked for, each named apart and each equal to Python."""

from __future__ import annotations

import openpyxl
import pytest

from helpers.equal import differences, expected
from helpers.office import Office, needs_office
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
    for family in ("exponential", "weibull", "gompertz", "log normal", "log logistic"):
        assert family in choices["strategies.best_supportive_care.os.curve"]
        assert family in choices["strategies.cabozantinib.pfs.curve"]
        assert family in choices["strategies.best_supportive_care.pfs.curve"]
    assert "none" in choices["strategies.cabozantinib.os.waning"]
    assert "not age-adjusted" in choices["utilities"]
    assert "swinburn" in choices["utilities"]
    assert "month_24" in choices["strategies.cabozantinib.os.waning"]
    assert "month_24" in choices["strategies.cabozantinib.time_on_treatment.rule"]
    assert {"none", "hazard_floor", "excess"} <= set(choices["strategies.cabozantinib.os.background_mortality"].split())
    assert "nice-2022" in choices["decision.method_pack"]
    assert "uk_2017_2019" in choices["population.life_table"]
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
    assert "pNET base case; pfs distribution log normal" in titles
    assert "pNET base case; Cabozantinib os waning none" in titles


def test_what_a_folder_and_the_alternatives_share_is_there_once():
    base, own, again = load("pnet"), load("pnet_utilities_swinburn"), load("pnet_utilities_swinburn")
    other = load("pnet_discount_0")
    assert [id(s) for s in unlike([own, load("pnet"), other, again], base)] == [id(own), id(other)]


@needs_office
@pytest.mark.slow
def test_each_alternative_is_python_s(tmp_path):
    workbook = live_workbook(with_alternatives("epnet"))
    workbook.save(tmp_path / "m.xlsx")
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        for title, scenario in zip(workbook.variants.titles, workbook.variants.scenarios, strict=True):
            office.change({"Scenarios!B3": title})
            assert differences(expected(scenario), workbook.results.cells, office.values) == [], title
            assert office.value(workbook.checks.verdict).startswith("All checks passed"), title


@pytest.mark.slow
def test_a_chosen_alternative_comes_back_with_what_it_sets(made, tmp_path):
    made.save(tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    book["Scenarios"]["B3"] = "pNET base case; pfs distribution log normal"
    book.save(tmp_path / "changed.xlsx")
    found = read_workbook(tmp_path / "changed.xlsx")
    wanted = {f"strategies.{s}.pfs.distribution": "log_normal" for s in ("cabozantinib", "best_supportive_care")}
    assert dict(found.sets) == wanted
    assert expected(found.scenario) == expected(load("pnet", [f"{a}={v}" for a, v in wanted.items()]))
