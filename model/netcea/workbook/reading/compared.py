"""A workbook compared with the one that netcea would write: cells that may differ, and every other difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from netcea import errors
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Cell, Page, Place
from netcea.workbook.formulas.formula_text import same_formula
from netcea.workbook.looks import MAY_CHANGE
from netcea.workbook.reading.cell_content import NOTHING, in_words, is_empty, name_of_cell, same_content
from netcea.workbook.registry import SHEETS
from netcea.workbook.sheets import choices as of_choices
from netcea.workbook.sheets import inputs as of_inputs

MOST: Final = 40
"""Differences that are listed."""
BUILT_IN: Final = "_xlnm."
"""How names begin that programs define for themselves: what is printed, what is filtered."""
DELETE_NAME: Final = "delete it (Excel: Formulas, Name Manager)"


@dataclass(frozen=True)
class CellChange:
    """A cell that is there to be changed, with what it holds now."""

    sheet: str
    row: int
    column: int
    content: Cell

    @property
    def cell(self) -> str:
        """Return where it is, as a reader finds it."""
        return name_of_cell(self.sheet, self.row, self.column)


@dataclass
class Compared:
    """What two workbooks differ in.

    Attributes
    ----------
    shown_as : str
        The file as the user named it.
    changes : list of CellChange
    problems : list of Problem
        Everything that a scenario cannot hold.
    not_read : tuple of str
        Sheets that hold results only.
    more : int
        Further problems.
    """

    shown_as: str
    changes: list[CellChange] = field(default_factory=list)
    problems: list[errors.Problem] = field(default_factory=list)
    not_read: tuple[str, ...] = ()
    more: int = 0

    def wrong(self, where: str, found: str, expected: str, suggestion: str = "") -> None:
        """Keep a problem; those beyond the first are counted."""
        if len(self.problems) < MOST:
            self.problems.append(errors.Place(self.shown_as, address=where).problem(found, expected, suggestion))
        else:
            self.more += 1


def compare(expected: Book, found: Workbook, shown_as: str) -> Compared:
    """Return in what a workbook differs from the one that netcea would write."""
    results_only = [name for name, sheet in SHEETS.items() if sheet.results_only]
    sheets = {sheet.title: sheet for sheet in found.worksheets}
    result = Compared(shown_as, not_read=tuple(title for title in sheets if title in results_only))
    pages = [page for page in expected.pages if page.name not in results_only]
    for page in pages:
        if page.name in sheets:
            _compare_sheet(result, page, sheets[page.name])
        else:
            wanted = f"the sheet '{page.name}' of the model"
            result.wrong(page.name, "no such sheet", wanted, "was it renamed or deleted?")
    known = {*results_only, *(page.name for page in pages)}
    for title, sheet in sheets.items():
        if title not in known:
            _extra_sheet(result, sheet)
    _compare_names(result, expected.names, found)
    if found.calculation.fullPrecision is False:
        instead = "switch it off: File, Options, Advanced"
        result.wrong("", "calculation with precision as displayed", "full precision", instead)
    if result.more:
        words, hint = f"{result.more} more differences", "were rows or columns inserted, or cells sorted?"
        result.problems.append(errors.Place(shown_as).problem(words, "none", hint))
    return result


def _cells(sheet: Worksheet) -> Mapping[Place, Cell]:
    """Return the cells that a sheet has."""
    has = sheet._cells  # noqa: SLF001 - in openpyxl's public ways a stray cell at the far end makes a billion empty ones
    return {place: Cell(cell.value, cell.data_type, "") for place, cell in has.items()}


def _compare_sheet(result: Compared, expected: Page, found: Worksheet) -> None:
    its = _cells(found)
    for place in sorted(its.keys() | expected.cells.keys()):
        _compare_cell(result, expected.name, place, expected.cells.get(place, NOTHING), its.get(place, NOTHING))


def _compare_cell(result: Compared, sheet: str, place: Place, standing: Cell, found: Cell) -> None:
    """Take a cell that was changed and may be; name one that may not."""
    if same_content(standing, found):
        return
    if standing.style in MAY_CHANGE:
        result.changes.append(CellChange(sheet, *place, found))
    else:
        result.wrong(name_of_cell(sheet, *place), in_words(found), in_words(standing), _instead(sheet, *place))


def _instead(sheet: str, row: int, column: int) -> str:
    """Return where a reader should have typed."""
    live = (of_inputs.BASE, of_inputs.SCENARIO, of_inputs.LIVE, of_inputs.MODEL)
    chosen = (of_choices.BASE, of_choices.SCENARIO, of_choices.LIVE, of_choices.NUMBER)
    if sheet == "Inputs" and row >= of_inputs.FIRST and column in live:
        return f"undo it, and type the number into {name_of_cell(sheet, row, of_inputs.YOURS)}"
    if sheet == "Choices" and row >= of_choices.FIRST and column in chosen:
        return f"undo it, and choose in {name_of_cell(sheet, row, of_choices.YOURS)}"
    if sheet == "Scenarios":
        return "undo it: numbers are changed on Inputs, structure on Choices"
    return "undo it: only yellow cells are read back"


def _extra_sheet(result: Compared, sheet: Worksheet) -> None:
    first = min((place for place, cell in _cells(sheet).items() if not is_empty(cell)), default=None)
    if first is not None:
        found, hint = "a sheet that the model does not have", "keep notes in comments, or in another workbook"
        result.wrong(name_of_cell(sheet.title, *first), found, "only the sheets of the model", hint)


def _compare_names(result: Compared, expected: Mapping[str, str], found: Workbook) -> None:
    its = {name: str(d.attr_text) for name, d in found.defined_names.items() if not name.startswith(BUILT_IN)}
    for name, text in expected.items():
        if name not in its:
            result.wrong(f"the name {name}", "nothing", text, "define it again")
        elif not same_formula(f"={text}", f"={its[name]}"):
            result.wrong(f"the name {name}", its[name], text, "let it lead there again")
    for name in its.keys() - expected.keys():
        result.wrong(f"the name {name}", its[name], "no such name", DELETE_NAME)
    for sheet in found.worksheets:
        for name in sheet.defined_names:
            if not name.startswith(BUILT_IN):
                where = f"the name {name} of the sheet {sheet.title}"
                result.wrong(where, "a name for one sheet", "names for the whole workbook", DELETE_NAME)
