"""A few rows of text below a panel: what a reader would otherwise try to read off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from netcea.reporting.figures.page import EDGE, WIDTH, Page
from netcea.reporting.figures.style import GREY, INK, PALE, SMALL_SIZE
from netcea.reporting.figures.text import one_line, plain, text_width

ROW: Final = 0.2
"""Height of a row [inches]."""
_GAP: Final = 0.22
_MARK: Final = 0.2


@dataclass(frozen=True)
class Row:
    """A row: its name, the colour of the mark before it (none when empty), its cells, and the mark's shape."""

    name: str
    colour: str
    cells: tuple[str, ...]
    bold: bool = False
    marker: str = "o"


def table_height(rows: int, *, grouped: bool = False) -> float:
    """Return the height of a table with its heading [inches]."""
    return ROW * (rows + 1 + grouped) + 0.05


def small_table(
    made: Page, heading: Sequence[str], rows: Sequence[Row], groups: Sequence[tuple[str, int]] = ()
) -> None:
    """Write a table at the foot of a page's room, from edge to edge.

    Parameters
    ----------
    made : Page
    heading : sequence of str
        Of the names, then of each column.
    rows : sequence of Row
    groups : sequence of (title, columns)
        A line above the heading, each title over so many columns; none when empty.
    """
    from matplotlib.lines import Line2D

    width, height = WIDTH - 2 * EDGE, table_height(len(rows), grouped=bool(groups))
    ends, room = _columns([plain(title) for title in heading[1:]], rows, width)
    top = height - (1.5 if groups else 0.5) * ROW
    across, up = (float(inches) for inches in made.figure.get_size_inches())

    def put(x: float, y: float, text: str, align: str, bold: bool, colour: str = INK) -> None:
        made.figure.text(
            (EDGE + x) / across,
            (made.bottom + y) / up,
            text,
            ha=align,
            va="center",
            size=SMALL_SIZE,
            weight="bold" if bold else "normal",
            color=colour,
        )

    def draw(x: Sequence[float], y: float, **look: Any) -> None:
        places = [(EDGE + value) / across for value in x], [(made.bottom + y) / up] * len(x)
        made.figure.add_artist(Line2D(*places, transform=made.figure.transFigure, **look))

    put(0.0, top, one_line(heading[0], room, bold=True), "left", True, GREY)
    for end, title in zip(ends, heading[1:], strict=True):
        put(end, top, plain(title), "right", True, GREY)
    column = 0
    for title, columns in groups:
        start, end = (ends[column - 1] if column else room) + _GAP, ends[column + columns - 1]
        put((start + end) / 2, height - 0.5 * ROW, plain(title), "center", True, GREY)
        draw([start, end], height - ROW, color=PALE, linewidth=0.8)
        column += columns
    draw([0.0, width], top - 0.5 * ROW, color=PALE, linewidth=0.8)
    for number, row in enumerate(rows, 1):
        y = top - number * ROW - 0.03
        if row.colour:
            draw([0.06], y, marker=row.marker, markersize=6, color=row.colour, linestyle="none")
        put(_MARK, y, one_line(row.name, room - _MARK, bold=row.bold), "left", row.bold)
        for end, cell in zip(ends, row.cells, strict=True):
            put(end, y, cell, "right", row.bold)


def _columns(titles: Sequence[str], rows: Sequence[Row], width: float) -> tuple[list[float], float]:
    """Return where each column ends, the last at the right edge, and the room for names."""
    ends: list[float] = []
    end = width
    for number in reversed(range(len(titles))):
        cells = [text_width(row.cells[number], bold=row.bold) for row in rows]
        ends.append(end)
        end -= max([text_width(titles[number], bold=True), *cells]) + _GAP
    return ends[::-1], max(end, 0.6)
