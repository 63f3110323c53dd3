"""Survival curves: what the model says beside what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netcea.analyses.base_case.figures.published import Published, draw_published, published, ratio_notes
from netcea.analyses.base_case.figures.relative_effect import effect_ends, effect_notes, mark_effect_ends
from netcea.analyses.base_case.figures.time_axis import time_axis
from netcea.arrays import Array
from netcea.reporting.figures.labels import Label, place_labels
from netcea.reporting.figures.legend import strategy_lines
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import (
    BLACK,
    GREY,
    PALE,
    line_style,
    line_width,
    listed,
    plain,
    strategy_colours,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult


def pfs(result: BaseCaseResult) -> Figure:
    """Draw progression-free survival."""
    curves = {name: trace.edges["progression_free"] for name, trace in result.traces.items()}
    capped = [name for name, curve in curves.items() if np.max(result.traces[name].edges["pfs_curve"] - curve) > 0.002]
    notes = [
        f"{result.scenario.label(name)}: progression-free survival is capped at overall "
        "survival (dotted: before the cap)."
        for name in capped
    ]
    uncapped = {name: result.traces[name].edges["pfs_curve"] for name in capped}
    return _draw(
        result,
        _Sheet("pfs", "Progression-free survival", "Progression-free (% of patients)"),
        curves,
        dotted=uncapped,
        notes=notes,
    )


def os(result: BaseCaseResult) -> Figure:
    """Draw overall survival, with the general population's."""
    curves = {name: 1.0 - trace.edges["dead"] for name, trace in result.traces.items()}
    sheet = _Sheet("os", "Overall survival", "Alive (% of patients)", population=True)
    return _draw(result, sheet, curves)


def time_on_treatment(result: BaseCaseResult) -> Figure:
    """Draw the share of patients on treatment."""
    treated = treated_strategies(result)
    sheet = _Sheet("ttd", "Time on treatment", "On treatment (% of patients)")
    untreated = [result.scenario.label(name) for name in result.traces if name not in treated]
    notes = [f"Not drawn, since the model has no treatment to stop: {listed(untreated)}."] if untreated else []
    if not treated:
        with styled():
            return sentence(sheet.title, plain(result.scenario.file.name), notes[0])
    rules = {
        "until_progression": "Until progression",
        "pfs_time_ratio": "For a share of progression-free time",
        "curve": "By a curve of its own",
    }
    for rule, words in rules.items():
        names = [n for n in treated if result.scenario.file.strategies[n].time_on_treatment.rule == rule]
        if names:
            notes.append(f"{words}: {listed([result.scenario.label(name) for name in names])}.")
    for name in treated:
        stop = result.scenario.file.strategies[name].time_on_treatment.stops_at
        if stop is not None:
            quantity = result.scenario.quantities[stop]
            notes.append(f"{result.scenario.label(name)}: everybody stops at {quantity.value:g} {quantity.unit}.")
    return _draw(result, sheet, {name: result.traces[name].edges["on_treatment"] for name in treated}, notes=notes)


def treated_strategies(result: BaseCaseResult) -> list[str]:
    """Return the strategies in which anybody is ever on treatment."""
    return [name for name, trace in result.traces.items() if np.any(trace.edges["on_treatment"] > 0)]


def population_survival(result: BaseCaseResult) -> Array:
    """Return survival of the general population at the edges."""
    hazard = next(iter(result.traces.values())).cycles["population_hazard"]
    return np.asarray(np.exp(-np.concatenate([[0.0], np.cumsum(hazard)])), dtype=np.float64)


@dataclass(frozen=True)
class _Sheet:
    endpoint: str
    title: str
    y_label: str
    population: bool = False


def _draw(
    result: BaseCaseResult,
    sheet: _Sheet,
    curves: dict[str, Array],
    *,
    dotted: dict[str, Array] | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    with styled():
        edges = next(iter(result.traces.values())).edges["time_years"]
        colours = strategy_colours(result)
        points = [p for p in published(result, sheet.endpoint) if p.strategy in curves]
        ends = effect_ends(result, sheet.endpoint)
        marked = [p.x for p in points] + [p.x_range[1] for p in points if p.x_range] + [1.05 * end for _, end in ends]
        axis = time_axis(edges, curves.values(), result.scenario.file.settings.horizon_years, marked)
        title = f"{sheet.title}: the model's curves and the published figures" if points else sheet.title
        made = page(
            title,
            plain(result.scenario.file.name),
            3.7,
            margins=Margins(top=0.1 + 0.17 * len(ends)),
            legend=_legend(result, sheet, curves, points),
            notes=[
                *ratio_notes(result, sheet.endpoint),
                *effect_notes(result, [sheet.endpoint]),
                *notes,
                *([axis.note()] if axis.note() else []),
            ],
        )
        axes = made.whole()
        axis.apply(axes)
        _percent(axes, sheet.y_label)
        shown = axis.shown(edges)
        x = edges[shown] * axis.factor
        drawn = []
        if points:
            axes.axhline(0.5, color=PALE, linewidth=0.8, zorder=1)
        if sheet.population:
            y = population_survival(result)[shown]
            axes.plot(x, y, color=BLACK, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2)
            drawn.append((x, y))
        for name, curve in (dotted or {}).items():
            axes.plot(x, curve[shown], color=colours[name], linewidth=1.2, linestyle=":", zorder=3)
        for name in _comparator_first(result, curves):
            y = curves[name][shown]
            axes.plot(
                x,
                y,
                color=colours[name],
                linewidth=line_width(result, name),
                linestyle=line_style(result, name),
                zorder=3,
            )
            drawn.append((x, y))
        mark_effect_ends(axes, axis, result, ends, above=True)
        drawn += draw_published(axes, axis, points, colours)
        place_labels(axes, [Label(p.x * axis.factor, p.y, p.text, colours[p.strategy]) for p in points], drawn)
        return made.figure


def _legend(
    result: BaseCaseResult, sheet: _Sheet, curves: dict[str, Array], points: Sequence[Published]
) -> list[tuple[Artist, str]]:
    from matplotlib.lines import Line2D

    entries: list[tuple[Artist, str]] = strategy_lines(result, list(curves))
    if sheet.population:
        entries.append((Line2D([], [], color=BLACK, linewidth=1.2, linestyle=(0, (5, 3))), "General population"))
    for fitted, text in ((True, "Published, used for the curve"), (False, "Published, beside the curve")):
        chosen = [p for p in points if p.fitted == fitted]
        if chosen:
            bars = " (bar: 95% interval)" if any(p.x_range or p.y_range for p in chosen) else ""
            face = GREY if fitted else "white"
            symbol = Line2D(
                [],
                [],
                marker="o",
                markersize=6.5,
                markeredgewidth=1.5,
                markeredgecolor=GREY,
                markerfacecolor=face,
                linestyle="-" if bars else "none",
                color=GREY,
                linewidth=1.2,
            )
            entries.append((symbol, text + bars))
    return entries


def _percent(axes: Axes, label: str) -> None:
    axes.set_ylim(0.0, 1.02)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    axes.set_yticks(ticks, labels=[f"{100 * tick:g}%" for tick in ticks])
    axes.set_ylabel(label)


def _comparator_first(result: BaseCaseResult, curves: dict[str, Array]) -> list[str]:
    return sorted(curves, key=lambda name: name != result.case.comparator)
