"""Scenarios: the selector, and the numbers and choices in which scenarios differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.position import position
from netcea.workbook.provenance import write_provenance
from netcea.workbook.variants import Variants

FIRST: Final = 6
SELECTOR_ROW, NUMBER_ROW = 3, 4
IN_SELECTED, IN_BASE, FIRST_SCENARIO = 2, 3, 4
"""Columns: what is live in the selected scenario, what the base has, the first scenario."""
RESULTS_TITLE, TRIAL_ROW = "Scenario results", 4
TRIAL: Final = f"'{RESULTS_TITLE}'!$B${TRIAL_ROW}"
"""The cell of a data table that tries one scenario after the other; with 0, as it stands, the selector decides."""
SELECTED: Final = f"Scenarios!$B${NUMBER_ROW}"
"""The number of the selected scenario."""


@dataclass(frozen=True)
class Scenarios:
    """The sheet.

    Attributes
    ----------
    page : Page
    selector, number : cell
        With the title and the number of the selected scenario.
    selected : mapping of address -> cell
        Of what differs: what the selected scenario has.
    """

    page: Page
    selector: str
    number: str
    selected: Mapping[str, str]


def write_scenarios(construction: Construction) -> Scenarios:
    """Write the selector, the matrix of what scenarios change, those that do not fit, and where all come from."""
    variants, page = construction.variants, construction.page("Scenarios")
    names = list(variants.titles)
    page.open_with("Scenarios", "Choose one in the yellow cell: the whole workbook follows.")
    heads = page.span(FIRST - 1, FIRST - 1, FIRST_SCENARIO, FIRST_SCENARIO + len(names) - 1)
    selector, number = page.at(SELECTOR_ROW, 2), page.at(NUMBER_ROW, 2)
    page.put(SELECTOR_ROW, 1, "Scenario", "section")
    page.put(SELECTOR_ROW, 2, names[0], "input_text")
    page.drop_down(SELECTOR_ROW, 2, heads)
    page.put(NUMBER_ROW, 1, "Its number", "text")
    chosen = position(page, selector, FIRST - 1, FIRST_SCENARIO, len(names))
    page.formula(NUMBER_ROW, 2, f"IF({TRIAL}>0,{TRIAL},{chosen})", "integer")
    construction.book.name("selected_scenario", selector)
    page.heading(FIRST - 1, ["Address", "In the selected scenario", "In the base", *names])
    selected = {
        address: _row(page, row, address, values, number)
        for row, (address, values) in enumerate(_differing(variants), FIRST)
    }
    row = FIRST + len(selected)
    if not selected:
        page.put(row, 1, "One scenario only: export with --scenarios for more.", "note")
        row += 1
    if variants.refused:
        page.put(row + 1, 1, "Scenarios that do not fit these sheets", "section")
        for at, words in enumerate(variants.refused, row + 2):
            page.row(at, words)
    page.widths(60, 34, 30, *[20.0] * len(names))
    page.frozen("C6")
    page.landscape(
        repeat_rows="1:5",
        repeat_columns="A:A",
        wide=1 + len(names) // 12,
        last_row=page.last_row,
        last_column=FIRST_SCENARIO + len(names) - 1,
    )
    write_provenance(construction.book, page, variants.given, variants.cycles)
    return Scenarios(page, selector, number, selected)


def _differing(variants: Variants) -> Iterator[tuple[str, Sequence[object]]]:
    """Yield addresses of choices and numbers in which scenarios differ, with what each has; None for nothing."""
    for choice in variants.all_choices:
        if choice.differs:
            yield choice.address, [choice.options[i] for i in choice.taken]
    for address, values in sorted(variants.numbers.items()):
        if len(set(variants.values(address))) > 1:
            yield address, [None if math.isnan(value) else value for value in values]


def _row(page: Page, row: int, address: str, values: Sequence[object], number: str) -> str:
    """Write what scenarios have at an address, where it is not what the base has; return the live cell."""
    page.put(row, 1, address)
    words = any(isinstance(value, str) for value in values)
    style, selected = ("wrapped", "chosen_text") if words else ("number", "chosen")
    chosen = f"INDEX({page.span(row, row, FIRST_SCENARIO, FIRST_SCENARIO + len(values) - 1)},1,{number})"
    page.formula(row, IN_SELECTED, f'IF({chosen}="",{page.at(row, IN_BASE)},{chosen})', selected)
    base = next((v for v in values if v is not None), "")
    page.put(row, IN_BASE, base, style)
    for column, value in enumerate(values, FIRST_SCENARIO):
        if value is not None and (value != base or column == FIRST_SCENARIO):
            page.put(row, column, value, style)
    return page.at(row, IN_SELECTED)
