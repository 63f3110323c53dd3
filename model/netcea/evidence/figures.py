"""Figures of fits to patients: Kaplan-Meier with numbers at risk and all fits, and what they say of later years."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.evidence.family_looks import OTHERS, POPULATION, entries_of, looks_of
from netcea.evidence.hazard_figures import STEPS, hazard_extrapolation_figure, hazard_figure, hazard_ratio_figure, who
from netcea.evidence.population import below_population
from netcea.evidence.proportional_figures import log_cumulative_figure, quantiles_figure, schoenfeld_figure
from netcea.evidence.reconstruction_figure import reconstruction_figure
from netcea.fitting.summaries import HORIZON_YEARS
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import percent_axis, set_ticks, ticks_within
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, DASHED, FAINT, GREY, PALE, SMALL_SIZE, styled
from netcea.uncertainty.normal import HALF_WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.evidence.arms import FitsOfArms
    from netcea.fitting.kaplan_meier import KaplanMeier
    from netcea.fitting.maximum_likelihood import LikelihoodFit

EXTRAPOLATED_YEARS: Final = 20.0
LITTLE: Final = 0.01
"""A figure ends where less than this share is left in four curves of five. [share]"""
BETWEEN_ARMS: Final = {
    "hazard_ratio": hazard_ratio_figure,
    "schoenfeld": schoenfeld_figure,
    "quantiles": quantiles_figure,
}
"""Name -> function, of an arm against the control arm."""


def figures_of(found: FitsOfArms) -> dict[str, Callable[[], Figure]]:
    """Return name -> function that draws: of each arm, and of each arm against the control arm."""
    made: dict[str, Callable[[], Figure]] = {}
    years = EXTRAPOLATED_YEARS if found.population is None else HORIZON_YEARS
    if found.data.reconstructed is not None:
        made.update({f"reconstruction_{arm}": partial(reconstruction_figure, found, arm) for arm in found.fits})
    for arm in found.fits:
        made[f"fits_{arm}"] = partial(fits_figure, found, arm, None)
        made[f"extrapolation_{arm}"] = partial(fits_figure, found, arm, years)
        made[f"hazard_{arm}"] = partial(hazard_figure, found, arm)
        made[f"hazard_extrapolation_{arm}"] = partial(hazard_extrapolation_figure, found, arm)
    made["log_cumulative_hazard"] = partial(log_cumulative_figure, found)
    for arm in found.fits:
        if arm != found.control:
            made |= {f"{name}_{arm}": partial(draw, found, arm) for name, draw in BETWEEN_ARMS.items()}
    return made


@styled()
def fits_figure(found: FitsOfArms, arm: str, years: float | None) -> Figure:
    """Draw the Kaplan-Meier estimate of an arm with its 95% band, numbers at risk and every fit.

    Parameters
    ----------
    found : FitsOfArms
    arm : str
    years : float or None
        To which the curves go; None: the end of the data. [years]
    """
    patients, km, fits = found.data.arms[arm], found.kaplan_meier[arm], found.fitted(arm)
    last = float(patients.time.max())
    end = last * 1.02 if years is None else max(min(years * found.per_year, _gone(fits, last)), 1.5 * last)
    unit, factor = (found.time_unit, 1.0) if years is None else ("years", found.per_year)
    names = [fit.name for fit in fits]
    look = looks_of(names)
    entries = [legend.line("Kaplan-Meier, 95% band", color=BLACK, linewidth=1.6), *entries_of(names)]
    people = found.population if years is not None else None
    if people is not None:
        entries.insert(1, legend.line("general population", **POPULATION))
    refused = [one.name.replace("_", " ") for one in found.refused(arm)]
    notes = [f"Not fitted, for the reasons in tables/choosing.csv: {', '.join(refused)}."] if refused else []
    if years is not None:
        ends = f"The data end at {read(last, 3)} {found.time_unit} (dashed); what follows is the families' own."
        notes.insert(0, f"{ends} {_of_population(found, arm)}")
    beyond = "" if years is None else f", and what they say until {read(end / factor, 2)} years"
    made = page(
        f"{found.label}, {arm}: the data and every fit{beyond}",
        f"{found.name}; {patients.n:,} patients, {patients.events:,} events",
        3.7,
        margins=Margins(bottom=0.95),
        legend=entries,
        notes=notes,
    )
    axes = made.whole()
    axes.set_xlim(0.0, end / factor)
    percent_axis(axes, "Without the event (% of patients)", steps=4, low=0.0)
    ticks = ticks_within(0.0, end / factor, 8, steps=STEPS)
    set_ticks(axes.xaxis, ticks, read)
    axes.set_xlabel(f"Time ({unit})")
    t = np.linspace(0.0, end, 400)
    for fit in sorted(fits, key=lambda one: one.name in look):
        survival = np.asarray(fit.curve().survival(t))
        axes.plot(t / factor, survival, zorder=3 if fit.name in look else 2, **look.get(fit.name, OTHERS))
    if people is not None:
        axes.plot(t / factor, people.survival(t / found.per_year), zorder=4, **POPULATION)
    _draw_data(axes, km, factor)
    if years is not None:
        axes.axvline(last / factor, color=GREY, linewidth=0.9, linestyle=DASHED, zorder=1)
    times = np.array(ticks) * factor
    at_risk = [int(((patients.time >= t) & (patients.entry <= t)).sum()) for t in times]
    _numbers_at_risk(axes, ticks, at_risk)
    return made.figure


def _gone(fits: list[LikelihoodFit], last: float) -> float:
    """Return when little of most curves is left, seen from the end of the data. [unit of time]"""
    times = last * np.linspace(1.0, 50.0, 400)
    curves = [np.asarray(fit.curve().survival(times)) for fit in fits]
    left = np.quantile(curves, 0.8, axis=0) if curves else np.zeros(400)
    gone = np.flatnonzero(left <= LITTLE)
    return float(times[gone[0]]) if len(gone) else float("inf")


def _of_population(found: FitsOfArms, arm: str) -> str:
    """Say whose survival the general population's is, and which families come to have a hazard below it."""
    people = found.population
    if people is None:
        return who(None)
    below = [
        (one.fit.name.replace("_", " "), years)
        for one in found.summaries[arm]
        if (years := below_population(one.fit.curve(), people, found.per_year)) is not None
    ]
    if not below:
        return f"{who(people)} No family's hazard falls below its own to {read(HORIZON_YEARS)} years."
    first, years = min(below, key=lambda one: one[1])
    return (
        f"{who(people)} The hazards of {len(below)} of {len(found.summaries[arm])} families fall below its own, which "
        f"needs a reason; the first is {first}, from {read(years, 2)} years (all in tables/choosing.csv)."
    )


