"""Inputs: the live number of every address, what the scenario gives, and what the reader types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from netcea.analyses.shared.varied_quantities import METHODS
from netcea.quantities.addresses import addresses_in
from netcea.quantities.key_path import KeyPath
from netcea.quantities.limits import Limits
from netcea.quantities.quantity import Quantity
from netcea.reporting.xlsx.book import defined_name
from netcea.reporting.xlsx.page import Comment, Page
from netcea.workbook.choice import Choice
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.estimates import estimate_formulas, figures_without_formula
from netcea.workbook.formulas.formula import Formula
from netcea.workbook.sheets.choices import Choices, write_choices
from netcea.workbook.sheets.draw_layout import SWITCH, DrawLayout
from netcea.workbook.sheets.input_descriptions import bounds_of, distribution_entries
from netcea.workbook.sheets.possible_values import rule_for
from netcea.workbook.sheets.scenarios import write_scenarios
from netcea.workbook.sheets.sources import Sources, write_sources
from netcea.workbook.variants import Variants

FIRST: Final = 6
"""First row of the table."""
ADDRESS, LABEL, BASE, SCENARIO, YOURS, LIVE, UNIT, FACTOR, MODEL = range(1, 10)
LOW, HIGH, DISTRIBUTION, SOURCE, STATUS, NOTE, USED, COUNT = range(10, 18)
HEADINGS: Final = (
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
ELSEWHERE: Final[Mapping[KeyPath, str]] = {
    ("population", "combined_view_weight"): "no: both cohorts together (netcea run ONE OTHER)",
    ("analyses", "voi"): "no: the value of further information (netcea voi)",
}
"""Start of the place in a scenario file that names a number -> why no formula uses it."""
SETTINGS: Final = {
    "settings.horizon_years": ("Time horizon", "years"),
    "settings.cycle_days": ("Length of a cycle", "days"),
    "settings.discount_rate_costs": ("Discount rate of costs", "per year"),
    "settings.discount_rate_qalys": ("Discount rate of QALYs", "per year"),
}
"""Address -> what it is, unit."""
LATER: Final = {
    "from_year": ("Time from which discount rates change", "years"),
    "costs": ("Discount rate of costs, from then on", "per year"),
    "qalys": ("Discount rate of QALYs, from then on", "per year"),
}
"""The same of an entry of the discount rates that change."""


def setting(address: str) -> tuple[str, str] | None:
    """Return what a number of the settings is and its unit; None for other addresses.

    >>> setting("settings.later_discount_rates.0.costs"), setting("costs.unit.ct_scan")
    (('Discount rate of costs, from then on', 'per year'), None)
    """
    if address.startswith("settings.later_discount_rates."):
        return LATER[address.rpartition(".")[2]]
    return SETTINGS.get(address)


@dataclass(frozen=True)
class Inputs:
    """How formulas refer to numbers and choices.

    Attributes
    ----------
    variants : Variants
    page : Page
    choices : Choices
    scenario_number : cell
        With the number of the selected scenario.
    draw : DrawLayout
        Which addresses can be drawn at random.
    rows : mapping of address -> row
    estimates : mapping of address -> formula of a parameter that follows published figures
    used : set of addresses that a formula refers to so far
    """

    variants: Variants
    page: Page
    choices: Choices
    scenario_number: str
    draw: DrawLayout
    rows: Mapping[str, int]
    estimates: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @property
    def choice_rows(self) -> Mapping[str, int]:
        """Return address -> row of Choices."""
        return self.choices.rows

    def span(self, column: int) -> str:
        """Return a column."""
        return self.page.span(FIRST, FIRST + len(self.rows) - 1, column)

    def number(self, address: str) -> str:
        """Return how a formula refers to a number in the model's unit."""
        self.used.add(address)
        return self.name(address) if self.factor(address) == 1.0 else f"{self.name(address)}.model"

    def centre(self, address: str) -> str:
        """Return the formula of a live value, in the unit of inputs/, as it is when nothing is drawn."""
        yours, scenario = (self.page.at(self.rows[address], column) for column in (YOURS, SCENARIO))
        return f'IF({yours}="",{scenario},{yours})'

    def before_drawing(self, address: str) -> str:
        """Return the formula of a number in the model's unit as it is when nothing is drawn."""
        self.used.add(address)
        centre, factor = self.centre(address), self.page.at(self.rows[address], FACTOR)
        return centre if self.factor(address) == 1.0 else f"({centre})*{factor}"

    def name(self, address: str) -> str:
        """Return the defined name of a live value."""
        return defined_name(address)

    def factor(self, address: str) -> float:
        """Return the factor from the unit of inputs/ to the model's."""
        return next((s.factors[address] for s in self.variants.scenarios if address in s.factors), 1.0)

    def quantity(self, address: str) -> Quantity | None:
        """Return the quantity of an address; None for settings and parameters of fits."""
        return next((s.quantities[address] for s in self.variants.scenarios if address in s.quantities), None)

    def limits(self, address: str) -> Sequence[Limits]:
        """Return what a number may be, by its unit and the places that use it in the first scenario that has it."""
        return next((s.limits[address] for s in self.variants.scenarios if address in s.limits), ())

    def value(self, address: str | None, default: float | None = None) -> Formula:
        """Return a number as a formula; a default where there is no address."""
        if address is None:
            return Formula.of(1.0 if default is None else default)
        return Formula(self.number(address))

    def index(self, choice: Choice) -> str:
        """Return the cell with the number of the option that is live, from 1."""
        return self.choices.index(choice)

    def pick(self, choice: Choice, texts: Sequence[str]) -> str:
        """Return the formula of the live option: one formula for each, or the only one there is."""
        if len(set(texts)) == 1:
            return texts[0]
        return f"CHOOSE({self.index(choice)},{','.join(texts)})"

    def write_uses(self) -> None:
        """Write, when all formulas are known, which inputs they use and why they do not use the others."""
        unsolved = figures_without_formula(self.variants, self.estimates)
        places = _places_of_use(self.variants)
        for address, row in self.rows.items():
            if address in self.used:
                fitted = self.quantity(address) is None and setting(address) is None
                solved = fitted and address not in self.estimates
                words = "yes, as it stands: solved by netcea from published figures" if solved else "yes"
            elif address in unsolved:
                words = "no: feeds an estimate that netcea solves; export again"
            else:
                words = _unused(address, places.get(address, []))
            self.page.put(row, USED, words, "subtitle")


