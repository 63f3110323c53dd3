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


@dataclass(frozen=True)
class Label:
    """A text that belongs to a point (in data units)."""

    x: float
    y: float
    text: str
    colour: str


def place_labels(axes: Axes, labels: Sequence[Label], curves: Sequence[tuple[Array, Array]]) -> None:
    """Write each label beside its point, at the first place that is free, or else the least covered one.

    Parameters
    ----------
    axes : Axes
        With its limits set; scales linear.
    labels : sequence of Label
    curves : sequence of (x, y)
        Lines to keep clear of, in data units.
    """
    if not labels:
        return
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    width, height = (72.0 * inches for inches in size_inches(axes))

    def to_points(x: Array, y: Array) -> Array:
        return np.column_stack([(x - left) / (right - left) * width, (y - low) / (high - low) * height])

    points = [_sampled(to_points(np.asarray(x), np.asarray(y))) for x, y in curves]
    marks = to_points(np.array([label.x for label in labels]), np.array([label.y for label in labels]))
    obstacles = np.concatenate([*points, marks])
    taken: list[tuple[float, float, float, float]] = []
    for label, (x, y) in sorted(zip(labels, marks, strict=True), key=lambda pair: tuple(pair[1])):
        wide = text_width(label.text) * 72
        places = _candidates(x, y, wide)
        costs = [
            _cover(place, wide, obstacles, taken, (width, height)) + 0.5 * number for number, place in enumerate(places)
        ]
        best = places[costs.index(min(costs))]
        taken.append((*best, wide, HEIGHT))
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


def _candidates(x: float, y: float, wide: float) -> list[tuple[float, float]]:
    """Return lower left corners of places for a text, the best liked first."""
    gap = 7.0
    places = []
    for step in range(6):
        up = y + gap * 0.6 + step * HEIGHT
        down = y - gap * 0.6 - HEIGHT - step * HEIGHT
        places += [(x + gap, up), (x + gap, down), (x - gap - wide, down), (x - gap - wide, up)]
        if step:
            places += [(x - wide / 2, up), (x - wide / 2, down)]
    return places


def _cover(
    place: tuple[float, float],
    wide: float,
    obstacles: Array,
    taken: Sequence[tuple[float, float, float, float]],
    room: tuple[float, float],
) -> float:
    """Return how bad a place is: outside the panel worst, then on a text, then on curves."""
    x, y = place
    outside = x < 2 or y < 2 or x + wide > room[0] - 2 or y + HEIGHT > room[1] - 2
    on_text = sum(x < a + w + 2 and a < x + wide + 2 and y < b + h and b < y + HEIGHT for a, b, w, h in taken)
    inside = (
        (obstacles[:, 0] > x - 2)
        & (obstacles[:, 0] < x + wide + 2)
        & (obstacles[:, 1] > y - 1)
        & (obstacles[:, 1] < y + HEIGHT + 1)
    )
    return 1e6 * outside + 1e4 * on_text + float(np.count_nonzero(inside))


def _sampled(points: Array, spacing: float = 3.0) -> Array:
    """Return points along a line, evenly spaced [points]."""
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 2:
        return points
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    wanted = np.linspace(0.0, along[-1], max(2, min(2000, int(along[-1] / spacing))))
    return np.column_stack([np.interp(wanted, along, points[:, 0]), np.interp(wanted, along, points[:, 1])])
