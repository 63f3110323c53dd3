"""The sheet a figure stands on: title, subtitle, panels, legend and notes, none of which can cover another.

Everything is laid out in inches from text that is measured first, so nothing has to be drawn twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netcea.reporting.figures.legend import Entry, legend_height, write_legend
from netcea.reporting.figures.style import BLACK, GREY, SMALL_SIZE, TEXT_SIZE, TITLE_SIZE
from netcea.reporting.figures.text import LINE, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH: Final = 8.0
"""Width of every figure as it is drawn [inches]."""
PRINTED_WIDTH: Final = 16.0 / 2.54
"""Width of every figure between the margins of an A4 page, where letters of 9 points are printed with 7.1 [inches]."""
TALLEST: Final = 11.2
"""Height of a figure that an A4 page has room for, with its caption [inches]."""
EDGE: Final = 0.2
"""Empty border [inches]."""


@dataclass(frozen=True)
class Margins:
    """Room around the panels for tick labels, axis labels and panel titles [inches]."""

    left: float = 0.75
    right: float = 0.3
    top: float = 0.1
    bottom: float = 0.55


@dataclass(frozen=True)
class Page:
    """A figure with its text in place, and the room left for panels.

    Attributes
    ----------
    figure : Figure
    left, bottom, width, height : float
        Of the room for panels. [inches]
    """

    figure: Figure
    left: float
    bottom: float
    width: float
    height: float

    def panel(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Add axes; place and size in inches, from the lower left corner of the room for panels."""
        across, up = self.figure.get_size_inches()
        return self.figure.add_axes(
            ((self.left + left) / across, (self.bottom + bottom) / up, width / across, height / up)
        )

    def whole(self) -> Axes:
        """Add axes that fill the room."""
        return self.panel(0.0, 0.0, self.width, self.height)

    def columns(self, number: int, gap: float) -> list[Axes]:
        """Add axes beside one another, a gap apart [inches]."""
        width = (self.width - gap * (number - 1)) / number
        return [self.panel(i * (width + gap), 0.0, width, self.height) for i in range(number)]


def page(
    title: str,
    subtitle: str,
    height: float,
    *,
    margins: Margins = Margins(),
    legend: Sequence[Entry] = (),
    notes: Sequence[str] = (),
) -> Page:
    """Return a figure with title, subtitle, legend and notes around an empty room of a given height.

    Parameters
    ----------
    title, subtitle : str
    height : float
        Of the room for panels. [inches]
    margins : Margins
    legend : sequence of (symbol, text)
        Stands below the panels.
    notes : sequence of str
        One paragraph each, at the foot; empty ones are left out.
    """
    from netcea.reporting.figures.shown import ShownFigure

    room = WIDTH - 2 * EDGE
    head = [
        *((line, TITLE_SIZE, "bold", BLACK) for line in wrapped(title, room, TITLE_SIZE, bold=True, lines=3)),
        *((line, TEXT_SIZE, "normal", GREY) for line in wrapped(subtitle, room, TEXT_SIZE, lines=3)),
    ]
    foot = [line for note in notes for line in wrapped(note, room, SMALL_SIZE, lines=6)]
    head_height = sum(size * LINE for _, size, _, _ in head) + 0.12
    foot_height = len(foot) * SMALL_SIZE * LINE + (0.1 if foot else 0.0)
    below = legend_height(legend, room) + foot_height
    total = EDGE + head_height + margins.top + height + margins.bottom + below + EDGE
    figure = ShownFigure(figsize=(WIDTH, total), facecolor="white")
    y = total - EDGE
    for line, size, weight, colour in head:
        figure.text(EDGE / WIDTH, y / total, line, size=size, weight=weight, color=colour, va="top", ha="left")
        y -= size * LINE
    y = EDGE + len(foot) * SMALL_SIZE * LINE
    for line in foot:
        y -= SMALL_SIZE * LINE
        figure.text(EDGE / WIDTH, (y + 0.02) / total, line, size=SMALL_SIZE, color=GREY, va="bottom", ha="left")
    write_legend(figure, legend, room, (EDGE / WIDTH, (EDGE + below) / total))
    bottom = EDGE + below + margins.bottom
    return Page(figure, margins.left, bottom, WIDTH - margins.left - margins.right, height)


def sentence(title: str, subtitle: str, text: str) -> Figure:
    """Return a figure that says in words why there is nothing to draw."""
    return page(title, subtitle, 0.3, margins=Margins(bottom=0.0), notes=[text]).figure
