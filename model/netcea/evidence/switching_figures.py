"""Figures of a trial adjusted for switching: the control arm as observed and by method; hazard ratios by method."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from netcea.arrays import Array
from netcea.evidence.survival_axes import survival_axes
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.fitting.switching.estimate import Estimate
from netcea.fitting.switching.methods import METHODS
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import set_ticks
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, GREY, LINE_STYLES, PALE, STRATEGY_COLOURS, styled
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.evidence.adjusted_trial import AdjustedTrial

SHOWN = ("rpsft", "ipe", "two_stage", "two_stage_complex")
"""Methods whose control arm is drawn: the others are theirs without re-censoring, or weigh patients."""

TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)


def figures_of(found: AdjustedTrial) -> dict[str, Callable[[], Figure]]:
    """Return name -> function that draws."""
    return {"survival_by_method": partial(survival_figure, found), "hazard_ratios": partial(ratios_figure, found)}


@styled()
def survival_figure(found: AdjustedTrial) -> Figure:
    """Draw Kaplan-Meier estimates: both arms as observed, and the control arm had nobody switched, by method.

    Parameters
    ----------
    found : AdjustedTrial
    """
    patients = found.patients
    control, treated = patients.treated == 0.0, patients.treated == 1.0
    curves: list[tuple[str, Array, Array, str, Any]] = [
        (f"{found.data.arms[1]}, observed", patients.time[treated], patients.event[treated], BLACK, "-"),
        (f"{found.data.arms[0]}, observed", patients.time[control], patients.event[control], GREY, "-"),
    ]
    for k, name in enumerate(SHOWN):
        one = found.estimates.get(name)
        if isinstance(one, Estimate) and one.times is not None:
            label = f"{found.data.arms[0]}, {METHODS[name].label}"
            style = LINE_STYLES[1 + k % (len(LINE_STYLES) - 1)]
            colour = STRATEGY_COLOURS[k % len(STRATEGY_COLOURS)]
            curves.append((label, one.times.time[control], one.times.event[control], colour, style))
    made = page(
        "Survival as observed, and of the control arm had nobody switched",
        f"{found.name}; {patients.n:,} patients, {int(patients.switched.sum()):,} of them switched",
        3.9,
        margins=Margins(bottom=0.6),
        legend=[legend.line(label, color=colour, linestyle=style) for label, _, _, colour, style in curves],
        notes=["Re-censored: where all of an arm are censored again, its curve ends earlier than the data."],
    )
    end = float(patients.time.max()) * 1.02
    axes, _ = survival_axes(made, end, found.time_unit, "Alive (% of patients)")
    for _, time, event, colour, style in curves:
        km = kaplan_meier(time, event)
        axes.step(
            np.concatenate([[0.0], km.times]),
            np.concatenate([[1.0], km.survival]),
            where="post",
            color=colour,
            linestyle=style,
            linewidth=1.5,
        )
    return made.figure


@styled()
def ratios_figure(found: AdjustedTrial) -> Figure:
    """Draw the hazard ratio of each method with its interval, on a logarithmic axis.

    Parameters
    ----------
    found : AdjustedTrial
    """
    rows = [
        (METHODS[name].label, found, name, one) for name, one in found.estimates.items() if isinstance(one, Estimate)
    ]
    made = page(
        "Hazard ratio by method of adjusting for switching",
        f"{found.name}; {found.data.arms[1]} against {found.data.arms[0]}; 95% intervals",
        0.7 + 0.32 * len(rows),
        margins=Margins(left=3.6, bottom=0.55),
        legend=[
            legend.line("adjusts for switching", color=STRATEGY_COLOURS[0], marker="o"),
            legend.line("does not: to compare with", color=GREY, marker="o"),
        ],
    )
    axes = made.whole()
    low, high = [], []
    for k, (_, _, name, one) in enumerate(rows):
        se, _ = found.standard_error(name) or (one.standard_error, "")
        start, end = (float(np.exp(one.log_ratio + sign * HALF_WIDTH * se)) for sign in (-1.0, 1.0))
        low.append(start)
        high.append(end)
        colour = STRATEGY_COLOURS[0] if METHODS[name].adjusts else GREY
        axes.plot([start, end], [k, k], color=colour, linewidth=1.6)
        axes.plot([one.hazard_ratio], [k], color=colour, marker="o", markersize=5)
    axes.set_xscale("log")
    axes.axvline(1.0, color=PALE, linewidth=0.9, zorder=0)
    axes.set_yticks(range(len(rows)), [label for label, *_ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(min([0.5, *low]) * 0.95, max([1.5, *high]) * 1.05)
    ticks = [
        t
        for t in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
        if axes.get_xlim()[0] <= t <= axes.get_xlim()[1]
    ]
    set_ticks(axes.xaxis, ticks, read)
    axes.minorticks_off()
    axes.set_xlabel("Hazard ratio (below 1 favours the treatment)")
    return made.figure
