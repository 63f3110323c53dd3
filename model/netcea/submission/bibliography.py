"""The bibliography of a submission: the sources of its numbers, numbered in the order in which the text cites them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from netcea.errors import Place, did_you_mean
from netcea.reporting.number_format import plain
from netcea.scenario.scenario import Scenario
from netcea.submission.blocks import Block, FigureBlock, Heading, Paragraph, TableBlock, parts_of
from netcea.submission.checklists.instrument import INSTRUMENTS, instrument
from netcea.workbook.sheets.sources import links_of

BETWEEN: Final = ","
"""Between several sources that are cited together."""


@dataclass(frozen=True)
class Source:
    """One entry.

    Attributes
    ----------
    number : int
        From 1.
    key : str
        Its name in sources.yaml, or of a checklist.
    citation : str
    links : tuple of str
        Where it is on the web, as far as the citation says.
    """

    number: int
    key: str
    citation: str
    links: tuple[str, ...]


@dataclass(frozen=True)
class Bibliography:
    """Numbered sources.

    Attributes
    ----------
    sources : tuple of Source
        In the order of their numbers.
    """

    sources: tuple[Source, ...]

    @classmethod
    def of(cls, scenario: Scenario, blocks: Iterable[Block] = ()) -> Bibliography:
        """Return every source of a scenario's numbers, those first that blocks cite, in that order.

        Parameters
        ----------
        scenario : Scenario
            Whose numbers they are.
        blocks : iterable of Block
            Of the document that cites them.

        Raises
        ------
        InputError
            A block cites what neither the scenario nor a checklist has.
        """
        known = {**citations_of_checklists(), **scenario.bibliography}
        cited = dict.fromkeys(key for block in blocks for key in cited_in(block))
        for key in cited:
            _known(key, known)
        keys = [*cited, *(key for key in scenario.bibliography if key not in cited)]
        return cls(tuple(_source(n, key, known[key]) for n, key in enumerate(keys, 1)))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Key -> number."""
        return {source.key: source.number for source in self.sources}

    def number(self, key: str) -> int:
        """Return the number of a source.

        Parameters
        ----------
        key : str
            Its name in sources.yaml.

        Raises
        ------
        InputError
            There is none of that name: with the nearest.
        """
        _known(key, self.numbers)
        return self.numbers[key]

    def cite(self, keys: str) -> str:
        """Return how text cites one source, or several.

        Parameters
        ----------
        keys : str
            Names in sources.yaml, with commas between them.

        Raises
        ------
        InputError
            There is none of one of the names.

        Examples
        --------
        >>> Bibliography((Source(1, "a", "A.", ()), Source(2, "b", "B.", ()))).cite("b,a")
        '[1, 2]'
        """
        return f"[{', '.join(str(n) for n in sorted({self.number(key) for key in split(keys)}))}]"


def split(keys: str) -> list[str]:
    """Return the names of sources that are cited together.

    Parameters
    ----------
    keys : str
        With commas between them.
    """
    return [key.strip() for key in keys.split(BETWEEN) if key.strip()]


def cited_in(block: Block) -> Iterator[str]:
    """Yield the sources that a block cites, in the order of its text.

    Parameters
    ----------
    block : Block
        Of a document.
    """
    for text in _texts(block):
        for kind, part in parts_of(text):
            if kind == "cite":
                yield from split(part)


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph):
        yield block.text
    elif isinstance(block, FigureBlock):
        yield block.caption
    elif isinstance(block, TableBlock):
        yield block.caption
        yield from block.headings
        yield from (cell for row in block.table.rows for cell in row if isinstance(cell, str))
        yield block.table.note


def citations_of_checklists() -> dict[str, str]:
    """Return the publications of the checklists, by their names."""
    found = {name: instrument(name) for name in INSTRUMENTS}
    return {name: f"{one.citation} {one.doi}" for name, one in found.items()}


def _source(number: int, key: str, citation: str) -> Source:
    return Source(number, key, plain(citation), tuple(links_of(citation)))


def _known(key: str, known: Mapping[str, object]) -> None:
    if key not in known:
        hint = did_you_mean(key, list(known))
        raise Place(f"a citation of {key!r}").error("no such source", "a name in inputs/sources.yaml", hint)
