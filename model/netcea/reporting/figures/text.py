"""Text of figures: measured, wrapped to fit where it stands, and numbers as figures write them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from netcea.plain_number import read
from netcea.reporting import number_format
from netcea.reporting.figures.glyphs import HOUSE_FONT, JOINERS, drawable, font_of
from netcea.reporting.figures.style import SMALL_SIZE

if TYPE_CHECKING:
    from netcea.decision.incremental import Label
    from netcea.reporting.table import Format
    from netcea.scenario.scenario import Scenario

LINE: Final = 1.3 / 72
"""Height of a line of text, per point of its size [inches]."""
BOX: Final = 1.0
"""Room for a character that the font lacks, whatever draws it, as a share of the font's size."""
_MEASURED_AT: Final = 100
"""Size at which characters are measured [points]."""


def plain(text: str) -> str:
    r"""Return text on one line, without control characters, of which every character can be drawn.

    >>> plain("Placebo /\n  best\x07 care")
    'Placebo / best care'
    """
    return drawable(" ".join("".join(c if c.isprintable() or c in JOINERS else " " for c in text).split()))


def text_width(text: str, size: float = SMALL_SIZE, *, bold: bool = False) -> float:
    """Return the width of a line of text: the sum of its characters' [inches]."""
    return sum(_advance(character, bold) for character in text) * size / 72.0


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    """Return the width of a character, as a share of the font's size."""
    from matplotlib import font_manager

    if character in JOINERS or unicodedata.combining(character):
        return 0.0
    properties = font_manager.FontProperties(family=[HOUSE_FONT], weight="bold" if bold else "normal")
    font = font_manager.get_font(font_manager.findfont(properties))
    if not font.get_char_index(ord(character)):
        other = font_of(character)
        if not other:
            return BOX
        font = font_manager.get_font(other)
    font.set_size(_MEASURED_AT, 72)
    index = font.get_char_index(ord(character))
    return float(font.load_glyph(index).linearHoriAdvance) / 65536 / _MEASURED_AT


def wrapped(text: str, width: float, size: float = SMALL_SIZE, *, bold: bool = False, lines: int = 10) -> list[str]:
    """Return text in lines that fit a width [inches]; what does not fit `lines` ends in an ellipsis."""
    found: list[str] = []
    rest = plain(text)
    while rest:
        end = _fitting(rest, width, size, bold)
        if end == len(rest):
            return [*found, rest]
        if len(found) == lines - 1:
            while end > 1 and text_width(rest[:end].rstrip() + "…", size, bold=bold) > width:
                end -= 1
            return [*found, rest[:end].rstrip() + "…"]
        cut = rest.rfind(" ", 0, end + 1)
        cut = cut if cut > 0 else end
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return found


def one_line(text: str, width: float, size: float = SMALL_SIZE, *, bold: bool = False) -> str:
    """Return as much of a text as fits on a line [inches]."""
    return "".join(wrapped(text, width, size, bold=bold, lines=1))


def _fitting(text: str, width: float, size: float, bold: bool) -> int:
    """Return how many characters of a text fit a width, at least 1."""
    reach, end = 0.0, 0
    for end, character in enumerate(text):
        reach += _advance(character, bold) * size / 72.0
        if reach > width:
            return max(end, 1)
    return end + 1


def pounds(value: float) -> str:
    """Return an amount in pounds, with thousands separators and a true minus.

    >>> pounds(-1234567.8), pounds(0.2)
    ('−£1,234,568', '£0')
    """
    return number_format.pounds(value).replace("-", "−")


def drawn(value: float, error: float, kind: Format) -> str:
    """Return a number of draws, no finer than its Monte Carlo standard error, with a true minus.

    >>> drawn(-85_183.0, 207.3, "pounds"), drawn(0.0751, 0.0051, "qalys")
    ('−£85,200', '0.075')
    """
    return number_format.known(value, error, kind).replace("-", "−")


def signed(value: float, pattern: str = "+.3f") -> str:
    """Return a number with its sign, a true minus; nothing but 0 where all digits shown are.

    >>> signed(-0.0123), signed(2.0, "+.1f"), signed(-0.0001), signed(0.0)
    ('−0.012', '+2.0', '0', '0')
    """
    text = format(value, pattern).replace("-", "−")
    return text if text.strip("+−0.") else "0"


def signed_digits(value: float, digits: int, *, plus: str = "+") -> str:
    """Return a number with so many significant digits and its sign, a true minus; no sign before 0.

    >>> signed_digits(-0.01234, 2), signed_digits(150_000.0, 4), signed_digits(0.25, 4, plus=""), signed_digits(0.0, 4)
    ('−0.012', '+150,000', '0.25', '0')
    """
    text = read(value, digits)
    return text.replace("-", "−") if value < 0.0 or text == "0" else f"{plus}{text}"


def percent(share: float) -> str:
    """Return a share in percent; what is neither none nor all never reads 0% or 100%.

    >>> [percent(x) for x in (0.0, 0.0004, 0.123, 0.9999, 1.0)]
    ['0%', '<0.1%', '12.3%', '>99.9%', '100%']
    """
    if share <= 0.0 or share >= 1.0:
        return "0%" if share <= 0.0 else "100%"
    if share < 0.001 or share > 0.999:
        return "<0.1%" if share < 0.5 else ">99.9%"
    return f"{100 * share:.1f}%"


def listed(words: list[str]) -> str:
    """Return words as a list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def icer_text(icer: float | None, label: Label) -> str:
    """Return an ICER as figures say it.

    >>> icer_text(20_000.0, ""), icer_text(None, "dominated"), icer_text(30_000.0, "cost saved per QALY lost")
    ('£20,000', 'dominated', '£30,000 saved per QALY lost')
    """
    return label if icer is None else f"{pounds(icer)}{' saved per QALY lost' if label else ''}"


def comparison(scenario: Scenario) -> str:
    """Return what is compared: 'Base case: New drug against Standard care'."""
    decision = scenario.file.decision
    intervention, comparator = scenario.label(decision.intervention), scenario.label(decision.comparator)
    return f"{scenario.file.name}: {intervention} against {comparator}"
