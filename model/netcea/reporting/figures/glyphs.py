"""Text of any script in figures: a font that has its characters, else what the scenario's file calls the thing.

The house font has Latin, Greek, Cyrillic, Arabic and Hebrew letters. For others the fonts of the system are asked, the
usual ones first. Where none has a character, a label is shown as its name in the scenario's file, and other text
without that character: nothing is a box. `replacements` notes what stands for what, so that a command says it once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.scenario.scenario import Scenario

HOUSE_FONT: Final = "DejaVu Sans"
USUAL: Final = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Yu Gothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "Arial Unicode MS",
    "Nirmala UI",
    "Noto Sans",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Segoe UI Emoji",
    "Segoe UI Symbol",
    "Noto Emoji",
    "Symbola",
)
"""Fonts that are asked before others of the system."""
MOST_FONTS: Final = 400
"""Of the system that are looked into."""
_NO_TEXT: Final = ("Last Resort", "STIX", "cmb", "cmex", "cmmi", "cmr", "cmss", "cmsy", "cmtt", "OpenSymbol")
"""Fonts of mathematics, or of boxes."""
_NAMES: ContextVar[Mapping[str, str]] = ContextVar("_NAMES", default={})  # noqa: B039 - never changed
_REPLACED: ContextVar[dict[str, str] | None] = ContextVar("_REPLACED", default=None)
_LEFT_TO_RIGHT: Final = "\u200e"
JOINERS: Final = frozenset("\u200c\u200d\ufe0e\ufe0f\u200e\u200f")
"""Characters without a glyph of their own: they say how their neighbours are drawn."""


def names_of(scenario: Scenario) -> dict[str, str]:
    """Return label -> what the scenario's file calls the strategy, cost or event; name of a scenario -> of its file.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    """
    file = scenario.file
    groups: tuple[Mapping[str, Any], ...] = (file.strategies, file.costs, file.adverse_events.events)
    names = {entry.label: name.replace("_", " ") for group in groups for name, entry in group.items()}
    return {file.name: PurePath(scenario.source).stem.replace("_", " "), **names}


@contextmanager
def named(names: Mapping[str, str]) -> Iterator[None]:
    """Show labels that no font can draw by these names, inside.

    Parameters
    ----------
    names : mapping of label -> name
        As of `names_of`.
    """
    inside = _NAMES.set(names)
    try:
        yield
    finally:
        _NAMES.reset(inside)


@contextmanager
def replacements() -> Iterator[dict[str, str]]:
    """Yield a mapping that holds, after figures were drawn inside, label or text -> what was drawn in its place."""
    found: dict[str, str] = {}
    inside = _REPLACED.set(found)
    try:
        yield found
    finally:
        _REPLACED.reset(inside)


def drawable(text: str) -> str:
    """Return text of which every character can be drawn.

    Parameters
    ----------
    text : str
        Of a figure, on one line.

    Examples
    --------
    >>> drawable("Καβοζαντινίμπη, 45%"), drawable("")
    ('Καβοζαντινίμπη, 45%', '')
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    for label, name in _NAMES.get().items():
        if not label.isascii() and label in text and not _can_be_drawn(label):
            text = text.replace(label, name)
            _note(label, name)
    if _can_be_drawn(text):
        return text
    rest = " ".join("".join(c for c in text if c in JOINERS or font_of(c)).split()) or "?"
    _note(text, rest)
    return rest


def _note(label: str, name: str) -> None:
    found = _REPLACED.get()
    if found is not None:
        found.setdefault(label, name)


def font_of(character: str) -> str:
    """Return the file of a font that has a character: the house font's, or one of the system; empty where none has.

    Parameters
    ----------
    character : str
        One character.
    """
    return _fonts_of(character)[1]


def finished(figure: Figure) -> Figure:
    """Return a figure whose texts have the fonts that they need, and run from left to right as a whole.

    Parameters
    ----------
    figure : Figure
        Drawn in the house style.
    """
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        written = text.get_text()
        if written.isascii():
            continue
        shown = "\n".join(map(drawable, written.split("\n")))
        if any(unicodedata.bidirectional(c) in ("R", "AL") for c in shown) and shown[:1] != _LEFT_TO_RIGHT:
            shown = "\n".join(f"{_LEFT_TO_RIGHT}{line}" for line in shown.split("\n"))
        if shown != written:
            text.set_text(shown)
        families = dict.fromkeys(_fonts_of(c)[0] for c in shown if not c.isascii() and c not in JOINERS)
        others = [family for family in families if family and family != HOUSE_FONT]
        if others:
            text.set_fontfamily([HOUSE_FONT, *others])
    return figure


def _can_be_drawn(text: str) -> bool:
    return all(c.isascii() or c in JOINERS or font_of(c) for c in text)


@lru_cache(maxsize=8192)
def _fonts_of(character: str) -> tuple[str, str]:
    """Return family and file of a font that has a character; two empty texts where none has."""
    from matplotlib import font_manager

    if _needs_shaping(character) and not _shapes():
        return "", ""
    house = font_manager.findfont(font_manager.FontProperties(family=[HOUSE_FONT]))
    if _has(house, character):
        return HOUSE_FONT, house
    return next(((name, path) for name, path in _of_the_system() if _has(path, character)), ("", ""))


def _needs_shaping(character: str) -> bool:
    """Say whether a character runs from right to left, or has a form that depends on its neighbours."""
    return unicodedata.bidirectional(character) in ("R", "AL") or "\u0900" <= character <= "\u0dff"


def _shapes() -> bool:
    """Say whether matplotlib lays such text out: it does from 3.11 on."""
    from matplotlib import ft2font

    return hasattr(ft2font, "__libraqm_version__")


@lru_cache(maxsize=1)
def _of_the_system() -> tuple[tuple[str, str], ...]:
    """Return family and file of the fonts of the system, the usual ones first, a file for each family."""
    from matplotlib import font_manager

    plain = [f for f in font_manager.fontManager.ttflist if f.style == "normal" and not f.name.startswith(_NO_TEXT)]
    found: dict[str, str] = {}
    for font in sorted(plain, key=lambda f: (USUAL.index(f.name) if f.name in USUAL else len(USUAL), f.name, f.fname)):
        found.setdefault(font.name, font.fname)
    return tuple(found.items())[:MOST_FONTS]


def _has(path: str, character: str) -> bool:
    from matplotlib import font_manager

    try:
        return bool(font_manager.get_font(path).get_char_index(ord(character)))
    except (OSError, RuntimeError):  # a font that cannot be read
        return False
