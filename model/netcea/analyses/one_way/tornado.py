"""The tornado: what each quantity alone does to incremental net health benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.reporting.amounts import amount
from netcea.reporting.figures.page import LINE, Margins, page, sentence
from netcea.reporting.figures.style import (
    BLACK,
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    SMALL_SIZE,
    plain,
    pounds,
    signed,
    styled,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.one_way.result import Moved, OneWayResult

MOST: Final = 15
TITLE: Final = "What the result changes most with"
LOW_COLOUR: Final = ORANGE
HIGH_COLOUR: Final = BLUE
_ROW: Final = 0.36
_NAMES: Final = 2.5
"""Width of the names [inches]."""


def tornado(result: OneWayResult, not_moved: str = "") -> Figure:
    """Draw incremental NHB at the lower threshold with each quantity at its low and its high value, the widest first.

    Parameters
    ----------
    result : OneWayResult
    not_moved : str
        What is uncertain and not moved singly, in words.
    """
    with styled():
        threshold = thresholds_of(result.scenario)[0]
        shown = result.moved[:MOST]
        subtitle = _subtitle(result)
        if not shown:
            return sentence(TITLE, subtitle, "No quantity that was moved alone changes the result.")
        names = [wrapped(moved.quantity.label, _NAMES, lines=2) for moved in shown]
        left = max(text_width(line) for name in names for line in name) + 0.4
        made = page(
            TITLE,
            subtitle,
            _ROW * len(shown),
            margins=Margins(left=left, right=0.2, top=0.36, bottom=0.6),
            legend=_legend(),
            notes=_notes(result, not_moved),
        )
        axes = made.whole()
        _bars(axes, shown, made.width)
        _base_line(axes, result.base, made.width, made.height)
        for row, name in enumerate(names):
            axes.text(
                -0.12 / made.width,
                row,
                "\n".join(name),
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                linespacing=1.05,
                size=SMALL_SIZE,
            )
        axes.set_xlabel(f"Incremental net health benefit at {pounds(threshold)} per QALY (QALYs)")
        return made.figure


def icer_words(effect: Effect) -> str:
    """Return an ICER as a figure says it."""
    if effect.icer is None:
        return effect.label
    return f"ICER {pounds(effect.icer)}" + (" saved per QALY lost" if effect.label else "")


def _subtitle(result: OneWayResult) -> str:
    scenario, decision = result.scenario, result.scenario.file.decision
    return (
        f"{plain(scenario.file.name)}: {plain(scenario.label(decision.intervention))} against "
        f"{plain(scenario.label(decision.comparator))}; each quantity at its low and its high value, one at a time"
    )


def _legend() -> list[tuple[Artist, str]]:
    from matplotlib.patches import Patch

    return [(Patch(color=LOW_COLOUR), "At the low value"), (Patch(color=HIGH_COLOUR), "At the high value")]


def _notes(result: OneWayResult, not_moved: str) -> list[str]:
    kinds = {m.quantity.bounds for m in result.moved[:MOST]}
    words = {
        "quantiles": "2.5% and 97.5% quantiles of each quantity's own distribution",
        "range": "the stated range of a fixed quantity",
        "given": "the bounds that were asked for",
    }
    found = [f"Bounds: {'; '.join(text for kind, text in words.items() if kind in kinds)}. QALYs are unweighted."]
    weights = [m.quantity.label for m in result.moved[:MOST] if m.changes_weight]
    if weights:
        found.append(f"The severity weight changes with: {'; '.join(weights)}.")
    more = []
    if len(result.moved) > MOST:
        more.append(f"{len(result.moved) - MOST} more quantities change the result less")
    if result.no_effect:
        more.append(f"{len(result.no_effect)} change nothing in this scenario")
    if not_moved:
        more.append(f"not moved singly: {not_moved}; the probabilistic analysis draws fits and groups whole")
    if more:
        text = "; ".join(more)
        found.append(f"{text[0].upper()}{text[1:]}.")
    return found


def _bars(axes: Axes, shown: tuple[Moved, ...], width: float) -> None:
    """Draw a bar from the base to each end, with the values of the quantity at the outer ends."""
    base = shown[0].base.nhb[0]
    ends = [
        [(moved.low.nhb[0], LOW_COLOUR, moved.quantity.low), (moved.high.nhb[0], HIGH_COLOUR, moved.quantity.high)]
        for moved in shown
    ]
    texts = []
    for moved, pair in zip(shown, ends, strict=True):
        pair.sort(key=lambda end: end[0])
        texts.append([amount(value, moved.quantity.unit) for _, _, value in pair])
    lowest, highest = (f(base, *(end[0] for pair in ends for end in pair)) for f in (min, max))
    _limits(axes, lowest, highest, texts, ends, base, width)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    for row, (pair, words) in enumerate(zip(ends, texts, strict=True)):
        for nhb, colour, _ in sorted(pair, key=lambda end: -abs(end[0] - base)):
            axes.barh(row, nhb - base, left=base, height=0.62, color=colour, zorder=3)
        for at, text, ha, gap in (
            (min(pair[0][0], base), words[0], "right", -4),
            (max(pair[1][0], base), words[1], "left", 4),
        ):
            axes.annotate(
                text,
                (at, row),
                xytext=(gap, 0),
                textcoords="offset points",
                ha=ha,
                va="center",
                size=SMALL_SIZE,
                zorder=5,
            )
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)


def _limits(
    axes: Axes,
    lowest: float,
    highest: float,
    texts: list[list[str]],
    ends: list[list[tuple[float, str, float]]],
    base: float,
    width: float,
) -> None:
    """Set limits such that every label at an end is inside."""
    span = max(highest - lowest, 1e-9)
    low, high = lowest, highest
    for _ in range(20):
        unit = (high - low) / width if high > low else span / width
        low = min(
            [
                lowest - 0.1 * unit,
                *(
                    min(pair[0][0], base) - (text_width(words[0]) + 0.15) * unit
                    for pair, words in zip(ends, texts, strict=True)
                ),
            ]
        )
        high = max(
            [
                highest + 0.1 * unit,
                *(
                    max(pair[1][0], base) + (text_width(words[1]) + 0.15) * unit
                    for pair, words in zip(ends, texts, strict=True)
                ),
            ]
        )
    axes.set_xlim(low, high)


def _base_line(axes: Axes, base: Effect, width: float, height: float) -> None:
    """Mark the point estimates, named above the panel, and where the intervention is just worth its cost."""
    low, high = axes.get_xlim()
    axes.axvline(base.nhb[0], color=BLACK, linewidth=1.0, zorder=4)
    text = f"Base case: {signed(base.nhb[0])} QALYs, {icer_words(base)}"
    half = text_width(text, bold=True) / 2 / width
    at = min(max((base.nhb[0] - low) / (high - low), half), 1.0 - half)
    axes.text(
        at,
        1.0 + SMALL_SIZE * LINE * 0.45 / height,
        text,
        transform=axes.transAxes,
        ha="center",
        va="bottom",
        size=SMALL_SIZE,
        weight="bold",
        color=INK,
    )
    if low < 0.0 < high:
        axes.axvline(0.0, color=GREY, linewidth=1.0, linestyle=":", zorder=2)
