"""Cells of a sheet: formats of numbers, what they show as text, how much room it takes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from netcea.reporting.number_format import ICER_LABELS, NOT_REACHED, icer, plain
from netcea.reporting.table import Cell, Column, Format, Icer
from netcea.visible_text import cut_to_utf16, display_width

NUMBER_FORMATS: Final[dict[Format, str]] = {
    "pounds": '"£"#,##0;-"£"#,##0',
    "icer": '"£"#,##0',
    "qalys": "0.000",
    "years": "0.000",
    "months": "0.0",
    "percent": "0.0%",
    "number": "General",
    "count": "0",
    "weight": "0.0",
}
WIDEST: Final = 42
"""Of a column of text [characters]."""
LONGEST: Final = 32_000
"""Of a text in a cell [characters]; Excel's own limit lies just above."""


LONGEST_TITLE: Final = 31
"""Of a sheet. [UTF-16 units]"""


def sheet_title(wanted: str, taken: Sequence[str]) -> str:
    """Return a title that Excel allows and no other sheet has.

    >>> sheet_title("Trace a/b", []), sheet_title("NHB", ["nhb"])
    ('Trace a b', 'NHB 2')
    """
    whole = re.sub(r"[\[\]:*?/\\']", " ", plain(wanted)).strip()
    base = cut_to_utf16(whole, LONGEST_TITLE).strip() or "Sheet"
    title, number = base, 1
    while title.lower() in {other.lower() for other in taken}:
        number += 1
        title = f"{cut_to_utf16(base, LONGEST_TITLE - 1 - len(str(number)))} {number}"
    return title


def lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column so wide [characters].

    >>> lines("one two three four", 10.0)
    2
    """
    count, room = 1, 0.0
    for word in text.split(" "):
        need = display_width(word) + (1 if room else 0)
        if room and room + need > width:
            count, room, need = count + 1, 0.0, display_width(word)
        room += need
        while room > width:
            count, room = count + 1, room - width
    return count


def column_width(column: Column, cells: Sequence[Cell]) -> float:
    """Return the width of a column that shows its cells in full [characters]."""
    longest_word = max(map(display_width, column.title.split()), default=0) + 2.0
    if column.format == "text":
        longest = max((display_width(text_of(cell)) for cell in cells), default=0)
        wanted = 12.0 if longest < 9 else float(min(longest + 3, WIDEST))
        return max(wanted, min(longest_word, 30.0))
    return max(longest_word, 12.0, 18.0 if column.format == "icer" else 0.0)


def number_format(kind: Format, value: float) -> str:
    """Return the format in which a number is shown; the cell holds it in full."""
    if kind == "pounds" and abs(value) < 0.5:
        return '"£"0;"£"0'  # never -£0
    if kind != "number":
        return NUMBER_FORMATS.get(kind, "General")
    if value == round(value, 4):
        return "#,##0" if value == int(value) else "General"
    return "0.0000" if abs(value) < 10 else "#,##0.00"


def text_of(cell: Cell) -> str:
    """Return what a cell shows as text; empty for a number."""
    if cell is None:
        return ""
    if isinstance(cell, Icer):
        return icer(cell) if cell.value is not None else ICER_LABELS.get(cell.label, "")
    if isinstance(cell, str):
        return plain(cell)[:LONGEST]
    return "" if math.isfinite(cell) else NOT_REACHED
