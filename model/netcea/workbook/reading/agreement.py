"""Whether a workbook's results are Python's; and if they are not, at which cell that begins, and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from openpyxl.utils.cell import coordinate_to_tuple

from netcea.analyses.shared.judge import evaluate
from netcea.reporting.xlsx.cells import Cell
from netcea.reporting.xlsx.data_table import TABLE_KIND
from netcea.scenario.scenario import Scenario
from netcea.workbook.calculation.calculate import Calculation, calculated
from netcea.workbook.calculation.operands import CellError
from netcea.workbook.export import LiveWorkbook
from netcea.workbook.python_values import all_values
from netcea.workbook.reading.cell_content import in_words, name_of_cell
from netcea.workbook.reading.compared import CellChange, of_results
from netcea.workbook.reading.opened import OpenedWorkbook

NEAR: Final = 1e-6
"""Largest relative difference between two programs' results that may be their arithmetic."""
SMALL: Final = 1e-9
"""Numbers below it are compared as they are, not by their ratio."""
MOST_NAMED: Final = 5
"""Cells that a cause names."""
Place = tuple[str, int, int]
"""Title of a sheet, row, column."""


@dataclass(frozen=True)
class Agreement:
    """How a workbook's results compare with Python's.

    Attributes
    ----------
    compared : int
        Results that were compared; 0 where none were.
    largest : float
        Their largest relative difference.
    worked_out : bool
        The file held no results, and its formulas were worked out here.
    cause : str
        Why they differ, with the cell at which that begins; empty where they agree.
    """

    compared: int = 0
    largest: float = 0.0
    worked_out: bool = False
    cause: str = ""

    @property
    def agrees(self) -> bool:
        """Say whether they are the same numbers."""
        return self.largest <= NEAR


def agreement_of(
    made: LiveWorkbook, workbook: OpenedWorkbook, changes: Sequence[CellChange], scenario: Scenario
) -> Agreement:
    """Return whether the file's results are those of the scenario that was made of it.

    Parameters
    ----------
    made : LiveWorkbook
        As netcea writes it.
    workbook : OpenedWorkbook
        As it was changed: the same but for the cells in `changes`.
    changes : sequence of CellChange
    scenario : Scenario
    """
    wanted = all_values(made.variants, scenario, evaluate(scenario))
    sheets = {_place(made, name)[0] for name in wanted}
    shown = {sheet: workbook.sheet(sheet).shown if sheet in workbook.parts else {} for sheet in sheets}
    held = {name: shown[place[0]].get(place[1:]) for name, place in ((n, _place(made, n)) for n in wanted)}
    held = {name: value for name, value in held.items() if value not in (None, "")}
    if held:
        largest = max(_relative(held[name], wanted[name]) for name in held)
        cause = "" if largest <= NEAR else _cause(made, workbook, changes)
        return Agreement(len(held), largest, cause=cause)
    found = _worked_out(made, changes)
    values = {name: found.value(*_place(made, name)) for name in wanted}
    largest = max(_relative(_plain(values[name]), wanted[name]) for name in wanted)
    cause = "" if largest <= NEAR else "formulas and Python differ: please report this workbook"
    return Agreement(len(values), largest, worked_out=True, cause=cause)


def _place(made: LiveWorkbook, name: str) -> Place:
    title, _, cell = made.results.cells[name].rpartition("!")
    return title.strip("'").replace("''", "'"), *coordinate_to_tuple(cell.replace("$", ""))


def _relative(value: object, wanted: float | str) -> float:
    if isinstance(wanted, str) or not _is_number(value):
        return 0.0 if (value or "") == wanted else math.inf
    return abs(value - wanted) / max(abs(wanted), NEAR)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: object) -> object:
    return value.code if isinstance(value, CellError) else value


def _worked_out(made: LiveWorkbook, changes: Sequence[CellChange]) -> Calculation:
    """Return what the cells come to with what was typed."""
    found = calculated(made.book)
    found.type_in({(change.sheet, change.row, change.column): _typed(change.content) for change in changes})
    return found


def _typed(content: Cell) -> Any:
    return float(content.value) if _is_number(content.value) else content.value or None


def _cause(made: LiveWorkbook, workbook: OpenedWorkbook, changes: Sequence[CellChange]) -> str:
    """Return why the results in a file are not those of its formulas."""
    now, shown = _worked_out(made, changes), _shown(made, workbook)
    wrong = list(_differing(now, shown))
    if not wrong:
        return "its formulas come to what it shows, and Python differs: please report this workbook"
    before = calculated(made.book)
    stale = all(_same(shown[title][row, column], before.value(title, row, column)) for title, row, column in wrong)
    if changes and stale:
        cells = ", ".join(change.cell for change in changes[:MOST_NAMED]) + " ..." * (len(changes) > MOST_NAMED)
        return (
            f"it was not calculated after {cells} changed: recalculate it (F9; in Excel see Formulas, Calculation "
            "Options), save it and import it again"
        )
    title, row, column = wrong[0]
    its, mine = (in_words(_cell(value)) for value in (shown[title][row, column], now.value(title, row, column)))
    return (
        f"that begins at {name_of_cell(title, row, column)}, where the file has {its} and its formula comes to {mine}: "
        "recalculate all of it (Ctrl+Alt+F9; in LibreOffice Ctrl+Shift+F9), save it and import it again"
    )


def _shown(made: LiveWorkbook, workbook: OpenedWorkbook) -> dict[str, dict[tuple[int, int], Any]]:
    """Return what a file shows in the cells of the model, but for data tables, which programs may leave as they are."""
    found = {}
    for page in made.book.pages:
        if page.name in workbook.parts and not of_results(page.name):
            shown = workbook.sheet(page.name).shown
            tables = {place for place, cell in page.cells.items() if cell.kind == TABLE_KIND}
            found[page.name] = {place: value for place, value in shown.items() if place not in tables}
    return found


def _differing(now: Calculation, shown: Mapping[str, Mapping[tuple[int, int], Any]]) -> Iterator[Place]:
    """Yield cells of which a file shows something else than their formulas come to, causes before what follows."""
    for title, row, column in now.in_order():
        its = shown.get(title, {}).get((row, column))
        if its is not None and not _same(its, now.value(title, row, column)):
            yield title, row, column


def _same(its: object, mine: Any) -> bool:
    mine = _plain(mine)
    if _is_number(its) and _is_number(mine):
        return math.isclose(its, mine, rel_tol=NEAR, abs_tol=SMALL)
    return (its or "") == (mine or "") or (isinstance(mine, bool) and bool(its) == mine)


def _cell(value: Any) -> Cell:
    kind = "e" if isinstance(value, CellError) else "s" if isinstance(value, str) else "n"
    return Cell(_plain(value), kind, "")
