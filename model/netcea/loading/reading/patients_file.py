"""Patient-level data in a CSV or Parquet file: columns found by name, values checked, every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.errors import InputError, Place, Problem
from netcea.fitting.patient_faults import BACKGROUND, faults_of
from netcea.fitting.patients import Patients
from netcea.fitting.reconstruction.reconstructed import Reconstructed
from netcea.loading.reading.columns_file import Columns, Wanted, read_columns
from netcea.loading.reading.csv_file import MOST_FAULTS
from netcea.loading.reading.people_columns import NAMES as PEOPLE_NAMES
from netcea.loading.reading.people_columns import NOBODY, OPTIONS, PeopleColumns, people_faults, people_numbers
from netcea.loading.reading.people_columns import WORDS as PEOPLE_WORDS
from netcea.plain_number import read as plain
from netcea.quantities.fit_keys import FITTED, JOINT, WITH_EXTERNAL

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "time": ("time", "t", "months", "years", "weeks", "days", "survival_time", "os_time", "pfs_time"),
    "event": ("event", "status", "d", "death", "died", "dead", "observed"),
    "arm": ("arm", "group", "treat", "treatment", "trt", "strategy"),
    "entry": ("entry", "entry_time", "start", "tstart"),
    "weight": ("weight", "weights", "w"),
}
"""What is read -> what its column is called where the user does not say; time and event are needed."""
WANTED: Final = Wanted(NAMES, ("time", "event"), words=("event", "arm"))
EVENTS: Final[Mapping[str, float]] = {
    **dict.fromkeys(("1", "1.0", "true", "t", "yes", "y", "event", "dead", "died"), 1.0),
    **dict.fromkeys(("0", "0.0", "false", "f", "no", "n", "censored", "alive"), 0.0),
}
"""Word in the event column -> 1 for an event, 0 for a censoring."""
TAKEN: Final = ("about", "arms", FITTED, JOINT, WITH_EXTERNAL)
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
    people : mapping of str -> mapping of str -> Array (patient,)
        Arm -> by what the general population is matched to each (age, sex, year, background, background_cumulative),
        as far as it was read. [years, 1 for a woman, year, 1 / unit of time, 1]
    """

    arms: Mapping[str, Patients]
    name: str
    sha256: str
    columns: Mapping[str, str]
    reconstructed: Reconstructed | None = None
    people: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)


def read_patients(
    path: Path, columns: Mapping[str, str | None], event_value: str | None = None, people: PeopleColumns = NOBODY
) -> PatientData:
    """Read patient-level data.

    Parameters
    ----------
    path : Path
        CSV, or Parquet (.parquet).
    columns : mapping of str -> str or None
        time, event, arm, entry, weight -> column; None where it is to be found by a usual name.
    event_value : str, optional
        What stands in the event column for an event; everything else is a censoring.
    people : PeopleColumns, optional
        What is read of the general population that they are matched to.

    Returns
    -------
    PatientData

    Raises
    ------
    InputError
        Every fault, with its line and column.
    """
    wanted = replace(
        WANTED,
        names={**WANTED.names, **{what: PEOPLE_NAMES[what] for what in people.asked}},
        needed=(*WANTED.needed, *people.needed),
        words=(*WANTED.words, *PEOPLE_WORDS),
        options=OPTIONS,
    )
    return _Patients(read_columns(path, wanted, {**columns, **people.asked}), people).data(event_value)


@dataclass(frozen=True)
class _Patients:
    """Columns of patients as they stand in a file."""

    read: Columns
    people: PeopleColumns

    def data(self, event_value: str | None) -> PatientData:
        n = len(self.read.lines)
        numbers = {
            what: np.array(self.read.cells[what], dtype=np.float64) for what in ("time",) if what in self.read.cells
        }
        numbers["event"] = event_values(self.read, "event", event_value)
        numbers["entry"] = np.array(self.read.cells.get("entry", [0.0] * n), dtype=np.float64)
        numbers["weight"] = np.array(self.read.cells.get("weight", [1.0] * n), dtype=np.float64)
        cells = {what: self.read.cells[what] for what in self.people.asked if what in self.read.cells}
        matched = people_numbers(cells, self.people.female_value)
        numbers |= {what: matched[what] for what in BACKGROUND if what in matched}
        problems = [*self._problems(numbers), *self._problems_of_people(cells, matched)]
        if problems:
            raise InputError(problems)
        arms = arm_names(self.read.cells.get("arm", [ALL] * n))
        chosen = {arm: np.array([a == arm for a in arms]) for arm in dict.fromkeys(arms)}
        return PatientData(
            {arm: _of(numbers, rows) for arm, rows in chosen.items()},
            self.read.path.name,
            self.read.sha256,
            dict(self.read.names),
            people={arm: {what: x[rows] for what, x in matched.items()} for arm, rows in chosen.items()},
        )

    def _problems_of_people(self, cells: Mapping[str, Any], matched: Mapping[str, Array]) -> Iterator[Problem]:
        for fault in people_faults(cells, matched, self.people.female_value):
            yield self.read.place(fault.row, fault.what).problem(fault.found, fault.expected, fault.suggestion)

    def _problems(self, numbers: Mapping[str, Array]) -> Iterator[Problem]:
        for fault in faults_of(numbers):
            for row in fault.rows[:MOST_FAULTS].tolist():
                value = self.read.cells[fault.column][row]
                found = plain(value) if isinstance(value, float | int) else str(value)
                yield self.read.place(row, fault.column).problem(found, fault.expected)


def event_values(read: Columns, what: str, event_value: str | None = None) -> Array:
    """Return 1 for an event and 0 for a censoring, Array (patient,). [0 or 1]

    Parameters
    ----------
    read : Columns
    what : str
        Which of them: numbers 0 and 1, yes and no, dead and alive.
    event_value : str, optional
        What stands for an event; everything else is a censoring.

    Raises
    ------
    InputError
        A value that may be either.
    """
    words = [str(cell).strip() for cell in read.cells[what]]
    if event_value is not None:
        if event_value not in words:
            hint = f"it has {', '.join(sorted(set(words))[:6])}"
            raise read.place(0, what).error(f"no {event_value!r} in the column", "what stands for an event", hint)
        return np.array([float(word == event_value) for word in words])
    wrong = [row for row, word in enumerate(words) if word.lower() not in EVENTS]
    if wrong:
        hint = "say which value is an event: --event-value (in R's survival, 1 is censored and 2 dead)"
        raise read.place(wrong[0], what).error(repr(words[wrong[0]]), "1 or 0, yes or no", hint)
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
