"""Several results in one text, and each of them out of it: one cell of a data table holds all that a row is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BETWEEN: Final = "|"
MARK: Final = 'MID(0.5&"",2,1)'
"""The formula of the decimal mark of the reader's language."""


def packed(cells: Sequence[str]) -> str:
    """Return the formula of a text with what cells come to: numbers with 15 digits and a point in any language.

    >>> packed(["A1", "B1"])
    'SUBSTITUTE(A1&"|"&B1,",",".")'
    """
    parts = f'&"{BETWEEN}"&'.join(cells)
    return f'SUBSTITUTE({parts},",",".")'


def unpacked(cell: str, place: int, *, text: bool = False) -> str:
    """Return the formula of a part of such a text: a number, or '' where the part or the cell is empty.

    As many blanks as the text has letters come between two parts, so that each stands alone in as long a stretch.

    Parameters
    ----------
    cell : str
    place : int
        From 0.
    text : bool
        Whether the part is a text.

    >>> unpacked("A1", 1, text=True)
    'TRIM(MID(SUBSTITUTE(A1,"|",REPT(" ",LEN(A1))),1*LEN(A1)+1,LEN(A1)))'
    """
    letters = f"LEN({cell})"
    part = f'TRIM(MID(SUBSTITUTE({cell},"{BETWEEN}",REPT(" ",{letters})),{place}*{letters}+1,{letters}))'
    return part if text else f'IF({part}="","",VALUE(SUBSTITUTE({part},".",{MARK})))'
