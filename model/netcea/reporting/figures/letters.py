"""Lines of text as outlines of letters, each read from its font once, whatever its size and the kind of file.

Laying every line out anew for each size and kind of file is half of what drawing a figure costs. Nothing is hinted
here, so widths do not depend on the size, and a line is laid out once: from left to right, by the widths and the
kerning of the house font. What needs more than that (letters that join, marks on letters, other fonts) is left to
matplotlib.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from netcea.arrays import Array
from netcea.reporting.figures.glyphs import HOUSE_FONT

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path

SIZE: Final = 100.0
"""At which outlines are read [points]."""
_SIDE_BY_SIDE: Final = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u2100-\u22ff]+"
)
"""Letters that stand side by side whatever their neighbours: Latin, Greek, Cyrillic, signs."""
_PARTS: Final = 64.0
"""Of a point, in which fonts give their kerning."""


@dataclass(frozen=True, eq=False)
class Letter:
    """A letter of a font.

    Attributes
    ----------
    name : str
        Of its font and of itself in the font.
    glyph : int
        Its number in the font.
    vertices, codes : arrays, shapes (points, 2) and (points,)
        Outline, from the origin on the baseline. [points at `SIZE`]
    advance : float
        To the next letter. [points at `SIZE`]
    """

    name: str
    glyph: int
    vertices: Array
    codes: Any
    advance: float


@dataclass(frozen=True, eq=False)
class Line:
    """A line of text.

    Attributes
    ----------
    letters : tuple of (Letter, float)
        Each that leaves ink, with where it begins. [points at `SIZE`]
    path : Path
        The outlines of all. [points at `SIZE`]
    width, height, descent : float
        Height is that of the ink, descent how far it reaches below the baseline. [points at `SIZE`]
    """

    letters: tuple[tuple[Letter, float], ...]
    path: Path
    width: float
    height: float
    descent: float


def laid_out(text: str, properties: FontProperties) -> Line | None:
    """Return a line of text in the house font; None where matplotlib has to lay it out.

    Parameters
    ----------
    text : str
        One line.
    properties : FontProperties
        Of the text; its size does not matter.
    """
    if properties.get_family()[0] != HOUSE_FONT or not _SIDE_BY_SIDE.fullmatch(text):
        return None
    return _line(text, properties.get_style(), properties.get_weight())


@lru_cache(maxsize=4096)
def _line(text: str, style: str, weight: str | int) -> Line | None:
    from matplotlib.path import Path

    placed: list[tuple[Letter, float]] = []
    end, before = 0.0, None
    for character in text:
        letter = _letter(character, style, weight)
        if letter is None:
            return None
        start = end + (_kerning(before.glyph, letter.glyph, style, weight) if before is not None else 0.0)
        placed.append((letter, start))
        end, before = start + letter.advance, letter
    inked = tuple((letter, start) for letter, start in placed if len(letter.codes))
    if not inked:
        return Line((), Path(np.empty((0, 2))), end, 0.0, 0.0)
    vertices = np.concatenate([letter.vertices + np.array([start, 0.0]) for letter, start in inked])
    path = Path(vertices, np.concatenate([letter.codes for letter, _ in inked]))
    ink = vertices[path.codes != Path.CLOSEPOLY, 1]  # the point of an end of an outline is none
    return Line(inked, path, end, float(ink.max() - ink.min()), float(-ink.min()))


@lru_cache(maxsize=4096)
def _letter(character: str, style: str, weight: str | int) -> Letter | None:
    """Return a letter of the house font; None where the font has not got it."""
    font = _font(style, weight)
    number = font.get_char_index(ord(character))
    if not number:
        return None
    loaded = font.load_glyph(number, flags=_of_fonts("LoadFlags", "LOAD_", "NO_HINTING"))
    vertices, codes = font.get_path()
    return Letter(
        f"{font.postscript_name}.{number:x}", number, vertices, codes, float(loaded.linearHoriAdvance) / 65536
    )


@lru_cache(maxsize=8192)
def _kerning(left: int, right: int, style: str, weight: str | int) -> float:
    """Return by how much the second of two letters moves [points at `SIZE`]."""
    return float(_font(style, weight).get_kerning(left, right, _of_fonts("Kerning", "KERNING_", "UNFITTED"))) / _PARTS


def _font(style: str, weight: str | int) -> Any:
    """Return the house font, set to the size at which outlines are read."""
    from matplotlib import font_manager

    font = font_manager.get_font(_file(style, weight))
    font.set_size(SIZE, 72)
    return font


@lru_cache(maxsize=16)
def _file(style: str, weight: str | int) -> str:
    from matplotlib import font_manager

    properties = font_manager.FontProperties(family=[HOUSE_FONT], weight=weight)
    properties.set_style(cast("Any", style))
    return font_manager.findfont(properties)


@lru_cache(maxsize=2)
def _of_fonts(group: str, prefix: str, name: str) -> Any:
    """Return a setting of fonts, which matplotlib before 3.10 has under a name of its own."""
    from matplotlib import ft2font

    fonts: Any = ft2font
    return getattr(fonts, group)[name] if hasattr(fonts, group) else getattr(fonts, f"{prefix}{name}")
