"""Why means of draws differ from the point estimates: what each uncertain quantity adds alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netcea.reporting.figures.page import Margins, Page, page, sentence
from netcea.reporting.figures.style import (
    BLUE,
    GREY,
    INK,
    SMALL_SIZE,
    TEXT_SIZE,
    VERMILLION,
    plain,
    pounds,
    signed,
    styled,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import PsaResult

MOST: Final = 12
"""Quantities shown one by one, at most; the others are added up."""
TITLE: Final = "Why the mean of the draws differs from the point estimates"
_ROW: Final = 0.24
_TWO_LINES: Final = 0.34
_NAMES: Final = 2.75
"""Width of the names [inches]."""
_REST: Final = "Acting together, and chance"
_GAP: Final = 0.35


@dataclass(frozen=True)
class _Bar:
    name: str
    qalys: float
    nhb: float
    kind: str


def contributions(result: PsaResult) -> Figure:
    """Draw what each quantity alone adds to incremental QALYs and to incremental NHB, the largest first."""
    with styled():
        threshold = result.scenario.method_pack.thresholds[0]
        qalys = result.intervals["", "incremental_qalys"]
        nhb = result.intervals["", f"incremental_nhb_{threshold:.0f}"]
        subtitle = (
            f"{plain(result.scenario.file.name)}: {plain(result.scenario.label(result.totals.intervention))} against "
            f"{plain(result.scenario.label(result.totals.comparator))}; each quantity drawn while all others stay "
            "at their point estimates"
        )
        if not result.contributions:
            return sentence(TITLE, subtitle, "No quantity was drawn alone.")
        bars, decimals = _bars(result)
        names = [wrapped(bar.name, _NAMES, bold=bar.kind == "total", lines=2) for bar in bars]
        left = max(text_width(line, bold=True) for name in names for line in name) + 0.35
        row = _ROW if max(len(name) for name in names) == 1 else _TWO_LINES
        made = page(
            TITLE,
            subtitle,
            row * len(bars),
            margins=Margins(left=left, right=0.2, top=0.62, bottom=0.3),
            notes=[
                (
                    f"{_REST}: what is left of the difference, from interactions between quantities and from Monte "
                    f"Carlo error. Net health benefit: QALYs less costs / {pounds(threshold)}, no severity weight."
                )
            ],
        )
        width = (made.width - _GAP) / 2
        for number, (title, point, mean, values) in enumerate(
            (
                ("Incremental QALYs", qalys.deterministic, qalys.mean, [bar.qalys for bar in bars]),
                ("Net health benefit (QALYs)", nhb.deterministic, nhb.mean, [bar.nhb for bar in bars]),
            )
        ):
            axes = made.panel(number * (width + _GAP), 0.0, width, made.height)
            _panel(axes, bars, values, decimals, width)
            _heading(axes, made, title, f"points {signed(point)}, mean {signed(mean)}", width)
            if number == 0:
                _names(axes, bars, names, width)
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
    texts = [signed(v, f"+.{decimals}f") if abs(v) >= 0.5 * 10.0**-decimals else "0" for v in values]
    room = max(text_width(text, bold=True) for text in texts) + 0.14
    low, high = min(0.0, *values), max(0.0, *values)
    left, right = (room if low < 0 else 0.1), (room if high > 0 or low == 0 or "0" in texts else 0.1)
    per_unit = (width - left - right) / max(high - low, 10.0**-decimals)
    axes.set_xlim(low - left / per_unit, low - left / per_unit + width / per_unit)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    colours = [
        {"one": BLUE if value >= 0 else VERMILLION, "rest": "#999999", "total": INK}[bar.kind]
        for bar, value in zip(bars, values, strict=True)
    ]
    axes.barh(range(len(bars)), values, height=0.66, color=colours, zorder=3)
    for row, (bar, value, text) in enumerate(zip(bars, values, texts, strict=True)):
        left_of_it = value < 0 and text != "0"
        axes.annotate(
            text,
            (value, row),
            xytext=(-4 if left_of_it else 4, 0),
            textcoords="offset points",
            va="center",
            ha="right" if left_of_it else "left",
            size=SMALL_SIZE,
            weight="bold" if bar.kind == "total" else "normal",
        )
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


def _heading(axes: Axes, made: Page, title: str, words: str, width: float) -> None:
    for number, (text, weight, colour) in enumerate(((words, "normal", GREY), (title, "bold", INK))):
        line = wrapped(text, width, TEXT_SIZE if number else SMALL_SIZE, bold=weight == "bold", lines=1)[0]
        axes.text(
            0.0,
            1.0 + (0.08 + 0.2 * number) / made.height,
            line,
            transform=axes.transAxes,
            ha="left",
            va="bottom",
            size=TEXT_SIZE if number else SMALL_SIZE,
            weight=weight,
            color=colour,
        )


def _names(axes: Axes, bars: list[_Bar], names: list[list[str]], width: float) -> None:
    for row, (bar, name) in enumerate(zip(bars, names, strict=True)):
        axes.text(
            -0.1 / width,
            row,
            "\n".join(name),
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            linespacing=1.05,
            size=SMALL_SIZE,
            weight="bold" if bar.kind == "total" else "normal",
        )
