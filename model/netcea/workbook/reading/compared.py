"""A workbook compared with the one that netcea would write: cells that may differ, and every other difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from netcea import errors
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.cells import Cell
from netcea.reporting.xlsx.data_table import TABLE_KIND
from netcea.reporting.xlsx.page import Page
from netcea.workbook.formulas.formula_text import same_formula
from netcea.workbook.looks import MAY_CHANGE
from netcea.workbook.reading.cell_content import NOTHING, in_words, is_empty, name_of_cell, same_content
from netcea.workbook.reading.moved import merged_again, renamed, shifted
from netcea.workbook.reading.opened import OpenedWorkbook
from netcea.workbook.reading.sheet_cells import LAST_ROW, SheetCells
from netcea.workbook.registry import SHEETS
from netcea.workbook.sheets import choices as of_choices
from netcea.workbook.sheets import inputs as of_inputs

MOST: Final = 40
"""Differences that are listed."""
MOST_NOT_READ: Final = 20
"""Notes of a reviewer that are listed."""
BUILT_IN: Final = "_xlnm."
"""How names begin that programs define for themselves: what is printed, what is filtered."""
TITLE_ROWS: Final = (1, 2)
"""Of every sheet: what it is called, and what it is."""
WORDS: Final = {
    "Inputs": (of_inputs.LABEL, of_inputs.SOURCE, of_inputs.STATUS, of_inputs.NOTE),
    "Choices": (of_choices.LABEL,),
}
"""Sheet -> columns with words for readers."""
FIRST_ROWS: Final = {"Inputs": of_inputs.FIRST, "Choices": of_choices.FIRST}
DELETE_NAME: Final = "delete it (Excel: Formulas, Name Manager)"


@dataclass(frozen=True)
class CellChange:
    """A cell that is there to be changed, with what it holds now.

    Attributes
    ----------
    sheet : str
    row, column : int
    content : Cell
    shown : object
        What it came to when the file was saved, where it holds a formula; None where the file does not say.
    """

    sheet: str
    row: int
    column: int
    content: Cell
    shown: object = None

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
    beside : list of str
        What a reviewer added beside the model, to which no formula of the model refers: it is not read.
    more, more_beside : int
        Further problems; further things beside the model.
    """

    shown_as: str
    changes: list[CellChange] = field(default_factory=list)
    problems: list[errors.Problem] = field(default_factory=list)
    not_read: tuple[str, ...] = ()
    beside: list[str] = field(default_factory=list)
    more: int = 0
    more_beside: int = 0

    def wrong(self, where: str, found: str, expected: str, suggestion: str = "") -> None:
        """Keep a problem; those beyond the first are counted."""
        if len(self.problems) < MOST:
            self.problems.append(errors.Place(self.shown_as, address=where).problem(found, expected, suggestion))
        else:
            self.more += 1

    def is_beside(self, what: str) -> None:
        """Keep something that is not read; those beyond the first are counted."""
        if len(self.beside) < MOST_NOT_READ:
            self.beside.append(what)
        else:
            self.more_beside += 1


def of_results(title: str) -> bool:
    """Say whether a sheet only shows results."""
    return title in SHEETS and SHEETS[title].results_only


def compare(expected: Book, found: OpenedWorkbook, shown_as: str) -> Compared:
    """Return in what a workbook differs from the one that netcea would write.

    Where sheets were renamed, or rows or columns inserted or deleted, that is all that is said: every cell that refers
    to another differs then.
    """
    result = Compared(shown_as, not_read=tuple(title for title in found.titles if of_results(title)))
    pages = [page for page in expected.pages if not of_results(page.name)]
    known = {*result.not_read, *(page.name for page in pages)}
    extra = [title for title in found.titles if title not in known]
    _compare_structure(result, pages, extra, found)
    if found.full_precision is False:
        instead = "switch it off: File, Options, Advanced"
        result.wrong("", "calculation with precision as displayed", "full precision", instead)
    if result.problems:
        return result
    there = [page for page in pages if page.name in found.parts]
    for page in there:
        _compare_sheet(result, page, found.sheet(page.name))
    for title in extra:
        result.is_beside(f"the sheet {title}")
    gone = tuple(f"{page.title}!" for page in pages if page not in there)
    _compare_names(result, {name: to for name, to in expected.names.items() if not to.startswith(gone)}, found)
    if result.more:
        words, hint = f"{result.more} more differences", "were cells moved or sorted?"
        result.problems.append(errors.Place(shown_as).problem(words, "none", hint))
    return result


