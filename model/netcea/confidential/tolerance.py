"""When two values of different runs are the same: rounding in the last digits of a difference is no dependence."""

from __future__ import annotations

import math
from typing import Final

RELATIVE: Final = 1e-9
ABSOLUTE: Final = 1e-9
"""Closer than this, numbers are the same. What is written is the one at public prices: its last digits tell nothing."""


def nearly_equal(a: object, b: object) -> bool:
    """Say whether two leaves or cells are the same.

    Parameters
    ----------
    a : object
        A leaf or a cell.
    b : object
        The same of another run.

    Examples
    --------
    >>> pairs = (3541.614778735, 3541.614778736), (0.35, 0.36), ("a", "a"), (1, True)
    >>> tuple(nearly_equal(a, b) for a, b in pairs)
    (True, False, True, False)
    """
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(a) is type(b) and a == b


def nearly_equal_texts(a: str, b: str) -> bool:
    """Say the same of cells of a CSV file.

    Parameters
    ----------
    a : str
        A cell.
    b : str
        The same of another run.

    Examples
    --------
    >>> nearly_equal_texts("0.1", "0.10000000000000001"), nearly_equal_texts("men", "women")
    (True, False)
    """
    if a == b:
        return True
    try:
        return nearly_equal(float(a), float(b))
    except ValueError:
        return False
