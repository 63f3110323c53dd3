"""The bias ledger as two tables: assumptions, each once with its number, and the scenarios that test them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from netcea.reporting.table import Cell, Column, Table

ASSUMPTION: Final = ("assumption", "bias", "why", "address")
"""Columns that say the same of every test of an assumption."""
NUMBER: Final = Column("number", "No.", "", "count")


def ledger_tables(table: Table) -> Iterator[Table]:
    """Yield the assumptions, and what the scenarios that test them do.

    Parameters
    ----------
    table : Table
        The ledger of a report: a row for each assumption and each scenario that tests it.
    """
    at = {column.name: number for number, column in enumerate(table.columns)}
    numbers: dict[tuple[Cell, ...], int] = {}
    tests: list[tuple[Cell, ...]] = []
    rest = [number for number, column in enumerate(table.columns) if column.name not in ASSUMPTION]
    for row in table.rows:
        told = tuple(row[at[name]] for name in ASSUMPTION)
        number = numbers.setdefault(told, len(numbers) + 1)
        if row[at["scenario"]]:
            tests.append((float(number), *(row[k] for k in rest)))
    assumptions = tuple((float(number), *told) for told, number in numbers.items())
    columns = tuple(table.columns[at[name]] for name in ASSUMPTION)
    yield replace(table, columns=(NUMBER, *columns), rows=assumptions, title="Assumptions", note="")
    if tests:
        title = "What the scenarios that test them do, by number of the assumption"
        yield replace(table, columns=(NUMBER, *(table.columns[k] for k in rest)), rows=tuple(tests), title=title)
