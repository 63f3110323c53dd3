"""The tornado: what each quantity alone does to incremental net health benefit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.plain_number import read
from netcea.reporting.amounts import amount
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import grid, name_rows, no_vertical_axis, widest, write_above, write_end
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import (
    BLACK,
    GREY,
    HIGH_COLOUR,
    INK,
    LOW_COLOUR,
    PALE,
    SMALL_SIZE,
    WEIGHTED_MARK,
    styled,
)
from netcea.reporting.figures.text import LINE, comparison, icer_text, pounds, signed, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.one_way.result import Moved, OneWayResult

MOST: Final = 15
TITLE: Final = "One-way sensitivity analysis: what changes the result most"
_ROW: Final = 0.36
_NAMES: Final = 2.5
"""Width of the names [inches]."""


@styled()
def tornado(result: OneWayResult, not_moved: str = "") -> Figure:
    """Draw incremental NHB at the lower threshold with each quantity at its low and its high value, the widest first.

    Parameters
    ----------
    result : OneWayResult
    not_moved : str
        What is uncertain and not moved singly, in words.
    """
    shown = result.moved[:MOST]
    subtitle = f"{comparison(result.scenario)}; each quantity at its low and its high value, one at a time"
    if not shown:
        return sentence(TITLE, subtitle, "No quantity varied alone changes the result.")
    names = [wrapped(f"{'* ' * moved.changes_weight}{moved.quantity.label}", _NAMES, lines=2) for moved in shown]
    made = page(
        TITLE,
        subtitle,
        _ROW * len(shown),
        margins=Margins(left=widest(names) + 0.4, right=0.2, top=0.36, bottom=0.6),
        legend=[
            legend.patch("At the low value", LOW_COLOUR, edgecolor=LOW_COLOUR),
            legend.patch("At the high value", HIGH_COLOUR, edgecolor=HIGH_COLOUR),
            *([legend.mark("The same, weighted for severity", **WEIGHTED_MARK)] if _is_weighted(shown) else []),
        ],
        notes=_notes(result, not_moved),
    )
    axes = made.whole()
    _bars(axes, shown, made.width)
    _base_line(axes, result.base, made.width)
    name_rows(axes, names, gap=0.12)
    threshold = pounds(thresholds_of(result.scenario)[0])
    axes.set_xlabel(f"Incremental net health benefit at {threshold} per QALY (QALYs)")
    return made.figure


def _notes(result: OneWayResult, not_moved: str) -> list[str]:
    kinds = {m.quantity.bounds for m in result.moved[:MOST]}
    words = {
        "quantiles": "2.5% and 97.5% quantiles of each quantity's own distribution",
        "range": "the stated range of a fixed quantity",
        "given": "the bounds given with --bounds",
    }
    weight = result.base.severity_weight
    bounds = "; ".join(text for kind, text in words.items() if kind in kinds)
    found = [f"Bounds: {bounds}. Bars: unweighted QALYs; severity weight of the point estimates {read(weight)}."]
    weights = [_weights(m) for m in result.moved[:MOST] if m.changes_weight]
    if weights:
        found.append(f"* The severity weight at the low and the high value is another: {'; '.join(weights)}.")
    more = []
    if len(result.moved) > MOST:
        more.append(f"{len(result.moved) - MOST} more quantities change the result less")
    if result.no_effect:
        more.append(f"{len(result.no_effect)} change nothing in this scenario")
    if not_moved:
        more.append(
            f"not varied one at a time: {not_moved}; the probabilistic analysis samples fits and groups jointly"
        )
    if more:
        text = "; ".join(more)
        found.append(f"{text[0].upper()}{text[1:]}.")
    return found


def _weights(moved: Moved) -> str:
    return f"{moved.quantity.label}: {read(moved.low.severity_weight)} and {read(moved.high.severity_weight)}"


def _is_weighted(shown: Sequence[Moved]) -> bool:
    """Say whether any end, or the point estimates, has a severity weight above 1."""
    return any(e.severity_weight != 1.0 for m in shown for e in (m.low, m.high, m.base))


def _bars(axes: Axes, shown: tuple[Moved, ...], width: float) -> None:
    """Draw a bar from the base to each end, with the values of the quantity at the outer ends."""
    base = shown[0].base.nhb[0]
    rows = [sorted(_ends(moved), key=lambda end: end[0]) for moved in shown]
    outer = [(min(left[0], base), max(right[0], base), left[2], right[2]) for left, right in rows]
    marks = [(m.low.weighted_nhb[0], m.high.weighted_nhb[0]) if _is_weighted(shown) else () for m in shown]
    outer = [
        (min((low, *mark)), max((high, *mark)), low_text, high_text)
        for (low, high, low_text, high_text), mark in zip(outer, marks, strict=True)
    ]
    axes.set_xlim(*_limits(outer, width))
    axes.set_ylim(len(shown) - 0.4, -0.6)
    for row, (ends, (low, high, low_text, high_text)) in enumerate(zip(rows, outer, strict=True)):
        for nhb, colour, _ in sorted(ends, key=lambda end: -abs(end[0] - base)):
            axes.barh(row, nhb - base, left=base, height=0.62, color=colour, zorder=3)
        axes.plot(marks[row], [row] * len(marks[row]), **WEIGHTED_MARK, zorder=4)
        write_end(axes, low, row, f"{low_text} ", right=False, zorder=5)
        write_end(axes, high, row, f" {high_text}", zorder=5)
    no_vertical_axis(axes)
    grid(axes, "x", PALE)


def _ends(moved: Moved) -> list[tuple[float, str, str]]:
    """Return the NHB, the colour and the value's text at each end."""
    quantity = moved.quantity
    return [
        (moved.low.nhb[0], LOW_COLOUR, amount(quantity.low, quantity.unit)),
        (moved.high.nhb[0], HIGH_COLOUR, amount(quantity.high, quantity.unit)),
    ]


