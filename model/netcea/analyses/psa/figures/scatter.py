"""The cost-effectiveness plane of a probabilistic analysis: the cloud of draws."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from netcea.analyses.psa.figures.over_thresholds import strategy_looks
from netcea.analyses.psa.summary import interval
from netcea.arrays import Array
from netcea.decision.acceptability import Ellipse, ellipse, quadrants
from netcea.decision.incremental import compare
from netcea.decision.monte_carlo import icer_error
from netcea.reporting.figures import legend
from netcea.reporting.figures.near_thresholds import BELOW
from netcea.reporting.figures.page import Margins, Page, page
from netcea.reporting.figures.plane import LEAST, QUADRANTS, set_plane, span, threshold_lines
from netcea.reporting.figures.small_table import Row, small_table, table_height
from netcea.reporting.figures.style import GREY, INK, SMALL_SIZE, styled
from netcea.reporting.figures.text import drawn, percent, pounds, signed, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import PsaResult
    from netcea.analyses.shared.totals import Totals

Cloud: TypeAlias = tuple[Array, Array]
"""Incremental QALYs and costs in each draw."""
Limits: TypeAlias = tuple[tuple[float, float], tuple[float, float]]

MOST_DOTS: Final = 5_000
"""Dots in the cloud, of all strategies together: the first draws, so that the same draws show for each strategy."""
EDGES: Final = (0.0005, 0.9995)
"""The panel holds the draws between these quantiles of incremental QALYs and of incremental costs, at least."""

_PLOT: Final = 4.3
_MARGINS: Final = Margins(left=1.05, right=1.5, top=0.3, bottom=0.1)
_BACKING: Final = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"}
_LINE: Final = SMALL_SIZE * 1.4 / 72
_SAVED: Final = " saved"
_NOT_KNOWN: Final = "not known"
_SIDE: Final = 1.5
"""Least width of a side that holds draws, for the name of its quadrants [inches]."""
_NAMED: Final = 4
"""With more strategies than this, the quadrants show the shares of the intervention only."""


@styled()
def plane(result: PsaResult) -> Figure:
    """Draw every strategy's increments against the comparator in each draw, their means and 95% ellipses."""
    totals = result.totals
    others = [name for name in totals.strategies if name != totals.comparator]
    clouds = {name: _increments(totals, name) for name in others}
    ellipses = {name: ellipse(*cloud) for name, cloud in clouds.items()} if totals.n > 2 else {}
    shown = min(totals.n, max(1, MOST_DOTS // len(others)))
    dots = {name: (x[:shown], y[:shown]) for name, (x, y) in clouds.items()}
    which = "" if shown == totals.n else f", the first {shown:,} shown"
    below = BELOW + table_height(len(others), grouped=True)
    limits = _limits(clouds, ellipses, result)
    made = page(
        "Cost-effectiveness plane: all draws",
        f"{result.scenario.file.name}: {totals.n:,} draws{which}; against {result.scenario.label(totals.comparator)}; "
        "discounted, per patient, QALYs without severity weight",
        _PLOT + below,
        margins=_MARGINS,
        legend=_legend(ellipses),
        notes=_notes(result, clouds, _outside(dots, limits)),
    )
    axes = made.panel(0.0, below, made.width, _PLOT)
    set_plane(axes, *limits)
    threshold_lines(axes, result.scenario.method_pack.thresholds)
    _draw_dots(axes, dots, [strategy_looks(result)[name].colour for name in dots])
    _marks(axes, result, clouds, ellipses)
    named = others if len(others) <= _NAMED else [_first(result, others)]
    _shares(axes, made.width, {name: quadrants(*clouds[name]) for name in named}, result)
    _table(made, result, clouds)
    return made.figure


def _increments(totals: Totals, strategy: str) -> Cloud:
    """Return incremental QALYs and costs against the comparator in each draw."""
    return totals.increment("qalys", strategy), totals.increment("costs", strategy)


def _limits(clouds: dict[str, Cloud], ellipses: dict[str, Ellipse], result: PsaResult) -> Limits:
    """Return limits that hold the origin, the ellipses, the means and nearly all draws, with room for the quadrants."""
    found = []
    lines = 2 if len(clouds) == 1 else 3 if len(clouds) > _NAMED else 2 + len(clouds)
    for axis, (inches, band) in enumerate(((5.85, _SIDE), (_PLOT, lines * _LINE + 0.08))):
        values = [np.quantile(cloud[axis], EDGES) for cloud in clouds.values()]
        values += [e.line[:, axis] for e in ellipses.values()]
        values += [_increments(result.deterministic, name)[axis] for name in clouds]
        ends = span(np.concatenate(values), LEAST[axis])
        occupied = [bool(np.any(np.concatenate([c[axis] for c in clouds.values()]) * sign > 0)) for sign in (-1, 1)]
        found.append(_widened(*ends, inches, band, occupied, beyond=axis == 1))
    return found[0], found[1]


def _widened(
    low: float, high: float, inches: float, band: float, occupied: list[bool], *, beyond: bool
) -> tuple[float, float]:
    """Return limits with a border, and a band for text: beyond the data, or as the least size of a side."""
    border = 0.05 * (high - low)
    if beyond:
        taken = [band if side else 0.0 for side in occupied]
        unit = (high - low + 2 * border) / (inches - sum(taken))
        return low - border - taken[0] * unit, high + border + taken[1] * unit
    below, above = -low + border, high + border
    share = band / inches
    if occupied[0] and below < share * (below + above):
        below = share / (1 - share) * above
    if occupied[1] and above < share * (below + above):
        above = share / (1 - share) * below
    return -below, above


def _outside(dots: dict[str, Cloud], limits: Limits) -> int:
    """Return how many of the dots lie beyond the panel."""
    (left, right), (low, high) = limits
    return sum(int(np.count_nonzero((x < left) | (x > right) | (y < low) | (y > high))) for x, y in dots.values())


def _notes(result: PsaResult, clouds: dict[str, Cloud], outside: int) -> list[str]:
    notes = ["Means are shown to the digits that their Monte Carlo errors leave."]
    if any(_means(*cloud)[2] == _NOT_KNOWN for cloud in clouds.values()):
        notes.append("An ICER that is not known: the draws are too few to tell it.")
    if len(clouds) > _NAMED:
        notes.append(f"Shares in the corners: {result.scenario.label(_first(result, clouds))}.")
    points = [_increments(result.deterministic, name) for name in clouds]
    if any(_verdict(float(x.mean()), float(y.mean())).endswith(_SAVED) for x, y in [*clouds.values(), *points]):
        notes.append("An ICER that is saved: the strategy costs less and yields less; pounds saved per QALY lost.")
    if outside:
        notes.append(f"Not shown: {outside:,} {'dot' if outside == 1 else 'dots'} beyond the edges of the panel.")
    return notes


def _first(result: PsaResult, names: Iterable[str]) -> str:
    """Return the intervention, or the first strategy where that is the comparator."""
    found = list(names)
    return result.totals.intervention if result.totals.intervention in found else found[0]


def _draw_dots(axes: Axes, dots: dict[str, Cloud], colours: list[str]) -> None:
    """Draw the dots as one picture, draws of the strategies taking turns so that none covers the others."""
    from matplotlib.colors import to_rgba_array

    x, y = (np.stack([cloud[axis] for cloud in dots.values()], axis=1) for axis in (0, 1))
    shades = to_rgba_array(colours, float(np.clip(20.0 / np.sqrt(x.size), 0.25, 0.9)))
    size = 2.2 if x.size > 1000 else 3.8
    look: dict[str, Any] = {"rasterized": True, "zorder": 3}
    if len(dots) == 1:  # many dots of one colour are drawn faster as a line without a stroke
        look |= {"linestyle": "none", "marker": "o", "markersize": size, "markeredgewidth": 0, "color": shades[0]}
        axes.plot(x.ravel(), y.ravel(), **look)
    else:
        axes.scatter(x.ravel(), y.ravel(), s=size**2, c=np.tile(shades, (len(x), 1)), linewidths=0, **look)


def _marks(axes: Axes, result: PsaResult, clouds: dict[str, Cloud], ellipses: dict[str, Ellipse]) -> None:
    """Draw the ellipse, the mean of the draws, and the result at the point estimates."""
    for name, (x, y) in clouds.items():
        look = strategy_looks(result)[name]
        colour = look.colour
        if name in ellipses:
            line = ellipses[name].line.T
            axes.plot(*line, color="white", linewidth=3.0, zorder=4, alpha=0.8)
            axes.plot(*line, **(look.line() | {"linewidth": 1.6}), zorder=4)
        mean: dict[str, Any] = {"marker": look.marker, "markersize": 11, "color": colour, "markeredgecolor": "white"}
        axes.plot(x.mean(), y.mean(), **mean, markeredgewidth=1.2, linestyle="none", zorder=6)
        point: dict[str, Any] = {"marker": look.marker, "markersize": 5, "color": "white", "markeredgecolor": colour}
        axes.plot(*_increments(result.deterministic, name), **point, markeredgewidth=1.6, linestyle="none", zorder=7)


def _shares(axes: Axes, width: float, shares: dict[str, dict[str, float]], result: PsaResult) -> None:
    """Name the quadrants in their corners, with the share of the draws of each strategy."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    looks = strategy_looks(result)
    for quadrant, words in QUADRANTS.items():
        north, east = quadrant.startswith("north"), quadrant.endswith("east")
        first, second = words.split(", ")
        lines = [(f"{first},", GREY), (second, GREY)]
        if len(result.totals.strategies) == 2:
            lines[1] = (f"{second}: {percent(next(iter(shares.values()))[quadrant])}", GREY)
        else:
            lines += [(percent(found[quadrant]), looks[name].colour) for name, found in shares.items()]
        tall = (len(lines) * _LINE + 0.05) / _PLOT * (high - low)
        wide = (max(text_width(text) for text, _ in lines) + 0.1) / width * (right - left)
        if (high if north else -low) < tall or (right if east else -left) < wide:
            continue
        for number, (text, colour) in enumerate(lines):
            step = number if north else len(lines) - 1 - number
            level = (step * _LINE + 0.04) / _PLOT
            axes.text(
                0.99 if east else 0.01,
                1 - level if north else level,
                text,
                transform=axes.transAxes,
                ha="right" if east else "left",
                va="top" if north else "bottom",
                size=SMALL_SIZE,
                color=colour,
                style="italic" if number < 2 else "normal",
                weight="normal" if number < 2 else "bold",
                zorder=8,
                bbox=_BACKING,
            )


def _table(made: Page, result: PsaResult, clouds: dict[str, Cloud]) -> None:
    """Write means and point estimates of each strategy."""
    looks, rows = strategy_looks(result), []
    for name, cloud in clouds.items():
        x, y = (float(v.mean()) for v in _increments(result.deterministic, name))
        cells = [*_means(*cloud), signed(x), pounds(y), _verdict(x, y)]
        rows.append(Row(result.scenario.label(name), looks[name].colour, tuple(cells), marker=looks[name].marker))
    heading = ["Against the comparator", "QALYs", "costs", "ICER", "QALYs", "costs", "ICER"]
    small_table(made, heading, rows, [("Mean of the draws", 3), ("At the point estimates", 3)])


def _means(qalys: Array, costs: Array) -> list[str]:
    """Return means of draws and their ICER, to the digits that their Monte Carlo errors leave."""
    (x, of_x), (y, of_y) = ((found.mean, found.mcse) for found in (interval(0.0, qalys), interval(0.0, costs)))
    ratio, label = compare(y, x)
    error = icer_error(costs, qalys)
    words = label if ratio is None else f"{drawn(ratio, error, 'pounds')}{_SAVED if label else ''}"
    gain = drawn(x, of_x, "qalys")
    plus = "+" if x > 0.0 and gain.strip("0.") else ""
    return [f"{plus}{gain}", drawn(y, of_y, "pounds"), _NOT_KNOWN if ratio and math.isinf(error) else words]


def _verdict(qalys: float, costs: float) -> str:
    """Return the ICER, or what it is called."""
    icer, label = compare(costs, qalys)
    return label if icer is None else f"{pounds(icer)}{_SAVED if label else ''}"


def _legend(ellipses: dict[str, Ellipse]) -> list[legend.Entry]:
    entries = [
        legend.mark("Mean of the draws", marker="o", markersize=9.0, color=INK),
        legend.mark("At the point estimates", marker="o", markersize=5.0, color=INK, markerfacecolor="white"),
    ]
    return entries + (
        [legend.line("95% of the draws, if jointly normal", color=INK, linewidth=1.6)] if ellipses else []
    )
