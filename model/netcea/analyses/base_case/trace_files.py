"""The trace of each strategy as a CSV file, and the bibliography of the numbers as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from netcea.analyses.base_case.result import BaseCaseResult
from netcea.engine.trace import Trace
from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, Table

TRACE_UNITS: Final = {
    "costs_": "GBP",
    "qalys_": "QALYs",
    "life_years_": "years",
    "time_years": "years",
    "discount_": "factor",
    "os_hazard": "per cycle",
    "population_hazard": "per cycle",
}
"""How a name of the trace begins -> its unit; the others are shares of the cohort."""


def trace_text(trace: Trace, mark: str = "") -> str:
    """Return a trace as CSV, with units in the headings, and a mark in a last column."""
    columns = trace.columns()
    from netcea.reporting.csv_tables import numbers_text

    return numbers_text([trace_heading(name) for name in columns], columns.values(), mark)


def trace_heading(name: str) -> str:
    """Return a name of the trace with its unit.

    >>> trace_heading("undiscounted_costs_ct"), trace_heading("time_years"), trace_heading("dead")
    ('undiscounted_costs_ct [GBP]', 'time_years [years]', 'dead [share]')
    """
    measure = name.removeprefix("undiscounted_")
    if name == "cycle":
        return name
    for start, unit in TRACE_UNITS.items():
        if measure.startswith(start):
            return f"{name} [{unit}]"
    return f"{name} [share]"


def trace_names(strategies: Iterable[str]) -> dict[str, str]:
    """Return strategy -> name of its trace file, without what a file name may not hold, each different.

    >>> trace_names(["bsc", "../x", ".._x"])
    {'bsc': 'trace_bsc', '../x': 'trace____x', '.._x': 'trace____x_2'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for strategy in strategies:
        name = base = "trace_" + re.sub(r"[^A-Za-z0-9_-]", "_", strategy)[:60]
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name.lower())
        names[strategy] = name
    return names


def sources_table(result: BaseCaseResult) -> Table:
    """Return the bibliography of the numbers that the scenario uses."""
    used = {key for quantity in result.scenario.quantities.values() for key in quantity.source}
    citations = result.scenario.bibliography
    rows = tuple((key, plain(citation)) for key, citation in citations.items() if key in used)
    return Table("sources", "Sources", (Column("source", "Source"), Column("citation", "Citation")), rows)
