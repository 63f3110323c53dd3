"""What a reviewer moved: sheets with another name, rows and columns inserted or deleted, cells merged.

Texts and numbers that netcea wrote stay with their rows, whatever a spreadsheet program does to formulas when rows are
inserted. So where the texts of a row stand some rows further on, that many were inserted above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from openpyxl.utils import get_column_letter

from netcea.reporting.xlsx.cells import Cell, Place
from netcea.reporting.xlsx.data_table import TABLE_KIND
from netcea.reporting.xlsx.page import Page
from netcea.workbook.looks import MAY_CHANGE
from netcea.workbook.reading.cell_content import NOTHING, same_content
from netcea.workbook.reading.sheet_cells import REFERENCE, column_number

FURTHEST: Final = 50
"""Rows or columns that are looked for together."""
Line: TypeAlias = dict[int, Cell]
"""Cells of a row by column, or of a column by row."""


def renamed(page: Page, others: Mapping[str, Mapping[Place, Cell]]) -> str:
    """Return the title of the sheet that a page became: the one with its heading; '' where there is none."""
    heading = page.cells.get((1, 1), NOTHING)
    return next((title for title, cells in others.items() if same_content(heading, cells.get((1, 1), NOTHING))), "")


def shifted(page: Page, found: Mapping[Place, Cell]) -> Iterator[tuple[str, str, str]]:
    """Yield where rows or columns were inserted or deleted, what was done, and what to do: at most one of each.

    Parameters
    ----------
    page : Page
        As netcea writes it.
    found : mapping of (row, column) -> Cell
    """
    kept = {
        place: cell
        for place, cell in page.cells.items()
        if cell.kind not in ("f", TABLE_KIND) and cell.style not in MAY_CHANGE
    }
    for at, word in ((0, "row"), (1, "column")):
        number, by = _first_shift(_lines(kept, at), _lines(found, at))
        if by:
            where = (
                f"{number}:{number}" if word == "row" else f"{get_column_letter(number)}:{get_column_letter(number)}"
            )
            many = f"{abs(by)} {word}{'s' if abs(by) > 1 else ''}"
            if by > 0:
                yield where, f"{many} inserted", f"delete {'them' if by > 1 else 'it'}"
            else:
                yield where, f"{many} deleted", "put back what was there (undo), or export again"
            return  # a row that is inserted moves what stands in columns
    number, at = _elsewhere(_lines(kept, 0), _lines(found, 0))
    if number:
        yield f"{at}:{at}", f"row {number}", "undo what was sorted or moved"


def _lines(cells: Mapping[Place, Cell], at: int) -> dict[int, Line]:
    found: dict[int, Line] = {}
    for place, cell in cells.items():
        found.setdefault(place[at], {})[place[1 - at]] = cell
    return found


def _first_shift(kept: Mapping[int, Line], found: Mapping[int, Line]) -> tuple[int, int]:
    """Return the first line that stands elsewhere, and how many were inserted before it (deleted: below 0)."""
    for number in sorted(kept):
        if _holds(found.get(number, {}), kept[number]):
            continue
        for by in range(1, FURTHEST):
            if _run_holds(kept, found, number, by):
                return number, by
            if _run_holds(kept, found, number + by, -by):
                return number, -by
    return 0, 0


def _elsewhere(kept: Mapping[int, Line], found: Mapping[int, Line]) -> tuple[int, int]:
    """Return the first line of several cells that stands in another's place, and that place; 0, 0 where none does."""
    for number, line in kept.items():
        if len(line) > 1 and not _holds(found.get(number, {}), line):
            at = next((other for other in found if other != number and _holds(found[other], line)), 0)
            if at:
                return number, at
    return 0, 0


def _holds(line: Line, kept: Line) -> bool:
    return all(same_content(cell, line.get(at, NOTHING)) for at, cell in kept.items())


def _run_holds(kept: Mapping[int, Line], found: Mapping[int, Line], start: int, by: int) -> bool:
    """Say whether all lines from one on stand so many further, but for a few that were changed besides."""
    run = [number for number in kept if number >= start]
    if len(run) < 2 or not _holds(found.get(start + by, {}), kept.get(start, {0: NOTHING})):
        return False
    right = sum(_holds(found.get(number + by, {}), kept[number]) for number in run)
    still = sum(_holds(found.get(number, {}), kept[number]) for number in run)
    return right > still


def merged_again(page: Page, found: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield ranges of the model's cells that were merged: which of their values count then nobody sees."""
    own = {f"A{row}:{get_column_letter(last)}{row}" for row, last in page.merged}
    for area in found:
        if area in own:
            continue
        start = REFERENCE.match(area)
        if start is None or (int(start[2]) <= page.last_row and column_number(start[1]) <= page.last_column):
            yield area, "merged cells", "unmerge them (Excel: Home, Merge & Center, Unmerge)"
