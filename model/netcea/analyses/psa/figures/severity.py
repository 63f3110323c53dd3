"""The severity weight in each draw: how often each applies, and where the boundary lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import set_ticks, share_text, ticks_within, write_above
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import BLUE, DASHED, INK, ORANGE, SKY, VERMILLION, styled
from netcea.reporting.figures.text import percent, signed, signed_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import PsaResult

COLOURS: Final = (SKY, ORANGE, VERMILLION, BLUE)
"""Of the weights, the lowest first."""
BINS: Final = 40
TITLE: Final = "Severity weight over the draws"
_FEWER: Final = "Fewer QALYs with established practice mean a larger shortfall."


def possible_weights(result: PsaResult) -> list[float]:
    """Return the weights that occur in any draw, the lowest first."""
    return sorted(weight for weight, share in result.severity_probabilities.items() if share > 0.0)


@styled()
def severity(result: PsaResult) -> Figure:
    """Draw the QALYs of established practice in each draw, by the severity weight that they bring."""
    practice = result.scenario.file.decision.established_practice
    subtitle = (
        f"{result.scenario.file.name}: {result.totals.n:,} draws; discounted QALYs of established practice, "
        f"{result.scenario.label(practice)}"
    )
    colours = {weight: COLOURS[i % len(COLOURS)] for i, weight in enumerate(possible_weights(result))}
    if len(colours) == 1:
        return sentence(TITLE, subtitle, f"Every draw has the weight {read(next(iter(colours)))}.")
    shares = {weight: percent(result.severity_probabilities[weight]) for weight in colours}
    made = page(
        TITLE,
        subtitle,
        3.0,
        margins=Margins(left=0.95, right=0.3, top=0.45),
        legend=[legend.patch(f"Weight {read(w)}: {shares[w]} of the draws", colour) for w, colour in colours.items()],
        notes=[f"By the mean QALYs the weight is {read(result.severity_weight_at_means)}. {_FEWER}"],
    )
    axes = made.whole()
    qalys = result.totals.of("qalys", practice)
    _histogram(axes, {w: (qalys[result.totals.severity_weight == w], c) for w, c in colours.items()}, qalys)
    _mark_mean(axes, float(qalys.mean()))
    return made.figure


def _histogram(axes: Axes, parts: dict[float, tuple[Array, str]], qalys: Array) -> None:
    """Draw stacked counts of each weight's QALYs in its colour, as shares of all draws."""
    low, high = float(qalys.min()), float(qalys.max())
    edges = np.linspace(low, high if high > low else low + 1e-3, BINS + 1)
    floor = np.zeros(BINS)
    for values, colour in parts.values():
        share = np.histogram(values, edges)[0] / len(qalys)
        axes.stairs(floor + share, edges, baseline=floor, fill=True, color=colour, zorder=2)
        floor = floor + share
    axes.set_xlim(edges[0], edges[-1])
    set_ticks(axes.xaxis, ticks_within(edges[0], edges[-1], 8), lambda years: signed_digits(years, 4, plus=""))
    axes.set_ylim(0.0, 1.05 * float(floor.max()))
    ticks = [float(t) for t in axes.get_yticks() if 0.0 <= t <= axes.get_ylim()[1]]
    set_ticks(axes.yaxis, ticks, share_text(ticks))
    axes.set_xlabel("Discounted QALYs of established practice")
    axes.set_ylabel("Share of the draws")


def _mark_mean(axes: Axes, mean: float) -> None:
    axes.axvline(mean, color=INK, linewidth=1.2, linestyle=DASHED, zorder=3)
    left, right = axes.get_xlim()
    share = (mean - left) / (right - left)
    align = "left" if share < 0.15 else "right" if share > 0.85 else "center"
    words = f"Mean: {signed(mean, '.3f')}"
    write_above(axes, mean, words, gap=0.05, transform=axes.get_xaxis_transform(), ha=align, color=INK)
