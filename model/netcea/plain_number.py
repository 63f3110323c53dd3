"""Numbers as people read and type them: digits and a decimal point, never `5e+05`.

Every number that a program writes for a reader passes `read` or `typed`; what other programs read (formulas, CSV, JSON)
keeps its full precision.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

LARGEST: Final = 1e15
"""From here on a number has more digits than a double holds, and is written with an exponent."""
SMALLEST: Final = 1e-9
"""Below, the zeros after the point are more than anybody counts."""


def read(value: float, digits: int = 6) -> str:
    """Return a number as people read it: significant digits, whole units kept, thousands separated by commas.

    Parameters
    ----------
    value : float
        Any number.
    digits : int
        Significant digits; those before the decimal point are never rounded away.

    Examples
    --------
    >>> read(500_000.0), read(1_234_567.8), read(12_345.6, 3), read(0.045), read(0.00001234, 3), read(-0.0)
    ('500,000', '1,234,568', '12,346', '0.045', '0.0000123', '0')
    >>> read(1e20), read(float("inf"))
    ('1e+20', 'inf')
    """
    return _text(value, digits, ",")


def typed(value: float, digits: int = 6) -> str:
    """Return a number as it is typed into a file or a cell: the same without commas.

    Parameters
    ----------
    value : float
        Any number.
    digits : int
        Significant digits; those before the decimal point are never rounded away.

    Examples
    --------
    >>> typed(500_000.0), typed(0.35), typed(1_000_000.0, 10)
    ('500000', '0.35', '1000000')
    """
    return _text(value, digits, "")


def _text(value: float, digits: int, separator: str) -> str:
    size = abs(float(value))
    if size == 0.0:
        return "0"
    if not math.isfinite(size) or not SMALLEST <= size < LARGEST:
        return f"{float(value):.{digits}g}"
    whole = round(value) if size >= 10.0**digits else Decimal(f"{float(value):.{digits}g}")
    text = f"{whole:{separator}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
