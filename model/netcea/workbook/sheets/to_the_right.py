"""Cells of one row to the right of a time: steps of formulas, each with its words before it."""

from __future__ import annotations

from dataclasses import dataclass, field

from netcea.reporting.xlsx.page import Page


@dataclass(frozen=True)
class ToTheRight:
    """Cells of one row, to the right of a time.

    Attributes
    ----------
    page : Page
    row : int
    t : cell with the time [years]
    first : int
        Column of the first words.
    style : str
        Of the words.
    known : mapping of key -> cell
    """

    page: Page
    row: int
    t: str
    first: int
    style: str = "note"
    known: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, heading: str, text: str) -> str:
        """Write a formula with its words before it, once for each key, and return its cell."""
        if key not in self.known:
            column = self.first + 2 * len(self.known)
            self.page.put(self.row, column, heading, self.style)
            self.page.formula(self.row, column + 1, text, "small")
            self.known[key] = self.page.at(self.row, column + 1)
        return self.known[key]
