"""How a cell looks: fill, format of numbers, letters, and where the text stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

GENERAL = "General"
"""The format of numbers that spreadsheet programs choose themselves."""


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
    line: Literal["", "above", "below"] = ""
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
            thin = Side(style="thin")
            cell.border = Border(top=thin) if self.line == "above" else Border(bottom=thin)
