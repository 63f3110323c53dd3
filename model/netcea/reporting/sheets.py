"""Sheets of the results workbook: tables of values, with room for their text, ready to print."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from netcea.reporting.number_format import plain
from netcea.reporting.sheet_cells import column_width, lines, number_format, sheet_title, text_of
from netcea.reporting.table import Cell, Format, Icer, Table
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.look import Look
from netcea.reporting.xlsx.page import Block, Page, Picture
from netcea.reporting.xlsx.print_setup import PrintSetup

LINE: Final = 15.0
"""Height of a line of text [points]."""
HIGHEST: Final = 409.0
"""Row that Excel takes [points]."""
A4_HOLDS: Final = 200.0
"""Wider sheets are printed on A3 [characters]."""
A3: Final = 8
PICTURE_WIDTH: Final = 800
"""Of a figure on the sheet [pixels]."""
TEXT: Final = Look(size=11, wrap=True, across="left")
INDENTED: Final = Look(size=11, wrap=True, indent=1)
NUMBER: Final = Look(size=11, wrap=True, across="right")
PLACES: Final = {"text": TEXT, "indented": INDENTED, "number": NUMBER}
"""Where what a column holds stands: its first text at the left, others a little further, numbers at the right."""
LOOKS: Final = {
    **PLACES,
    **{f"total_{name}": replace(look, bold=True, line="above") for name, look in PLACES.items()},
    **{f"head_{name}": replace(look, bold=True, line="below", fill="DCE6F1") for name, look in PLACES.items()},
    "title": Look(size=13, bold=True),
    "name": replace(TEXT, bold=True),
    "note": replace(TEXT, italic=True, colour="595959"),
    "link": replace(TEXT, underline=True, colour="0563C1"),
    "trace": Look(size=11),
}


@dataclass
class Sheet:
    """One sheet, filled from the top.

    Attributes
    ----------
    page : Page
    row : int
        The next that is free.
    top : int
        The first that can be: below the mark of a confidential run.
    """

    page: Page
    row: int = 1
    top: int = 1

    @classmethod
    def of(cls, book: Book, title: str, footer: str, marking: str = "") -> Sheet:
        """Add a sheet to a book, a mark in its first row; its title is made one that Excel takes and no other has."""
        page = book.page(sheet_title(title, [page.name for page in book.pages]))
        page.grid_lines = True
        page.print_setup = PrintSetup(footer=(plain(footer).replace("&", "&&"), "&A, page &P of &N"))
        if marking:
            page.put(1, 1, marking, "name")
            return cls(page, 3, 3)
        return cls(page)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.page.name

    def add(self, table: Table, *, grouped: int = 0) -> None:
        """Write a table below what is there: title, headings, rows, note.

        In the first `grouped` columns what is the same as in the row above is not repeated.
        """
        first = self.row == self.top
        self._title(table.title)
        self._widths(table)
        self._headings([(column.title, column.format) for column in table.columns])
        if first:
            self._keep_in_sight("B")
        else:  # headings of the first table would stand above rows of another
            self.page.freeze, self.page.print_setup.repeat_rows = "B1", ""
        above: tuple[Cell, ...] = ()
        for whole in table.rows:
            same = grouped if whole[:grouped] == above[:grouped] else 0
            above, row = whole, ("",) * same + whole[same:]
            for at, (cell, column) in enumerate(zip(row, table.columns, strict=True), start=1):
                self._cell(at, cell, column.format, "total_" if "Total" in whole else "")
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
            self.page.put(self.row, 1, column.title, "name")
            cells = [row[number] for row in table.rows]
            for at, cell in enumerate(cells, start=2):
                self._cell(at, cell, column.format, style="text" if number else "head_text")
            self._height([(column.title, 1), *((text_of(cell), at) for at, cell in enumerate(cells, start=2))])
            self.row += 1
            if number == 0:
                self.page.freeze = f"B{self.row}"
        self._note(table.note, len(table.rows) + 1)

    def add_numbers(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[float]]) -> None:
        """Write many rows of numbers."""
        self._title(title)
        for at, heading in enumerate(headings, start=1):
            self._widen(at, max(11.0, min(24.0, 1.0 + max(map(len, re.split("[_ ]", heading))))))
        self._headings([(heading.replace("_", " "), "number") for heading in headings])
        self._keep_in_sight("C")
        self.page.print_setup.repeat_columns, self.page.print_setup.wide = "A:B", 0
        formats = ["0" if heading == "cycle" else "#,##0.0000" for heading in headings]
        self.page.block = Block(self.row, rows, "trace", formats)
        self.row += len(rows)

    def add_pictures(self, paths: Sequence[Path]) -> None:
        """Place PNG files below one another, each on a page of its own."""
        for path in paths:
            if self.row > self.top:
                self.page.page_breaks.append(self.row - 1)
            self._title(path.stem.replace("_", " ").capitalize())
            data = path.read_bytes()
            width, height = struct.unpack(">II", data[16:24])  # where every PNG file says its size
            shown = round(height * PICTURE_WIDTH / width)
            self.page.pictures.append(Picture(data, PICTURE_WIDTH, shown, f"A{self.row}"))
            self.row += math.ceil(shown * 0.75 / LINE) + 2

    def add_contents(self, title: str, head: Table, sheets: Sequence[tuple[str, str]]) -> None:
        """Write the first page: what was run, and where everything is."""
        self._title(title)
        self._widen(1, 32)
        self._widen(2, 96)
        for what, value in head.rows:
            self.page.put(self.row, 1, text_of(what), "name")
            self._cell(2, value, "text")
            self._height([(text_of(what), 1), (text_of(value), 2)])
            self.row += 1
        self.row += 1
        self._headings([("Sheet", "text"), ("Holds", "text")])
        for name, about in sheets:
            self.page.link(self.row, 1, name, f"'{name}'!A1")
            self._cell(2, about, "text")
            self._height([(about, 2)])
            self.row += 1

    def _title(self, text: str) -> None:
        if text:
            self.page.put(self.row, 1, text_of(text), "title")
            self.row += 2

    def _headings(self, headings: Sequence[tuple[str, Format]]) -> None:
        for at, (text, kind) in enumerate(headings, start=1):
            self.page.put(self.row, at, text_of(text), f"head_{_place(at, text=kind == 'text')}")
        self._height([(text, at) for at, (text, _) in enumerate(headings, start=1)], bold=True)
        self.row += 1

    def _keep_in_sight(self, column: str) -> None:
        """Freeze the headings that were just written, and the columns before one."""
        self.page.freeze = f"{column}{self.row}"
        self.page.print_setup.repeat_rows = f"{self.row - 1}:{self.row - 1}"

    def _note(self, text: str, columns: int) -> None:
        if text:
            self.page.put(self.row, 1, text_of(text), "note")
            self.page.merged.append((self.row, columns))
            width = sum(self._width(at) for at in range(1, columns + 1))
            self.page.row_heights[self.row] = LINE * lines(text, width)
            self.row += 1
        self.row += 2

    def _widths(self, table: Table) -> None:
        widths = [column_width(column, [row[at] for row in table.rows]) for at, column in enumerate(table.columns)]
        if sum(widths) > A4_HOLDS:
            self.page.print_setup.paper = A3
        for at, width in enumerate(widths, start=1):
            self._widen(at, width)

    def _width(self, column: int) -> float:
        return self.page.column_widths.get(column, 9.0)

    def _widen(self, column: int, width: float) -> None:
        self.page.column_widths[column] = max(self.page.column_widths.get(column, 0.0), width)

    def _height(self, texts: Sequence[tuple[str, int]], *, bold: bool = False) -> None:
        """Make a row as high as its longest text needs."""
        most = max((lines(text, self._width(at) * (0.9 if bold else 1.0)) for text, at in texts), default=1)
        if most > 1:
            self.page.row_heights[self.row] = min(LINE * most, HIGHEST)

    def _cell(self, column: int, cell: Cell, kind: Format, row: str = "", style: str = "") -> None:
        """Write a cell of a table; `row` is how styles of its row begin, `style` takes the place of all."""
        if isinstance(cell, Icer) and cell.value is not None and not cell.label:
            cell = cell.value
        if isinstance(cell, int | float) and math.isfinite(cell):
            self.page.put(self.row, column, cell, style or f"{row}number", number_format(kind, cell))
        elif cell is not None or row:
            place = _place(column, text=kind == "text")
            self.page.put(self.row, column, text_of(cell), style or f"{row}{place}")


def _place(column: int, *, text: bool) -> str:
    """Return where something stands in its column."""
    if not text:
        return "number"
    return "text" if column == 1 else "indented"
