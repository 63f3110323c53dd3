"""Write the model a second time, in spreadsheet formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netcea.analyses.base_case.analysis import case_alone
from netcea.reporting.xlsx.book import Book
from netcea.scenario.scenario import Scenario
from netcea.storage.atomic import atomic_write_bytes
from netcea.workbook.formulas.curves import Curves
from netcea.workbook.formulas.exposure import SheetExposure, StreamKeys, add_life_years, shortest_intervals
from netcea.workbook.looks import LOOKS
from netcea.workbook.origin import write_origin
from netcea.workbook.row_heights import fitted
from netcea.workbook.sheets.adverse_events import adverse_events_page, write_adverse_events
from netcea.workbook.sheets.checks import Checks, write_checks
from netcea.workbook.sheets.costs import Costs, costs_page
from netcea.workbook.sheets.cover import in_reading_order, write_cover
from netcea.workbook.sheets.cycles import write_cycles
from netcea.workbook.sheets.dispensing import Dispensing
from netcea.workbook.sheets.draw import write_draw
from netcea.workbook.sheets.inputs import Inputs, say_what_is_used, write_inputs
from netcea.workbook.sheets.one_way import write_one_way
from netcea.workbook.sheets.price import write_price
from netcea.workbook.sheets.psa import write_psa
from netcea.workbook.sheets.results import Results
from netcea.workbook.sheets.severity import write_severity
from netcea.workbook.sheets.survival import write_survival
from netcea.workbook.sheets.tables import write_tables
from netcea.workbook.sheets.trace import Trace, add_states, begin_traces
from netcea.workbook.sheets.trace_charts import add_charts
from netcea.workbook.sheets.utilities import utilities_page, write_utilities
from netcea.workbook.variants import Variants, variants_of

if TYPE_CHECKING:
    from netcea.analyses.one_way.result import OneWayResult
    from netcea.analyses.psa.result import PsaResult

EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's dates have no time zone
"""Date of the document: the same model gives the same bytes."""


@dataclass
class LiveWorkbook:
    """A finished workbook and where its parts are."""

    book: Book
    variants: Variants
    inputs: Inputs
    curves: Curves
    traces: dict[str, Trace]
    dispensing: Dispensing
    results: Results
    checks: Checks

    def as_bytes(self) -> bytes:
        """Return the file."""
        book = Book(LOOKS, [fitted(page) for page in self.book.pages], self.book.names)
        return book.as_bytes(self.variants.base.file.name, EPOCH)

    def save(self, path: Path) -> None:
        """Write the file at once or not at all."""
        atomic_write_bytes(path, self.as_bytes())


def live_workbook(
    scenarios: Sequence[Scenario],
    cycles: int | None = None,
    one_way: OneWayResult | None = None,
    psa: PsaResult | None = None,
) -> LiveWorkbook:
    """Return the model in formulas.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The first is the base; the others can be selected where they fit its sheets.
    cycles : int, optional
        Rows of the traces; as many as the base has when left out.
    one_way, psa : results of the base scenario, optional
        Shown on sheets of their own.

    Raises
    ------
    NotInFormulasError
        The first scenario has something that cells cannot hold.
    """
    variants = variants_of(scenarios, cycles)
    book = Book(LOOKS)
    cover, results_page = book.page("Cover", "C00000"), book.page("Results", "C00000")
    inputs = write_inputs(book, variants)
    write_origin(book, inputs.scenarios, scenarios, variants.cycles)
    tables = write_tables(book, inputs)
    grid = write_cycles(book, inputs, tables)
    curves = write_survival(book, inputs)
    traces = begin_traces(book, inputs, grid, curves)
    for trace in traces.values():
        add_states(trace, inputs, grid)
    dispensing = Dispensing(book, inputs, grid, curves, traces, shortest_intervals(variants.scenarios, inputs))
    costs, keys = Costs(costs_page(book), inputs), StreamKeys()
    events, utilities = adverse_events_page(book), utilities_page(book)
    for trace in traces.values():
        exposure = SheetExposure(inputs, trace.strategy, dispensing, keys, trace)
        add_life_years(trace, exposure)
        write_utilities(utilities, inputs, tables, grid, trace)
        costs.write_items(exposure)
        write_adverse_events(events, costs, exposure)
    dispensing.print_readably()
    severity = write_severity(book, inputs, tables)
    write_draw(book, inputs.draw, inputs.centres)
    for trace in traces.values():
        trace.write()
    results = Results(results_page, inputs, tables, traces, costs, severity.at(6, 2))
    results.write(book)
    write_price(book, inputs, costs, tables, results.cells)
    if one_way is not None:
        write_one_way(book, inputs, one_way, results.cells, tables.thresholds[0])
    if psa is not None:
        write_psa(book, inputs, tables, psa, results.cells)
    add_charts(results_page, results.last_table, inputs, traces)
    cases = [case_alone(scenario).case for scenario in variants.scenarios]
    checks = write_checks(book, inputs, grid, traces, dispensing, results.cells, cases)
    say_what_is_used(inputs)
    in_reading_order(book, [trace.page.name for trace in traces.values()])
    write_cover(book, cover, inputs, checks, results.cells)
    return LiveWorkbook(book, variants, inputs, curves, traces, dispensing, results, checks)
