"""Where cells and formulas are."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.workbook.calculation.syntax import Node

Cell = tuple[str, int, int]
"""Title of a sheet, row, column."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula: its sheet, its rows and column, and its tree."""

    title: str
    first: int
    last: int
    column: int
    tree: Node
