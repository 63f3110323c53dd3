"""Choices: the structure of the model, what the scenario chooses, and what the reader chooses instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.workbook.choice import Choice
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.scenarios import write_scenarios

FIRST: Final = 6
ADDRESS, LABEL, BASE, SCENARIO, YOURS, LIVE, NUMBER, COUNT, FIRST_OPTION = range(1, 10)
HEADINGS: Final = (
    "Address",
    "What it decides",
    "In the base",
    "In the scenario",
    "Your choice",
    "Live",
    "Its number",
    "Changed so far",
    "Options",
)


@dataclass(frozen=True)
class Choices:
    """The sheet.

    Attributes
    ----------
    page : Page
    rows : mapping of address -> row
    """

    page: Page
    rows: Mapping[str, int]

    @property
    def last(self) -> int:
        """Return the last row."""
        return FIRST + len(self.rows) - 1

    def index(self, choice: Choice) -> str:
        """Return the cell with the number of the option that is live, from 1."""
        return self.page.at(self.rows[choice.address], NUMBER)

    def span(self, column: int) -> str:
        """Return a column."""
        return self.page.span(FIRST, self.last, column)


def write_choices(construction: Construction) -> Choices:
    """Write a row for each choice."""
    page, chosen = construction.page("Choices"), construction.written_by(write_scenarios).selected
    page.open_with("Choices", "Structure of the model. Yellow: choose another option here; empty follows the scenario.")
    page.heading(FIRST - 1, HEADINGS)
    rows = {}
    for row, choice in enumerate(construction.variants.all_choices, FIRST):
        rows[choice.address] = row
        base, yours, scenario, live = (page.at(row, column) for column in (BASE, YOURS, SCENARIO, LIVE))
        page.put(row, ADDRESS, choice.address)
        page.put(row, LABEL, choice.label)
        page.put(row, BASE, choice.options[choice.taken[0]], "number")
        page.formula(row, SCENARIO, chosen.get(choice.address, base), "chosen")
        page.put(row, YOURS, None, "input_text")
        page.formula(row, LIVE, f'IF({yours}="",{scenario},{yours})', "live")
        options = page.span(row, row, FIRST_OPTION, FIRST_OPTION - 1 + len(choice.options))
        page.formula(row, NUMBER, f"MATCH({live},{options},0)", "integer")
        before = page.at(row - 1, COUNT) if row > FIRST else "0"
        page.formula(row, COUNT, f'{before}+IF({yours}="",0,1)', "note")
        page.row(row, choice.options, "note", FIRST_OPTION)
        page.drop_down(row, YOURS, options)
    found = Choices(page, rows)
    page.widths(52, 34, *[46.0] * 4, 10, 10, *[30.0] * 8)
    page.frozen("C6")
    page.landscape(repeat_rows="1:5", last_row=found.last, last_column=NUMBER)
    return found
