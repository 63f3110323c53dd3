"""Hazards: how fast patients progress and die, with the general population's hazard of death."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.analyses.base_case.figures.relative_effect import effect_ends, effect_notes, mark_effect_ends
from netcea.analyses.base_case.figures.time_axis import GENERAL_POPULATION, REMAINDER, strategy_curves, time_axis
from netcea.arrays import Array
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import grid, set_ticks
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import TEXT_SIZE, looks, styled
from netcea.reporting.figures.text import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

PANELS: Final = {"pfs": "Progression or death", "os": "Death"}


@styled()
def hazards(result: BaseCaseResult) -> Figure:
    """Draw the hazards of PFS and OS of each strategy, with the population's, on a logarithmic scale."""
    look = looks(result.scenario.strategies, result.case.comparator)
    labels = {name: result.scenario.label(name) for name in result.traces}
    made = page(
        "Hazards of progression and of death, with the general population's",
        f"{plain(result.scenario.file.name)}; mean hazard within each cycle, logarithmic scale",
        3.4,
        margins=Margins(top=0.35),
        legend=[*legend.strategy_lines(look, labels), legend.line("General population", **GENERAL_POPULATION)],
        notes=[
            f"Panels end where less than {REMAINDER:.0%} of every strategy is left, or at the horizon.",
            *effect_notes(result),
        ],
    )
    panels = made.columns(2, 0.3)
    seen = [_panel(result, axes, endpoint) for axes, endpoint in zip(panels, PANELS, strict=True)]
    share_scale(panels, np.concatenate(seen))
    return made.figure


def _panel(result: BaseCaseResult, axes: Axes, endpoint: str) -> Array:
    """Draw one endpoint; return the hazards seen."""
    trace = next(iter(result.traces.values()))
    edges = trace.edges["time_years"]
    survival = {
        name: trace.edges["progression_free"] if endpoint == "pfs" else 1.0 - trace.edges["dead"]
        for name, trace in result.traces.items()
    }
    ends = effect_ends(result, endpoint)
    horizon = result.scenario.file.settings.horizon_years
    axis = time_axis(edges, survival.values(), horizon, [1.05 * end for _, end in ends])
    axis.apply(axes)
    axes.set_title(PANELS[endpoint], fontsize=TEXT_SIZE, loc="left", weight="bold")
    shown = edges[:-1] * axis.factor < axis.end
    middle, length = ((edges[1:] + edges[:-1]) / 2)[shown] * axis.factor, np.diff(edges)
    population = (trace.cycles["population_hazard"] / length)[shown]
    axes.plot(middle, population, **GENERAL_POPULATION)
    curves = {name: (middle, _hazard(curve, length)[shown]) for name, curve in survival.items()}
    strategy_curves(axes, looks(result.scenario.strategies, result.case.comparator), curves)
    mark_effect_ends(axes, axis, result, ends, above=False)
    return np.concatenate([population, *(y for _, y in curves.values())])


def _hazard(survival: Array, length: Array) -> Array:
    """Return the mean hazard within each cycle [per year]; nan where there is none or nobody is left."""
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = -np.diff(np.log(survival)) / length
    return np.where(np.isfinite(hazard) & (hazard > 1e-12) & (survival[:-1] > 1e-6), hazard, np.nan)


def share_scale(panels: list[Axes], seen: Array) -> None:
    """Give panels of hazards one logarithmic scale, with ticks in plain numbers.

    Parameters
    ----------
    panels : list of Axes
        From left to right.
    seen : Array
        Every hazard that is drawn. [per year]
    """
    seen = seen[np.isfinite(seen) & (seen > 0)]
    top = float(seen.max()) if len(seen) else 1.0
    bottom = max(float(seen.min()), top / 3e4) if len(seen) else 0.01
    low, high = bottom / 1.3, top * 3.5
    ticks = [m * 10.0**e for e in range(-7, 4) for m in (1, 3) if low <= m * 10.0**e <= high]
    for axes in panels:
        axes.set_yscale("log")
        axes.set_ylim(low, high)
        set_ticks(axes.yaxis, ticks, read)
        axes.minorticks_off()
        grid(axes, "y")
    for axes in panels[1:]:
        axes.tick_params(labelleft=False)
    panels[0].set_ylabel("Hazard per year")
