"""The cost-effectiveness plane of a probabilistic analysis: the cloud of draws."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.analyses.base_case.figures.plane import threshold_lines
from netcea.arrays import Array
from netcea.decision.acceptability import QUADRANTS, Ellipse, ellipse, quadrants
from netcea.decision.incremental import compare
from netcea.reporting.figures.over_thresholds import BELOW, colours_of, percent
from netcea.reporting.figures.page import Margins, Page, page
from netcea.reporting.figures.small_table import Row, small_table, table_height
from netcea.reporting.figures.style import GREY, INK, SMALL_SIZE, plain, pounds, signed, styled, text_width

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import PsaResult
    from netcea.analyses.shared.totals import Totals

MOST_DOTS: Final = 5_000
"""Dots in the cloud, of all strategies together: the first draws, so that the same draws show for each strategy."""
EDGES: Final = (0.0005, 0.9995)
"""The panel holds the draws between these quantiles of incremental QALYs and of incremental costs, at least."""

_PLOT: Final = 4.3
_MARGINS: Final = Margins(left=1.05, right=1.5, top=0.3, bottom=0.1)
_BACKING: Final = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.92}
_LINE: Final = SMALL_SIZE * 1.4 / 72
_SAVED: Final = "saved"
_SIDE: Final = 1.5
"""Least width of a side that holds draws, for the name of its quadrants [inches]."""
_NAMED: Final = 4
"""With more strategies than this, the quadrants show the shares of the intervention only."""
_WORDS: Final = {
    "north_east": ("More costly,", "more QALYs"),
    "south_east": ("Less costly,", "more QALYs"),
    "south_west": ("Less costly,", "fewer QALYs"),
    "north_west": ("More costly,", "fewer QALYs"),
}


def plane(result: PsaResult) -> Figure:
    """Draw every strategy's increments against the comparator in each draw, their means and 95% ellipses."""
    with styled():
        totals = result.totals
        others = [name for name in totals.strategies if name != totals.comparator]
        clouds = {name: _increments(totals, name) for name in others}
        ellipses = {name: ellipse(*cloud) for name, cloud in clouds.items()} if totals.n > 2 else {}
        shown = min(totals.n, max(1, MOST_DOTS // len(others)))
        which = "" if shown == totals.n else f", the first {shown:,} shown"
        below = BELOW + table_height(len(others), grouped=True)
        limits = _limits(clouds, ellipses, result)
        outside = _outside(clouds, limits, shown)
        made = page(
            "Cost-effectiveness plane: all draws",
            f"{plain(result.scenario.file.name)}: {totals.n:,} draws{which}; against "
            f"{plain(result.scenario.label(totals.comparator))}; discounted, per patient, QALYs without severity "
            "weight",
            _PLOT + below,
            margins=_MARGINS,
            legend=_legend(ellipses),
            notes=_notes(result, clouds, outside),
        )
        axes = made.panel(0.0, below, made.width, _PLOT)
        _axes(axes, limits)
        threshold_lines(axes, result.scenario.method_pack.thresholds, made.width, _PLOT)
        _cloud(axes, {name: (x[:shown], y[:shown]) for name, (x, y) in clouds.items()}, colours_of(result))
        _marks(axes, result, clouds, ellipses)
        named = others if len(others) <= _NAMED else [_first(result, others)]
        _shares(axes, made.width, {name: quadrants(*clouds[name]) for name in named}, result)
        _table(made, result, clouds)
        return made.figure


def _increments(totals: Totals, strategy: str) -> tuple[Array, Array]:
    """Return incremental QALYs and costs against the comparator in each draw."""
    return totals.increment("qalys", strategy), totals.increment("costs", strategy)


def _limits(
    clouds: dict[str, tuple[Array, Array]], ellipses: dict[str, Ellipse], result: PsaResult
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return limits that hold the origin, the ellipses, the means and nearly all draws, with room for the quadrants."""
    found = []
    lines = 2 if len(clouds) == 1 else 3 if len(clouds) > _NAMED else 2 + len(clouds)
    for axis, (least, inches, band) in enumerate(((0.02, 5.85, _SIDE), (1000.0, _PLOT, lines * _LINE + 0.08))):
        values = [np.quantile(cloud[axis], EDGES) for cloud in clouds.values()]
        values += [e.line[:, axis] for e in ellipses.values()]
        values += [_increments(result.deterministic, name)[axis] for name in clouds]
        low = min(0.0, *(float(v.min()) for v in values))
        high = max(0.0, *(float(v.max()) for v in values))
        lacking = max(0.0, least - (high - low)) / 2
        low, high = low - lacking, high + lacking
        occupied = [np.any(np.concatenate([c[axis] for c in clouds.values()]) * sign > 0) for sign in (-1, 1)]
        found.append(_widened(low, high, inches, band, occupied, beyond=axis == 1))
    return found[0], found[1]


def _widened(
    low: float, high: float, inches: float, band: float, occupied: list[np.bool_], *, beyond: bool
) -> tuple[float, float]:
    """Return limits with a border, and a band for text: beyond the data, or as the least size of a side."""
    span = high - low
    border = 0.05 * span
    if beyond:
        taken = [band if side else 0.0 for side in occupied]
        unit = (span + 2 * border) / (inches - sum(taken))
        return low - border - taken[0] * unit, high + border + taken[1] * unit
    below, above = -low + border, high + border
    share = band / inches
    if occupied[0] and below < share * (below + above):
        below = share / (1 - share) * above
    if occupied[1] and above < share * (below + above):
        above = share / (1 - share) * below
    return -below, above


def _outside(
    clouds: dict[str, tuple[Array, Array]], limits: tuple[tuple[float, float], tuple[float, float]], shown: int
) -> int:
    """Return how many of the dots lie beyond the panel."""
    (left, right), (low, high) = limits
    return sum(
        int(np.count_nonzero((x[:shown] < left) | (x[:shown] > right) | (y[:shown] < low) | (y[:shown] > high)))
        for x, y in clouds.values()
    )


def _notes(result: PsaResult, clouds: dict[str, tuple[Array, Array]], outside: int) -> list[str]:
    notes = []
    if len(clouds) > _NAMED:
        notes.append(f"Shares in the corners: {plain(result.scenario.label(_first(result, clouds)))}.")
    points = [_increments(result.deterministic, name) for name in clouds]
    pairs = [(float(x.mean()), float(y.mean())) for x, y in [*clouds.values(), *points]]
    if any(_SAVED in _verdict(*pair) for pair in pairs):
        notes.append("An ICER that is saved: the strategy costs less and yields less; pounds saved per QALY lost.")
    if outside:
        notes.append(f"Not shown: {outside:,} {'dot' if outside == 1 else 'dots'} beyond the edges of the panel.")
    return notes


def _first(result: PsaResult, names: Iterable[str]) -> str:
    """Return the intervention, or the first strategy where that is the comparator."""
    found = list(names)
    return result.totals.intervention if result.totals.intervention in found else found[0]


def _axes(axes: Axes, limits: tuple[tuple[float, float], tuple[float, float]]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])
    x_ticks, y_ticks = (
        [float(t) for t in MaxNLocator(6).tick_values(*limit) if limit[0] <= t <= limit[1]] for limit in limits
    )
    axes.set_xticks(x_ticks, labels=[signed(0.0 if abs(t) < 1e-12 else t, ".4g") for t in x_ticks])
    axes.set_yticks(y_ticks, labels=[pounds(t) for t in y_ticks])
    axes.set_xlabel("Incremental QALYs")
    axes.set_ylabel("Incremental costs")
    axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=1)
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)


def _cloud(axes: Axes, clouds: dict[str, tuple[Array, Array]], colours: dict[str, str]) -> None:
    """Draw the dots as one picture, draws of the strategies taking turns so that none covers the others."""
    from matplotlib.colors import to_rgba_array

    x = np.stack([cloud[0] for cloud in clouds.values()], axis=1)
    y = np.stack([cloud[1] for cloud in clouds.values()], axis=1)
    opacity = float(np.clip(20.0 / np.sqrt(x.size), 0.25, 0.9))
    size = 2.2 if x.size > 1000 else 3.8
    shades = to_rgba_array([colours[name] for name in clouds], opacity)
    if len(clouds) == 1:  # many dots of one colour are drawn faster as a line without a stroke
        axes.plot(
            np.ravel(x),
            np.ravel(y),
            linestyle="none",
            marker="o",
            markersize=size,
            markeredgewidth=0,
            color=shades[0],
            rasterized=True,
            zorder=3,
        )
    else:
        axes.scatter(
            np.ravel(x), np.ravel(y), s=size**2, c=np.tile(shades, (len(x), 1)), linewidths=0, rasterized=True, zorder=3
        )


def _marks(axes: Axes, result: PsaResult, clouds: dict[str, tuple[Array, Array]], ellipses: dict[str, Ellipse]) -> None:
    """Draw the ellipse, the mean of the draws, and the result at the point estimates."""
    colours = colours_of(result)
    for name, (x, y) in clouds.items():
        if name in ellipses:
            line = ellipses[name].line
            axes.plot(line[:, 0], line[:, 1], color="white", linewidth=3.0, zorder=4, alpha=0.8)
            axes.plot(line[:, 0], line[:, 1], color=colours[name], linewidth=1.6, zorder=4)
        point_x, point_y = _increments(result.deterministic, name)
        axes.plot(
            [float(x.mean())],
            [float(y.mean())],
            marker="o",
            markersize=11,
            color=colours[name],
            markeredgecolor="white",
            markeredgewidth=1.2,
            linestyle="none",
            zorder=6,
        )
        axes.plot(
            [float(point_x[0])],
            [float(point_y[0])],
            marker="D",
            markersize=5,
            color="white",
            markeredgecolor=colours[name],
            markeredgewidth=1.6,
            linestyle="none",
            zorder=7,
        )


def _shares(axes: Axes, width: float, shares: dict[str, dict[str, float]], result: PsaResult) -> None:
    """Name the quadrants in their corners, with the share of the draws of each strategy."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    colours = colours_of(result)
    for quadrant in QUADRANTS:
        north, east = quadrant.startswith("north"), quadrant.endswith("east")
        lines = [(word, GREY) for word in _WORDS[quadrant]]
        if len(result.totals.strategies) == 2:
            lines[1] = (f"{_WORDS[quadrant][1]}: {percent(next(iter(shares.values()))[quadrant])}", GREY)
        else:
            lines += [(percent(found[quadrant]), colours[name]) for name, found in shares.items()]
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


def _table(made: Page, result: PsaResult, clouds: dict[str, tuple[Array, Array]]) -> None:
    """Write means and point estimates of each strategy."""
    colours = colours_of(result)
    rows = []
    for name, cloud in clouds.items():
        point = tuple(float(v[0]) for v in _increments(result.deterministic, name))
        mean = tuple(float(v.mean()) for v in cloud)
        cells = [text for x, y in (mean, point) for text in (signed(x), pounds(y), _verdict(x, y))]
        rows.append(Row(result.scenario.label(name), colours[name], tuple(cells)))
    heading = ["Against the comparator", "QALYs", "costs", "ICER", "QALYs", "costs", "ICER"]
    small_table(made, heading, rows, [("Mean of the draws", 3), ("At the point estimates", 3)])


def _verdict(qalys: float, costs: float) -> str:
    """Return the ICER, or what it is called."""
    icer, label = compare(costs, qalys)
    if icer is None:
        return label
    return f"{pounds(icer)} {_SAVED}" if label else pounds(icer)


def _legend(ellipses: dict[str, Ellipse]) -> list[tuple[Artist, str]]:
    from matplotlib.lines import Line2D

    def mark(marker: str, size: float, face: str) -> Line2D:
        return Line2D([], [], marker=marker, markersize=size, color=INK, markerfacecolor=face, linestyle="none")

    entries: list[tuple[Artist, str]] = [
        (mark("o", 9.0, INK), "Mean of the draws"),
        (mark("D", 5.0, "white"), "At the point estimates"),
    ]
    if ellipses:
        entries.append((Line2D([], [], color=INK, linewidth=1.6), "95% of the draws, if jointly normal"))
    return entries
