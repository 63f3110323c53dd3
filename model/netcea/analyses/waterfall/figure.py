"""The waterfall: from one party's case to another's, a bar for each change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.analyses.waterfall.result import WaterfallResult, is_icer
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import (
    decimals,
    grid,
    name_rows,
    no_vertical_axis,
    set_ticks,
    ticks_within,
    widest,
    write_above,
    write_end,
)
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import (
    BLUE,
    DASHED,
    GREY,
    INK,
    PALE,
    SILVER,
    SMALL_SIZE,
    VERMILLION,
    WEIGHTED_MARK,
    styled,
)
from netcea.reporting.figures.text import LINE, comparison, pounds, signed, text_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Measure: TypeAlias = Literal["icer", "nhb"]
_ROW: Final = 0.36
_NAMES: Final = 3.1
"""Width of the names [inches]."""
_GROUND: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
"""Below a text, so that no line runs through it."""
_CASE: Final[dict[str, Any]] = {"linestyle": "none", "marker": "o", "markersize": 7, "color": INK}
NO_ICER: Final = (
    "There is no waterfall of ICERs: in some state the intervention is not both dearer and better, and there is "
    "no ICER that could be subtracted. The figure of net health benefit has every step."
)


@dataclass(frozen=True)
class _Bar:
    """A row: a party's case (before and after are the same), or a change."""

    name: str
    before: float
    after: float
    weighted: float | None
    text: str
    is_case: bool


@styled()
def waterfall_figure(result: WaterfallResult, measure: Measure) -> Figure:
    """Draw what each step changes on top of those before it, and each party's case.

    Parameters
    ----------
    result : WaterfallResult
    measure : {'icer', 'nhb'}
        The ICER, or incremental net health benefit at the lower threshold; unweighted, with marks where it is weighted.
    """
    threshold = pounds(thresholds_of(result.scenario)[0])
    what = "the ICER" if measure == "icer" else "net health benefit"
    title = f"Waterfall of {what}: changes on top of one another"
    if measure == "icer" and not all(map(is_icer, result.states)):
        return sentence(title, comparison(result.scenario), NO_ICER)
    bars = _bars(result, measure)
    names = [wrapped(bar.name, _NAMES, lines=2, bold=bar.is_case) for bar in bars]
    weighted = any(bar.weighted is not None for bar in bars)
    better, worse = ("lower", "higher") if measure == "icer" else ("higher", "lower")
    made = page(
        title,
        comparison(result.scenario),
        _ROW * len(bars),
        margins=Margins(left=widest(names, bold=True) + 0.4, right=0.4, top=0.25, bottom=0.6),
        legend=[
            legend.mark("A party's case", **_CASE),
            legend.patch(f"The change makes it {worse}", VERMILLION),
            legend.patch(f"The change makes it {better}", BLUE),
            *([legend.mark("After it, weighted for severity (weight above 1)", **WEIGHTED_MARK)] if weighted else []),
        ],
        notes=_notes(result, measure),
    )
    axes = made.whole()
    _draw(axes, bars, made.width, measure)
    name_rows(axes, names, gap=0.12, bold=[row for row, bar in enumerate(bars) if bar.is_case])
    if measure == "icer":
        axes.set_xlabel("ICER (£ per QALY)")
    else:
        axes.set_xlabel(f"Incremental net health benefit at {threshold} per QALY (QALYs)")
    _marks(axes, result, measure, made.width)
    return made.figure


def _notes(result: WaterfallResult, measure: Measure) -> list[str]:
    found = ["What a step changes depends on the steps before it: in another order, bars have other lengths."]
    if measure == "icer":
        found[0] += " The axis does not begin at 0."
    states = result.states
    flips = [
        f"{read(before.severity_weight)} to {read(step.after.severity_weight)} with step {step.number}"
        for before, step in zip(states, result.steps, strict=False)
        if before.severity_weight != step.after.severity_weight
    ]
    if flips:
        found.append(f"The severity weight changes from {'; from '.join(flips)}.")
    return found


