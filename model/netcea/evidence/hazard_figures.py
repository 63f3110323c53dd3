"""Figures of hazards: smoothed from the data against every fit, and the ratios between arms that families imply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array
from netcea.evidence.comparison_tables import both_fitted, interval_of, ratios_over_time, shared_end
from netcea.evidence.family_looks import OTHERS, POPULATION, entries_of, looks_of
from netcea.fitting.smoothed_hazard import FEWEST_EVENTS
from netcea.fitting.summaries import HORIZON_YEARS
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import name_axes, set_ticks, ticks_within
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import BLACK, DASHED, FAINT, GREY, PALE, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.evidence.arms import FitsOfArms
    from netcea.evidence.matched_population import Population

SMOOTH_NOTE: Final = "The band is one of chance alone: what is narrower than the kernel is not seen."
BELOW_NOTE: Final = (
    "Patients rarely die less often than others of their age: a line below theirs needs a reason, or their mortality "
    "as its floor."
)
STEPS: Final = (1, 2, 5, 10)
"""Ticks are these times a power of ten apart."""
RATIO_YEARS: Final = 20.0
"""To which ratios are drawn. [years]"""
RATIO_NOTE: Final = (
    "Lines that leave the figure go on below 0.1 or above 10. Cox's ratio, with its 95% band, is one number for the "
    "time in which both arms are observed."
)
EXCESS_RATIOS: Final = "Families: ratios of excess hazards; Cox's is of all causes, and so nearer to 1."
RATIO_TICKS: Final = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)


@styled()
def hazard_figure(found: FitsOfArms, arm: str) -> Figure:
    """Draw the smoothed hazard of an arm with its 95% band, and the hazard of every fit.

    Parameters
    ----------
    found : FitsOfArms
    arm : str
    """
    patients, fits, smooth = found.data.arms[arm], found.fitted(arm), found.smoothed[arm]
    last, per_year = float(patients.time.max()), found.per_year
    look = looks_of([fit.name for fit in fits])
    entries, notes = entries_of([fit.name for fit in fits]), []
    if smooth is None:
        notes.append(f"Not smoothed: fewer than {FEWEST_EVENTS} different times of events with enough at risk.")
    else:
        entries.insert(0, legend.line("smoothed from the data, 95% band", color=BLACK, linewidth=1.8))
        enough = read(float(np.ceil(smooth.fewest_at_risk)), 3)
        notes.append(
            f"Smoothed by an Epanechnikov kernel that reaches {read(smooth.bandwidth, 2)} {found.time_unit} to either "
            f"side, with Müller and Wang's boundaries, from events with {enough} or more at risk; "
            f"it stops half a kernel before the last of them. {SMOOTH_NOTE}"
        )
    title = f"{found.in_words}, {arm}: the hazard of the data and of every fit"
    if found.matched is not None:
        notes.append(what_is_shown(found, arm))
    if smooth is None and not fits:
        return sentence(title, found.name, f"No family was fitted. {notes[0]}")
    made = page(
        title, f"{found.name}; {patients.n:,} patients, {patients.events:,} events", 3.7, legend=entries, notes=notes
    )
    axes = made.whole()
    t = np.linspace(0.0, last, 301)[1:]
    curves = {fit.name: np.asarray(found.shown(arm, fit).hazard(t)) * per_year for fit in fits}
    shown = [] if smooth is None else [smooth.hazard * per_year]
    top = _top(list(curves.values()), shown)
    axes.set_xlim(0.0, last * 1.02)
    axes.set_ylim(0.0, top)
    set_ticks(axes.xaxis, ticks_within(0.0, last * 1.02, 8, steps=STEPS), read)
    set_ticks(axes.yaxis, ticks_within(0.0, top, 6, steps=STEPS), read)
    axes.set_xlabel(f"Time ({found.time_unit})")
    axes.set_ylabel("Hazard (events per patient and year)")
    for name in sorted(curves, key=lambda one: one in look):
        axes.plot(t, curves[name], zorder=3 if name in look else 2, **look.get(name, OTHERS))
    if smooth is not None:
        low, high = (np.minimum(end * per_year, 10.0 * top) for end in (smooth.low, smooth.high))
        axes.fill_between(smooth.times, low, high, color=FAINT, zorder=0)
        axes.plot(smooth.times, smooth.hazard * per_year, color=BLACK, linewidth=1.8, zorder=5)
    return made.figure


def _top(curves: list[Array], smoothed: list[Array]) -> float:
    """Return an upper end that shows all of the data's hazard, and of the fits' what is not far above it."""
    usual = [float(np.quantile(h[np.isfinite(h)], 0.9)) for h in curves if np.isfinite(h).any()]
    fits = [1.3 * float(np.median(usual))] if usual else []
    return max([1.6 * float(np.nanmax(h)) for h in smoothed] + fits, default=0.0) or 1.0


@styled()
def hazard_ratio_figure(found: FitsOfArms, arm: str) -> Figure:
    """Draw the hazard ratio of an arm against the control arm over time, as every family implies it.

    Parameters
    ----------
    found : FitsOfArms
    arm : str
        Not the control arm.
    """
    pairs, end, per_year = both_fitted(found, arm), shared_end(found, arm), found.per_year
    title = f"{found.in_words}: hazard ratio of {arm} against {found.control} that each family implies"
    if not pairs:
        return sentence(title, found.name, "No family was fitted to both arms.")
    cox, low, high = interval_of(found.comparisons[arm].hazard_ratio)
    names = [name for name, _, _ in pairs]
    look, entries = looks_of(names), entries_of(names)
    if cox is not None:
        words = f"Cox: {read(cox, 3)} (95% {read(low or 0.0, 3)} to {read(high or 0.0, 3)})"
        entries.insert(0, legend.line(words, color=BLACK, linewidth=1.6))
    years = max(min(RATIO_YEARS, 4.0 * end / per_year), 1.5 * end / per_year)
    ends = f"The data of both arms end at {read(end, 3)} {found.time_unit} (dashed); beyond, no ratio was observed."
    made = page(
        title,
        f"{found.name}; the same family fitted to each arm by itself",
        3.6,
        legend=entries,
        notes=[ends, RATIO_NOTE if found.matched is None else f"{RATIO_NOTE} {EXCESS_RATIOS}"],
    )
    axes = made.whole()
    axes.set_yscale("log")
    t = np.linspace(0.0, years * per_year, 401)[1:]
    for name, treated, control in sorted(pairs, key=lambda pair: pair[0] in look):
        ratios = ratios_over_time(treated, control, t)
        axes.plot(t / per_year, np.clip(ratios, 1e-3, 1e3), zorder=3 if name in look else 2, **look.get(name, OTHERS))
    if cox is not None:
        until = [0.0, end / per_year]
        axes.fill_between(until, [low or 0.0] * 2, [high or 0.0] * 2, color=FAINT, zorder=0)
        axes.plot(until, [cox] * 2, color=BLACK, linewidth=1.6, zorder=5)
    axes.axhline(1.0, color=PALE, linewidth=0.9, zorder=0)
    axes.axvline(end / per_year, color=GREY, linewidth=0.9, linestyle=DASHED, zorder=1)
    axes.set_xlim(0.0, years)
    axes.set_ylim(RATIO_TICKS[0], RATIO_TICKS[-1])
    set_ticks(axes.yaxis, RATIO_TICKS, read)
    axes.minorticks_off()
    set_ticks(axes.xaxis, ticks_within(0.0, years, 8, steps=STEPS), read)
    axes.set_xlabel("Time (years)")
    name_axes(axes, up=f"Hazard ratio (below 1: {arm} better)")
    return made.figure


@styled()
def hazard_extrapolation_figure(found: FitsOfArms, arm: str) -> Figure:
    """Draw the hazard of every fit of an arm to the horizon of the restricted mean, and the general population's.

    Parameters
    ----------
    found : FitsOfArms
    arm : str
    """
    fits, per_year, people = found.fitted(arm), found.per_year, found.people(arm)
    names = [fit.name for fit in fits]
    look, entries = looks_of(names), entries_of(names)
    end, last = HORIZON_YEARS, float(found.data.arms[arm].time.max())
    years = np.linspace(0.0, end, 481)[1:]
    curves = {fit.name: np.asarray(found.shown(arm, fit).hazard(years * per_year)) * per_year for fit in fits}
    theirs = np.array([0.01])
    if people is not None:
        entries.insert(0, legend.line("general population", **POPULATION))
        theirs = np.diff(people.cumulative_hazard(np.concatenate([[0.0], years]))) / (years[1] - years[0])
    low, high = _decades(list(curves.values()), theirs)
    title = f"{found.in_words}, {arm}: the hazard that every fit goes on with until {read(end)} years"
    if not fits:
        return sentence(title, found.name, "No family was fitted.")
    made = page(
        title,
        found.name,
        3.6,
        margins=Margins(left=0.85),
        legend=entries,
        notes=[f"The data end at {read(last, 3)} {found.time_unit} (dashed). {who(people)}", _below(found, arm)],
    )
    axes = made.whole()
    axes.set_yscale("log")
    if people is not None:
        axes.plot(years, theirs, zorder=4, **POPULATION)
    for name in sorted(curves, key=lambda one: one in look):
        axes.plot(
            years,
            np.clip(curves[name], low / 1e3, high * 1e3),
            zorder=3 if name in look else 2,
            **look.get(name, OTHERS),
        )
    axes.axvline(last / per_year, color=GREY, linewidth=0.9, linestyle=DASHED, zorder=1)
    axes.set_xlim(0.0, end)
    axes.set_ylim(low, high)
    decades = range(round(np.log10(low)), round(np.log10(high)) + 1)
    axes.minorticks_off()
    set_ticks(axes.yaxis, [10.0**k for k in decades], read)
    set_ticks(axes.xaxis, ticks_within(0.0, end, 8, steps=STEPS), read)
    axes.set_xlabel("Time (years)")
    axes.set_ylabel("Hazard (events per patient and year)")
    return made.figure


def what_is_shown(found: FitsOfArms, arm: str) -> str:
    """Say what curves of relative survival are shown as beside data of all causes."""
    if found.people(arm) is not None:
        return "Fits: the general population's survival times relative survival, so deaths of all causes as the data."
    return (
        "Fits: relative survival, which lies above the data's survival from all causes; nobody said what the general "
        "population's mortality is at other times than each patient's own (--age, --female, --life-table)."
    )


def _below(found: FitsOfArms, arm: str) -> str:
    return BELOW_NOTE if found.matched is None else what_is_shown(found, arm)


def who(people: Population | None) -> str:
    """Say whose mortality is shown, or how to have it shown."""
    if people is None:
        return "The general population is not shown: name --age, --female and --life-table."
    return f"General population: {people}."


def _decades(curves: list[Array], theirs: Array) -> tuple[float, float]:
    """Return powers of ten around most of the curves and all of the general population's, from 0.0001 to 100."""
    values = np.concatenate([theirs, *(h[np.isfinite(h) & (h > 0.0)] for h in curves)])
    high = np.ceil(np.log10(min(max(float(np.quantile(values, 0.98)), float(theirs.max())), 1e2)))
    low = np.floor(np.log10(max(float(values.min()), 1e-4)))
    return float(10.0**low), float(10.0 ** max(high, low + 1.0))
