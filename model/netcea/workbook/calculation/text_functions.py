"""Functions of text in formulas: those that the live workbook uses, in English."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from netcea.workbook.calculation.operands import CellError, Value, number, text

NUMBER: Final = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
NOT_A_VALUE: Final = "#VALUE!"


def _middle(value: Value, start: Value, letters: Value) -> str:
    first, count = int(number(start)), int(number(letters))
    if first < 1 or count < 0:
        raise CellError(NOT_A_VALUE)
    return text(value)[first - 1 : first - 1 + count]


def _value(value: Value) -> float:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return float(value)
    found = text(value)
    if not NUMBER.fullmatch(found):
        raise CellError(NOT_A_VALUE)
    return float(found)


def _trimmed(value: Value) -> str:
    return " ".join(part for part in text(value).split(" ") if part)


TEXT_FUNCTIONS: Final[Mapping[str, Callable[..., Value]]] = {
    "&": lambda a, b: text(a) + text(b),
    "LEFT": lambda value, letters=1.0: text(value)[: int(number(letters))],
    "LEN": lambda value: float(len(text(value))),
    "MID": _middle,
    "REPT": lambda value, times: text(value) * int(number(times)),
    "SUBSTITUTE": lambda value, old, new: text(value).replace(text(old), text(new)),
    "TRIM": _trimmed,
    "VALUE": _value,
}
