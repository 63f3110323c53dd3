"""Figures of curves over thresholds, with a table below: their page, and how strategies look and are named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from netcea.arrays import Array
from netcea.reporting.figures.legend import Entry
from netcea.reporting.figures.page import Page, page
from netcea.reporting.figures.small_table import table_height
from netcea.reporting.figures.style import Look, looks
from netcea.reporting.figures.thresholds import BELOW, MARGINS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netcea.analyses.psa.result import PsaResult

_PLOT: Final = 3.5


def draws_page(result: PsaResult, title: str, words: str, rows: int, legend: Sequence[Entry] = ()) -> tuple[Page, Axes]:
    """Return a page with a panel over a table of so many rows, and the panel."""
    below = BELOW + table_height(rows)
    made = page(
        title,
        f"{result.scenario.file.name}: {result.totals.n:,} draws; {words}",
        _PLOT + below,
        margins=MARGINS,
        legend=legend,
    )
    return made, made.panel(0.0, below, made.width, _PLOT)


def strategy_looks(result: PsaResult) -> dict[str, Look]:
    """Return strategy -> how its line looks."""
    return looks(result.scenario.strategies, result.totals.comparator)


def strategy_ends(result: PsaResult, curves: Iterable[Array]) -> list[tuple[float, str, str]]:
    """Return (last value, label, colour) of each strategy's curve."""
    look = strategy_looks(result)
    return [
        (float(curve[-1]), result.scenario.label(name), look[name].colour)
        for name, curve in zip(result.totals.strategies, curves, strict=True)
    ]
