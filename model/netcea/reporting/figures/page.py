"""The sheet a figure stands on: title, subtitle, panels, legend and notes, none of which can cover another.

Everything is laid out in inches from text that is measured first, so nothing has to be drawn twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netcea.reporting.figures.style import BLACK, GREY, SMALL_SIZE, TEXT_SIZE, TITLE_SIZE, plain, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH: Final = 8.4
"""Width of every figure [inches]."""
EDGE: Final = 0.2
"""Empty border [inches]."""
LINE: Final = 1.3 / 72
"""Height of a line of text, per point of its size [inches]."""
HANDLE: Final = 0.55
"""Width of a legend's symbol with its gaps [inches]."""


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
        total_width, total_height = self.figure.get_size_inches()
        return self.figure.add_axes(
            (
                (self.left + left) / total_width,
                (self.bottom + bottom) / total_height,
                width / total_width,
                height / total_height,
            )
        )

    def whole(self) -> Axes:
        """Add axes that fill the room."""
        return self.panel(0.0, 0.0, self.width, self.height)


def page(
    title: str,
    subtitle: str,
    height: float,
    *,
    margins: Margins = Margins(),
    legend: Sequence[tuple[Artist, str]] = (),
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
        One paragraph each, at the foot.
    """
    from matplotlib.figure import Figure

    room = WIDTH - 2 * EDGE
    head = [
        *((line, TITLE_SIZE, "bold", BLACK) for line in wrapped(title, room, TITLE_SIZE, bold=True, lines=3)),
        *((line, TEXT_SIZE, "normal", GREY) for line in wrapped(subtitle, room, TEXT_SIZE, lines=3)),
    ]
    foot = [line for note in notes for line in wrapped(note, room, SMALL_SIZE, lines=6)]
    head_height = sum(size * LINE for _, size, _, _ in head) + 0.12
    foot_height = len(foot) * SMALL_SIZE * LINE + (0.1 if foot else 0.0)
    columns, rows = _legend_shape([text for _, text in legend], room)
    legend_height = rows * SMALL_SIZE * 1.42 / 72
    total = EDGE + head_height + margins.top + height + margins.bottom + legend_height + foot_height + EDGE
    figure = Figure(figsize=(WIDTH, total), facecolor="white")
    y = total - EDGE
    for line, size, weight, colour in head:
        figure.text(EDGE / WIDTH, y / total, line, size=size, weight=weight, color=colour, va="top", ha="left")
        y -= size * LINE
    y = EDGE + len(foot) * SMALL_SIZE * LINE
    for line in foot:
        y -= SMALL_SIZE * LINE
        figure.text(EDGE / WIDTH, (y + 0.02) / total, line, size=SMALL_SIZE, color=GREY, va="bottom", ha="left")
    if legend:
        longest = room / columns - HANDLE if columns > 1 else room - HANDLE
        figure.legend(
            [symbol for symbol, _ in legend],
            [wrapped(text, longest, SMALL_SIZE, lines=1)[0] for _, text in legend],
            loc="upper left",
            bbox_to_anchor=(EDGE / WIDTH, (EDGE + foot_height + legend_height) / total),
            ncols=columns,
            fontsize=SMALL_SIZE,
            frameon=False,
            borderaxespad=0.0,
            borderpad=0.0,
            labelspacing=0.3,
            handlelength=2.4,
            columnspacing=1.5,
        )
    bottom = EDGE + foot_height + legend_height + margins.bottom
    return Page(figure, margins.left, bottom, WIDTH - margins.left - margins.right, height)


def sentence(title: str, subtitle: str, text: str) -> Figure:
    """Return a figure that says in words why there is nothing to draw."""
    return page(title, subtitle, 0.3, margins=Margins(bottom=0.0), notes=[text]).figure


def _legend_shape(texts: Sequence[str], room: float) -> tuple[int, int]:
    """Return columns and rows of a legend."""
    if not texts:
        return 1, 0
    longest = max(text_width(plain(text)) for text in texts) + HANDLE + 0.2
    columns = max(1, min(len(texts), 4, int(room / longest)))
    rows = -(-len(texts) // columns)
    return -(-len(texts) // rows), rows
