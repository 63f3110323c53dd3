"""What a cell holds: whether two hold the same, however a program saved them, and in a reader's words."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.formulas.formula_text import NEAR, same_formula

LONGEST: Final = 80
"""Letters of a text or formula in a message."""
NOTHING: Final = Cell(None, "n", "")


def name_of_cell(sheet: str, row: int, column: int) -> str:
    """Return where a cell is, as a reader finds it.

    >>> name_of_cell("Inputs", 9, 5)
    'Inputs!E9'
    """
    return f"{sheet}!{get_column_letter(column)}{row}"


def same_content(one: Cell, other: Cell) -> bool:
    """Say whether two cells hold the same; formatting and comments do not count."""
    if is_empty(one) or is_empty(other):
        return is_empty(one) and is_empty(other)
    a, b = one.value, other.value
    if "f" in (one.kind, other.kind):
        return one.kind == other.kind and isinstance(a, str) and isinstance(b, str) and same_formula(a, b)
    if _is_number(a) and _is_number(b):
        return math.isclose(a, b, rel_tol=NEAR)
    if isinstance(a, str) and isinstance(b, str):
        return other.kind != "e" and a.replace("\r\n", "\n") == b.replace("\r\n", "\n")
    return type(a) is type(b) and bool(a == b)


def is_empty(cell: Cell) -> bool:
    """Say whether a cell holds nothing that a formula could see; empty text is nothing."""
    return cell.value is None or (cell.kind != "f" and cell.value == "")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def in_words(cell: Cell) -> str:
    """Return what a cell holds, in a reader's words.

    >>> in_words(Cell("=1+1", "f", "")), in_words(Cell("4000", "s", "")), in_words(Cell(True, "b", ""))
    ('the formula =1+1', "the text '4000'", 'the truth value TRUE')
    """
    value = cell.value
    if is_empty(cell):
        return "nothing"
    if cell.kind == "f":
        text = value if isinstance(value, str) else f"{{{getattr(value, 'text', None) or type(value).__name__}}}"
        return f"the formula {_short(str(text))}"
    if cell.kind == "e":
        return f"the error {value}"
    if isinstance(value, bool):
        return f"the truth value {str(value).upper()}"
    if cell.kind == "d" or isinstance(value, datetime | date | time | timedelta):
        return f"the date or time {value}"
    return f"the text {_short(repr(value))}" if isinstance(value, str) else f"the number {value!r}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
