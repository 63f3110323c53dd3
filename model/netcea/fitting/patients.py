"""Patient-level data: times, events, entry, weights and covariates, checked once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netcea.arrays import Array
from netcea.fitting.published_figures import NotIdentified
from netcea.plain_number import read


class Rows(NamedTuple):
    """Times at which a likelihood is evaluated, each once for all patients that share it.

    Attributes
    ----------
    times : Array (row,)
        Above 0, rising. [unit of time]
    covariates : Array (covariate, row)
        [as given]
    weights : Array (row,)
        Of all who share the row. [patients]
    """

    times: Array
    covariates: Array
    weights: Array


@dataclass(frozen=True, eq=False)
class Patients:
    """Right-censored times of patients, who may have entered late or weigh differently.

    Attributes
    ----------
    time : Array (patient,)
        To the event or to censoring. [unit of time]
    event : Array (patient,)
        1 for an event, 0 for a censoring. [0 or 1]
    entry : Array (patient,)
        From when each was at risk; 0 from the start. [unit of time]
    weight : Array (patient,)
        [patients]
    covariates : Array (patient, covariate)
        [as given]
    names : tuple of str
        Of the covariates.

    Examples
    --------
    >>> few = Patients.of([2.0, 5.0, 5.0], [1, 1, 0])
    >>> few.n, few.events, few.person_time
    (3, 2, 12.0)
    """

    time: Array
    event: Array
    entry: Array
    weight: Array
    covariates: Array
    names: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        time: ArrayLike,
        event: ArrayLike,
        entry: ArrayLike | None = None,
        weight: ArrayLike | None = None,
        covariates: Mapping[str, ArrayLike] | None = None,
    ) -> Patients:
        """Check columns of numbers, one value for each patient.

        Parameters
        ----------
        time : Array (patient,)
            To the event or to censoring, not negative; events after time 0. [unit of time]
        event : Array (patient,)
            1 for an event, 0 for a censoring. [0 or 1]
        entry : Array (patient,), optional
            From when each was at risk, from 0 and before `time`. [unit of time]
        weight : Array (patient,), optional
            Above 0. [patients]
        covariates : mapping of str -> Array (patient,), optional
            [any]

        Returns
        -------
        Patients
            With zeros and ones for what is left out.

        Raises
        ------
        ValueError
            A value that cannot be; the first patient with one is named by number, counted from 1.

        Examples
        --------
        >>> Patients.of([2.0, -5.0], [1, 1])
        Traceback (most recent call last):
            ...
        ValueError: time of patient 2: found -5; expected 0 or more
        """
        times = np.asarray(time, dtype=np.float64).reshape(-1)
        n, given = len(times), dict(covariates or {})
        columns = {
            "time": times,
            "event": np.asarray(event, dtype=np.float64).reshape(-1),
            "entry": np.zeros(n) if entry is None else np.asarray(entry, dtype=np.float64).reshape(-1),
            "weight": np.ones(n) if weight is None else np.asarray(weight, dtype=np.float64).reshape(-1),
            **{name: np.asarray(x, dtype=np.float64).reshape(-1) for name, x in given.items()},
        }
        if not n:
            raise ValueError("time: found no patient; expected one or more")
        for name, column in columns.items():
            if len(column) != n:
                raise ValueError(f"{name}: found {len(column)} values; expected {n}, one for each time")
        for fault in faults_of(columns):
            raise ValueError(str(fault))
        entered = columns["entry"]
        design = np.column_stack([columns[name] for name in given]) if given else np.zeros((n, 0))
        return cls(times, columns["event"], entered, columns["weight"], design, tuple(given))

    @property
    def n(self) -> int:
        """How many. [patients]."""
        return len(self.time)

    @property
    def events(self) -> int:
        """How many had the event. [patients]."""
        return int(self.event.sum())

    @property
    def person_time(self) -> float:
        """Weighted time at risk. [unit of time]."""
        return float((self.weight * (self.time - self.entry)).sum())

    def where(self, chosen: NDArray[np.bool_]) -> Patients:
        """Some of them.

        Parameters
        ----------
        chosen : Array (patient,)
            Whether each is. [0 or 1]

        Returns
        -------
        Patients
            In their order.

        Examples
        --------
        >>> Patients.of([2.0, 5.0], [1, 0]).where(np.array([True, False])).n
        1
        """
        return Patients(
            self.time[chosen],
            self.event[chosen],
            self.entry[chosen],
            self.weight[chosen],
            self.covariates[chosen],
            self.names,
        )

    @cached_property
    def died(self) -> Rows:
        """Times of events."""
        return self._rows(self.time, self.event == 1.0)

    @cached_property
    def censored(self) -> Rows:
        """Times of censorings; those at time 0 say nothing."""
        return self._rows(self.time, (self.event == 0.0) & (self.time > 0.0))

    @cached_property
    def entered(self) -> Rows:
        """Times of entries after 0."""
        return self._rows(self.entry, self.entry > 0.0)

    def _rows(self, time: Array, chosen: NDArray[np.bool_]) -> Rows:
        of = np.column_stack([time[chosen], self.covariates[chosen]])
        if of.shape[1] == 1:
            values, inverse = np.unique(of[:, 0], return_inverse=True)
            values = values[:, None]
        else:
            values, inverse = np.unique(of, axis=0, return_inverse=True)
        weights = np.bincount(inverse.reshape(-1), weights=self.weight[chosen], minlength=len(values))
        return Rows(values[:, 0], values[:, 1:].T, weights.astype(np.float64))

    def require_events(self) -> None:
        """Refuse data without an event.

        Raises
        ------
        NotIdentified
            All are censored: every likelihood rises for ever as the hazard goes to 0.
        """
        if not self.events:
            raise NotIdentified(f"no event: all {self.n} are censored, and every hazard could be as low as one likes")


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
        With time, event, entry and weight; others are covariates. [unit of time, 0 or 1, unit of time, patients, any]

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
    )
    yield from filter(None, (_fault(*rule) for rule in rules))


def _fault(name: str, column: Array, holds: NDArray[np.bool_], expected: str) -> Fault | None:
    rows = np.flatnonzero(~holds)
    return Fault(name, rows, float(column[rows[0]]), expected) if len(rows) else None
