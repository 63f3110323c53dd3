"""A small CSV file whose columns are not known beforehand, with or without a header: its cells as they stand."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from netcea.errors import InputError, Place, Problem
from netcea.loading.reading.project import shown
from netcea.loading.reading.text_file import check_characters, read_bytes
from netcea.storage.delimited.encoding import decoded
from netcea.storage.delimited.layout import Layout, layout_of
from netcea.storage.delimited.numbers import Decimal, decimal_of, number, why_no_number

_SEPARATORS: Final = (";", "\t", "|", ",", " ")
_SEEN: Final = 50
"""Lines from which it is told whether there is a header."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of a file.

    Attributes
    ----------
    path : Path
    names : tuple of str
        Of the columns; ``column 1`` and so on without a header.
    has_header : bool
    rows : tuple of tuple of str
        As wide as there are columns.
    lines : tuple of int
        1-based line of each row.
    sha256 : str
        Of the bytes.
    separator : str
        Of the columns.
    """

    path: Path
    names: tuple[str, ...]
    has_header: bool
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    sha256: str
    separator: str

    def place(self, row: int, column: str = "") -> Place:
        """Return where a cell stands.

        Parameters
        ----------
        row : int
            Counted from 0; below 0 for the file as a whole.
        column : str
            Its name.
        """
        return Place(shown(self.path), self.lines[row] if row >= 0 else 0, self.path, column)

    def column(self, name: str) -> tuple[str, ...]:
        """Return the cells of a column.

        Parameters
        ----------
        name : str
            Of the column.
        """
        at = self.names.index(name)
        return tuple(row[at] for row in self.rows)

    def numbers(self, names: Iterable[str]) -> dict[str, tuple[float, ...]]:
        """Return columns of numbers; a percent sign is passed over where a whole column has it.

        Parameters
        ----------
        names : iterable of str
            Of the columns.

        Raises
        ------
        InputError
            Every cell that is no number, with its line.
        """
        texts = {name: _without_percent(self.column(name)) for name in names}
        place = Place(shown(self.path), path=self.path)
        cells = [(line, name, text) for name, column in texts.items() for line, text in self._numbered(column)]
        decimal = decimal_of(cells, self.separator, place)
        problems = [
            Problem(place.file, line, name, *why_no_number(text, "a number"))
            for line, name, text in cells
            if number(text, decimal) is None
        ]
        if problems:
            raise InputError(problems)
        return {name: tuple(_known(text, decimal) for text in column) for name, column in texts.items()}

    def _numbered(self, column: Sequence[str]) -> Iterable[tuple[int, str]]:
        return zip(self.lines, column, strict=True)

    def in_percent(self, name: str) -> bool:
        """Say whether every cell of a column has a percent sign.

        Parameters
        ----------
        name : str
            Of the column.
        """
        return bool(self.rows) and all(text.endswith("%") for text in self.column(name))


def _known(text: str, decimal: Decimal) -> float:
    value = number(text, decimal)
    return float("nan") if value is None else float(value)


def _without_percent(column: Sequence[str]) -> tuple[str, ...]:
    if column and all(text.endswith("%") for text in column):
        return tuple(text[:-1].rstrip() for text in column)
    return tuple(column)


def read_cells(path: Path, known: Sequence[str]) -> Cells:
    """Read the cells of a CSV file.

    Parameters
    ----------
    path : Path
        With any separator and decimal mark; lines that begin with # above the first row are comments.
    known : sequence of str
        Names that columns may have, by which a header with numbers in it is known.

    Returns
    -------
    Cells

    Raises
    ------
    InputError
        No such file, one that is no text or empty, rows of different widths.
    """
    name = shown(path)
    place = Place(name, path=path)
    data = read_bytes(path, name)
    text = decoded(data, place)
    check_characters(text, name)
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(("#", '"#'))), -1)
    if first < 0:
        raise place.error("an empty file", "rows of numbers", "is it the right file?")
    separator, width = _all_numbers(lines[first : first + _SEEN])
    shift = 0
    if separator:
        shift = first - 1
        lines = [separator.join(f"column {i + 1}" for i in range(width)), *lines[first:]]
    corners = [lines[first].split(mark)[0].strip(' "') for mark in _SEPARATORS] if not separator else []
    layout = layout_of(lines, place, (*known, *corners))  # times may stand in the header beside a name
    digest = hashlib.sha256(data).hexdigest()
    rows = _rows(layout, lines, place, shift)
    names = tuple(name.strip('" ') for name in layout.names)
    if not rows:
        raise place.error("a header without rows", "at least one row")
    return Cells(
        path,
        names,
        not separator,
        tuple(tuple(c) for _, c in rows),
        tuple(i for i, _ in rows),
        digest,
        layout.separator,
    )


def _rows(layout: Layout, lines: Sequence[str], place: Place, shift: int) -> list[tuple[int, list[str]]]:
    width, found, problems = len(layout.names), [], []
    for line, cells in layout.rows(lines[layout.header_line :], layout.header_line + 1, place):
        if len(cells) != width:
            hint = "check the separators; numbers with decimal commas need semicolons between columns"
            where = replace(place, line=line + shift)
            problems.append(where.problem(f"{len(cells)} cells", f"{width} as in the first row", hint))
        found.append((line + shift, cells))
    if problems:
        raise InputError(problems)
    return found


def _all_numbers(lines: Sequence[str]) -> tuple[str, int]:
    """Return separator and width of rows that are numbers from the first on; an empty text where there is a header."""
    filled = [line.strip().lstrip("\ufeff") for line in lines if line.strip()]
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(filled, delimiter=separator, skipinitialspace=True))
        except csv.Error:
            continue
        width = len(rows[0])
        if width > 1 and all(_are_numbers(row) for row in rows[:1]) and all(len(row) == width for row in rows):
            return separator, width
    return "", 0


def _are_numbers(row: Sequence[str]) -> bool:
    cells = [cell.strip().removesuffix("%") for cell in row]
    return any(all(number(cell, mark) is not None for cell in cells) for mark in (".", ","))
