"""What is answered to an item, and the few ways of saying it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

State: TypeAlias = Literal["answered", "for a person", "missing", "not applicable"]
"""Answered by the model; a person must; the evidence for an answer is not there; it does not apply to this model."""
Reply: TypeAlias = Literal["yes", "partly", "explained", "no", ""]
"""Of an answered item: yes; in part; not, for a reason that is said; no. Empty where a person answers."""
STATES: Final[tuple[State, ...]] = ("answered", "for a person", "missing", "not applicable")


@dataclass(frozen=True)
class Place:
    """Where a reader finds what an answer rests on.

    Attributes
    ----------
    words : str
        In words: the table and its file, an address.
    key : str
        Of a block of a document, by which text points to it; empty where there is none.
    """

    words: str
    key: str = ""


@dataclass(frozen=True)
class Found:
    """What is known of an item.

    Attributes
    ----------
    state : {'answered', 'for a person', 'missing', 'not applicable'}
    words : str
        The answer, in sentences; what is missing and how to have it; why it does not apply.
    reply : {'yes', 'partly', 'explained', 'no', ''}
    places : tuple of Place
    judged : bool
        Whether people have judged it, and the record of that is the answer.
    """

    state: State
    words: str
    reply: Reply = ""
    places: tuple[Place, ...] = ()
    judged: bool = False


def yes(words: str, *places: Place) -> Found:
    """Return that it is so.

    Parameters
    ----------
    words : str
        In what way.
    *places : Place
        What the answer rests on.
    """
    return Found("answered", words, "yes", places)


def partly(words: str, *places: Place) -> Found:
    """Return that it is so in part.

    Parameters
    ----------
    words : str
        In which.
    *places : Place
        What the answer rests on.
    """
    return Found("answered", words, "partly", places)


def no(words: str, *places: Place) -> Found:
    """Return that it is not so.

    Parameters
    ----------
    words : str
        What is found in its place.
    *places : Place
        What the answer rests on.
    """
    return Found("answered", words, "no", places)


def missing(words: str, *places: Place) -> Found:
    """Return that the evidence for an answer is not there.

    Parameters
    ----------
    words : str
        What is missing, and how to have it.
    *places : Place
        Where it was looked for.
    """
    return Found("missing", words, "", places)


def not_applicable(words: str) -> Found:
    """Return that an item does not apply.

    Parameters
    ----------
    words : str
        Why not.
    """
    return Found("not applicable", words)


def whether(holds: bool, words: str, *places: Place) -> Found:
    """Return yes or no.

    Parameters
    ----------
    holds : bool
        The answer.
    words : str
        What it rests on.
    *places : Place
        Where that is.
    """
    return yes(words, *places) if holds else no(words, *places)


def listed(start: str, names: Iterable[str]) -> str:
    """Return a sentence that lists names, with a space before it; nothing where there are none.

    Parameters
    ----------
    start : str
        With what it begins.
    names : iterable of str
        What it lists.

    Examples
    --------
    >>> listed("Left out", ["a", "b"]), listed("Left out", [])
    (' Left out: a, b.', '')
    """
    found = ", ".join(names)
    return f" {start}: {found}." if found else ""


def several(count: int, what: str) -> str:
    """Return how many of something there are.

    Parameters
    ----------
    count : int
        How many.
    what : str
        Of what: one of them.

    Examples
    --------
    >>> several(1, "fit"), several(2, "curve")
    ('1 fit', '2 curves')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def shortened(text: str, most: int = 260) -> str:
    """Return a text of a table, cut where it is long: the rest stands there.

    Parameters
    ----------
    text : str
        Parts with semicolons between them.
    most : int
        Characters.

    Examples
    --------
    >>> shortened("one; two; three", 10)
    'one; two; and more there'
    """
    if len(text) <= most:
        return text
    kept, _, _ = text[:most].rpartition("; ")
    return f"{kept}; and more there" if kept else f"{text[:most].rpartition(' ')[0]} ..."
