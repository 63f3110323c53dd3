"""Patients from a digitised curve: times and events that give the curve, its numbers at risk and its total back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.patients import Patients
from netcea.fitting.reconstruction.along import at_the_steps
from netcea.fitting.reconstruction.clicks import Levels, Pattern, levels_of
from netcea.fitting.reconstruction.counted import counted_patients
from netcea.fitting.reconstruction.counts import Counts, Interval, State, count_after, count_between
from netcea.fitting.reconstruction.exact import exact_patients
from netcea.fitting.reconstruction.monotone import never_rising

FURTHEST: Final = 3.0
"""How far levels are moved to meet a total of events, over the standard error that the clicks leave to that total."""
HALVINGS: Final = 30
"""Of the move, at most."""
MOST_CENSORED: Final = 3.0
"""Factor by which events may be fewer than without censoring, when it is told how the curve was clicked. [ratio]"""


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """Patients reconstructed from a curve.

    Attributes
    ----------
    patients : Patients
        Sorted by time, events before censorings.
    levels : Levels
        The curve below the clicks.
    censoring_assumed : bool
        Whether nothing says when patients were censored: without numbers at risk and total events, none before the end.
    moved : float
        How far the levels were moved for the total of events, over its standard error; 0 where they were not. [1]
    """

    patients: Patients
    levels: Levels
    censoring_assumed: bool
    moved: float


@dataclass(frozen=True, eq=False)
class _Curve:
    levels: Levels
    times: Array
    numbers: Array
    end: float
    events: int | None

    def counts(self, survival: Array) -> list[Counts]:
        """Count patients, interval by interval, along levels."""
        state, found = State(int(self.numbers[0]), 1.0), []
        for j in range(len(self.times) - 1):
            interval = self._interval(float(self.times[j]), float(self.times[j + 1]), survival)
            found.append(count_between(interval, state, int(self.numbers[j] - self.numbers[j + 1])))
            state = found[-1].end
        if self.end > self.times[-1]:
            interval = self._interval(float(self.times[-1]), self.end, survival)
            wanted = None if self.events is None else max(self.events - _events(found), 0)
            found.append(count_after(interval, state, _hazard(found, self.times, self.numbers), wanted))
        return found

    def _interval(self, start: float, end: float, survival: Array) -> Interval:
        """Return an interval; an event on a time at which numbers at risk are known counts as at risk then."""
        time, at_ends = self.levels.time, self.levels.pattern == "steps"
        is_last = start >= self.times[-1]
        own = (time >= start) & (time > 0.0) & ((time < end) | is_last)
        ends, level = time[own], survival[own]
        counted = None if self.levels.expected is None else np.append(0.0, self.levels.expected)[own]
        clicked = is_last and len(ends) > 0 and bool(ends[-1] >= end)
        if not clicked:
            before = self.levels.at(np.array([np.nextafter(end, 0.0)]), survival)
            ends, level = np.append(ends, end), np.append(level, before)
            counted = None if counted is None else np.append(counted, 0.0)
        return Interval(start, ends, level, self.levels.noise, at_ends, clicked, counted)


def _hazard(found: list[Counts], times: Array, numbers: Array) -> float:
    """Return the hazard of censoring in the last two intervals. [1 / unit of time]."""
    if not found:
        return 0.0
    last = found[-2:]
    at = (numbers[:-1] + numbers[1:])[-len(last) :] / 2.0
    person_time = float((at * np.diff(times)[-len(last) :]).sum())
    return sum(int(one.censored.sum()) for one in last) / person_time if person_time > 0.0 else 0.0


def _events(found: list[Counts]) -> int:
    return sum(int(one.events.sum()) for one in found)


def reconstruct(
    time: Array,
    survival: Array,
    at_risk: tuple[Array, Array],
    events: int | None = None,
    pattern: Pattern | None = None,
) -> Reconstruction:
    """Reconstruct patients from a digitised Kaplan-Meier curve.

    Parameters
    ----------
    time, survival : Array (click,)
        In the order of the curve; the first is (0, 1). [unit of time], [share]
    at_risk : tuple of Array (time,)
        Times, the first 0, and numbers at risk then, never rising; the first alone where no others are published.
        [unit of time], [patients]
    events : int, optional
        In all. [patients]
    pattern : {'steps', 'corners', 'anywhere'}, optional
        Where the clicks were made; found where it is left out.

    Returns
    -------
    Reconstruction
        Numbers at risk are met exactly.

    Notes
    -----
    A curve that is known to many digits is read off exactly (`exact_patients`). Else Guyot's problem is solved in two
    steps in place of an iteration: the levels of the curve are estimated together with
    the noise of the clicks (`levels_of`), then whole patients are counted between the numbers at risk (`count_between`)
    and after the last (`count_after`). A total of events sets the censoring after the last number at risk, then moves
    the levels where the clicks are least sure, up to three standard errors; beyond that it is not met. Every loop runs
    over clicks, numbers at risk or a fixed number of halvings, so that it ends.

    References
    ----------
    Guyot, Ades, Ouwens and Welton (2012), BMC Med Res Methodol 12:9.

    Examples
    --------
    Four patients: deaths at 1 and 3, one censored between them, one at 4.

    >>> found = reconstruct(np.array([0.0, 1.0, 3.0, 4.0]), np.array([1.0, 0.75, 0.375, 0.375]),
    ...     (np.array([0.0, 2.5]), np.array([4, 2])), 2, "steps")
    >>> found.patients.time[found.patients.event == 1.0].tolist(), found.patients.n
    ([1.0, 3.0], 4)
    """
    times, numbers = at_risk
    is_bare = len(times) == 1
    known = _constant_censoring(time, survival, int(numbers[0]), events) if is_bare and events is not None else at_risk
    levels = levels_of(time, survival, known, pattern, MOST_CENSORED if is_bare and events is None else 1.0)
    curve = _Curve(levels, times, numbers, max(float(time[-1]), _last_at_risk(at_risk)), events)
    exact = None if levels.pattern == "anywhere" else exact_patients(time, survival, at_risk, curve.end)
    if exact is not None and events in (None, len(exact[0])):
        return Reconstruction(_sorted(*exact), levels, censoring_assumed=False, moved=0.0)
    counted = None if pattern == "anywhere" else counted_patients(time, survival, at_risk, levels, curve.end, events)
    if counted is not None:
        patients = _sorted(counted.died, counted.censored)
        return Reconstruction(patients, replace(levels, pattern=counted.pattern), censoring_assumed=False, moved=0.0)
    found, moved = _meeting(curve)
    patients = _patients(found, curve)
    if levels.pattern == "anywhere" and not is_bare:
        died = patients.event == 1.0
        clicks = time, survival
        moved_to = at_the_steps(patients.time[died], patients.time[~died], clicks, at_risk, levels, curve.end)
        patients = patients if moved_to is None else _sorted(*moved_to)
    return Reconstruction(patients, levels, is_bare and events is None, moved)


def _constant_censoring(time: Array, survival: Array, n: int, events: int) -> tuple[Array, Array]:
    """Return times, and numbers at risk then if a constant hazard of censoring leaves so many events."""
    level = never_rising(survival)
    lost, past = -np.diff(level), time / max(float(time[-1]), 1e-12)
    low, high = 0.0, 50.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if n * float(lost @ np.exp(-middle * past[1:])) > events else (low, middle)
    where = np.linspace(0.0, float(time[-1]), 25)
    return where, n * np.interp(where, time, level) * np.exp(-low * np.linspace(0.0, 1.0, 25))


def _last_at_risk(at_risk: tuple[Array, Array]) -> float:
    return float(at_risk[0][np.flatnonzero(at_risk[1] > 0)[-1]])


def _meeting(curve: _Curve) -> tuple[list[Counts], float]:
    """Return counts that meet the total of events where the clicks allow it, and how far the levels were moved."""
    survival = curve.levels.survival
    found = curve.counts(survival)
    if curve.events is None or _events(found) == curve.events:
        return found, 0.0
    n = np.interp(curve.levels.time, curve.times, curve.numbers.astype(np.float64))
    weight = n / np.maximum(survival, 1e-3)
    direction = -np.concatenate([weight[:-1] - weight[1:], weight[-1:]])[1:]
    moves, _ = curve.levels.tilted(direction)
    low, high = sorted((0.0, FURTHEST if _events(found) < curve.events else -FURTHEST))
    best, moved = found, 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        tried = curve.counts(np.clip(np.minimum.accumulate(survival + middle * moves), 0.0, 1.0))
        if abs(_events(tried) - curve.events) < abs(_events(best) - curve.events):
            best, moved = tried, middle
        if _events(tried) == curve.events:
            return tried, middle
        low, high = (middle, high) if _events(tried) < curve.events else (low, middle)
    return best, moved


def _patients(found: list[Counts], curve: _Curve) -> Patients:
    """Return the patients of all intervals; who is left at the end is censored there."""
    parts = [one.times() for one in found]
    left = found[-1].end.at_risk if found else int(curve.numbers[0])
    died = np.concatenate([np.zeros(0), *(one[0] for one in parts)])
    censored = np.concatenate([*(one[1] for one in parts), np.full(left, curve.end)])
    return _sorted(died, censored)


def _sorted(died: Array, censored: Array) -> Patients:
    time = np.concatenate([died, censored])
    event = np.concatenate([np.ones(len(died)), np.zeros(len(censored))])
    order = np.lexsort((-event, time))
    return Patients.of(time[order], event[order])
