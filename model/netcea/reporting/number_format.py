"""How numbers and names read in print, and how text from files is kept text."""

from __future__ import annotations

import math
import re
from typing import Final

from netcea.reporting.table import Cell, Format, Icer
from netcea.visible_text import visible

ICER_LABELS: Final = {
    "dominant": "(dominant)",
    "dominated": "(dominated)",
    "extendedly dominated": "(ext dominated)",
    "equal": "(equal)",
}
NOT_REACHED: Final = "not reached"
_DECIMALS: Final = {"pounds": 0, "qalys": 3, "years": 3, "months": 1, "percent": 1, "count": 0}
_FORMULA: Final = re.compile(r"(^|[;\t\r\n])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_STARTS_BADLY: Final = re.compile(r"[\t\r]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_BLANKS: Final = re.compile("[ \t\r\n]+")


def pounds(value: float) -> str:
    """Return pounds without decimals.

    >>> pounds(123456.4), pounds(-4000.0), pounds(-0.3)
    ('£123,456', '-£4,000', '£0')
    """
    whole = round(value)
    return f"{'-' if whole < 0 else ''}£{abs(whole):,}"


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals, never -0.

    >>> fixed(-0.0001, 3), fixed(1234.5678, 1)
    ('0.000', '1,234.6')
    """
    text = f"{value:,.{decimals}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def icer(cell: Icer) -> str:
    """Return an ICER in words: never negative, never bare where it is not cost per QALY gained.

    >>> icer(Icer(20_000.0, "")), icer(Icer(None, "extendedly dominated")), icer(Icer(None, ""))
    ('£20,000', '(ext dominated)', '-')
    >>> icer(Icer(30_000.0, "cost saved per QALY lost"))
    '£30,000 saved per QALY lost'
    """
    if cell.value is None:
        return ICER_LABELS.get(cell.label, "-")
    return pounds(cell.value) + (" saved per QALY lost" if cell.label else "")


def shown(cell: Cell, kind: Format) -> str:
    """Return a cell as it is read in print.

    >>> shown(0.81, "percent"), shown(None, "pounds"), shown(1.2, "weight"), shown(0.00123456, "number")
    ('81.0%', '-', '1.2', '0.001235')
    """
    if cell is None:
        return "-"
    if isinstance(cell, Icer):
        return icer(cell)
    if isinstance(cell, str):
        return plain(cell)
    if not math.isfinite(cell):
        return NOT_REACHED
    if kind == "pounds":
        return pounds(cell)
    if kind == "percent":
        return fixed(100.0 * cell, 1) + "%"
    return fixed(cell, _DECIMALS[kind]) if kind in _DECIMALS else f"{cell:.4g}"


def plain(text: str) -> str:
    r"""Return text on one line, of which nothing acts on a terminal or a spreadsheet.

    >>> plain("a\x1b[31m\n b")
    'a\\x1b[31m b'
    """
    return visible(_BLANKS.sub(" ", text))


def safe_text(text: str) -> str:
    """Return text that no spreadsheet takes for a formula when it opens a CSV file.

    An apostrophe goes before what begins with = + - @, a tab or a carriage return, also after a semicolon, a tab
    or a new line inside the text, where some spreadsheets begin a new cell.

    >>> safe_text("=1+1"), safe_text("Placebo"), safe_text("a;@SUM(A1)"), safe_text("up to 12 - 18")
    ("'=1+1", 'Placebo', "a;'@SUM(A1)", 'up to 12 - 18')
    """
    inside = _FORMULA.sub(r"\1\2'", text)
    return inside if inside[:1] == "'" or not starts_like_formula(text) else f"'{inside}"


def starts_like_formula(text: str) -> bool:
    """Say whether a spreadsheet might take a text for a formula."""
    return _STARTS_BADLY.match(text) is not None
