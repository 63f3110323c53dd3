"""The cost-effectiveness plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array
from netcea.reporting.figures.labels import Label, place_labels
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import (
    GREY,
    PALE,
    SMALL_SIZE,
    plain,
    pounds,
    signed,
    strategy_colours,
    styled,
    text_width,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult, Case

MARKERS: Final = ("^", "s", "D", "v", "P", "X", "<", ">")
"""Of the scenarios beside the base case, in their order."""
DASHES: Final = ((0, (6, 3)), (0, (2, 2)), (0, (6, 2, 1, 2)), (0, (1, 1)))

QUADRANTS: Final = {
    (-1, 1): "More costly, fewer QALYs",
    (1, 1): "More costly, more QALYs",
    (-1, -1): "Less costly, fewer QALYs",
    (1, -1): "Less costly, more QALYs",
}


def plane(result: BaseCaseResult) -> Figure:
    """Draw each strategy against the comparator: incremental QALYs and costs, with the thresholds."""
    with styled():
        case = result.case
        comparator = result.scenario.label(case.comparator)
        made = page(
            "Cost-effectiveness plane",
            f"{plain(result.scenario.file.name)}: each strategy against {plain(comparator)}; discounted, per "
            "patient, QALYs without severity weight",
            4.0,
            margins=Margins(left=1.05, right=1.5, top=0.3),
            legend=_legend(result),
        )
        axes = made.whole()
        cases = [case, *result.beside]
        points = {(i, name): _increment(c, name) for i, c in enumerate(cases) for name in _others(c)}
        _limits(axes, np.array([*points.values(), (0.0, 0.0)]))
        axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=1)
        axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
        lines = threshold_lines(axes, case.thresholds, made.width, made.height)
        colours = strategy_colours(result)
        axes.plot([0.0], [0.0], marker="o", markersize=8, color=colours[case.comparator], linestyle="none", zorder=4)
        for (i, name), (x, y) in points.items():
            axes.plot(
                [x],
                [y],
                marker="o" if i == 0 else MARKERS[(i - 1) % len(MARKERS)],
                linestyle="none",
                markersize=9 if i == 0 else 6,
                color=colours.get(name, GREY),
                zorder=5 if i == 0 else 4,
                markerfacecolor=colours.get(name, GREY) if i == 0 else "white",
                markeredgewidth=1.4,
            )
        labels = [Label(*points[0, name], f"{_verdict(case, name)}", colours[name]) for name in _others(case)]
        marks = [(np.array([x - 1e-9, x + 1e-9]), np.array([y, y])) for x, y in points.values()]
        zero = np.zeros(2)
        lines += [(np.array(axes.get_xlim()), zero), (zero, np.array(axes.get_ylim()))]
        place_labels(axes, labels, [*lines, *marks, *_quadrants(axes, made.width, made.height)])
        return made.figure


def _others(case: Case) -> list[str]:
    return [name for name in case.strategies if name != case.comparator]


def _increment(case: Case, strategy: str) -> tuple[float, float]:
    """Return incremental QALYs and costs against the comparator."""
    one, other = case.strategies[strategy], case.strategies[case.comparator]
    return one.qalys - other.qalys, one.costs - other.costs


def _verdict(case: Case, strategy: str) -> str:
    """Return the ICER of a strategy against the comparator, or what it is called."""
    row = case.against_comparator(strategy)
    if row.icer is None or row.label:
        return row.label if row.icer is None else f"{row.label}: {pounds(row.icer)} per QALY"
    return f"{pounds(row.icer)} per QALY"


def _limits(axes: Axes, points: Array) -> None:
    """Set limits with room on both sides of both zero lines, and ticks in QALYs and pounds."""
    from matplotlib.ticker import MaxNLocator

    limits = []
    for values, least in ((points[:, 0], 0.02), (points[:, 1], 1000.0)):
        low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
        lacking = max(0.0, least - (high - low)) / 2
        low, high = low - lacking, high + lacking
        span = high - low
        limits.append((low - 0.18 * span, high + 0.18 * span))
    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])
    x_ticks, y_ticks = (
        [float(t) for t in MaxNLocator(6).tick_values(*limit) if limit[0] <= t <= limit[1]] for limit in limits
    )
    axes.set_xticks(x_ticks, labels=[signed(0.0 if abs(t) < 1e-12 else t, ".4g") for t in x_ticks])
    axes.set_yticks(y_ticks, labels=[pounds(t) for t in y_ticks])
    axes.set_xlabel("Incremental QALYs")
    axes.set_ylabel("Incremental costs")


def threshold_lines(
    axes: Axes, thresholds: tuple[float, ...], width: float, height: float
) -> list[tuple[Array, Array]]:
    """Draw the thresholds through the origin, each named where it leaves the panel; return the lines."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    lines = []
    above: list[tuple[float, str]] = []
    beside: list[tuple[float, str]] = []
    for number, threshold in enumerate(thresholds):
        x = np.array([max(left, low / threshold), min(right, high / threshold)])
        axes.plot(x, threshold * x, color=GREY, linewidth=1.1, linestyle=DASHES[number % len(DASHES)], zorder=2)
        lines.append((x, threshold * x))
        text = f"{pounds(threshold)} per QALY"
        if threshold * right > high:
            above.append((float(x[1]), text))
        else:
            beside.append((threshold * right, text))
    unit = (right - left) / width
    gap = max((text_width(text) for _, text in above), default=0.0) + 0.12
    for x_end, x_text, text in spread(above, left + gap / 2 * unit, right, gap * unit):
        _name(axes, (x_end, high), (x_text, high + 0.1 / height * (high - low)), text, beside=False)
    least = SMALL_SIZE * 1.35 / 72 / height * (high - low)
    for y_end, y_text, text in spread(beside, low, high, least):
        _name(axes, (right, y_end), (right + 0.2 * unit, y_text), text, beside=True)
    return lines


