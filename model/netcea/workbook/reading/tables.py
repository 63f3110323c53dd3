"""What was changed in a workbook, as a table, on the screen and as JSON."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, TextIO

from netcea.plain_number import typed
from netcea.reporting.number_format import plain
from netcea.reporting.screen import console_of, print_to, rich_table
from netcea.reporting.table import Column, Table

if TYPE_CHECKING:
    from netcea.workbook.reading.read_back import ReadBack

COLUMNS = (
    Column("cell", "Cell"),
    Column("address", "Address"),
    Column("old", "In the scenario"),
    Column("new", "In the workbook"),
    Column("unit", "Unit"),
    Column("note", "Note"),
)

FIELDS = ("cell", "address", "label", "old", "new", "unit", "note")
"""What other programs are told of a change."""


def changes_table(found: ReadBack) -> Table:
    """Return every cell that was changed, by address, with the old value and the new one."""
    rows = tuple((c.cell, c.address, _word(c.old), _word(c.new), c.unit, c.note) for c in found.changes)
    return Table("changes", f"What was changed in {found.workbook}", COLUMNS, rows)


def _word(value: str | float) -> str:
    """Return a value as it would be typed."""
    return typed(value, 12) if isinstance(value, float) else str(value)


def agreement(found: ReadBack) -> str:
    """Return whether the workbook's results are Python's, in a sentence."""
    its = found.agreement
    if not its.compared:
        return "No results in the file to compare with Python's."
    shows = (
        "what the formulas of the workbook come to, of which the file holds no results"
        if its.worked_out
        else ("what the workbook shows")
    )
    if its.agrees:
        return (
            f"The scenario gives in Python {shows}: {its.compared} results compared, equal {_to_digits(its.largest)}."
        )
    return (
        f"The workbook shows other results than the scenario gives in Python: of {its.compared} compared, the "
        f"largest relative difference is {typed(its.largest, 2)}; {its.cause}."
    )


def _to_digits(difference: float) -> str:
    """Return how far two numbers with a small relative difference are the same.

    >>> _to_digits(0.0), _to_digits(3e-13)
    ('in every digit', 'to 12 digits')
    """
    return f"to {math.floor(-math.log10(difference))} digits" if difference else "in every digit"


def as_json(found: ReadBack, file: str) -> str:
    """Return it for other programs."""
    its = found.agreement
    data = {
        "workbook": found.workbook,
        "extends": str(found.selected),
        "file": file,
        "changes": [{name: getattr(change, name) for name in FIELDS} for change in found.changes],
        "set": dict(found.sets),
        "results_compared": its.compared,
        "largest_relative_difference": its.largest if math.isfinite(its.largest) and its.compared else None,
        "agrees": its.agrees,
        "results_in_the_file": bool(its.compared) and not its.worked_out,
        "cause": its.cause,
        "not_read": list(found.not_read),
        "notes": list(found.notes),
    }
    return json.dumps(data, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def show_read_back(found: ReadBack, written: str, file: TextIO | None = None, width: int | None = None) -> None:
    """Print what was changed and what was made of it."""
    print_to(lambda columns, colour: rendered(found, written, columns, colour=colour), file, width)


def rendered(found: ReadBack, written: str, width: int = 100, *, colour: bool = False) -> str:
    """Return what `show_read_back` prints."""
    console, text = console_of(width, colour=colour)
    console.print()
    if found.changes:
        console.print(rich_table(changes_table(found)))
    else:
        console.print(f"Nothing was changed in {plain(found.workbook)}.")
    console.print()
    console.print(agreement(found))
    if found.not_read:
        console.print(f"Sheets that only show results, and were not read: {', '.join(found.not_read)}.", style="dim")
    for note in found.notes:
        console.print(plain(note))
    if written:
        console.print()
        console.print(f"Written to {plain(written)}: give its rationale, then `netcea run {plain(written)}`")
    console.print()
    return text()
