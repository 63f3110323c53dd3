"""Every formula of a workbook worked out, in an order in which what it refers to is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.cells import FORMULA
from netcea.reporting.xlsx.rows import Results
from netcea.survival.elementwise import quietly
from netcea.workbook.calculation.data_tables import TABLE, results, tables
from netcea.workbook.calculation.evaluate import SPECIAL, RowsApartError, Where, evaluate
from netcea.workbook.calculation.functions import FUNCTIONS
from netcea.workbook.calculation.graph import components, reached, references
from netcea.workbook.calculation.operands import CellError, Span, Value, is_array, single
from netcea.workbook.calculation.placed import Cell, Formula
from netcea.workbook.calculation.sheet_values import SheetValues, constants_of
from netcea.workbook.calculation.syntax import HERE, Call, FormulaSyntaxError, Name, Read, Reference, parse, read

Range = tuple[str, int, int, int, int]
"""Title of a sheet, first and last row, first and last column."""
KNOWN: Final = FUNCTIONS.keys() | SPECIAL.keys()
"""Functions that can be worked out."""


class Calculation:
    """What the cells of a workbook come to.

    Parameters
    ----------
    book : Book
        Of which pages say which formulas stand in whole columns.
    """

    def __init__(self, book: Book) -> None:
        self.sheets = {page.name: SheetValues(page, dict(constants_of(page))) for page in book.pages}
        self.names: dict[str, Reference] = {}
        for name, text in book.names.items():
            tree = parse(text) if "!" in text else None
            if isinstance(tree, Reference):
                self.names[name] = tree
        found = list(_formulas(book))
        self.formulas, self._references = [formula for formula, _ in found], [referred for _, referred in found]
        self._at: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
        self._single: dict[tuple[str, int, int], int] = {}
        self._rows_alone: dict[tuple[str, int], list[int]] = {}
        self._standing: dict[Range, dict[int, None]] = {}
        for number, formula in enumerate(self.formulas):
            if formula.first == formula.last:
                self._single[formula.title, formula.first, formula.column] = number
                self._rows_alone.setdefault((formula.title, formula.column), []).append(formula.first)
            else:
                self._at.setdefault((formula.title, formula.column), []).append((formula.first, formula.last, number))
        for rows in self._rows_alone.values():
            rows.sort()

    @cached_property
    def _ranges(self) -> list[list[Range]]:
        """Where each formula refers to."""
        referring = zip(self.formulas, self._references, strict=True)
        return [list(self._ranges_of(formula, referred)) for formula, referred in referring]

    @cached_property
    def _after(self) -> dict[int, list[int]]:
        """Number of a formula -> those that it refers to."""
        return {number: self._standing_in(ranges) for number, ranges in enumerate(self._ranges)}

    @cached_property
    def _order(self) -> list[list[int]]:
        """Numbers of formulas in an order in which they can be worked out; those of a circle together."""
        return list(components(self._after, range(len(self.formulas))))

    @cached_property
    def _turn(self) -> dict[int, int]:
        """Number of a formula -> its place in the order."""
        return {number: turn for turn, circle in enumerate(self._order) for number in circle}

    @cached_property
    def _before(self) -> dict[int, list[int]]:
        """Number of a formula -> those that refer to it."""
        return self._before_among(self._after)

    def _before_among(self, among: Collection[int]) -> dict[int, list[int]]:
        """Return number of a formula -> those that refer to it: of formulas of which none needs any other."""
        found: dict[int, list[int]] = {number: [] for number in among}
        for number in among:
            for other in self._after[number]:
                found[other].append(number)
        return found

    def in_order(self) -> Iterator[Cell]:
        """Yield every cell with a formula, what it refers to before it where they do not refer to each other."""
        for number in (number for circle in self._order for number in circle):
            formula = self.formulas[number]
            yield from ((formula.title, row, formula.column) for row in range(formula.first, formula.last + 1))

    @quietly
    def work_out(self, among: Collection[int] | None = None) -> None:
        """Work all formulas out, or those of some numbers: of a circle all or none."""
        order = self._order
        if among is not None:
            order = [order[turn] for turn in sorted({self._turn[number] for number in among})]
        for circle in order:
            if len(circle) == 1 and circle[0] not in self._after[circle[0]]:
                self._one(self.formulas[circle[0]])
            else:
                self._row_by_row([self.formulas[number] for number in circle])

    def type_in(self, cells: Mapping[Cell, Value]) -> None:
        """Put values into cells that hold no formula, and work out again what follows from them, data tables too.

        Parameters
        ----------
        cells : mapping of (title of a sheet, row, column) -> number, text, or None for nothing
        """
        follow: set[int] = set()
        for place in cells:
            follow |= self.that_follow(place)
        self.put(cells, follow)

    def put(self, cells: Mapping[Cell, Value], follow: Collection[int]) -> None:
        """Put values into cells and work out formulas of some numbers again, whatever else follows."""
        columns: dict[str, set[int]] = {}
        for (title, row, column), value in cells.items():
            self.sheets[title].single[row, column] = value
            columns.setdefault(title, set()).add(column)
        for number in follow:
            formula = self.formulas[number]
            columns.setdefault(formula.title, set()).add(formula.column)
            self.sheets[formula.title].empty(formula.first, formula.last, formula.column)
        for title, changed in columns.items():
            self.sheets[title].forget_ranges(changed)
        self.work_out(follow)

    def that_follow(self, cell: Cell, among: Collection[int] | None = None) -> set[int]:
        """Return the numbers of formulas that refer to a cell, or to what does.

        Parameters
        ----------
        cell : (title of a sheet, row, column)
        among : collection of int, optional
            Numbers of formulas with all that they need; all formulas when left out.
        """
        if among is None:
            return reached(self._before, self._that_refer_to(*cell, range(len(self.formulas))))
        return reached(self._before_among(among), self._that_refer_to(*cell, among))

    def needed_by(self, formula: Formula) -> set[int]:
        """Return the numbers of formulas that a formula refers to, or that these do."""
        return reached(self._after, self._standing_in(self._ranges_of(formula, references(formula.tree))))

    def _that_refer_to(self, title: str, row: int, column: int, among: Iterable[int]) -> Iterator[int]:
        """Yield which of some formulas refer to a cell by itself or within a range."""
        for number in among:
            for at, first_row, last_row, first_column, last_column in self._ranges[number]:
                if first_row <= row <= last_row and first_column <= column <= last_column and at == title:
                    yield number

    @staticmethod
    def _rows_of(reference: Reference, formula: Formula) -> tuple[int, int]:
        """Return the first and the last row that a reference of a formula has, in all of the formula's rows."""
        first, last = reference.first_row, reference.last_row
        return first if first > HERE else formula.first + first, last if last > HERE else formula.last + last

    def value(self, title: str, row: int, column: int) -> Value:
        """Return what a cell comes to: a number, a text, a truth value, CellError; None for an empty one."""
        return self.sheets[title].value(row, column)

    def formula(self, title: str, text: str) -> Value:
        """Return what a formula, without its sign of equality, would come to on a sheet."""
        return self.of(Formula(title, 1, 1, 1, parse(text)))

    def of(self, formula: Formula) -> Value:
        """Return what a formula comes to in its first row."""
        return self._cell(formula, formula.first)

    def number_at(self, title: str, row: int, column: int) -> int | None:
        """Return the number of the formula that stands alone in a cell."""
        return self._single.get((title, row, column))

    def of_sheet(self, title: str) -> Results:
        """Return what the formulas of a sheet come to, as a file holds it."""
        return self.sheets[title]

    def _ranges_of(self, formula: Formula, referred: Iterable[Reference | Name]) -> Iterator[Range]:
        """Yield where a formula refers to, in all of its rows."""
        for item in referred:
            reference = self.names.get(item.name) if isinstance(item, Name) else item
            if reference is not None:
                first, last = self._rows_of(reference, formula)
                columns = (reference.first_column, reference.last_column)
                yield reference.title or formula.title, first, last, *columns

    def _standing_in(self, ranges: Iterable[Range]) -> list[int]:
        """Return the numbers of formulas that stand in some ranges."""
        found: dict[int, None] = {}
        for place in ranges:
            if place not in self._standing:
                self._standing[place] = dict.fromkeys(self._standing_within(*place))
            found.update(self._standing[place])
        return list(found)

    def _standing_within(self, title: str, first: int, last: int, first_column: int, last_column: int) -> Iterator[int]:
        """Yield the numbers of formulas that stand in a range."""
        for column in range(first_column, last_column + 1):
            for start, end, number in self._at.get((title, column), ()):
                if start <= last and first <= end:
                    yield number
            rows = self._rows_alone.get((title, column), [])
            for row in rows[bisect_left(rows, first) : bisect_right(rows, last)]:
                yield self._single[title, row, column]

    def _one(self, formula: Formula) -> None:
        """Work out a formula that does not need itself."""
        if isinstance(formula.tree, Call) and formula.tree.function == TABLE:
            self.sheets[formula.title].single.update(results(self, formula))
            return
        if formula.first == formula.last:
            self.sheets[formula.title].single[formula.first, formula.column] = self._cell(formula, formula.first)
            return
        where = Where(self.sheets, self.names, formula.title, formula.first, formula.last)
        try:
            found = evaluate(formula.tree, where)
        except CellError:
            found = np.nan
        except RowsApartError:
            self._each(formula)
            return
        if is_array(found) and found.dtype == bool:
            for row, value in enumerate(found.tolist(), formula.first):
                self.sheets[formula.title].single[row, formula.column] = value
            return
        if isinstance(found, str | bool | None):
            for row in range(formula.first, formula.last + 1):
                self.sheets[formula.title].single[row, formula.column] = found
            return
        numbers = np.empty(formula.last - formula.first + 1)
        numbers[:] = found
        self.sheets[formula.title].set_column(formula.column, formula.first, numbers)

    def _each(self, formula: Formula) -> None:
        for row in range(formula.first, formula.last + 1):
            self.sheets[formula.title].single[row, formula.column] = self._cell(formula, row)

    def _cell(self, formula: Formula, row: int) -> Value:
        where = Where(self.sheets, self.names, formula.title, row, row)
        try:
            found = evaluate(formula.tree, where)
            if isinstance(found, Span):
                found = single(found)
        except CellError as error:
            return error
        if type(found) is float:
            return found
        if found is None:
            return 0.0
        if is_array(found):
            return CellError("#VALUE!")
        return found if isinstance(found, str | bool) else float(found)

    def _row_by_row(self, circle: list[Formula]) -> None:
        """Work out columns that need each other in the rows above."""
        columns = sorted(circle, key=lambda formula: formula.first)
        order = self._order_in_a_row(columns)
        for row in range(columns[0].first, max(formula.last for formula in columns) + 1):
            for formula in order:
                if formula.first <= row <= formula.last:
                    self.sheets[formula.title].single[row, formula.column] = self._cell(formula, row)
        for formula in columns:
            self._together(formula)

    def _order_in_a_row(self, circle: list[Formula]) -> list[Formula]:
        """Return formulas so that those of the same row come first that others refer to."""
        at = {(formula.title, formula.column): i for i, formula in enumerate(circle)}
        after = {
            i: [
                at[key]
                for r in references(formula.tree)
                if isinstance(r, Reference) and r.is_cell and r.first_row == HERE
                if (key := (r.title or formula.title, r.first_column)) in at
            ]
            for i, formula in enumerate(circle)
        }
        return [circle[i] for part in components(after, range(len(circle))) for i in part]

    def _together(self, formula: Formula) -> None:
        """Take a column's numbers together, where they are numbers."""
        sheet = self.sheets[formula.title]
        places = [(row, formula.column) for row in range(formula.first, formula.last + 1)]
        values = [sheet.single[place] for place in places]
        if all(isinstance(value, float) for value in values):
            for place in places:
                del sheet.single[place]
            sheet.set_column(formula.column, formula.first, np.array(values))


def calculated(book: Book) -> Calculation:
    """Return a workbook worked out."""
    found = Calculation(book)
    found.work_out()
    return found


@lru_cache(maxsize=20_000)
def _known(text: str) -> Read:
    """Return a formula of functions that are known: workbooks of a process have most formulas in common."""
    found = read(text)
    unknown = sorted(found.calls - KNOWN)
    if unknown:
        raise FormulaSyntaxError(f"{', '.join(unknown)} in '{text[:80]}'")
    return found


def _formulas(book: Book) -> Iterator[tuple[Formula, tuple[Reference | Name, ...]]]:
    """Yield the formulas of a workbook, with what each refers to."""
    for page in book.pages:
        for fill in page.cells.fills:
            of_fill = _known(fill.text)
            yield Formula(page.name, fill.first, fill.last, fill.column, of_fill.tree), of_fill.references
        for first, last, column, of_table in tables(page):
            yield Formula(page.name, first, last, column, of_table), tuple(references(of_table))
        for (row, column), cell in page.cells.alone.items():
            if cell.kind == FORMULA:
                of_cell = _known(cell.value[1:])
                yield Formula(page.name, row, row, column, of_cell.tree), of_cell.references
