"""A workbook beside the one that netcea would write: cells that may differ, and every other difference."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from netcea.errors import Problem
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Cell, Page, Place
from netcea.workbook.formulas.formula_text import NEAR, same_formula
from netcea.workbook.looks import MAY_CHANGE
from netcea.workbook.registry import SHEETS
from netcea.workbook.sheets import choices
from netcea.workbook.sheets import inputs as numbers

MOST: Final = 40
"""Differences that are listed."""
NOTHING: Final = Cell(None, "n", "")
LONGEST: Final = 80


@dataclass(frozen=True)
class CellChange:
    """A cell that is there to be changed, with what it holds now."""

    sheet: str
    row: int
    column: int
    value: Any
    kind: str
    """openpyxl's type: n, s, f, b, e, d."""

    @property
    def cell(self) -> str:
        """Return where it is, as a reader finds it."""
        return f"{self.sheet}!{get_column_letter(self.column)}{self.row}"


@dataclass
class Compared:
    """What two workbooks differ in.

    Attributes
    ----------
    changes : list of CellChange
    problems : list of Problem
        Everything that a scenario cannot hold.
    not_read : tuple of str
        Sheets that hold results only.
    """

    shown_as: str
    changes: list[CellChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_read: tuple[str, ...] = ()
    more: int = 0

    def wrong(self, where: str, found: str, expected: str, suggestion: str = "") -> None:
        """Keep a problem; those beyond the first are counted."""
        if len(self.problems) < MOST:
            self.problems.append(Problem(self.shown_as, 0, where, found, expected, suggestion))
        else:
            self.more += 1


def compare(expected: Book, found: Workbook, shown_as: str) -> Compared:
    """Return in what a workbook differs from the one that netcea would write."""
    result = Compared(shown_as)
    titles = {ws.title: ws for ws in found.worksheets}
    results_only = [name for name, sheet in SHEETS.items() if sheet.results_only]
    result.not_read = tuple(title for title in titles if title in results_only)
    for page in expected.pages:
        if page.name in results_only:
            continue
        if page.name in titles:
            _compare_sheet(result, page, titles[page.name])
        else:
            result.wrong(
                page.name, "no such sheet", f"the sheet '{page.name}' of the model", "was it renamed or deleted?"
            )
    known = {page.name for page in expected.pages}
    for title, ws in titles.items():
        if title not in known and title not in results_only:
            _extra_sheet(result, ws)
    _compare_names(result, expected, found)
    if found.calculation.fullPrecision is False:
        result.wrong(
            "", "calculation with precision as displayed", "full precision", "switch it off: File, Options, Advanced"
        )
    if result.more:
        result.problems.append(
            Problem(
                shown_as,
                0,
                "",
                f"{result.more} more differences",
                "none",
                "were rows or columns inserted, or cells sorted?",
            )
        )
    return result


def _cells(sheet: Worksheet) -> Mapping[Place, Cell]:
    """Return the cells that a sheet has."""
    has = sheet._cells  # noqa: SLF001 - in openpyxl's public ways a stray cell at the far end makes a billion empty ones
    return {place: Cell(cell.value, cell.data_type, "") for place, cell in has.items()}


def _compare_sheet(result: Compared, expected: Page, found: Worksheet) -> None:
    its = _cells(found)
    for place, cell in its.items():
        _compare_cell(result, expected.name, place, expected.cells.get(place), cell)
    for place, standing in expected.cells.items():
        if place not in its:
            _compare_cell(result, expected.name, place, standing, NOTHING)


def _compare_cell(result: Compared, sheet: str, place: Place, standing: Cell | None, found: Cell) -> None:
    """Take a cell that was changed and may be; name one that may not."""
    if same_content(standing or NOTHING, found):
        return
    if standing is not None and standing.style in MAY_CHANGE:
        result.changes.append(CellChange(sheet, *place, found.value, found.kind))
    else:
        where = f"{sheet}!{get_column_letter(place[1])}{place[0]}"
        result.wrong(where, described(found), described(standing or NOTHING), _instead(sheet, *place))


def same_content(expected: Cell, found: Cell) -> bool:
    """Say whether two cells hold the same; formatting and comments do not count."""
    if is_empty(expected) or is_empty(found):
        return is_empty(expected) and is_empty(found)
    one, other = expected.value, found.value
    if "f" in (expected.kind, found.kind):
        both = expected.kind == found.kind and isinstance(one, str) and isinstance(other, str)
        return both and same_formula(one, other)
    if _is_number(one) and _is_number(other):
        return math.isclose(one, other, rel_tol=NEAR)
    if isinstance(one, str) and isinstance(other, str):
        return found.kind != "e" and one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
    return type(one) is type(other) and bool(one == other)


def is_empty(cell: Cell) -> bool:
    """Say whether a cell holds nothing that a formula could see; empty text is nothing."""
    return cell.value is None or (cell.kind != "f" and cell.value == "")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def described(cell: Cell) -> str:
    """Return what a cell holds, in a reader's words."""
    return "nothing" if is_empty(cell) else words_of(cell.value, cell.kind)


def words_of(value: Any, kind: str) -> str:
    """Return a value of a cell in a reader's words."""
    if kind == "f":
        text = value if isinstance(value, str) else f"{{{getattr(value, 'text', None) or type(value).__name__}}}"
        return f"the formula {_short(str(text))}"
    if kind == "e":
        return f"the error {value}"
    if isinstance(value, bool):
        return f"the truth value {str(value).upper()}"
    if isinstance(value, datetime | date | time | timedelta):
        return f"the date or time {value}"
    return f"the text {_short(repr(value))}" if isinstance(value, str) else f"the number {value!r}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _instead(title: str, row: int, column: int) -> str:
    """Return where a reader should have typed."""
    if (
        title == "Inputs"
        and row >= numbers.FIRST
        and column in (numbers.BASE, numbers.SCENARIO, numbers.LIVE, numbers.MODEL)
    ):
        return f"undo it, and type the number into Inputs!{get_column_letter(numbers.YOURS)}{row}"
    if title == "Choices" and row >= numbers.FIRST and column in (3, 4, 6, 7):
        return f"undo it, and choose in Choices!{get_column_letter(choices.YOURS)}{row}"
    if title == "Scenarios":
        return "undo it: numbers are changed on Inputs, structure on Choices"
    return "undo it: only yellow cells are read back"


def _extra_sheet(result: Compared, ws: Worksheet) -> None:
    first = min((place for place, cell in _cells(ws).items() if not is_empty(cell)), default=None)
    if first is not None:
        where = f"{ws.title}!{get_column_letter(first[1])}{first[0]}"
        result.wrong(
            where,
            "a sheet that the model does not have",
            "only the sheets of the model",
            "keep notes in comments, or in another workbook",
        )


def _compare_names(result: Compared, expected: Book, found: Workbook) -> None:
    mine = expected.names
    its = {name: str(d.attr_text) for name, d in found.defined_names.items() if not _built_in(name)}
    for name, text in mine.items():
        if name not in its:
            result.wrong(f"the name {name}", "nothing", text, "define it again")
        elif not same_formula(f"={text}", f"={its[name]}"):
            result.wrong(f"the name {name}", its[name], text, "let it lead there again")
    for name in its.keys() - mine.keys():
        result.wrong(f"the name {name}", its[name], "no such name", "delete it (Excel: Formulas, Name Manager)")
    for title, name in _names_of_sheets(found):
        result.wrong(
            f"the name {name} of the sheet {title}",
            "a name for one sheet",
            "names for the whole workbook",
            "delete it (Excel: Formulas, Name Manager)",
        )


def _names_of_sheets(found: Workbook) -> Iterator[tuple[str, str]]:
    for ws in found.worksheets:
        for name in ws.defined_names:
            if not _built_in(name):
                yield ws.title, name


def _built_in(name: str) -> bool:
    return name.startswith("_xlnm.")
