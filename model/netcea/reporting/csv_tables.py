"""Every table and every trace as a CSV file: UTF-8, full precision, text that stays text."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.base_case.tables import TABLES
from netcea.engine.trace import Trace
from netcea.reporting.number_format import ICER_LABELS, plain, safe_text
from netcea.reporting.table import Cell, Column, Icer, Table

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


def write_csv_tables(result: BaseCaseResult, folder: Path, sources: Mapping[str, str] | None = None) -> list[Path]:
    """Write every table as ``<name>.csv`` and every trace as ``trace_<strategy>.csv``.

    Parameters
    ----------
    result : BaseCaseResult
    folder : Path
        Made when it does not exist.
    sources : mapping of key -> citation, optional
        Written as ``sources.csv``, those that the inputs name.

    Returns
    -------
    list of Path
    """
    texts = {name: table_text(make(result)) for name, make in TABLES.items()}
    if sources is not None:
        texts["sources"] = table_text(sources_table(result, sources))
    names = trace_names(result.traces)
    texts |= {names[strategy]: trace_text(trace) for strategy, trace in result.traces.items()}
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.csv"
        path.write_bytes(text.encode("utf-8", errors="backslashreplace"))
        paths.append(path)
    return paths


def table_text(table: Table) -> str:
    """Return a table as CSV; units stand in the headings, a percentage is a share."""
    return _csv([heading(column) for column in table.columns], (map(_written, row) for row in table.rows))


def trace_text(trace: Trace) -> str:
    """Return a trace as CSV, with units in the headings."""
    names, rows = trace.rows()
    return _csv([trace_heading(name) for name in names], (map(repr, row) for row in rows))


def heading(column: Column) -> str:
    """Return a column's heading with the unit of the numbers below it."""
    return f"{column.heading} (share)" if column.format == "percent" else column.title


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


def sources_table(result: BaseCaseResult, sources: Mapping[str, str]) -> Table:
    """Return the bibliography of the numbers that the scenario uses."""
    used = {key for quantity in result.scenario.quantities.values() for key in quantity.source}
    return Table(
        "sources",
        "Sources",
        (Column("source", "Source"), Column("citation", "Citation")),
        tuple((key, plain(citation)) for key, citation in sources.items() if key in used),
    )


def _csv(headings: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([safe_text(plain(heading)) for heading in headings])
    writer.writerows(rows)
    return text.getvalue()


def _written(cell: Cell) -> str:
    """Return a cell as CSV holds it: numbers in full, an ICER that is not a plain one with its label."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe_text(cell)
    if isinstance(cell, Icer):
        if cell.value is None:
            return ICER_LABELS.get(cell.label, "")
        return repr(cell.value) + (f" ({cell.label})" if cell.label else "")
    return repr(cell) if math.isfinite(cell) else "not reached"
