"""How a message shows a value, and what it suggests where the type is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netcea.scenario.scalar import number_hint


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


def type_hint(kind: str, value: Any) -> str:
    """Return what to do about a value of another type than pydantic's error `kind` says was expected.

    Parameters
    ----------
    kind : str
        Of pydantic's error.
    value : object
        Of the entry.
    """
    if kind.startswith(("float", "int", "finite")) and isinstance(value, str):
        return number_hint(value)
    if kind.startswith("bool") and value in ("yes", "no", "on", "off"):
        return "write true or false (YAML 1.2 knows no yes and no)"
    if kind == "string_type" and isinstance(value, int | float):
        return f"put it in quotes if it is text: '{show(value)}'"
    if kind == "list_type" and isinstance(value, str):
        return f"write [{value}]"
    return ""