def _draw_data(axes: Axes, km: KaplanMeier, factor: float) -> None:
    """Draw the Kaplan-Meier estimate with its band, time divided by a factor."""
    times = np.concatenate([[0.0], km.times]) / factor
    survival = np.concatenate([[1.0], km.survival])
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = (
            np.concatenate([[1.0], km.survival ** np.exp(sign * HALF_WIDTH * km.log_log_se)]) for sign in (1.0, -1.0)
        )
    axes.fill_between(times, low, high, step="post", color=FAINT, zorder=0)
    axes.step(times, survival, where="post", color=BLACK, linewidth=1.6, zorder=5)
    axes.axhline(0.5, color=PALE, linewidth=0.8, zorder=0)


def _numbers_at_risk(axes: Axes, ticks: list[float], at_risk: list[int]) -> None:
    """Write how many are at risk at each tick, below the axis."""
    where = axes.get_xaxis_transform()
    look: dict[str, Any] = {"size": SMALL_SIZE, "va": "top", "color": GREY}
    axes.annotate(
        "At risk", (0.0, 0.0), (-14, -38), xycoords="axes fraction", textcoords="offset points", ha="right", **look
    )
    for tick, number in zip(ticks, at_risk, strict=True):
        axes.annotate(
            f"{number:,}", (tick, 0.0), (0, -38), xycoords=where, textcoords="offset points", ha="center", **look
        )
