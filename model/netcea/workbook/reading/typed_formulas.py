"""A formula that somebody typed where a number belongs, =0.5*0.8: taken as the number that it comes to."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from netcea.plain_number import typed
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.calculation.calculate import Calculation
from netcea.workbook.calculation.functions import FUNCTIONS
from netcea.workbook.calculation.graph import functions, references
from netcea.workbook.calculation.syntax import FormulaSyntaxError, parse
from netcea.workbook.reading.cell_content import in_words
from netcea.workbook.reading.compared import CellChange

LONGEST: Final = 200
"""Letters of a formula that is worked out here."""


def settled(change: CellChange) -> tuple[CellChange, str]:
    """Return a changed cell with the number in place of the formula, and words that say so.

    The number is what the file says the formula came to. A file that says nothing was saved by a program that does not
    calculate: then a formula of numbers alone is worked out here. Where neither is possible the cell stays as it is.

    Parameters
    ----------
    change : CellChange

    Returns
    -------
    change : CellChange
    note : str
        Empty where nothing was settled.
    """
    content = change.content
    if content.kind != "f" or not isinstance(content.value, str) or not content.value.startswith("="):
        return change, ""
    number = _finite(change.shown) if change.shown not in (None, "") else _of_numbers_alone(content.value[1:])
    if number is None:
        return change, ""
    note = f"{change.cell} holds {in_words(content)}: taken as {typed(number, 12)}, what it comes to."
    return replace(change, content=Cell(number, "n", "")), note


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _of_numbers_alone(text: str) -> float | None:
    """Return what a formula comes to that refers to no cell; None for any other.

    >>> _of_numbers_alone("0.5*0.8"), _of_numbers_alone("A1*2"), _of_numbers_alone("1/0")
    (0.4, None, None)
    """
    if len(text) > LONGEST:
        return None
    try:
        tree = parse(text)
        if functions(tree) - FUNCTIONS.keys() or any(references(tree)):
            return None
        with np.errstate(all="ignore"):
            return _finite(Calculation(Book({})).formula("", text))
    except (FormulaSyntaxError, ArithmeticError, RecursionError, TypeError, ValueError):
        return None
