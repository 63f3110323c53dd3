"""The cost-effectiveness plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.base_case.result import NOT_APPLICABLE
from netcea.arrays import Array
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import size_inches
from netcea.reporting.figures.labels import Label, place_labels
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.plane import LEAST, QUADRANTS, set_plane, span, threshold_lines
from netcea.reporting.figures.style import GREY, SMALL_SIZE, Look, looks, styled
from netcea.reporting.figures.text import icer_text, plain, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult, Case

MARKERS: Final = ("*", "<", ">", "h", "d")
"""Of the scenarios shown with the base case, in their order: hollow, and others than strategies have."""
_BORDER: Final = 0.18
"""Room beyond the outermost points, as a share of their span."""


@styled()
def plane(result: BaseCaseResult) -> Figure:
    """Draw each strategy against the comparator: incremental QALYs and costs, with the thresholds."""
    case = result.case
    look = looks(result.scenario.strategies, case.comparator)
    colours = {name: one.colour for name, one in look.items()}
    made = page(
        "Cost-effectiveness plane",
        f"{plain(result.scenario.file.name)}: each strategy against {result.scenario.label(case.comparator)}; "
        "discounted, per patient, QALYs without severity weight",
        4.0,
        margins=Margins(left=1.05, right=1.5, top=0.3),
        legend=[
            *(legend.mark(result.scenario.label(name), **_base_mark(look[name], 8)) for name in result.case.strategies),
            *(
                legend.mark(f"Scenario: {other.name}", **_other_mark(GREY, number))
                for number, other in enumerate(result.beside)
            ),
        ],
        notes=[f"{NOT_APPLICABLE.capitalize()}: {', '.join(w.address for w in result.not_shown)}."]
        if result.not_shown
        else [],
    )
    axes = made.whole()
    points = {name: _increment(case, name) for name in _others(case)}
    others = [(number, name, *_increment(c, name)) for number, c in enumerate(result.beside) for name in _others(c)]
    everything = np.array([*points.values(), *((x, y) for _, _, x, y in others), (0.0, 0.0)])
    set_plane(axes, *(_limits(everything[:, axis], LEAST[axis]) for axis in (0, 1)))
    lines = threshold_lines(axes, case.thresholds)
    axes.plot(0.0, 0.0, **_base_mark(look[case.comparator], 8), zorder=4)
    for name, (x, y) in points.items():
        axes.plot(x, y, **_base_mark(look[name], 9), markeredgewidth=1.4, zorder=5)
    for number, name, x, y in others:
        axes.plot(x, y, **_other_mark(colours.get(name, GREY), number), zorder=4)
    labels = [Label(*points[name], _verdict(case, name), colours[name]) for name in points]
    marks = [(float(x), float(y)) for x, y in everything]
    zero = np.zeros(2)
    lines += [(np.array(axes.get_xlim()), zero), (zero, np.array(axes.get_ylim()))]
    place_labels(axes, labels, [*lines, *_quadrants(axes)], marks)
    return made.figure


def _base_mark(look: Look, size: float) -> dict[str, Any]:
    return {"marker": look.marker, "markersize": size, "color": look.colour, "linestyle": "none"}


def _other_mark(colour: str, number: int) -> dict[str, Any]:
    """Return the mark of a scenario shown with the base case."""
    hollow = {
        "markersize": 6 if number % len(MARKERS) else 9,
        "markerfacecolor": "white",
        "markeredgewidth": 1.4,
        "linestyle": "none",
    }
    return {"marker": MARKERS[number % len(MARKERS)], "color": colour, **hollow}


def _others(case: Case) -> list[str]:
    return [name for name in case.strategies if name != case.comparator]


def _increment(case: Case, strategy: str) -> tuple[float, float]:
    """Return incremental QALYs and costs against the comparator."""
    one, other = case.strategies[strategy], case.strategies[case.comparator]
    return one.qalys - other.qalys, one.costs - other.costs


def _verdict(case: Case, strategy: str) -> str:
    """Return the ICER of a strategy against the comparator, or what it is called."""
    row = case.against_comparator(strategy)
    return icer_text(row.icer, row.label) + (" per QALY" if row.icer is not None and not row.label else "")


def _limits(values: Array, least: float) -> tuple[float, float]:
    """Return limits with room on both sides of the zero line."""
    low, high = span(values, least)
    return low - _BORDER * (high - low), high + _BORDER * (high - low)


def _quadrants(axes: Axes) -> list[tuple[Array, Array]]:
    """Name the quadrants that are wide enough, in their corners; return where, to keep clear of."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    width, height = size_inches(axes)
    lines = []
    for quadrant, text in QUADRANTS.items():
        north, east = quadrant.startswith("north"), quadrant.endswith("east")
        wide = (right if east else -left) / (right - left) * width
        tall = (high if north else -low) / (high - low) * height
        if wide < text_width(text) + 0.15 or tall < 0.3:
            continue
        x = right - 0.01 * (right - left) if east else left + 0.01 * (right - left)
        y = high - 0.01 * (high - low) if north else low + 0.01 * (high - low)
        axes.text(
            x,
            y,
            text,
            size=SMALL_SIZE,
            color=GREY,
            style="italic",
            ha="right" if east else "left",
            va="top" if north else "bottom",
            zorder=2.5,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )
        inner = x - (1 if east else -1) * text_width(text) / width * (right - left)
        middle = y - (1 if north else -1) * 0.08 / height * (high - low)
        lines.append((np.array([x, inner]), np.array([middle, middle])))
    return lines
