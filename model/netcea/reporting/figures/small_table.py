"""A few rows of text below a panel: what a reader would otherwise try to read off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netcea.reporting.figures.page import EDGE, WIDTH, Page
from netcea.reporting.figures.style import GREY, INK, PALE, SMALL_SIZE, plain, text_width, wrapped

ROW: Final = 0.2
"""Height of a row [inches]."""
_GAP: Final = 0.22
_MARK: Final = 0.2


@dataclass(frozen=True)
class Row:
    """A row: its name, the colour of the mark before it (none when empty), and its cells."""

    name: str
    colour: str
    cells: tuple[str, ...]
    bold: bool = False


def table_height(rows: int, *, grouped: bool = False) -> float:
    """Return the height of a table with its heading [inches]."""
    return ROW * (rows + 1 + grouped) + 0.05


def small_table(
    made: Page, left: float, heading: Sequence[str], rows: Sequence[Row], groups: Sequence[tuple[str, int]] = ()
) -> None:
    """Write a table at the foot of a page's room, from edge to edge.

    Parameters
    ----------
    made : Page
    left : float
        Left margin of the page's panels. [inches]
    heading : sequence of str
        Of the names, then of each column.
    rows : sequence of Row
    groups : sequence of (title, columns)
        A line above the heading, each title over so many columns; none when empty.
    """
    width, height = WIDTH - 2 * EDGE, table_height(len(rows), grouped=bool(groups))
    axes = made.panel(EDGE - left, 0.0, width, height)
    axes.set_xlim(0.0, width)
    axes.set_ylim(0.0, height)
    axes.set_axis_off()
    ends, room = _columns([plain(title) for title in heading[1:]], rows, width)
    top = height - (1.5 if groups else 0.5) * ROW

    def put(x: float, y: float, text: str, align: str, bold: bool, colour: str = INK) -> None:
        weight = "bold" if bold else "normal"
        axes.text(x, y, text, ha=align, va="center", size=SMALL_SIZE, weight=weight, color=colour)

    put(0.0, top, wrapped(heading[0], room, bold=True, lines=1)[0] if heading[0] else "", "left", True, GREY)
    for end, title in zip(ends, heading[1:], strict=True):
        put(end, top, plain(title), "right", True, GREY)
    column = 0
    for title, columns in groups:
        start, end = (ends[column - 1] if column else room) + _GAP, ends[column + columns - 1]
        put((start + end) / 2, height - 0.5 * ROW, plain(title), "center", True, GREY)
        axes.plot([start, end], [height - ROW] * 2, color=PALE, linewidth=0.8, clip_on=False)
        column += columns
    axes.plot([0.0, width], [top - 0.5 * ROW] * 2, color=PALE, linewidth=0.8, clip_on=False)
    for number, row in enumerate(rows, 1):
        y = top - number * ROW - 0.03
        if row.colour:
            axes.plot([0.06], [y], marker="o", markersize=6, color=row.colour, linestyle="none", clip_on=False)
        name = wrapped(row.name, room - _MARK, bold=row.bold, lines=1)
        put(_MARK, y, name[0] if name else "", "left", row.bold)
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
