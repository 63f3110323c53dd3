"""A sheet is a function and a line: a made-up one is found in the workbook, on the cover, and read back."""

from __future__ import annotations

import openpyxl
import pytest
from click.testing import CliRunner

from helpers.opened import opened_again, read_again
from netcea import load
from netcea.cli.main import main
from netcea.workbook.construction import Construction, Sheet
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.compared import compare
from netcea.workbook.registry import SHEETS
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.tables import write_tables
from netcea.workbook.variants import variants_of


def write_toy(construction):
    """Show what a QALY costs beside the threshold: cells of two other sheets, asked for by name."""
    results, tables = construction.written_by(write_results), construction.written_by(write_tables)
    page = construction.page("Toy")
    page.open_with("Toy", "A made-up sheet.")
    page.put(4, 1, "ICER over the first threshold")
    page.formula(4, 2, f"{results.cells['icer']}/{tables.thresholds[0]}", "result_number")
    return page.at(4, 2)


@pytest.fixture
def toy():
    """Register the toy first of all sheets, so that it is written before those that it needs unless it asks."""
    standing = dict(SHEETS)
    SHEETS.clear()
    SHEETS.update({"Toy": Sheet(write_toy, "A made-up sheet, for a test", "FF00FF"), **standing})
    yield
    SHEETS.clear()  # order counts: what a patch puts back one by one stands in another
    SHEETS.update(standing)


@pytest.fixture
def made(toy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workbook = live_workbook([load("pnet", ["settings.horizon_years=3"])])
    workbook.save(tmp_path / "m.xlsx")
    return workbook


def test_it_is_in_the_workbook_on_the_cover_and_among_the_checks(made):
    book = read_again(made)
    assert book.sheetnames[:3] == ["Toy", "Cover", "Results"]
    assert book["Toy"]["B4"].value.startswith(f"={made.results.cells['icer']}/Tables!$")
    assert book["Toy"].sheet_properties.tabColor.rgb == "00FF00FF"
    contents = {row[0].value: (row[1].value, row[0].hyperlink) for row in book["Cover"].iter_rows() if row[0].hyperlink}
    assert contents["Toy"][0] == "A made-up sheet, for a test"
    assert contents["Toy"][1].location == "Toy!A1"
    checked = [row[0].value for row in book["Checks"].iter_rows()]
    assert "No error in the sheet Toy (cells)" in checked


def test_it_is_read_back_without_complaint_unless_it_was_changed(made, tmp_path):
    ran = CliRunner().invoke(main, ["import", "m.xlsx"])
    assert ran.exit_code == 0, ran.output
    assert "Nothing was changed" in ran.output
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    book["Toy"]["B4"] = 1.0
    book.save(tmp_path / "changed.xlsx")
    ran = CliRunner().invoke(main, ["import", "changed.xlsx"])
    assert ran.exit_code == 2
    assert "Toy!B4" in ran.output


def test_sheets_stand_in_the_order_of_the_registry_however_they_are_written():
    workbook = live_workbook([load("pnet")])
    kinds = ["Trace" if page.name.startswith("Trace ") else page.name for page in workbook.book.pages]
    assert [kind for kind in SHEETS if kind in kinds] == list(dict.fromkeys(kinds))
    assert {"One-way", "PSA", "PSA draws"} == SHEETS.keys() - set(kinds), "what was not worked out has no sheet"


def test_a_sheet_is_written_once_and_sheets_that_ask_for_each_other_are_named():
    variants = variants_of([load("pnet")])
    written = []

    def write_first(construction):
        written.append("first")
        return construction.written_by(write_second)

    def write_second(construction):
        written.append("second")
        return 7

    def write_third(construction):
        return construction.written_by(write_fourth)

    def write_fourth(construction):
        return construction.written_by(write_third)

    sheets = {"First": Sheet(write_first, "", ""), "Second": Sheet(write_second, "", "")}
    construction = Construction(variants, sheets)
    construction.write_all()
    assert (written, construction.written_by(write_first)) == (["first", "second"], 7)
    with pytest.raises(RuntimeError, match="write_third -> write_fourth -> write_third"):
        construction.written_by(write_third)


def test_sheets_that_only_show_results_are_not_read_back(made, tmp_path):
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    book["Cover"]["B5"] = "another title"
    book["Checks"]["D40"] = "ok"
    book.create_sheet("PSA").append([1.0])
    found = compare(made.book, opened_again(book), "m.xlsx")
    assert found.problems == []
    results_only = {name for name, sheet in SHEETS.items() if sheet.results_only}
    assert set(found.not_read) == results_only & set(book.sheetnames)
    assert {"Cover", "Checks", "PSA", "Fit to trial"} <= set(found.not_read)
