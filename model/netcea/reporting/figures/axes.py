"""Axes: ticks with their labels, grid lines, names of rows at the left, numbers at the ends of bars and curves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from netcea.plain_number import read
from netcea.reporting.figures.style import FAINT, SMALL_SIZE, TEXT_SIZE
from netcea.reporting.figures.text import pounds, signed_digits, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

ROW: Final = 0.24
"""Height of a row with a name of one line [inches]."""
ROW_OF_TWO_LINES: Final = 0.34
_GAP: Final = 0.1
"""Between a panel and the names of its rows [inches]."""
_BEYOND: Final = 0.5
"""By which the name of an axis may be longer than its panel [inches]."""


def size_inches(axes: Axes) -> tuple[float, float]:
    """Return the width and height of a panel [inches]."""
    dots = float(axes.figure.dpi)
    return axes.bbox.width / dots, axes.bbox.height / dots


def ticks_within(low: float, high: float, most: int = 5, **options: Any) -> list[float]:
    """Return round numbers from low to high, about `most` of them; options as of matplotlib's MaxNLocator."""
    from matplotlib.ticker import MaxNLocator

    found = (float(tick) for tick in MaxNLocator(most, **options).tick_values(low, high) if low <= tick <= high)
    return [0.0 if abs(tick) < 1e-9 * (high - low) else tick for tick in found]


def set_ticks(axis: Axis, ticks: Sequence[float], text: Callable[[float], str]) -> None:
    """Set the ticks of an axis, between its ends, with their labels; drawing the figure makes them, once."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    axis.set_major_locator(FixedLocator(list(ticks)))
    axis.set_major_formatter(FixedFormatter([text(tick) for tick in ticks]))


def name_axes(axes: Axes, across: str = "", up: str = "") -> None:
    """Write what the axes are, names of arms or strategies among it, in two lines at most that fit the panel."""
    for axis, text, room in zip((axes.xaxis, axes.yaxis), (across, up), size_inches(axes), strict=True):
        if text:
            axis.set_label_text("\n".join(wrapped(text, room + _BEYOND, TEXT_SIZE, lines=2)))


def pounds_ticks(axis: Axis, low: float, high: float, most: int = 5) -> None:
    """Set ticks in pounds between two ends."""
    set_ticks(axis, ticks_within(low, high, most), pounds)


def change_text(change: float) -> str:
    """Return a change as a tick says it: '+0.8', '0'."""
    return signed_digits(change, 4)


def percent_axis(axes: Axes, label: str, steps: int = 5, low: float = -0.02, high: float = 1.02) -> None:
    """Set a vertical axis from 0% to 100%, with so many steps."""
    axes.set_ylim(low, high)
    set_ticks(axes.yaxis, [i / steps for i in range(steps + 1)], lambda share: f"{read(100 * share)}%")
    axes.set_ylabel(label)


def grid(axes: Axes, which: Literal["x", "y"], colour: str = FAINT) -> None:
    """Draw thin lines at the ticks of an axis, below everything else."""
    axes.grid(visible=True, axis=which, color=colour, linewidth=0.6)
    axes.set_axisbelow(True)


def no_vertical_axis(axes: Axes) -> None:
    """Take the vertical axis away: rows have names."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def row_height(names: Sequence[Sequence[str]]) -> float:
    """Return the height of rows whose names have one or two lines [inches]."""
    return ROW if max(map(len, names)) == 1 else ROW_OF_TWO_LINES


def widest(names: Sequence[Sequence[str]], *, bold: bool = False) -> float:
    """Return the width of the longest line of several names [inches]."""
    return max(text_width(line, bold=bold) for name in names for line in name)


def name_rows(axes: Axes, names: Sequence[Sequence[str]], *, gap: float = _GAP, bold: Collection[int] = ()) -> None:
    """Write the names of rows 0, 1, 2, ... at the left of a panel, each in lines; some in bold."""
    for row, name in enumerate(names):
        look = {"linespacing": 1.05, "weight": "bold" if row in bold else "normal"}
        write_left(axes, -gap / size_inches(axes)[0], row, "\n".join(name), **look)


def write_left(axes: Axes, x: float, y: float, text: str, **look: Any) -> None:
    """Write a text that ends at x, a share of the panel's width, in the middle of row y."""
    axes.text(x, y, text, transform=axes.get_yaxis_transform(), ha="right", va="center", size=SMALL_SIZE, **look)


def write_end(axes: Axes, x: float, y: float, text: str, *, right: bool = True, gap: float = 4.0, **look: Any) -> None:
    """Write a text beyond the end of a bar or a curve, at its right or left, a gap away [points]."""
    axes.annotate(
        text,
        (x, y),
        xytext=(gap if right else -gap, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        **{"size": SMALL_SIZE, **look},
    )


def write_above(axes: Axes, x: float, text: str, *, gap: float, **look: Any) -> None:
    """Write a text above a panel, a gap away [inches]; x is a share of its width unless `transform` says else."""
    look = {"size": SMALL_SIZE, "ha": "center", "transform": axes.transAxes, **look}
    axes.text(x, 1.0 + gap / size_inches(axes)[1], text, va="bottom", **look)


def share_text(ticks: Sequence[float]) -> Callable[[float], str]:
    """Return how shares read at ticks: in percent, with as many decimals as tell them apart."""
    places = max(0, decimals(ticks) - 2)
    return lambda share: f"{100 * share:.{places}f}%"


def decimals(ticks: Sequence[float]) -> int:
    """Return the decimals that tell ticks apart.

    >>> decimals([0.02, 0.04]), decimals([0.0, 0.5]), decimals([0.1025, 0.105])
    (2, 1, 4)
    """
    return next((d for d in range(8) if all(abs(t - round(t, d)) < 1e-9 for t in ticks)), 8)
