"""Rows of a finished sheet as XML text: openpyxl builds an element for each of a hundred thousand cells.

The text is what openpyxl would write (a test compares them); rows with comments or links stay with it, and all above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any, Final

from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter

FEWEST: Final = 500
"""Cells of a sheet that is worth it."""


@contextmanager
def without_long_rows(sheets: Sequence[Any]) -> Iterator[dict[str, str]]:
    """Take rows out of sheets for as long as they are saved, and give their text: title -> XML of its last rows."""
    kept = {ws.title: (ws._cells, dict(ws.row_dimensions)) for ws in sheets}  # noqa: SLF001 - read and put back
    texts: dict[str, str] = {}
    try:
        for ws in sheets:
            if len(ws._cells) >= FEWEST:  # noqa: SLF001
                texts[ws.title] = _taken(ws)
        yield texts
    finally:
        for ws in sheets:
            cells, dimensions = kept[ws.title]
            ws._cells = cells  # noqa: SLF001
            ws.row_dimensions.update(dimensions)


def _taken(ws: Any) -> str:
    """Take the rows below the last one with a comment or a link out of a sheet and return their text."""
    rows: dict[int, list[Any]] = defaultdict(list)
    last = 0
    for (row, _), cell in sorted(ws._cells.items()):  # noqa: SLF001
        rows[row].append(cell)
        if cell._comment is not None or cell._hyperlink is not None:  # noqa: SLF001
            last = row
    dimensions = ws.row_dimensions
    for row in [r for r in dimensions if r > last and r not in rows]:
        rows[row] = []
    ws._cells = {place: cell for place, cell in ws._cells.items() if place[0] <= last}  # noqa: SLF001
    widest = max((cell.column for cells in rows.values() for cell in cells), default=0)
    letters = [get_column_letter(column) for column in range(1, widest + 1)]
    texts = []
    for row in sorted(r for r in rows if r > last):
        attributes = "".join(f' {k}="{v}"' for k, v in dict(dimensions[row]).items()) if row in dimensions else ""
        cells = "".join(_cell(cell, f"{letters[cell.column - 1]}{row}") for cell in rows[row])
        texts.append(f'<row r="{row}"{attributes}>{cells}</row>' if cells else f'<row r="{row}"{attributes} />')
    for row in [r for r in dimensions if r > last]:
        del dimensions[row]
    return "".join(texts)


def _cell(cell: Any, where: str) -> str:
    value, kind = cell._value, cell.data_type  # noqa: SLF001 - what openpyxl's own writer reads
    style = f' s="{cell.style_id}"' if cell.has_style else ""
    if kind == "f":
        return f'<c r="{where}"{style}><f>{escape(value[1:], quote=False)}</f><v /></c>'
    if value is None or value == "":
        return f'<c r="{where}"{style} t="{kind if kind != "s" else "inlineStr"}" />' if style else ""
    if kind == "s":
        keep = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
        return f'<c r="{where}"{style} t="inlineStr"><is><t{keep}>{escape(value, quote=False)}</t></is></c>'
    return f'<c r="{where}"{style} t="{kind}"><v>{safe_string(value)}</v></c>'
