"""A small table in a CSV file: every cell is what its column says, or the file is refused.

How it was written (encoding, separator, decimal mark, what R and Excel add) is told by `storage.delimited`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from netcea.errors import MOST_LISTED, InputError, Place, Problem, ProblemCollector, did_you_mean, listed
from netcea.loading.reading.project import shown
from netcea.loading.reading.text_file import check_characters, read_bytes
from netcea.storage.delimited.encoding import decoded
from netcea.storage.delimited.layout import Layout, layout_of, matched
from netcea.storage.delimited.numbers import Decimal, decimal_of, number, why_no_number

MOST_FAULTS: Final = 10_000
"""Faults after which the rest of a file is not read."""
NOTHING: Final = ("", "na", "nan", "none", "inf", "null", ".")
"""What stands in a cell where there is no number to give."""


class NumberOrNothing(float):
    """A number, or nan where the cell is empty or says that there is none."""


class WordOrNothing(str):
    """Text that may be empty."""

    __slots__ = ()


_EXPECTED: Final = {float: "a number", NumberOrNothing: "a number", int: "a whole number", str: "text"}
_WHOLE: Final = ("in percent", "a date or a time", " cells")
"""Faults of a column, or of a file, as a whole: told once."""


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
    notes : tuple of str
        What was done to the rows that a reader of the result must know.
    """

    path: Path
    shown_as: str
    columns: Mapping[str, tuple[Any, ...]]
    lines: tuple[int, ...]
    sha256: str
    notes: tuple[str, ...] = ()

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


def header_of(path: Path, shown_as: str = "") -> tuple[str, ...]:
    """Return the names of the columns of a table.

    Parameters
    ----------
    path : Path
        Of the file.
    shown_as : str
        What messages call the file; as the user would type it when empty.

    Raises
    ------
    InputError
        No such file, a file that is not text, or an empty one.
    """
    name = shown_as or shown(path)
    place = Place(name)
    text = decoded(read_bytes(path, name), place)
    check_characters(text, name)
    names = layout_of(text.split("\n"), place).names
    if not names:
        raise place.error("an empty file", "a header with the names of the columns", "is it the right file?")
    return names


def read_table(path: Path, columns: Mapping[str, type], shown_as: str = "", *, others: bool = False) -> Table:
    """Read a table with exactly the given columns, in any order; the same content is read once.

    Lines that start with ``#`` above the header are comments; blank lines are skipped; so are spaces around a
    cell, row names, and empty cells at the end of rows. Numbers are finite; no cell is empty.

    Parameters
    ----------
    path : Path
        Of the file.
    columns : mapping
        Column name to ``float``, ``int``, ``str`` or `NumberOrNothing`.
    shown_as : str
        What messages call the file; as the user would type it when empty.
    others : bool
        Whether there may be other columns, which are passed over.

    Raises
    ------
    InputError
        Every problem of the file, with the line and, as its address, the column.
    """
    name = shown_as or shown(path)
    return _parsed(read_bytes(path, name), path, name, tuple(columns.items()), others)


@lru_cache(maxsize=128)
def _parsed(data: bytes, path: Path, shown_as: str, columns: tuple[tuple[str, type], ...], others: bool) -> Table:
    place, types = Place(shown_as), dict(columns)
    text = decoded(data, place)
    check_characters(text, shown_as)
    lines = text.split("\n")
    layout = layout_of(lines, place, list(types))
    if not layout.names:
        raise place.error("an empty file", f"the header {','.join(types)}", "is it the right file?")
    alike = matched(layout.names, types)
    names = [alike.get(name, name) for name in layout.names]
    problems = ProblemCollector()
    problems.extend(_header_problems(names, list(types), layout, shown_as, others=others))
    body = _body(layout, lines, place, problems)
    if not body and not problems.problems:
        problems.add(Place(shown_as, layout.header_line).problem("a header without rows", "at least one row"))
    decimal = _decimal(names, body, types, layout, place, problems)
    values: dict[str, list[Any]] = {name: [] for name in types}
    faults: list[Problem] = []
    for line, cells in body:
        faults.extend(_take_row(cells, names, types, values, Place(shown_as, line), decimal))
        if len(faults) > MOST_FAULTS:  # the rest is not looked at
            break
    problems.extend(_by_column(faults))
    problems.raise_if_any()
    rows = tuple(line for line, _ in body)
    found = {name: tuple(cells) for name, cells in values.items()}
    return Table(path, shown_as, found, rows, hashlib.sha256(data).hexdigest())


