"""What a document prints: headings, paragraphs, tables, figures; the same for Word, slides and whoever else reads them.

Words can point to tables, figures and sections (`ref`) and to sources (`cite`). Both are marks in the text; whoever
writes it makes of them what the format has: fields of Word, links, or plain words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.reporting.table import Table

Style: TypeAlias = Literal["text", "list", "note", "to_be_completed"]
"""How a paragraph looks: text; an item of a list; a note in small print; what a person has to write."""
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK: Final = re.compile(f"{_OPEN}(ref|cite):([^{_CLOSE}]*){_CLOSE}")
TO_BE_COMPLETED: Final = "To be completed"
"""What stands where the model knows no answer and a person must."""


@dataclass(frozen=True)
class Heading:
    """A heading.

    Attributes
    ----------
    text : str
        With its number, as Document B has it: 'B.3.10 Base-case results'.
    level : int
        1 for a section, 2 for a part of it, 3 below that.
    key : str
        By which text points to it (`ref`); empty where nothing does.
    """

    text: str
    level: int = 1
    key: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    text : str
        Plain words, with `ref` and `cite` in them.
    style : {'text', 'list', 'note', 'to_be_completed'}
    """

    text: str
    style: Style = "text"


@dataclass(frozen=True)
class TableBlock:
    """A table with its caption.

    Attributes
    ----------
    table : Table
        Cells that are texts may hold `ref` and `cite`.
    caption : str
        As Document B has it; its number is given by whoever writes it.
    key : str
        By which text points to it; the table's own name when left out.
    headings : tuple of str
        In place of the titles of the table's columns; empty where those stand.
    widths : tuple of float
        Relative widths of the columns; worked out from what they hold when empty.
    """

    table: Table
    caption: str
    key: str = ""
    headings: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.table.name)
        columns = len(self.table.columns)
        for name in ("headings", "widths"):
            if len(getattr(self, name)) not in (0, columns):
                raise ValueError(f"table {self.table.name}: {columns} columns, {len(getattr(self, name))} {name}")


@dataclass(frozen=True)
class FigureBlock:
    """A figure with its caption, and what it shows in words for those who do not see it.

    Attributes
    ----------
    name : str
        Of the figure: 'ceac'.
    draw : function that draws it
        Called once, when it is written.
    caption : str
    alt : str
        What it shows, in a sentence or two.
    key : str
        By which text points to it; 'figure_' and its name when left out.
    """

    name: str
    draw: Callable[[], Figure] = field(compare=False)
    caption: str
    alt: str
    key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or f"figure_{self.name}")


Block: TypeAlias = Heading | Paragraph | TableBlock | FigureBlock


def ref(key: str) -> str:
    """Return a mark for text that points to a table, a figure or a heading.

    Parameters
    ----------
    key : str
        Of a block.

    Examples
    --------
    >>> [*parts_of("see " + ref("base_case") + ".")]
    [('text', 'see '), ('ref', 'base_case'), ('text', '.')]
    """
    return f"{_OPEN}ref:{key}{_CLOSE}"


def cite(source: str) -> str:
    """Return a mark for text that cites a source.

    Parameters
    ----------
    source : str
        Its name in sources.yaml; several with commas between them.
    """
    return f"{_OPEN}cite:{source}{_CLOSE}"


def parts_of(text: str) -> Iterator[tuple[Literal["text", "ref", "cite"], str]]:
    """Yield the parts of a text: plain words, and what it points to or cites.

    Parameters
    ----------
    text : str
        With `ref` and `cite` in it.
    """
    at = 0
    for found in _MARK.finditer(text):
        if found.start() > at:
            yield "text", text[at : found.start()]
        yield ("ref" if found[1] == "ref" else "cite"), found[2]
        at = found.end()
    if at < len(text):
        yield "text", text[at:]


def key_of(block: Block) -> str:
    """Return the key by which text points to a block; empty where nothing can.

    Parameters
    ----------
    block : Block
        Any.
    """
    return "" if isinstance(block, Paragraph) else block.key


def keys_of(blocks: Iterable[Block]) -> set[str]:
    """Return every key that text can point to.

    Parameters
    ----------
    blocks : iterable of Block
        Of a document.
    """
    return {key for block in blocks if (key := key_of(block))}
