"""Expected loss: what each strategy forgoes on average by not being the best in every draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcea.analyses.psa.figures.over_thresholds import draws_page, strategy_ends, strategy_looks
from netcea.arrays import Array
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import pounds_ticks
from netcea.reporting.figures.page import Page
from netcea.reporting.figures.small_table import Row, small_table
from netcea.reporting.figures.style import GREY, INK, styled
from netcea.reporting.figures.text import pounds
from netcea.reporting.figures.thresholds import name_ends

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import Curves, PsaResult
    from netcea.reporting.figures.near_thresholds import Panel


@styled()
def expected_loss(result: PsaResult) -> Figure:
    """Draw the expected loss of every strategy over thresholds; the lowest is the value of perfect information."""
    lowest = "The lowest of the curves: the expected value of perfect information (EVPI)"
    drawn = draws_page(
        result,
        "Expected loss",
        "mean net benefit forgone per patient, without severity weight",
        len(result.totals.strategies) + 1,
        [legend.line(lowest, color=INK, linewidth=7, alpha=0.25)],
    )
    for panel, curves in drawn.panels:
        _losses(panel, curves, result)
        drawn.finish(panel, result)
        if not panel.small:
            name_ends(panel.axes, strategy_ends(result, curves.expected_loss))
    _table(drawn.page, result)
    return drawn.page.figure


def _losses(panel: Panel, curves: Curves, result: PsaResult) -> None:
    axes, looks = panel.axes, strategy_looks(result)
    wide = 4 if panel.small else 7
    axes.plot(curves.thresholds, curves.evpi, color=INK, linewidth=wide, alpha=0.25, solid_capstyle="butt", zorder=2)
    for name, loss in zip(result.totals.strategies, curves.expected_loss, strict=True):
        axes.plot(curves.thresholds, loss, **looks[name].line(), zorder=3)
    high = max(float(curves.expected_loss.max()), 1.0)
    axes.set_ylim(-0.02 * high, 1.04 * high)
    pounds_ticks(axes.yaxis, 0.0, 1.04 * high, 2 if panel.small else 6)
    axes.set_ylabel("" if panel.small else "Expected loss per patient")
    axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)


def _table(made: Page, result: PsaResult) -> None:
    """Write the losses at the thresholds of the method pack (between points of the grid, interpolated)."""
    curves, looks = result.curves, strategy_looks(result)
    inside = [t for t in result.scenario.method_pack.thresholds if curves.thresholds[0] <= t <= curves.thresholds[-1]]

    def cells(values: Array) -> tuple[str, ...]:
        return tuple(pounds(float(np.interp(t, curves.thresholds, values))) for t in inside)

    rows = [
        Row(result.scenario.label(name), looks[name].colour, cells(loss), marker=looks[name].marker)
        for name, loss in zip(result.totals.strategies, curves.expected_loss, strict=True)
    ]
    rows.append(Row("EVPI", "", cells(curves.evpi), bold=True))
    small_table(made, ["Expected loss per patient, at", *(pounds(t) for t in inside)], rows)
