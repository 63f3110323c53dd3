"""Scenarios, Choices, Inputs: what is chosen where, and the live number of every address."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Comment, Page
from netcea.workbook.formulas.estimates import estimate_formulas, figures_without_formula
from netcea.workbook.formulas.formula import Formula
from netcea.workbook.sheets.draw import SWITCH, DrawLayout
from netcea.workbook.sheets.input_descriptions import bounds_of, distribution_entries
from netcea.workbook.sheets.possible_values import PossibleValues
from netcea.workbook.sheets.sources import Sources, write_sources
from netcea.workbook.variants import Choice, Variants

FIRST = 6
"""First row of a table on these sheets."""
ADDRESS, LABEL, BASE, SCENARIO, YOURS, LIVE, UNIT, FACTOR, MODEL, LOW, HIGH, SPREAD, SOURCE, STATUS, NOTE, USED = range(
    1, 17
)
COUNT = 17
"""Column with the number of changed values so far."""
YOUR_CHOICE, CHOICE_COUNT, FIRST_OPTION = 5, 8, 9
"""Columns of Choices: what the reader chose, the same count, the first option."""
HEADINGS = (
    "Address",
    "What it is",
    "Base value",
    "Value in the scenario",
    "Your value",
    "Live value",
    "Unit",
    "Factor to the model's unit",
    "Live, in the model's unit",
    "2.5% quantile or lowest",
    "97.5% quantile or highest",
    "Distribution",
    "Source",
    "Status",
    "Note",
    "Used by formulas",
    "Changed so far",
)
NOT_HERE: Final = {
    "decision.value_of_information.": "no: the value of further information (netcea voi)",
    "eligible_per_year": "no: the value of further information (netcea voi)",
    "combined_view_weight": "no: both cohorts together (netcea run ONE OTHER)",
    "method_packs": "no: the settings hold the rates",
    "": "no: no choice of these scenarios uses it",
}
"""Part of an address -> why no formula uses it."""
SELECTOR_ROW, NUMBER_ROW = 3, 4
FIRST_SCENARIO = 4
"""Column of the first scenario in the matrix."""
SETTING_UNITS = {
    "horizon_years": "years",
    "cycle_days": "days",
    "discount_rate_costs": "per year",
    "discount_rate_qalys": "per year",
}
SETTING_LABELS = {
    "horizon_years": "Time horizon",
    "cycle_days": "Length of a cycle",
    "discount_rate_costs": "Discount rate of costs",
    "discount_rate_qalys": "Discount rate of QALYs",
}


@dataclass
class Inputs:
    """Where every number and choice stands.

    Attributes
    ----------
    variants : Variants
    scenarios, choices, inputs : Page
    sources : Sources
    rows : mapping of address -> row of Inputs
    choice_rows : mapping of address -> row of Choices
    used : set of addresses that a formula refers to
    draw : DrawLayout
        Which addresses can be drawn at random.
    centres : mapping of address -> formula of its value when nothing is drawn
    estimates : mapping of address -> formula of a parameter that follows published figures
    """

    variants: Variants
    scenarios: Page
    choices: Page
    inputs: Page
    book: Book
    sources: Sources
    rows: dict[str, int] = field(default_factory=dict)
    choice_rows: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    draw: DrawLayout = field(default_factory=DrawLayout)
    centres: dict[str, str] = field(default_factory=dict)
    estimates: dict[str, str] = field(default_factory=dict)

    COUNT_COLUMN = COUNT
    CHOICE_COUNT_COLUMN = CHOICE_COUNT

    @property
    def last_row(self) -> int:
        """Return the last row of Inputs."""
        return FIRST + len(self.rows) - 1

    @property
    def last_choice(self) -> int:
        """Return the last row of Choices."""
        return FIRST + len(self.choice_rows) - 1

    def number(self, address: str) -> str:
        """Return how a formula refers to a number in the model's unit."""
        self.used.add(address)
        if self.factor(address) == 1.0:
            return self.name(address)
        return f"{self.name(address)}.model"

    def before_drawing(self, address: str) -> str:
        """Return the formula of a number in the model's unit as it is when nothing is drawn."""
        self.used.add(address)
        factor = self.inputs.at(self.rows[address], FACTOR)
        return self.centres[address] if self.factor(address) == 1.0 else f"({self.centres[address]})*{factor}"

    def name(self, address: str) -> str:
        """Return the defined name of a live value."""
        from netcea.reporting.xlsx.book import defined_name

        return defined_name(address)

    def factor(self, address: str) -> float:
        """Return the factor from the unit of inputs/ to the model's."""
        for scenario in self.variants.scenarios:
            if address in scenario.factors:
                return scenario.factors[address]
        return 1.0

    def value(self, address: str | None, default: float | None = None) -> Formula:
        """Return a number as a formula; a default where there is no address."""
        if address is None:
            return Formula.of(1.0 if default is None else default)
        return Formula(self.number(address))

    def index(self, choice: Choice) -> str:
        """Return the cell with the number of the option that is live, from 1."""
        return self.choices.at(self.choice_rows[choice.address], 7)

    def pick(self, choice: Choice, texts: list[str]) -> str:
        """Return the formula of the live option: one formula for each, or the only one there is."""
        if len(set(texts)) == 1:
            return texts[0]
        return f"CHOOSE({self.index(choice)},{','.join(texts)})"

    @property
    def scenario_number(self) -> str:
        """Return the cell with the number of the selected scenario."""
        return self.scenarios.at(NUMBER_ROW, 2)


