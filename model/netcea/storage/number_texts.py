"""Numbers as text in full, quickly: the shortest that reads back as the same number, as Python's `repr` writes it."""

from __future__ import annotations

from typing import Final

import numpy as np
from pydantic_core import to_json

from netcea.arrays import Array

PLAIN_FROM: Final = 1e-4
"""Below it `repr` writes a power of ten."""
PLAIN_BELOW: Final = 1e16
"""From it on `repr` writes a power of ten."""


def number_texts(numbers: Array) -> list[str]:
    """Return each number as `repr` writes it.

    JSON's digits are those of `repr`, the shortest that read back as the same number, and are made in a quarter of the
    time; the two differ in how they write very small numbers, of which the power of ten is written anew here, and very
    large and non-finite ones, which `repr` writes.

    Parameters
    ----------
    numbers : Array (number,)
        Floating-point numbers or integers, of any [unit].

    Returns
    -------
    list of str
        In their order.

    References
    ----------
    U. Adams, Ryu: fast float-to-string conversion, PLDI 2018; D. M. Gay's `dtoa` in Python finds the same digits.

    Examples
    --------
    >>> number_texts(np.array([0.1, -2.0, 0.0, 0.00001, 1e16, np.inf]))
    ['0.1', '-2.0', '0.0', '1e-05', '1e+16', 'inf']
    """
    if not len(numbers):
        return []
    values = numbers.tolist()
    texts = to_json(values).decode().strip("[]").split(",")
    size = np.abs(numbers)
    for at in np.flatnonzero((size < PLAIN_FROM) & (size > 0)).tolist():
        texts[at] = _with_power(texts[at])
    for at in np.flatnonzero(~(size < PLAIN_BELOW)).tolist():
        texts[at] = repr(values[at])
    return texts


def _with_power(text: str) -> str:
    """Return a small number as JSON has it with a power of ten of two digits or more.

    >>> [_with_power(text) for text in ("0.00001", "-0.000025", "2.5e-7", "1e-10", "5e-324")]
    ['1e-05', '-2.5e-05', '2.5e-07', '1e-10', '5e-324']
    """
    if text[-2] == "-" and "e" in text:
        return f"{text[:-1]}0{text[-1]}"
    if "e" in text:
        return text
    sign, _, decimals = text.partition("0.")
    digits = decimals.lstrip("0")
    point = "." if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{point}{digits[1:]}e-{len(decimals) - len(digits) + 1:02d}"
