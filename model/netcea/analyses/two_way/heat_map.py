"""The heat map of two-way analysis: incremental net health benefit over two quantities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from netcea.analyses.shared.effects import thresholds_of
from netcea.arrays import Array
from netcea.plain_number import read
from netcea.reporting.amounts import amount, number
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import size_inches
from netcea.reporting.figures.page import WIDTH, Margins, page
from netcea.reporting.figures.style import BLACK, INK, SMALL_SIZE, styled
from netcea.reporting.figures.text import comparison, one_line, pounds, signed, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.shared.varied_quantities import VariedQuantity
    from netcea.analyses.two_way.result import GridAxis, TwoWayResult

PALETTE: Final = ("#7F3B08", "#D9822B", "#FBE3C4", "#FFFFFF", "#C9DDF0", "#4A90C4", "#083D77")
"""From the most negative to the most positive: brown, white at 0, blue; apart with any kind of colour vision."""
Style: TypeAlias = Literal["solid", "dashed", "dotted", "dashdot"]
LINES: Final[tuple[Style, ...]] = ("solid", "dashed", "dotted", "dashdot")
_HEIGHT: Final = 4.6
_BAR: Final = 1.25
"""Room for the bar of colours [inches]."""
_MOST_ROWS: Final = 15
"""More rows than this are too low for their values."""
_FEW: Final = 7
"""Up to so many values of an axis each have a tick."""
_BASE_CASE: Final[dict[str, Any]] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 9,
    "color": "white",
    "markeredgecolor": BLACK,
    "markeredgewidth": 1.8,
}
_CLEAR: Final = 6.5
"""Between the middle of the base case's mark and a text [points]."""
_MANY: Final = 10_000
"""More cells than this are drawn as pixels, also in SVG."""


@styled()
def heat_map(result: TwoWayResult, *, weighted: bool = False) -> Figure:
    """Draw incremental NHB at the lower threshold, with the line where it is 0 at each threshold, and the base case.

    Parameters
    ----------
    result : TwoWayResult
        The grid.
    weighted : bool
        With each cell's QALYs times its severity weight.
    """
    thresholds = thresholds_of(result.scenario)
    nhb = result.grid(thresholds[0], weighted=weighted)
    ticks = [_ticks(axis.quantity, axis.values) for axis in (result.x, result.y)]
    crossed = [_crosses(result.grid(threshold, weighted=weighted)) for threshold in thresholds]
    inside = all(axis.values[0] <= axis.quantity.value <= axis.values[-1] for axis in (result.x, result.y))
    left = 0.55 + max(map(text_width, ticks[1][1]))
    written = _cell_texts(nhb, WIDTH - left - _BAR, result.flips if weighted else None)
    hatched = not written and bool(np.any(nhb > 0.0))
    made = page(
        f"Incremental net health benefit at {pounds(thresholds[0])} per QALY",
        f"{comparison(result.scenario)}, QALYs ({'weighted for severity' if weighted else 'unweighted'})",
        _HEIGHT,
        margins=Margins(left=left, right=_BAR, top=0.1, bottom=0.65),
        legend=_legend(thresholds, crossed, inside=inside, hatched=hatched),
        notes=_notes(result, crossed, inside=inside, weighted=weighted),
    )
    axes = made.whole()
    at = result.x.values, result.y.values
    _cells(axes, made.panel(made.width + 0.2, 0.0, 0.2, made.height), result, nhb)
    if written:
        _write(axes, result, nhb, written, inside=inside)
    elif hatched:
        axes.contourf(*at, nhb.T, levels=[0.0, float(nhb.max())], colors="none", hatches=["///"])
    for place, (threshold, crosses) in enumerate(zip(thresholds, crossed, strict=True)):
        if crosses:
            line: dict[str, Any] = {"colors": BLACK, "linewidths": 1.8, "linestyles": LINES[place % len(LINES)]}
            axes.contour(*at, result.grid(threshold, weighted=weighted).T, levels=[0.0], **line)
    if inside:
        axes.plot(result.x.quantity.value, result.y.quantity.value, **_BASE_CASE, zorder=6, clip_on=False)
    _axis_labels(axes, result, ticks, made.width)
    return made.figure


