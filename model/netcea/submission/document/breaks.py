"""Where long addresses and paths may go on in the next line of a narrow column: after their dots and strokes."""

from __future__ import annotations

import re
from typing import Final

BREAK: Final = "\u200b"
"""A space without width: nothing shows where the line does not end."""
LEAST: Final = 13
"""Characters of a word that may be broken."""
_ADDRESS: Final = re.compile(r"[A-Za-z0-9][._/][A-Za-z]")
_AFTER: Final = re.compile(r"(?<=[A-Za-z0-9][._/])(?=[A-Za-z0-9])")
_WORD: Final = re.compile(rf"\S{{{LEAST},}}")
_TEXT: Final = re.compile(r"(<w:t(?: [^>]*)?>)([^<]*)")


def breakable(text: str) -> str:
    """Return text whose addresses may be broken after dots, underscores and slashes, and nowhere else.

    Parameters
    ----------
    text : str
        Plain.

    Examples
    --------
    >>> breakable("at costs.drug.price_per_pack, from 1.25").split(BREAK)
    ['at costs.', 'drug.', 'price_', 'per_', 'pack, from 1.25']
    """
    return _WORD.sub(lambda word: _AFTER.sub(BREAK, word[0]) if _ADDRESS.search(word[0]) else word[0], text)


def breakable_xml(inside: str) -> str:
    """Return runs of which the text is `breakable`.

    Parameters
    ----------
    inside : str
        XML of runs.
    """
    return _TEXT.sub(lambda found: found[1] + breakable(found[2]), inside)
