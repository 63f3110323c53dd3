"""Write the model a second time, in spreadsheet formulas."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netcea.analyses.base_case import base_case_of
from netcea.atomic import atomic_write_bytes
from netcea.reporting.same_bytes import same_bytes
from netcea.scenario import Scenario
from netcea.workbook.adverse_events_sheet import adverse_events_page, write_adverse_events
from netcea.workbook.book import Book
from netcea.workbook.checks_sheet import Checks, write_checks
from netcea.workbook.costs_sheet import Costs, costs_page
from netcea.workbook.cover_sheet import in_reading_order, write_cover
from netcea.workbook.curve_formulas import Curves
from netcea.workbook.cycles_sheet import write_cycles
from netcea.workbook.dispensing_sheet import Dispensing
from netcea.workbook.draw_sheet import write_draw
from netcea.workbook.fast_rows import without_long_rows
from netcea.workbook.inputs_sheet import Inputs, say_what_is_used, write_inputs
from netcea.workbook.one_way_sheet import write_one_way
from netcea.workbook.origin import write_origin
from netcea.workbook.price_sheet import write_price
from netcea.workbook.psa_sheet import write_psa
from netcea.workbook.results_sheet import Results
from netcea.workbook.severity_sheet import write_severity
from netcea.workbook.sheet_exposure import SheetExposure, StreamKeys, add_life_years, shortest_intervals
from netcea.workbook.survival_sheet import write_survival
from netcea.workbook.tables_sheet import write_tables
from netcea.workbook.trace_charts import add_charts
from netcea.workbook.trace_sheet import Trace, add_states, begin_traces
from netcea.workbook.utilities_sheet import utilities_page, write_utilities
from netcea.workbook.variants import Variants, variants_of

if TYPE_CHECKING:
    from netcea.analyses.one_way import OneWayResult
    from netcea.analyses.probabilistic_results import ProbabilisticResult

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
    raw_rows: Mapping[str, str] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        for page in self.book.pages:
            page.fit_rows()
            page.say_how_deep_groups_are()
        self.book.workbook.properties.creator = "netcea"
        self.book.workbook.properties.title = self.variants.base.file.name
        self.book.workbook.properties.created = EPOCH
        sheets = self.book.workbook.worksheets
        with without_long_rows(sheets) as rows:
            self.book.workbook.save(out)
        raw = {f"xl/worksheets/sheet{number}.xml": rows.get(ws.title, "") + self.raw_rows.get(ws.title, "")
               for number, ws in enumerate(sheets, 1)}  # fmt: skip
        return same_bytes(out.getvalue(), EPOCH, raw)

    def save(self, path: Path) -> None:
        """Write the file at once or not at all."""
        atomic_write_bytes(path, self.as_bytes())


def live_workbook(
    scenarios: Sequence[Scenario],
    cycles: int | None = None,
    one_way: OneWayResult | None = None,
    psa: ProbabilisticResult | None = None,
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
    book = Book()
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
        exposure = SheetExposure(inputs, dispensing, keys, trace)
        add_life_years(trace, exposure)
        write_utilities(utilities, inputs, tables, grid, trace)
        costs.write_items(trace, exposure)
        write_adverse_events(events, inputs, costs, trace, exposure)
    dispensing.print_readably()
    severity = write_severity(book, inputs, tables)
    write_draw(book, inputs.draw, inputs.centres)
    for trace in traces.values():
        trace.write()
    results = Results(results_page, inputs, tables, traces, costs, severity.at(6, 2))
    results.write(book)
    write_price(book, inputs, costs, tables, results.cells)
    raw_rows: Mapping[str, str] = {}
    if one_way is not None:
        write_one_way(book, inputs, one_way, results.cells, tables.thresholds[0])
    if psa is not None:
        raw_rows = write_psa(book, inputs, tables, psa, results.cells).raw_rows
    add_charts(results_page, results.last_table, inputs, traces)
    cases = [base_case_of(scenario, trace=False).case for scenario in variants.scenarios]
    checks = write_checks(book, inputs, grid, traces, dispensing, results.cells, cases)
    say_what_is_used(inputs)
    in_reading_order(book, [trace.page.ws.title for trace in traces.values()])
    write_cover(book, cover, inputs, checks, results.cells)
    return LiveWorkbook(book, variants, inputs, curves, traces, dispensing, results, checks, raw_rows)
