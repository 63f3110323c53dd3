"""Figures of fits with and without external information, beside the data and what the sources say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.evidence.external import Pull, external_arms, pulls
from netcea.evidence.hazard_figures import STEPS
from netcea.evidence.km_panel import draw_data, numbers_at_risk
from netcea.evidence.survival_axes import survival_axes
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import set_ticks, ticks_within
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, DASHED, GREY, LINE_STYLES, POINTS, STRATEGY_COLOURS, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.evidence.arms import FitsOfArms
    from netcea.fitting.external.terms import ExternalTerm

MOST: Final = 3
"""Families that are drawn: of different kinds, those with the lowest AIC with, and the one with the lowest without."""
APART: Final = 0.006
"""By which points of different sources at one time are drawn apart, as a share of the axis."""
BEYOND: Final = 1.1
"""Time to which curves are drawn, as a multiple of the last that a source speaks of or the data have."""
LATEST: Final = 40.0
"""To which at most. [years]"""


def _count(terms: Sequence[object]) -> str:
    return f"{len(terms)} external term{'' if len(terms) == 1 else 's'}"


def external_figures(found: FitsOfArms) -> dict[str, Callable[[], Figure]]:
    """Return name -> function that draws, for each arm of which external information says something."""
    made: dict[str, Callable[[], Figure]] = {}
    for arm in external_arms(found):
        if not pulls(found, arm):
            continue
        made[f"external_{arm}"] = partial(external_figure, found, arm)
        if _later(pulls(found, arm)[0].terms):
            made[f"external_hazard_{arm}"] = partial(external_hazard_figure, found, arm)
    return made


def _later(terms: Sequence[ExternalTerm]) -> list[ExternalTerm]:
    """Return those that speak of patients who are alive at a later time than the beginning."""
    return [term for term in terms if term.start > 0.0]


def _drawn(found: FitsOfArms, arm: str) -> list[Pull]:
    """Return the families that are drawn: of several splines the one with the lowest AIC."""
    of = pulls(found, arm)
    first: dict[str, Pull] = {}
    for pull in of:
        first.setdefault(pull.fit.candidate.family, pull)
    chosen = list(first.values())[:MOST]
    alone = min((pull for pull in of if pull.without is not None), key=_aic_without, default=of[0])
    return chosen if alone in chosen else [*chosen[: MOST - 1], alone]


def _aic_without(pull: Pull) -> float:
    return float("inf") if pull.without is None else pull.without.aic


@styled()
def external_figure(found: FitsOfArms, arm: str) -> Figure:
    """Draw survival with external information and without, the Kaplan-Meier estimate, and what the sources say.

    Parameters
    ----------
    found : FitsOfArms
    arm : str
    """
    of = _drawn(found, arm)
    patients, terms = found.data.arms[arm], of[0].terms
    last = float(patients.time.max())
    end = min(BEYOND * max([last, *(term.stop for term in terms)]), LATEST * found.per_year)
    notes = [f"The data end at {read(last, 3)} {found.time_unit} (thin dashed line). {_weights(terms)}"]
    if _later(terms):
        best = of[0].fit.name.replace("_", " ")
        notes.append(f"What is said of those alive at a later time is drawn as a share of those whom {best} has alive.")
    notes += _causes(found, arm)
    made = page(
        f"{found.label}, {arm}: with external information, and without",
        f"{found.name}; {patients.n:,} patients, {patients.events:,} events, {_count(terms)}",
        3.9,
        margins=Margins(bottom=0.95),
        legend=[legend.line("Kaplan-Meier, 95% band", color=BLACK, linewidth=1.6), *_entries(of)],
        notes=notes,
    )
    axes, ticks = survival_axes(made, end / found.per_year, "years", steps=STEPS)
    t = np.linspace(0.0, end, 400)
    for pull, look in zip(of, _looks(of), strict=True):
        for fit, style in ((pull.without, {"linestyle": LINE_STYLES[1]}), (pull.fit, {})):
            if fit is not None:
                axes.plot(
                    t / found.per_year, np.asarray(found.shown(arm, fit).survival(t)), zorder=3, **{**look, **style}
                )
    draw_data(axes, found.kaplan_meier[arm], found.per_year)
    axes.axvline(last / found.per_year, color=GREY, linewidth=0.9, linestyle=DASHED, zorder=1)
    curve = found.shown(arm, of[0].fit)
    for i, (_, own, look) in enumerate(_by_source(terms)):
        alive = np.asarray(curve.survival(np.array([term.start for term in own])))
        at = np.array([term.stop for term in own]) + i * APART * end
        _points(axes, at / found.per_year, own, alive * _relative_to(found, arm, own), look)
    numbers_at_risk(axes, ticks, patients, found.per_year)
    return made.figure


@styled()
def external_hazard_figure(found: FitsOfArms, arm: str) -> Figure:
    """Draw the mean hazard between two times with external information and without, and what the sources say of it.

    Parameters
    ----------
    found : FitsOfArms
    arm : str
    """
    of = _drawn(found, arm)
    terms = _later(of[0].terms)
    end = min(BEYOND * max(term.stop for term in terms), LATEST * found.per_year) / found.per_year
    made = page(
        f"{found.label}, {arm}: hazard with external information, and without",
        f"{found.name}; the mean hazard between the two times of each of {_count(terms)}",
        3.7,
        legend=_entries(of)[: 2 * len(of)] + [entry for _, _, entry in _source_entries(terms)],
        notes=[
            "A mean hazard is -log(share alive) over the time between. Bars are 95% intervals, without the weight.",
            *_causes(found, arm),
        ],
    )
    axes = made.whole()
    axes.set_xlim(0.0, end)
    _years(axes, end)
    t = np.linspace(0.0, end * found.per_year, 301)[1:]
    for pull, look in zip(of, _looks(of), strict=True):
        for fit, style in ((pull.without, {"linestyle": LINE_STYLES[1]}), (pull.fit, {})):
            if fit is not None:
                hazard = np.asarray(found.shown(arm, fit).hazard(t)) * found.per_year
                axes.plot(t / found.per_year, hazard, zorder=3, **{**look, **style})
    top = 0.0
    for _, own, look in _by_source(terms):
        between = np.array([term.stop - term.start for term in own]) / found.per_year
        middle = np.array([term.stop + term.start for term in own]) / (2.0 * found.per_year)
        shares = np.clip([(term.belief.mode, *term.belief.interval) for term in own], 1e-12, 1.0).T
        shares = np.clip(shares * _relative_to(found, arm, own), 1e-12, 1.0)
        hazard, high, low = -np.log(shares) / between
        axes.errorbar(middle, hazard, [hazard - low, high - hazard], xerr=between / 2.0, zorder=4, **look)
        top = max(top, float(np.quantile(high, 0.9)))
    axes.set_ylim(0.0, 1.15 * top)
    set_ticks(axes.yaxis, ticks_within(0.0, 1.15 * top, 6, steps=STEPS), read)
    axes.set_ylabel("Hazard (per year)")
    return made.figure


# ------------------------------------------------------------------------------------------------ parts
def _years(axes: Axes, end: float) -> list[float]:
    ticks = ticks_within(0.0, end, 8, steps=STEPS)
    set_ticks(axes.xaxis, ticks, read)
    axes.set_xlabel("Time (years)")
    return ticks


def _looks(of: Sequence[Pull]) -> list[dict[str, Any]]:
    return [{"color": colour, "linewidth": 1.6} for _, colour in zip(of, STRATEGY_COLOURS, strict=False)]


def _entries(of: Sequence[Pull]) -> list[legend.Entry]:
    """Return the entries of families with and without, then of the sources."""
    found = []
    for pull, look in zip(of, _looks(of), strict=True):
        name = pull.fit.name.replace("_", " ")
        found.append(legend.line(f"{name}, with", **look))
        if pull.without is not None:
            found.append(legend.line(f"{name}, without", **{**look, "linestyle": LINE_STYLES[1]}))
    return [*found, *(entry for _, _, entry in _source_entries(of[0].terms))]


def _by_source(terms: Sequence[ExternalTerm]) -> list[tuple[str, list[ExternalTerm], dict[str, Any]]]:
    """Return each source, its terms and how its points look."""
    names = list(dict.fromkeys(term.source for term in terms))
    return [
        (
            name,
            [term for term in terms if term.source == name],
            {
                "fmt": POINTS[i % len(POINTS)],
                "color": BLACK,
                "markerfacecolor": "white",
                "markersize": 4.5,
                "elinewidth": 1.0,
                "capsize": 0.0,
            },
        )
        for i, name in enumerate(names)
    ]


def _source_entries(terms: Sequence[ExternalTerm]) -> list[tuple[str, list[ExternalTerm], legend.Entry]]:
    return [
        (
            name,
            own,
            legend.mark(f"{name}, 95%", marker=look["fmt"], color=BLACK, markerfacecolor="white", markersize=4.5),
        )
        for name, own, look in _by_source(terms)
    ]


def _points(axes: Axes, at: Array, terms: Sequence[ExternalTerm], alive: Array, look: dict[str, Any]) -> None:
    """Draw what a source says, times the share that is alive at the start."""
    shares = np.array([(term.belief.mode, *term.belief.interval) for term in terms]).T * alive
    middle, low, high = shares
    errors = np.maximum([middle - low, high - middle], 0.0)
    axes.errorbar(at, middle, errors, zorder=6, **look)


def _relative_to(found: FitsOfArms, arm: str, terms: Sequence[ExternalTerm]) -> Array:
    """Return what makes shares of all causes such as the curves are: 1, or 1 over the general population's share."""
    relative = found.matched is not None and found.people(arm) is None
    return np.exp([(term.background or 0.0) if relative else 0.0 for term in terms])


def _causes(found: FitsOfArms, arm: str) -> list[str]:
    """Say what curves and points are of, where excess hazards are fitted."""
    if found.matched is None:
        return []
    if found.people(arm) is None:
        return ["Curves are relative survival; points are the sources' shares over the general population's."]
    return ["Curves and points are of all causes: the general population's survival times relative survival."]


def _weights(terms: Sequence[ExternalTerm]) -> str:
    weights = dict.fromkeys((term.source, term.weight) for term in terms)
    words = ", ".join(f"{source} {read(weight)}" for source, weight in weights)
    return f"Points: what the sources say, with 95% intervals; weights: {words}."
