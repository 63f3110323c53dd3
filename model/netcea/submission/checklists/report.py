"""The checklists as a report: what `netcea check --checklists` shows and writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netcea.reporting.number_format import plain
from netcea.reporting.report import Report
from netcea.reporting.table import Column, Table, table_of
from netcea.submission.checklists.answer import shortened
from netcea.submission.checklists.checklist import Answer, Checklist, checklists
from netcea.submission.submission import Submission

ANALYSIS: Final = "checklists"
TECH_VER: Final = "tech_ver"
"""The instrument whose no is a failed test."""


@dataclass(frozen=True)
class ItemRecord:
    """One item in results.json.

    Attributes
    ----------
    item, section, asks : str
        As the instrument has it, in our own words.
    state : {'answered', 'for a person', 'missing', 'not applicable'}
    reply : {'yes', 'partly', 'explained', 'no', ''}
    words : str
        The answer, or what is needed.
    places : tuple of str
        What it rests on.
    """

    item: str
    section: str
    asks: str
    state: str
    reply: str
    words: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class ChecklistRecord:
    """One checklist in results.json.

    Attributes
    ----------
    name, title, citation, doi, scope : str
        Of the instrument.
    answered, for_a_person, missing, not_applicable : int
        How many items.
    items : tuple of ItemRecord
    """

    name: str
    title: str
    citation: str
    doi: str
    scope: str
    answered: int
    for_a_person: int
    missing: int
    not_applicable: int
    items: tuple[ItemRecord, ...]


@dataclass(frozen=True)
class ChecklistsRecord:
    """What results.json holds.

    Attributes
    ----------
    checklists : tuple of ChecklistRecord
    """

    checklists: tuple[ChecklistRecord, ...]


def report(submission: Submission) -> Report:
    """Return every checklist as a table, what is open, and how many items are answered.

    Parameters
    ----------
    submission : Submission
        What was run of a scenario.
    """
    found = checklists(submission)
    failed = [a for one in found if one.instrument.name == TECH_VER for a in one.answers if a.found.reply == "no"]
    return Report(
        analysis=ANALYSIS,
        title=f"{submission.scenario.file.name}: checklists",
        scenario=submission.scenario,
        options={},
        record=ChecklistsRecord(tuple(map(_record, found))),
        tables=(summary_table(found), open_table(found), *(one.table() for one in found)),
        on_screen=("checklists", "checklists_open"),
        lines=tuple(f"{one.instrument.title}. {one.instrument.citation} {one.instrument.scope}" for one in found),
        faults=tuple(f"TECH-VER {a.item.id}: {a.item.asks}: {a.found.words}" for a in failed),
        stated=SHOWN,
    )


SHOWN: Final = frozenset({"checklists", "checklists_open", "cheers_2022", "advishe", "tech_ver", "philips", "lines"})
"""Tables and entries that hold nothing of a price: answers are made of reports that are redacted already."""


def _record(one: Checklist) -> ChecklistRecord:
    asked, n = one.instrument, one.counts
    return ChecklistRecord(
        name=asked.name,
        title=asked.title,
        citation=asked.citation,
        doi=asked.doi,
        scope=asked.scope,
        answered=n["answered"],
        for_a_person=n["for a person"],
        missing=n["missing"],
        not_applicable=n["not applicable"],
        items=tuple(map(_item, one.answers)),
    )


def _item(answer: Answer) -> ItemRecord:
    item, found = answer.item, answer.found
    places = tuple(place.words for place in found.places)
    return ItemRecord(item.id, item.section, item.asks, found.state, found.reply, found.words, places)


def summary_table(found: Sequence[Checklist]) -> Table:
    """Return a row for each checklist: how many items are in which state.

    Parameters
    ----------
    found : sequence of Checklist
        Of one submission.
    """
    return table_of(
        "checklists",
        "Checklists",
        found,
        (
            (Column("checklist", "Checklist"), lambda one: one.instrument.title),
            (Column("items", "Items", "", "count"), lambda one: len(one.answers)),
            (Column("answered", "Answered", "", "count"), lambda one: one.counts["answered"]),
            (Column("noes", "of these no", "", "count"), _noes),
            (Column("for_a_person", "For a person", "", "count"), lambda one: one.counts["for a person"]),
            (Column("missing", "Evidence missing", "", "count"), lambda one: one.counts["missing"]),
            (Column("not_applicable", "Not applicable", "", "count"), lambda one: one.counts["not applicable"]),
        ),
        "Items in our own words; answers come from what was run and from inputs/. No score is made of them.",
    )


def _noes(one: Checklist) -> int:
    return sum(answer.found.reply == "no" for answer in one.answers)


def open_table(found: Sequence[Checklist]) -> Table:
    """Return the items of every checklist that need somebody: answered with no, for a person, without evidence.

    Parameters
    ----------
    found : sequence of Checklist
        Of one submission.
    """
    pairs = [(one.instrument.title, answer) for one in found for answer in one.open]
    return table_of(
        "checklists_open",
        "What is open",
        pairs,
        (
            (Column("checklist", "Checklist"), lambda pair: pair[0]),
            (Column("item", "Item"), lambda pair: pair[1].item.id),
            (Column("asks", "What it asks"), lambda pair: pair[1].item.asks),
            (Column("state", "State"), lambda pair: pair[1].found.reply or pair[1].found.state),
            (Column("words", "Found, or needed"), lambda pair: plain(wanted(pair[1]))),
        ),
    )


def wanted(answer: Answer) -> str:
    """Return what an open item needs, without what its own table says besides.

    Parameters
    ----------
    answer : Answer
        To an item that is open.
    """
    return answer.item.needs if answer.found.state == "for a person" else shortened(answer.found.words, MOST)


MOST: Final = 160
"""Characters of an answer in the table of what is open."""