def _places_of_use(variants: Variants) -> dict[str, list[KeyPath]]:
    """Return where scenarios name each address: key paths of their files."""
    found: dict[str, list[KeyPath]] = {}
    for scenario in variants.scenarios:
        for use in addresses_in(scenario.file):
            found.setdefault(use.address, []).append(use.path)
    return found


def _unused(address: str, places: Sequence[KeyPath]) -> str:
    """Return why no formula uses a number."""
    if address.startswith(METHODS):
        return "no: the settings hold the rates"
    for start, why in ELSEWHERE.items():
        if any(place[: len(start)] == start for place in places):
            return why
    return "no: no choice of these scenarios uses it"


def write_inputs(construction: Construction) -> Inputs:
    """Write a row for each number."""
    scenarios, variants = construction.written_by(write_scenarios), construction.variants
    page = construction.page("Inputs")
    page.open_with(
        "Inputs", "Yellow: type a number to try it; empty follows the scenario. Addresses are those of the YAML files."
    )
    page.heading(FIRST - 1, HEADINGS)
    rows = {address: row for row, address in enumerate(sorted(variants.numbers), FIRST)}
    choices, draw = construction.written_by(write_choices), DrawLayout.of(variants)
    found = Inputs(variants, page, choices, scenarios.number, draw, rows)
    found = replace(found, estimates=estimate_formulas(variants, found.before_drawing))
    drawn, sources = draw.cells(), construction.written_by(write_sources)
    for address, row in rows.items():
        chosen = found.estimates.get(address) or scenarios.selected.get(address, page.at(row, BASE))
        _write_number(found, address, chosen, drawn.get(address, ""))
        _describe(found, address, sources)
        page.restrict(row, YOURS, rule_for(address, found.limits(address)))
        construction.book.name(address, page.at(row, LIVE))
        if found.factor(address) != 1.0:
            construction.book.name(f"{address}.model", page.at(row, MODEL))
    page.widths(58, 44, *[12.0] * 9, 34, 40, 12, 60, 44, 10)
    page.group(FACTOR, MODEL)
    page.frozen("C6")
    page.landscape(repeat_rows="1:5", repeat_columns="A:A", wide=3)
    return found


