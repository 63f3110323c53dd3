"""The axes of a panel: from places on the page to times and survival, by tick labels or by points that a user names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.evidence.vector.shapes import Drawing, Label
from netcea.plain_number import read

_NUMBER: Final = re.compile(r"[-+\u2212]?(?:\d+[.,]?\d*|[.,]\d+)\s*%?")
STRAIGHT: Final = 2e-3
"""Of an axis, by which its tick labels may stand off a straight line."""
TICK: Final = 0.03
"""Of the page, the longest tick mark."""


@dataclass(frozen=True)
class Axis:
    """Value = first + each x place.

    Attributes
    ----------
    first, each : float
        [unit of the axis], [unit of the axis / page unit]
    low, high : float
        Between which its ticks lie. [unit of the axis]
    at_ticks : bool
        Whether tick marks were found, or the middles of labels taken.
    values : tuple of float
        At its labels. [unit of the axis]
    """

    first: float
    each: float
    low: float
    high: float
    at_ticks: bool = True
    values: tuple[float, ...] = ()

    def value(self, place: Array) -> Array:
        """Return values of places on the page. [unit of the axis]

        Parameters
        ----------
        place : Array
            [page units]
        """
        return np.asarray(self.first + self.each * place, dtype=np.float64)

    def labelled(self, value: float) -> float:
        """Return the value of a label that is meant, or the value itself where none is near. [unit of the axis]

        Parameters
        ----------
        value : float
            [unit of the axis]

        Examples
        --------
        >>> through([(0.0, 0.0), (100.0, 12.0)]).labelled(11.96)
        12.0
        """
        near = min(self.values, key=lambda known: abs(known - value), default=value)
        return near if abs(near - value) < 0.01 * (self.high - self.low) else value


class NoAxisError(ValueError):
    """No axis was found; the text says why."""


def number_of(text: str) -> float | None:
    """Return the number that a label is, percent as a share; None where it is none.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> number_of("12"), number_of("75%"), number_of("0,5"), number_of("Months")
    (12.0, 0.75, 0.5, None)
    """
    plain = text.strip().replace("\u2212", "-")
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain.rstrip("% ").replace(",", "."))
    return value / 100.0 if plain.endswith("%") else value


def through(points: Sequence[tuple[float, float]]) -> Axis:
    """Return the axis through places whose values are known.

    Parameters
    ----------
    points : sequence of (place, value)
        Two or more. [page units, unit of the axis]

    Raises
    ------
    NoAxisError
        Fewer than two places; values that do not rise or fall evenly.

    Examples
    --------
    >>> through([(100.0, 0.0), (300.0, 12.0)]).value(np.array([200.0])).tolist()
    [6.0]
    """
    place, value = (np.array(x, dtype=np.float64) for x in zip(*points, strict=True)) if points else (np.zeros(0),) * 2
    if len(np.unique(place)) < 2 or np.ptp(value) <= 0.0:
        raise NoAxisError("fewer than two places with different values")
    each, first = np.polyfit(place - place.mean(), value, 1)
    first -= each * place.mean()
    off = float(np.abs(first + each * place - value).max() / np.ptp(value))
    if off > STRAIGHT:
        raise NoAxisError(f"values stand off a straight line by {read(100.0 * off, 2)}% of the axis")
    return Axis(float(first), float(each), float(value.min()), float(value.max()), values=tuple(value.tolist()))


def x_axis(drawing: Drawing) -> Axis:
    """Return the axis of times from labels in a row below which nothing of the kind rises.

    Parameters
    ----------
    drawing : Drawing

    Raises
    ------
    NoAxisError
        No row of numbers that rise evenly to the right.
    """
    return _axis(drawing, across=True)


def y_axis(drawing: Drawing) -> Axis:
    """Return the axis of survival from labels in a column: shares, or percent.

    Parameters
    ----------
    drawing : Drawing

    Raises
    ------
    NoAxisError
        No column of numbers that rise evenly upwards.
    """
    return _axis(drawing, across=False)


def _axis(drawing: Drawing, *, across: bool) -> Axis:
    best: tuple[int, float, Axis] | None = None
    for group in _with_one_less(_groups(drawing.labels, across=across)):
        found = _ticks(drawing, group, across=across)
        try:
            axis = through([(place, value) for place, value, _ in found])
        except NoAxisError:
            continue
        if (axis.each > 0.0) != across:  # times rise to the right, survival upwards
            continue
        axis = replace(axis, at_ticks=all(at for *_, at in found))
        rank = (len(found), -_height(group) if across else 0.0)
        if best is None or rank > best[:2]:
            best = (*rank, axis)
    if best is None:
        where = "below the panel" if across else "beside the panel"
        raise NoAxisError(f"no evenly spaced numbers {where}")
    return best[2]


def _with_one_less(groups: Sequence[list[Label]]) -> Iterator[list[Label]]:
    """Yield groups, and each without one of its labels: a number that is no tick may stand in their row."""
    for group in groups:
        yield group
        if len(group) > 3:
            for k in range(len(group)):
                yield [*group[:k], *group[k + 1 :]]


def _height(group: Sequence[Label]) -> float:
    return float(np.mean([label.y for label in group]))


def _groups(labels: Sequence[Label], *, across: bool) -> list[list[Label]]:
    """Return numbers that stand in a row, or in a column."""
    numbers = [label for label in labels if number_of(label.text) is not None]
    groups: list[list[Label]] = []
    for label in numbers:
        for group in groups:
            first = group[0]
            near = 0.6 * max(first.height, label.height, 1e-9)
            if across and abs(first.y - label.y) < near:
                group.append(label)
                break
            apart = min(abs(first.right - label.right), abs(first.x - label.x), abs(first.left - label.left))
            if not across and apart < near:
                group.append(label)
                break
        else:
            groups.append([label])
    return [group for group in groups if len(group) > 1]


def _ticks(drawing: Drawing, group: Sequence[Label], *, across: bool) -> list[tuple[float, float, bool]]:
    """Return place and value of each label: of the tick mark next to it, where there is one."""
    axis = 0 if across else 1
    extent = max((float(line.high.max()) for line in drawing.lines), default=1.0)
    marks = [
        line.middle
        for line in drawing.lines
        if len(line.points) == 2 and line.size[axis] < 1e-3 * extent and 0.0 < line.size[1 - axis] < TICK * extent
    ]
    found = []
    for label in group:
        own = label.x if across else label.y
        away = label.y if across else (label.left + label.right) / 2.0
        near = 0.75 * max(label.height, label.right - label.left if across else label.height)
        beside = [m for m in marks if abs(m[axis] - own) < near and abs(m[1 - axis] - away) < 6.0 * label.height]
        value = number_of(label.text)
        if value is not None:
            closest = min(beside, key=lambda m: abs(m[axis] - own), default=None)
            found.append((own if closest is None else float(closest[axis]), value, closest is not None))
    if not all(at for *_, at in found):
        return [
            (label.x if across else label.y, value, False)
            for label in group
            if (value := number_of(label.text)) is not None
        ]
    return found
