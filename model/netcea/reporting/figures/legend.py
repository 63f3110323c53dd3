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
HANDLE: Final = 0.55
"""Width of a symbol with its gaps [inches]."""


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


def legend_shape(entries: Sequence[Entry], room: float) -> tuple[int, float]:
    """Return how many columns a legend has in a room, and its height [inches]."""
    if not entries:
        return 1, 0.0
    longest = max(text_width(plain(text)) for _, text in entries) + HANDLE + 0.2
    columns = max(1, min(len(entries), 4, int(room / longest)))
    rows = -(-len(entries) // columns)
    return -(-len(entries) // rows), rows * SMALL_SIZE * 1.42 / 72


def write_legend(figure: Figure, entries: Sequence[Entry], columns: int, room: float, at: tuple[float, float]) -> None:
    """Write a legend into a figure, its upper left corner at a place."""
    if not entries:
        return
    figure.legend(
        [symbol for symbol, _ in entries],
        [one_line(text, room / columns - HANDLE) for _, text in entries],
        loc="upper left",
        bbox_to_anchor=at,
        ncols=columns,
        fontsize=SMALL_SIZE,
        frameon=False,
        borderaxespad=0.0,
        borderpad=0.0,
        labelspacing=0.3,
        handlelength=2.4,
        columnspacing=1.5,
    )
