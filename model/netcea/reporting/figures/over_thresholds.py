"""Curves over thresholds: their axis, the thresholds of the method pack, and names at the ends of the curves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from netcea.arrays import Array
from netcea.reporting.figures.labels import HEIGHT, size_inches
from netcea.reporting.figures.page import Margins
from netcea.reporting.figures.style import GREY, PALE, SMALL_SIZE, palette, pounds, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netcea.analyses.psa.result import PsaResult

MARGINS: Final = Margins(left=1.1, right=1.75, top=0.3, bottom=0.1)
"""Room at the right for the names of curves."""
BELOW: Final = 0.62
"""Room for an axis between a panel and what stands below it [inches]."""
_NAME: Final = 1.4
"""Width of a name beside its curve [inches]."""


def colours_of(result: PsaResult) -> dict[str, str]:
    """Return strategy -> colour."""
    return palette(result.scenario.strategies, result.totals.comparator)


def line_styles(result: PsaResult) -> dict[str, str]:
    """Return strategy -> line style: dashed where the palette starts again."""
    found: dict[str, str] = {}
    colours = colours_of(result)
    for name, colour in colours.items():
        found[name] = "--" if any(colours[other] == colour for other in found) else "-"
    return found


def threshold_axis(axes: Axes, thresholds: Array, marked: Sequence[float]) -> None:
    """Set the axis of thresholds and mark those of the method pack, each named above the panel."""
    from matplotlib.ticker import MaxNLocator

    low, high = float(thresholds[0]), float(thresholds[-1])
    high = high if high > low else low + 1.0
    axes.set_xlim(low, high)
    ticks = [float(t) for t in MaxNLocator(5).tick_values(low, high) if low <= t <= high]
    axes.set_xticks(ticks, labels=[pounds(t) for t in ticks])
    axes.set_xlabel("Threshold (per QALY)")
    mark_thresholds(axes, [(t, pounds(t)) for t in marked])


def mark_thresholds(axes: Axes, marked: Sequence[tuple[float, str]]) -> None:
    """Draw a vertical line at each threshold on the axis, with its text above the panel."""
    low, high = axes.get_xlim()
    width, height = size_inches(axes)
    inside = [(t, text) for t, text in marked if low <= t <= high]
    if not inside:
        return
    unit = (high - low) / width
    sizes = [(text_width(text) + 0.12) * unit for _, text in inside]
    for place, place_of_text, text in settled(inside, sizes, low, high):
        axes.axvline(place, color=GREY, linewidth=0.9, linestyle=(0, (5, 3)), zorder=1.5)
        axes.plot(
            [place, place_of_text],
            [1.0, 1.0 + 0.08 / height],
            transform=axes.get_xaxis_transform(),
            color=PALE,
            linewidth=0.8,
            clip_on=False,
            zorder=1,
        )
        axes.text(
            place_of_text,
            1.0 + 0.09 / height,
            text,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            size=SMALL_SIZE,
            color=GREY,
        )


def name_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write names (place on the vertical axis, text, colour) at the right of the panel, joined to their curves."""
    low, high = axes.get_ylim()
    width, height = size_inches(axes)
    most = max(1, min(2, int(height / (len(ends) * HEIGHT / 72 + 0.05))))
    lines = [wrapped(text, _NAME, lines=most) for _, text, _ in ends]
    gap = (max(len(found) for found in lines) * HEIGHT / 72 + 0.05) * (high - low) / height
    numbered = [(min(max(y, low), high), f"{number:04d}") for number, (y, _, _) in enumerate(ends)]
    for end, place, number in settled(numbered, [gap] * len(ends), low, high):
        colour = ends[int(number)][2]
        axes.plot(
            [1.0, 1.0 + 0.14 / width],
            [end, place],
            transform=axes.get_yaxis_transform(),
            color=colour,
            linewidth=0.9,
            clip_on=False,
        )
        axes.text(
            1.0 + 0.19 / width,
            place,
            "\n".join(lines[int(number)]),
            transform=axes.get_yaxis_transform(),
            ha="left",
            va="center",
            size=SMALL_SIZE,
            color=colour,
            linespacing=1.1,
        )


def settled(
    places: Sequence[tuple[float, str]], sizes: Sequence[float], low: float, high: float
) -> list[tuple[float, float, str]]:
    """Return (place, middle of its text, text) by place: texts clear of one another, as near their places as possible.

    Parameters
    ----------
    places : sequence of (place, text)
    sizes : sequence of float
        Of each text, along the axis.
    low, high : float
        Between which the texts stand (beyond `high` if they are too many).

    >>> settled([(1.0, "a"), (1.0, "b"), (9.0, "c")], [2.0, 2.0, 2.0], 0.0, 10.0)
    [(1.0, 1.0, 'a'), (1.0, 3.0, 'b'), (9.0, 9.0, 'c')]
    """
    ordered = sorted(zip(places, sizes, strict=True))
    middles = [0.0]
    for (_, before), (_, size) in pairwise(ordered):
        middles.append(middles[-1] + (before + size) / 2)
    pools: list[tuple[float, int]] = []  # mean of (place less the texts before it), and how many stand together
    for ((place, _), _), middle in zip(ordered, middles, strict=True):
        mean, count = place - middle, 1
        while pools and pools[-1][0] > mean:
            before, several = pools.pop()
            mean, count = (before * several + mean * count) / (several + count), several + count
        pools.append((mean, count))
    starts = [mean for mean, count in pools for _ in range(count)]
    bottom = low + ordered[0][1] / 2
    top = max(bottom, high - middles[-1] - ordered[-1][1] / 2)
    return [
        (place, min(max(start, bottom), top) + middle, text)
        for ((place, text), _), start, middle in zip(ordered, starts, middles, strict=True)
    ]


def percent_axis(axes: Axes, label: str) -> None:
    """Set a vertical axis from 0% to 100%."""
    axes.set_ylim(-0.02, 1.02)
    ticks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    axes.set_yticks(ticks, labels=[f"{100 * t:.0f}%" for t in ticks])
    axes.set_ylabel(label)


def percent(share: float) -> str:
    """Return a share in percent; what is neither none nor all never reads 0% or 100%.

    >>> [percent(x) for x in (0.0, 0.0004, 0.123, 0.9999, 1.0)]
    ['0%', '<0.1%', '12.3%', '>99.9%', '100%']
    """
    if share <= 0.0 or share >= 1.0:
        return "0%" if share <= 0.0 else "100%"
    if share < 0.001 or share > 0.999:
        return "<0.1%" if share < 0.5 else ">99.9%"
    return f"{100 * share:.1f}%"