def _compare_structure(result: Compared, pages: list[Page], extra: list[str], found: OpenedWorkbook) -> None:
    """Name sheets that are not there, and those of which rows or columns moved."""
    for page in pages:
        if page.name not in found.parts:
            other = renamed(page, {title: found.sheet(title).cells for title in extra})
            if not _is_referred_to(page, pages):
                result.is_beside(f"the sheet {page.name}, which was {'renamed' if other else 'deleted'}")
                continue
            what = f"no such sheet, but one named '{other}' with its title" if other else "no such sheet"
            hint = f"name it '{page.name}' again" if other else "was it renamed or deleted?"
            result.wrong(page.name, what, f"the sheet '{page.name}' of the model", hint)
            continue
        sheet = found.sheet(page.name)
        for place, what, hint in (*shifted(page, sheet.cells), *merged_again(page, sheet.merged)):
            result.wrong(f"{page.name}!{place}", what, "rows, columns and cells as netcea wrote them", hint)


def _is_referred_to(page: Page, pages: Sequence[Page]) -> bool:
    """Say whether a formula of another sheet of the model refers to a sheet."""
    others = (cell for other in pages if other is not page for cell in other.cells.values())
    return any(cell.kind == "f" and f"{page.title}!" in cell.value for cell in others)


def _compare_sheet(result: Compared, expected: Page, found: SheetCells) -> None:
    last = expected.last_row, expected.last_column
    for place in sorted(found.cells.keys() | expected.cells.keys()):
        its = found.cells.get(place, NOTHING)
        if place[0] <= last[0] and place[1] <= last[1]:
            change = CellChange(expected.name, *place, its, found.shown.get(place))
            _compare_cell(result, expected.cells.get(place, NOTHING), change)
        elif not is_empty(its):
            result.is_beside(f"{name_of_cell(expected.name, *place)} ({in_words(its)})")


def _compare_cell(result: Compared, standing: Cell, change: CellChange) -> None:
    """Take a cell that was changed and may be, or words that nothing reads; name one that may not.

    Programs save data tables each in its own way.
    """
    found = change.content
    if standing.kind == TABLE_KIND or same_content(standing, found):
        return
    if standing.style in MAY_CHANGE:
        result.changes.append(change)
    elif standing.kind == "s" and (found.kind == "s" or is_empty(found)) and _only_words(change):
        result.is_beside(f"{change.cell} ({in_words(found)}, where netcea wrote {in_words(standing)})")
    else:
        instead = _instead(change.sheet, change.row, change.column)
        result.wrong(change.cell, in_words(found), in_words(standing), instead)


def _only_words(change: CellChange) -> bool:
    """Say whether a text is there for readers alone: no formula refers to it, and no address or unit stands in it."""
    if change.row in TITLE_ROWS:
        return True
    return change.row >= FIRST_ROWS.get(change.sheet, LAST_ROW) and change.column in WORDS[change.sheet]


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


def _compare_names(result: Compared, expected: Mapping[str, str], found: OpenedWorkbook) -> None:
    its = {name: text for name, text in found.names.items() if not name.startswith(BUILT_IN)}
    for name, text in expected.items():
        if name not in its:
            result.wrong(f"the name {name}", "nothing", text, "define it again")
        elif not same_formula(f"={text}", f"={its[name]}"):
            result.wrong(f"the name {name}", its[name], text, "let it lead there again")
    known = {name.lower() for name in expected}
    for name in sorted(its.keys() - expected.keys()):
        if name.lower() in known:
            result.wrong(f"the name {name}", its[name], "no such name", DELETE_NAME)
        else:
            result.is_beside(f"the name {name}")
    for title, name in found.local_names:
        if name.lower() in known:  # formulas of that sheet would find it before the model's own
            where = f"the name {name} of the sheet {title}"
            result.wrong(where, "a name for one sheet", "names for the whole workbook", DELETE_NAME)
