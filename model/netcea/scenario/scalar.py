"""What text is a number, at every door: files, options of the command line, price layers and batches."""

from __future__ import annotations

import math
import re
from typing import Final

from netcea.scenario.number_hints import number_hint

MOST_SHOWN: Final = 40
"""Longest number that a message shows whole. [characters]"""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_OTHER_BASE = re.compile(r"[-+]?0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_NOT_ZERO = re.compile(r"[-+]?[0.]*[1-9]")
_INDEX = re.compile(r"[0-9]{1,9}")
_NOT_FINITE: Final = frozenset(("nan", "inf", "infinity"))


class NotDecimalError(ValueError):
    """A text that is no decimal number.

    Attributes
    ----------
    found : str
        The text, and what it is where that is known.
    suggestion : str
        How to write it; may be empty.
    looks_like_one : bool
        Whether it was meant as a number, and is not text: another base, a leading zero, or beyond double precision.
    """

    def __init__(self, found: str, suggestion: str = "", *, looks_like_one: bool = False) -> None:
        self.found, self.suggestion, self.looks_like_one = found, suggestion, looks_like_one
        super().__init__(f"{found}; {suggestion}" if suggestion else found)

    def message(self, expected: str) -> str:
        """Return what was found, what was expected and what to do, in one line.

        Parameters
        ----------
        expected : str
            A decimal number, or a whole number.

        Examples
        --------
        >>> NotDecimalError("'1_0'", "write 10").message("a whole number")
        "found '1_0'; expected a whole number; write 10"
        """
        return "; ".join(part for part in (f"found {self.found}", f"expected {expected}", self.suggestion) if part)


def decimal_number(text: str) -> int | float:
    """Return the number that a text is: digits 0-9, a decimal point, an exponent, a sign; spaces around it.

    Parameters
    ----------
    text : str
        Of a word in a file, or of an option.

    Returns
    -------
    int or float
        A whole number where it is written as one.

    Raises
    ------
    NotDecimalError
        Underscores, other digits, another base, leading zeros, percent, nan, inf, numbers beyond double precision.

    Examples
    --------
    >>> [decimal_number(text) for text in ("12", " 5 ", "+5", "1e5", ".5")]
    [12, 5, 5, 100000.0, 0.5]
    >>> decimal_number("1_0")
    Traceback (most recent call last):
    netcea.scenario.scalar.NotDecimalError: '1_0'; write 10: numbers have no underscores
    """
    text = text.strip()
    shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."
    if _OTHER_BASE.fullmatch(text):
        raise NotDecimalError(f"{shown}, a number with another base than ten", looks_like_one=True)
    if not _NUMBER.fullmatch(text):
        raise NotDecimalError(_words(text, shown), number_hint(text))
    if _LEADING_ZERO.match(text):
        plain = re.sub(r"^([-+]?)0+(?=[0-9])", r"\1", shown)
        raise NotDecimalError(f"{shown}, a number with a leading zero", f"write {plain}", looks_like_one=True)
    value = float(text)
    if math.isinf(value) or (value == 0 and _NOT_ZERO.match(text)):
        size = "large" if value else "small"
        raise NotDecimalError(f"{shown}, too {size} for a number", looks_like_one=True)
    return int(text) if _INTEGER.fullmatch(text) else value


def whole_number(text: str) -> int:
    """Return the whole number that a text is.

    Parameters
    ----------
    text : str
        Of an option.

    Raises
    ------
    NotDecimalError
        It is no number, or has a decimal point or an exponent.

    Examples
    --------
    >>> whole_number(" 50 ")
    50
    >>> whole_number("1e3")
    Traceback (most recent call last):
    netcea.scenario.scalar.NotDecimalError: 1e3; write 1000
    """
    value = decimal_number(text)
    if not isinstance(value, int):
        whole = value.is_integer() and abs(value) < 1e15
        raise NotDecimalError(text.strip(), f"write {value:.0f}" if whole else "")
    return value


def index_in_list(key: str | int) -> int | None:
    """Return the position that a name in an address is; None for any other name.

    Parameters
    ----------
    key : str or int
        Part of an address.

    Examples
    --------
    >>> index_in_list("3"), index_in_list("x"), index_in_list("\u00b2")
    (3, None, None)
    """
    return int(key) if _INDEX.fullmatch(str(key)) else None


def _words(text: str, shown: str) -> str:
    if not text:
        return "nothing"
    return f"{shown}, which is not finite" if text.lstrip("+-.").lower() in _NOT_FINITE else f"'{shown}'"
