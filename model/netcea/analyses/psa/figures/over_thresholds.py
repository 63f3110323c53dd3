"""Figures of curves over thresholds, with a table below: their page, and how strategies look and are named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netcea.analyses.psa.result import Curves
from netcea.arrays import Array
from netcea.decision.acceptability import acceptability_curves
from netcea.reporting.figures.legend import Entry
from netcea.reporting.figures.near_thresholds import BELOW, Panel, finish, height_of, near_end, near_grid, panels_of
from netcea.reporting.figures.page import Page, page
from netcea.reporting.figures.small_table import table_height
from netcea.reporting.figures.style import Look, looks
from netcea.reporting.figures.text import pounds
from netcea.reporting.figures.thresholds import MARGINS

if TYPE_CHECKING:
    from netcea.analyses.psa.result import PsaResult

_PLOT: Final = 3.3


@dataclass(frozen=True)
class Drawn:
    """A page of curves over thresholds.

    Attributes
    ----------
    page : Page
    panels : tuple of (Panel, Curves)
        The large one first; each with what it shows.
    end : float or None
        Of the large one, where there are two. [GBP/QALY]
    """

    page: Page
    panels: tuple[tuple[Panel, Curves], ...]
    end: float | None

    def finish(self, panel: Panel, result: PsaResult) -> None:
        """Set the axis of thresholds of a panel and mark those of the method pack."""
        finish(panel, [(t, pounds(t)) for t in result.scenario.method_pack.thresholds], self.end)


def draws_page(result: PsaResult, title: str, words: str, rows: int, legend: Sequence[Entry] = ()) -> Drawn:
    """Return a page with one or two panels over a table of so many rows."""
    below = BELOW + table_height(rows)
    marked, top = result.scenario.method_pack.thresholds, float(result.curves.thresholds[-1])
    end = near_end(top, marked)
    made = page(
        title,
        f"{result.scenario.file.name}: {result.totals.n:,} draws; {words}",
        height_of(_PLOT, end) + below,
        margins=MARGINS,
        legend=legend,
    )
    shown = panels_of(made, below, _PLOT, top, end)
    return Drawn(made, tuple((panel, _curves(result, panel, marked)) for panel in shown), end)


def _curves(result: PsaResult, panel: Panel, marked: Sequence[float]) -> Curves:
    """Return the curves of the result, or the same at the thresholds of the large panel, which are closer together."""
    if not panel.near:
        return result.curves
    totals, grid = result.totals, near_grid(panel.end, marked)
    found = acceptability_curves(totals.costs, totals.qalys, grid)
    names = tuple(totals.strategies[i] for i in found.optimal)
    return Curves(grid, found.ceac, found.expected_loss, names, found.ceaf, found.evpi)


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
