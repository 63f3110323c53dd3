"""A checklist filled in: every item of an instrument with its answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, Table, table_of
from netcea.submission.blocks import ref
from netcea.submission.checklists.answer import (
    STATES,
    Found,
    Place,
    Reply,
    State,
    missing,
    no,
    not_applicable,
    shortened,
)
from netcea.submission.checklists.evidence import TABLES, Evidence, visible
from netcea.submission.checklists.instrument import INSTRUMENTS, Instrument, Item, instrument
from netcea.submission.checklists.topics.registry import TOPICS
from netcea.submission.submission import Submission
from netcea.verification.verdict import Outcome

REPLIES: Final[Mapping[Outcome, Reply]] = {"pass": "yes", "fail": "no", "explained": "explained"}
"""Outcome of a test -> what it answers."""


@dataclass(frozen=True)
class Answer:
    """The answer to one item.

    Attributes
    ----------
    item : Item
    found : Found
    """

    item: Item
    found: Found


@dataclass(frozen=True)
class Checklist:
    """An instrument, answered for one submission.

    Attributes
    ----------
    instrument : Instrument
    answers : tuple of Answer
        One for each item, in order.
    marking : str
        Of a confidential run.
    """

    instrument: Instrument
    answers: tuple[Answer, ...]
    marking: str = ""

    @property
    def counts(self) -> Mapping[State, int]:
        """How many items are answered, for a person, without evidence, not applicable."""
        n = Counter(answer.found.state for answer in self.answers)
        return {state: n[state] for state in STATES}

    @property
    def open(self) -> tuple[Answer, ...]:
        """Items that need somebody: no for an answer, for a person, without evidence."""
        return tuple(a for a in self.answers if a.found.reply == "no" or a.found.state in ("for a person", "missing"))

    @property
    def counted(self) -> str:
        """The same in a sentence, with how many of the answers are no."""
        noes = sum(answer.found.reply == "no" for answer in self.answers)
        listed = ", ".join(f"{n} {state}" for state, n in self.counts.items())
        listed = listed.replace(" answered", f" answered ({noes} with no)" if noes else " answered")
        return f"{self.instrument.title}, {len(self.answers)} items: {listed}."

    def table(self, keys: Collection[str] = ()) -> Table:
        """Return a row for each item.

        Parameters
        ----------
        keys : collection of str
            Of the blocks of a document: where a place is one of them, text points to it.
        """
        made = table_of(
            self.instrument.name,
            f"{self.instrument.title}: {self.instrument.about}",
            self.answers,
            (
                (Column("item", "Item"), lambda a: a.item.id),
                (Column("section", "Section"), lambda a: a.item.section),
                (Column("asks", "What it asks"), lambda a: a.item.asks),
                (Column("state", "State"), lambda a: a.found.state),
                (Column("reply", "Answer"), lambda a: a.found.reply),
                (Column("words", "Found, or needed"), lambda a: plain(a.found.words)),
                (Column("places", "Where"), lambda a: places_in_words(a.found.places, keys)),
            ),
            f"{self.counted} Items in our own words. {self.instrument.citation} doi:{self.instrument.doi}",
        )
        return replace(made, blank_none=True, marking=self.marking)


def places_in_words(places: tuple[Place, ...], keys: Collection[str] = ()) -> str:
    """Return places as text, pointing to what a document has.

    Parameters
    ----------
    places : tuple of Place
        Of an answer.
    keys : collection of str
        Of the blocks of the document.
    """
    return "; ".join(ref(place.key) if place.key in keys else place.words for place in dict.fromkeys(places))


def checklists(submission: Submission) -> tuple[Checklist, ...]:
    """Return every instrument, answered from a submission.

    Parameters
    ----------
    submission : Submission
        What was run of a scenario; an item whose evidence is not in it says so.
    """
    evidence, marking = Evidence(submission), submission.scenario.prices.marking
    found = []
    for name in INSTRUMENTS:
        asked = instrument(name)
        answers = tuple(Answer(item, answered(item, evidence)) for item in asked.items)
        found.append(Checklist(asked, answers, marking))
    return tuple(found)


def answered(item: Item, evidence: Evidence) -> Found:
    """Return the answer to an item.

    Parameters
    ----------
    item : Item
        Of an instrument.
    evidence : Evidence
        What is known.
    """
    if item.tests:
        return by_tests(item.tests, evidence)
    found = checked(TOPICS[item.topic](evidence), item.checks, evidence) if item.topic else None
    if not item.needs or (found is not None and found.judged):
        return found or missing("Nothing answers it.")
    words = item.needs
    if found is not None:
        words += f" {'What the model knows: ' if found.state == 'answered' else ''}{found.words}"
    return Found("for a person", words, "", found.places if found else ())


def checked(found: Found, tests: list[str], evidence: Evidence) -> Found:
    """Return the answer of a topic, or a no where a test of the verification contradicts it.

    Parameters
    ----------
    found : Found
        By the topic.
    tests : list of str
        Names of tests, perhaps none.
    evidence : Evidence
        What is known; where nothing was verified, nothing contradicts.
    """
    tested = by_tests(tests, evidence) if tests and evidence.verdicts else found
    if tested.reply != "no" or tested is found:
        return found
    return no(f"{tested.words} {found.words}", *tested.places, *found.places)


def by_tests(tests: list[str], evidence: Evidence) -> Found:
    """Return what tests of the verification answer: the worst of their outcomes, with what each found.

    Parameters
    ----------
    tests : list of str
        Names of tests.
    evidence : Evidence
        What is known.
    """
    if not evidence.verdicts:
        return evidence.not_run("verify")
    lacking = [test for test in tests if test not in evidence.verdicts]
    if lacking:
        return missing(f"The verification has no test {', '.join(lacking)}.")
    verdicts = {test: evidence.verdicts[test] for test in tests}
    applicable = {test: found for test, found in verdicts.items() if found[0] != "not applicable"}
    if not applicable:
        return not_applicable("; ".join(words for _, words in verdicts.values()))
    worst = min((outcome for outcome, _ in applicable.values()), key=list(TABLES).index)
    brief = len(applicable) > FEW
    words = [
        f"{test} {PASSED[outcome]}{'' if brief and outcome == 'pass' else told(words)}"
        for test, (outcome, words) in applicable.items()
    ]
    places = dict.fromkeys(evidence.place("verify", TABLES[outcome]) for outcome, _ in applicable.values())
    return Found("answered", f"{'; '.join(words)}.".replace("..", "."), REPLIES[worst], tuple(places))


FEW: Final = 2
"""Tests of an item of which each says what it found; of more those alone that did not pass."""
PASSED: Final[Mapping[Outcome, str]] = {"pass": "passed", "fail": "failed", "explained": "explained"}


def told(words: str) -> str:
    """Return what a test found, after a colon; nothing where a redacted run hides it.

    Parameters
    ----------
    words : str
        Of its verdict.
    """
    return f": {shortened(visible(words))}" if visible(words) else ""
