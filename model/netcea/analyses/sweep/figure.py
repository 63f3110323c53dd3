"""The figure of a sweep: net health benefit of every combination, ordered, the implausible ones hollow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.sweep.result import Combination, SweepResult, curve_words
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import set_ticks, ticks_within
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, DASHED, GREY, PALE, STRATEGY_COLOURS, styled
from netcea.reporting.figures.text import comparison, signed_digits
from netcea.reporting.number_format import pounds
from netcea.survival.family_names import family_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled()
def sweep_figure(result: SweepResult) -> Figure:
    """Draw incremental NHB at the lower threshold: a row for each family of the last curve, points for the others.

    Parameters
    ----------
    result : SweepResult
    """
    run = [c for c in result.combinations if c.effect is not None]
    rows = list(run[0].families)[-1]
    families = list(dict.fromkeys(c.families[rows] for c in run))
    threshold = thresholds_of(result.scenario)[0]
    weighted = any(c.effect is not None and c.effect.severity_weight != 1.0 for c in run)
    words = "weighted for severity" if weighted else "unweighted"
    blue = STRATEGY_COLOURS[0]
    made = page(
        f"Incremental net health benefit at {pounds(threshold)} per QALY, by survival family",
        f"{comparison(result.scenario)}, QALYs ({words}); rows: family of {curve_words(rows)}",
        0.8 + 0.36 * len(families),
        margins=Margins(left=2.1, bottom=0.55),
        legend=[
            legend.line("plausible", color=blue, linestyle="none", marker="o"),
            legend.line("implausible by a rule", color=GREY, linestyle="none", marker="o", markerfacecolor="white"),
            legend.line("base case", color=BLACK, linestyle=DASHED),
        ],
        notes=[f"A point is a combination with the families of {_others(run[0], rows)}."],
    )
    axes = made.whole()
    for at, family in enumerate(families):
        mine = [c for c in run if c.families[rows] == family]
        for plausible in (False, True):
            values = [_nhb(c, weighted=weighted) for c in mine if c.plausible == plausible]
            fill = blue if plausible else "white"
            edge = blue if plausible else GREY
            axes.plot(values, np.full(len(values), at), "o", markersize=5, color=edge, markerfacecolor=fill)
    base = result.base.weighted_nhb[0] if weighted else result.base.nhb[0]
    axes.axvline(base, color=BLACK, linewidth=1.0, linestyle=DASHED, zorder=1)
    axes.axvline(0.0, color=PALE, linewidth=0.9, zorder=0)
    axes.set_yticks(range(len(families)), [family_label(family) for family in families])
    axes.set_ylim(len(families) - 0.4, -0.6)
    values = [base, *(_nhb(c, weighted=weighted) for c in run)]
    room = 0.05 * (max(values) - min(values)) or 0.05
    axes.set_xlim(min(values) - room, max(values) + room)
    set_ticks(axes.xaxis, ticks_within(*axes.get_xlim(), 7), lambda tick: signed_digits(tick, 4, plus=""))
    axes.set_xlabel("Incremental net health benefit (QALYs)")
    return made.figure


def _nhb(combination: Combination, *, weighted: bool) -> float:
    effect = combination.effect
    if effect is None:
        return float("nan")
    return (effect.weighted_nhb if weighted else effect.nhb)[0]


def _others(combination: Combination, rows: str) -> str:
    others = [curve_words(name) for name in combination.families if name != rows]
    return ", ".join(others) or "this curve alone"
