"""What all figures share: the palette, the typography, and text that fits where it stands."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from netcea.analyses.base_case.result import BaseCaseResult

BLACK: Final = "#000000"
INK: Final = "#222222"
GREY: Final = "#595959"
PALE: Final = "#D9D9D9"
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
YELLOW: Final = "#F0E442"

COMPARATOR_COLOUR: Final = GREY
STRATEGY_COLOURS: Final = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
"""Okabe and Ito's palette, told apart with any kind of colour vision; the comparator is grey."""

TITLE_SIZE: Final = 13.0
TEXT_SIZE: Final = 10.0
SMALL_SIZE: Final = 9.0

_STYLE: Final[Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT_SIZE,
    "text.parse_math": False,
    "text.hinting": "no_hinting",  # widths do not depend on the resolution
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": TEXT_SIZE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL_SIZE,
    "ytick.labelsize": SMALL_SIZE,
    "legend.fontsize": SMALL_SIZE,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "svg.hashsalt": "netcea",
    "svg.fonttype": "path",
}


_MEASURED_AT: Final = 100
"""Size at which characters are measured [points]."""


_IN_STYLE: Final = ContextVar("_IN_STYLE", default=False)


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the house style, whatever the user's own matplotlib settings are.

    Text is taken literally: a dollar or an underscore in a label of a scenario is no formula. A character
    that the font lacks shows as a box, without a warning. Inside another `styled` it does nothing.
    """
    import matplotlib as mpl

    if _IN_STYLE.get():
        yield
        return
    inside = _IN_STYLE.set(True)
    try:
        with _house_style(mpl):
            yield
    finally:
        _IN_STYLE.reset(inside)


@contextmanager
def _house_style(mpl: ModuleType) -> Iterator[None]:
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def strategy_colours(result: BaseCaseResult) -> dict[str, str]:
    """Return strategy -> colour: by the file's order, the comparator grey."""
    return palette(result.scenario.strategies, result.case.comparator)


def palette(strategies: Sequence[str], comparator: str) -> dict[str, str]:
    """Return strategy -> colour, the comparator grey.

    >>> palette(["a", "b", "c"], "b")
    {'a': '#0072B2', 'b': '#595959', 'c': '#D55E00'}
    """
    others = [name for name in strategies if name != comparator]
    colours = {name: STRATEGY_COLOURS[i % len(STRATEGY_COLOURS)] for i, name in enumerate(others)}
    return {name: colours.get(name, COMPARATOR_COLOUR) for name in strategies}


def line_width(result: BaseCaseResult, strategy: str) -> float:
    """Return the width of a strategy's line; the comparator's is wider, to show below an equal curve."""
    return 3.4 if strategy == result.case.comparator else 1.8


def line_style(result: BaseCaseResult, strategy: str) -> Literal["-", "--"]:
    """Return solid; dashed where the palette starts again."""
    others = [name for name in result.scenario.strategies if name != result.case.comparator]
    again = strategy in others and others.index(strategy) >= len(STRATEGY_COLOURS)
    return "--" if again else "-"


def plain(text: str) -> str:
    r"""Return text on one line, without control characters.

    >>> plain("Placebo /\n  best\x07 care")
    'Placebo / best care'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def text_width(text: str, size: float = SMALL_SIZE, *, bold: bool = False) -> float:
    """Return the width of a line of text: the sum of its characters' [inches]."""
    return sum(_advance(character, bold) for character in text) * size / 72.0


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    """Return the width of a character, as a share of the font's size."""
    from matplotlib import font_manager

    properties = font_manager.FontProperties(family=["DejaVu Sans"], weight="bold" if bold else "normal")
    font = font_manager.get_font(font_manager.findfont(properties))
    font.set_size(_MEASURED_AT, 72)
    return float(font.load_char(ord(character)).linearHoriAdvance) / 65536 / _MEASURED_AT


def wrapped(text: str, width: float, size: float = SMALL_SIZE, *, bold: bool = False, lines: int = 10) -> list[str]:
    """Return text in lines that fit a width [inches]; what does not fit `lines` ends in an ellipsis."""

    def fits(part: str) -> bool:
        return text_width(part, size, bold=bold) <= width

    found: list[str] = []
    rest = plain(text)
    while rest and len(found) < lines:
        last = len(found) == lines - 1
        if fits(rest):
            found.append(rest)
            return found
        end = _longest(rest, width, fits)
        cut = rest.rfind(" ", 0, end + 1)
        if last:
            while end > 1 and not fits(rest[:end].rstrip() + "…"):
                end -= 1
            found.append(rest[:end].rstrip() + "…")
            return found
        cut = cut if cut > 0 else end
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return found


def _longest(text: str, width: float, fits) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001, ARG001
    """Return how many characters fit, at least 1, by bisection."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return low


def pounds(value: float) -> str:
    """Return an amount in pounds, with thousands separators.

    >>> pounds(-1234567.8), pounds(0.2)
    ('−£1,234,568', '£0')
    """
    rounded = round(value)
    return f"{'−' if rounded < 0 else ''}£{abs(rounded):,}"


def signed(value: float, pattern: str = "+.3f") -> str:
    """Return a number with its sign, a true minus.

    >>> signed(-0.0123), signed(2.0, "+.2g")
    ('−0.012', '+2')
    """
    return format(value, pattern).replace("-", "−")


def listed(words: list[str]) -> str:
    """Return words as a list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
