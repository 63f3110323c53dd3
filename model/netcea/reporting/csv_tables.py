"""A table as a CSV file: UTF-8, full precision, text that stays text."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

from netcea.reporting.number_format import ICER_LABELS, plain, safe_text
from netcea.reporting.table import Cell, Column, Icer, Table


def table_text(table: Table) -> str:
    """Return a table as CSV; units stand in the headings, a percentage is a share."""
    return csv_text([heading(column) for column in table.columns], (map(_written, row) for row in table.rows))


def table_bytes(table: Table) -> bytes:
    """Return a table as a CSV file."""
    return table_text(table).encode("utf-8", errors="backslashreplace")


def heading(column: Column) -> str:
    """Return a column's heading with the unit of the numbers below it."""
    return f"{column.heading} (share)" if column.format == "percent" else column.title


def csv_text(headings: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return headings and rows of finished cells as CSV."""
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
        return safe_text(plain(cell))
    if isinstance(cell, Icer):
        if cell.value is None:
            return ICER_LABELS.get(cell.label, "")
        return repr(cell.value) + (f" ({cell.label})" if cell.label else "")
    return repr(cell) if math.isfinite(cell) else "not reached"
