"""How a cell looks: fill, format of numbers, letters, and where the text stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

GENERAL = "General"
"""The format of numbers that spreadsheet programs choose themselves."""

SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "above": ("top",),
    "below": ("bottom",),
    "around": ("left", "right", "top", "bottom"),
}
"""Where a cell's line is -> its sides."""


@dataclass(frozen=True)
class Look:
    """One style of cells; colours are RRGGBB, sizes in points."""

    number_format: str = GENERAL
    fill: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: int = 10
    colour: str = "000000"
    wrap: bool = False
    line: Literal["", "above", "below", "around"] = ""
    across: Literal["", "left", "right"] = ""
    indent: int = 0

    @property
    def to_the_left(self) -> bool:
        """Say whether it stands at the left of its cell, numbers too."""
        return self.across == "left" or self.indent > 0

    def dress(self, cell: Cell) -> None:
        """Give a cell of openpyxl this look."""
        cell.font = Font(
            "Calibri",
            self.size,
            self.bold,
            self.italic,
            color=self.colour,
            underline="single" if self.underline else None,
        )
        if self.fill:
            cell.fill = PatternFill("solid", fgColor=self.fill)
        cell.number_format = self.number_format
        across = "left" if self.to_the_left else self.across or None
        cell.alignment = Alignment(across, "top", wrap_text=self.wrap, indent=self.indent)
        if self.line:
            thin, none = Side(style="thin"), Side()
            sides = SIDES[self.line]
            left, right, top, bottom = (thin if side in sides else none for side in ("left", "right", "top", "bottom"))
            cell.border = Border(left=left, right=right, top=top, bottom=bottom)
