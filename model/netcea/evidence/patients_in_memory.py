"""Patients in columns of values: a data frame or a mapping."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.errors import InputError, Place
from netcea.fitting.patient_faults import BACKGROUND
from netcea.fitting.patients import Patients
from netcea.loading.reading.patients_file import ALL, PatientData, arm_names
from netcea.loading.reading.people_columns import NAMES, NOBODY, PeopleColumns, people_faults, people_numbers

if TYPE_CHECKING:
    import pandas as pd


def patients_in_memory(
    data: pd.DataFrame | Mapping[str, ArrayLike],
    columns: Mapping[str, str | None],
    event_value: str | None,
    people: PeopleColumns = NOBODY,
) -> PatientData:
    """Return patients from columns in memory; times and events by their usual names.

    Parameters
    ----------
    data : DataFrame or mapping of str -> sequence
        One value for each patient.
    columns : mapping of str -> str or None
        time, event, arm, entry, weight -> column; None where it is called so.
    event_value : str or None
        What stands in the event column for an event; everything else is a censoring.
    people : PeopleColumns, optional
        What is read of the general population that they are matched to.

    Raises
    ------
    InputError
        No such column, or a value that cannot be.
    """
    table: Any = data
    given: Mapping[str, Any] = {str(name): table[name] for name in table}
    names = {what: asked or what for what, asked in columns.items() if asked or what in given}
    names |= _names_of_people(given, people)
    for what in ("time", "event", *people.needed):
        if names.get(what) not in given:
            raise Place(what).error(f"no column '{names.get(what, what)}'", f"one of {', '.join(given) or 'none'}")
    for what, column in names.items():
        if column not in given:
            raise Place(what).error(f"no column '{column}'", f"one of {', '.join(given)}")
    event: Any = given[names["event"]]
    if event_value is not None:
        event = [float(str(value) == event_value) for value in event]
    numbers: dict[str, Array] = {}
    try:
        for what, values in {
            **{w: given[names[w]] for w in names if w not in ("arm", "event", *people.asked)},
            "event": event,
        }.items():
            numbers[what] = np.asarray(values, dtype=np.float64)
        time, event = numbers.pop("time"), numbers.pop("event")
        whole = Patients.of(time, event, numbers.get("entry"), numbers.get("weight"))
    except (ValueError, TypeError) as error:
        raise InputError([Place("data").problem(str(error))]) from None
    matched = _people(given, names, people)
    arms = arm_names(list(given[names["arm"]])) if "arm" in names else [ALL] * whole.n
    digest = hashlib.sha256(b"".join(x.tobytes() for x in (whole.time, whole.event, whole.entry, whole.weight)))
    digest.update("\n".join(arms).encode())
    chosen = {arm: np.array([a == arm for a in arms]) for arm in dict.fromkeys(arms)}
    of = {arm: whole.where(rows) for arm, rows in chosen.items()}
    like = {arm: {what: x[rows] for what, x in matched.items()} for arm, rows in chosen.items()}
    return PatientData(of, "values in memory", digest.hexdigest(), names, people=like)


def _names_of_people(given: Mapping[str, Any], people: PeopleColumns) -> dict[str, str]:
    """Return the columns of the general population: those that are said, and those with a usual name."""
    found = {}
    for what, said in people.asked.items():
        name = said or next((usual for usual in NAMES[what] if usual in given), None)
        if name is not None:
            found[what] = name
    return found


def _people(given: Mapping[str, Any], names: Mapping[str, str], people: PeopleColumns) -> dict[str, Array]:
    """Return the numbers of those columns; refuse what cannot be."""
    cells = {what: list(given[names[what]]) for what in people.asked if what in names}
    numbers = people_numbers(cells, people.female_value)
    problems = [
        Place(fault.what).problem(f"{fault.found} of patient {fault.row + 1}", fault.expected, fault.suggestion)
        for fault in people_faults(cells, numbers, people.female_value)
    ]
    n = len(next(iter(given.values())))
    for what, column in numbers.items():
        if what in BACKGROUND and not np.all(column >= 0.0):
            row = int(np.flatnonzero(~(column >= 0.0))[0])
            problems.append(Place(what).problem(f"{cells[what][row]!r} of patient {row + 1}", "0 or more"))
        if len(column) != n:
            problems.append(Place(what).problem(f"{len(column)} values", f"{n}, one for each patient"))
    if problems:
        raise InputError(problems)
    return numbers
