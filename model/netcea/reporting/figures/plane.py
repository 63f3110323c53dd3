"""The cost-effectiveness plane: its axes, the thresholds through the origin, the names of its quadrants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.reporting.figures.apart import kept_apart
from netcea.reporting.figures.axes import pounds_ticks, set_ticks, size_inches, ticks_within
from netcea.reporting.figures.style import GREY, PALE, SMALL_SIZE
from netcea.reporting.figures.text import pounds, signed_digits, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUADRANTS: Final = {
    "north_east": "More costly, more QALYs",
    "south_east": "Less costly, more QALYs",
    "south_west": "Less costly, fewer QALYs",
    "north_west": "More costly, fewer QALYs",
}
LEAST: Final = (0.02, 1000.0)
"""Spans of the axes, at least. [QALYs], [GBP]"""
_DASHES: Final[tuple[Any, ...]] = ((0, (6, 3)), (0, (2, 2)), (0, (6, 2, 1, 2)), (0, (1, 1)))


def span(values: Array, least: float) -> tuple[float, float]:
    """Return the ends of an axis that holds the values and 0, and is not shorter than the least."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    lacking = max(0.0, least - (high - low)) / 2
    return low - lacking, high + lacking


def set_plane(axes: Axes, qalys: tuple[float, float], costs: tuple[float, float]) -> None:
    """Set limits, ticks and labels of the plane, and draw its zero lines."""
    axes.set_xlim(*qalys)
    axes.set_ylim(*costs)
    set_ticks(axes.xaxis, ticks_within(*qalys, 6), lambda tick: signed_digits(tick, 4, plus=""))
    pounds_ticks(axes.yaxis, *costs, 6)
    axes.set_xlabel("Incremental QALYs")
    axes.set_ylabel("Incremental costs")
    axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=1)
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)


def threshold_lines(axes: Axes, thresholds: Sequence[float]) -> list[tuple[Array, Array]]:
    """Draw the thresholds through the origin, each named where it leaves the panel; return the lines."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    width, height = size_inches(axes)
    lines = []
    top: list[tuple[float, str]] = []
    side: list[tuple[float, str]] = []
    for number, threshold in enumerate(thresholds):
        x = np.array([max(left, low / threshold), min(right, high / threshold)])
        axes.plot(x, threshold * x, color=GREY, linewidth=1.1, linestyle=_DASHES[number % len(_DASHES)], zorder=2)
        lines.append((x, threshold * x))
        text = f"{pounds(threshold)} per QALY"
        if threshold * right > high:
            top.append((float(x[1]), text))
        else:
            side.append((threshold * right, text))
    across, up = (right - left) / width, (high - low) / height
    gaps = [(text_width(text) + 0.12) * across for _, text in top]
    for end, place, text in kept_apart(top, gaps, left, right + max(gaps, default=0.0) / 2):
        _name(axes, (end, high), (place, high + 0.1 * up), text, ha="center", va="bottom")
    gap = SMALL_SIZE * 1.35 / 72 * up
    for end, place, text in kept_apart(side, [gap] * len(side), low - gap / 2, high + gap / 2):
        _name(axes, (right, end), (right + 0.2 * across, place), text, ha="left", va="center")
    return lines


def _name(axes: Axes, end: tuple[float, float], place: tuple[float, float], text: str, **align: Any) -> None:
    """Write the name of a line beyond its end, joined to it by a thin stroke."""
    axes.plot([end[0], place[0]], [end[1], place[1]], color=PALE, linewidth=0.8, clip_on=False, zorder=1)
    axes.text(*place, text, size=SMALL_SIZE, color=GREY, **align)
