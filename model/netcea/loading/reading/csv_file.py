"""A small table in a CSV file, read strictly: every cell is what its column says, or the file is refused."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from netcea.errors import InputError, Place, Problem, ProblemCollector, did_you_mean
from netcea.loading.reading.project import shown
from netcea.loading.reading.scalar import parse_scalar
from netcea.loading.reading.text_file import TextFile, read_text

_EXPECTED = {float: "a number", int: "a whole number", str: "text"}


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of a CSV file; the same content is one object, which stands for itself.

    Attributes
    ----------
    path : Path
    shown_as : str
        Path as the user would type it.
    columns : mapping
        Name to values, in the order in which the columns were asked for.
    lines : tuple of int
        1-based line of each row.
    sha256 : str
        Of the bytes of the file.
    """

    path: Path
    shown_as: str
    columns: Mapping[str, tuple[Any, ...]]
    lines: tuple[int, ...]
    sha256: str

    def __getitem__(self, column: str) -> tuple[Any, ...]:
        return self.columns[column]

    def place(self, row: int, column: str) -> Place:
        """Return where a cell stands; its address is the column.

        Parameters
        ----------
        row : int
            Counted from 0, without the header.
        column : str
            Name of the column.
        """
        return Place(self.shown_as, self.lines[row], self.path, column)

    def __len__(self) -> int:
        return len(self.lines)


def read_table(path: Path, columns: Mapping[str, type], shown_as: str = "") -> Table:
    """Read a comma-separated table with exactly the given columns, in any order; the same content is read once.

    Lines that start with ``#`` above the header are comments; blank lines are skipped; so are spaces around a
    cell. Numbers follow the rules of the YAML files and are finite; no cell is empty.

    Parameters
    ----------
    path : Path
        Of the file.
    columns : mapping
        Column name to ``float``, ``int`` or ``str``.
    shown_as : str
        What messages call the file; as the user would type it when empty.

    Raises
    ------
    InputError
        Every problem of the file, with the line and, as its address, the column.
    """
    name = shown_as or shown(path)
    return _parsed(read_text(path, name), path, name, tuple(columns.items()))


@lru_cache(maxsize=128)
def _parsed(file: TextFile, path: Path, shown_as: str, columns: tuple[tuple[str, type], ...]) -> Table:
    problems = ProblemCollector()
    rows = list(_rows(file.text, shown_as, problems))
    if not rows:
        problems.raise_if_any()
        header = ",".join(name for name, _ in columns)
        raise Place(shown_as).error("an empty file", f"the header {header}", "is it the right file?")
    (header_line, names), *body = rows
    problems.extend(_header_problems(names, [name for name, _ in columns], shown_as, header_line))
    values: dict[str, list[Any]] = {name: [] for name, _ in columns}
    for line, cells in body:
        problems.extend(_take_row(cells, names, dict(columns), values, Place(shown_as, line)))
    if not body:
        problems.add(Place(shown_as, header_line).problem("a header without rows", "at least one row"))
    problems.raise_if_any()
    lines = tuple(line for line, _ in body)
    return Table(path, shown_as, {name: tuple(cells) for name, cells in values.items()}, lines, file.sha256)


def _take_row(
    cells: Sequence[str], names: Sequence[str], columns: Mapping[str, type], values: dict[str, list[Any]], row: Place
) -> Iterator[Problem]:
    """Put the cells of a row into their columns, and yield what is wrong with them."""
    if len(cells) != len(names):
        hint = "check the commas; a number has a decimal point and no thousands separator"
        yield row.problem(f"{len(cells)} cells", f"{len(names)} as in the header", hint)
        return
    for name, cell in zip(names, cells, strict=True):
        if name in columns:
            try:
                values[name].append(_parse_cell(cell, columns[name]))
            except InputError as error:
                yield from (replace(fault, file=row.file, line=row.line, address=name) for fault in error.problems)


def _rows(text: str, shown_as: str, problems: ProblemCollector) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of the header and of every row; comments above the header and blank lines left out."""
    lines = text.split("\n")
    skipped = 0
    while skipped < len(lines) and (not lines[skipped].strip() or lines[skipped].lstrip().startswith("#")):
        skipped += 1
    reader = csv.reader((line + "\n" for line in lines[skipped:]), strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) or len(cells) > 1:
                yield line, [cell.strip() for cell in cells]
            line = skipped + reader.line_num + 1
    except csv.Error:
        found = "a quote that is not closed, or text after a closing quote"
        problems.add(Place(shown_as, line).problem(found, 'cells such as 1.5 or "text"', "check the quotes"))


def _header_problems(names: Sequence[str], columns: Sequence[str], shown_as: str, line: int) -> Iterator[Problem]:
    expected = f"the columns {', '.join(columns)}"
    missing = [name for name in columns if name not in names]
    header = Place(shown_as, line)
    if len(names) == 1 and missing and any(separator in names[0] for separator in ";\t|"):
        hint = "separate cells by commas and write decimal points"
        yield header.problem("another separator than a comma", expected, hint)
        return
    unknown = [name for name in names if name not in columns]
    for name in missing:
        column = replace(header, address=name)
        yield column.problem("no such column", f"a column '{name}'", did_you_mean(name, unknown))
    for name in dict.fromkeys(unknown):
        found = f"the unknown column '{name}'" if name else "a column without a name"
        yield replace(header, address=name).problem(found, expected, did_you_mean(name, missing))
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        found = f"the column '{name}' {names.count(name)} times"
        yield replace(header, address=name).problem(found, "each column once")


def _parse_cell(cell: str, kind: type) -> Any:
    """Value of one cell.

    >>> _parse_cell("1e-3", float), _parse_cell("12", int), _parse_cell("no", str)
    (0.001, 12, 'no')
    >>> _parse_cell("1,234", float)
    Traceback (most recent call last):
    netcea.errors.InputError: found '1,234'; expected a number
    """
    if not cell:
        raise Place().error("an empty cell", _EXPECTED[kind])
    if kind is str:
        return cell
    value = parse_scalar(cell)
    if kind is int and type(value) is int:
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise Place().error(repr(cell), _EXPECTED[kind])
