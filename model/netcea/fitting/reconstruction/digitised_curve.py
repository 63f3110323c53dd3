"""A digitised curve: points clicked on it and what was printed with it, repaired where clicks slipped, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.fitting.reconstruction.clicks import Pattern
from netcea.fitting.reconstruction.monotone import never_rising
from netcea.plain_number import read

SurvivalUnit: TypeAlias = Literal["fraction", "percent"]
FEWEST: Final = 5
"""Points of a curve, beside its start."""
MOST_POINTS: Final = 20_000
"""Points of a curve."""
OUTSIDE: Final = 0.05
"""By which a point may lie outside 0 to 1, and survival may rise, before it is no slip of a click. [share]"""
BACKWARD: Final = 0.05
"""By which times may go back from one click to the next and still be in the order of the curve. [share of the axis]"""
BEFORE: Final = 0.05
"""By which a time may lie before 0. [share of the axis]"""
SIDEWAYS: Final = 0.03
"""By which a click may have slipped in time. [share of the axis]"""
BEYOND: Final = 1.2
"""How far beyond the end of the curve patients may be at risk, and three times that the other way. [ratio]"""


class Slip(NamedTuple):
    """What cannot be in a digitised curve.

    Attributes
    ----------
    row : int
        Counted from 0; -1 for the curve as a whole.
    column : str
        time, survival or at_risk.
    found, expected, suggestion : str
        In words.
    """

    row: int
    column: str
    found: str
    expected: str
    suggestion: str = ""


class NotACurveError(ValueError):
    """A digitised curve that cannot be used.

    Parameters
    ----------
    *slips : Slip
        Why.
    """

    def __init__(self, *slips: Slip) -> None:
        self.slips = slips
        super().__init__("; ".join(f"{one.column}: found {one.found}; expected {one.expected}" for one in slips))


@dataclass(frozen=True)
class Repair:
    """What was mended in a curve.

    Attributes
    ----------
    what : str
        In words.
    points : int
        How many.
    largest : float or None
        Change. [share, or unit of time]
    """

    what: str
    points: int
    largest: float | None = None

    def __str__(self) -> str:
        size = "" if self.largest is None else f", by {read(self.largest, 2)} at most"
        return f"{self.what}: {self.points:,} point{'s' if self.points != 1 else ''}{size}"


@dataclass(frozen=True, eq=False)
class DigitisedCurve:
    """A curve as it was clicked and printed.

    Attributes
    ----------
    time, survival : Array (click,)
        In the order of the curve; the first is (0, 1). [unit of time], [share]
    at_risk_times : Array (time,)
        The first is 0. [unit of time]
    at_risk : Array (time,)
        Never rising; the first is the number of patients. [patients]
    events : int or None
        In all. [patients]
    pattern : Pattern or None
        Where the clicks were made, if the user says.
    survival_unit : {'fraction', 'percent'}
        In which survival was given.
    repairs : tuple of Repair
        What was mended.
    """

    time: Array
    survival: Array
    at_risk_times: Array
    at_risk: Array
    events: int | None
    pattern: Pattern | None
    survival_unit: SurvivalUnit
    repairs: tuple[Repair, ...]

    @property
    def patients(self) -> int:
        """How many. [patients]."""
        return int(self.at_risk[0])


def digitised_curve(
    time: Array,
    survival: Array,
    at_risk: tuple[Array, Array] | None = None,
    patients: int | None = None,
    events: int | None = None,
    pattern: Pattern | None = None,
    survival_unit: SurvivalUnit | None = None,
) -> DigitisedCurve:
    """Check a digitised curve, and mend what is a slip of a click.

    Parameters
    ----------
    time, survival : Array (point,)
        In any order. [unit of time], [share or percent]
    at_risk : tuple of Array (time,), optional
        Times and numbers at risk. [unit of time], [patients]
    patients : int, optional
        At the start; needed where the numbers at risk do not say. [patients]
    events : int, optional
        In all. [patients]
    pattern : {'steps', 'corners', 'anywhere'}, optional
        Where the clicks were made.
    survival_unit : {'fraction', 'percent'}, optional
        Found out where it is left out.

    Returns
    -------
    DigitisedCurve
        From (0, 1), with what was mended.

    Raises
    ------
    NotACurveError
        Fewer than `FEWEST` points; survival that rises, or lies outside 0 to 1, by more than `OUTSIDE`; a unit that
        cannot be told; numbers at risk that rise, or do not go with the curve.

    Examples
    --------
    >>> t = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    >>> found = digitised_curve(t, np.array([90.0, 80.0, 81.0, 60.0, 50.0]), patients=20)
    >>> found.survival_unit, [str(repair) for repair in found.repairs]
    ('percent', ['start at (0, 1) added: 1 point', 'survival that rises: 1 point, by 0.01 at most'])
    """
    slips = list(_wrong_numbers(time, survival))
    if slips:
        raise NotACurveError(*slips)
    unit = survival_unit or _unit_of(survival)
    share = survival / 100.0 if unit == "percent" else survival
    slips = list(_outside(time, share, unit))
    if slips:
        raise NotACurveError(*slips)
    repairs: list[Repair] = []
    t, s = _ordered(time, share, repairs)
    t, s = _within(t, s, repairs)
    _note_rises(t, s, repairs)
    times, numbers = _at_risk(at_risk, patients, events, float(t[-1]))
    return DigitisedCurve(t, s, times, numbers, events, pattern, unit, tuple(repairs))


def _wrong_numbers(time: Array, survival: Array) -> Iterator[Slip]:
    for name, column in (("time", time), ("survival", survival)):
        bad = np.flatnonzero(~np.isfinite(column))
        if len(bad):
            yield Slip(int(bad[0]), name, read(float(column[bad[0]])), "a number")
            return
    distinct = len(np.unique(np.column_stack([time, survival]), axis=0)) if len(time) else 0
    if distinct < FEWEST:
        hint = "click every step of the curve, or at least 50 points along it"
        yield Slip(-1, "", f"a curve of {distinct} different points", f"{FEWEST} or more", hint)
    elif len(time) > MOST_POINTS:
        yield Slip(-1, "", f"{len(time):,} points", f"at most {MOST_POINTS:,}", "are these patients, not a curve?")
    elif float(time.max()) <= 0.0:
        yield Slip(int(np.argmax(time)), "time", f"{read(float(time.max()))} as the last time", "a time after 0")


def _unit_of(survival: Array) -> SurvivalUnit:
    """Return whether survival is a fraction or in percent, from its highest point."""
    highest = int(np.argmax(survival))
    top = float(survival[highest])
    if 0.5 <= top <= 1.0 + OUTSIDE:
        return "fraction"
    if 50.0 <= top <= 100.0 * (1.0 + OUTSIDE):
        return "percent"
    found = f"{read(top)} as the highest survival"
    hint = "say which it is: --survival-unit fraction or percent; is it the curve's own axis, from its start?"
    raise NotACurveError(
        Slip(highest, "survival", found, "about 1 (fraction) or about 100 (percent) at the start", hint)
    )


def _outside(time: Array, share: Array, unit: SurvivalUnit) -> Iterator[Slip]:
    factor = 100.0 if unit == "percent" else 1.0
    order = np.argsort(time, kind="stable")
    half = len(order) // 2
    if len(order) > 1 and np.median(share[order[:half]]) + OUTSIDE < np.median(share[order[half:]]):
        hint = "is it cumulative incidence? give 1 minus it; or are the columns mixed up? name them"
        yield Slip(-1, "survival", "a curve that rises", "survival, which falls", hint)
        return
    for row in np.flatnonzero((share > 1.0 + OUTSIDE) | (share < -OUTSIDE)).tolist():
        yield Slip(row, "survival", read(float(share[row]) * factor), f"0 to {read(factor)}")
    for row in np.flatnonzero(time < -BEFORE * time.max()).tolist():
        yield Slip(row, "time", read(float(time[row])), "0 or more")


def _ordered(time: Array, share: Array, repairs: list[Repair]) -> tuple[Array, Array]:
    """Return points in the order of the curve; survival keeps the order of the clicks where they go along it."""
    _, first = np.unique(np.column_stack([time, share]), axis=0, return_index=True)
    if len(first) < len(time):
        repairs.append(Repair("clicked twice, used once", len(time) - len(first)))
    t, s = time[np.sort(first)], share[np.sort(first)]
    if np.median(np.diff(t)) < 0.0:
        t, s = t[::-1], s[::-1]
    back = np.maximum.accumulate(t) - t
    span = float(t.max())
    if float(back.max()) <= BACKWARD * span:
        if back.max() > 0.0:
            repairs.append(Repair("times that go back, put in order", int((back > 0.0).sum()), float(back.max())))
        return np.sort(t), s
    order = np.lexsort((-s, t))
    return t[order], s[order]


def _within(time: Array, share: Array, repairs: list[Repair]) -> tuple[Array, Array]:
    """Return points between 0 and 1 from (0, 1)."""
    outside = np.maximum(share - 1.0, 0.0) + np.maximum(-share, 0.0)
    early = np.maximum(-time, 0.0)
    for what, by in (("survival outside 0 to 1", outside), ("time before 0", early)):
        if (by > 0.0).any():
            repairs.append(Repair(what, int((by > 0.0).sum()), float(by.max())))
    after = time > 0.0
    at_start = ~after & (np.abs(share - 1.0) <= OUTSIDE)
    if not at_start.any():
        repairs.append(Repair("start at (0, 1) added", 1))
    if (~after & ~at_start).any():
        repairs.append(Repair("points at time 0 below 1, left out", int((~after & ~at_start).sum())))
    return np.concatenate([[0.0], time[after]]), np.concatenate([[1.0], np.clip(share[after], 0.0, 1.0)])


def _note_rises(time: Array, share: Array, repairs: list[Repair]) -> None:
    """Note by how much survival rises from one click to a later one; refuse more than a slip."""
    by = share - np.minimum.accumulate(share)
    level, slip = never_rising(share), SIDEWAYS * float(time[-1])
    high = level[np.searchsorted(time, time - slip, side="left")]
    low = level[np.searchsorted(time, time + slip, side="right") - 1]
    level = np.maximum(share - high, 0.0) + np.maximum(low - share, 0.0)
    worst = int(np.argmax(level))
    if level[worst] > OUTSIDE:
        found = f"survival that rises by {read(float(by.max()), 2)} near point {worst + 1}, counted along the curve"
        hint = "is it one curve? give each arm its own file, or a column that says which arm a point is of"
        raise NotACurveError(
            Slip(-1, "survival", found, f"a curve that falls, but for slips up to {read(OUTSIDE)}", hint)
        )
    if (by > 0.0).any():
        repairs.append(Repair("survival that rises", int((by > 1e-12).sum()), float(by.max())))


def _at_risk(
    at_risk: tuple[Array, Array] | None, patients: int | None, events: int | None, end: float
) -> tuple[Array, Array]:
    """Return times and numbers at risk from the start, checked."""
    times, numbers = (np.zeros(0), np.zeros(0)) if at_risk is None else at_risk
    slips = list(_wrong_at_risk(times, numbers, end))
    if slips:
        raise NotACurveError(*slips)
    if len(times) and times[0] == 0.0:
        if patients is not None and patients != int(numbers[0]):
            found = f"{patients:,} patients, and {int(numbers[0]):,} at risk at time 0"
            raise NotACurveError(Slip(0, "at_risk", found, "the same number"))
    elif patients is None:
        hint = "give the number of patients at the start: --patients N"
        raise NotACurveError(Slip(-1, "", "no number of patients", "how many were at risk at time 0", hint))
    else:
        times, numbers = np.append(0.0, times), np.append(float(patients), numbers)
    if numbers[0] < 1.0 or (len(numbers) > 1 and numbers[1] > numbers[0]):
        raise NotACurveError(
            Slip(0, "at_risk", f"{read(float(numbers[0]))} patients at the start", "all who were at risk")
        )
    if events is not None and not 0 <= events <= numbers[0]:
        raise NotACurveError(
            Slip(-1, "", f"{events:,} events of {int(numbers[0]):,} patients", "no more than the patients")
        )
    return times, numbers


def _wrong_at_risk(times: Array, numbers: Array, end: float) -> Iterator[Slip]:
    for row in np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0.0) & (numbers == np.round(numbers)))).tolist():
        yield Slip(row, "at_risk", read(float(numbers[row])), "a whole number of patients")
    for row in (np.flatnonzero(np.diff(numbers) > 0.0) + 1).tolist():
        found = f"{read(float(numbers[row]))} after {read(float(numbers[row - 1]))}"
        yield Slip(row, "at_risk", found, "numbers at risk that never rise", "is it another arm's row?")
    wrong = np.flatnonzero((np.diff(times, prepend=-1e-9) <= 0.0) | ~np.isfinite(times)).tolist()
    for row in wrong:
        yield Slip(row, "time", read(float(times[row])), "times from 0 that rise, each once")
    at = times[numbers > 0.0]
    if wrong or not len(at):
        return
    hint = "are both in the same unit of time?"
    if at[-1] > BEYOND * end:
        found = f"patients at risk at {read(float(at[-1]))}, and a curve that ends at {read(end, 4)}"
        yield Slip(int(np.flatnonzero(numbers > 0.0)[-1]), "time", found, "numbers at risk along the curve", hint)
    elif len(times) > 3 and end > 3.0 * BEYOND * times[-1]:
        found = f"numbers at risk until {read(float(times[-1]))}, and a curve that ends at {read(end, 4)}"
        yield Slip(len(times) - 1, "time", found, "numbers at risk along the curve", hint)
