from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from datetime import datetime

import numpy as np
import openpyxl
import pytest
from openpyxl.cell import MergedCell

from netcea.analyses.base_case.results_workbook import SHEETS, write_results_workbook
from netcea.reporting.figures.files import save_figures
from netcea.reporting.number_format import starts_like_formula
from netcea.reporting.sheet_cells import lines, sheet_title


@pytest.fixture(scope="module")
def book(real, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "results.xlsx"
    pictures = [p for p in save_figures(real.report.figures, path.parent) if p.suffix == ".png"][:2]
    scenario = replace(real.scenario, bibliography={"chan_2025": "Chan, 2025", "unused": "not named"})
    write_results_workbook(replace(real, scenario=scenario), path, pictures, datetime.fromisoformat("2026-01-02"))
    return openpyxl.load_workbook(path)


def cells(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def find(sheet, text):
    return next(cell for row in sheet.iter_rows() for cell in row if cell.value == text)


def test_every_sheet_is_there_and_in_the_contents(book, real):
    wanted = ["Contents", *SHEETS, "Sources", "Trace cabozantinib", "Trace best supportive care", "Figures"]
    assert book.sheetnames == wanted
    links = [cell.hyperlink.location for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in wanted[1:]]
    assert any("no formulas" in str(cell.value) for row in book["Contents"].iter_rows() for cell in row)
    assert book["Sources"].max_row == 4
    assert len(book["Figures"]._images) == 2
    assert book.properties.created == datetime.fromisoformat("2026-01-02")


def test_numbers_are_numbers_with_their_format(book, real):
    sheet = book["Base case"]
    row = find(sheet, "Cabozantinib").row
    found = real.case.strategies["cabozantinib"]
    assert [sheet.cell(row, at).value for at in (2, 3, 4)] == pytest.approx(
        [found.costs, found.life_years, found.qalys], rel=1e-14
    )
    assert sheet.cell(row, 2).number_format == '"£"#,##0;-"£"#,##0'
    assert sheet.cell(row, 4).number_format == "0.000"
    assert sheet.cell(row, 9).value == real.case.pairwise[0].icer


def test_the_trace_is_whole(book, real):
    headings, rows = real.traces["cabozantinib"].rows()
    sheet = book["Trace cabozantinib"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert np.array_equal(np.array(found, dtype=float), np.array(rows))
    assert sheet.freeze_panes == "C4"
    assert len(found[0]) == len(headings)


def test_there_is_no_formula_at_all(book):
    assert all(cell.data_type in {"s", "n"} for cell in cells(book))


def test_hostile_text_stays_text(with_warning, tmp_path):
    path = tmp_path / "x.xlsx"
    write_results_workbook(with_warning, path)
    found = cells(openpyxl.load_workbook(path))
    hostile = [cell for cell in found if isinstance(cell.value, str) and starts_like_formula(cell.value)]
    assert len(hostile) > 10
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)
    assert all(cell.data_type != "f" for cell in found)
    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in archive.namelist())


def test_labels_stand_for_icers(made, tmp_path):
    path = tmp_path / "x.xlsx"
    write_results_workbook(made({"drug": (1e4, 1.4), "other": (9e4, 1.3), "care": (2e4, 1.5)}), path)
    texts = {cell.value for cell in cells(openpyxl.load_workbook(path))}
    assert {"£100,000 saved per QALY lost", "(dominated)"} <= texts


@pytest.mark.slow
def test_the_same_result_gives_the_same_bytes(real, tmp_path, monkeypatch):
    write_results_workbook(real, tmp_path / "a.xlsx")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3600.0)
    write_results_workbook(real, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_columns_and_rows_have_room_for_their_text(book):
    for sheet in book:
        if sheet.title == "Figures":
            continue
        notes = {(area.min_row, area.min_col) for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                if isinstance(cell, MergedCell) or (cell.row, cell.column) in notes or cell.font.sz == 13:
                    continue
                width = sheet.column_dimensions[cell.column_letter].width
                height = sheet.row_dimensions[cell.row].height or 15.0
                if isinstance(cell.value, str):
                    assert lines(cell.value, width) * 15.0 <= height, (sheet.title, cell.coordinate)
                elif isinstance(cell.value, float) and "£" in cell.number_format:
                    assert len(f"£{cell.value:,.0f}") < width, (sheet.title, cell.coordinate)


def test_titles_of_sheets_are_ones_that_excel_takes():
    assert sheet_title("a" * 40, []) == "a" * 31
    assert sheet_title("a" * 40, ["A" * 31]) == "a" * 29 + " 2"
    assert sheet_title("[x]:*?", []) == "x"
