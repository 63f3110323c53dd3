"""Survival curves of the model, with the published figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from netcea.analyses.base_case.figures.published import Published, draw_published, published, ratio_notes
from netcea.analyses.base_case.figures.relative_effect import effect_ends, effect_notes, mark_effect_ends
from netcea.analyses.base_case.figures.time_axis import GENERAL_POPULATION, strategy_curves, time_axis
from netcea.arrays import Array
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import percent_axis
from netcea.reporting.figures.labels import Label, place_labels
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import GREY, PALE, looks, styled
from netcea.reporting.figures.text import listed, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

TIME_ON_TREATMENT = "Time on treatment"
RULES = {
    "until_progression": "Until progression",
    "pfs_time_ratio": "For a share of progression-free time",
    "curve": "By a curve of its own",
}
"""Rule of time on treatment -> what a note says."""


def pfs(result: BaseCaseResult) -> Figure:
    """Draw progression-free survival."""
    curves = {name: trace.edges["progression_free"] for name, trace in result.traces.items()}
    uncapped = {
        name: result.traces[name].edges["pfs_curve"]
        for name, curve in curves.items()
        if np.max(result.traces[name].edges["pfs_curve"] - curve) > 0.002
    }
    notes = [
        f"{result.scenario.label(name)}: progression-free survival is capped at overall survival (dotted: uncapped)."
        for name in uncapped
    ]
    axis = "Progression-free (% of patients)"
    return _draw(result, "pfs", ("Progression-free survival", axis), curves, uncapped=uncapped, notes=notes)


def os(result: BaseCaseResult) -> Figure:
    """Draw overall survival, with the general population's."""
    curves = {name: 1.0 - trace.edges["dead"] for name, trace in result.traces.items()}
    hazard = next(iter(result.traces.values())).cycles["population_hazard"]
    population = np.exp(-np.concatenate([[0.0], np.cumsum(hazard)]))
    return _draw(result, "os", ("Overall survival", "Alive (% of patients)"), curves, population=population)


def time_on_treatment(result: BaseCaseResult) -> Figure:
    """Draw the share of patients on treatment."""
    scenario, treated = result.scenario, treated_strategies(result)
    untreated = [scenario.label(name) for name in result.traces if name not in treated]
    notes = [f"Not drawn, since the model has no treatment to stop: {listed(untreated)}."] if untreated else []
    if not treated:
        with styled():
            return sentence(TIME_ON_TREATMENT, scenario.file.name, notes[0])
    rules = {name: scenario.file.strategies[name].time_on_treatment for name in treated}
    for rule, words in RULES.items():
        names = [scenario.label(name) for name in treated if rules[name].rule == rule]
        notes += [f"{words}: {listed(names)}."] if names else []
    for name in treated:
        stop = rules[name].stops_at
        if stop is not None:
            quantity = scenario.quantities[stop]
            notes.append(f"{scenario.label(name)}: everybody stops at {read(quantity.value)} {quantity.unit}.")
    curves = {name: result.traces[name].edges["on_treatment"] for name in treated}
    return _draw(result, "ttd", (TIME_ON_TREATMENT, "On treatment (% of patients)"), curves, notes=notes)


def treated_strategies(result: BaseCaseResult) -> list[str]:
    """Return the strategies in which anybody is ever on treatment."""
    return [name for name, trace in result.traces.items() if np.any(trace.edges["on_treatment"] > 0)]


@styled()
def _draw(
    result: BaseCaseResult,
    endpoint: str,
    titles: tuple[str, str],
    curves: dict[str, Array],
    *,
    uncapped: Mapping[str, Array] | None = None,
    population: Array | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    """Draw curves with the published figures of their endpoint; titles are the figure's and the vertical axis'."""
    edges = next(iter(result.traces.values())).edges["time_years"]
    look = looks(result.scenario.strategies, result.case.comparator)
    points = [p for p in published(result, endpoint) if p.strategy in curves]
    ends = effect_ends(result, endpoint)
    marked = [p.x for p in points] + [p.x_range[1] for p in points if p.x_range] + [1.05 * end for _, end in ends]
    axis = time_axis(edges, curves.values(), result.scenario.file.settings.horizon_years, marked)
    entries = legend.strategy_lines(look, {name: result.scenario.label(name) for name in curves})
    if population is not None:
        entries.append(legend.line("General population", **GENERAL_POPULATION))
    made = page(
        f"{titles[0]}: the model's curves and the published figures" if points else titles[0],
        result.scenario.file.name,
        3.7,
        margins=Margins(top=0.1 + 0.17 * len(ends)),
        legend=entries + _published_entries(points),
        notes=[*ratio_notes(result, endpoint), *effect_notes(result, [endpoint]), *notes, axis.note()],
    )
    axes = made.whole()
    axis.apply(axes)
    percent_axis(axes, titles[1], steps=4, low=0.0)
    shown = axis.shown(edges)
    x = edges[shown] * axis.factor
    if points:
        axes.axhline(0.5, color=PALE, linewidth=0.8, zorder=1)
    drawn = []
    if population is not None:
        axes.plot(x, population[shown], **GENERAL_POPULATION, zorder=2)
        drawn.append((x, population[shown]))
    for name, curve in (uncapped or {}).items():
        axes.plot(x, curve[shown], color=look[name].colour, linewidth=1.2, linestyle=":", zorder=3)
    drawn += strategy_curves(axes, look, {name: (x, curve[shown]) for name, curve in curves.items()})
    drawn += mark_effect_ends(axes, axis, result, ends, above=True)
    drawn += draw_published(axes, axis, points, look)
    labels = [Label(p.x * axis.factor, p.y, p.text, look[p.strategy].colour) for p in points]
    place_labels(axes, labels, drawn)
    return made.figure


def _published_entries(points: Sequence[Published]) -> list[legend.Entry]:
    entries = []
    ordered = sorted(points, key=lambda p: (p.another, p.trial, not p.fitted))
    for _, several in groupby(ordered, key=lambda p: (p.another, p.trial, p.fitted)):
        chosen = list(several)
        first = chosen[0]
        bars = any(p.x_range or p.y_range for p in chosen)
        whose = f"{plain(first.trial) or 'Published'}{' (another trial)' if first.another else ''}"
        text = f"{whose}: {'used' if first.fitted else 'not used'} for the curve"
        look = first.mark(GREY) | {"linestyle": "-" if bars else "none", "linewidth": 1.2}
        entries.append(legend.line(text + (", with 95% interval" if bars else ""), **look))
    return entries
