"""The severity weight in each draw: how often each applies, and where the boundary lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.reporting.figures.over_thresholds import percent
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import BLUE, INK, ORANGE, SKY, SMALL_SIZE, VERMILLION, plain, signed, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import PsaResult

COLOURS: Final = (SKY, ORANGE, VERMILLION, BLUE)
"""Of the weights, the lowest first."""
BINS: Final = 40
TITLE: Final = "Severity weight over the draws"


def possible_weights(result: PsaResult) -> list[float]:
    """Return the weights that occur in any draw, the lowest first."""
    return sorted(weight for weight, share in result.severity_probabilities.items() if share > 0.0)


def severity(result: PsaResult) -> Figure:
    """Draw the QALYs of established practice in each draw, by the severity weight that they bring."""
    from matplotlib.patches import Patch

    with styled():
        weights = possible_weights(result)
        practice = result.scenario.file.decision.established_practice
        subtitle = (
            f"{plain(result.scenario.file.name)}: {result.totals.n:,} draws; discounted QALYs of established practice, "
            f"{plain(result.scenario.label(practice))}"
        )
        if len(weights) == 1:
            return sentence(TITLE, subtitle, f"Every draw has the weight {weights[0]:g}.")
        made = page(
            TITLE,
            subtitle,
            3.0,
            margins=Margins(left=0.95, right=0.3, top=0.45),
            legend=[
                (
                    Patch(facecolor=COLOURS[i % len(COLOURS)]),
                    f"Weight {weight:g}: {percent(result.severity_probabilities[weight])} of the draws",
                )
                for i, weight in enumerate(weights)
            ],
            notes=[
                (
                    f"By the mean QALYs the weight is {result.severity_weight_at_means:g}. "
                    "Fewer QALYs with established practice mean a larger shortfall."
                )
            ],
        )
        axes = made.whole()
        _histogram(axes, result, weights, practice)
        _mark_mean(axes, float(result.totals.of("qalys", practice).mean()), made.height)
        return made.figure


def _histogram(axes: Axes, result: PsaResult, weights: list[float], practice: str) -> None:
    """Draw stacked counts, as shares of all draws."""
    from matplotlib.ticker import MaxNLocator

    qalys = result.totals.of("qalys", practice)
    low, high = float(qalys.min()), float(qalys.max())
    edges = np.linspace(low, high if high > low else low + 1e-3, BINS + 1)
    floor = np.zeros(BINS)
    for i, weight in enumerate(weights):
        share = np.histogram(qalys[result.totals.severity_weight == weight], edges)[0] / result.totals.n
        axes.stairs(floor + share, edges, baseline=floor, fill=True, color=COLOURS[i % len(COLOURS)], zorder=2)
        floor = floor + share
    axes.set_xlim(edges[0], edges[-1])
    years = [float(t) for t in MaxNLocator(8).tick_values(edges[0], edges[-1]) if edges[0] <= t <= edges[-1]]
    axes.set_xticks(years, labels=[signed(t, ".4g") for t in years])
    axes.set_ylim(0.0, 1.05 * float(floor.max()))
    ticks = [float(t) for t in axes.get_yticks() if 0.0 <= t <= axes.get_ylim()[1]]
    whole = all(abs(100 * t - round(100 * t)) < 1e-9 for t in ticks)
    axes.set_yticks(ticks, labels=[f"{100 * t:.{0 if whole else 1}f}%" for t in ticks])
    axes.set_xlabel("Discounted QALYs of established practice")
    axes.set_ylabel("Share of the draws")


def _mark_mean(axes: Axes, mean: float, height: float) -> None:
    axes.axvline(mean, color=INK, linewidth=1.2, linestyle=(0, (5, 3)), zorder=3)
    left, right = axes.get_xlim()
    share = (mean - left) / (right - left)
    align = "left" if share < 0.15 else "right" if share > 0.85 else "center"
    axes.text(
        mean,
        1.0 + 0.05 / height,
        f"Mean: {signed(mean, '.3f')}",
        transform=axes.get_xaxis_transform(),
        ha=align,
        va="bottom",
        size=SMALL_SIZE,
        color=INK,
    )
