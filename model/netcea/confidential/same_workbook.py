"""What is the same in Excel files of several runs: values, cell by cell; no formula, picture, chart or comment."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from netcea.confidential.tolerance import nearly_equal
from netcea.reporting.reproducible_xlsx import EPOCH, same_bytes
from netcea.scenario.price_layers import CONFIDENTIAL

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEET: Final = "Redaction"


def same_workbooks(contents: Sequence[bytes]) -> tuple[bytes, int, list[str]]:
    """Return the first file with `confidential` in place of cells that are not the same in all.

    The first is at public prices: styles, widths and document properties are its own. Pictures, charts, comments and
    formulas are left out: each holds values of its own.

    Parameters
    ----------
    contents : sequence of bytes
        Excel files; the first is at public prices.

    Returns
    -------
    bytes, int, list of str
        The file, how many cells were hidden, and the sheets and pictures that were left out.
    """
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(contents[0]))
    others = [load_workbook(io.BytesIO(content), read_only=True) for content in contents[1:]]
    hidden, dropped = 0, []
    for sheet in list(book.worksheets):
        theirs = [_rows(other[sheet.title]) for other in others if sheet.title in other.sheetnames]
        if len(theirs) < len(others) or any(len(rows) != len(_rows(sheet)) for rows in theirs):
            dropped.append(f"sheet {sheet.title}")
            book.remove(sheet)
            continue
        for kind in ("_images", "_charts"):  # openpyxl has no other way
            if getattr(sheet, kind):
                dropped.append(f"pictures of {sheet.title}")
                setattr(sheet, kind, [])
        hidden += _same_cells(sheet, theirs)
    for other in others:
        other.close()
    return _saved(book), hidden, dropped


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    """Return the values of a sheet down to its last row that has any."""
    rows = list(sheet.iter_rows(values_only=True))
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    return rows


def _same_cells(sheet: Worksheet, others: Sequence[Sequence[tuple[Any, ...]]]) -> int:
    """Hide cells that differ, and rows whose first cell does; return how many cells."""
    hidden = 0
    rows = zip_longest(sheet.iter_rows(), *others, fillvalue=())
    for cells, *theirs in rows:
        same = [
            all(_nearly_equal(row[at] if at < len(row) else None, cell.value) for row in theirs)
            for at, cell in enumerate(cells)
        ]
        first = next((at for at, cell in enumerate(cells) if cell.value is not None), 0)
        other = bool(same) and not same[first]  # its first cell differs: another row in each run
        for cell, equal_there in zip(cells, same, strict=True):
            if getattr(cell, "comment", None) is not None:
                cell.comment = None
            differs = not equal_there or (other and cell.value is not None)
            if (differs and _writable(cell)) or cell.data_type == "f":
                cell.value = CONFIDENTIAL
            hidden += cell.value == CONFIDENTIAL
    return hidden


def _nearly_equal(a: object, b: object) -> bool:
    """Compare numbers whole or not: Excel files hold 1.0 as 1."""
    numbers = [float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in (a, b)]
    return nearly_equal(numbers[0], numbers[1])


def _writable(cell: Any) -> bool:
    return type(cell).__name__ != "MergedCell"


def with_sheet(data: bytes, rows: Sequence[tuple[str, str]]) -> bytes:
    """Return an Excel file with a sheet of words at its beginning.

    Parameters
    ----------
    data : bytes
        The file.
    rows : sequence of (str, str)
        What is said, and about what.
    """
    from openpyxl import load_workbook
    from openpyxl.styles import Alignment, Font

    book = load_workbook(io.BytesIO(data))
    sheet = book.create_sheet(SHEET, 0)
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet["A"]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 32, 110
    book.active = 0
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.properties.created = EPOCH
    book.save(out)
    return same_bytes(out.getvalue(), EPOCH)
