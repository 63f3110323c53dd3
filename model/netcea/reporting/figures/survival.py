"""Survival curves: what the model says beside what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netcea.arrays import Array
from netcea.reporting.figures.labels import Label, place_labels
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import (
    BLACK,
    GREY,
    PALE,
    SMALL_SIZE,
    line_style,
    line_width,
    listed,
    plain,
    strategy_colours,
    styled,
    text_width,
)
from netcea.reporting.figures.time_axis import TimeAxis, time_axis
from netcea.units import UNITS, to_model

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.results import BaseCaseResult, Comparison

ENDPOINTS = {"pfs": ("pfs",), "os": ("os",), "ttd": ("ttd", "time_on_treatment")}
"""Endpoint -> what comparisons call it."""


def pfs(result: BaseCaseResult) -> Figure:
    """Draw progression-free survival."""
    curves = {name: trace.edges["progression_free"] for name, trace in result.traces.items()}
    capped = [
        name
        for name, curve in curves.items()
        if np.max(result.traces[name].edges["pfs_curve"] - curve) > 0.002
    ]
    notes = (
        [f"{listed([result.scenario.label(name) for name in capped])}: progression-free survival is capped at overall "
         "survival; the curve before the cap is dotted."] if capped else []
    )  # fmt: skip
    uncapped = {name: result.traces[name].edges["pfs_curve"] for name in capped}
    return _draw(result, _Sheet("pfs", "Progression-free survival", "Progression-free (% of patients)"),
                 curves, dotted=uncapped, notes=notes)  # fmt: skip


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
    notes = (
        [f"Not drawn, since the model has no treatment to stop: {listed(untreated)}."] if untreated else []
    )
    if not treated:
        with styled():
            return sentence(sheet.title, plain(result.scenario.file.name), notes[0])
    rules = {
        "until_progression": "until progression",
        "pfs_time_ratio": "a share of progression-free time",
        "curve": "its own curve",
    }
    for name in treated:
        rule = result.scenario.file.strategies[name].time_on_treatment.rule
        notes.append(f"{result.scenario.label(name)}: {rules.get(rule, rule)}.")
    return _draw(
        result, sheet, {name: result.traces[name].edges["on_treatment"] for name in treated}, notes=notes
    )


def treated_strategies(result: BaseCaseResult) -> list[str]:
    """Return the strategies in which anybody is ever on treatment."""
    return [name for name, trace in result.traces.items() if np.any(trace.edges["on_treatment"] > 0)]


def population_survival(result: BaseCaseResult) -> Array:
    """Return survival of the general population at the edges."""
    hazard = next(iter(result.traces.values())).cycles["population_hazard"]
    return np.asarray(np.exp(-np.concatenate([[0.0], np.cumsum(hazard)])), dtype=np.float64)


def effect_ends(result: BaseCaseResult, endpoint: str) -> dict[tuple[float, float], list[str]]:
    """Return (start, end) of the fading of a relative effect [years] -> strategies."""
    found: dict[tuple[float, float], list[str]] = {}
    for name in result.traces:
        model = result.scenario.curves.get(f"strategies.{name}.{endpoint}")
        if model is None or model.waning_starts is None or model.waning_ends is None:
            continue
        starts, ends = (
            result.scenario.quantities[address].value * to_model(result.scenario.quantities[address].unit)
            for address in (model.waning_starts, model.waning_ends)
        )
        found.setdefault((starts, ends), []).append(name)
    return found


@dataclass(frozen=True)
class _Sheet:
    endpoint: str
    title: str
    y_label: str
    population: bool = False


@dataclass(frozen=True)
class _Published:
    """A published figure as a point: its place, its interval, and what it is called."""

    strategy: str
    x: float
    y: float
    x_range: tuple[float, float] | None
    y_range: tuple[float, float] | None
    text: str
    fitted: bool


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
        marked = (
            [p.x for p in points]
            + [p.x_range[1] for p in points if p.x_range]
            + [1.05 * end for _, end in ends]
        )
        axis = time_axis(edges, curves.values(), result.scenario.file.settings.horizon_years, marked)
        title = f"{sheet.title}: the model's curves and the published figures" if points else sheet.title
        made = page(
            title,
            plain(result.scenario.file.name),
            3.7,
            margins=Margins(top=0.1 + 0.17 * len(ends)),
            legend=_legend(result, sheet, curves, points),
            notes=[
                *_ratios(result, sheet.endpoint),
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
            axes.plot(x, y, color=colours[name], linewidth=line_width(result, name),
                      linestyle=line_style(result, name), zorder=3)  # fmt: skip
            drawn.append((x, y))
        mark_effect_ends(axes, axis, result, ends, above=True)
        drawn += _points(axes, axis, points, colours)
        place_labels(
            axes, [Label(p.x * axis.factor, p.y, p.text, colours[p.strategy]) for p in points], drawn
        )
        return made.figure


def published(result: BaseCaseResult, endpoint: str) -> list[_Published]:
    """Return the published medians and landmarks of an endpoint as points."""
    points = []
    for c in result.comparisons:
        dimension = UNITS[c.unit].dimension
        if c.endpoint not in ENDPOINTS[endpoint] or dimension not in {"duration", "proportion"}:
            continue
        interval = (c.low, c.high) if c.low is not None and c.high is not None else None
        if dimension == "duration":
            f = to_model(c.unit)
            x_range = None if interval is None else (interval[0] * f, interval[1] * f)
            points.append(
                _Published(c.strategy, c.published * f, 0.5, x_range, None, f"{c.published:g} {c.unit}",
                           c.status == "fitted")
            )  # fmt: skip
        else:
            at = result.scenario.quantities[c.address].at_months
            if at is not None:
                points.append(
                    _Published(c.strategy, at / 12.0, c.published, None, interval, f"{100 * c.published:.3g}%",
                               c.status == "fitted")
                )  # fmt: skip
    return points


def mark_effect_ends(
    axes: Axes,
    axis: TimeAxis,
    result: BaseCaseResult,
    ends: dict[tuple[float, float], list[str]],
    *,
    above: bool,
) -> None:
    """Mark when relative effects fade: a line, and words above the panel, or inside it at the top."""
    colours = strategy_colours(result)
    width = axes.get_position().width * float(axes.figure.get_figwidth())
    for number, ((start, end), names) in enumerate(sorted(ends.items())):
        if end * axis.factor > axis.end:
            continue
        if end > start:
            axes.axvspan(start * axis.factor, end * axis.factor, color=PALE, alpha=0.4, linewidth=0, zorder=0)
        axes.axvline(end * axis.factor, color=GREY, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)
        times = (
            f"{end * axis.factor:g}" if end == start else f"{start * axis.factor:g} to {end * axis.factor:g}"
        )
        verb = "ends" if end == start else "fades"
        words = f"Relative effect {verb}: {times} {axis.unit}"
        right = text_width(words) + 0.1 < (1.0 - end * axis.factor / axis.end) * width
        lines_up = number * SMALL_SIZE * 1.35
        axes.annotate(
            words,
            (end * axis.factor, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=((4 if right else -4) * (0 if above else 1), 1 + lines_up if above else -2 - lines_up),
            textcoords="offset points",
            ha="left" if right else "right",
            va="bottom" if above else "top",
            size=SMALL_SIZE,
            color=colours[names[0]] if len(names) == 1 else GREY,
        )


def effect_notes(result: BaseCaseResult, endpoints: Sequence[str] = ("pfs", "os")) -> list[str]:
    """Return a sentence for each relative effect that ends, where there are more than one to tell apart."""
    notes = []
    for endpoint in endpoints:
        ends = effect_ends(result, endpoint)
        for (start, end), names in sorted(ends.items()) if len(ends) > 1 else ():
            whose = listed([result.scenario.label(name) for name in names])
            when = f"ends at {end:g} years" if end == start else f"fades from {start:g} to {end:g} years"
            notes.append(f"The relative effect of {whose} {when}.")
    return notes


def _points(
    axes: Axes, axis: TimeAxis, points: Sequence[_Published], colours: dict[str, str]
) -> list[tuple[Array, Array]]:
    """Draw published points with their intervals; return the lines of the intervals."""
    lines = []
    for p in points:
        x = p.x * axis.factor
        if p.x_range is not None:
            low, high = (time * axis.factor for time in p.x_range)
            axes.errorbar([x], [p.y], xerr=[[x - low], [high - x]], color=colours[p.strategy], linewidth=1.2,
                          capsize=3.5, fmt="none", zorder=4)  # fmt: skip
            lines.append((np.array([low, high]), np.array([p.y, p.y])))
        if p.y_range is not None:
            low, high = p.y_range
            axes.errorbar([x], [p.y], yerr=[[p.y - low], [high - p.y]], color=colours[p.strategy], linewidth=1.2,
                          capsize=3.5, fmt="none", zorder=4)  # fmt: skip
            lines.append((np.array([x, x]), np.array([low, high])))
        axes.plot([x], [p.y], marker="o", markersize=6.5, markeredgewidth=1.5, linestyle="none",
                  markeredgecolor=colours[p.strategy], zorder=5, clip_on=False,
                  markerfacecolor=colours[p.strategy] if p.fitted else "white")  # fmt: skip
    return lines


def _legend(
    result: BaseCaseResult, sheet: _Sheet, curves: dict[str, Array], points: Sequence[_Published]
) -> list[tuple[Artist, str]]:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - takes a second to import

    entries: list[tuple[Artist, str]] = strategy_lines(result, list(curves))
    if sheet.population:
        entries.append(
            (Line2D([], [], color=BLACK, linewidth=1.2, linestyle=(0, (5, 3))), "General population")
        )
    for fitted, text in ((True, "Published, used for the curve"), (False, "Published, beside the curve")):
        chosen = [p for p in points if p.fitted == fitted]
        if chosen:
            bars = " (bar: 95% interval)" if any(p.x_range or p.y_range for p in chosen) else ""
            face = GREY if fitted else "white"
            symbol = Line2D([], [], marker="o", markersize=6.5, markeredgewidth=1.5, markeredgecolor=GREY,
                            markerfacecolor=face, linestyle="-" if bars else "none", color=GREY, linewidth=1.2)  # fmt: skip
            entries.append((symbol, text + bars))
    return entries


def strategy_lines(result: BaseCaseResult, names: Sequence[str]) -> list[tuple[Artist, str]]:
    """Return the legend of the strategies."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - takes a second to import

    colours = strategy_colours(result)
    return [
        (
            Line2D([], [], color=colours[name], linewidth=line_width(result, name),
                   linestyle=line_style(result, name)),
            result.scenario.label(name),
        )
        for name in names
    ]  # fmt: skip


def _ratios(result: BaseCaseResult, endpoint: str) -> list[str]:
    """Return a line per published hazard ratio."""
    return [
        f"{result.scenario.label(c.strategy)}: {c.what} {c.published:g}{_between(c)} published, {c.modelled:.2f} modelled."
        for c in result.comparisons
        if c.endpoint in ENDPOINTS[endpoint]
        and UNITS[c.unit].dimension == "ratio"
        and np.isfinite(c.modelled)
    ]


def _between(c: Comparison) -> str:
    return "" if c.low is None or c.high is None else f" ({c.low:g} to {c.high:g})"


def _percent(axes: Axes, label: str) -> None:
    axes.set_ylim(0.0, 1.02)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    axes.set_yticks(ticks, labels=[f"{100 * tick:g}%" for tick in ticks])
    axes.set_ylabel(label)


def _comparator_first(result: BaseCaseResult, curves: dict[str, Array]) -> list[str]:
    return sorted(curves, key=lambda name: name != result.case.comparator)
