"""What was set on top of a scenario, as its reader is shown it: one address and its value a line, no JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from netcea.plain_number import typed
from netcea.reporting.number_format import plain

if TYPE_CHECKING:
    from rich.console import Console

MOST_ENTRIES: Final = 8
"""Entries of a group that are listed; of a larger one, such as a new strategy, their names are."""
MOST_LINES: Final = 20
"""Of all changes of a run; its record has all of them."""
LONGEST: Final = 120
"""Of a text that was set, such as a reason. [characters]"""
DEEPEST: Final = 50
"""Groups inside one another that are followed; a scenario has fewer."""
_SET: Final = "--set"
_PYTHON: Final = "changes["


def change_lines(address: str, value: str, most: int = MOST_ENTRIES) -> list[str]:
    """Return ``address = value`` for a change; for a small group, one for each of its entries.

    Parameters
    ----------
    address : str
        What was set.
    value : str
        As JSON, as records of runs hold it; other text stands as it is.
    most : int
        Entries of a group that are listed; of a larger one their names are.

    Examples
    --------
    >>> change_lines("settings.discounting", '"annual"'), change_lines("strategies.new.os.waning", "null")
    (['settings.discounting = annual'], ['strategies.new.os.waning = none'])
    >>> change_lines("costs.drug.a", '{"value": 1000000.0, "uncertainty": {"fixed": "as offered"}}')
    ['costs.drug.a.value = 1000000', 'costs.drug.a.uncertainty.fixed = as offered']
    """
    try:
        made = json.loads(value)
        found = list(_entries(address, made))
    except (ValueError, RecursionError):
        made, found = value, [(address, value)]
    if len(found) > most:
        return [f"{plain(address)}: {_large(made)}"]
    return [f"{plain(where)} = {_short(text)}" for where, text in found]


def change_text(address: str, value: str) -> str:
    """Return the same on one line, for a list of runs.

    >>> change_text("costs.drug.a", '{"value": 2, "status": "assumption"}')
    'costs.drug.a.value = 2, costs.drug.a.status = assumption'
    """
    return ", ".join(change_lines(address, value))


def where_from(source: str, inputs_folder: str, project: str, digest: str) -> str:
    """Return the line below the name of a scenario: which file, whose numbers.

    Parameters
    ----------
    source, inputs_folder, project : str
        As of `Scenario`.
    digest : str
        SHA-256 of everything that went in.

    Examples
    --------
    >>> where_from("scenarios/a.yaml", "inputs", "", "0123456789abcdef")
    'scenarios/a.yaml, numbers from inputs, digest 0123456789ab'
    >>> where_from("scenarios/a.yaml", "inputs", "../mine", "0123456789abcdef")
    'scenarios/a.yaml, numbers from inputs, both in ../mine, digest 0123456789ab'
    """
    folder = f", both in {project}" if project else ""
    return f"{source}, numbers from {inputs_folder}{folder}, digest {digest[:12]}"


def changes_shown(changes: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return every change below the file, or the option, that makes it.

    Parameters
    ----------
    changes : sequence of (address, value, where)
        The value as JSON; where it was set: a file with its line, or the option.

    Examples
    --------
    >>> changes_shown([("settings.horizon_years", "20", "--set settings.horizon_years=20")])
    ['Changed by --set:', '  settings.horizon_years = 20']
    """
    for most in (MOST_ENTRIES, 1):
        found = list(_shown(changes, most))
        if len(found) <= MOST_LINES + 1:
            return found
    return [*found[:MOST_LINES], f"  and {len(found) - MOST_LINES:,} more; inputs.json of the run has them all"]


def _shown(changes: Sequence[tuple[str, str, str]], most: int) -> Iterator[str]:
    for source, several in groupby(changes, key=lambda change: _source(change[2])[0]):
        yield f"Changed by {plain(source)}:"
        for address, value, where in several:
            line = _source(where)[1]
            for text in change_lines(address, value, most):
                yield f"  {text}{f'  (line {line})' if line else ''}"


def show_changes(console: Console, changes: Sequence[tuple[str, str, str]]) -> None:
    """Print every change below the title of a run.

    Parameters
    ----------
    console : Console
        Of rich.
    changes : sequence of (address, value, where)
        As of `changes_shown`.
    """
    from rich.padding import Padding

    for line in changes_shown(changes):
        console.print(Padding(line.strip(), (0, 0, 0, len(line) - len(line.lstrip()))))


def _source(where: str) -> tuple[str, str]:
    """Return the file, or the option, of a change and its line."""
    if where.startswith((_SET, _PYTHON)):
        return (_SET if where.startswith(_SET) else "changes in Python"), ""
    file, _, line = where.rpartition(":")
    return (file, line) if line.isdecimal() else (where, "")


def _entries(address: str, value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the address and the text of every value of a change."""
    if isinstance(value, Mapping) and value and depth < DEEPEST:
        for key, item in value.items():
            yield from _entries(f"{address}.{key}", item, depth + 1)
    elif isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value) and depth < DEEPEST:
        for number, item in enumerate(value):
            yield from _entries(f"{address}.{number}", item, depth + 1)
    elif isinstance(value, list):
        yield address, "; ".join(map(_text, value)) or "an empty list"
    else:
        yield address, _text(value)


def _large(value: Any) -> str:
    """Return what stands in a large group or list."""
    if isinstance(value, Mapping):
        return f"a group of {_short(', '.join(map(str, value)))}"
    return f"a list of {len(value):,} entries"


def _text(value: Any) -> str:
    """Return a single value as it would be typed."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return typed(value, 12)
    return str(value) if value not in ({}, "") else "empty"


def _short(text: str) -> str:
    text = plain(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
