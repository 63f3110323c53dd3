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
    if not found.compared:
        return "No results in the file to compare with Python's."
    if found.agrees:
        return (
            f"The scenario gives in Python what the workbook shows: {found.compared} results compared, largest "
            f"relative difference {_one_in(found.largest)}."
        )
    return (
        f"The workbook shows other results than the scenario gives in Python: of {found.compared} compared, the "
        f"largest relative difference is {typed(found.largest, 2)}. Was it saved without being calculated?"
    )


def _one_in(share: float) -> str:
    """Return a small share in words.

    >>> _one_in(0.0), _one_in(3e-13)
    ('0', 'below 1 in 1,000,000,000,000')
    """
    return f"below 1 in {10 ** math.floor(-math.log10(share)):,}" if share else "0"


def as_json(found: ReadBack, file: str) -> str:
    """Return it for other programs."""
    data = {
        "workbook": found.workbook,
        "extends": str(found.selected),
        "file": file,
        "changes": [{name: getattr(change, name) for name in FIELDS} for change in found.changes],
        "set": dict(found.sets),
        "results_compared": found.compared,
        "largest_relative_difference": found.largest if math.isfinite(found.largest) and found.compared else None,
        "agrees": found.agrees,
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
