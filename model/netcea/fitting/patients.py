"""Patient-level data: times, events, entry, weights and covariates, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netcea.arrays import Array
from netcea.fitting.background import Background
from netcea.fitting.patient_faults import faults_of
from netcea.fitting.published_figures import NotIdentified


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
    background : Array (row,) or None
        Hazard of the general population to which that of a family is added. [1 / unit of time]
    """

    times: Array
    covariates: Array
    weights: Array
    background: Array | None = None

    def part(self, rows: slice) -> Rows:
        """Some rows, in their order.

        Parameters
        ----------
        rows : slice
            Which.

        Returns
        -------
        Rows
            At fewer times.

        Examples
        --------
        >>> Rows(np.array([1.0, 2.0]), np.zeros((0, 2)), np.ones(2)).part(slice(1)).times.tolist()
        [1.0]
        """
        background = None if self.background is None else self.background[rows]
        return Rows(self.times[rows], self.covariates[:, rows], self.weights[rows], background)


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
    background : Background or None
        Mortality of the general population matched to each: then what is fitted is the excess over it.

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
    background: Background | None = None

    @classmethod
    def of(
        cls,
        time: ArrayLike,
        event: ArrayLike,
        entry: ArrayLike | None = None,
        weight: ArrayLike | None = None,
        covariates: Mapping[str, ArrayLike] | None = None,
        background: Background | None = None,
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
        background : Background, optional
            Of the general population, from 0. [1 / unit of time, 1]

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
            **({} if background is None else background.columns),
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
        return cls(times, columns["event"], entered, columns["weight"], design, tuple(given), background)

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
            None if self.background is None else self.background.where(chosen),
        )

    @property
    def plain(self) -> Patients:
        """Them without covariates."""
        return replace(self, covariates=np.zeros((self.n, 0)), names=())

    @property
    def expected(self) -> float:
        """Weighted cumulative hazard of the general population while they were at risk; 0 where it is unknown. [1]."""
        cumulative = None if self.background is None else self.background.cumulative
        return 0.0 if cumulative is None else float((self.weight * cumulative).sum())

    @cached_property
    def died(self) -> Rows:
        """Times of events."""
        hazard = None if self.background is None else self.background.hazard
        return self._rows(self.time, self.event == 1.0, hazard)

    @cached_property
    def censored(self) -> Rows:
        """Times of censorings; those at time 0 say nothing."""
        return self._rows(self.time, (self.event == 0.0) & (self.time > 0.0))

    @cached_property
    def entered(self) -> Rows:
        """Times of entries after 0."""
        return self._rows(self.entry, self.entry > 0.0)

    def _rows(self, time: Array, chosen: NDArray[np.bool_], background: Array | None = None) -> Rows:
        columns = [time[chosen], self.covariates[chosen]]
        of = np.column_stack(columns if background is None else [*columns, background[chosen]])
        if of.shape[1] == 1:
            values, inverse = np.unique(of[:, 0], return_inverse=True)
            values = values[:, None]
        else:
            values, inverse = np.unique(of, axis=0, return_inverse=True)
        weights = np.bincount(inverse.reshape(-1), weights=self.weight[chosen], minlength=len(values))
        last = 1 + len(self.names)
        return Rows(
            values[:, 0],
            values[:, 1:last].T,
            weights.astype(np.float64),
            None if background is None else values[:, last],
        )

    def require_events(self) -> None:
        """Refuse data without an event.

        Raises
        ------
        NotIdentified
            All are censored: every likelihood rises for ever as the hazard goes to 0.
        """
        if not self.events:
            raise NotIdentified(f"no event: all {self.n} are censored, and every hazard could be as low as one likes")