def spread(places: list[tuple[float, str]], low: float, high: float, gap: float) -> list[tuple[float, float, str]]:
    """Return (place, place of its text, text), texts a gap apart at least, between low and high."""
    found: list[tuple[float, float, str]] = []
    level = -np.inf
    ordered = sorted(places)
    for number, (place, text) in enumerate(ordered):
        level = min(max(place, level + gap, low), high - (len(ordered) - 1 - number) * gap)
        found.append((place, float(level), text))
    return found


def _name(axes: Axes, end: tuple[float, float], place: tuple[float, float], text: str, *, beside: bool) -> None:
    """Write the name of a line beyond its end, joined to it by a thin stroke."""
    axes.plot([end[0], place[0]], [end[1], place[1]], color=PALE, linewidth=0.8, clip_on=False, zorder=1)
    axes.text(
        *place,
        text,
        ha="left" if beside else "center",
        va="center" if beside else "bottom",
        size=SMALL_SIZE,
        color=GREY,
    )


def _quadrants(axes: Axes, width: float, height: float) -> list[tuple[Array, Array]]:
    """Name the quadrants that are wide enough, in their corners; return where, to keep clear of."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    lines = []
    for (across, up), text in QUADRANTS.items():
        share = (right if across > 0 else -left) / (right - left)
        tall = (high if up > 0 else -low) / (high - low)
        if share * width < text_width(text) + 0.15 or tall * height < 0.3:
            continue
        x = right - 0.01 * (right - left) if across > 0 else left + 0.01 * (right - left)
        y = high - 0.01 * (high - low) if up > 0 else low + 0.01 * (high - low)
        axes.text(
            x,
            y,
            text,
            size=SMALL_SIZE,
            color=GREY,
            style="italic",
            ha="right" if across > 0 else "left",
            va="top" if up > 0 else "bottom",
            zorder=2.5,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )
        inner = x - across * text_width(text) / width * (right - left)
        middle = y - up * 0.08 / height * (high - low)
        lines.append((np.array([x, inner]), np.array([middle, middle])))
    return lines


def _legend(result: BaseCaseResult) -> list[tuple[Artist, str]]:
    from matplotlib.lines import Line2D

    colours = strategy_colours(result)
    entries: list[tuple[Artist, str]] = [
        (Line2D([], [], marker="o", markersize=8, color=colours[name], linestyle="none"), result.scenario.label(name))
        for name in result.case.strategies
    ]
    entries += [
        (
            Line2D(
                [],
                [],
                marker=MARKERS[i % len(MARKERS)],
                markersize=6,
                color=GREY,
                markerfacecolor="white",
                markeredgewidth=1.4,
                linestyle="none",
            ),
            f"Beside it: {case.name}",
        )
        for i, case in enumerate(result.beside)
    ]
    return entries
