"""The figure of results by method: how long the control arm lives, and net health benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.switching.result import SwitchingResult
from netcea.reporting.figures.axes import (
    name_rows,
    no_vertical_axis,
    row_height,
    set_ticks,
    ticks_within,
    widest,
    write_end,
)
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import GREY, STRATEGY_COLOURS, styled
from netcea.reporting.figures.text import plain, signed, signed_digits, text_width, wrapped
from netcea.reporting.number_format import pounds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NAMES: Final = 3.1
"""Width of the names [inches]."""


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
    names = [wrapped(row.method, _NAMES, lines=2) for row in rows]
    made = page(
        "Net health benefit by method of adjusting for switching",
        f"{plain(result.scenario.file.name)}; QALYs at {pounds(threshold)} per QALY{words}",
        row_height(names) * len(rows) + 0.1,
        margins=Margins(left=widest(names) + 0.35, bottom=0.55),
        notes=["Grey: intention to treat, which contains switching."],
    )
    axes = made.whole()
    values = [(row.effect.weighted_nhb if weighted else row.effect.nhb)[0] for row in rows if row.effect is not None]
    colours = [GREY if k == 0 else STRATEGY_COLOURS[0] for k in range(len(rows))]
    axes.barh(range(len(rows)), values, color=colours, height=0.55)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    low, high = min(0.0, *values), max(0.0, *values)
    room = (text_width("−0.000") + 0.14) * ((high - low) or 1.0) / (made.width - 2 * (text_width("−0.000") + 0.14))
    axes.set_xlim(low - room if low < 0.0 else 0.0, high + room if high > 0.0 else 0.0)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    for row, value in enumerate(values):
        write_end(axes, value, row, signed(value), right=value >= 0.0)
    no_vertical_axis(axes)
    name_rows(axes, names)
    set_ticks(axes.xaxis, ticks_within(*axes.get_xlim(), 6), lambda tick: signed_digits(tick, 4, plus=""))
    axes.set_xlabel("Incremental net health benefit (QALYs)")
    return made.figure
