"""The house style of figures: palette, typography, and how the lines of strategies look."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Literal

from netcea.reporting.figures.glyphs import HOUSE_FONT

BLACK: Final = "#000000"
INK: Final = "#222222"
GREY: Final = "#595959"
SILVER: Final = "#999999"
PALE: Final = "#D9D9D9"
FAINT: Final = "#E8E8E8"
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

LINE_STYLES: Final[tuple[Literal["-", "--", "-.", ":"], ...]] = ("-", "--", "-.", ":")
POINTS: Final = ("o", "s", "D", "^", "v", "P", "X")
"""Of strategies, each time that the palette starts again."""
DASHED: Final = (0, (5, 3))
"""Line style of what is no strategy: thresholds, the general population, a mean."""

TITLE_SIZE: Final = 13.0
TEXT_SIZE: Final = 10.0
SMALL_SIZE: Final = 9.0

_RC_PARAMS: Final[Any] = {
    "font.family": [HOUSE_FONT],
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
_IN_STYLE: Final = ContextVar("_IN_STYLE", default=False)


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the house style, whatever the user's own matplotlib settings are; also a decorator of functions.

    Text is taken literally: a dollar or an underscore in a label of a scenario is no formula. A character
    that the font lacks shows as a box, without a warning. Inside another `styled` it does nothing.
    """
    import matplotlib as mpl

    if _IN_STYLE.get():
        yield
        return
    inside = _IN_STYLE.set(True)
    try:
        with mpl.rc_context(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            mpl.rcdefaults()
            mpl.rcParams.update(_RC_PARAMS)
            yield
    finally:
        _IN_STYLE.reset(inside)


@dataclass(frozen=True)
class Look:
    """How a strategy's line looks.

    Attributes
    ----------
    colour : str
        In the order of the scenario's file; the comparator is grey.
    linestyle : {'-', '--', '-.', ':'}
        Another each time that the palette starts again.
    linewidth : float
        The comparator's is wider, to show below an equal curve.
    marker : str
        Of its point; another each time that the palette starts again.
    """

    colour: str
    linestyle: Literal["-", "--", "-.", ":"]
    linewidth: float
    marker: str = "o"

    def line(self) -> dict[str, Any]:
        """Return the keywords of a matplotlib line."""
        return {"color": self.colour, "linestyle": self.linestyle, "linewidth": self.linewidth}


def looks(strategies: Sequence[str], comparator: str) -> dict[str, Look]:
    """Return strategy -> how its line looks.

    >>> {name: look.colour for name, look in looks(["a", "b", "c"], "b").items()}
    {'a': '#0072B2', 'b': '#595959', 'c': '#D55E00'}
    """
    others, n = [name for name in strategies if name != comparator], len(STRATEGY_COLOURS)
    found = {comparator: Look(COMPARATOR_COLOUR, "-", 3.4)} | {
        name: Look(STRATEGY_COLOURS[i % n], LINE_STYLES[i // n % len(LINE_STYLES)], 1.8, POINTS[i // n % len(POINTS)])
        for i, name in enumerate(others)
    }
    return {name: found[name] for name in strategies}
