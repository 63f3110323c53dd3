"""Values in formulas: of one cell, or of a formula's rows all at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from netcea.arrays import Array

Value = Any
"""A number, a text, a truth value, None for an empty cell, a Span of cells; or an array with one for each row."""
NUMBER: Final = "#NUM!"


class CellError(Exception):
    """An error value: #NUM!, #DIV/0!, #VALUE!, #N/A, #REF!, #NAME?."""

    def __init__(self, code: str = NUMBER) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, eq=False)
class Span:
    """What the cells of a range hold, row by row.

    Attributes
    ----------
    values : sequence, or Array (cell,) of numbers
        Numbers, texts, truth values, None, and CellError.
    width : int
        Columns.
    """

    values: Sequence[Any] | Array
    width: int

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return len(self.values) // self.width

    @cached_property
    def numbers(self) -> Array:
        """Array (cell,): the numbers; not a number for everything else."""
        if isinstance(self.values, np.ndarray):
            return self.values
        return np.array([v if type(v) in (float, int) else math.nan for v in self.values], dtype=float)

    @cached_property
    def errors(self) -> Array:
        """Array (cell,): whether each holds an error."""
        if isinstance(self.values, np.ndarray):
            return ~np.isfinite(self.values)
        if CellError not in set(map(type, self.values)):
            return np.zeros(len(self.values), dtype=bool)
        return np.array([isinstance(v, CellError) for v in self.values], dtype=bool)

    @cached_property
    def only_numbers(self) -> Array:
        """Array (number,): the numbers alone, as functions take them from ranges.

        Raises
        ------
        CellError
            A cell has one.
        """
        if isinstance(self.values, np.ndarray):
            if self.errors.any():
                raise CellError
            return self.values
        for value in self.values:
            if isinstance(value, CellError):
                raise value
        return np.array([v for v in self.values if type(v) in (float, int)], dtype=float)


def number(value: Value) -> Any:
    """Return a number, or an array of them.

    Raises
    ------
    CellError
        Text, or an error.
    """
    if isinstance(value, float):
        return value
    if isinstance(value, np.ndarray):
        return value.astype(float) if value.dtype == bool else value
    if value is None:
        return 0.0
    if isinstance(value, int):
        return float(value)
    if isinstance(value, Span) and len(value.values) == 1:
        return number(single(value))
    raise CellError("#VALUE!")


def truth(value: Value) -> Any:
    """Return whether a value counts as true: of one cell, or of each row."""
    if isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype == bool):
        return value
    return number(value) != 0.0


def text(value: Value) -> str:
    """Return a value as text, a number with the 15 digits that cells show.

    >>> text(0.1), text(1000000.0), text(None), text(True)
    ('0.1', '1000000', '', 'TRUE')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    if isinstance(value, Span) and len(value.values) == 1:
        return text(single(value))
    if isinstance(value, float | int):
        return f"{float(value):.15G}"
    raise CellError("#VALUE!")


def single(span: Span) -> Value:
    """Return the value of a range of one cell."""
    value = span.values[0]
    if isinstance(value, CellError):
        raise value
    return float(value) if isinstance(value, np.floating) else value


def is_array(value: Value) -> bool:
    """Say whether a value has one for each row."""
    return isinstance(value, np.ndarray)


def finite(found: Any) -> Any:
    """Return a result; what is no number is an error, in an array not a number.

    Raises
    ------
    CellError
    """
    if isinstance(found, np.ndarray):
        if not np.isfinite(found).all():
            return np.where(np.isfinite(found), found, math.nan)
        return found
    if not math.isfinite(found):
        raise CellError
    return float(found)
