"""Which pages are upright and which lie: a part of the document with a wide table lies as a whole."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netcea.submission.blocks import Block, FigureBlock, Heading, TableBlock
from netcea.submission.document.labels import Labels
from netcea.submission.document.lengths import TWIPS
from netcea.submission.document.tables import fits_upright

if TYPE_CHECKING:
    from docx.document import Document

A4: Final = (11906, 16838)
MARGIN: Final = 1134
"""2 cm."""
PART: Final = 2
"""Headings to this level begin a part that is turned as a whole."""


@dataclass(frozen=True)
class Page:
    """The pages of a document.

    Attributes
    ----------
    upright : XML
        Section properties of upright pages, without headers and footers.
    lying : XML
        The same of pages that lie.
    """

    upright: Any
    lying: Any

    @classmethod
    def of(cls, document: Document, *, of_template: bool) -> Page:
        """Return the pages of a document: those of a template, or A4.

        Parameters
        ----------
        document : Document
            With one section.
        of_template : bool
            Whether its size and margins stay.
        """
        from docx.shared import Twips

        section = document.sections[-1]
        if not of_template:
            section.page_width, section.page_height = (Twips(n) for n in A4)
            for side in ("left", "right", "top", "bottom"):
                setattr(section, f"{side}_margin", Twips(MARGIN))
            section.header_distance = section.footer_distance = Twips(500)
        found = copy.deepcopy(document.element.body.sectPr)
        for child in list(found):
            if child.tag.rpartition("}")[2] in ("headerReference", "footerReference", "titlePg", "type"):
                found.remove(child)
        return cls(_turned(found, lying=False), _turned(found, lying=True))

    def room(self, *, lying: bool) -> tuple[float, float]:
        """Return width and height of the text of a page [cm].

        Parameters
        ----------
        lying : bool
            Of the pages that lie.
        """
        properties = self.lying if lying else self.upright
        size, margins = _child(properties, "pgSz"), _child(properties, "pgMar")
        across = _number(size, "w") - _number(margins, "left") - _number(margins, "right") - _number(margins, "gutter")
        down = _number(size, "h") - _number(margins, "top") - _number(margins, "bottom")
        return across / TWIPS, down / TWIPS


def parts_of_document(blocks: Sequence[Block], page: Page, labels: Labels) -> list[tuple[bool, list[Block]]]:
    """Return the blocks in stretches of pages, each with whether its pages lie.

    Wide tables lie, figures stand; what is neither goes with what it introduces (headings, words before a table) or
    with what it follows.

    Parameters
    ----------
    blocks : sequence of Block
        Of the document, in their order.
    page : Page
        Its pages.
    labels : Labels
        Of the document.
    """
    room, _ = page.room(lying=False)
    made: list[tuple[bool, list[Block]]] = []
    for part in _parts(blocks):
        for block, lying in zip(part, _turns(part, room, labels), strict=True):
            if not made or made[-1][0] != lying:
                made.append((lying, []))
            made[-1][1].append(block)
    return made


def _parts(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return the parts that begin with headings; headings without anything between them begin one together."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and block.level <= PART and not _only_headings(parts[-1]):
            parts.append([])
        parts[-1].append(block)
    return parts


def _turns(part: Sequence[Block], room: float, labels: Labels) -> list[bool]:
    """Return whether the page of each block of a part lies."""
    wishes = [_wish(block, room, labels) for block in part]
    if True not in wishes:
        return [False] * len(part)
    for n in reversed(range(len(part) - 1)):
        if wishes[n] is None and not (isinstance(part[n], TableBlock) and wishes[n + 1] is False):
            wishes[n] = wishes[n + 1]
    turns: list[bool] = []
    for wish in wishes:
        turns.append(wish if wish is not None else bool(turns and turns[-1]))
    return turns


def _wish(block: Block, room: float, labels: Labels) -> bool | None:
    """Say whether a block wants a page that lies, or one that stands; None where either will do."""
    if isinstance(block, TableBlock):
        return None if fits_upright(block, room, labels) else True
    return False if isinstance(block, FigureBlock) else None


def _only_headings(part: Sequence[Block]) -> bool:
    """Say whether a part is nothing but headings yet: they stay with what comes below them."""
    return all(isinstance(block, Heading) for block in part)


def _turned(properties: Any, *, lying: bool) -> Any:
    made = copy.deepcopy(properties)
    size = _child(made, "pgSz")
    sides = sorted((_number(size, "w"), _number(size, "h")), reverse=lying)
    for name, value in zip(("w", "h"), sides, strict=True):
        size.set(_qualified(name), str(value))
    orient = _qualified("orient")
    if lying:
        size.set(orient, "landscape")
    elif orient in size.attrib:
        del size.attrib[orient]
    return made


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn

    found: str = qn(f"w:{name}")
    return found


def _child(element: Any, name: str) -> Any:
    """Return a child of section properties, which is made where a template has none."""
    found = element.find(_qualified(name))
    if found is None:
        found = element.makeelement(_qualified(name))
        defaults = dict(zip(("w", "h"), A4, strict=True)) if name == "pgSz" else dict.fromkeys(_SIDES, MARGIN)
        for key, value in defaults.items():
            found.set(_qualified(key), str(value))
        element.insert(0, found)
    return found


_SIDES: Final = ("top", "right", "bottom", "left", "header", "footer", "gutter")


def _number(element: Any, name: str) -> int:
    return round(float(element.get(_qualified(name)) or 0))
