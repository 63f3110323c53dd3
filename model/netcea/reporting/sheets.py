"""Sheets of the results workbook: cells with formats, and text that stays text."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from netcea.reporting.number_format import plain
from netcea.reporting.sheet_cells import column_width, lines, number_format, sheet_title, text_of, write_text
from netcea.reporting.table import Cell, Format, Icer, Table

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

LINE: Final = 15.0
"""Height of a line of text [points]."""
A4_HOLDS: Final = 200.0
"""Wider sheets are printed on A3 [characters]."""
PICTURE_WIDTH: Final = 800
"""Of a figure on the sheet [pixels]."""

_BOLD = Font(name="Calibri", size=11, bold=True)
_TITLE = Font(name="Calibri", size=13, bold=True)
_GREY = Font(name="Calibri", size=11, italic=True, color="595959")
_LINK = Font(name="Calibri", size=11, underline="single", color="0563C1")
_HEAD = PatternFill("solid", start_color="DCE6F1")
_LINE_BELOW, _LINE_ABOVE = Border(bottom=Side("thin")), Border(top=Side("thin"))
_TOP_LEFT = Alignment(horizontal="left", wrap_text=True, vertical="top")
_INDENTED = Alignment(horizontal="left", wrap_text=True, vertical="top", indent=1)
_TOP_RIGHT = Alignment(horizontal="right", wrap_text=True, vertical="top")


class Sheet:
    """One sheet, filled from the top; the workbook is what changes.

    Rows of many numbers are kept as the XML of the file in `raw_rows`, to go into it after openpyxl's own: 60,000
    cells as objects take seconds, as text they take a tenth of one.
    """

    def __init__(self, book: Workbook, title: str, footer: str) -> None:
        self.title = sheet_title(title, book.sheetnames)
        self.sheet: Worksheet = book.create_sheet(self.title)
        self.row = 1
        self.widths: dict[int, float] = {}
        self.raw_rows = ""
        setup = self.sheet.page_setup
        setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", "9", 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.oddFooter.left.text = plain(footer).replace("&", "&&")
        self.sheet.oddFooter.right.text = "&A, page &P of &N"

    def add(self, table: Table, *, grouped: int = 0) -> None:
        """Write a table below what is there: title, headings, rows, note.

        In the first `grouped` columns what is the same as in the row above is not repeated.
        """
        first = self.row == 1
        self._title(table.title)
        self._widths(table)
        self._headings([(column.title, column.format) for column in table.columns])
        if first:
            self.sheet.freeze_panes = f"B{self.row}"
            self.sheet.print_title_rows = f"{self.row - 1}:{self.row - 1}"
        else:  # headings of the first table would stand above rows of another
            self.sheet.freeze_panes = "B1"
            self.sheet.print_title_rows = None
        above: tuple[Cell, ...] = ()
        for whole in table.rows:
            total = "Total" in whole
            same = grouped if whole[:grouped] == above[:grouped] else 0
            above, row = whole, ("",) * same + whole[same:]
            for at, (cell, column) in enumerate(zip(row, table.columns, strict=True), start=1):
                made = self._cell(at, cell, column.format)
                if total:
                    made.font, made.border = _BOLD, _LINE_ABOVE
            self._height([(text_of(cell), at) for at, cell in enumerate(row, start=1)])
            self.row += 1
        self._note(table.note, max(len(table.columns), 2))

    def add_upright(self, table: Table) -> None:
        """Write a table with a row for each of its columns."""
        self._title(table.title)
        self._widen(1, 44)
        for at in range(2, len(table.rows) + 2):
            self._widen(at, 34)
        for number, column in enumerate(table.columns):
            self._cell(1, column.title, "text").font = _BOLD
            cells = [row[number] for row in table.rows]
            for at, cell in enumerate(cells, start=2):
                made = self._cell(at, cell, column.format)
                made.alignment = _TOP_LEFT
                if number == 0:
                    made.font, made.fill, made.border = _BOLD, _HEAD, _LINE_BELOW
            self._height([(column.title, 1), *((text_of(cell), at) for at, cell in enumerate(cells, start=2))])
            self.row += 1
            if number == 0:
                self.sheet.freeze_panes = f"B{self.row}"
        self._note(table.note, len(table.rows) + 1)

    def add_numbers(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[float]]) -> None:
        """Write many rows of numbers."""
        self._title(title)
        for at, heading in enumerate(headings, start=1):
            self._widen(at, max(11.0, min(24.0, 1.0 + max(map(len, re.split("[_ ]", heading))))))
        self._headings([(heading.replace("_", " "), "number") for heading in headings])
        self.sheet.freeze_panes = f"C{self.row}"
        self.sheet.print_title_rows = f"{self.row - 1}:{self.row - 1}"
        self.sheet.print_title_cols = "A:B"
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = False  # type: ignore[union-attr]
        styles = []
        for at, (heading, number) in enumerate(zip(headings, rows[0], strict=True), start=1):
            made = self.sheet.cell(self.row, at, number)
            made.number_format = "0" if heading == "cycle" else "#,##0.0000"
            styles.append(made.style_id)
        letters = [get_column_letter(at) for at in range(1, len(headings) + 1)]
        self.raw_rows = "".join(
            f'<row r="{at}">{_raw_cells(letters, styles, row, at)}</row>'
            for at, row in enumerate(rows[1:], start=self.row + 1)
        )
        self.row += len(rows)

    def add_pictures(self, paths: Sequence[Path]) -> None:
        """Place PNG files below one another, each on a page of its own."""
        for path in paths:
            if self.row > 1:
                self.sheet.row_breaks.append(Break(id=self.row - 1))
            self._title(path.stem.replace("_", " ").capitalize())
            picture = Image(io.BytesIO(path.read_bytes()))
            scale = PICTURE_WIDTH / picture.width
            picture.width, picture.height = PICTURE_WIDTH, round(picture.height * scale)
            self.sheet.add_image(picture, f"A{self.row}")
            self.row += math.ceil(picture.height * 0.75 / LINE) + 2

    def add_contents(self, title: str, head: Table, sheets: Sequence[tuple[str, str]]) -> None:
        """Write the first page: what was run, and where everything is."""
        self._title(title)
        self._widen(1, 32)
        self._widen(2, 96)
        for what, value in head.rows:
            self._cell(1, what, "text").font = _BOLD
            self._cell(2, value, "text")
            self._height([(text_of(what), 1), (text_of(value), 2)])
            self.row += 1
        self.row += 1
        self._headings([("Sheet", "text"), ("Holds", "text")])
        for name, about in sheets:
            made = self._cell(1, name, "text")
            made.hyperlink = Hyperlink(ref=made.coordinate, location=f"'{name}'!A1", display=name)
            made.font = _LINK
            self._cell(2, about, "text")
            self._height([(about, 2)])
            self.row += 1

    def _title(self, text: str) -> None:
        if text:
            self._cell(1, text, "text", wrap=False).font = _TITLE
            self.row += 2

    def _headings(self, headings: Sequence[tuple[str, Format]]) -> None:
        for at, (text, kind) in enumerate(headings, start=1):
            made = self._cell(at, text, "text")
            made.font, made.fill, made.border = _BOLD, _HEAD, _LINE_BELOW
            if kind != "text":
                made.alignment = _TOP_RIGHT
        self._height([(text, at) for at, (text, _) in enumerate(headings, start=1)], bold=True)
        self.row += 1

    def _note(self, text: str, columns: int) -> None:
        if text:
            made = self._cell(1, text, "text")
            made.font = _GREY
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=columns)
            width = sum(self.widths.get(at, 9.0) for at in range(1, columns + 1))
            self.sheet.row_dimensions[self.row].height = LINE * lines(text, width)
            self.row += 1
        self.row += 2

    def _widths(self, table: Table) -> None:
        widths = [column_width(column, [row[at] for row in table.rows]) for at, column in enumerate(table.columns)]
        if sum(widths) > A4_HOLDS:
            self.sheet.page_setup.paperSize = "8"  # A3
        for at, width in enumerate(widths, start=1):
            self._widen(at, width)

    def _widen(self, column: int, width: float) -> None:
        self.widths[column] = max(self.widths.get(column, 0.0), width)
        self.sheet.column_dimensions[get_column_letter(column)].width = self.widths[column]

    def _height(self, texts: Sequence[tuple[str, int]], *, bold: bool = False) -> None:
        """Make a row as high as its longest text needs."""
        most = max((lines(text, self.widths.get(at, 9.0) * (0.9 if bold else 1.0)) for text, at in texts), default=1)
        if most > 1:
            self.sheet.row_dimensions[self.row].height = min(LINE * most, 409.0)

    def _cell(self, column: int, cell: Cell, kind: Format, *, wrap: bool = True) -> SheetCell:
        made: SheetCell = self.sheet.cell(self.row, column)  # type: ignore[assignment]  # no merged cell is written to
        if isinstance(cell, Icer) and cell.value is not None and not cell.label:
            cell = cell.value
        if isinstance(cell, int | float) and math.isfinite(cell):
            made.value = cell
            made.number_format = number_format(kind, cell)
            made.alignment = _TOP_RIGHT
        elif cell is not None:
            write_text(made, text_of(cell))
            left = _TOP_LEFT if column == 1 else _INDENTED
            made.alignment = (left if kind == "text" else _TOP_RIGHT) if wrap else Alignment(vertical="top")
        return made


def _raw_cells(letters: Sequence[str], styles: Sequence[int], row: Sequence[float], at: int) -> str:
    return "".join(
        f'<c r="{letter}{at}" s="{style}"><v>{number!r}</v></c>'
        for letter, style, number in zip(letters, styles, row, strict=True)
        if math.isfinite(number)
    )
