"""Figures that say how arms differ: log-cumulative hazards, Schoenfeld residuals with their test, quantiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.evidence.comparison_tables import interval_of
from netcea.evidence.hazard_figures import STEPS
from netcea.fitting.comparison import quantiles_of
from netcea.fitting.schoenfeld import Schoenfeld
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import name_axes, set_ticks, ticks_within
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import BLACK, BLUE, DASHED, FAINT, GREY, PALE, SILVER, VERMILLION, looks, styled
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.evidence.arms import FitsOfArms

REFUSED: Final = 0.05
"""p-value below which proportional hazards are refused."""

MOST_DRAWN: Final = 2000
"""Of residuals: more cannot be told apart, and make a file that no program opens."""
LINES_NOTE: Final = "A straight line is a Weibull curve, with a slope of 1 an exponential one."
PARALLEL_NOTE: Final = (
    "Parallel lines are proportional hazards; parallel and straight, accelerated time as well. The first events weigh "
    "most on the eye and least on the data."
)
RESIDUALS_NOTE: Final = (
    "Time runs as 1 - S(t-) of all patients, on which the test looks for a slope, so that every event has the same "
    "room; a flat line is proportional hazards. A test that does not refuse is no proof: with few events only large "
    "changes are seen."
)
QUANTILES_NOTE: Final = (
    "Points on one straight line through 0 are accelerated time: every patient's time is multiplied by one factor. A "
    "bend says that no factor holds throughout."
)
FACTOR_NOTE: Final = "The factor is that of the family with the lowest AIC of those that accelerate time, of both arms."


@styled()
def log_cumulative_figure(found: FitsOfArms) -> Figure:
    """Draw log(-log S) of the Kaplan-Meier estimates of all arms against the logarithm of time.

    Parameters
    ----------
    found : FitsOfArms
    """
    title = f"{found.label}: logarithm of the cumulative hazard over the logarithm of time"
    curves = {}
    for arm, km in found.kaplan_meier.items():
        inside = (km.survival > 0.0) & (km.survival < 1.0) & (km.times > 0.0)
        if len(np.unique(km.survival[inside])) > 1:
            curves[arm] = (km.times[inside], np.log(-np.log(km.survival[inside])))
    if not curves:
        return sentence(title, found.name, "No arm has two events that others outlive.")
    look = looks(list(curves), found.control if found.control in curves else next(iter(curves)))
    made = page(
        title,
        f"{found.name}; Kaplan-Meier estimates",
        3.6,
        margins=Margins(left=0.9),
        legend=[legend.line(arm, **{**look[arm].line(), "linewidth": 1.6}) for arm in curves],
        notes=[LINES_NOTE, PARALLEL_NOTE if len(curves) > 1 else ""],
    )
    axes = made.whole()
    axes.set_xscale("log")
    for arm, (times, values) in curves.items():
        axes.step(times, values, where="post", **{**look[arm].line(), "linewidth": 1.6})
    low, high = axes.get_xlim()
    ticks = [m * 10.0**k for k in range(-4, 6) for m in (1.0, 2.0, 5.0) if low <= m * 10.0**k <= high]
    axes.minorticks_off()
    set_ticks(axes.xaxis, ticks, read)
    down, up = axes.get_ylim()
    set_ticks(axes.yaxis, ticks_within(down, up, 6, steps=STEPS), read)
    axes.set_xlabel(f"Time ({found.time_unit}, logarithmic)")
    axes.set_ylabel("log(-log S)")
    return made.figure


@styled()
def schoenfeld_figure(found: FitsOfArms, arm: str) -> Figure:
    """Draw scaled Schoenfeld residuals of an arm against the control arm over time, with a smooth and their test.

    Parameters
    ----------
    found : FitsOfArms
    arm : str
        Not the control arm.
    """
    residuals = found.comparisons[arm].proportional
    title = f"{found.label}: does the hazard ratio of {arm} against {found.control} change over time?"
    if not isinstance(residuals, Schoenfeld):
        return sentence(title, found.name, f"No residuals: {residuals}.")
    smooth = residuals.smooth(0)
    entries = [legend.mark("each event's own estimate", color=SILVER, marker="o", markersize=4)]
    if smooth is not None:
        entries.append(legend.line("smooth (natural spline) with 95% band", color=BLUE))
    entries.append(legend.line(f"Cox: {read(float(residuals.log_ratios[0]), 2)}", color=BLACK, linestyle=DASHED))
    test = f"Grambsch-Therneau: chi-squared {read(residuals.statistic, 3)}, p = {p_text(residuals.p_value)}"
    verdict = "refused" if residuals.p_value < REFUSED else "not refused"
    made = page(
        title,
        f"{found.name}; {test}: proportional hazards are {verdict}",
        3.6,
        margins=Margins(left=0.9),
        legend=entries,
        notes=[f"{_how_many(len(residuals.times))} {RESIDUALS_NOTE}"],
    )
    axes = made.whole()
    x = residuals.transformed
    drawn = np.linspace(0, len(x) - 1, min(len(x), MOST_DRAWN)).astype(np.intp)
    axes.plot(
        x[drawn], residuals.scaled[drawn, 0], color=SILVER, marker="o", markersize=3.5, linestyle="none", zorder=2
    )
    axes.axhline(0.0, color=PALE, linewidth=0.9, zorder=0)
    axes.axhline(float(residuals.log_ratios[0]), color=BLACK, linewidth=1.2, linestyle=DASHED, zorder=3)
    if smooth is not None:
        low, high = (smooth.log_ratio + k * HALF_WIDTH * smooth.standard_error for k in (-1.0, 1.0))
        axes.fill_between(smooth.transformed, low, high, color=FAINT, zorder=1)
        axes.plot(smooth.transformed, smooth.log_ratio, color=BLUE, zorder=4)
    places = _apart(x, residuals.times)
    set_ticks(axes.xaxis, [x for x, _ in places], lambda at: read(dict(places)[at], 2))
    down, up = axes.get_ylim()
    set_ticks(axes.yaxis, ticks_within(down, up, 6, steps=STEPS), read)
    axes.set_xlabel(f"Time ({found.time_unit})")
    axes.set_ylabel("Logarithm of the hazard ratio")
    return made.figure


def _how_many(events: int) -> str:
    """Say how many residuals there are, and how many are drawn where not all."""
    few = f", of which {MOST_DRAWN:,} are drawn" if events > MOST_DRAWN else ""
    return f"Scaled Schoenfeld residuals of {events:,} events{few}."


def p_text(p: float) -> str:
    """Return a p-value as it is read."""
    return "below 0.001" if p < 0.001 else read(round(p, 3), 2)


def _apart(transformed: np.ndarray, times: np.ndarray) -> list[tuple[float, float]]:
    """Return about eight events, evenly spaced on the transformed axis: place and time."""
    wanted = np.linspace(transformed[0], transformed[-1], 8)
    chosen = sorted({int(np.abs(transformed - at).argmin()) for at in wanted})
    return [(float(transformed[i]), float(times[i])) for i in chosen]


@styled()
def quantiles_figure(found: FitsOfArms, arm: str) -> Figure:
    """Draw times by which shares of an arm have had the event over those of the control arm.

    Parameters
    ----------
    found : FitsOfArms
    arm : str
        Not the control arm.
    """
    title = f"{found.label}: quantiles of {arm} over those of {found.control}"
    shares = np.linspace(0.99, 0.01, 99)
    across, up = (quantiles_of(found.kaplan_meier[one], shares) for one in (found.control, arm))
    both = np.isfinite(across) & np.isfinite(up)
    if not both.any():
        return sentence(title, found.name, "No share of patients had the event in both arms.")
    ratio, low, high = interval_of(found.comparisons[arm].acceleration)
    fit = found.comparisons[arm].accelerated
    entries = [legend.mark("each percentile", color=VERMILLION, marker="o", markersize=4)]
    entries.append(legend.line("no difference", color=GREY, linestyle=DASHED))
    if ratio is not None and not isinstance(fit, str):
        interval = f"95% {read(low or 0.0, 3)} to {read(high or 0.0, 3)}"
        words = f"{fit.name.replace('_', ' ')}: times {read(ratio, 3)} ({interval})"
        entries.insert(1, legend.line(words, color=BLUE))
    end = 1.05 * float(max(across[both].max(), up[both].max()))
    reached = f"the first {read(100.0 * (1.0 - float(shares[both][-1])), 2)}% of patients"
    made = page(
        title,
        f"{found.name}; Kaplan-Meier quantiles of {reached}",
        4.0,
        margins=Margins(left=0.9),
        legend=entries,
        notes=[QUANTILES_NOTE, f"No factor is estimated: {fit}." if isinstance(fit, str) else FACTOR_NOTE],
    )
    axes = made.whole()
    if ratio is not None:
        line = np.array([0.0, end])
        axes.fill_between(line, line * (low or 0.0), line * (high or 0.0), color=FAINT, zorder=0)
        axes.plot(line, line * ratio, color=BLUE, zorder=2)
    axes.plot([0.0, end], [0.0, end], color=GREY, linewidth=1.0, linestyle=DASHED, zorder=1)
    axes.plot(across[both], up[both], color=VERMILLION, marker="o", markersize=3.5, linestyle="none", zorder=3)
    axes.set_xlim(0.0, end)
    axes.set_ylim(0.0, end)
    for axis in (axes.xaxis, axes.yaxis):
        set_ticks(axis, ticks_within(0.0, end, 6, steps=STEPS), read)
    name_axes(axes, f"{found.control} ({found.time_unit})", f"{arm} ({found.time_unit})")
    return made.figure
