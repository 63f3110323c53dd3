"""Write the model a second time, in spreadsheet formulas."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from netcea.scenario import Scenario
from netcea.workbook.book import Book
from netcea.workbook.costs_sheet import Accounts, shortest_intervals
from netcea.workbook.cycles_sheet import write_cycles
from netcea.workbook.dispensing_sheet import Dispensing
from netcea.workbook.inputs_sheet import Inputs, write_inputs
from netcea.workbook.results_sheet import Results, write_results
from netcea.workbook.severity_sheet import write_severity
from netcea.workbook.survival_sheet import Curves, write_survival
from netcea.workbook.tables_sheet import write_tables
from netcea.workbook.trace_sheet import Trace, add_states, begin_traces
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
    accounts = Accounts(book, inputs, tables, grid, traces, dispensing)
    accounts.write()
    severity = write_severity(book, inputs, tables)
    for trace in traces.values():
        trace.write()
    results = write_results(book, results_page, inputs, tables, traces, accounts, severity.at(6, 2))
    return LiveWorkbook(book, variants, inputs, curves, traces, results)
