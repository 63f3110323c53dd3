"""Crossover removed from the comparator's curve in cells: by the selector, by one's own choice, and back again."""

from __future__ import annotations

import openpyxl
import pytest

from helpers.equal import differences, expected, trace_differences
from helpers.office import Office, needs_office
from netcea.loading import load
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.read_back import read_workbook

WHAT_IFS = ("pnet_os_without_crossover_0_7", "pnet_os_without_crossover_0_6")


@pytest.fixture(scope="module")
def scenarios():
    """All of them, over few years: the curves are the same."""
    return [load(name, ["settings.horizon_years=5"]) for name in ("pnet", *WHAT_IFS)]


@needs_office
@pytest.mark.parametrize("few_years", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_the_selector_moves_the_comparator_and_severity(few_years, scenarios, tmp_path):
    scenarios = scenarios if few_years else [load(name) for name in ("pnet", *WHAT_IFS)]
    workbook = live_workbook(scenarios)
    workbook.save(tmp_path / "m.xlsx")
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        for each in (*scenarios[1:], scenarios[0]):
            office.change({"Scenarios!B3": each.file.name})
            assert differences(expected(each), workbook.results.cells, office.values) == []
            assert trace_differences(each, workbook, office.range)[0] == []
            assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"


def test_a_chosen_what_if_comes_back(scenarios, tmp_path):
    live_workbook(scenarios).save(tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    book["Scenarios"]["B3"] = scenarios[2].file.name
    book.save(tmp_path / "changed.xlsx")
    found = read_workbook(tmp_path / "changed.xlsx")
    assert expected(found.scenario) == expected(scenarios[2])
