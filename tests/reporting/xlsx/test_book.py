"""What sheets hold is what stands in the file, as openpyxl reads it."""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from datetime import datetime

import numpy as np
import openpyxl
import pytest

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.look import Look
from netcea.reporting.xlsx.page import Block, Comment, Rule
from netcea.reporting.xlsx.print_setup import PrintSetup

LOOKS = {
    "text": Look(),
    "number": Look("0.00"),
    "heading": Look(bold=True, fill="D9D9D9", line="below"),
    "title": Look(bold=True, size=16),
    "subtitle": Look(colour="595959"),
    "link": Look(underline=True),
}
DATE = datetime.fromisoformat("2000-01-01")


def saved(book):
    return openpyxl.load_workbook(io.BytesIO(book.as_bytes("a book", DATE)))


@pytest.fixture
def book():
    return Book(LOOKS)


@pytest.fixture
def page(book):
    return book.page("A sheet", "C00000")


@pytest.mark.parametrize(
    "value",
    [7, 0.1, 1 / 3, -2.5e-300, 1e15, 0.0, "plain", " two  lines\nand spaces ", "<&>\"'", "=1+1", "@SUM(A1)", "£"],
)
def test_a_value_comes_back_whole(value, book, page):
    page.put(3, 2, value)
    cell = saved(book)["A sheet"]["B3"]
    assert cell.value == value
    assert cell.data_type == ("s" if isinstance(value, str) else "n")
    assert cell.quotePrefix == (str(value)[0] in "=@" and isinstance(value, str))


def test_formulas_names_and_references(book, page):
    page.put(1, 1, 2.0)
    page.formula(2, 1, f'{page.at(1, 1)}*3<7&"a"')
    assert book.name("costs.of-drug", page.at(1, 1)) == "costs.of_drug"
    found = saved(book)
    assert found["A sheet"]["A2"].value == "='A sheet'!$A$1*3<7&\"a\""
    assert found.defined_names["costs.of_drug"].attr_text == "'A sheet'!$A$1"
    assert (page.at(3, 28, fixed=False), page.span(2, 4, 1, 3)) == ("'A sheet'!$AB3", "'A sheet'!$A$2:$C$4")


def test_looks(book, page):
    page.put(1, 1, 1.0, "number")
    page.put(2, 1, 0.0123, "number")
    page.format_as(2, [1], 0.0123)
    page.heading(3, ["Words"])
    sheet = saved(book)["A sheet"]
    assert [sheet.cell(row, 1).number_format for row in (1, 2, 3)] == ["0.00", "0.00####", "General"]
    assert (sheet["A3"].font.b, sheet["A3"].fill.fgColor.rgb, sheet["A3"].border.bottom.style) == (
        True,
        "00D9D9D9",
        "thin",
    )


def test_what_cells_carry(book, page):
    page.put(1, 1, 1.0)
    page.comments[1, 1] = Comment("where it comes from")
    page.link(2, 1, "there", page.at(1, 1))
    page.link(3, 1, "on the web", "https://doi.org/10.1000/1")
    page.drop_down(4, 1, '"no,yes"')
    for row in (5, 6):
        page.restrict(row, 1, Rule("0", "1", "Not possible", "A proportion."))
    page.colour_if("A1:A3", 'A1="ok"', "C6EFCE")
    sheet = saved(book)["A sheet"]
    assert sheet["A1"].comment.text == "where it comes from"
    assert (sheet["A2"].value, sheet["A2"].hyperlink.location) == ("there", "'A sheet'!A1")
    assert sheet["A3"].hyperlink.target == "https://doi.org/10.1000/1"
    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.formula2) for rule in sheet.data_validations.dataValidation
    }
    assert rules == {"A4": ("list", '"no,yes"', None), "A5 A6": ("decimal", "0", "1")}
    assert [(str(r.sqref), r.rules[0].formula) for r in sheet.conditional_formatting] == [("A1:A3", ['A1="ok"'])]


def test_layout_and_print(book, page):
    page.row(1, ["a", "b", "c"])
    page.put(9, 3, 1.0)
    page.widths(20, 30)
    page.frozen("B2")
    page.group(2, 3)
    page.group_rows(5, 12)
    page.row_heights[1] = 24.0
    page.merged.append((4, 3))
    page.landscape(repeat_rows="1:1", columns_a_page=2, last_row=8, footer=("left", "right"))
    sheet = saved(book)["A sheet"]
    assert [sheet.column_dimensions[c].width for c in "AB"] == [20, 30]
    assert [(d.outlineLevel, d.hidden) for d in sheet.row_dimensions.values() if d.index >= 5] == [(1, False)] * 8
    assert (sheet.row_dimensions[1].height, sheet.freeze_panes, sheet.print_area) == (24.0, "B2", "'A sheet'!$A$1:$C$8")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.orientation) == (2, "landscape")
    assert (sheet.oddFooter.left.text, str(sheet.merged_cells.ranges.pop())) == ("left", "A4:C4")


