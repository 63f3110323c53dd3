"""PSA: means, intervals, and what is cost-effective at the thresholds, by formula from the draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netcea.reporting.figures.style import BLACK, BLUE
from netcea.reporting.xlsx.page import Page
from netcea.version import __version__
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.acceptability import THRESHOLDS, write_acceptability
from netcea.workbook.sheets.psa_draws import Draws, write_psa_draws
from netcea.workbook.sheets.psa_tables import TABLE_COLUMNS, PsaTables
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.tables import write_tables

FIRST: Final = 4
CHART_ROWS: Final = 21
"""Rows from one chart to the next."""


@dataclass(frozen=True)
class Psa:
    """The sheet.

    Attributes
    ----------
    page : Page
    cells : mapping of name -> cell
        ``psa.<what>``.
    """

    page: Page
    cells: Mapping[str, str]


def write_psa(construction: Construction) -> Psa | None:
    """Write the sheet, where there is an analysis."""
    draws = construction.written_by(write_psa_draws)
    if draws is None:
        return None
    page, totals, base = construction.page("PSA"), draws.result.totals, construction.variants.base
    labels = {name: base.label(name) for name in totals.strategies}
    when = f" on {construction.date}" if construction.date else ""
    page.open_with(
        "Probabilistic analysis",
        f"{totals.n:,} draws by netcea {__version__}{when} of {base.file.name} as exported, whatever is typed "
        "now: values on the next sheet, everything here by formula from them. Of the workbook as it stands: PSA live.",
    )
    tables = PsaTables(page, draws.spans, totals.n, labels, construction.written_by(write_results).cells)
    thresholds = construction.written_by(write_tables).thresholds
    row = tables.means(FIRST)
    row = tables.increments(row)
    row = tables.at_thresholds(row, thresholds)
    found = write_acceptability(page, row, labels, draws.spans, thresholds[-1])
    _add_charts(page, row + 1, labels, draws)
    n = len(labels)
    page.widths(46, *[15.0] * n, 26, *[15.0] * (n + 8))
    page.frozen("B4")
    page.landscape(last_column=max(TABLE_COLUMNS, 2 * n + 5))
    return Psa(page, {f"psa.{name}": cell for name, cell in {**tables.cells, **found}.items()})


def _add_charts(page: Page, top: int, labels: Mapping[str, str], draws: Draws) -> None:
    """Add the plane, acceptability and the value of perfect information, to the right of all tables.

    `top` is the row of the headings of acceptability.
    """
    n = len(labels)
    words = "" if draws.result.totals.n <= draws.shown else f" (the first {draws.shown:,} draws)"
    column = max(15, 2 * n + 7)
    axes = ("Incremental QALYs", "Incremental costs (£)")
    charts.cloud(page, (FIRST, column), f"Cost-effectiveness plane{words}", axes, "draws", draws.plane)
    first, last = top + 1, top + THRESHOLDS

    def line(name: str, at: int, colour: str, *, dashed: bool = False) -> charts.Line:
        return charts.Line(name, page.span(first, last, at), dashed, colour=colour)

    colours = charts.strategy_colours(draws.result.scenario)
    series = [line(label, at, colours[name]) for at, (name, label) in enumerate(labels.items(), 2)]
    charts.lines(
        page,
        (FIRST + CHART_ROWS, column),
        "Acceptability",
        ("Threshold (£/QALY)", "Probability of the highest net benefit"),
        page.span(first, last, 1),
        [*series, line("Frontier", n + 3, BLACK, dashed=True)],
        (None, 1.0),
    )
    charts.lines(
        page,
        (FIRST + 2 * CHART_ROWS, column),
        "Expected value of perfect information",
        ("Threshold (£/QALY)", "£ per patient"),
        page.span(first, last, 1),
        [line("EVPI", n + 4, BLUE)],
    )
