"""What cannot be in columns of patients: every rule that is broken, with the patients that break it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.plain_number import read

BACKGROUND: Final = ("background", "background_cumulative")
"""Columns of the general population's mortality: hazard at the patient's own time, cumulative hazard until then."""


class Fault(NamedTuple):
    """What cannot be in a column of patients.

    Attributes
    ----------
    column : str
        Its name.
    rows : Array (row,)
        Patients with such a value, counted from 0.
    value : float
        Of the first.
    expected : str
        What could be.
    """

    column: str
    rows: NDArray[np.intp]
    value: float
    expected: str

    def __str__(self) -> str:
        more = f" (and {len(self.rows) - 1:,} more)" if len(self.rows) > 1 else ""
        return f"{self.column} of patient {self.rows[0] + 1}: found {read(self.value)}{more}; expected {self.expected}"


def faults_of(columns: Mapping[str, Array]) -> Iterator[Fault]:
    """Yield what cannot be in the columns of patients.

    Parameters
    ----------
    columns : mapping of str -> Array (patient,)
        With time, event, entry and weight, and what there is of `BACKGROUND`; others are covariates.
        [unit of time, 0 or 1, unit of time, patients, 1 / unit of time and 1, any]

    Yields
    ------
    Fault
        One for each rule that is broken; where a column holds what is no number, that alone.

    Examples
    --------
    >>> one = np.ones(1)
    >>> [str(f) for f in faults_of({"time": -one, "event": one, "entry": 0 * one, "weight": one})]
    ['time of patient 1: found -1; expected 0 or more']
    """
    missing = [_fault(name, column, np.isfinite(column), "a number") for name, column in columns.items()]
    if any(missing):
        yield from filter(None, missing)
        return
    time, event, entry, weight = (columns[name] for name in ("time", "event", "entry", "weight"))
    rules = (
        ("time", time, time >= 0.0, "0 or more"),
        ("event", event, np.isin(event, (0.0, 1.0)), "1 for an event or 0 for a censoring"),
        ("time", time, (time != 0.0) | (event == 0.0), "more than 0, because it has an event"),
        ("entry", entry, entry >= 0.0, "0 or more"),
        ("entry", entry, (entry < time) | (entry <= 0.0) | (time < 0.0), "a time before its own event or censoring"),
        ("weight", weight, weight > 0.0, "above 0"),
        *((name, columns[name], columns[name] >= 0.0, "0 or more") for name in BACKGROUND if name in columns),
    )
    yield from filter(None, (_fault(*rule) for rule in rules))


def _fault(name: str, column: Array, holds: NDArray[np.bool_], expected: str) -> Fault | None:
    rows = np.flatnonzero(~holds)
    return Fault(name, rows, float(column[rows[0]]), expected) if len(rows) else None
