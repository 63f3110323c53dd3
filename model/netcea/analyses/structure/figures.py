"""Figures of the structural cross-check: survival and progressed patients by model; mortality after progression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.base_case.figures.hazards import share_scale
from netcea.analyses.base_case.figures.time_axis import GENERAL_POPULATION, strategy_curves, time_axis
from netcea.analyses.structure.result import StructureResult
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import percent_axis
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, BLUE, GREEN, INK, ORANGE, TEXT_SIZE, VERMILLION, looks, styled
from netcea.reporting.figures.text import plain, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MODEL_LINES: Final[dict[str, dict[str, Any]]] = {
    "partitioned_survival": {"color": BLACK, "linewidth": 2.6},
    "clock_forward": {"color": BLUE, "linewidth": 1.6},
    "clock_forward_pooled": {"color": GREEN, "linewidth": 1.6, "linestyle": "-."},
    "clock_reset": {"color": VERMILLION, "linewidth": 1.6, "linestyle": "--"},
    "clock_reset_weibull": {"color": ORANGE, "linewidth": 1.6, "linestyle": ":"},
}
"""Model -> how its line looks."""
_HEIGHT: Final = 2.2
_GAP: Final = 0.8
_LEFT_OVER: Final = 0.01
"""Progressed share of the cohort below which mortality after progression is no longer drawn. [share]"""


@styled()
def survival_figure(result: StructureResult) -> Figure:
    """Draw overall survival, and the share that is progressed, of intervention and comparator by each model.

    Parameters
    ----------
    result : StructureResult
    """
    courses, decision = result.compared.courses, result.scenario.file.decision
    strategies = (decision.intervention, decision.comparator)
    shown = [courses.alive[model, s] for model in MODEL_LINES for s in strategies]
    axis = time_axis(courses.edges, shown, result.scenario.file.settings.horizon_years)
    labels = {model.name: model.label for model in result.compared.models}
    made = page(
        "Survival, and patients who are progressed, by structure of the model",
        f"{plain(result.scenario.file.name)}; point estimates",
        2 * _HEIGHT + _GAP,
        margins=Margins(top=0.3),
        legend=[legend.line(labels[name], **look) for name, look in MODEL_LINES.items()],
        notes=["All models have the same progression and death before progression.", axis.note()],
    )
    width = (made.width - 0.35) / 2
    at = axis.shown(courses.edges)
    for column, strategy in enumerate(strategies):
        for row, (curves, heading) in enumerate(((courses.alive, "Alive"), (courses.progressed, "Progressed"))):
            axes = made.panel(column * (width + 0.35), (1 - row) * (_HEIGHT + _GAP), width, _HEIGHT)
            for name, look in MODEL_LINES.items():
                axes.plot(courses.edges[at] * axis.factor, curves[name, strategy][at], **look)
            axis.apply(axes)
            percent_axis(axes, heading if column == 0 else "", steps=4, low=0.0, high=1.0)
            axes.tick_params(labelleft=column == 0)
            if row == 0:
                axes.set_xlabel("")
                lines = wrapped(result.scenario.label(strategy), 3.4, TEXT_SIZE, bold=True, lines=2)
                axes.set_title("\n".join(lines), fontsize=TEXT_SIZE, loc="left", weight="bold")
    return made.figure


@styled()
def mortality_figure(result: StructureResult) -> Figure:
    """Draw mortality after progression that partitioned survival implies, with the population's, on a log scale.

    Parameters
    ----------
    result : StructureResult
    """
    courses, scenario = result.compared.courses, result.scenario
    look = looks(scenario.strategies, scenario.file.decision.comparator)
    labels = {name: scenario.label(name) for name in courses.implied}
    constant: dict[str, Any] = {"color": INK, "linewidth": 1.6, "linestyle": (0, (1.0, 1.4))}
    of_psm = {s: share for (m, s), share in courses.progressed.items() if m == "partitioned_survival"}
    axis = time_axis(courses.edges, _enough(of_psm), scenario.file.settings.horizon_years)
    made = page(
        "Mortality after progression that partitioned survival implies",
        f"{plain(scenario.file.name)}; hazard of death of progressed patients within each cycle, logarithmic scale",
        3.6,
        legend=[
            *legend.strategy_lines(look, labels),
            legend.line("Clock-reset, exponential", **constant),
            legend.line("General population", **GENERAL_POPULATION),
        ],
        notes=["Clock-forward gives all strategies the comparator's line. Lines end where under 1% are progressed."],
    )
    axes: Axes = made.whole()
    middle = (courses.edges[1:] + courses.edges[:-1]) / 2 * axis.factor
    shown = courses.edges[:-1] * axis.factor < axis.end
    axes.plot(middle[shown], courses.population[shown], **GENERAL_POPULATION)
    axes.axhline(courses.constant, **constant)
    curves = {s: (middle[shown], _drawn(courses.implied[s], of_psm[s])[shown]) for s in courses.implied}
    strategy_curves(axes, look, curves)
    axis.apply(axes)
    seen = [courses.population[shown], np.array([courses.constant]), *(y for _, y in curves.values())]
    share_scale([axes], np.concatenate(seen))
    return made.figure


def _drawn(hazard: Any, progressed: Any) -> Any:
    return np.where((progressed[1:] >= _LEFT_OVER) & (hazard > 0.0), hazard, np.nan)


def _enough(progressed: Any) -> list[Any]:
    """Return what ends the time axis: twice the share that is progressed, but 1 until it is highest."""
    found = []
    for share in progressed.values():
        highest = int(np.argmax(share))
        found.append(np.where(np.arange(len(share)) <= highest, 1.0, 2.0 * share))
    return found
