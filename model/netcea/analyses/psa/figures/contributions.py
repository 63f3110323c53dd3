"""Why means of draws differ from the point estimates: what each uncertain quantity adds alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netcea.reporting.figures.axes import name_rows, row_height, widest, write_above, write_end
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import BLUE, GREY, INK, SILVER, TEXT_SIZE, VERMILLION, styled
from netcea.reporting.figures.text import comparison, one_line, pounds, signed, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import PsaResult

MOST: Final = 12
"""Quantities shown one by one, at most; the others are added up."""
TITLE: Final = "Why the mean of the draws differs from the point estimates"
_NAMES: Final = 2.75
"""Width of the names [inches]."""
_REST: Final = "Interactions and Monte Carlo error"
_GAP: Final = 0.35


@dataclass(frozen=True)
class _Bar:
    name: str
    qalys: float
    nhb: float
    kind: str


@styled()
def contributions(result: PsaResult) -> Figure:
    """Draw what each quantity alone adds to incremental QALYs and to incremental NHB, the largest first."""
    threshold = result.scenario.method_pack.thresholds[0]
    subtitle = f"{comparison(result.scenario)}; each quantity drawn while all others stay at their point estimates"
    if not result.contributions:
        return sentence(TITLE, subtitle, "No quantity was drawn alone.")
    bars, decimals = _bars(result)
    names = [wrapped(bar.name, _NAMES, bold=bar.kind == "total", lines=2) for bar in bars]
    made = page(
        TITLE,
        subtitle,
        row_height(names) * len(bars),
        margins=Margins(left=widest(names, bold=True) + 0.35, right=0.2, top=0.62, bottom=0.3),
        notes=[f"{_REST}: the remaining difference. NHB: QALYs less costs / {pounds(threshold)}, unweighted."],
    )
    panels = made.columns(2, _GAP)
    qalys, nhb = (result.intervals["", name] for name in ("incremental_qalys", f"incremental_nhb_{threshold:.0f}"))
    for axes, title, found, values in (
        (panels[0], "Incremental QALYs", qalys, [bar.qalys for bar in bars]),
        (panels[1], "Incremental NHB (QALYs)", nhb, [bar.nhb for bar in bars]),
    ):
        width = (made.width - _GAP) / 2
        _panel(axes, bars, values, decimals, width)
        words = f"base case {signed(found.deterministic)}, mean {signed(found.mean)}"
        write_above(axes, 0.0, one_line(words, width), gap=0.08, ha="left", color=GREY)
        heading = one_line(title, width, TEXT_SIZE, bold=True)
        write_above(axes, 0.0, heading, gap=0.28, ha="left", size=TEXT_SIZE, weight="bold", color=INK)
    name_rows(panels[0], names, bold=[row for row, bar in enumerate(bars) if bar.kind == "total"])
    return made.figure


def _bars(result: PsaResult) -> tuple[list[_Bar], int]:
    """Return the bars (the largest, the others added up, what is left, the whole difference) and their decimals.

    A quantity that would read 0 in both panels is among the others.
    """
    threshold = result.scenario.method_pack.thresholds[0]
    whole = [result.intervals["", name] for name in ("incremental_qalys", f"incremental_nhb_{threshold:.0f}")]
    differences = whole[0].mean - whole[0].deterministic, whole[1].mean - whole[1].deterministic
    total = _Bar("Mean of the draws − point estimates", *differences, "total")
    rest = _Bar(_REST, result.remainder.incremental_qalys, result.remainder.incremental_nhb, "rest")
    alone = [_Bar(c.label or c.name, c.incremental_qalys, c.incremental_nhb, "one") for c in result.contributions]
    decimals = _decimals([value for bar in (*alone, rest, total) for value in (bar.qalys, bar.nhb)])
    seen = [bar for bar in alone if max(abs(bar.qalys), abs(bar.nhb)) >= 0.5 * 10.0**-decimals]
    others = seen[MOST:] + [bar for bar in alone if max(abs(bar.qalys), abs(bar.nhb)) < 0.5 * 10.0**-decimals]
    seen = seen[:MOST]
    return [*seen, *([_added(others)] if others else []), rest, total], decimals


def _added(several: list[_Bar]) -> _Bar:
    name = f"All others ({len(several)})"
    return _Bar(name, sum(bar.qalys for bar in several), sum(bar.nhb for bar in several), "rest")


def _panel(axes: Axes, bars: list[_Bar], values: list[float], decimals: int, width: float) -> None:
    """Draw one panel of bars, each with its value."""
    texts = [signed(value, f"+.{decimals}f") for value in values]
    room = max(text_width(text, bold=True) for text in texts) + 0.14
    low, high = min(0.0, *values), max(0.0, *values)
    left, right = (room if low < 0 else 0.1), (room if high > 0 or low == 0 or "0" in texts else 0.1)
    per_unit = (width - left - right) / max(high - low, 10.0**-decimals)
    axes.set_xlim(low - left / per_unit, low - left / per_unit + width / per_unit)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    colours = [
        {"one": BLUE if value >= 0 else VERMILLION, "rest": SILVER, "total": INK}[bar.kind]
        for bar, value in zip(bars, values, strict=True)
    ]
    axes.barh(range(len(bars)), values, height=0.66, color=colours, zorder=3)
    for row, (bar, value, text) in enumerate(zip(bars, values, texts, strict=True)):
        weight = "bold" if bar.kind == "total" else "normal"
        write_end(axes, value, row, text, right=value >= 0 or text == "0", weight=weight)
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=4)
    axes.axhline(len(bars) - 1.5, color=GREY, linewidth=0.8)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _decimals(values: list[float]) -> int:
    """Return the decimals that show two digits of the largest value; at least 3.

    >>> _decimals([0.1]), _decimals([-0.0123]), _decimals([0.0004]), _decimals([0.0])
    (3, 3, 5, 3)
    """
    largest = max(abs(v) for v in values)
    return 3 if largest <= 0 else min(max(3, 1 - math.floor(math.log10(largest))), 8)
