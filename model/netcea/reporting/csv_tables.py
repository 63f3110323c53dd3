"""A table as a CSV file: UTF-8, full precision, text that stays text."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

from netcea.arrays import Array
from netcea.reporting.number_format import ICER_LABELS, plain, safe_text
from netcea.reporting.table import Cell, Column, Icer, Table
from netcea.scenario.price_layers import mark_of
from netcea.storage.number_texts import number_texts


def table_text(table: Table) -> str:
    """Return a table as CSV; units stand in the headings, a percentage is a share."""
    headings = [heading(column) for column in table.columns]
    return csv_text(headings, (map(_written, row) for row in table.rows), mark_of(table.marking))


def table_bytes(table: Table) -> bytes:
    """Return a table as a CSV file."""
    return table_text(table).encode("utf-8", errors="backslashreplace")


def heading(column: Column) -> str:
    """Return a column's heading with the unit of the numbers below it."""
    return f"{column.heading} (share)" if column.format == "percent" else column.title


def csv_text(headings: Sequence[str], rows: Iterable[Iterable[str]], mark: str = "") -> str:
    """Return headings and rows of finished cells as CSV; a mark stands in a last column of its own."""
    last = [mark] if mark else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(safe_text(plain(heading)) for heading in headings), *last])
    writer.writerows([*row, *last] for row in rows)
    return text.getvalue()


def numbers_text(headings: Sequence[str], columns: Iterable[Array], mark: str = "") -> str:
    r"""Return headings and columns of numbers, in full, as CSV; a mark stands in a last column of its own.

    >>> import numpy as np
    >>> numbers_text(["year", "share [1]"], [np.arange(2), np.array([1.0, 0.25])])
    'year,share [1]\n0,1.0\n1,0.25\n'
    """
    end = f",{csv_text([], [], mark)}" if mark else "\n"
    rows = zip(*map(number_texts, columns), strict=True)
    return csv_text(headings, [], mark) + "".join([",".join(row) + end for row in rows])


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
