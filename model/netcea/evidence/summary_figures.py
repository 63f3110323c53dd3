"""Figures of fits to published figures: every curve against the points that were published, with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.evidence.family_looks import draw_families, entries_of
from netcea.evidence.summary_curves import curve_of
from netcea.evidence.survival_axes import survival_axes
from netcea.fitting.published_figures import Figure
from netcea.fitting.summary_fit import ArmFigure
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, DASHED, GREY, PALE, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

    from netcea.evidence.figure_fits import FitsOfFigures

YEARS: Final = 20.0
"""To which extrapolations go."""
POINT: Final[dict[str, Any]] = {"color": BLACK, "marker": "o", "markersize": 5.5, "linestyle": "none", "zorder": 6}


def figures_of(found: FitsOfFigures) -> dict[str, Callable[[], Drawing]]:
    """Return name -> function that draws: of each arm, to the last figure and to twenty years.

    Parameters
    ----------
    found : FitsOfFigures
    """
    made: dict[str, Callable[[], Drawing]] = {}
    for arm in found.data.arms:
        made[f"fits_{arm}"] = partial(fits_figure, found, arm, None)
        made[f"extrapolation_{arm}"] = partial(fits_figure, found, arm, YEARS)
    return made


@styled()
def fits_figure(found: FitsOfFigures, arm: str, years: float | None) -> Drawing:
    """Draw every curve of an arm with the published points and their 95% intervals.

    Parameters
    ----------
    found : FitsOfFigures
    arm : str
    years : float or None
        To which the curves go; None: a little after the last figure. [years]
    """
    group = arm if arm in found.fits else next(iter(found.fits))
    fits = found.fitted(group)
    own = [item.figure for item in found.published if isinstance(item, ArmFigure) and item.arm == arm]
    last = max([figure.time or figure.value for figure in own], default=_longest(found))
    end = 1.15 * last if years is None else max(years * found.per_year, 1.5 * last)
    unit, factor = (found.time_unit, 1.0) if years is None else ("years", found.per_year)
    names = [fit.family for fit in fits]
    entries = [legend.line("published, 95% interval", color=BLACK, marker="o", linewidth=1.2), *entries_of(names)]
    beyond = "" if years is None else f", until {read(end / factor, 2)} years"
    notes = _notes(found, group, own, last if years is not None else None)
    made = page(
        f"{found.label}, {arm}: published figures and every fit{beyond}",
        f"{found.name}; {len(own)} published figures of this arm, {len(found.published)} in all",
        3.6,
        margins=Margins(bottom=0.6),
        legend=entries,
        notes=notes,
    )
    axes, _ = survival_axes(made, end / factor, unit)
    axes.axhline(0.5, color=PALE, linewidth=0.8, zorder=0)
    t = np.linspace(0.0, end, 400)
    draw_families(axes, t / factor, {fit.family: curve_of(found, fit, arm).survival(t) for fit in fits})
    for figure in own:
        _draw_figure(axes, figure, found.interval(figure), factor)
    if years is not None:
        axes.axvline(last / factor, color=GREY, linewidth=0.9, linestyle=DASHED, zorder=1)
    return made.figure


def _longest(found: FitsOfFigures) -> float:
    times = [i.figure.time or i.figure.value for i in found.published if isinstance(i, ArmFigure)]
    return max(times, default=1.0)


def _draw_figure(axes: Axes, figure: Figure, interval: tuple[float, float] | None, factor: float) -> None:
    """Draw a figure that is a point of the curve, with its interval along the axis on which it is uncertain."""
    bar: dict[str, Any] = {"color": BLACK, "linewidth": 1.2, "capsize": 3.5, "fmt": "none", "zorder": 5}
    ends = interval or (figure.value, figure.value)
    if figure.kind in ("median", "quantile"):
        x, y = figure.value / factor, 0.5 if figure.failed is None else 1.0 - figure.failed
        axes.errorbar([x], [y], xerr=[[x - ends[0] / factor], [ends[1] / factor - x]], **bar)
    elif figure.kind == "survival_at":
        x, y = (figure.time or 0.0) / factor, figure.value
        axes.errorbar([x], [y], yerr=[[y - ends[0]], [ends[1] - y]], **bar)
    else:
        return
    axes.plot(x, y, **POINT)


def _notes(found: FitsOfFigures, group: str, own: list[Figure], last: float | None) -> list[str]:
    """Return what the figure cannot show: areas, ratios, families without a fit, where the figures end."""
    notes = []
    if last is not None:
        notes.append(
            f"The last figure is at {read(last, 3)} {found.time_unit} (dashed); what follows is the families' own."
        )
    areas = [f for f in own if f.kind == "restricted_mean"]
    ratios = sum(not isinstance(item, ArmFigure) for item in found.published)
    beside = [f"{len(areas)} restricted mean{'s' if len(areas) > 1 else ''}"] if areas else []
    beside += [f"{ratios} hazard ratio{'s' if ratios > 1 else ''}"] if ratios else []
    if beside:
        notes.append(f"Also fitted, and no points of a curve: {' and '.join(beside)} (tables/misfit.csv).")
    refused = [one.name.replace("_", " ") for one in found.refused(group)]
    if refused:
        notes.append(f"Not fitted, for the reasons in tables/choosing.csv: {', '.join(refused)}.")
    return notes