def _cells(axes: Axes, bar: Axes, result: TwoWayResult, nhb: Array) -> None:
    """Colour each cell, white at 0, and draw the bar that says which colour is what."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    most = float(np.abs(nhb).max()) or 1.0
    colours = LinearSegmentedColormap.from_list("netcea", list(PALETTE))
    drawn = axes.pcolormesh(
        result.x.values,
        result.y.values,
        nhb.T,
        shading="nearest",
        cmap=colours,
        norm=Normalize(-most, most),
        rasterized=nhb.size > _MANY,
    )
    axes.figure.colorbar(drawn, cax=bar)
    bar.set_ylim(min(float(nhb.min()), 0.0), max(float(nhb.max()), 0.0) or (1.0 if not np.any(nhb) else 0.0))
    bar.set_ylabel("Incremental NHB (QALYs)")
    bar.axhline(0.0, color=BLACK, linewidth=1.8)


def _cell_texts(nhb: Array, width: float, flips: Array | None = None) -> list[list[str]]:
    """Return what each cell says, marked where the weight flips; nothing when cells are too narrow or too many."""
    most = float(np.abs(nhb).max())
    decimals = 1 if most >= 10.0 else 2 if most >= 0.1 else 3
    texts = [[signed(float(value), f"+.{decimals}f") for value in row] for row in nhb]
    if flips is not None:
        texts = [[text + "*" * bool(flips[i, j]) for j, text in enumerate(row)] for i, row in enumerate(texts)]
    widest = max(text_width(text) for row in texts for text in row)
    return texts if widest + 0.06 <= width / nhb.shape[0] and nhb.shape[1] <= _MOST_ROWS else []


def _write(axes: Axes, result: TwoWayResult, nhb: Array, texts: list[list[str]], *, inside: bool) -> None:
    """Write each cell's value, beside the mark of the base case where that lies on it."""
    from matplotlib.patheffects import withStroke

    most = float(np.abs(nhb).max()) or 1.0
    for i, x in enumerate(result.x.values):
        for j, y in enumerate(result.y.values):
            dark = abs(nhb[i, j]) > 0.6 * most
            halo = [] if dark else [withStroke(linewidth=2.0, foreground="white", alpha=0.8)]
            up = _beside_mark(axes, result, (float(x), float(y)), texts[i][j]) if inside else 0.0
            axes.annotate(
                texts[i][j],
                (x, y),
                xytext=(0.0, up),
                textcoords="offset points",
                ha="center",
                va="center",
                size=SMALL_SIZE,
                color="white" if dark else INK,
                zorder=4,
                path_effects=halo,
            )


def _beside_mark(axes: Axes, result: TwoWayResult, cell: tuple[float, float], text: str) -> float:
    """Return by how much a text moves up (or down) to be clear of the mark of the base case [points]."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    width, height = size_inches(axes)
    across = 72.0 * width * (result.x.quantity.value - cell[0]) / (right - left)
    above = 72.0 * height * (result.y.quantity.value - cell[1]) / (high - low)
    if abs(across) > 36.0 * text_width(text) + _CLEAR or abs(above) > _CLEAR + SMALL_SIZE / 2:
        return 0.0
    away = _CLEAR + SMALL_SIZE / 2
    return above - away if above >= 0.0 else above + away


def _ticks(quantity: VariedQuantity, values: Array) -> tuple[list[float], list[str]]:
    from matplotlib.ticker import MaxNLocator

    low, high = float(values[0]), float(values[-1])
    if len(values) <= _FEW:
        return list(map(float, values)), [_tick(float(t), quantity) for t in values]
    scale = 100.0 if quantity.unit == "proportion" else 1.0
    at = [t / scale for t in MaxNLocator(6).tick_values(low * scale, high * scale)]
    at = [float(t) for t in at if low - 1e-12 * abs(low) <= t <= high + 1e-12 * abs(high)]
    return at, [_tick(t, quantity) for t in at]


def _tick(value: float, quantity: VariedQuantity) -> str:
    return amount(value, quantity.unit) if quantity.unit in ("proportion", "GBP") else number(value)


def _axis_labels(axes: Axes, result: TwoWayResult, ticks: list[tuple[list[float], list[str]]], width: float) -> None:
    axes.set_xticks(ticks[0][0], labels=ticks[0][1])
    axes.set_yticks(ticks[1][0], labels=ticks[1][1])
    axes.set_xlabel(one_line(_name(result.x), width))
    axes.set_ylabel("\n".join(wrapped(_name(result.y), _HEIGHT, lines=2)))
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)
    axes.tick_params(labelsize=SMALL_SIZE)


def _name(axis: GridAxis) -> str:
    quantity = axis.quantity
    bare = quantity.unit in ("proportion", "GBP", "ratio", "parameter", "utility", "number")
    return quantity.label if bare else f"{quantity.label} ({quantity.unit})"


def _crosses(nhb: Array) -> bool:
    return bool(nhb.min() < 0.0 < nhb.max())


def _legend(thresholds: tuple[float, ...], crossed: list[bool], *, inside: bool, hatched: bool) -> list[legend.Entry]:
    found = [
        legend.line(f"ICER meets {pounds(threshold)}", color=BLACK, linewidth=1.8, linestyle=LINES[place % len(LINES)])
        for place, (threshold, crosses) in enumerate(zip(thresholds, crossed, strict=True))
        if crosses
    ]
    if hatched:
        found.append(legend.patch("Above 0: cost-effective", "white", edgecolor=BLACK, hatch="///"))
    return found + ([legend.mark("Base case", **_BASE_CASE)] if inside else [])


def _notes(result: TwoWayResult, crossed: list[bool], *, inside: bool, weighted: bool) -> list[str]:
    thresholds = thresholds_of(result.scenario)
    found = []
    for threshold, crosses in zip(thresholds, crossed, strict=True):
        if not crosses:
            above = bool(result.grid(threshold, weighted=weighted).min() > 0.0)
            where = "everywhere above" if above else "nowhere above"
            found.append(f"At {pounds(threshold)} incremental net health benefit is {where} 0 between these bounds.")
    if not inside:
        found.append("The base case lies outside these bounds.")
    weights = sorted({float(w) for w in result.totals.severity_weight})
    if weights != [1.0]:
        other = "unweighted: heat_map" if weighted else "weighted: heat_map_weighted"
        found.append(f"Severity weight {' or '.join(read(w) for w in weights)} ({other}).")
    if weighted and result.flips.any():
        base = read(result.base.severity_weight)
        found.append(f"* Another severity weight than that of the point estimates ({base}).")
    return found
