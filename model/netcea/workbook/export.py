"""Write the model a second time, in spreadsheet formulas."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from netcea.analyses.base_case import base_case_of
from netcea.scenario import Scenario
from netcea.workbook.adverse_events_sheet import adverse_events_page, write_adverse_events
from netcea.workbook.book import Book
from netcea.workbook.checks_sheet import Checks, write_checks
from netcea.workbook.costs_sheet import Costs, costs_page
from netcea.workbook.cycles_sheet import write_cycles
from netcea.workbook.dispensing_sheet import Dispensing
from netcea.workbook.draw_sheet import write_draw
from netcea.workbook.inputs_sheet import Inputs, write_inputs
from netcea.workbook.results_sheet import Results
from netcea.workbook.severity_sheet import write_severity
from netcea.workbook.sheet_exposure import SheetExposure, StreamKeys, add_life_years, shortest_intervals
from netcea.workbook.survival_sheet import Curves, write_survival
from netcea.workbook.tables_sheet import write_tables
from netcea.workbook.trace_sheet import Trace, add_states, begin_traces
from netcea.workbook.utilities_sheet import utilities_page, write_utilities
from netcea.workbook.variants import Variants, variants_of


@dataclass
class LiveWorkbook:
    """A finished workbook and where its parts are."""

    book: Book
    variants: Variants
    inputs: Inputs
    curves: Curves
    traces: dict[str, Trace]
    results: Results
    checks: Checks

    def as_bytes(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self.book.workbook.save(out)
        return out.getvalue()


def live_workbook(scenarios: Sequence[Scenario], cycles: int | None = None) -> LiveWorkbook:
    """Return the model in formulas; the first scenario is the base, the others can be selected.

    Raises
    ------
    NotInFormulasError
        The first scenario has something that cells cannot hold.
    """
    variants = variants_of(scenarios, cycles)
    book = Book()
    results_page = book.page("Results", "C00000")
    inputs = write_inputs(book, variants)
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
    severity = write_severity(book, inputs, tables)
    write_draw(book, inputs.draw, inputs.centres)
    for trace in traces.values():
        trace.write()
    results = Results(results_page, inputs, tables, traces, costs, severity.at(6, 2))
    results.write(book)
    cases = [base_case_of(scenario, trace=False).case for scenario in variants.scenarios]
    checks = write_checks(book, inputs, grid, traces, dispensing, results.cells, cases)
    return LiveWorkbook(book, variants, inputs, curves, traces, results, checks)
