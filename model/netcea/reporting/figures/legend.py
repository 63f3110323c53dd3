"""Entries of a legend, each a symbol and its text, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from netcea.reporting.figures.style import SMALL_SIZE, Look
from netcea.reporting.figures.text import one_line, plain, text_width

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

Entry: TypeAlias = "tuple[Artist, str]"
HANDLE: Final = 0.65
"""Width of a symbol with its gaps [inches]."""
_FEWEST: Final = 4
"""Entries that stand in columns although others need a line each."""


def line(text: str, **style: Any) -> Entry:
    """Return the entry of a line."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **style), text


def mark(text: str, **style: Any) -> Entry:
    """Return the entry of a mark without a line."""
    return line(text, **{"linestyle": "none", **style})


def patch(text: str, colour: str, **style: Any) -> Entry:
    """Return the entry of an area."""
    from matplotlib.patches import Patch

    return Patch(**{"facecolor": colour, **style}), text


def strategy_lines(looks: Mapping[str, Look], labels: Mapping[str, str]) -> list[Entry]:
    """Return the entries of the strategies that have a label."""
    return [line(label, **looks[name].line()) for name, label in labels.items()]


def legend_height(entries: Sequence[Entry], room: float) -> float:
    """Return the height of a legend in a room of a width [inches]."""
    return sum(_height(*part) for part in _parts(entries, room))


def write_legend(figure: Figure, entries: Sequence[Entry], room: float, at: tuple[float, float]) -> None:
    """Write a legend into a figure, its upper left corner at a place: in columns, and below them what is too long."""
    left, top = at
    for part, columns in _parts(entries, room):
        figure.legend(
            [symbol for symbol, _ in part],
            [one_line(text, room / columns - HANDLE) for _, text in part],
            loc="upper left",
            bbox_to_anchor=(left, top),
            ncols=columns,
            fontsize=SMALL_SIZE,
            frameon=False,
            borderaxespad=0.0,
            borderpad=0.0,
            labelspacing=0.3,
            handlelength=3.2,
            columnspacing=1.5,
        )
        top -= _height(part, columns) / float(figure.get_size_inches()[1])


def _parts(entries: Sequence[Entry], room: float) -> list[tuple[list[Entry], int]]:
    """Return the entries that stand in columns with their number, and those that need a line each."""
    widths = {text: text_width(plain(text)) + HANDLE + 0.2 for _, text in entries}
    long = [entry for entry in entries if widths[entry[1]] > room / 2]
    if len(entries) - len(long) < _FEWEST:
        long = list(entries)
    short = [entry for entry in entries if entry not in long]
    found = [(long, 1)] if long else []
    if short:
        columns = max(1, min(len(short), 4, int(room / max(widths[text] for _, text in short))))
        rows = -(-len(short) // columns)
        found.insert(0, (short, -(-len(short) // rows)))
    return found


def _height(part: Sequence[Entry], columns: int) -> float:
    return -(-len(part) // columns) * SMALL_SIZE * 1.42 / 72
