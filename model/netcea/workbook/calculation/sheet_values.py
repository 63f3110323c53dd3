"""What the cells of one sheet hold: columns of numbers together, all other cells each."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.reporting.xlsx.cells import FORMULA
from netcea.reporting.xlsx.data_table import TABLE_KIND
from netcea.reporting.xlsx.page import Page
from netcea.workbook.calculation.operands import CellError, Span

Key = tuple[int, int, int, int]
NUMBERS: Final = frozenset((float, int))


@dataclass(eq=False)
class SheetValues:
    """What cells hold.

    Attributes
    ----------
    page : Page
    single : dict of (row, column) -> value
        Constants, and what formulas came to that stand alone.
    columns : dict of column -> list of (first row, Array (row,))
        What the formulas of fills came to.
    """

    page: Page
    single: dict[tuple[int, int], Any] = field(default_factory=dict)
    columns: dict[int, list[tuple[int, Array]]] = field(default_factory=dict)
    _spans: dict[Key, Span] = field(default_factory=dict)

    def value(self, row: int, column: int) -> Any:
        """Return what a cell holds; None where it is empty."""
        alone = self.single.get((row, column))
        if alone is not None or column not in self.columns:
            return alone
        for first, numbers in self.columns.get(column, ()):
            if first <= row < first + len(numbers):
                found = float(numbers[row - first])
                return found if math.isfinite(found) else CellError()
        return None

    def at(self, row: int, column: int) -> object:
        """Return what a cell holds as a file has it: an error by its code."""
        return _written(self.value(row, column))

    def of_rows(self, first: int, last: int, column: int) -> Array | list[object]:
        """Return what rows of a column hold as a file has it: Array (row,), in which what is not finite is an error."""
        found = self.rows(first, last, column)
        return [_written(value) for value in found] if isinstance(found, list) else found

    def set_column(self, column: int, first: int, numbers: Array) -> None:
        """Take what a fill came to."""
        self.columns.setdefault(column, []).append((first, numbers))

    def empty(self, first: int, last: int, column: int) -> None:
        """Forget what the cells of a part of a column hold."""
        together = self.columns.get(column, [])
        others = [(start, numbers) for start, numbers in together if start != first]
        if len(others) < len(together):
            self.columns[column] = others
            return
        for row in range(first, last + 1):
            self.single.pop((row, column), None)

    def forget_ranges(self, columns: Iterable[int]) -> None:
        """Forget what ranges held: cells of some columns have changed."""
        changed = sorted(columns)
        gone = [key for key in self._spans if _within(changed, key[1], key[3])]
        for key in gone:
            del self._spans[key]

    def rows(self, first: int, last: int, column: int) -> Any:
        """Return Array (row,) of a part of a column; a list where not all of it are numbers."""
        if column not in self.columns:
            alone = [self.single.get((row, column)) for row in range(first, last + 1)]
            return np.array(alone, dtype=float) if set(map(type, alone)) <= NUMBERS else alone
        found, known = np.empty(last + 1 - first), np.zeros(last + 1 - first, dtype=bool)
        for start, numbers in self.columns.get(column, ()):
            if start <= first and last < start + len(numbers):
                return numbers[first - start : last + 1 - start]
            within = slice(max(start - first, 0), max(start + len(numbers) - first, 0))
            found[within] = numbers[max(first - start, 0) : max(last + 1 - start, 0)]
            known[within] = True
        rest = np.flatnonzero(~known).tolist()
        values = [self.single.get((first + place, column)) for place in rest]
        if all(type(v) in (float, int) for v in values):
            found[rest] = values
            return found
        if not known.any():
            return values
        every = _each(found)
        for place, value in zip(rest, values, strict=True):
            every[place] = value
        return every

    def span(self, key: Key) -> Span:
        """Return a range: its first row and column, its last row and column."""
        if key not in self._spans:
            self._spans[key] = self._read(*key)
        return self._spans[key]

    def errors(self, key: Key) -> Array:
        """Return Array (cell,): whether each cell of a range holds an error."""
        first_row, first_column, last_row, last_column = key
        if self.page.block is not None and first_row >= self.page.block.first:
            return self.span(key).errors
        found = np.zeros((last_row + 1 - first_row, last_column + 1 - first_column), dtype=bool)
        for column in self.columns.keys() & range(first_column, last_column + 1):
            for start, numbers in self.columns[column]:
                within = numbers[max(first_row - start, 0) : max(last_row + 1 - start, 0)]
                place = max(start - first_row, 0)
                found[place : place + len(within), column - first_column] = ~np.isfinite(within)
        for row, column in self._cells_with_errors(key):
            found[row - first_row, column - first_column] = True
        return found.ravel()

    def _cells_with_errors(self, key: Key) -> Iterator[tuple[int, int]]:
        """Yield the cells of a range that hold an error and no column of numbers."""
        rows, columns = range(key[0], key[2] + 1), range(key[1], key[3] + 1)
        if len(rows) * len(columns) < len(self.single):
            yield from (cell for cell in product(rows, columns) if type(self.single.get(cell)) is CellError)
        else:
            wrong = [cell for cell, value in self.single.items() if type(value) is CellError]
            yield from ((row, column) for row, column in wrong if row in rows and column in columns)

    def _read(self, first_row: int, first_column: int, last_row: int, last_column: int) -> Span:
        width = last_column - first_column + 1
        if self.page.block is not None and first_row >= self.page.block.first:
            block = self.page.block.rows[first_row - self.page.block.first : last_row + 1 - self.page.block.first]
            return Span(np.asarray(block, dtype=float)[:, first_column - 1 : last_column].ravel(), width)
        if width == 1:
            return Span(self.rows(first_row, last_row, first_column), 1)
        columns = [self.rows(first_row, last_row, column) for column in range(first_column, last_column + 1)]
        if any(isinstance(column, list) for column in columns):
            return Span([value for row in zip(*map(_each, columns), strict=True) for value in row], width)
        return Span(np.column_stack(columns).ravel(), width)


def _written(value: Any) -> object:
    return value.code if isinstance(value, CellError) else value


def _each(column: Array | list[Any]) -> list[Any]:
    """Return values of a column one by one, an error where a number is none."""
    if isinstance(column, list):
        return column
    return [value if math.isfinite(value) else CellError() for value in column.tolist()]


def _within(ordered: Sequence[int], first: int, last: int) -> bool:
    """Say whether any of some ordered numbers is from a first to a last one."""
    place = bisect_left(ordered, first)
    return place < len(ordered) and ordered[place] <= last


def constants_of(page: Page) -> Mapping[tuple[int, int], Any]:
    """Return the cells of a page that hold no formula and no result of a data table."""
    return {p: _constant(cell.value) for p, cell in page.cells.alone.items() if cell.kind not in (FORMULA, TABLE_KIND)}


def _constant(value: Any) -> Any:
    if value is None or value == "" or isinstance(value, str | bool):
        return None if value == "" else value
    return float(value)
