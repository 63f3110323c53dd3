"""Occupancy: the share of patients in each health state over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.base_case.figures.time_axis import TimeAxis, time_axis
from netcea.engine.trace import Trace
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import percent_axis, write_above
from netcea.reporting.figures.page import TALLEST, Margins, page
from netcea.reporting.figures.style import BLACK, GREY, STATE_COLOURS, TEXT_SIZE, styled
from netcea.reporting.figures.text import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

STATES: Final = {
    "progression_free": ("Progression-free", STATE_COLOURS["progression_free"]),
    "progressed": ("Progressed", STATE_COLOURS["progressed"]),
    "dead": ("Dead", STATE_COLOURS["dead"]),
}
"""Health state -> its name and colour."""

_TREATED: Final[dict[str, Any]] = {"color": BLACK, "linewidth": 1.2, "linestyle": (0, (4, 2))}
_PANEL_HEIGHT: Final = 2.25
_LEAST_HEIGHT: Final = 1.0
_ROW_GAP: Final = 0.75
_AROUND: Final = 1.9
"""Room for title, legend and notes [inches]."""
_COLUMN_GAP: Final = 0.35
_HEADING: Final = 0.36
"""Of a panel with a label of one line [inches]."""


@styled()
def occupancy(result: BaseCaseResult) -> Figure:
    """Draw the share of patients in each health state, one panel per strategy."""
    edges = next(iter(result.traces.values())).edges["time_years"]
    alive = [1.0 - trace.edges["dead"] for trace in result.traces.values()]
    axis = time_axis(edges, alive, result.scenario.file.settings.horizon_years)
    names = list(result.traces)
    rows = -(-len(names) // 2)
    labels = {name: wrapped(result.scenario.label(name), 3.4, TEXT_SIZE, bold=True, lines=2) for name in names}
    heading = _HEADING + 0.18 * (max(len(lines) for lines in labels.values()) - 1)
    gap = _ROW_GAP + heading - _HEADING
    height = max(_LEAST_HEIGHT, min(_PANEL_HEIGHT, (TALLEST - _AROUND) / rows - gap))
    step = height + gap
    entries = [legend.patch(text, colour) for text, colour in STATES.values()]
    if any(np.any(trace.edges["on_treatment"] > 0) for trace in result.traces.values()):
        entries.append(legend.line("On treatment", **_TREATED))
    made = page(
        "State occupancy: share of patients in each health state",
        result.scenario.file.name,
        rows * step - gap,
        margins=Margins(top=heading + 0.1),
        legend=entries,
        notes=[axis.note()],
    )
    width = (made.width - _COLUMN_GAP) / 2
    for place, name in enumerate(names):
        row, column = divmod(place, 2)
        axes = made.panel(column * (width + _COLUMN_GAP), (rows - 1 - row) * step, width, height)
        _panel(axes, axis, result.traces[name], first=column == 0, last=place + 2 >= len(names))
        years = result.case.strategies[name].undiscounted_life_years_by_state
        words = ", ".join(
            f"{STATES[state][0].lower()} {value:.2f}" for state, value in years.items() if state in STATES
        )
        write_above(axes, 0.0, f"Years: {words}", gap=0.045, ha="left", color=GREY)
        write_above(axes, 0.0, "\n".join(labels[name]), gap=0.22, ha="left", size=TEXT_SIZE, weight="bold")
    return made.figure


def _panel(axes: Axes, axis: TimeAxis, trace: Trace, *, first: bool, last: bool) -> None:
    shown = axis.shown(trace.edges["time_years"])
    x = trace.edges["time_years"][shown] * axis.factor
    colours = [colour for _, colour in STATES.values()]
    axes.stackplot(x, *(trace.edges[state][shown] for state in STATES), colors=colours, linewidth=0)
    treated = trace.edges["on_treatment"]
    if np.any(treated > 0):
        axes.plot(x, treated[shown], **_TREATED)
    axis.apply(axes)
    if not last:
        axes.set_xlabel("")
    percent_axis(axes, "Share of patients" if first else "", steps=4, low=0.0, high=1.0)
    axes.tick_params(labelleft=first)
