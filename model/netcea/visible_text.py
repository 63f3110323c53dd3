r"""What people are shown of text that comes from files: characters that act on a terminal stand as their escapes.

Every text that reaches a screen, a message or a table passes `visible`: control characters, which may be the start of a
terminal's commands, what turns the direction of writing, what has no width, and ends of lines are written out
(``\x1b``, ``\u202e``). What is shown twice is changed once: an escape holds nothing that would be escaped.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_RANGES: Final = (
    "\x00-\x1f\x7f-\x9f\xad"  # C0, DEL and C1; the soft hyphen
    "\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"  # joiners and signs of format of Arabic and Syriac
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # letters without a glyph: Hangul, Khmer, Mongolian
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # no width, ends of lines, direction of writing
    "\ud800-\udfff\ufe00-\ufe0d\ufeff\ufff0-\ufffb\ufffe\uffff"  # surrogates, variants, byte order mark
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags: text that nobody sees
)
_JOINER: Final = rf"(?<![\x00-\x7f{_RANGES}])(?<!^)[\u200c\u200d](?![\x00-\x7f{_RANGES}]|$)"
"""Between two letters that it joins (Persian, Hindi), or two parts of one emoji: it says how they look."""
_HIDDEN: Final = re.compile(f"(?!{_JOINER})[{_RANGES}]")
_HIDDEN_IN_LINES: Final = f"(?!\n)(?!{_JOINER})[{_RANGES}]"  # compiled when it is first used: by a message
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x7f": "\\u007f"}  # DEL as JSON can have it, too


def visible(text: str) -> str:
    r"""Return text on one line of which nothing acts on a terminal, everything else as it is.

    >>> visible("a\x1b[31m\u202eb"), visible("one\ntwo"), visible("Café, 日本, 🙂")
    ('a\\x1b[31m\\u202eb', 'one\\ntwo', 'Café, 日本, 🙂')
    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_escape, text)


def visible_lines(text: str) -> str:
    r"""Return the same of several lines: their ends stay.

    >>> visible_lines("one\n\x07two")
    'one\n\\x07two'
    """
    return re.sub(_HIDDEN_IN_LINES, _escape, text)


def display_width(text: str) -> int:
    r"""Return how many columns of a terminal, or characters' widths of a sheet, a line takes.

    >>> display_width("Café"), display_width("Cafe\u0301"), display_width("卡博替尼")
    (4, 4, 8)
    """
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def cut_to_utf16(text: str, most: int) -> str:
    """Return the beginning of a text that has so many UTF-16 units at most, no letter apart from its accents.

    >>> cut_to_utf16("💊💊 a", 3), cut_to_utf16("Placebo", 31)
    ('💊', 'Placebo')
    """
    end, units = 0, 0
    for at, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > most:
            while end and unicodedata.combining(text[end]):
                end -= 1
            return text[:end]
        end = at + 1
    return text


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
