"""Curves over thresholds: their axis, the thresholds of the method pack, and names at the ends of the curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from netcea.reporting.figures.apart import kept_apart
from netcea.reporting.figures.axes import size_inches, write_above
from netcea.reporting.figures.labels import HEIGHT
from netcea.reporting.figures.page import Margins
from netcea.reporting.figures.style import DASHED, GREY, PALE, SMALL_SIZE
from netcea.reporting.figures.text import text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGINS: Final = Margins(left=1.1, right=1.75, top=0.3, bottom=0.1)
"""Room at the right for the names of curves."""
_NAME: Final = 1.4
"""Width of a name beside its curve [inches]."""


def mark_thresholds(axes: Axes, marked: Sequence[tuple[float, str]]) -> None:
    """Draw a vertical line at each threshold on the axis, with its text above the panel."""
    low, high = axes.get_xlim()
    width, height = size_inches(axes)
    inside = [(t, text) for t, text in marked if low <= t <= high]
    across = axes.get_xaxis_transform()
    sizes = [(text_width(text) + 0.12) * (high - low) / width for _, text in inside]
    for place, text_place, text in kept_apart(inside, sizes, low, high):
        axes.axvline(place, color=GREY, linewidth=0.9, linestyle=DASHED, zorder=1.5)
        joint = [place, text_place], [1.0, 1.0 + 0.08 / height]
        axes.plot(*joint, transform=across, color=PALE, linewidth=0.8, clip_on=False, zorder=1)
        write_above(axes, text_place, text, gap=0.09, transform=across, color=GREY)


def name_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write names (place on the vertical axis, text, colour) at the right of the panel, joined to their curves."""
    low, high = axes.get_ylim()
    width, height = size_inches(axes)
    most = max(1, min(2, int(height / (len(ends) * HEIGHT / 72 + 0.05))))
    lines = [wrapped(text, _NAME, lines=most) for _, text, _ in ends]
    gap = (max(map(len, lines)) * HEIGHT / 72 + 0.05) * (high - low) / height
    numbered = [(min(max(y, low), high), f"{number:04d}") for number, (y, _, _) in enumerate(ends)]
    for end, place, number in kept_apart(numbered, [gap] * len(ends), low, high):
        colour, up = ends[int(number)][2], axes.get_yaxis_transform()
        joint = [1.0, 1.0 + 0.14 / width], [end, place]
        axes.plot(*joint, transform=up, color=colour, linewidth=0.9, clip_on=False)
        axes.text(
            1.0 + 0.19 / width,
            place,
            "\n".join(lines[int(number)]),
            transform=up,
            ha="left",
            va="center",
            size=SMALL_SIZE,
            color=colour,
            linespacing=1.1,
        )
