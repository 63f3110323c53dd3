"""How wide columns are: by what stands in them, so that numbers stay whole and long texts take few lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.submission.document.breaks import BREAK, breakable
from netcea.submission.document.lengths import POINT

NARROW: Final = frozenset("fijlrtI.,:;|!'()[]/ -")
WIDE: Final = frozenset("mwMW%@£&")
PADDING: Final = 0.22
"""Of a cell, left and right together. [cm]"""
LONGEST_WORD: Final = 16
"""Characters of a word that is not broken; longer ones are digests, and addresses without a dot."""
WIDEST_LINE: Final = 5.0
"""Of a column of text, before others get what they need. [cm]"""
MOST_ROWS: Final = 60
"""Rows that are looked at."""
STEPS: Final = 40
"""In which room is given away."""
BOLD: Final = 1.07
"""By which bold letters are wider; a little more room than letters need harms nobody."""


def text_width(text: str, size: float) -> float:
    """Return about how wide a line is in Arial [cm].

    Parameters
    ----------
    text : str
        One line.
    size : float
        Of the letters. [points]

    Examples
    --------
    >>> round(text_width("0000000000", 8.0), 2)
    1.71
    """
    ems = sum(0.32 if c in NARROW else 0.9 if c in WIDE else 0.7 if c.isupper() else 0.566 for c in text)
    return ems * size * POINT * BOLD


def least_width(cells: Sequence[str], size: float, *, whole: bool) -> float:
    """Return the width below which a column breaks words, or numbers that should stay whole [cm].

    Parameters
    ----------
    cells : sequence of str
        Heading and rows.
    size : float
        Of the letters. [points]
    whole : bool
        Whether the cells below the heading are numbers.
    """
    heading, *rows = cells
    words = _pieces(heading)
    for row in rows:
        words += [row] if whole and len(row) <= LONGEST_WORD else _pieces(row)
    return PADDING + max((text_width(word, size) for word in words), default=0.0)


def _pieces(text: str) -> list[str]:
    """Return what of a text stays in one line: words, and parts of addresses."""
    return [piece[:LONGEST_WORD] for word in breakable(text).split() for piece in word.split(BREAK)]


def wanted_width(cells: Sequence[str], size: float) -> float:
    """Return the width at which the longest line of a column stays whole, or `WIDEST_LINE` [cm].

    Parameters
    ----------
    cells : sequence of str
        Heading and rows.
    size : float
        Of the letters. [points]
    """
    rows = max((text_width(cell, size) for cell in cells[1:]), default=0.0)
    heading = text_width(cells[0], size) / 3.0  # a heading may take three lines
    return PADDING + min(max(rows, heading), WIDEST_LINE)


def fitted(columns: Sequence[Sequence[str]], whole: Sequence[bool], size: float, room: float) -> list[float]:
    """Return widths of columns that fill the room, or as little of it as they need [cm].

    Parameters
    ----------
    columns : sequence of sequence of str
        Heading and rows of each.
    whole : sequence of bool
        Whether a column is one of numbers.
    size : float
        Of the letters. [points]
    room : float
        Width of the page's text. [cm]

    Notes
    -----
    Every column gets its least width. What is left is given away in small steps, each to the column with which the
    table becomes lowest; where a step helps nowhere, to the column whose longest cell takes the most lines.
    """
    least = [least_width(cells, size, whole=w) for cells, w in zip(columns, whole, strict=True)]
    total = sum(least)
    if total >= room:
        return [width * room / total for width in least]
    most = [max(low, _longest(cells, size)) for cells, low in zip(columns, least, strict=True)]
    if sum(most) <= room:
        return _stretched(most, room)
    return _lowest(_lengths(columns, size), np.array(least), np.array(most), room)


def _lengths(columns: Sequence[Sequence[str]], size: float) -> Array:
    """Return how long each cell is in one line, Array (row, column); of a long table some rows. [cm]"""
    rows = len(columns[0])
    taken = range(0, rows, max(1, rows // MOST_ROWS))
    return np.array([[text_width(cells[row], size) for cells in columns] for row in taken])


def _lowest(lengths: Array, widths: Array, most: Array, room: float) -> list[float]:
    """Give the room that is left away, step by step."""
    step = max((room - float(widths.sum())) / STEPS, 0.05)
    while (left := room - float(widths.sum())) > 1e-6:
        lines = _lines(lengths, widths)
        open_ = np.flatnonzero(widths < most)
        if not len(open_):
            break
        wider = np.minimum(widths + min(step, left), np.maximum(most, widths))
        after = _lines(lengths, wider)
        heights = [np.maximum(np.delete(lines, c, axis=1).max(axis=1, initial=1.0), after[:, c]).sum() for c in open_]
        best = int(open_[int(np.argmin(heights))])
        if min(heights) >= lines.max(axis=1).sum():
            best = int(open_[int(np.argmax((lengths / widths).max(axis=0)[open_]))])
        widths[best] = wider[best]
    return [float(width) for width in widths]


def _lines(lengths: Array, widths: Array) -> Array:
    """Return how many lines each cell takes, Array (row, column): words do not fill them to the end."""
    found: Array = np.ceil(lengths / (widths - PADDING) * 1.06)
    return np.maximum(found, 1.0)


def _longest(cells: Sequence[str], size: float) -> float:
    return PADDING + max(text_width(cells[0], size) / 2.0, *(text_width(cell, size) for cell in cells))


def _stretched(widths: list[float], room: float) -> list[float]:
    """Return widths that need no more room; a little is added to each, so that narrow tables do not look crammed."""
    spare = min(room - sum(widths), 0.35 * len(widths))
    return [width + spare / len(widths) for width in widths]
