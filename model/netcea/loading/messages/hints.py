"""How a message shows a value, and what it suggests where the type is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from netcea.scenario.number_hints import number_hint

ABSENT: Final = frozenset(
    ("none", "no", "off", "null", "nil", "nothing", "false", "n/a", "na", "not", "without", "never")
)
"""Words for what is not there."""


def show(value: Any) -> str:
    """Return a value in the reader's words.

    Parameters
    ----------
    value : object
        Of an entry.

    Examples
    --------
    >>> show(None), show(True), show([1]), show("12")
    ('nothing', 'true', 'a list', "'12'")
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a group of entries"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def type_hint(kind: str, value: Any, unit: str = "") -> str:
    """Return what to do about a value of another type than pydantic's error `kind` says was expected.

    Parameters
    ----------
    kind : str
        Of pydantic's error.
    value : object
        Of the entry.
    unit : str
        That a number is wanted in, where that is known.
    """
    if kind.startswith(("float", "int", "finite")) and isinstance(value, str):
        return number_hint(value, unit)
    if kind.startswith("bool") and value in ("yes", "no", "on", "off"):
        return f"write {'true' if value in ('yes', 'on') else 'false'} (YAML 1.2 knows no yes and no)"
    if kind == "string_type" and isinstance(value, int | float):
        return f"put it in quotes if it is text: '{show(value)}'"
    if kind == "list_type" and isinstance(value, str):
        return f"write [{value}]"
    return ""


def absence_hint(value: Any, choices: Sequence[str], absent: str, *, nullable: bool) -> str:
    """Return how to say that there is none of something; empty where that is not what a value says.

    Parameters
    ----------
    value : object
        Of the entry: a word such as none, no or off, false, or nothing.
    choices : sequence of str
        Words that can stand there.
    absent : str
        What the field says to do where there is none.
    nullable : bool
        Whether nothing can stand there.

    Examples
    --------
    >>> absence_hint("off", ["none", "hazard_floor"], "", nullable=False), absence_hint("none", [], "", nullable=True)
    ('write none', 'write null, or leave it out')
    >>> absence_hint("trapezium", ["start"], "", nullable=False)
    ''
    """
    if not (value is None or value is False or (isinstance(value, str) and value.strip().casefold() in ABSENT)):
        return ""
    word = next((choice for choice in choices if choice in ABSENT), "")
    if word:
        return f"write {word}"
    return absent or ("write null, or leave it out" if nullable and value is not None else "")
