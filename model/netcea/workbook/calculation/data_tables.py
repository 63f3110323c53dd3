"""Data tables worked out: their input cell holds each value in turn, and only what is between it and the formula moves.

While a formula is ``IF(switch="yes",result,"")`` and the switch is off, nothing is tried: a table costs nothing then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol, cast

from netcea.reporting.xlsx.page import Page
from netcea.workbook.calculation.graph import references
from netcea.workbook.calculation.operands import Value
from netcea.workbook.calculation.placed import Cell, Formula
from netcea.workbook.calculation.syntax import HERE, Call, Name, Node, Reference

TABLE: Final = "TABLE"
"""The function that stands for a column of results: of its formula, the input cell and the value beside it."""


class Workbook(Protocol):
    """What is asked of `netcea.workbook.calculation.calculate.Calculation`."""

    @property
    def formulas(self) -> Sequence[Formula]:
        """All formulas, by their numbers."""

    @property
    def names(self) -> Mapping[str, Reference]:
        """Defined names."""

    def value(self, title: str, row: int, column: int) -> Value:
        """Return what a cell comes to."""

    def of(self, formula: Formula) -> Value:
        """Return what a formula comes to in its first row."""

    def number_at(self, title: str, row: int, column: int) -> int | None:
        """Return the number of the formula that stands alone in a cell."""

    def that_follow(self, cell: Cell, among: Collection[int] | None = None) -> set[int]:
        """Return the numbers of formulas, of all or of some, that refer to a cell, or to what does."""

    def needed_by(self, formula: Formula) -> set[int]:
        """Return the numbers of formulas that a formula refers to, or that these do."""

    def put(self, cells: Mapping[Cell, Value], follow: Collection[int]) -> None:
        """Put values into cells and work out formulas of some numbers again."""


def tables(page: Page) -> Iterator[tuple[int, int, int, Node]]:
    """Yield first and last row, column and tree of each column of results of a page's data tables."""
    for table in page.tables:
        changed = _cell(table.input_row, table.input_column)
        for column in range(table.column + 1, table.last_column + 1):
            tree = Call(TABLE, (_cell(table.first - 1, column), changed, _cell(HERE, table.column)))
            yield table.first, table.last, column, tree


def results(workbook: Workbook, table: Formula) -> dict[tuple[int, int], Value]:
    """Return row and column -> what the formula of a column comes to while the input cell holds each row's value.

    Parameters
    ----------
    workbook : Workbook
        Worked out but for the table; as it was when this returns.
    table : Formula
        With a tree that `tables` yields.
    """
    at, changed, value = (cast("Reference", argument) for argument in cast("Call", table.tree).arguments)
    title, places = table.title, [(row, table.column) for row in range(table.first, table.last + 1)]
    cell = (title, changed.first_row, changed.first_column)
    number = workbook.number_at(title, at.first_row, at.first_column)
    between = set() if number is None else _between(workbook, number, cell)
    if not between:
        return dict.fromkeys(places, workbook.value(title, at.first_row, at.first_column))
    standing, found = workbook.value(*cell), {}
    for row, column in places:
        workbook.put({cell: workbook.value(title, row, value.first_column)}, between)
        found[row, column] = workbook.value(title, at.first_row, at.first_column)
    workbook.put({cell: standing}, between)
    return found


def _cell(row: int, column: int) -> Reference:
    return Reference("", row, column, row, column)


def _between(workbook: Workbook, number: int, cell: Cell) -> set[int]:
    """Return the numbers of formulas that lead from a cell to a formula, with its own; none where nothing does now."""
    formula = workbook.formulas[number]
    while (branch := _switched(workbook, formula, cell)) is not formula:
        formula = branch
    if not _follows(workbook, formula, cell):
        return set()
    return workbook.that_follow(cell, workbook.needed_by(formula)) | {number}


def _switched(workbook: Workbook, formula: Formula, cell: Cell) -> Formula:
    """Return the branch that an IF takes whose condition stays whatever the input cell holds; else the formula."""
    tree = formula.tree
    if not isinstance(tree, Call) or tree.function != "IF" or None in tree.arguments:
        return formula
    condition, *branches = (replace(formula, tree=argument) for argument in tree.arguments if argument is not None)
    if _follows(workbook, condition, cell):
        return formula
    taken = workbook.of(condition)
    which = 0 if taken is True else 1
    return branches[which] if isinstance(taken, bool) and which < len(branches) else formula


def _follows(workbook: Workbook, formula: Formula, cell: Cell) -> bool:
    """Say whether a formula, or one that it needs, refers to a cell."""
    needed = (workbook.formulas[number] for number in workbook.needed_by(formula))
    return _refers(workbook, formula, cell) or any(_refers(workbook, other, cell) for other in needed)


def _refers(workbook: Workbook, formula: Formula, cell: Cell) -> bool:
    """Say whether a formula refers to a cell itself."""
    title, row, column = cell
    for item in references(formula.tree):
        reference = workbook.names.get(item.name) if isinstance(item, Name) else item
        if (
            reference is not None
            and (reference.title or formula.title) == title
            and reference.first_row <= row <= reference.last_row
            and reference.first_column <= column <= reference.last_column
        ):
            return True
    return False
