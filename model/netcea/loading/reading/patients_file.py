"""Patient-level data in a CSV or Parquet file: columns found by name, values checked, every fault with its line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.fitting.patients import Patients, faults_of
from netcea.fitting.reconstruction.reconstructed import Reconstructed
from netcea.loading.reading.csv_file import MOST_FAULTS, Table, header_of, read_table
from netcea.loading.reading.project import shown
from netcea.plain_number import read
from netcea.quantities.fitted import FITTED
from netcea.storage.delimited.layout import matched
from netcea.storage.untrusted_parquet import open_parquet

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "time": ("time", "t", "months", "years", "weeks", "days", "survival_time", "os_time", "pfs_time"),
    "event": ("event", "status", "d", "death", "died", "dead", "observed"),
    "arm": ("arm", "group", "treat", "treatment", "trt", "strategy"),
    "entry": ("entry", "entry_time", "start", "tstart"),
    "weight": ("weight", "weights", "w"),
}
"""What is read -> what its column is called where the user does not say; time and event are needed."""
NEEDED: Final = ("time", "event")
EVENTS: Final[Mapping[str, float]] = {
    **dict.fromkeys(("1", "1.0", "true", "t", "yes", "y", "event", "dead", "died"), 1.0),
    **dict.fromkeys(("0", "0.0", "false", "f", "no", "n", "censored", "alive"), 0.0),
}
"""Word in the event column -> 1 for an event, 0 for a censoring."""
TAKEN: Final = ("about", "arms", FITTED)
"""Names that mean something else in a group of inputs/."""
ALL: Final = "all"
"""Name of the arm where there is no column of arms."""


@dataclass(frozen=True, eq=False)
class PatientData:
    """Patients by arm.

    Attributes
    ----------
    arms : mapping of str -> Patients
        In the order in which the arms first appear.
    name : str
        Of the file.
    sha256 : str
        Of its bytes.
    columns : mapping of str -> str
        What was read -> the column it was read from.
    reconstructed : Reconstructed or None
        Where they were reconstructed from digitised curves: the curves, and how well they are met.
    """

    arms: Mapping[str, Patients]
    name: str
    sha256: str
    columns: Mapping[str, str]
    reconstructed: Reconstructed | None = None


def read_patients(path: Path, columns: Mapping[str, str | None], event_value: str | None = None) -> PatientData:
    """Read patient-level data.

    Parameters
    ----------
    path : Path
        CSV, or Parquet (.parquet).
    columns : mapping of str -> str or None
        time, event, arm, entry, weight -> column; None where it is to be found by a usual name.
    event_value : str, optional
        What stands in the event column for an event; everything else is a censoring.

    Returns
    -------
    PatientData

    Raises
    ------
    InputError
        Every fault, with its line and column.
    """
    reader = _from_parquet if path.suffix == ".parquet" else _from_csv
    return reader(path, columns).data(event_value)


@dataclass(frozen=True)
class _Read:
    """Columns of a file as they stand there: numbers, and words of events and arms."""

    path: Path
    sha256: str
    names: Mapping[str, str]
    cells: Mapping[str, Sequence[Any]]
    lines: Sequence[int]

    def place(self, row: int, what: str) -> Place:
        return Place(shown(self.path), self.lines[row], self.path, self.names.get(what, what))

    def data(self, event_value: str | None) -> PatientData:
        n = len(self.lines)
        numbers = {what: np.array(self.cells[what], dtype=np.float64) for what in ("time",) if what in self.cells}
        numbers["event"] = self._events(event_value)
        numbers["entry"] = np.array(self.cells.get("entry", [0.0] * n), dtype=np.float64)
        numbers["weight"] = np.array(self.cells.get("weight", [1.0] * n), dtype=np.float64)
        problems = list(self._problems(numbers))
        if problems:
            raise InputError(problems)
        arms = arm_names(self.cells.get("arm", [ALL] * n))
        return PatientData(
            {arm: _of(numbers, np.array([a == arm for a in arms])) for arm in dict.fromkeys(arms)},
            self.path.name,
            self.sha256,
            dict(self.names),
        )

    def _problems(self, numbers: Mapping[str, Array]) -> Iterator[Problem]:
        for fault in faults_of(numbers):
            for row in fault.rows[:MOST_FAULTS].tolist():
                value = self.cells[fault.column][row]
                found = read(value) if isinstance(value, float | int) else str(value)
                yield self.place(row, fault.column).problem(found, fault.expected)

    def _events(self, event_value: str | None) -> Array:
        words = [str(cell).strip() for cell in self.cells["event"]]
        if event_value is not None:
            if event_value not in words:
                hint = f"it has {', '.join(sorted(set(words))[:6])}"
                raise self.place(0, "event").error(
                    f"no {event_value!r} in the column", "what stands for an event", hint
                )
            return np.array([float(word == event_value) for word in words])
        wrong = [row for row, word in enumerate(words) if word.lower() not in EVENTS]
        if wrong:
            hint = "say which value is an event: --event-value (in R's survival, 1 is censored and 2 dead)"
            raise self.place(wrong[0], "event").error(repr(words[wrong[0]]), "1 or 0, yes or no", hint)
        return np.array([EVENTS[word.lower()] for word in words])


def arm_names(cells: Sequence[object]) -> list[str]:
    """Return the arm of each patient by a name that an address can have.

    Parameters
    ----------
    cells : sequence
        What stands in the column of arms.

    Returns
    -------
    list of str
        As it stands there, or with an underscore for what an address cannot have, and ``arm_`` before a number.

    Raises
    ------
    InputError
        Two arms would have the same name.

    Examples
    --------
    >>> arm_names(["placebo", "drug A, 10 mg", 1, 1.0])
    ['placebo', 'drug_A_10_mg', 'arm_1', 'arm_1']
    """
    words = {cell: str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell) for cell in cells}
    names: dict[str, str] = {}
    for word in words.values():
        plain = re.sub(r"[^A-Za-z0-9\-]+", "_", word).strip("_") or "arm"
        name = f"arm_{plain}" if plain[0] in "0123456789-" or plain in TAKEN else plain
        other = next((known for known, taken in names.items() if taken == name and known != word), None)
        if other is not None:
            found = f"the arms {other!r} and {word!r}"
            raise Place(address="arm").error(found, "names that differ in letters or digits")
        names[word] = name
    return [names[words[cell]] for cell in cells]


def _of(numbers: Mapping[str, Array], chosen: Any) -> Patients:
    return Patients.of(*(numbers[what][chosen] for what in ("time", "event", "entry", "weight")))


def _from_csv(path: Path, columns: Mapping[str, str | None]) -> _Read:
    header = header_of(path)
    place = Place(shown(path))
    names = _named(header, columns, place)
    types: dict[str, type] = {name: str if what in ("event", "arm") else float for what, name in names.items()}
    if len(types) < len(names):
        raise place.error(f"one column for two: {', '.join(names.values())}", "different columns")
    table: Table = read_table(path, types, others=True)
    cells = {what: table[name] for what, name in names.items()}
    return _Read(path, table.sha256, names, cells, table.lines)


def _from_parquet(path: Path, columns: Mapping[str, str | None]) -> _Read:
    place = Place(shown(path))
    file = open_parquet(path)
    names = _named(list(file.schema_arrow.names), columns, place)
    try:
        table = file.read(columns=list(names.values()))
        cells = {what: table.column(name).to_pylist() for what, name in names.items()}
    except Exception as error:  # noqa: BLE001 - pyarrow has many of its own for damaged pages
        raise place.error(f"damaged Parquet ({error})", "a table of patients") from None
    for what, values in cells.items():
        wrong = next((row for row, value in enumerate(values) if not _fits(what, value)), None)
        if wrong is not None:
            expected = "a word or a number" if what in ("event", "arm") else "a number"
            raise Place(shown(path), wrong + 1, path, names[what]).error(f"{values[wrong]}", expected)
    if not table.num_rows:
        raise place.error("a table without rows", "at least one patient")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return _Read(path, digest, names, cells, range(1, table.num_rows + 1))


def _fits(what: str, value: object) -> bool:
    """Say whether a value can stand in a column of a Parquet file."""
    if what in ("event", "arm"):
        return isinstance(value, str | int | float) and value == value  # noqa: PLR0124 - not a number is not itself
    return isinstance(value, int | float) and not isinstance(value, bool)


def _named(header: Sequence[str], columns: Mapping[str, str | None], place: Place) -> dict[str, str]:
    """Return what is read -> its column: the one that the user names, or one with a usual name."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for what, usual in NAMES.items():
        asked = columns.get(what)
        if asked is not None:
            if asked in header:
                found[what] = asked
            else:
                hint = did_you_mean(asked, header)
                problems.append(place.problem(f"no column '{asked}'", f"one of {', '.join(header)}", hint))
            continue
        alike = {known: name for name, known in matched(header, usual).items()}
        exact = next((name for name in usual if name in header), None) or next(
            (alike[u] for u in usual if u in alike), None
        )
        if exact is not None:
            found[what] = exact
        elif what in NEEDED:
            hint = f"say which it is: --{what} COLUMN"
            problems.append(
                place.problem(f"no column of {what}s among {', '.join(header)}", f"one called {what}", hint)
            )
    if problems:
        raise InputError(problems)
    return found
