"""Data tables in the file, as ISO/IEC 29500-1, 18.3.1.40 has them, and as netcea reads files."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.data_table import DataTable
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.looks import LOOKS
from netcea.workbook.reading.opened import open_workbook

DATE = datetime.fromisoformat("2000-01-01")


def doubled(tables=True):
    """A sheet whose B1 is doubled and squared for 1, 2 and 3."""
    book = Book(LOOKS)
    page = book.page("Doubled")
    page.put(1, 2, 10)
    page.formula(3, 2, f"2*{page.at(1, 2)}")
    page.formula(3, 3, f"{page.at(1, 2)}^2")
    for row in (4, 5, 6):
        page.put(row, 1, row - 3)
    if tables:
        page.data_table(DataTable(4, 6, 1, 3, 1, 2))
    return book


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_its_formula_stands_once_and_its_results_in_every_cell():
    book = doubled()
    data = book.as_bytes("a book", DATE, results=calculated(book).of_sheet)
    sheet = part(data, "xl/worksheets/sheet1.xml")
    assert re.findall('<f t="dataTable".*?/>', sheet) == ['<f t="dataTable" ref="B4:C6" dt2D="0" dtr="0" r1="B1"/>']
    cells = open_workbook(data, "m.xlsx").sheet("Doubled")
    assert [cells.cells[row, 3].value for row in (4, 5, 6)] == [1, 4, 9]
    assert [cells.shown.get((row, 2), cells.cells[row, 2].value) for row in (4, 5, 6)] == [2, 4, 6]
    assert cells.cells[1, 2].value == 10


def test_results_that_nobody_worked_out_are_empty():
    sheet = part(doubled().as_bytes("a book", DATE), "xl/worksheets/sheet1.xml")
    assert re.search(r'<c r="C5" s="\d+"/>', sheet)


def test_tables_are_not_part_of_automatic_calculation():
    assert 'calcMode="autoNoTable"' in part(doubled().as_bytes("a book", DATE), "xl/workbook.xml")
    assert "autoNoTable" not in part(doubled(tables=False).as_bytes("a book", DATE), "xl/workbook.xml")
