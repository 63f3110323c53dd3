"""What stands in the cells of a sheet: each alone, or one formula in many rows of a column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from operator import itemgetter
from typing import Any, Final, NamedTuple

Place = tuple[int, int]
"""Row and column, from 1."""
NOW, BEFORE = "§", "¤"
"""Stand for the number of a row and of the one above it in the text of a column's formula."""
FORMULA: Final = "f"
"""Kind of a cell with a formula, as openpyxl has it."""
MOVES_ELSEWHERE: Final = re.compile(rf"!\$?[A-Z]{{1,3}}[{NOW}{BEFORE}]|![A-Z]|!\$[A-Z]{{1,3}}\d")
"""A reference to another sheet that is not wholly fixed."""


class Cell(NamedTuple):
    """What one cell holds.

    Attributes
    ----------
    value : number, text, formula with its sign of equality, or None
    kind : str
        As openpyxl has it: n for numbers and nothing, s for text, f for a formula; TABLE_KIND within a data table.
    style : str
    number_format : str
        Instead of the style's own.
    """

    value: Any
    kind: str
    style: str
    number_format: str = ""


class Fill(NamedTuple):
    """One formula for every row of a part of a column.

    Attributes
    ----------
    first, last, column : int
    text : str
        Without the sign of equality; NOW and BEFORE stand for the numbers of the row and of the one above it.
    style : str
    """

    first: int
    last: int
    column: int
    text: str
    style: str

    def at(self, row: int) -> str:
        """Return the formula of a row."""
        return self.text.replace(NOW, str(row)).replace(BEFORE, str(row - 1))

    @property
    def can_be_shared(self) -> bool:
        """Say whether a file can hold it once for all rows.

        Excel does not move what such a formula refers to on other sheets, so that all of it there must be fixed.
        """
        return self.last > self.first and not MOVES_ELSEWHERE.search(self.text)


class Cells(MutableMapping[Place, Cell]):
    """Cells by row and column; those of fills are made when they are asked for: a hundred thousand need no objects.

    Parameters
    ----------
    alone : mapping of (row, column) -> Cell, optional

    Attributes
    ----------
    alone : dict of (row, column) -> Cell
        Those that were put each.
    fills : list of Fill
        In the order in which they were added; no two have a cell in common, with each other or with those alone.

    Examples
    --------
    >>> cells = Cells({(1, 1): Cell("x", "s", "text")})
    >>> cells.fill(Fill(2, 4, 1, "$B§+1", "number"))
    >>> cells[3, 1].value, len(cells), (5, 1) in cells
    ('=$B3+1', 4, False)
    """

    def __init__(self, alone: Mapping[Place, Cell] | None = None) -> None:
        self.alone: dict[Place, Cell] = dict(alone or {})
        self.fills: list[Fill] = []
        self._of_columns: dict[int, list[Fill]] = {}

    def fill(self, fill: Fill) -> None:
        """Add a fill.

        Raises
        ------
        ValueError
            One of its cells holds something already.
        """
        of_column = self._of_columns.setdefault(fill.column, [])
        taken = any(fill.first <= other.last and other.first <= fill.last for other in of_column)
        if taken or any((row, fill.column) in self.alone for row in range(fill.first, fill.last + 1)):
            raise ValueError(f"a formula over cells that hold something: column {fill.column} from row {fill.first}")
        of_column.append(fill)
        self.fills.append(fill)

    def fill_at(self, place: Place) -> Fill | None:
        """Return the fill that a cell belongs to; None where there is none."""
        row, column = place
        return next((fill for fill in self._of_columns.get(column, ()) if fill.first <= row <= fill.last), None)

    def copy(self) -> Cells:
        """Return the same cells, to be changed apart."""
        made = Cells(self.alone)
        made.fills, made._of_columns = [*self.fills], {c: [*of_column] for c, of_column in self._of_columns.items()}
        return made

    @property
    def last_row(self) -> int:
        """Return the last row that holds anything; at least 1."""
        return max(max(map(itemgetter(0), self.alone), default=1), max((fill.last for fill in self.fills), default=1))

    @property
    def columns(self) -> set[int]:
        """Return the columns that hold anything."""
        return set(map(itemgetter(1), self.alone)) | self._of_columns.keys()

    def __getitem__(self, place: Place) -> Cell:
        """Return what a cell holds.

        Raises
        ------
        KeyError
            Nothing.
        """
        if place in self.alone:
            return self.alone[place]
        fill = self.fill_at(place)
        if fill is None:
            raise KeyError(place)
        return Cell(f"={fill.at(place[0])}", FORMULA, fill.style)

    def __setitem__(self, place: Place, cell: Cell) -> None:
        """Put a cell.

        Raises
        ------
        ValueError
            It belongs to a fill.
        """
        if self.fill_at(place) is not None:
            raise ValueError(f"a cell within one formula of many rows: row {place[0]}, column {place[1]}")
        self.alone[place] = cell

    def __delitem__(self, place: Place) -> None:
        """Empty a cell that does not belong to a fill."""
        del self.alone[place]

    def __iter__(self) -> Iterator[Place]:
        """Yield the places of cells: those alone, then those of each fill."""
        yield from self.alone
        for fill in self.fills:
            yield from ((row, fill.column) for row in range(fill.first, fill.last + 1))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.alone) + sum(fill.last - fill.first + 1 for fill in self.fills)
