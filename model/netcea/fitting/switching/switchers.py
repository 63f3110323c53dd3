"""Patients of two arms, some of whom switch to the other arm's treatment: times, checked once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netcea.arrays import Array
from netcea.fitting.patient_faults import Fault, faults_of

NEVER = float("inf")
"""Time of what did not happen."""


@dataclass(frozen=True, eq=False)
class Visits:
    """What was recorded of patients from visit to visit: rows of intervals in which covariates stay as they are.

    Attributes
    ----------
    patient : Array (row,)
        Whose, counted from 0; rows of a patient follow each other.
    start, stop : Array (row,)
        From the visit until the next, or to the end. [unit of time]
    covariates : Array (row, covariate)
        [as given]
    names : tuple of str
    """

    patient: NDArray[np.intp]
    start: Array
    stop: Array
    covariates: Array
    names: tuple[str, ...]

    def of(self, chosen: NDArray[np.intp]) -> Visits:
        """The visits of some patients, who are then numbered in that order.

        Parameters
        ----------
        chosen : Array (patient,)
            Counted from 0; one may come twice. [number]

        Returns
        -------
        Visits
            Row by row.
        """
        first = np.searchsorted(self.patient, chosen, side="left")
        last = np.searchsorted(self.patient, chosen, side="right")
        length = last - first
        rows = np.repeat(first - np.concatenate([[0], np.cumsum(length)[:-1]]), length) + np.arange(length.sum())
        whose = np.repeat(np.arange(len(chosen)), length)
        return Visits(whose, self.start[rows], self.stop[rows], self.covariates[rows], self.names)


@dataclass(frozen=True, eq=False)
class Switchers:
    """Patients of a trial of two arms in which some switch to the treatment of the other arm.

    Attributes
    ----------
    time : Array (patient,)
        From randomisation to death or censoring. [unit of time]
    event : Array (patient,)
        1 for a death. [0 or 1]
    treated : Array (patient,)
        1 for patients randomised to the treatment. [0 or 1]
    switch : Array (patient,)
        To the other arm's treatment; inf: never. [unit of time]
    progression : Array (patient,)
        inf: never seen. [unit of time]
    cutoff : Array (patient,)
        When the patient would have been censored for being alive, because the trial ended: from randomisation to the
        data cut. [unit of time]
    covariates : Array (patient, covariate)
        At randomisation. [as given]
    names : tuple of str
    later : Array (patient, covariate)
        At progression, besides those at randomisation. [as given]
    later_names : tuple of str
    visits : Visits, optional

    Examples
    --------
    A patient of the control arm who switches after 4 of 10 months:

    >>> few = Switchers.of([10.0, 8.0], [1, 0], [0, 1], switch=[4.0, np.inf], cutoff=[12.0, 12.0])
    >>> few.time_on_treatment.tolist(), few.switched.tolist()
    ([6.0, 8.0], [True, False])
    """

    time: Array
    event: Array
    treated: Array
    switch: Array
    progression: Array
    cutoff: Array
    covariates: Array
    names: tuple[str, ...] = ()
    later: Array = field(default_factory=lambda: np.zeros((0, 0)))
    later_names: tuple[str, ...] = ()
    visits: Visits | None = None

    @classmethod
    def of(
        cls,
        time: ArrayLike,
        event: ArrayLike,
        treated: ArrayLike,
        switch: ArrayLike,
        *,
        cutoff: ArrayLike | None = None,
        progression: ArrayLike | None = None,
        covariates: Mapping[str, ArrayLike] | None = None,
        later: Mapping[str, ArrayLike] | None = None,
        visits: Visits | None = None,
    ) -> Switchers:
        """Check columns of numbers, one value for each patient.

        Parameters
        ----------
        time, event, treated : Array (patient,)
            See the attributes. [unit of time, 0 or 1, 0 or 1]
        switch : Array (patient,)
            Not after `time`; inf or nan: never. [unit of time]
        cutoff : Array (patient,), optional
            Not before `time`; without it nothing can be re-censored. [unit of time]
        progression : Array (patient,), optional
            Not after `time`; inf or nan: never. Who switches without it, or before it, has it then. [unit of time]
        covariates, later : mapping of str -> Array (patient,), optional
            At randomisation; at progression. [any]
        visits : Visits, optional
            What was recorded of them.

        Returns
        -------
        Switchers
            With inf for what did not happen, or is not known.

        Raises
        ------
        ValueError
            Values that cannot be; of each rule the first patient with one, counted from 1.
        """
        times = np.asarray(time, dtype=np.float64).reshape(-1)
        n = len(times)
        baseline, at_progression = dict(covariates or {}), dict(later or {})

        def column(x: ArrayLike | None, *, missing: float = NEVER) -> Array:
            if x is None:
                return np.full(n, missing)
            values = np.asarray(x, dtype=np.float64).reshape(-1)
            return np.where(np.isnan(values), missing, values)

        columns = {"time": times, "event": np.asarray(event, dtype=np.float64).reshape(-1)}
        columns |= {"treated": np.asarray(treated, dtype=np.float64).reshape(-1), "switch": column(switch)}
        columns |= {"progression": column(progression), "cutoff": column(cutoff)}
        numbers = {name: np.asarray(x, dtype=np.float64).reshape(-1) for name, x in (baseline | at_progression).items()}
        for name, values in (columns | numbers).items():
            if len(values) != n:
                raise ValueError(f"{name}: found {len(values)} values; expected {n}, one for each time")
        wrong = [str(fault) for fault in switching_faults(columns, numbers)]
        if wrong:
            raise ValueError("; ".join(wrong))

        def matrix(given: Mapping[str, ArrayLike]) -> Array:
            return np.column_stack([numbers[name] for name in given]) if given else np.zeros((n, 0))

        progressed = columns["progression"]
        if progression is not None:
            progressed = np.minimum(progressed, columns["switch"])
        return cls(
            columns["time"],
            columns["event"],
            columns["treated"],
            columns["switch"],
            progressed,
            columns["cutoff"],
            matrix(baseline),
            tuple(baseline),
            matrix(at_progression),
            tuple(at_progression),
            visits,
        )

    @property
    def n(self) -> int:
        """How many. [patients]."""
        return len(self.time)

    @property
    def switched(self) -> NDArray[np.bool_]:
        """Who did, Array (patient,). [0 or 1]."""
        return np.isfinite(self.switch)

    @property
    def time_on_treatment(self) -> Array:
        """Time on the treatment under study, or after its beginning, Array (patient,). [unit of time]."""
        until = np.minimum(self.switch, self.time)
        return np.where(self.treated == 1.0, until, self.time - until)

    @property
    def can_be_recensored(self) -> bool:
        """Whether the time to the data cut is known of everybody."""
        return bool(np.isfinite(self.cutoff).all())

    def resampled(self, chosen: NDArray[np.intp]) -> Switchers:
        """Some patients, of whom one may come twice.

        Parameters
        ----------
        chosen : Array (patient,)
            Counted from 0. [number]

        Returns
        -------
        Switchers
            In that order.
        """
        return replace(
            self,
            time=self.time[chosen],
            event=self.event[chosen],
            treated=self.treated[chosen],
            switch=self.switch[chosen],
            progression=self.progression[chosen],
            cutoff=self.cutoff[chosen],
            covariates=self.covariates[chosen],
            later=self.later[chosen],
            visits=None if self.visits is None else self.visits.of(chosen),
        )


def switching_faults(columns: Mapping[str, Array], numbers: Mapping[str, Array]) -> Iterator[Fault]:
    """Yield what cannot be in the columns of a trial with switching.

    Parameters
    ----------
    columns : mapping of str -> Array (patient,)
        By the names time, event, treated, switch, progression, cutoff; inf for what did not happen. [unit of time]
    numbers : mapping of str -> Array (patient,)
        Covariates. [any]

    Yields
    ------
    Fault
        One for each rule that is broken.

    Examples
    --------
    >>> never, one = np.full(1, np.inf), np.ones(1)
    >>> columns = {"time": 5 * one, "event": one, "treated": 0 * one, "switch": 7 * one}
    >>> [str(fault) for fault in switching_faults({**columns, "progression": never, "cutoff": never}, {})]
    ['switch of patient 1: found 7; expected a time from 0 to its own death or censoring, or none']
    """
    time = columns["time"]
    n = len(time)
    found = list(
        faults_of({"time": time, "event": columns["event"], "entry": np.zeros(n), "weight": np.ones(n), **numbers})
    )
    yield from found
    if any(fault.column == "time" for fault in found):
        return
    moment = "a time from 0 to its own death or censoring, or none"
    rules = (
        ("treated", np.isin(columns["treated"], (0.0, 1.0)), "1 for the treatment's arm or 0 for the control's"),
        ("switch", _within(columns["switch"], time), moment),
        ("progression", _within(columns["progression"], time), moment),
        ("cutoff", columns["cutoff"] >= time, "no less than its own time to death or censoring"),
    )
    for name, holds, expected in rules:
        rows = np.flatnonzero(~holds)
        if len(rows):
            yield Fault(name, rows, float(columns[name][rows[0]]), expected)


def _within(moment: Array, time: Array) -> NDArray[np.bool_]:
    return np.asarray((moment == NEVER) | ((moment >= 0.0) & (moment <= time)), dtype=np.bool_)
