"""The figure of results by method: how long the control arm lives, and net health benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.switching.result import SwitchingResult
from netcea.plain_number import read
from netcea.reporting.figures.axes import set_ticks, ticks_within
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import GREY, PALE, STRATEGY_COLOURS, styled
from netcea.reporting.figures.text import plain
from netcea.reporting.number_format import pounds

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled()
def methods_figure(result: SwitchingResult) -> Figure:
    """Draw incremental net health benefit by method at the lower threshold, intention to treat first.

    Parameters
    ----------
    result : SwitchingResult
    """
    rows = [row for row in (result.observed, *result.methods) if row.effect is not None]
    threshold = thresholds_of(result.scenario)[0]
    weighted = any(row.effect is not None and row.effect.severity_weight != 1.0 for row in rows)
    words = ", QALYs weighted for severity" if weighted else ""
    made = page(
        "Net health benefit by method of adjusting for switching",
        f"{plain(result.scenario.file.name)}; QALYs at {pounds(threshold)} per QALY{words}",
        0.8 + 0.34 * len(rows),
        margins=Margins(left=3.3, bottom=0.55),
        notes=["Grey: intention to treat, which contains switching."],
    )
    axes = made.whole()
    values = [(row.effect.weighted_nhb if weighted else row.effect.nhb)[0] for row in rows if row.effect is not None]
    colours = [GREY if k == 0 else STRATEGY_COLOURS[0] for k in range(len(rows))]
    axes.barh(range(len(rows)), values, color=colours, height=0.55)
    axes.axvline(0.0, color=PALE, linewidth=0.9)
    axes.set_yticks(range(len(rows)), [plain(row.method) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    low, high = min(0.0, *values), max(0.0, *values)
    axes.set_xlim(low * 1.08 if low < 0.0 else -0.02, high * 1.08 if high > 0.0 else 0.0)
    set_ticks(axes.xaxis, ticks_within(*axes.get_xlim(), 6), read)
    axes.set_xlabel("Incremental net health benefit (QALYs)")
    return made.figure
