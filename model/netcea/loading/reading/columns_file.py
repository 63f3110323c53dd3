"""Columns of a CSV or Parquet file, found by usual names or by those that the user says; faults with their line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.loading.reading.csv_file import NumberOrNothing, Table, WordOrNothing, header_of, read_table
from netcea.loading.reading.project import shown
from netcea.storage.delimited.layout import matched
from netcea.storage.untrusted_parquet import open_parquet


@dataclass(frozen=True)
class Wanted:
    """What is read of a file.

    Attributes
    ----------
    names : mapping of str -> tuple of str
        What -> how its column is usually called; the user may say another.
    needed : tuple of str
        What cannot be left out.
    words : tuple of str
        What may be words; everything else is numbers.
    empty : tuple of str
        Numbers that may be left empty, or NA: then nan; words that may be empty.
    options : mapping of str -> str
        What -> the option that says its column, where it is not called after it.
    """

    names: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    words: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    def kind(self, what: str) -> type:
        """Return how a cell is read: as text, as a number, or as one of them that may be missing.

        Parameters
        ----------
        what : str
        """
        if what in self.words:
            return WordOrNothing if what in self.empty else str
        return NumberOrNothing if what in self.empty else float


@dataclass(frozen=True)
class Columns:
    """Columns of a file as they stand there.

    Attributes
    ----------
    path : Path
    sha256 : str
        Of its bytes.
    names : mapping of str -> str
        What was read -> its column.
    cells : mapping of str -> sequence
        What was read -> its values.
    lines : sequence of int
        Of the rows.
    """

    path: Path
    sha256: str
    names: Mapping[str, str]
    cells: Mapping[str, Sequence[Any]]
    lines: Sequence[int]

    def place(self, row: int, what: str) -> Place:
        """Return where a cell stands.

        Parameters
        ----------
        row : int
            Counted from 0.
        what : str
        """
        return Place(shown(self.path), self.lines[row], self.path, self.names.get(what, what))


def read_columns(path: Path, wanted: Wanted, asked: Mapping[str, str | None]) -> Columns:
    """Read columns of a file.

    Parameters
    ----------
    path : Path
        CSV, or Parquet (.parquet).
    wanted : Wanted
    asked : mapping of str -> str or None
        What -> the column that the user says; None where it is to be found by a usual name.

    Returns
    -------
    Columns

    Raises
    ------
    InputError
        Every fault, with its line and column.
    """
    reader = _from_parquet if path.suffix == ".parquet" else _from_csv
    return reader(path, wanted, asked)


def _from_csv(path: Path, wanted: Wanted, asked: Mapping[str, str | None]) -> Columns:
    place = Place(shown(path))
    names = _named(header_of(path), wanted, asked, place)
    types: dict[str, type] = {name: wanted.kind(what) for what, name in names.items()}
    if len(types) < len(names):
        raise place.error(f"one column for two: {', '.join(names.values())}", "different columns")
    table: Table = read_table(path, types, others=True)
    return Columns(path, table.sha256, names, {what: table[name] for what, name in names.items()}, table.lines)


def _from_parquet(path: Path, wanted: Wanted, asked: Mapping[str, str | None]) -> Columns:
    place = Place(shown(path))
    file = open_parquet(path)
    names = _named(list(file.schema_arrow.names), wanted, asked, place)
    try:
        table = file.read(columns=list(names.values()))
        cells = {what: table.column(name).to_pylist() for what, name in names.items()}
    except Exception as error:  # noqa: BLE001 - pyarrow has many of its own for damaged pages
        raise place.error(f"damaged Parquet ({error})", "a table of patients") from None
    for what, values in cells.items():
        wrong = next((row for row, value in enumerate(values) if not _fits(wanted, what, value)), None)
        if wrong is not None:
            expected = "a word or a number" if what in wanted.words else "a number"
            raise Place(shown(path), wrong + 1, path, names[what]).error(f"{values[wrong]}", expected)
    if not table.num_rows:
        raise place.error("a table without rows", "at least one patient")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Columns(path, digest, names, cells, range(1, table.num_rows + 1))


def _fits(wanted: Wanted, what: str, value: object) -> bool:
    """Say whether a value can stand in a column of a Parquet file."""
    if what in wanted.empty and (value is None or value != value):  # noqa: PLR0124 - not a number is not itself
        return True
    if what in wanted.words:
        return isinstance(value, str | int | float) and value == value  # noqa: PLR0124 - not a number is not itself
    return isinstance(value, int | float) and not isinstance(value, bool)


def _named(header: Sequence[str], wanted: Wanted, asked: Mapping[str, str | None], place: Place) -> dict[str, str]:
    """Return what is read -> its column: the one that the user names, or one with a usual name."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for what, usual in wanted.names.items():
        said = asked.get(what)
        if said is not None:
            if said in header:
                found[what] = said
            else:
                hint = did_you_mean(said, header)
                problems.append(place.problem(f"no column '{said}'", f"one of {', '.join(header)}", hint))
            continue
        alike = {known: name for name, known in matched(header, usual).items()}
        exact = next((name for name in usual if name in header), None) or next(
            (alike[u] for u in usual if u in alike), None
        )
        if exact is not None:
            found[what] = exact
        elif what in wanted.needed:
            hint = f"say which it is: {wanted.options.get(what, '--' + what.replace('_', '-'))} COLUMN"
            words = what.replace("_", " ")
            problems.append(
                place.problem(f"no column of {words} among {', '.join(header)}", f"one called {what}", hint)
            )
    if problems:
        raise InputError(problems)
    return found
