"""Choices: the structure of the model, what the scenario chooses, and what the reader chooses instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.workbook.choice import Choice, CurveChoices
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.position import position
from netcea.workbook.option_words import unique_labels
from netcea.workbook.ratios_of_curves import matching_ratios
from netcea.workbook.sections import write_sections
from netcea.workbook.sheets.scenarios import write_scenarios
from netcea.workbook.variants import Variants

FIRST: Final = 6
ADDRESS, LABEL, BASE, SCENARIO, YOURS, LIVE, NUMBER, COUNT, FIRST_OPTION = range(1, 10)
AS_TEXT: Final = "@"
"""Format of cells in which 2011/12 stays a price year, and is no December."""
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
        return max(self.rows.values())

    def index(self, choice: Choice) -> str:
        """Return the cell with the number of the option that is live, from 1."""
        return self.page.at(self.rows[choice.address], NUMBER)

    def live(self, choice: Choice) -> str:
        """Return the cell with the words of the option that is live."""
        return self.page.at(self.rows[choice.address], LIVE)

    def span(self, column: int) -> str:
        """Return a column."""
        return self.page.span(FIRST, self.last, column)


def write_choices(construction: Construction) -> Choices:
    """Write a row for each choice."""
    page, chosen = construction.page("Choices"), construction.written_by(write_scenarios).selected
    variants = construction.variants
    curves = {curve.ratio.address: curve for curve in variants.curves.values()}
    page.open_with("Choices", "Structure of the model. Yellow: choose another option here; empty follows the scenario.")
    page.heading(FIRST - 1, HEADINGS)
    choices = {choice.address: choice for choice in variants.all_choices}
    rows, before = write_sections(page, FIRST, choices, COUNT), "0"
    labels = unique_labels({address: choice.label for address, choice in choices.items()})
    for address, row in rows.items():
        choice = choices[address]
        base, yours, scenario, live = (page.at(row, column) for column in (BASE, YOURS, SCENARIO, LIVE))
        page.put(row, ADDRESS, address, "note")
        page.put(row, LABEL, labels[address], "wrapped")
        page.put(row, BASE, choice.options[choice.taken[0]], "wrapped")
        page.formula(row, SCENARIO, chosen.get(address, base), "chosen_text")
        page.put(row, YOURS, None, "input_text", AS_TEXT)
        standing = _ratio(page, rows, curves[address], variants) if address in curves else scenario
        page.formula(row, LIVE, f'IF({yours}="",{standing},{yours})', "live_text")
        options = page.span(row, row, FIRST_OPTION, FIRST_OPTION - 1 + len(choice.options))
        page.formula(row, NUMBER, position(page, live, row, FIRST_OPTION, len(choice.options)), "integer")
        page.formula(row, COUNT, f'{before}+IF({yours}="",0,1)', "note")
        before = page.at(row, COUNT)
        page.row(row, choice.options, "note", FIRST_OPTION)
        page.drop_down(row, YOURS, options)
    found = Choices(page, rows)
    page.widths(46, 34, *[34.0] * 4, 10, 10, *[36.0] * max(len(choice.options) for choice in choices.values()))
    page.frozen("C6")
    page.landscape(repeat_rows="5:5", last_row=found.last, last_column=LIVE)
    return found


def _ratio(page: Page, rows: Mapping[str, int], curve: CurveChoices, variants: Variants) -> str:
    """Return the formula of the hazard ratio where none was chosen: the scenario's, if it goes with a chosen curve."""
    row, above = rows[curve.ratio.address], rows[curve.origin.address]
    scenario, matching = page.at(row, SCENARIO), matching_ratios(curve, variants.scenarios)
    every = range(len(curve.ratio.options))
    cells = [page.at(row, FIRST_OPTION + number) for number in every]
    texts = []
    for own in matching:
        if set(own) == set(every):
            texts.append(scenario)
            continue
        there = ",".join(f"EXACT({scenario},{cells[ratio]})" for ratio in own)
        texts.append(f"IF(OR({there}),{scenario},{cells[own[0]]})")
    if set(texts) == {scenario}:
        return scenario
    return f'IF({page.at(above, YOURS)}="",{scenario},CHOOSE({page.at(above, NUMBER)},{",".join(texts)}))'
