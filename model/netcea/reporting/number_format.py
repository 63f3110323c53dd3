"""How numbers and names read in print, and how text from files is kept text."""

from __future__ import annotations

import math
import re
from typing import Final

from netcea.plain_number import read
from netcea.reporting.table import Cell, Drawn, Format, Icer
from netcea.visible_text import visible

ICER_LABELS: Final = {
    "dominant": "(dominant)",
    "dominated": "(dominated)",
    "extendedly dominated": "(ext dominated)",
    "equal": "(equal)",
}
NOT_REACHED: Final = "not reached"
NOT_KNOWN: Final = "not known from so few draws"
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
    >>> icer(Icer(1_135_804.0, "", error=68_388.0)), icer(Icer(-5e7, "", error=math.inf))
    ('£1,140,000', 'not known from so few draws')
    """
    if cell.error is not None and math.isinf(cell.error):
        return NOT_KNOWN
    if cell.value is None:
        return ICER_LABELS.get(cell.label, "-")
    return known(cell.value, cell.error or 0.0, "pounds") + (" saved per QALY lost" if cell.label else "")


def shown(cell: Cell, kind: Format) -> str:
    """Return a cell as it is read in print.

    >>> shown(0.81, "percent"), shown(None, "pounds"), shown(1.2, "weight"), shown(0.00123456, "number")
    ('81.0%', '-', '1.2', '0.001235')
    >>> shown(85_183.0, "pounds"), shown(Drawn(85_183.0, 207.3), "pounds"), shown(Drawn(0.8153, 0.012), "qalys")
    ('£85,183', '£85,200', '0.82')
    """
    if cell is None:
        return "-"
    if isinstance(cell, Icer):
        return icer(cell)
    if isinstance(cell, str):
        return plain(cell)
    if not math.isfinite(cell):
        return NOT_REACHED
    if isinstance(cell, Drawn) and kind in _DECIMALS:
        return known(float(cell), cell.error, kind)
    if kind == "pounds":
        return pounds(cell)
    if kind == "percent":
        return fixed(100.0 * cell, 1) + "%"
    return fixed(cell, _DECIMALS[kind]) if kind in _DECIMALS else read(cell, 4)


def rate_in_words(rate: float | tuple[tuple[float, float], ...]) -> str:
    """Return a discount rate, or several one after another, as a sentence has it.

    Parameters
    ----------
    rate : float, or tuple of (year from which, rate)
        [per year]

    Examples
    --------
    >>> rate_in_words(0.035), rate_in_words(((0.0, 0.035), (30.0, 0.015)))
    ('3.5%', '3.5% (1.5% from year 30)')
    """
    if not isinstance(rate, tuple):
        return shown(rate, "percent")
    later = ", ".join(f"{shown(each, 'percent')} from year {read(year)}" for year, each in rate[1:])
    return f"{shown(rate[0][1], 'percent')} ({later})"


def known(value: float, error: float, kind: Format) -> str:
    """Return a mean of draws, no finer than its Monte Carlo standard error.

    >>> known(85_183.0, 207.3, "pounds"), known(0.07513, 0.0051, "qalys"), known(0.07513, 0.051, "qalys")
    ('£85,200', '0.075', '0.08')
    >>> known(85_183.4, 0.0, "pounds"), known(0.4, 2.0, "qalys")
    ('£85,183', '0')
    """
    if not (math.isfinite(error) and error > 0.0):
        return shown(value, kind)
    decimals = min(-math.floor(math.log10(error)), _DECIMALS[kind])
    return pounds(round(value, decimals)) if kind == "pounds" else fixed(round(value, decimals), max(decimals, 0))


ROUNDING: Final = 1e-12
"""A standard error below it is what rounding leaves of draws that are all the same."""


def error_shown(error: float, kind: Format) -> str:
    """Return a Monte Carlo standard error, to two digits.

    >>> error_shown(68_388.0, "pounds"), error_shown(0.41, "pounds"), error_shown(0.00512, "qalys")
    ('£68,000', '£0.41', '0.0051')
    >>> error_shown(3.6e-14, "pounds"), error_shown(1.1e-18, "qalys")
    ('£0', '0')
    """
    if not math.isfinite(error):
        return "-"
    if error < ROUNDING:
        error = 0.0
    digits = max(1 - math.floor(math.log10(error)), 0) if error > 0.0 else 0
    text = fixed(float(f"{error:.2g}"), digits)
    return f"£{text}" if kind == "pounds" else text


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
