"""Hazards: how fast patients progress and die, beside the general population."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netcea.analyses.base_case.figures.relative_effect import effect_ends, effect_notes, mark_effect_ends
from netcea.analyses.base_case.figures.time_axis import REMAINDER, time_axis
from netcea.arrays import Array
from netcea.reporting.figures.legend import strategy_lines
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, TEXT_SIZE, line_style, line_width, plain, strategy_colours, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

PANELS = {"pfs": ("Progression or death", "progression_free"), "os": ("Death", "alive")}


def hazards(result: BaseCaseResult) -> Figure:
    """Draw the hazards of PFS and OS of each strategy, with the population's, on a logarithmic scale."""
    from matplotlib.lines import Line2D

    with styled():
        legend = strategy_lines(result, list(result.traces))
        legend.append((Line2D([], [], color=BLACK, linewidth=1.2, linestyle=(0, (5, 3))), "General population"))
        made = page(
            "Hazards of progression and of death, beside the general population's",
            f"{plain(result.scenario.file.name)}; mean hazard within each cycle, logarithmic scale",
            3.4,
            margins=Margins(top=0.35),
            legend=legend,
            notes=[
                f"Panels end where less than {REMAINDER:.0%} of every strategy is left, or at the horizon.",
                *effect_notes(result),
            ],
        )
        gap = 0.3
        width = (made.width - gap) / 2
        panels = [made.panel(i * (width + gap), 0.0, width, made.height) for i in range(2)]
        seen = [_panel(result, axes, endpoint) for axes, endpoint in zip(panels, PANELS, strict=True)]
        _share_scale(panels, np.concatenate(seen))
        return made.figure


def _panel(result: BaseCaseResult, axes: Axes, endpoint: str) -> Array:
    """Draw one endpoint; return the hazards seen."""
    title, column = PANELS[endpoint]
    edges = next(iter(result.traces.values())).edges["time_years"]
    survival = {
        name: trace.edges["progression_free"] if column == "progression_free" else 1.0 - trace.edges["dead"]
        for name, trace in result.traces.items()
    }
    ends = effect_ends(result, endpoint)
    axis = time_axis(
        edges, survival.values(), result.scenario.file.settings.horizon_years, [1.05 * end for _, end in ends]
    )
    axis.apply(axes)
    axes.set_title(title, fontsize=TEXT_SIZE, loc="left", weight="bold")
    middle, length = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    shown = edges[:-1] * axis.factor < axis.end
    population = next(iter(result.traces.values())).cycles["population_hazard"] / length
    axes.plot(middle[shown] * axis.factor, population[shown], color=BLACK, linewidth=1.2, linestyle=(0, (5, 3)))
    colours = strategy_colours(result)
    seen = [population[shown]]
    for name in sorted(survival, key=lambda name: name != result.case.comparator):
        hazard = _hazard(survival[name], length)
        axes.plot(
            middle[shown] * axis.factor,
            hazard[shown],
            color=colours[name],
            linewidth=line_width(result, name),
            linestyle=line_style(result, name),
        )
        seen.append(hazard[shown])
    mark_effect_ends(axes, axis, result, ends, above=False)
    return np.concatenate(seen)


def _hazard(survival: Array, length: Array) -> Array:
    """Return the mean hazard within each cycle [per year]; nan where there is none or nobody is left."""
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = -np.diff(np.log(survival)) / length
    return np.where(np.isfinite(hazard) & (hazard > 1e-12) & (survival[:-1] > 1e-6), hazard, np.nan)


def _share_scale(panels: list[Axes], seen: Array) -> None:
    """Give both panels one logarithmic scale, with ticks in plain numbers."""
    seen = seen[np.isfinite(seen) & (seen > 0)]
    top = float(seen.max()) if len(seen) else 1.0
    bottom = max(float(seen.min()), top / 3e4) if len(seen) else 0.01
    low, high = bottom / 1.3, top * 3.5
    ticks = [m * 10.0**e for e in range(-7, 4) for m in (1, 3) if low <= m * 10.0**e <= high]
    for axes in panels:
        axes.set_yscale("log")
        axes.set_ylim(low, high)
        axes.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks] if axes is panels[0] else [""] * len(ticks))
        axes.minorticks_off()
        axes.grid(visible=True, axis="y", color="#E8E8E8", linewidth=0.6)
        axes.set_axisbelow(True)
    panels[0].set_ylabel("Hazard per year")
