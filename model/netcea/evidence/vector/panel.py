"""One panel: its curves, censoring marks and numbers at risk, in the units of its axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.evidence.vector.axes import Axis, number_of
from netcea.evidence.vector.shapes import Drawing, Label, Line

FEWEST: Final = 4
"""Points of a curve."""
ROUNDING: Final = 2e-3
"""Of an axis, by which a curve may go back or rise."""
SMALL: Final = 0.035
"""Of the panel, the largest censoring mark."""
ON_CURVE: Final = 6e-3
"""Of the panel, by which the middle of a mark may stand off its curve."""


@dataclass(frozen=True, eq=False)
class FoundCurve:
    """A survival curve of a figure.

    Attributes
    ----------
    name : str
        From the legend, or its colour.
    stroke : str
        Its colour.
    time, survival : Array (point,)
        Corners of the curve, from the start. [unit of time], [share]
    censored : Array (mark,)
        Times of censoring marks, rising. [unit of time]
    at_risk : tuple of (float, int)
        Times and numbers at risk, where the figure has them in text. [unit of time], [patients]
    """

    name: str
    stroke: str
    time: Array
    survival: Array
    censored: Array
    at_risk: tuple[tuple[float, int], ...] = ()


def curves_of(drawing: Drawing, x: Axis, y: Axis) -> list[FoundCurve]:
    """Return the survival curves of a panel, from the top down at their ends.

    Lines that begin at 1 with the first time, never go back and never rise; of one colour the solid before the dashed
    (which are limits of confidence), and the longest of those that follow each other.

    Parameters
    ----------
    drawing : Drawing
    x, y : Axis
        Of times and survival.
    """
    found = []
    for line in _joined(drawing.lines):
        if line.closed or line.filled:
            continue
        time, survival = x.value(line.points[:, 0]), y.value(line.points[:, 1])
        if _is_survival(time, survival, x, y):
            found.append((line, time, survival))
    solid = {line.stroke for line, *_ in found if not line.dashed}
    kept = [one for one in found if not one[0].dashed or one[0].stroke not in solid]
    kept = _one_of_each_colour(kept)
    curves = [
        FoundCurve(_name(drawing, line), line.stroke, *_cleaned(time, survival), _censored(drawing, line, x, y))
        for line, time, survival in kept
    ]
    curves.sort(key=lambda curve: -float(curve.survival[-1]))
    return _with_numbers_at_risk(drawing, _distinct(curves), x)


def _is_survival(time: Array, survival: Array, x: Axis, y: Axis) -> bool:
    wide, high = x.high - x.low, max(y.high - y.low, 0.2)
    if len(time) < FEWEST or np.ptp(time) < 0.1 * wide or np.ptp(survival) < 0.01:
        return False
    if (np.diff(time) < -ROUNDING * wide).any() or (np.diff(survival) > ROUNDING * high).any():
        return False
    begins = abs(float(time[0])) < 0.05 * wide and float(survival[0]) > 0.9
    inside = float(survival.min()) > -0.02 and float(survival.max()) < 1.02
    return begins and inside


def _one_of_each_colour(found: Sequence[tuple[Line, Array, Array]]) -> list[tuple[Line, Array, Array]]:
    """Return the curve of each colour that lies between the others of it: a curve between its limits; or all apart."""
    kept = []
    for stroke in dict.fromkeys(line.stroke for line, *_ in found):
        mine = [one for one in found if one[0].stroke == stroke]
        if len(mine) == 3:  # a curve and its two limits, all solid
            mine = [sorted(mine, key=lambda one: float(np.interp(one[1].max() / 2.0, one[1], one[2])))[1]]
        kept += mine
    return kept


def _joined(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines, those of one colour that begin where the one before ends put together."""
    open_: Line | None = None
    for line in lines:
        if open_ is not None and _follows(open_, line):
            open_ = replace(open_, points=np.concatenate([open_.points, line.points[1:]]))
            continue
        if open_ is not None:
            yield open_
        open_ = line
    if open_ is not None:
        yield open_


def _follows(before: Line, line: Line) -> bool:
    """Say whether a line goes on where another of its kind ends."""
    alike = (before.stroke, before.dashed) == (line.stroke, line.dashed) and not line.closed and not before.closed
    near = 1e-4 * float(np.abs(line.points).max(initial=1.0))
    return alike and float(np.abs(before.points[-1] - line.points[0]).max()) < near


def _cleaned(time: Array, survival: Array) -> tuple[Array, Array]:
    """Return a curve without what rounding of coordinates does: nothing goes back, nothing rises, shares are shares."""
    rising = np.maximum.accumulate(np.maximum(time, 0.0))
    falling = np.minimum.accumulate(np.clip(survival, 0.0, 1.0))
    if abs(falling[0] - 1.0) < ROUNDING:
        falling[falling > 1.0 - ROUNDING] = 1.0
    rising[rising < ROUNDING * float(rising[-1])] = 0.0
    return rising, falling


