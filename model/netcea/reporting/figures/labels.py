"""Labels at points, placed where they cover neither a curve nor one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array
from netcea.reporting.figures.axes import size_inches
from netcea.reporting.figures.style import SMALL_SIZE
from netcea.reporting.figures.text import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT: Final = SMALL_SIZE * 1.25
"""Of a line of text [points]."""
_CLEAR: Final = 3.5
"""Between a text and what is at its left or right [points]."""
_RING: Final = 4.5 * np.array([(0.0, 0.0), (0.5, 0.0), (-0.5, 0.0), (0.0, 1.0), (0.0, -1.0)])
"""What a mark covers around its place; a label stands at its left or right [points]."""


@dataclass(frozen=True)
class Label:
    """A text that belongs to a point (in data units)."""

    x: float
    y: float
    text: str
    colour: str


def place_labels(
    axes: Axes,
    labels: Sequence[Label],
    curves: Sequence[tuple[Array, Array]],
    marks: Sequence[tuple[float, float]] = (),
) -> None:
    """Write each label beside its point, at the first place that is free; where none is, farther off, with a stroke.

    Parameters
    ----------
    axes : Axes
        With its limits set; scales linear.
    labels : sequence of Label
    curves : sequence of (x, y)
        Lines to keep clear of, in data units.
    marks : sequence of (x, y)
        Other marks than those of the labels, in data units.
    """
    if not labels:
        return
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    width, height = (72.0 * inches for inches in size_inches(axes))

    def to_points(x: Array, y: Array) -> Array:
        return np.column_stack([(x - left) / (right - left) * width, (y - low) / (high - low) * height])

    points = [_sampled(to_points(np.asarray(x), np.asarray(y))) for x, y in curves]
    at = to_points(np.array([label.x for label in labels]), np.array([label.y for label in labels]))
    others = to_points(np.array([x for x, _ in marks]), np.array([y for _, y in marks]))
    rings = [(np.concatenate([at, others])[:, None] + _RING).reshape(-1, 2)]
    sheet = _Sheet((width, height), np.concatenate([*points, *rings]))
    for label, (x, y) in sorted(zip(labels, at, strict=True), key=lambda pair: tuple(pair[1])):
        wide = text_width(label.text) * 72
        best, joint = sheet.place(float(x), float(y), wide)
        axes.annotate(
            label.text,
            (label.x, label.y),
            xytext=(best[0] - x, best[1] - y),
            textcoords="offset points",
            size=SMALL_SIZE,
            color=label.colour,
            ha="left",
            va="bottom",
            bbox={"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
            annotation_clip=False,
            zorder=6,
        )
        if joint is not None:
            ends = np.array([(x, y), joint])
            across = left + ends[:, 0] / width * (right - left)
            axes.plot(across, low + ends[:, 1] / height * (high - low), color=label.colour, linewidth=0.7, zorder=3.5)


class _Sheet:
    """A panel in points: its size, what labels keep clear of, and the labels placed so far."""

    def __init__(self, room: tuple[float, float], obstacles: Array) -> None:
        self.room, self.obstacles = room, obstacles
        self.taken: list[tuple[float, float, float]] = []

    def place(self, x: float, y: float, wide: float) -> tuple[tuple[float, float], tuple[float, float] | None]:
        """Return the lower left corner of a label, and where a stroke from its mark ends that is not beside it."""
        beside = np.array(_beside(x, y, wide))
        costs = self._covers(beside, wide) + 0.5 * np.arange(len(beside))
        best, joint, least = beside[int(costs.argmin())], None, float(costs.min())
        if least >= 1.0 + 0.5 * len(beside):
            apart = np.array(_apart(x, y, wide))
            ends = np.column_stack(
                [np.clip(x, apart[:, 0], apart[:, 0] + wide), apart[:, 1] + HEIGHT * (apart[:, 1] <= y)]
            )
            far = self._covers(apart, wide) + np.hypot(ends[:, 0] - x, ends[:, 1] - y) / 10.0
            for number in np.argsort(far, kind="stable"):
                if far[number] >= least:
                    break
                if not self._crosses((x, y), ends[number]):
                    best, joint = apart[number], (float(ends[number, 0]), float(ends[number, 1]))
                    self.obstacles = np.concatenate([self.obstacles, _sampled(np.array([(x, y), joint]))])
                    break
        corner = float(best[0]), float(best[1])
        self.taken.append((*corner, wide))
        return corner, joint

    def _covers(self, places: Array, wide: float) -> Array:
        """Return how bad each place is: outside the panel worst, then on a text, then on curves."""
        x, y = places[:, :1], places[:, 1:]
        width, height = self.room
        outside = (x < 2) | (y < 2) | (x + wide > width - 2) | (y + HEIGHT > height - 2)
        cost = np.where(outside[:, 0], 1e6, 0.0)
        for a, b, w in self.taken:
            cost = cost + 1e4 * ((x < a + w + 3) & (a < x + wide + 3) & (np.abs(y - b) < HEIGHT))[:, 0]
        across, up = self.obstacles[:, 0], self.obstacles[:, 1]
        inside = (across > x - _CLEAR) & (across < x + wide + _CLEAR) & (up > y - 1.5) & (up < y + HEIGHT + 1.5)
        covered: Array = cost + 20.0 * inside.sum(axis=1)
        return covered

    def _crosses(self, start: tuple[float, float], end: Array) -> bool:
        """Say whether a stroke crosses a text; curves it may."""
        line = np.linspace(start, end, 25)
        x, y = line[:, 0], line[:, 1]
        return any(bool(np.any((x > a - 2) & (x < a + w + 2) & (y > b) & (y < b + HEIGHT))) for a, b, w in self.taken)


def _beside(x: float, y: float, wide: float) -> list[tuple[float, float]]:
    """Return lower left corners of places for a text beside its mark, the best liked first."""
    gap = 7.0
    places = []
    for up in (y + 0.6 * gap, y - HEIGHT / 2, y - 0.6 * gap - HEIGHT):
        places += [(x + gap, up), (x - gap - wide, up)]
    return [*places[:2], *places[4:], *places[2:4], (x - wide / 2, y + gap), (x - wide / 2, y - gap - HEIGHT)]


def _apart(x: float, y: float, wide: float) -> list[tuple[float, float]]:
    """Return lower left corners of places for a text at some distance from its mark."""
    return [
        (x + side * across - (wide if side < 0 else 0.0), y + rise * HEIGHT - HEIGHT / 2)
        for across in (14.0, 28.0, 48.0, 72.0, 100.0, 140.0, 190.0, 250.0)
        for rise in (1.5, 2.5, 3.5, 5.0, 7.0, 9.0, 11.0, 13.0, -1.5, -2.5, -3.5, -5.0, -7.0, -9.0)
        for side in (1.0, -1.0)
    ]


def _sampled(points: Array, spacing: float = 3.0) -> Array:
    """Return points along a line, evenly spaced [points]."""
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 2:
        return points
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    wanted = np.linspace(0.0, along[-1], max(2, min(2000, int(along[-1] / spacing))))
    return np.column_stack([np.interp(wanted, along, points[:, 0]), np.interp(wanted, along, points[:, 1])])
