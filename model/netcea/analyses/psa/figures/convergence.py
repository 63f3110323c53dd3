"""Convergence: the running mean of incremental net health benefit, and the running probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array
from netcea.reporting.figures.over_thresholds import percent
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLUE, GREY, SMALL_SIZE, plain, pounds, signed, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import Convergence, PsaResult

Z: Final = 1.96
"""The band is the mean plus and minus so many Monte Carlo standard errors."""
_STOPPED: Final = {
    "draws": "It stopped at the number of draws asked for.",
    "mcse": "It stopped when the Monte Carlo standard error was as small as asked for.",
}
_SETTLED: Final = 0.1
"""The vertical axis fits the band after this share of the draws; what lies outside it before is cut off."""


def convergence(result: PsaResult) -> Figure:
    """Draw the running mean with its 95% Monte Carlo band, and the running probability, over the number of draws."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    with styled():
        found, threshold = result.convergence, result.scenario.method_pack.thresholds[0]
        made = page(
            "Convergence: mean and probability by number of draws",
            f"{plain(result.scenario.file.name)}: "
            f"{plain(result.scenario.label(result.totals.intervention))} against "
            f"{plain(result.scenario.label(result.totals.comparator))} at {pounds(threshold)} per QALY",
            4.5,
            margins=Margins(left=1.25, right=1.65, top=0.15, bottom=0.55),
            legend=[
                (Line2D([], [], color=BLUE, linewidth=1.8), "Over the draws so far"),
                (Patch(facecolor=BLUE, alpha=0.22), "± 1.96 Monte Carlo standard errors"),
            ],
            notes=[_STOPPED[found.stopped]] if found.stopped in _STOPPED else [],
        )
        upper = made.panel(0.0, 2.35, made.width, 2.15)
        lower = made.panel(0.0, 0.0, made.width, 1.9)
        _mean(upper, found)
        _probability(lower, found)
        for axes in (upper, lower):
            _draws_axis(axes, found.draws)
        upper.tick_params(labelbottom=False)
        lower.set_xlabel("Number of draws")
        return made.figure


def _mean(axes: Axes, found: Convergence) -> None:
    from matplotlib.ticker import MaxNLocator

    low, high = found.mean - Z * found.mcse, found.mean + Z * found.mcse
    _band(axes, found.draws, low, high)
    _line(axes, found.draws, found.mean)
    late = found.draws >= _SETTLED * found.draws[-1]
    least, most = _limits(np.concatenate([low[late], high[late]]))
    axes.set_ylim(least, most)
    ticks = [float(t) for t in MaxNLocator(5).tick_values(least, most) if least <= t <= most]
    decimals = _decimals(ticks)
    axes.set_yticks(ticks, labels=[signed(t, f"+.{decimals}f") if abs(t) > 1e-12 else "0" for t in ticks])
    axes.set_ylabel("Incremental net health\nbenefit (QALYs)")
    if least < 0.0 < most:
        axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=1)
    last, error = float(found.mean[-1]), float(found.mcse[-1])
    _at_the_end(
        axes,
        last,
        f"{signed(last, '+.4f')}\nafter {int(found.draws[-1]):,} draws\n(MCSE {error if error > 1e-9 else 0:.2g})",
    )


def _probability(axes: Axes, found: Convergence) -> None:
    from matplotlib.ticker import MaxNLocator

    n, p = found.draws, found.probability
    error = Z * np.sqrt(p * (1.0 - p) / n)
    _band(axes, n, np.maximum(p - error, 0.0), np.minimum(p + error, 1.0))
    _line(axes, n, p)
    late = n >= _SETTLED * n[-1]
    least, most = _limits(np.concatenate([(p - error)[late], (p + error)[late]]), 0.04)
    border = 0.06 * (most - least)
    least, most = max(least, -border), min(most, 1.0 + border)
    axes.set_ylim(least, most)
    ticks = [float(t) for t in MaxNLocator(5).tick_values(least, most) if max(least, 0.0) <= t <= min(most, 1.0)]
    decimals = max(0, _decimals(ticks) - 2)
    axes.set_yticks(ticks, labels=[f"{100 * t:.{decimals}f}%" for t in ticks])
    axes.set_ylabel("Probability of being\ncost-effective")
    _at_the_end(axes, float(p[-1]), percent(float(p[-1])))


def _band(axes: Axes, x: Array, low: Array, high: Array) -> None:
    axes.fill_between(x, low, high, color=BLUE, alpha=0.22, linewidth=0)
    if len(x) == 1:
        axes.plot([x[0], x[0]], [low[0], high[0]], color=BLUE, alpha=0.5, linewidth=2.0, clip_on=False)


def _line(axes: Axes, x: Array, y: Array) -> None:
    axes.plot(
        x, y, color=BLUE, linewidth=1.8, marker="o" if len(x) < 3 else "", markersize=5, zorder=3, clip_on=len(x) > 2
    )


def _limits(values: Array, smallest: float = 0.01) -> tuple[float, float]:
    """Return limits around values; a range of no width gets a small one."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    lacking = max(0.0, smallest * max(1.0, abs(low)) - (high - low)) / 2
    span = high - low + 2 * lacking
    return low - lacking - 0.08 * span, high + lacking + 0.08 * span


def _decimals(ticks: list[float]) -> int:
    """Return the decimals that tell ticks apart.

    >>> _decimals([0.02, 0.04]), _decimals([0.0, 0.5]), _decimals([0.1025, 0.105])
    (2, 1, 4)
    """
    return next((d for d in range(8) if all(abs(t - round(t, d)) < 1e-9 for t in ticks)), 8)


def _draws_axis(axes: Axes, draws: Array) -> None:
    from matplotlib.ticker import MaxNLocator

    high = max(float(draws[-1]), 1.0)
    axes.set_xlim(0.0, high)
    ticks = [float(t) for t in MaxNLocator(6, integer=True).tick_values(0.0, high) if 0.0 <= t <= high]
    axes.set_xticks(ticks, labels=[f"{t:,.0f}" for t in ticks])
    axes.grid(visible=True, axis="y", color="#E8E8E8", linewidth=0.6)
    axes.set_axisbelow(True)


def _at_the_end(axes: Axes, value: float, text: str) -> None:
    """Write the last value beside the end of its line."""
    axes.annotate(
        text,
        (1.0, value),
        xycoords=axes.get_yaxis_transform(),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        ha="left",
        size=SMALL_SIZE,
        color=BLUE,
        annotation_clip=False,
    )
