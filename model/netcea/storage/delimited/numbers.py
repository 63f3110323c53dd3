"""Numbers as they stand in CSV files: decimal point or comma, thousands separators, scientific display."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from netcea.errors import InputError, Place, Problem
from netcea.plain_number import read
from netcea.scenario.number_hints import number_hint

Decimal: TypeAlias = Literal[".", ","]
Cell: TypeAlias = tuple[int, str, str]
"""Line, column and text of a cell."""

_GROUPS: Final = " '\u2019\u00a0\u2009\u202f"
_NUMBERS: Final[dict[str, re.Pattern[str]]] = {
    mark: re.compile(
        rf"[-+]?(?:[0-9]{{1,3}}(?P<group>[{_GROUPS}{other}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*|[0-9]*)"
        rf"(?:[{mark}][0-9]*)?(?:[eE][-+]?[0-9]+)?"
    )
    for mark, other in ((".", ","), (",", "."))
}
_ONE_MARK: Final = re.compile(r"[-+]?([0-9]*)([.,])([0-9]*)(?:[eE][-+]?[0-9]+)?")
_ONE_GROUP: Final = re.compile(r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_MISSING: Final = frozenset(("na", "n/a", "nan", ".nan", "null", "none", ".", "-", "#n/a", "#nv", "missing"))
_MONTH: Final = r"(?:jan|feb|m[aä]r|apr|ma[iy]|ju[nli]|aug|sep|o[ck]t|nov|de[cz])[a-zé]*"
_DATE: Final = (
    rf"[0-9]{{1,4}}([-/.])[0-9]{{1,2}}\1(?:[0-9]{{1,4}})?(?:[ T].*)?|[0-9]{{1,2}}[-/][0-9]{{1,4}}"
    rf"|[0-9]{{1,2}}[-. ]+{_MONTH}\.?(?:[- ][0-9]{{2,4}})?|{_MONTH}\.?[- ][0-9]{{2,4}}|[0-9]{{1,2}}:[0-9]{{2}}(?::.*)?"
)


def decimal_of(cells: Iterable[Cell], separator: str, place: Place) -> Decimal:
    """Return the decimal mark of the numbers of a file, from all of them together.

    ``1,234`` alone may be 1.234 or 1234; ``0,5`` beside it, or ``0.5``, says which.

    Parameters
    ----------
    cells : iterable of (int, str, str)
        Line, column and text of what should be a number.
    separator : str
        Of the columns.
    place : Place
        Of the file.

    Returns
    -------
    {'.', ','}
        The mark.

    Raises
    ------
    InputError
        Both marks are used, or it cannot be told.

    Examples
    --------
    >>> decimal_of([(2, "x", "0,5"), (3, "x", "1,234")], ";", Place("x.csv"))
    ','
    >>> decimal_of([(2, "x", "1,234")], ";", Place("x.csv"))
    Traceback (most recent call last):
    netcea.errors.InputError: x.csv:2  x
      found '1,234', which may be 1.234 or 1234; expected a number; write it without thousands separator, and with a \
