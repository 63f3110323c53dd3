"""Results: totals, severity, net health benefit, the fully incremental table and its steps, all by formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netcea.reporting.figures.style import STATE_COLOURS
from netcea.reporting.xlsx.page import Page
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.adverse_events import write_adverse_events
from netcea.workbook.sheets.costs import write_costs
from netcea.workbook.sheets.incremental import write_incremental
from netcea.workbook.sheets.life_years import add_life_years
from netcea.workbook.sheets.result_tables import ResultTables
from netcea.workbook.sheets.severity import write_severity
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.tables import write_tables
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.sheets.utilities import write_utilities

FIRST: Final = 5
"""Row of the first table."""
NAMED: Final = ("icer", "label", "incremental_costs", "incremental_qalys", "severity_weight")
"""Cells that have names of their own."""
A_PAGE: Final = 2
"""Charts on a printed page."""
CHARTS: Final = 5
CHART_ROWS: Final = 21
"""First column at which charts may begin, and rows from one to the next."""


@dataclass(frozen=True)
class Results:
    """The sheet.

    Attributes
    ----------
    page : Page
    cells : mapping of name -> cell
        ``<measure>.<strategy>``, ``icer``, ``incremental_costs``, ``nhb.1.<strategy>`` ...
    """

    page: Page
    cells: Mapping[str, str]


def write_results(construction: Construction) -> Results:
    """Write every table."""
    for needed in (add_life_years, write_utilities, write_costs, write_adverse_events):
        construction.written_by(needed)  # they add the columns of the traces that are totals
    page = construction.page("Results")
    page.open_with("Results", "Per patient, discounted unless it says otherwise. Every number here is a formula.")
    page.put(3, 1, "Scenario", "section")
    page.formula(3, 2, "selected_scenario", "live")
    tables = ResultTables(
        page,
        construction.variants,
        construction.written_by(write_tables),
        construction.written_by(write_traces),
        construction.written_by(write_costs),
        {},
    )
    row = tables.base_case(FIRST)
    row = tables.severity(row, construction.written_by(write_severity).qalys)
    row = tables.benefits(row)
    found, row = write_incremental(page, row, construction.page("Incremental"), tables.names, tables.cells, tables.same)
    tables.cells.update(found)
    row = tables.undiscounted(row)
    page.page_breaks.append(row - 1)
    tables.parts(row)
    base = tables.variants.base
    colours, horizon = charts.strategy_colours(base), base.file.settings.horizon_years
    _add_charts(page, row, tables.traces, tables.names, colours, horizon)
    page.widths(44, 16, 16, 26, *[17.0] * 4, 24, 3)
    page.frozen(f"B{FIRST - 1}")
    page.landscape()
    for name in NAMED:
        construction.book.name(f"results.{name}", tables.cells[name])
    return Results(page, tables.cells)


def _add_charts(
    page: Page,
    row: int,
    traces: Mapping[str, Trace],
    names: Mapping[str, str],
    colours: Mapping[str, str],
    horizon: float,
) -> None:
    """Add charts of survival, and of who is where, beside the last table, which begins at a row; horizon [years]."""
    series: list[charts.Line] = []
    for name, trace in traces.items():
        alive, free = (trace.span(key, from_start=True) for key in ("alive", "progression_free"))
        series.append(charts.Line(f"{names[name]}: OS", alive, colour=colours[name]))
        series.append(charts.Line(f"{names[name]}: PFS", free, dashed=True, colour=colours[name]))
    times = next(iter(traces.values())).span("time_years", from_start=True)
    words = (("Overall and progression-free survival, first 10 years", 10.0), ("To the horizon", horizon))
    column = max(CHARTS, len(traces) + 3)
    for number, (title, years) in enumerate(words):
        at = (row + 1 + number * CHART_ROWS, column)
        charts.lines(page, at, title, ("Years", "Share"), times, series, (years, 1.0))
    for number, (name, trace) in enumerate(traces.items(), len(words)):
        states = {state: trace.span(state, from_start=True) for state in STATE_COLOURS}
        at = (row + 1 + number * CHART_ROWS, column)
        if number % A_PAGE == 0:
            page.page_breaks.append(at[0] - 2)
        charts.areas(page, at, f"Who is where: {names[name]}", ("Years", "Share"), times, states)
