"""The checklists as an appendix of a document."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from netcea.reporting.table import Column
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, cite
from netcea.submission.checklists.checklist import Checklist, checklists
from netcea.submission.submission import Submission

SHOWN: Final = ("item", "section", "asks", "answer", "words", "places")
"""Columns of a checklist in a document."""
WIDTHS: Final = (1.1, 1.9, 3.2, 1.5, 8.0, 3.0)
"""Relative widths of the columns of a checklist."""
KEY: Final = "checklists"


def checklist_blocks(submission: Submission, keys: Collection[str] = ()) -> Iterator[Block]:
    """Yield the appendix: each checklist, with how many items are in which state, and where its items come from.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    keys : collection of str
        Of the blocks before it: answers point to these.
    """
    yield Heading("Appendix N: Checklists", 1, KEY)
    yield Paragraph(
        "Each item is answered from this run and from the inputs: what the model knows, and where it stands. Where "
        "only a person can answer, the item says what is needed; where the evidence is not in this submission, it says "
        "how to have it. Items are in our own words: hand in the published forms where they are asked for."
    )
    for found in checklists(submission):
        yield from _one(found, keys)


def _one(found: Checklist, keys: Collection[str]) -> Iterator[Block]:
    asked = found.instrument
    yield Heading(asked.title, 2, f"{KEY}_{asked.name}")
    yield Paragraph(f"{found.counted} {cite(asked.name)} {asked.scope}")
    answer = Column("answer", "Answer")
    whole = found.table(keys)
    at = [column.name for column in whole.columns]
    named = [dict(zip(at, row, strict=True)) for row in whole.rows]
    columns = tuple(answer if name == "answer" else whole.columns[at.index(name)] for name in SHOWN)
    rows = tuple(
        (*(row[n] for n in at[:3]), row["reply"] or row["state"], row["words"], row["places"]) for row in named
    )
    yield TableBlock(replace(whole, columns=columns, rows=rows), f"{asked.title}: {asked.about}", widths=WIDTHS)
