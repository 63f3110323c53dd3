"""How text fits: sizes of letters at which tables and paragraphs stay in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netcea.submission.document.lengths import POINT
from netcea.submission.document.widths import PADDING, fitted, least_width, text_width

LINE: Final = 1.22
"""Height of a line over the size of its letters."""
MARGIN: Final = 0.16
"""Above and below the text of a cell, together. [cm]"""
SIZES: Final = (18.0, 16.0, 14.0, 12.0, 11.0, 10.0, 9.0)
"""Of letters, from the largest; below the last a slide cannot be read. [points]"""
SIDE: Final = 0.3
"""Left and right of the text of a cell, together. [cm]"""


def lines_of(text: str, width: float, size: float) -> int:
    """Return how many lines a text takes.

    Parameters
    ----------
    text : str
        A paragraph.
    width : float
        Of its place. [cm]
    size : float
        Of its letters. [points]

    Examples
    --------
    >>> lines_of("one two", 10.0, 12.0), lines_of("one two three four", 2.0, 12.0)
    (1, 3)
    """
    lines, used, blank = 1, 0.0, text_width(" ", size)
    for word in text.split():
        wide = text_width(word, size)
        if used and used + blank + wide > width:
            lines, used = lines + 1, 0.0
        used += wide + (blank if used else 0.0)
        while used > width:  # a word that is broken
            lines, used = lines + 1, used - width
    return lines


def text_height(texts: Sequence[str], width: float, size: float) -> float:
    """Return how high paragraphs are, with half a line between them [cm].

    Parameters
    ----------
    texts : sequence of str
        Paragraphs.
    width : float
        Of their place. [cm]
    size : float
        Of their letters. [points]
    """
    lines = sum(lines_of(text, width, size) + 0.5 for text in texts)
    return lines * size * LINE * POINT


def row_heights(rows: Sequence[Sequence[str]], widths: Sequence[float], size: float) -> list[float]:
    """Return the height of each row of a table [cm].

    Parameters
    ----------
    rows : sequence of sequence of str
        Heading and rows.
    widths : sequence of float
        Of the columns. [cm]
    size : float
        Of the letters. [points]
    """
    inside = [max(width - SIDE, 0.3) for width in widths]
    most = (max(lines_of(cell, w, size) for cell, w in zip(row, inside, strict=True)) for row in rows)
    return [MARGIN + size * LINE * POINT * lines for lines in most]


def table_fit(
    rows: Sequence[Sequence[str]], whole: Sequence[bool], room: tuple[float, float], shares: Sequence[float] = ()
) -> tuple[float, list[float], int]:
    """Return the size of letters, the widths of columns [cm] and how many rows of a table fit.

    Parameters
    ----------
    rows : sequence of sequence of str
        Heading and rows.
    whole : sequence of bool
        Whether a column is one of numbers, which are not broken.
    room : (float, float)
        Width and height. [cm]
    shares : sequence of float
        Relative widths of the columns; worked out from the text when empty.
    """
    columns = [list(cells) for cells in zip(*rows, strict=True)]
    for size in SIZES:
        widths, broken = column_widths(columns, whole, size, room[0], shares)
        if not broken and sum(row_heights(rows, widths, size)) <= room[1]:
            return size, widths, len(rows) - 1
    size, used, kept = SIZES[-1], 0.0, 0
    widths, _ = column_widths(columns, whole, size, room[0], shares)
    for height in row_heights(rows, widths, size):
        if used + height > room[1]:
            break
        used, kept = used + height, kept + 1
    return size, widths, max(kept - 1, 0)


def column_widths(
    columns: Sequence[Sequence[str]], whole: Sequence[bool], size: float, room: float, shares: Sequence[float] = ()
) -> tuple[list[float], bool]:
    """Return the widths of columns [cm], which fill the room, and whether a word is broken in them.

    Parameters
    ----------
    columns : sequence of sequence of str
        Heading and rows of each.
    whole : sequence of bool
        Whether a column is one of numbers, which are not broken.
    size : float
        Of the letters. [points]
    room : float
        Width of the table. [cm]
    shares : sequence of float
        Relative widths; worked out from the text when empty.
    """
    least = [_least(cells, size, whole=w) for cells, w in zip(columns, whole, strict=True)]
    if shares:
        found = [room * share / sum(shares) for share in shares]
        return found, any(width < low for width, low in zip(found, least, strict=True))
    if sum(least) > room:
        return [low * room / sum(least) for low in least], True
    wanted = [max(width, low) for width, low in zip(fitted(columns, whole, size, room), least, strict=True)]
    spare, over = room - sum(least), [width - low for width, low in zip(wanted, least, strict=True)]
    total = sum(over) or 1.0
    return [low + spare * more / total for low, more in zip(least, over, strict=True)], False


def _least(cells: Sequence[str], size: float, *, whole: bool) -> float:
    """Return the width below which a word is broken: of the heading, which is bold, and of the rows [cm]."""
    heading = max((text_width(word, size) for word in cells[0].split()), default=0.0) * BOLD
    body = least_width(["", *cells[1:]], size, whole=whole) - PADDING
    return SIDE + SPARE + max(heading, body)


BOLD: Final = 1.1
"""Width of bold letters over that of others."""
SPARE: Final = 0.1
"""What programs of slides differ by. [cm]"""
