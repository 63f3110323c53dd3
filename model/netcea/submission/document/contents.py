"""The table of contents and the lists of tables and figures: fields, with what they come to already in them.

Page numbers are left to the word processor, which alone knows them: in Word Ctrl-A, F9 puts them in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from netcea.submission.blocks import Block, FigureBlock, Heading, TableBlock
from netcea.submission.document.labels import Labels
from netcea.submission.document.markup import FIELD_END, field_begin, link, paragraph, run

DEEPEST: Final = 3
"""Level of headings that the contents list."""


def contents_xml(blocks: Sequence[Block], labels: Labels, ids: Mapping[str, str]) -> str:
    """Return contents, list of tables, list of figures.

    Parameters
    ----------
    blocks : sequence of Block
        Of the whole document.
    labels : Labels
        Theirs.
    ids : mapping of name -> id
        Of styles.
    """
    headings: list[tuple[str, str, str]] = []
    tables: list[tuple[str, str, str]] = []
    figures: list[tuple[str, str, str]] = []
    counts = {"Table": 0, "Figure": 0}
    for n, block in enumerate(blocks, 1):
        if isinstance(block, Heading) and 0 < block.level <= DEEPEST and block.key != "contents":
            label = labels.by_key[block.key or f"heading {n}"]
            headings.append((f"toc {block.level}", label.bookmark, block.text))
        elif isinstance(block, TableBlock | FigureBlock):
            kind, entries = ("Table", tables) if isinstance(block, TableBlock) else ("Figure", figures)
            counts[kind] += 1
            label = labels.by_key[f"{kind} {counts[kind]}"]
            entries.append(("table of figures", label.bookmark, f"{label.shown}: {labels.plain(block.caption)}"))
    return "".join(
        _list(title, instruction, entries, ids)
        for title, instruction, entries in (
            ("Contents", rf'TOC \o "1-{DEEPEST}" \h \z \u', headings),
            ("List of tables", r'TOC \h \z \c "Table"', tables),
            ("List of figures", r'TOC \h \z \c "Figure"', figures),
        )
        if entries
    )


def _list(title: str, instruction: str, entries: Sequence[tuple[str, str, str]], ids: Mapping[str, str]) -> str:
    lines = []
    for n, (style, bookmark, text) in enumerate(entries):
        before = field_begin(instruction) if n == 0 else ""
        after = FIELD_END if n == len(entries) - 1 else ""
        lines.append(paragraph(ids[style], before + link(bookmark, run(text)) + after))
    return paragraph(ids["TOC Heading"], run(title)) + "".join(lines)