decimal point
    """
    shown: dict[Decimal, Cell] = {}
    doubtful: Cell | None = None
    for line, column, text in cells:
        if "." not in text and "," not in text:
            continue
        mark = _mark_of(text)
        if mark is not None:
            shown.setdefault(mark, (line, column, text))
        elif doubtful is None and _ONE_GROUP.fullmatch(text) and ("," in text or separator == ";"):
            doubtful = (line, column, text)
    if len(shown) == 2:
        (point, _, one), (comma, _, other) = shown["."], shown[","]
        found = f"'{one}' with a decimal point in line {point}, '{other}' with a decimal comma in line {comma}"
        raise InputError(Problem(place.file, max(point, comma), "", found, "one decimal mark in a file"))
    if not shown and doubtful is not None:
        line, column, text = doubtful
        digits = text.replace(",", ".")
        found = f"'{text}', which may be {digits} or {digits.replace('.', '')}"
        hint = "write it without thousands separator, and with a decimal point"
        raise InputError(Problem(place.file, line, column, found, "a number", hint))
    return next(iter(shown), ".")


def _mark_of(text: str) -> Decimal | None:
    """Return the decimal mark that a number can only have been written with; None where it may be either."""
    if single := _ONE_MARK.fullmatch(text):
        if _ONE_GROUP.fullmatch(text):
            return None
        return "." if single[2] == "." else ","
    point, comma = (bool(_NUMBERS[mark].fullmatch(text)) for mark in (".", ","))
    return None if point == comma else "." if point else ","


def number(text: str, decimal: Decimal = ".") -> float | int | None:
    r"""Return the number that a cell holds; None where it holds none, or one beyond double precision.

    Parameters
    ----------
    text : str
        Of the cell.
    decimal : {'.', ','}
        The file's decimal mark.

    Returns
    -------
    float, int or None
        A whole number where it is written as one.

    Examples
    --------
    >>> number("1,234.5"), number("1.234,5", ","), number("1e-3"), number("12"), number("\u22120,5", ",")
    (1234.5, 1234.5, 0.001, 12, -0.5)
    >>> number("NA"), number("1e999"), number("01"), number("1,2")
    (None, None, None, None)
    """
    text = text.strip().replace("\u2212", "-")
    match = _NUMBERS[decimal].fullmatch(text)
    if match is None or not any(c.isdigit() for c in text.lower().partition("e")[0]):
        return None
    plain = text.replace(match["group"], "") if match["group"] else text
    plain = plain.replace(",", ".")
    bare = plain.lstrip("+-")
    if bare[:1] == "0" and bare[1:2].isdigit():
        return None
    value = float(plain)
    lost = value == 0.0 and any(c in "123456789" for c in bare.lower().partition("e")[0])
    if not math.isfinite(value) or lost:
        return None
    return int(plain) if bare.isdigit() else value


def why_no_number(text: str, expected: str) -> tuple[str, str, str]:
    """Return what was found where a number should stand, what was expected, and what to do.

    Parameters
    ----------
    text : str
        Of the cell.
    expected : str
        A number, or a whole number.

    Returns
    -------
    tuple of str
        Found, expected, suggestion.

    Examples
    --------
    >>> why_no_number("01-Feb", "a number")[2]
    'Excel makes dates of numbers such as 1.2: format the column as numbers and enter them again'
    >>> why_no_number("99.9%", "a number")
    ("'99.9%', in percent", 'a number', 'divide the column by 100: 99.9% is 0.999')
    """
    shown = repr(text if len(text) <= 40 else f"{text[:40]}...")
    if not text:
        return "an empty cell", expected, ""
    if text.lower() in _MISSING:
        return shown, expected, "fill the value in, or leave the row out"
    if text.endswith("%") and (share := number(text[:-1].rstrip(), "," if "," in text else ".")) is not None:
        return f"{shown}, in percent", expected, f"divide the column by 100: {read(share)}% is {read(share / 100)}"
    if re.fullmatch(_DATE, text, re.IGNORECASE):
        hint = "Excel makes dates of numbers such as 1.2: format the column as numbers and enter them again"
        return f"{shown}, a date or a time", expected, hint
    if text.startswith("#"):
        return shown, expected, "an error or a column too narrow in the spreadsheet: mend it there and save again"
    bare = text.lstrip("+-")
    if bare.isdigit() and bare.startswith("0"):
        return f"{text}, a number with a leading zero", "a decimal number", f"write {bare.lstrip('0') or '0'}"
    if re.fullmatch(r"[0-9.]+[eE][-+]?[0-9]+", bare):
        return f"{shown.strip(chr(39))}, too {'small' if 'e-' in bare.lower() else 'large'} for a number", expected, ""
    return shown, expected, number_hint(text)
