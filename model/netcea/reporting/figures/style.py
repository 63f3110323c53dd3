"""The house style of figures: palette, typography, and how the lines of strategies look.

The palette is that of charts in the live workbook too: a strategy has one colour wherever it is drawn.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from netcea.reporting.figures.documentation import load_matplotlib
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

WEIGHTED_MARK: Final[dict[str, Any]] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 5,
    "color": "white",
    "markeredgecolor": BLACK,
    "markeredgewidth": 1.0,
}
"""The mark of a result weighted for severity."""

COMPARATOR_COLOUR: Final = GREY
STRATEGY_COLOURS: Final = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
"""Okabe and Ito's palette, told apart with any kind of colour vision; the comparator is grey."""
FURTHER_COLOURS: Final = ("#003F66", "#7A3500", "#00573F", "#7D3F63", "#855C00", "#2C6E99")
"""The same, darker, of strategies beyond the palette: those too have a colour of their own."""

STATE_COLOURS: Final = {"progression_free": SKY, "progressed": ORANGE, "dead": "#E3E3E3"}
LOW_COLOUR, HIGH_COLOUR = ORANGE, BLUE
"""Of what comes of a quantity's low and high value."""

LineStyle: TypeAlias = "str | tuple[float, tuple[float, ...]]"
"""As matplotlib has it: a name, or an offset and lengths of dashes and gaps [widths of the line]."""
LINE_STYLES: Final[tuple[LineStyle, ...]] = ("-", "--", "-.", ":")
STRATEGY_LINES: Final[tuple[LineStyle, ...]] = (
    "-",
    (0, (4.5, 1.5)),
    (0, (4.5, 1.3, 1.0, 1.3)),
    (0, (1.1, 1.1)),
    (0, (9.0, 1.6)),
    (0, (4.5, 1.2, 1.0, 1.2, 1.0, 1.2)),
)
"""Of strategies in their order, and one further along each time that the colours start again: neighbours are told apart
without colours, and every strategy in print has a line of its own."""
COMPARATOR_POINT: Final = "s"
POINTS: Final = ("o", "D", "^", "v", "P", "X", "p")
"""Of strategies in their order."""
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
    if _IN_STYLE.get():
        yield
        return
    load_matplotlib()
    import matplotlib as mpl

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
    linestyle : LineStyle
        Another for each neighbour; the comparator's is solid.
    linewidth : float
        The comparator's is wider, to show below an equal curve.
    marker : str
        Of its point; another for each neighbour.
    """

    colour: str
    linestyle: LineStyle
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
    others = [name for name in strategies if name != comparator]
    found = {comparator: Look(COMPARATOR_COLOUR, "-", 3.4, COMPARATOR_POINT)}
    found |= {name: _look(number) for number, name in enumerate(others)}
    return {name: found[name] for name in strategies}


def _look(number: int) -> Look:
    colours, turns = (*STRATEGY_COLOURS, *FURTHER_COLOURS), number // len(STRATEGY_COLOURS)
    line = STRATEGY_LINES[(number + turns) % len(STRATEGY_LINES)]
    return Look(colours[number % len(colours)], line, 1.8, POINTS[number % len(POINTS)])
