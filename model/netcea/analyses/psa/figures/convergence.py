"""Convergence: the running mean of incremental net health benefit, and the running probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import decimals, grid, set_ticks, share_text, ticks_within, write_end
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLUE, GREY, styled
from netcea.reporting.figures.text import comparison, percent, pounds, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import Convergence, PsaResult

Z: Final = 1.96
"""The band is the mean plus and minus so many Monte Carlo standard errors."""
_STOPPED: Final = {
    "draws": "Stopped at the requested number of draws.",
    "mcse": "Stopped at the requested Monte Carlo standard error.",
}
_SETTLED: Final = 0.1
"""The vertical axis fits the band after this share of the draws; what lies outside it before is cut off."""


@styled()
def convergence(result: PsaResult) -> Figure:
    """Draw the running mean with its 95% Monte Carlo band, and the running probability, over the number of draws."""
    found, threshold = result.convergence, result.scenario.method_pack.thresholds[0]
    made = page(
        "Convergence: mean and probability by number of draws",
        f"{comparison(result.scenario)} at {pounds(threshold)} per QALY",
        4.5,
        margins=Margins(left=1.25, right=1.65, top=0.15, bottom=0.55),
        legend=[
            legend.line("Over the draws so far", color=BLUE, linewidth=1.8),
            legend.patch("± 1.96 Monte Carlo standard errors", BLUE, alpha=0.22),
        ],
        notes=[_STOPPED.get(found.stopped, "")],
    )
    upper = made.panel(0.0, 2.35, made.width, 2.15)
    lower = made.panel(0.0, 0.0, made.width, 1.9)
    _mean(upper, found)
    _probability(lower, found)
    high = max(float(found.draws[-1]), 1.0)
    for axes in (upper, lower):
        axes.set_xlim(0.0, high)
        set_ticks(axes.xaxis, ticks_within(0.0, high, 6, integer=True), "{:,.0f}".format)
        grid(axes, "y")
    upper.tick_params(labelbottom=False)
    lower.set_xlabel("Number of draws")
    return made.figure


def _mean(axes: Axes, found: Convergence) -> None:
    low, high = found.mean - Z * found.mcse, found.mean + Z * found.mcse
    _band(axes, found.draws, found.mean, low, high)
    late = found.draws >= _SETTLED * found.draws[-1]
    least, most = _limits(np.concatenate([low[late], high[late]]))
    axes.set_ylim(least, most)
    ticks = ticks_within(least, most)
    set_ticks(axes.yaxis, ticks, lambda tick: signed(tick, f"+.{decimals(ticks)}f"))
    axes.set_ylabel("Incremental net health\nbenefit (QALYs)")
    if least < 0.0 < most:
        axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=1)
    last, error = float(found.mean[-1]), float(found.mcse[-1])
    text = (
        f"{signed(last, '+.4f')}\nafter {int(found.draws[-1]):,} draws\n(MCSE {read(error if error > 1e-9 else 0, 2)})"
    )
    _at_the_end(axes, last, text)


def _probability(axes: Axes, found: Convergence) -> None:
    n, p = found.draws, found.probability
    error = Z * np.sqrt(p * (1.0 - p) / n)
    _band(axes, n, p, np.maximum(p - error, 0.0), np.minimum(p + error, 1.0))
    late = n >= _SETTLED * n[-1]
    least, most = _limits(np.concatenate([(p - error)[late], (p + error)[late]]), 0.04)
    border = 0.06 * (most - least)
    least, most = max(least, -border), min(most, 1.0 + border)
    axes.set_ylim(least, most)
    ticks = [tick for tick in ticks_within(least, most) if 0.0 <= tick <= 1.0]
    set_ticks(axes.yaxis, ticks, share_text(ticks))
    axes.set_ylabel("Probability of being\ncost-effective")
    _at_the_end(axes, float(p[-1]), percent(float(p[-1])))


def _band(axes: Axes, x: Array, y: Array, low: Array, high: Array) -> None:
    """Draw a line and its band; a mark where there is a single value."""
    axes.fill_between(x, low, high, color=BLUE, alpha=0.22, linewidth=0)
    if len(x) == 1:
        axes.plot([x[0], x[0]], [low[0], high[0]], color=BLUE, alpha=0.5, linewidth=2.0, clip_on=False)
    mark: dict[str, Any] = {"marker": "o", "clip_on": False} if len(x) < 3 else {}
    axes.plot(x, y, color=BLUE, linewidth=1.8, markersize=5, zorder=3, **mark)


def _limits(values: Array, smallest: float = 0.01) -> tuple[float, float]:
    """Return limits around values; a range of no width gets a small one."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    lacking = max(0.0, smallest * max(1.0, abs(low)) - (high - low)) / 2
    span = high - low + 2 * lacking
    return low - lacking - 0.08 * span, high + lacking + 0.08 * span


def _at_the_end(axes: Axes, value: float, text: str) -> None:
    """Write the last value at the end of its line."""
    look: dict[str, Any] = {"color": BLUE, "xycoords": axes.get_yaxis_transform(), "annotation_clip": False}
    write_end(axes, 1.0, value, text, gap=8.0, **look)