def all_choices(variants: Variants) -> list[Choice]:
    """Return every choice, curves first."""
    return [*(c for slot in variants.slots.values() for c in slot.choices), *variants.choices.values()]


def write_inputs(book: Book, variants: Variants) -> Inputs:
    """Write the three sheets."""
    scenarios = book.page("Scenarios", "FFC000")
    choices = book.page("Choices", "FFC000")
    inputs = book.page("Inputs", "FFC000")
    found = Inputs(
        variants, scenarios, choices, inputs, book, write_sources(book, variants), draw=DrawLayout.of(variants)
    )
    matrix = _write_scenarios(found)
    _write_choices(found, matrix)
    _write_numbers(found, matrix)
    return found


def _write_scenarios(found: Inputs) -> dict[str, int]:
    """Write the selector and the matrix of what scenarios change; return address -> row of the matrix."""
    variants, page = found.variants, found.scenarios
    names = list(variants.titles)
    page.open_with("Scenarios", "Choose one in the yellow cell: the whole workbook follows.")
    page.put(SELECTOR_ROW, 1, "Scenario", "section")
    page.put(SELECTOR_ROW, 2, names[0], "input_text")
    page.put(NUMBER_ROW, 1, "Its number", "text")
    last = get_column_letter(FIRST_SCENARIO + len(names) - 1)
    header = FIRST - 1
    heads = f"{page.title}!${get_column_letter(FIRST_SCENARIO)}${header}:${last}${header}"
    page.formula(NUMBER_ROW, 2, f"MATCH({page.at(SELECTOR_ROW, 2)},{heads},0)", "integer")
    page.drop_down(SELECTOR_ROW, 2, heads)
    found.book.name("selected_scenario", page.at(SELECTOR_ROW, 2))
    page.heading(header, ["Address", "In the selected scenario", "In the base", *names])
    page.widths(60, 34, 24, *[16.0] * len(names))
    page.frozen("C6")
    rows: dict[str, int] = {}
    row = FIRST
    for choice in all_choices(variants):
        if len(set(choice.taken)) > 1:
            _matrix_row(found, row, choice.address, [choice.options[i] for i in choice.taken])
            rows[choice.address] = row
            row += 1
    for address, values in sorted(variants.numbers.items()):
        known = [v for v in values if not math.isnan(v)]
        if any(v != known[0] for v in known):
            _matrix_row(found, row, address, [None if math.isnan(v) else v for v in values])
            rows[address] = row
            row += 1
    if row == FIRST:
        page.put(row, 1, "One scenario only: export with --scenarios for more.", "note")
        row += 1
    if variants.refused:
        page.put(row + 1, 1, "Scenarios that do not fit these sheets", "section")
        for i, (name, reason) in enumerate(variants.refused, row + 2):
            page.put(i, 1, name)
            page.put(i, 2, reason)
    page.landscape(repeat_rows="1:5", repeat_columns="A:A", wide=1 + len(names) // 12)
    return rows


def _matrix_row(found: Inputs, row: int, address: str, values: list[object]) -> None:
    page, n = found.scenarios, len(values)
    page.put(row, 1, address)
    span = page.span(row, row, FIRST_SCENARIO, FIRST_SCENARIO + n - 1)
    chosen = f"INDEX({span},1,{found.scenario_number})"
    page.formula(row, 2, f'IF({chosen}="",{page.at(row, 3)},{chosen})', "chosen")
    base = next((v for v in values if v is not None), "")
    page.put(row, 3, base, "number")
    for column, value in enumerate(values, FIRST_SCENARIO):
        if value is not None and (value != base or column == FIRST_SCENARIO):
            page.put(row, column, value, "number")


def _write_choices(found: Inputs, matrix: dict[str, int]) -> None:
    page = found.choices
    page.open_with("Choices", "Structure of the model. Yellow: choose another option here; empty follows the scenario.")
    page.heading(
        FIRST - 1,
        [
            "Address",
            "What it decides",
            "In the base",
            "In the scenario",
            "Your choice",
            "Live",
            "Its number",
            "Changed so far",
            "Options",
        ],
    )
    for row, choice in enumerate(all_choices(found.variants), FIRST):
        found.choice_rows[choice.address] = row
        page.put(row, 1, choice.address)
        page.put(row, 2, choice.label)
        page.put(row, 3, choice.options[choice.taken[0]], "number")
        where = found.scenarios.at(matrix[choice.address], 2) if choice.address in matrix else page.at(row, 3)
        page.formula(row, 4, where, "chosen")
        page.put(row, YOUR_CHOICE, None, "input_text")
        page.formula(row, 6, f'IF({page.at(row, 5)}="",{page.at(row, 4)},{page.at(row, 5)})', "live")
        options = page.span(row, row, FIRST_OPTION, FIRST_OPTION - 1 + len(choice.options))
        page.formula(row, 7, f"MATCH({page.at(row, 6)},{options},0)", "integer")
        before = page.at(row - 1, CHOICE_COUNT) if row > FIRST else "0"
        page.formula(row, CHOICE_COUNT, f'{before}+IF({page.at(row, 5)}="",0,1)', "note")
        for column, option in enumerate(choice.options, FIRST_OPTION):
            page.put(row, column, option, "note")
        page.drop_down(row, 5, options)
    page.widths(52, 34, *[46.0] * 4, 10, 10, *[30.0] * 8)
    page.frozen("C6")
    page.landscape(repeat_rows="1:5", last_row=found.last_choice, last_column=7)


def _write_numbers(found: Inputs, matrix: dict[str, int]) -> None:
    page, numbers = found.inputs, found.variants.numbers
    page.open_with(
        "Inputs", "Yellow: type a number to try it; empty follows the scenario. Addresses are those of the YAML files."
    )
    page.heading(FIRST - 1, list(HEADINGS))
    for row, address in enumerate(sorted(numbers), FIRST):
        found.rows[address] = row
        yours, scenario = page.at(row, YOURS), page.at(row, SCENARIO)
        found.centres[address] = f'IF({yours}="",{scenario},{yours})'
    found.estimates = estimate_formulas(found.variants, found.before_drawing)
    drawn, possible = found.draw.cells(), PossibleValues(page)
    for address, row in found.rows.items():
        base = next(v for v in numbers[address] if not math.isnan(v))
        page.put(row, ADDRESS, address)
        page.put(row, BASE, base, "number")
        where = found.scenarios.at(matrix[address], 2) if address in matrix else page.at(row, BASE)
        page.formula(row, SCENARIO, found.estimates.get(address, where), "chosen")
        page.put(row, YOURS, None, "input")
        chosen = found.centres[address]
        live = f'IF({SWITCH}="yes",{drawn[address]},{chosen})' if address in drawn else chosen
        page.formula(row, LIVE, live, "live")
        found.book.name(address, page.at(row, LIVE))
        factor = found.factor(address)
        page.put(row, FACTOR, factor, "number")
        page.formula(row, MODEL, f"{page.at(row, LIVE)}*{page.at(row, FACTOR)}", "number")
        if factor != 1.0:
            found.book.name(f"{address}.model", page.at(row, MODEL))
        before = page.at(row - 1, COUNT) if row > FIRST else "0"
        page.formula(row, COUNT, f'{before}+IF({page.at(row, YOURS)}="",0,1)', "note")
        for columns, size in (((BASE, SCENARIO, YOURS, LIVE), base), ((FACTOR,), factor), ((MODEL,), base * factor)):
            page.format_as(row, columns, size)
        _describe(found, row, address)
        possible.restrict(row, YOURS, address, str(page.value(row, UNIT)))
    page.widths(58, 44, 12, 12, 12, 12, 12, 12, 12, 12, 12, 34, 40, 12, 60, 44, 10)
    page.group(FACTOR, MODEL)
    page.frozen("C6")
    page.landscape(repeat_rows="1:5", repeat_columns="A:A", wide=3)


def say_what_is_used(found: Inputs) -> None:
    """Write, when all formulas are known, which inputs they use and why they do not use the others."""
    left = figures_without_formula(found.variants, found.estimates)
    for address, row in found.rows.items():
        used = address in found.used
        solved = (
            address not in found.estimates
            and not address.startswith("settings.")
            and not any(address in s.quantities for s in found.variants.scenarios)
        )
        if used and solved:
            words = "yes, as it stands: solved by netcea from published figures"
        elif used:
            words = "yes"
        elif address in left:
            words = "no: feeds an estimate that netcea solves; export again"
        else:
            words = next((why for part, why in NOT_HERE.items() if part in address), NOT_HERE[""])
        found.inputs.put(row, USED, words, "subtitle")


def _describe(found: Inputs, row: int, address: str) -> None:
    page = found.inputs
    quantity = next((s.quantities[address] for s in found.variants.scenarios if address in s.quantities), None)
    if quantity is None:
        setting = address.removeprefix("settings.")
        fitted = setting == address
        page.put(row, LABEL, f"{address.rpartition('.')[2]}, fitted" if fitted else SETTING_LABELS[setting])
        page.put(row, UNIT, "parameter" if fitted else SETTING_UNITS[setting], "indented")
        page.put(row, STATUS, "derived" if fitted else "choice")
        follows = "it follows them here" if address in found.estimates else "it stays as it is here: export again"
        page.put(
            row,
            NOTE,
            f"Estimated by netcea from published figures; {follows}" if fitted else "A choice of the scenario file",
        )
        return
    page.put(row, LABEL, quantity.label or address)
    page.put(row, UNIT, quantity.unit, "indented")
    low, high = bounds_of(quantity)
    page.put(row, LOW, low, "number")
    page.put(row, HIGH, high, "number")
    page.format_as(row, (LOW, HIGH), quantity.value)
    page.put(row, SPREAD, distribution_entries(quantity), "indented")
    citation = "; ".join(found.sources.citations.get(key, key) for key in quantity.source)
    known = [found.sources.cells[key] for key in quantity.source if key in found.sources.cells]
    if known:
        page.link(row, SOURCE, citation, known[0])
    else:
        page.put(row, SOURCE, citation)
    page.put(row, STATUS, quantity.status)
    page.put(row, NOTE, quantity.note, "text")
    words = f"{quantity.label or address}\nStatus: {quantity.status}\n{citation}\n{quantity.note}"
    page.comments[row, BASE] = Comment(words[:900].strip())
