"""A sheet under construction: plain cells and what is said about them, before any file is made."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl.utils import get_column_letter, quote_sheetname

from netcea.reporting.xlsx.cells import FORMULA, NOW, Cell, Cells, Fill, Place
from netcea.reporting.xlsx.data_table import TABLE_KIND, DataTable
from netcea.reporting.xlsx.look import GENERAL, Look
from netcea.reporting.xlsx.print_setup import PrintSetup

PLAIN_NAME: Final = re.compile(r"\w+", re.ASCII)


@dataclass(frozen=True)
class Comment:
    """A note on a cell; sizes in pixels."""

    text: str
    width: int = 360
    height: int = 160


@dataclass(frozen=True)
class Rule:
    """What may be typed into cells: an option of a range or list, a number between two, or what a formula allows."""

    first: str
    last: str = ""
    title: str = "Not one of the choices"
    message: str = "Choose from the list."
    custom: bool = False


@dataclass(frozen=True)
class Block:
    """Many rows of numbers below all other cells: a million of them need no objects.

    Attributes
    ----------
    first : int
        Their first row; they begin in the first column.
    rows : rows of numbers
        What is not finite stays empty.
    style : str
    formats : sequence of str
        Of each column, instead of the style's own.
    """

    first: int
    rows: Sequence[Sequence[float]]
    style: str = ""
    formats: Sequence[str] = ()


@dataclass(frozen=True)
class Picture:
    """A PNG file on a sheet; sizes in pixels."""

    data: bytes
    width: int
    height: int
    anchor: str


@dataclass(eq=False)
class Page:
    """One sheet.

    Attributes
    ----------
    name : str
    looks : mapping of name of a style -> Look
    cells : Cells
    tables : list of DataTable
        Whose results stand in cells too, without a value.
    block : Block or None
    links : mapping of (row, column) -> what it leads to
        ``#Sheet!A1`` in this workbook, or an address on the web.
    rules : mapping of Rule -> cells that it holds for
    conditions : list of (range, condition, colour)
        Fill of cells of a range while a condition holds, which is written for its first cell.
    charts : list of (chart, (row, column) of its upper left)
        Column 0 is to the right of all cells.
    merged : list of (row, last column)
        Cells that are one, from the first column.
    page_breaks : list of int
        Rows after which a printed page ends.
    headings : list of (row, column)
        Those over numbers stand at the right.
    """

    name: str
    looks: Mapping[str, Look]
    colour: str = ""
    cells: Cells = field(default_factory=Cells)
    tables: list[DataTable] = field(default_factory=list)
    block: Block | None = None
    column_widths: dict[int, float] = field(default_factory=dict)
    row_heights: dict[int, float] = field(default_factory=dict)
    grouped_columns: set[int] = field(default_factory=set)
    grouped_rows: set[int] = field(default_factory=set)
    links: dict[Place, str] = field(default_factory=dict)
    comments: dict[Place, Comment] = field(default_factory=dict)
    rules: dict[Rule, list[Place]] = field(default_factory=dict)
    conditions: list[tuple[str, str, str]] = field(default_factory=list)
    charts: list[tuple[Any, Place]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    merged: list[tuple[int, int]] = field(default_factory=list)
    page_breaks: list[int] = field(default_factory=list)
    headings: list[Place] = field(default_factory=list)
    freeze: str = ""
    grid_lines: bool = False
    print_setup: PrintSetup = field(default_factory=PrintSetup)
    title: str = field(init=False)
    """The name as formulas write it."""

    def __post_init__(self) -> None:
        """Quote the name where it has other signs than letters and digits."""
        self.title = self.name if PLAIN_NAME.fullmatch(self.name) else quote_sheetname(self.name)

    @property
    def last_row(self) -> int:
        """Return the last row that holds anything; at least 1."""
        return self.cells.last_row

    @property
    def last_column(self) -> int:
        """Return the last column that holds anything; at least 1."""
        return max(self.cells.columns, default=1)

    def put(self, row: int, column: int, value: Any, style: str = "text", number_format: str = "") -> None:
        """Write a value; text stays text whatever it begins with. Formulas go through `formula`."""
        self.cells[row, column] = Cell(value, "s" if isinstance(value, str) else "n", style, number_format)

    def formula(self, row: int, column: int, text: str, style: str = "number") -> None:
        """Write a formula, without the sign of equality."""
        self.cells[row, column] = Cell(f"={text}", FORMULA, style)

    def fill(self, first: int, last: int, column: int, text: str, style: str = "number") -> None:
        """Write one formula into rows of a column; NOW and BEFORE in it stand for the row's number and the one above.

        Spreadsheet programs read such a column as one formula that is shared, if other rows stand in it as ranges with
        a fixed start and end alone.
        """
        if last < first:
            return
        own = re.compile(rf"(?<![\w.']){re.escape(self.title)}!")
        self.cells.fill(Fill(first, last, column, own.sub("", text), style))

    def data_table(self, table: DataTable, style: str = "number") -> None:
        """Put a data table on the sheet, whose values and formulas `put` and `formula` write, before or after.

        A file holds what its results come to; Excel works them out again on F9 (`Book.as_bytes` says that tables are
        not part of automatic calculation), LibreOffice when they are looked at.
        """
        self.tables.append(table)
        for row, column in table.places:
            self.cells[row, column] = Cell(None, TABLE_KIND, style)

    def row(self, row: int, values: Iterable[Any], style: str = "text", first: int = 1) -> None:
        """Write values beside one another."""
        for column, value in enumerate(values, first):
            self.put(row, column, value, style)

    def link(self, row: int, column: int, words: str, target: str, style: str = "link") -> None:
        """Write words that lead to a cell of this workbook, or to an address on the web."""
        self.put(row, column, words, style)
        sheet, _, cell = target.rpartition("!")
        self.links[row, column] = target if "://" in target else f"#{sheet}!{cell.replace('$', '')}"

    def value(self, row: int, column: int) -> Any:
        """Return what a cell holds, None where there is none."""
        cell = self.cells.get((row, column))
        return None if cell is None else cell.value

    def at(self, row: int, column: int, *, fixed: bool = True) -> str:
        """Return how formulas on any sheet refer to a cell."""
        return f"{self.title}!${get_column_letter(column)}{'$' if fixed else ''}{row}"

    def here(self, column: int, row: str = NOW) -> str:
        """Return how the formula of a column refers to another in its own row, or with BEFORE in the one above."""
        return f"{self.title}!${get_column_letter(column)}{row}"

    def span(self, first_row: int, last_row: int, column: int, last_column: int | None = None) -> str:
        """Return how formulas on any sheet refer to a range."""
        end = get_column_letter(last_column or column)
        return f"{self.title}!${get_column_letter(column)}${first_row}:${end}${last_row}"

    def widths(self, *widths: float) -> None:
        """Set widths of the first columns [characters]."""
        self.column_widths.update(enumerate(widths, 1))

    def heading(self, row: int, words: Iterable[str], first: int = 1) -> None:
        """Write a row of headings."""
        for column, word in enumerate(words, first):
            self.put(row, column, word, "heading")
            self.headings.append((row, column))

    def open_with(self, title: str, subtitle: str = "") -> None:
        """Write the sheet's title."""
        self.put(1, 1, title, "title")
        if subtitle:
            self.put(2, 1, subtitle, "subtitle")

    def frozen(self, cell: str) -> None:
        """Keep the rows above and the columns left of a cell in sight."""
        self.freeze = cell

    def drop_down(self, row: int, column: int, options: str) -> None:
        """Let a cell take only values of a range or of a list in quotes."""
        self.restrict(row, column, Rule(options))

    def restrict(self, row: int, column: int, rule: Rule) -> None:
        """Let a cell take only what a rule allows; cells with the same rule share it."""
        self.rules.setdefault(rule, []).append((row, column))

    def colour_if(self, where: str, condition: str, colour: str) -> None:
        """Fill cells of a range while a condition holds, which is written for its first cell."""
        self.conditions.append((where, condition, colour))

    def format_as(self, row: int, columns: Iterable[int], value: float | None, *, drawn: bool = False) -> None:
        """Give cells the decimals that a value needs, or one drawn around it, which is not whole where it is."""
        size = (value or 0.0) + (0.5 if drawn and value == round(value or 0.0) else 0.0)
        for column in columns:
            self.cells[row, column] = self.cells[row, column]._replace(number_format=five_digits(size))

    def group(self, first: int, last: int) -> None:
        """Let columns be folded; they are open at first."""
        self.grouped_columns.update(range(first, last + 1))

    def group_rows(self, first: int, last: int) -> None:
        """Let rows be folded; they are open at first."""
        self.grouped_rows.update(range(first, last + 1))

    def landscape(self, **setup: Any) -> None:
        """Print with headings on every page; see `PrintSetup`."""
        self.print_setup = PrintSetup(**setup)

    def format_of(self, place: Place) -> str:
        """Return the format of numbers of a cell."""
        cell = self.cells[place]
        return cell.number_format or self.looks[cell.style].number_format

    def over_numbers(self, heading: Place) -> bool:
        """Say whether numbers stand below a heading."""
        below = (heading[0] + 1, heading[1])
        if below not in self.cells or self.looks[self.cells[below].style].to_the_left:
            return False
        return self.format_of(below) != GENERAL or isinstance(self.cells[below].value, int | float)


def five_digits(value: float) -> str:
    """Return a format with the decimals that a value needs: about five digits, and no point without one after it.

    A whole number below a thousand has no format, so that what is typed in its place shows its own decimals.

    >>> five_digits(30.0), five_digits(5143.0), five_digits(8714.03), five_digits(0.0123), five_digits(12.5)
    ('General', '#,##0', '#,##0.00', '0.00####', '0.00#')
    """
    size = abs(value)
    if value == round(value) and size >= 1:
        return GENERAL if size < 1000 else "#,##0"
    if size >= 1000:
        return "#,##0.00"
    decimals = 4 - math.floor(math.log10(size or 1))
    return f"0.00{'#' * max(0, min(decimals, 9) - 2)}"