def _body(
    layout: Layout, lines: Sequence[str], place: Place, problems: ProblemCollector
) -> list[tuple[int, list[str]]]:
    """Return line and cells of every row, up to the first that cannot be cut into cells."""
    found: list[tuple[int, list[str]]] = []
    try:
        found.extend(layout.rows(lines[layout.header_line :], layout.header_line + 1, place))
    except InputError as error:
        problems.extend(error.problems)
    return found


def _decimal(
    names: Sequence[str],
    body: Sequence[tuple[int, list[str]]],
    types: Mapping[str, type],
    layout: Layout,
    place: Place,
    problems: ProblemCollector,
) -> Decimal:
    """Return the decimal mark of the numbers; a point, after noting why, where it cannot be told."""
    cells = (
        (line, name, cell)
        for line, row in body
        if len(row) == len(names)
        for name, cell in zip(names, row, strict=True)
        if types.get(name, str) is not str and not _is_nothing(cell, types[name])
    )
    try:
        return decimal_of(cells, layout.separator, place)
    except InputError as error:
        problems.extend(error.problems)
        problems.raise_if_any()
        raise


def _take_row(
    cells: Sequence[str],
    names: Sequence[str],
    columns: Mapping[str, type],
    values: dict[str, list[Any]],
    row: Place,
    decimal: Decimal,
) -> Iterator[Problem]:
    """Put the cells of a row into their columns, and yield what is wrong with them."""
    if len(cells) != len(names):
        hint = "check the separators; numbers with decimal commas need semicolons between columns"
        yield row.problem(f"{len(cells)} cells", f"{len(names)} as in the header", hint)
        return
    for name, cell in zip(names, cells, strict=True):
        if name in columns:
            try:
                values[name].append(_parse_cell(cell, columns[name], decimal))
            except InputError as error:
                yield from (replace(fault, file=row.file, line=row.line, address=name) for fault in error.problems)


def _by_column(faults: Sequence[Problem]) -> Iterator[Problem]:
    """Yield faults of cells; those that a column as a whole has are told once, and counted."""
    whole: dict[tuple[str, str], list[Problem]] = {}
    for fault in faults:
        words = next((words for words in _WHOLE if fault.found.endswith(words)), "")
        if words:
            whole.setdefault((fault.address, words), []).append(fault)
        else:
            yield fault
    for own in whole.values():
        yield from listed(own, 1)


def _header_problems(
    names: Sequence[str], columns: Sequence[str], layout: Layout, shown_as: str, *, others: bool
) -> Iterator[Problem]:
    expected = f"the columns {', '.join(columns)}"
    header = Place(shown_as, layout.header_line)
    unknown = [name for name in dict.fromkeys(names) if name not in columns]
    missing = [name for name in columns if name not in names]
    for name in missing:
        column = replace(header, address=name)
        yield column.problem("no such column", f"a column '{name}'", did_you_mean(name, unknown[:MOST_LISTED]))
    for at, name in enumerate(() if others else unknown):
        found = f"the unknown column '{name}'" if name else "a column without a name"
        hint = did_you_mean(name, missing) if at < MOST_LISTED else ""
        yield replace(header, address=name).problem(found, expected, hint)
    for name, count in Counter(names).items():
        if count > 1:
            yield replace(header, address=name).problem(f"the column '{name}' {count} times", "each column once")


def _parse_cell(cell: str, kind: type, decimal: Decimal = ".") -> Any:
    """Value of one cell.

    >>> _parse_cell("1e-3", float), _parse_cell("12", int), _parse_cell("no", str), _parse_cell("1,234.5", float)
    (0.001, 12, 'no', 1234.5)
    >>> _parse_cell("", NumberOrNothing)
    nan
    >>> _parse_cell("1,2", float)
    Traceback (most recent call last):
    netcea.errors.InputError: found '1,2'; expected a number; write 1.2: numbers have a decimal point
    """
    if (kind is str and cell) or kind is WordOrNothing:
        return cell
    if _is_nothing(cell, kind):
        return float("nan")
    value = None if kind is str else number(cell, decimal)
    if value is None or (kind is int and value != int(value)):
        raise Place().error(*why_no_number(cell, _EXPECTED[kind]))
    return int(value) if kind is int else float(value)


def _is_nothing(cell: str, kind: type) -> bool:
    return kind is NumberOrNothing and cell.strip().lower() in NOTHING
