"""Expected loss: what each strategy forgoes on average by not being the best in every draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array
from netcea.reporting.figures.over_thresholds import BELOW, MARGINS, colours_of, line_styles, name_ends, threshold_axis
from netcea.reporting.figures.page import Page, page
from netcea.reporting.figures.small_table import Row, small_table, table_height
from netcea.reporting.figures.style import GREY, INK, plain, pounds, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import PsaResult

_PLOT: Final = 3.5


def expected_loss(result: PsaResult) -> Figure:
    """Draw the expected loss of every strategy over thresholds; the lowest is the value of perfect information."""
    from matplotlib.lines import Line2D

    with styled():
        strategies = result.totals.strategies
        rows = len(strategies) + 1
        made = page(
            "Expected loss",
            f"{plain(result.scenario.file.name)}: {result.totals.n:,} draws; mean net benefit forgone per patient, "
            "without severity weight",
            _PLOT + BELOW + table_height(rows),
            margins=MARGINS,
            legend=[
                (
                    Line2D([], [], color=INK, linewidth=7, alpha=0.25),
                    "The lowest of the curves: the expected value of perfect information (EVPI)",
                )
            ],
        )
        axes = made.panel(0.0, BELOW + table_height(rows), made.width, _PLOT)
        _curves(axes, result)
        _table(made, result)
        return made.figure


def _curves(axes: Axes, result: PsaResult) -> None:
    from matplotlib.ticker import MaxNLocator

    curves, colours, styles = result.curves, colours_of(result), line_styles(result)
    axes.plot(curves.thresholds, curves.evpi, color=INK, linewidth=7, alpha=0.25, solid_capstyle="butt", zorder=2)
    ends = []
    for name, loss in zip(result.totals.strategies, curves.expected_loss, strict=True):
        axes.plot(
            curves.thresholds,
            loss,
            color=colours[name],
            linestyle=styles[name],
            zorder=3,
            linewidth=3.0 if name == result.totals.comparator else 2.0,
        )
        ends.append((float(loss[-1]), plain(result.scenario.label(name)), colours[name]))
    high = max(float(curves.expected_loss.max()), 1.0)
    axes.set_ylim(-0.02 * high, 1.04 * high)
    ticks = [float(t) for t in MaxNLocator(6).tick_values(0.0, high) if 0.0 <= t <= 1.04 * high]
    axes.set_yticks(ticks, labels=[pounds(t) for t in ticks])
    axes.set_ylabel("Expected loss per patient")
    axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
    threshold_axis(axes, curves.thresholds, result.scenario.method_pack.thresholds)
    name_ends(axes, ends)


def _table(made: Page, result: PsaResult) -> None:
    """Write the losses at the thresholds of the method pack (between points of the grid, interpolated)."""
    curves, colours = result.curves, colours_of(result)
    inside = [t for t in result.scenario.method_pack.thresholds if curves.thresholds[0] <= t <= curves.thresholds[-1]]
    rows = [
        Row(result.scenario.label(name), colours[name], tuple(_at(t, result, loss) for t in inside))
        for name, loss in zip(result.totals.strategies, curves.expected_loss, strict=True)
    ]
    rows.append(Row("EVPI", "", tuple(_at(t, result, curves.evpi) for t in inside), bold=True))
    small_table(made, ["Expected loss per patient, at", *(pounds(t) for t in inside)], rows)


def _at(threshold: float, result: PsaResult, values: Array) -> str:
    return pounds(float(np.interp(threshold, result.curves.thresholds, values)))
