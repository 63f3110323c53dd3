"""What tables, figures, headings and sources are called, and the bookmarks by which text finds them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netcea.submission.bibliography import Bibliography, split
from netcea.submission.blocks import Block, FigureBlock, Heading, TableBlock, parts_of
from netcea.submission.document.markup import reference, run

NOT_HERE: Final = "(not in this document)"
"""What stands where text points to a block that is not there, such as the table of an analysis that was not run."""
_NUMBERED: Final = re.compile(r"^(Appendix [A-Z]+|[A-Z]?\.?[0-9]+(\.[0-9]+)*)(?=[ :])")


@dataclass(frozen=True)
class Label:
    """What a block is called, and where it is.

    Attributes
    ----------
    shown : str
        'Table 12', 'Figure 3', 'B.3.10'.
    bookmark : str
        Around these words.
    number : int
        Of tables and figures: in their sequence; of a bookmark: its id.
    """

    shown: str
    bookmark: str
    number: int


@dataclass(frozen=True)
class Labels:
    """Labels of all blocks, and the numbers of all sources.

    Attributes
    ----------
    by_key : mapping of key -> Label
    bibliography : Bibliography
        Sources, numbered in the order in which they are cited first.
    """

    by_key: Mapping[str, Label]
    bibliography: Bibliography

    def runs(self, text: str, *, bold: bool = False) -> str:
        """Return the XML of a text, its references and citations as fields.

        Parameters
        ----------
        text : str
            With `ref` and `cite` in it.
        bold : bool
            Whether it is bold.
        """
        return "".join(self._part(kind, value, bold=bold) for kind, value in parts_of(text))

    def plain(self, text: str) -> str:
        """Return a text as it reads, without fields.

        Parameters
        ----------
        text : str
            With `ref` and `cite` in it.
        """
        return "".join(self._words(kind, value) for kind, value in parts_of(text))

    def _part(self, kind: str, value: str, *, bold: bool) -> str:
        if kind == "text":
            return run(value, bold=bold)
        if kind == "ref":
            label = self.by_key.get(value)
            return run(NOT_HERE) if label is None else reference(label.bookmark, label.shown)
        numbers = sorted({self.bibliography.number(key) for key in split(value)})
        inside = run(", ").join(reference(source_bookmark(number), str(number)) for number in numbers)
        return f"{run('[')}{inside}{run(']')}" if inside else ""

    def _words(self, kind: str, value: str) -> str:
        if kind == "text":
            return value
        if kind == "ref":
            return self.by_key[value].shown if value in self.by_key else NOT_HERE
        return self.bibliography.cite(value)


def labels_of(blocks: Sequence[Block], bibliography: Bibliography) -> Labels:
    """Return what everything is called: tables and figures are counted in the order of the blocks.

    Parameters
    ----------
    blocks : sequence of Block
        Of the whole document.
    bibliography : Bibliography
        Of the document.
    """
    found: dict[str, Label] = {}
    counts = {"Table": 0, "Figure": 0}
    for n, block in enumerate(blocks, 1):
        if isinstance(block, Heading):
            found[block.key or f"heading {n}"] = Label(number_of(block.text), f"_Toc{n:08d}", n)
        elif isinstance(block, TableBlock | FigureBlock):
            kind = "Table" if isinstance(block, TableBlock) else "Figure"
            counts[kind] += 1
            label = Label(f"{kind} {counts[kind]}", f"_Ref{kind}{counts[kind]:04d}", counts[kind])
            found.setdefault(block.key, label)
            found[f"{kind} {counts[kind]}"] = label
    return Labels(found, bibliography)


def number_of(heading: str) -> str:
    """Return what text calls a heading: its number, or all of it where it has none.

    Parameters
    ----------
    heading : str
        As it is printed.

    Examples
    --------
    >>> number_of("B.3.10 Base-case results"), number_of("Appendix J: Results"), number_of("Contents")
    ('B.3.10', 'Appendix J', 'Contents')
    """
    found = _NUMBERED.match(heading)
    return found[0] if found else heading


def source_bookmark(number: int) -> str:
    """Return the bookmark of a source in the bibliography.

    Parameters
    ----------
    number : int
        Of the source.
    """
    return f"_RefSource{number:04d}"