def _censored(drawing: Drawing, curve: Line, x: Axis, y: Axis) -> Array:
    """Return times of small marks whose middle lies on a curve, of its colour or of any where none has it."""
    panel = np.array([abs((x.high - x.low) / x.each), abs((y.high - y.low) / y.each)])
    marks: dict[bool, list[float]] = {True: [], False: []}
    for line in drawing.lines:
        if line is curve or not float(line.size.max()) > 0.0 or (line.size > SMALL * panel.max()).any():
            continue
        upright = line.size[1] > line.size[0] * 3.0 or line.closed or len(line.points) > 2
        if upright and _lies_on(curve.points, line.middle, ON_CURVE * panel) and not _is_part(curve, line):
            marks[line.stroke == curve.stroke].append(float(x.value(line.middle[:1])[0]))
    times = np.sort(np.array(marks[True] or marks[False]))
    if not len(times):
        return np.zeros(0)
    apart = np.diff(times, prepend=-np.inf) > 1e-6 * (x.high - x.low)
    return np.asarray(np.maximum(times[apart], 0.0), dtype=np.float64)


def _is_part(curve: Line, line: Line) -> bool:
    """Say whether a short line is a step of the curve itself, drawn apart."""
    if len(line.points) != 2:
        return False
    off = np.abs(curve.points[:, np.newaxis, :] - line.points[np.newaxis]).max(axis=2)
    return bool((off.min(axis=0) < 1e-3 * float(line.size.max())).all())


def _lies_on(points: Array, place: Array, within: Array) -> bool:
    """Say whether a place lies on a line, within so much across and down."""
    scaled, at = points / within, place / within
    begin, along = scaled[:-1], np.diff(scaled, axis=0)
    length = np.maximum((along**2).sum(axis=1), 1e-300)
    share = np.clip(((at - begin) * along).sum(axis=1) / length, 0.0, 1.0)
    nearest = begin + share[:, np.newaxis] * along
    return bool(((nearest - at) ** 2).sum(axis=1).min(initial=np.inf) < 1.0)


def _name(drawing: Drawing, curve: Line) -> str:
    """Return the text beside a short level line of the curve's colour: its entry in the legend; else its colour."""
    best: tuple[float, str] | None = None
    extent = float(np.ptp(curve.points[:, 0]))
    for line in drawing.lines:
        level = line.size[1] < 0.05 * line.size[0]
        if line is curve or line.stroke != curve.stroke or not level or line.size[0] > 0.3 * extent:
            continue
        for label in drawing.labels:
            beside = label.left - float(line.high[0])
            same_row = abs(label.y - float(line.middle[1])) < 0.8 * label.height
            if same_row and 0.0 <= beside < 4.0 * label.height and number_of(label.text) is None:
                best = min(best or (beside, label.text), (beside, label.text))
    return best[1] if best is not None else curve.stroke


def _distinct(curves: Sequence[FoundCurve]) -> list[FoundCurve]:
    """Return curves with names that differ."""
    named: list[FoundCurve] = []
    for curve in curves:
        names = [other.name for other in named]
        number = 2
        name = curve.name
        while name in names:
            name, number = f"{curve.name} {number}", number + 1
        named.append(replace(curve, name=name))
    return named


def _with_numbers_at_risk(drawing: Drawing, curves: Sequence[FoundCurve], x: Axis) -> list[FoundCurve]:
    """Return curves with numbers at risk: rows of whole numbers below the panel that never rise."""
    rows = list(_rows_of_numbers(drawing.labels, x))
    if len(rows) != len(curves):
        return list(curves)
    by_name = {_first_word(drawing.labels, y): row for y, row in rows}
    if {curve.name for curve in curves} == set(by_name):
        return [replace(curve, at_risk=by_name[curve.name]) for curve in curves]
    if len(curves) == 1:
        return [replace(curves[0], at_risk=rows[0][1])]
    return list(curves)


def _rows_of_numbers(labels: Sequence[Label], x: Axis) -> Iterator[tuple[float, tuple[tuple[float, int], ...]]]:
    rows: list[list[Label]] = []
    for label in sorted((one for one in labels if one.text.strip().isdecimal()), key=lambda one: (one.y, one.x)):
        if rows and abs(rows[-1][0].y - label.y) < 0.6 * label.height:
            rows[-1].append(label)
        else:
            rows.append([label])
    for row in rows:
        ordered = sorted(row, key=lambda one: one.x)
        numbers = [int(one.text) for one in ordered]
        falls = all(a >= b for a, b in pairwise(numbers))
        if len(row) >= 3 and falls and numbers[0] > numbers[-1]:
            times = x.value(np.array([one.x for one in ordered]))
            yield ordered[0].y, tuple((x.labelled(float(t)), n) for t, n in zip(times, numbers, strict=True))


def _first_word(labels: Sequence[Label], y: float) -> str:
    """Return the text at the left of a row."""
    row = [one for one in labels if abs(one.y - y) < 0.6 * one.height and number_of(one.text) is None]
    return min(row, key=lambda one: one.left).text if row else ""
