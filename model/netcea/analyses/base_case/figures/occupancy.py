"""Occupancy: where patients are over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcea.analyses.base_case.figures.time_axis import TimeAxis, time_axis
from netcea.reporting.figures.page import Margins, Page, page
from netcea.reporting.figures.style import BLACK, GREY, ORANGE, SKY, SMALL_SIZE, TEXT_SIZE, plain, styled, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

STATES = {
    "progression_free": ("Progression-free", SKY),
    "progressed": ("Progressed", ORANGE),
    "dead": ("Dead", "#E3E3E3"),
}
"""Health state -> its name and colour."""

_PANEL_HEIGHT = 2.25
_ROW_GAP = 0.75
_HEADING = 0.36
"""Of a panel with a label of one line [inches]."""


def occupancy(result: BaseCaseResult) -> Figure:
    """Draw the share of patients in each health state, one panel per strategy."""
    with styled():
        edges = next(iter(result.traces.values())).edges["time_years"]
        alive = [1.0 - trace.edges["dead"] for trace in result.traces.values()]
        axis = time_axis(edges, alive, result.scenario.file.settings.horizon_years)
        names = list(result.traces)
        rows = -(-len(names) // 2)
        labels = {name: wrapped(result.scenario.label(name), 3.4, TEXT_SIZE, bold=True, lines=2) for name in names}
        heading = _HEADING + 0.18 * (max(len(lines) for lines in labels.values()) - 1)
        made = page(
            "Where patients are: health states over time",
            plain(result.scenario.file.name),
            rows * _PANEL_HEIGHT + (rows - 1) * (_ROW_GAP + heading - _HEADING),
            margins=Margins(top=heading + 0.1),
            legend=_legend(result),
            notes=[axis.note()] if axis.note() else [],
        )
        for place, name in enumerate(names):
            bottom = (rows - 1 - place // 2) * (_PANEL_HEIGHT + _ROW_GAP + heading - _HEADING)
            axes = _panel(result, made, axis, name, (place % 2, bottom))
            if place + 2 < len(names):
                axes.set_xlabel("")
            axes.text(
                0.0,
                1.0 + 0.22 / _PANEL_HEIGHT,
                "\n".join(labels[name]),
                transform=axes.transAxes,
                size=TEXT_SIZE,
                weight="bold",
                va="bottom",
                ha="left",
            )
        return made.figure


def _legend(result: BaseCaseResult) -> list[tuple[Artist, str]]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: list[tuple[Artist, str]] = [(Patch(facecolor=colour), text) for text, colour in STATES.values()]
    if any(np.any(trace.edges["on_treatment"] > 0) for trace in result.traces.values()):
        entries.append((Line2D([], [], color=BLACK, linewidth=1.2, linestyle=(0, (4, 2))), "On treatment"))
    return entries


def _panel(result: BaseCaseResult, made: Page, axis: TimeAxis, name: str, place: tuple[int, float]) -> Axes:
    gap = 0.35
    width = (made.width - gap) / 2
    column, bottom = place
    axes = made.panel(column * (width + gap), bottom, width, _PANEL_HEIGHT)
    trace = result.traces[name]
    shown = axis.shown(trace.edges["time_years"])
    x = trace.edges["time_years"][shown] * axis.factor
    axes.stackplot(
        x,
        *(trace.edges[state][shown] for state in STATES),
        colors=[colour for _, colour in STATES.values()],
        linewidth=0,
    )
    treated = trace.edges["on_treatment"]
    if np.any(treated > 0):
        axes.plot(x, treated[shown], color=BLACK, linewidth=1.2, linestyle=(0, (4, 2)))
    axis.apply(axes)
    axes.set_ylim(0.0, 1.0)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    axes.set_yticks(ticks, labels=[f"{100 * tick:g}%" for tick in ticks] if column == 0 else [""] * 5)
    if column == 0:
        axes.set_ylabel("Share of patients")
    years = result.case.strategies[name].undiscounted_life_years_by_state
    words = ", ".join(f"{STATES[state][0].lower()} {value:.2f}" for state, value in years.items() if state in STATES)
    axes.text(
        0.0, 1.02, f"Years: {words}", transform=axes.transAxes, size=SMALL_SIZE, color=GREY, va="bottom", ha="left"
    )
    return axes