def _bars(result: WaterfallResult, measure: Measure) -> list[_Bar]:
    """Return the rows from top to bottom: the scenario itself, its steps, and after each party's the case."""

    def of(effect: Effect) -> float:
        return float(effect.icer or 0.0) if measure == "icer" else effect.nhb[0]

    def weighted(effect: Effect) -> float | None:
        if effect.severity_weight == 1.0:
            return None
        return float(effect.weighted_icer or 0.0) if measure == "icer" else effect.weighted_nhb[0]

    parties = [result.options.by.casefold(), *(step.case_of.casefold() for step in result.steps)]

    def case(by: str, effect: Effect, number: int = 0) -> _Bar:
        again = number and parties.count(by.casefold()) > 1
        name = f"{by[:1].upper()}{by[1:]} case{f', after step {number}' if again else ''}"
        value = of(effect)
        text = pounds(value) if measure == "icer" else signed(value)
        return _Bar(name, value, value, weighted(effect), text, is_case=True)

    found, before = [case(result.options.by, result.base)], of(result.base)
    for step in result.steps:
        after = of(step.after)
        change = after - before
        plus = "+" if change > 0.0 else ""
        text = (f"{plus}{pounds(change)}" if abs(change) >= 0.5 else "0") if measure == "icer" else signed(change)
        found.append(_Bar(f"{step.number}. {step.label}", before, after, weighted(step.after), text, is_case=False))
        found += [case(step.case_of, step.after, step.number)] if step.case_of else []
        before = after
    return found


def _draw(axes: Axes, bars: Sequence[_Bar], width: float, measure: Measure) -> None:
    """Draw bars, the lines that join them, and what each changes at its right."""
    ends = [max((bar.before, bar.after, *([] if bar.weighted is None else [bar.weighted]))) for bar in bars]
    lows = [min((bar.before, bar.after, *([] if bar.weighted is None else [bar.weighted]))) for bar in bars]
    low, high = _limits(min(lows), [(end, bar.text) for end, bar in zip(ends, bars, strict=True)], width)
    axes.set_xlim(low, high)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    for row, (bar, end) in enumerate(zip(bars, ends, strict=True)):
        if bar.is_case:
            axes.plot([bar.after], [row], **_CASE, zorder=5)
        else:
            worse = (bar.after > bar.before) == (measure == "icer")
            colour = VERMILLION if worse else BLUE
            axes.barh(row, bar.after - bar.before, left=bar.before, height=0.6, color=colour, zorder=3)
            axes.plot([bar.after] * 2, [row - 0.3, row + 0.3], color=INK, linewidth=1.0, zorder=4)
        if row + 1 < len(bars):
            axes.plot([bar.after] * 2, [row, row + 1], color=SILVER, linewidth=0.9, zorder=2)
        if bar.weighted is not None:
            axes.plot([bar.weighted], [row], **WEIGHTED_MARK, zorder=6)
        look: dict[str, Any] = {"weight": "bold" if bar.is_case else "normal", "bbox": _GROUND}
        write_end(axes, end, row, bar.text, gap=9.0, zorder=7, **look)
    no_vertical_axis(axes)
    ticks = ticks_within(low, high, 6)
    digits = decimals(ticks)
    set_ticks(axes.xaxis, ticks, pounds if measure == "icer" else lambda at: f"{at:.{digits}f}".replace("-", "−"))
    grid(axes, "x", PALE)


def _limits(lowest: float, ends: Sequence[tuple[float, str]], width: float) -> tuple[float, float]:
    """Return limits such that every text at the right of an end is inside."""
    highest = max(end for end, _ in ends)
    low, high = lowest, highest
    for _ in range(20):
        unit = ((high - low) if high > low else max(abs(high), 1e-9)) / width
        low = lowest - 0.15 * unit
        high = max(end + (text_width(f"  {text}", bold=True) + 0.2) * unit for end, text in ends)
    return low, high


def _marks(axes: Axes, result: WaterfallResult, measure: Measure, width: float) -> None:
    """Mark the thresholds that lie inside, each named above, or where net health benefit is 0."""
    low, high = axes.get_xlim()
    places = [(t, f"{pounds(t)} per QALY") for t in thresholds_of(result.scenario)]
    reached = -1.0
    if measure == "nhb":
        axes.axvline(0.0, color=GREY, linewidth=1.0, linestyle=DASHED, zorder=2)
        axes.set_xlim(low, high)
        return
    for at, text in places:
        if not low < at < high:
            continue
        axes.axvline(at, color=GREY, linewidth=1.0, linestyle=DASHED, zorder=2)
        half = text_width(text) / 2 / width
        middle = min(max((at - low) / (high - low), half), 1.0 - half)
        if middle - half > reached:
            write_above(axes, middle, text, gap=SMALL_SIZE * LINE * 0.3, color=GREY)
            reached = middle + half