def test_many_numbers_stand_below_the_cells(book, page):
    page.row(1, ["a", "b"])
    page.block = Block(2, [[1.0, 0.25], [math.nan, 1e-9]], "number", ["0", "0.0000"])
    found = list(saved(book)["A sheet"].iter_rows(min_row=2))
    assert [[cell.value for cell in row] for row in found] == [[1, 0.25], [None, 1e-9]]
    assert [cell.number_format for cell in found[0]] == ["0", "0.0000"]


def test_what_xml_cannot_hold_is_left_out(book, page):
    page.put(1, 1, "a\x00b\x1b[31m\ud800")
    page.put(2, 1, "x" * 40_000)
    sheet = saved(book)["A sheet"]
    assert sheet["A1"].value == "ab[31m"
    assert len(sheet["A2"].value) == 32_767


def test_the_same_cells_give_the_same_bytes():
    def made():
        book = Book(LOOKS)
        book.page("empty")
        page = book.page("full")
        page.print_setup = PrintSetup(repeat_columns="A:A")
        page.put(2, 2, 0.5, "number")
        return book.as_bytes("a book", DATE)

    assert made() == made()
    assert openpyxl.load_workbook(io.BytesIO(made())).sheetnames == ["empty", "full"]


class Held:
    """Results that are numbers in some columns, and in others are not."""

    def __init__(self, columns):
        self.columns = columns

    def at(self, row, column):
        return 0.5

    def of_rows(self, first, last, column):
        return self.columns[column]


def test_columns_of_formulas_with_cells_between_them_keep_their_places_and_values(book, page):
    """Shared or not, with a percentage, beside a column of errors and one of texts, a lone cell and a shorter column."""
    columns = {
        1: np.array([1.0, 2.5e-7, -3.0, 1e17]),
        2: np.array([0.1, math.nan, math.inf, 4.0]),
        3: ["a<b", True, None, 0.25],
        5: np.array([1e-5, 0.0, 12345.678, 7.0]),
        6: np.array([8.0, 9.0]),
    }
    page.fill(2, 5, 1, "$B§*10%+IF($B¤<1,2,3)")
    page.fill(2, 5, 2, "Other!$A§%&¤")
    page.fill(2, 5, 3, '$A§&"<"')
    page.put(4, 4, "between")
    page.fill(2, 5, 5, "$A§+Other!$A¤")
    page.fill(4, 5, 6, "$A§+1")
    data = book.as_bytes("a book", DATE, results=lambda _: Held(columns))
    written, shown = (openpyxl.load_workbook(io.BytesIO(data), data_only=values)["A sheet"] for values in (False, True))
    for row in range(2, 6):
        assert written.cell(row, 1).value == f"=$B{row}*10%+IF($B{row - 1}<1,2,3)"
        assert written.cell(row, 2).value == f"=Other!$A{row}%&{row - 1}"
        assert written.cell(row, 3).value == f'=$A{row}&"<"'
        assert written.cell(row, 5).value == f"=$A{row}+Other!$A{row - 1}"
    assert [written.cell(row, 6).value for row in range(2, 6)] == [None, None, "=$A4+1", "=$A5+1"]
    assert [shown.cell(row, 1).value for row in range(2, 6)] == columns[1].tolist()
    assert [shown.cell(row, 2).value for row in range(2, 6)] == [0.1, "#NUM!", "#NUM!", 4.0]
    assert [shown.cell(row, 3).value for row in range(2, 6)] == columns[3]
    assert [shown.cell(row, 5).value for row in range(2, 6)] == columns[5].tolist()
    assert [shown.cell(row, 6).value for row in range(4, 6)] == [8.0, 9.0]
    assert shown["D4"].value == "between"
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    for row, cells in re.findall(r'<row r="(\d+)"[^>]*>(.*?)</row>', sheet):
        places = re.findall(r'<c r="([A-Z])(\d+)"', cells)
        assert [letter for letter, _ in places] == sorted({letter for letter, _ in places})
        assert {number for _, number in places} == {row}


def test_digits_are_compressed_as_suits_them(book, page):
    """With what `zipfile` calls its compressor: were it to call it otherwise, files would be larger."""
    for row, value in enumerate(np.random.default_rng(1).random(2000), 1):
        page.put(row, 1, float(value))
    archive = zipfile.ZipFile(io.BytesIO(book.as_bytes("a book", DATE)))
    sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    assert sheet.compress_size < len(zlib.compress(archive.read(sheet), 6)) * 0.97