def _limits(outer: list[tuple[float, float, str, str]], width: float) -> tuple[float, float]:
    """Return limits such that every text at an end (low, high, text at low, text at high) is inside."""
    lowest, highest = min(low for low, *_ in outer), max(high for _, high, *_ in outer)
    low, high = lowest, highest
    for _ in range(20):
        unit = ((high - low) if high > low else 1e-9) / width
        low = min(lowest - 0.1 * unit, *(at - (text_width(text) + 0.15) * unit for at, _, text, _ in outer))
        high = max(highest + 0.1 * unit, *(at + (text_width(text) + 0.15) * unit for _, at, _, text in outer))
    return low, high


def _base_line(axes: Axes, base: Effect, width: float) -> None:
    """Mark the point estimates, named above the panel, and where net health benefit is 0."""
    low, high = axes.get_xlim()
    axes.axvline(base.nhb[0], color=BLACK, linewidth=1.0, zorder=4)
    icer = icer_text(base.icer, base.label)
    text = f"Base case: {signed(base.nhb[0])} QALYs, {icer if base.icer is None else f'ICER {icer}'}"
    if base.severity_weight != 1.0:
        weighted = icer_text(base.weighted_icer, base.label)
        text += f"; weighted {signed(base.weighted_nhb[0])}, {weighted}"
        axes.axvline(base.weighted_nhb[0], color=BLACK, linewidth=1.0, linestyle="--", zorder=4)
    half = text_width(text, bold=True) / 2 / width
    at = min(max((base.nhb[0] - low) / (high - low), half), 1.0 - half)
    write_above(axes, at, text, gap=SMALL_SIZE * LINE * 0.45, weight="bold", color=INK)
    if low < 0.0 < high:
        axes.axvline(0.0, color=GREY, linewidth=1.0, linestyle=":", zorder=2)
