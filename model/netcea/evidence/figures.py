"""Figures of fits to patients: Kaplan-Meier with numbers at risk and all fits, and what they say of later years."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.evidence.external_figures import external_figures
from netcea.evidence.family_looks import POPULATION, draw_families, entries_of
from netcea.evidence.hazard_figures import (
    STEPS,
    hazard_extrapolation_figure,
    hazard_figure,
    hazard_ratio_figure,
    what_is_shown,
    who,
)
from netcea.evidence.km_panel import draw_data, numbers_at_risk
from netcea.evidence.population import below_population
from netcea.evidence.proportional_figures import log_cumulative_figure, quantiles_figure, schoenfeld_figure
from netcea.evidence.reconstruction_figure import reconstruction_figure
from netcea.evidence.survival_axes import survival_axes
from netcea.fitting.summaries import HORIZON_YEARS
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, DASHED, GREY, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.evidence.arms import FitsOfArms

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
    years = EXTRAPOLATED_YEARS if found.people(next(iter(found.fits))) is None else HORIZON_YEARS
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
    return {**made, **external_figures(found)}


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
    end = last * 1.02 if years is None else max(min(years * found.per_year, _gone(found, arm, last)), 1.5 * last)
    unit, factor = (found.time_unit, 1.0) if years is None else ("years", found.per_year)
    names = [fit.name for fit in fits]
    entries = [legend.line("Kaplan-Meier, 95% band", color=BLACK, linewidth=1.6), *entries_of(names)]
    people = found.people(arm) if years is not None or found.matched is not None else None
    if people is not None:
        entries.insert(1, legend.line("general population", **POPULATION))
    refused = [one.name.replace("_", " ") for one in found.refused(arm)]
    notes = [f"Not fitted, for the reasons in tables/choosing.csv: {', '.join(refused)}."] if refused else []
    if years is not None:
        ends = f"The data end at {read(last, 3)} {found.time_unit} (dashed); what follows is the families' own."
        notes.insert(0, f"{ends} {_of_population(found, arm)}")
    if found.matched is not None:
        notes.append(what_is_shown(found, arm))
    beyond = "" if years is None else f", and what they say until {read(end / factor, 2)} years"
    made = page(
        f"{found.in_words}, {arm}: the data and every fit{beyond}",
        f"{found.name}; {patients.n:,} patients, {patients.events:,} events",
        3.7,
        margins=Margins(bottom=0.95),
        legend=entries,
        notes=notes,
    )
    axes, ticks = survival_axes(made, end / factor, unit, steps=STEPS)
    t = np.linspace(0.0, end, 400)
    draw_families(axes, t / factor, {fit.name: np.asarray(found.shown(arm, fit).survival(t)) for fit in fits})
    if people is not None:
        axes.plot(t / factor, people.survival(t / found.per_year), zorder=4, **POPULATION)
    draw_data(axes, km, factor)
    if years is not None:
        axes.axvline(last / factor, color=GREY, linewidth=0.9, linestyle=DASHED, zorder=1)
    numbers_at_risk(axes, ticks, patients, factor)
    return made.figure


def _gone(found: FitsOfArms, arm: str, last: float) -> float:
    """Return when little of most curves is left, seen from the end of the data. [unit of time]"""
    times = last * np.linspace(1.0, 50.0, 400)
    curves = [np.asarray(found.shown(arm, fit).survival(times)) for fit in found.fitted(arm)]
    left = np.quantile(curves, 0.8, axis=0) if curves else np.zeros(400)
    gone = np.flatnonzero(left <= LITTLE)
    return float(times[gone[0]]) if len(gone) else float("inf")


def _of_population(found: FitsOfArms, arm: str) -> str:
    """Say whose survival the general population's is, and which families come to have a hazard below it."""
    people = found.people(arm)
    if people is None or found.matched is not None:
        return who(people)
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