def _write_number(found: Inputs, address: str, chosen: str, drawn: str) -> None:
    """Write a number: in the base, in the scenario, typed, live (drawn where it can be), and in the model's unit."""
    page, row = found.page, found.rows[address]
    base, factor, centre = found.variants.values(address)[0], found.factor(address), found.centre(address)
    page.put(row, ADDRESS, address)
    page.put(row, BASE, base, "number")
    page.formula(row, SCENARIO, chosen, "chosen")
    page.put(row, YOURS, None, "input")
    page.formula(row, LIVE, f'IF({SWITCH}="yes",{drawn},{centre})' if drawn else centre, "live")
    page.put(row, FACTOR, factor, "number")
    page.formula(row, MODEL, f"{page.at(row, LIVE)}*{page.at(row, FACTOR)}", "number")
    before = page.at(row - 1, COUNT) if row > FIRST else "0"
    page.formula(row, COUNT, f'{before}+IF({page.at(row, YOURS)}="",0,1)', "note")
    for columns, size in (((BASE, SCENARIO, YOURS, LIVE), base), ((FACTOR,), factor), ((MODEL,), base * factor)):
        page.format_as(row, columns, size)


def _describe(found: Inputs, address: str, sources: Sources) -> None:
    """Write what a number is, its unit, uncertainty, source and status."""
    page, row, quantity = found.page, found.rows[address], found.quantity(address)
    if quantity is None and (of_settings := setting(address)) is not None:
        words = {LABEL: of_settings[0], STATUS: "choice", NOTE: "A choice of the scenario file"}
        page.put(row, UNIT, of_settings[1], "indented")
    elif quantity is None:
        follows = "it follows them here" if address in found.estimates else "it stays as it is here: export again"
        note = f"Estimated by netcea from published figures; {follows}"
        words = {LABEL: f"{address.rpartition('.')[2]}, fitted", STATUS: "derived", NOTE: note}
        page.put(row, UNIT, "parameter", "indented")
    else:
        words = {LABEL: quantity.label or address, STATUS: quantity.status, NOTE: quantity.note}
        page.put(row, UNIT, quantity.unit, "indented")
        _write_evidence(page, row, quantity, words, sources)
    for column, text in words.items():
        page.put(row, column, text)


def _write_evidence(page: Page, row: int, quantity: Quantity, words: Mapping[int, str], sources: Sources) -> None:
    """Write the uncertainty of a quantity and its source, with a comment beside the value."""
    for column, bound in zip((LOW, HIGH), bounds_of(quantity), strict=True):
        page.put(row, column, bound, "number")
    page.format_as(row, (LOW, HIGH), quantity.value)
    page.put(row, DISTRIBUTION, distribution_entries(quantity), "indented")
    citation = "; ".join(sources.citations.get(key, key) for key in quantity.source)
    known = [sources.cells[key] for key in quantity.source if key in sources.cells]
    if known:
        page.link(row, SOURCE, citation, known[0])
    else:
        page.put(row, SOURCE, citation)
    comment = f"{words[LABEL]}\nStatus: {quantity.status}\n{citation}\n{quantity.note}"
    page.comments[row, BASE] = Comment(comment[:900].strip())
