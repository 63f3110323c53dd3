"""Inputs: the live number of every address, what the scenario gives, and what the reader types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from netcea.quantities.limits import Limits
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.reporting.xlsx.book import defined_name
from netcea.reporting.xlsx.page import Comment, Page
from netcea.workbook.choice import Choice
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.estimates import estimate_formulas
from netcea.workbook.formulas.formula import Formula
from netcea.workbook.option_words import names_in_words, spaced, unique_labels
from netcea.workbook.sections import write_sections
from netcea.workbook.sheets.choices import Choices, write_choices
from netcea.workbook.sheets.draw_layout import DRAWING, DrawLayout
from netcea.workbook.sheets.input_descriptions import (
    AS_IT_STANDS,
    bounds_of,
    distribution_entries,
    places_of_use,
    unused,
    used_for,
)
from netcea.workbook.sheets.one_way_layout import OneWayLayout
from netcea.workbook.sheets.scenarios import write_scenarios
from netcea.workbook.sheets.sources import Sources, write_sources
from netcea.workbook.sheets.uprating import index_of, write_uprating
from netcea.workbook.source_words import SourceWords
from netcea.workbook.variants import Variants

FIRST: Final = 6
"""Row of the first section's heading."""
ADDRESS, LABEL, BASE, SCENARIO, YOURS, LIVE, UNIT, LOW, HIGH, DISTRIBUTION, SOURCE, STATUS, NOTE = range(1, 14)
USED, FACTOR, MODEL, COUNT, SOLVED_NOW, STUCK, LEAST, MOST, OUTSIDE, MOVED = range(14, 24)
HEADINGS: Final = (
    "Address",
    "What it is",
    "Base value",
    "Value in the scenario",
    "Your value",
    "Live value",
    "Unit",
    "2.5% quantile or lowest",
    "97.5% quantile or highest",
    "Distribution",
    "Source",
    "Status",
    "Note",
    "Used by formulas",
    "Factor to the model's unit",
    "Live, in the model's unit",
    "Changed so far",
    "Solved by netcea now",
    "Changed, and nothing follows",
    "At least, beside the others",
    "At most, beside the others",
    "Typed outside of what is possible",
    "Before drawing, moved one way",
)
SOLVED: Final = "no: feeds an estimate that netcea solves; export again"
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
    one_way : OneWayLayout
        Which numbers can be moved one at a time.
    used : set of addresses that a formula refers to so far
    uprated : mapping of address -> cell with the live factor of a cost to the model's unit and price year
    """

    variants: Variants
    page: Page
    choices: Choices
    scenario_number: str
    draw: DrawLayout
    rows: Mapping[str, int]
    estimates: Mapping[str, str] = field(default_factory=dict)
    one_way: OneWayLayout = field(default_factory=OneWayLayout)
    used: set[str] = field(default_factory=set)
    uprated: Mapping[str, str] = field(default_factory=dict)

    @property
    def choice_rows(self) -> Mapping[str, int]:
        """Return address -> row of Choices."""
        return self.choices.rows

    def span(self, column: int) -> str:
        """Return a column."""
        return self.page.span(FIRST, max(self.rows.values()), column)

    def number(self, address: str) -> str:
        """Return how a formula refers to a number in the model's unit."""
        self.used.add(address)
        return f"{self.name(address)}.model" if self.converts(address) else self.name(address)

    def centre(self, address: str) -> str:
        """Return the formula of a live value, in the unit of inputs/, as it is when nothing is drawn."""
        yours, scenario = (self.page.at(self.rows[address], column) for column in (YOURS, SCENARIO))
        return f'IF({yours}="",{scenario},{yours})'

    def moved(self, address: str) -> str:
        """Return the formula of a live value, in the unit of inputs/, moved one way and not drawn."""
        moves = address in self.one_way.rows or self.one_way.that_move(address)
        return self.page.at(self.rows[address], MOVED) if moves else self.centre(address)

    def before_drawing(self, address: str) -> str:
        """Return the formula of a number in the model's unit as it is when nothing is drawn."""
        self.used.add(address)
        centre, factor = self.moved(address), self.page.at(self.rows[address], FACTOR)
        return f"({centre})*{factor}" if self.converts(address) else centre

    def name(self, address: str) -> str:
        """Return the defined name of a live value."""
        return defined_name(address)

    def factor(self, address: str) -> float:
        """Return the factor from the unit and price year of inputs/ to the model's, of the first that has it."""
        return next((s.factors[address] for s in self.variants.scenarios if address in s.factors), 1.0)

    def factor_cell(self, address: str) -> str:
        """Return the cell with the live factor from the unit and price year of inputs/ to the model's."""
        return self.page.at(self.rows[address], FACTOR)

    def factor_in(self, address: str, price_year: str) -> float:
        """Return the factor from the unit of inputs/ to the model's while a price year is live."""
        quantity = self.quantity(address)
        index = None if quantity is None else index_of(self.variants, quantity)
        if quantity is None or index is None:
            return self.factor(address)
        return UNITS[quantity.unit].to_model * index.factor(quantity.price_year, price_year)

    def converts(self, address: str) -> bool:
        """Say whether the model's unit or price year is, or can become, another than that of inputs/."""
        return address in self.uprated or self.factor(address) != 1.0

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

    def in_words(self, formula: str) -> str:
        """Return a formula with labels in place of the names of numbers."""
        return names_in_words(formula, self._labels_by_name)

    @cached_property
    def _labels_by_name(self) -> Mapping[str, str]:
        return {self.name(a): str(self.page.value(row, LABEL)) for a, row in self.rows.items()}

    def pick(self, choice: Choice, texts: Sequence[str]) -> str:
        """Return the formula of the live option: one formula for each, or the only one there is."""
        if len(set(texts)) == 1:
            return texts[0]
        return f"CHOOSE({self.index(choice)},{','.join(texts)})"

    def write_uses(self, solved: Mapping[str, str]) -> None:
        """Write, when all formulas are known, which inputs they use and why they do not use the others.

        Parameters
        ----------
        solved : mapping of address -> formula
            Of figures: whether a curve is live that Python fitted to them, so that they change nothing here.
        """
        places = places_of_use(self.variants)
        for address, row in self.rows.items():
            if address in self.used:
                fitted = self.quantity(address) is None and setting(address) is None
                as_it_stands = fitted and address not in self.estimates
                words = AS_IT_STANDS if as_it_stands else used_for(places.get(address, []))
            else:
                words = unused(address, places.get(address, []))
            if address not in solved:
                self.page.put(row, USED, words, "subtitle")
                continue
            now, typed = self.page.at(row, SOLVED_NOW), self.page.at(row, YOURS)
            self.page.formula(row, SOLVED_NOW, f"IF({solved[address]},1,0)", "note")
            self.page.formula(row, USED, f'IF({now}=1,"{SOLVED}","{words}")', "subtitle")
            self.page.formula(row, STUCK, f'IF(AND({typed}<>"",{now}=1),1,0)', "note")


def write_inputs(construction: Construction) -> Inputs:
    """Write a row for each number."""
    scenarios, variants = construction.written_by(write_scenarios), construction.variants
    page = construction.page("Inputs")
    page.open_with(
        "Inputs", "Yellow: type a number to try it; empty follows the scenario. Addresses are those of the YAML files."
    )
    page.heading(FIRST - 1, HEADINGS)
    rows = write_sections(page, FIRST, sorted(variants.numbers), OUTSIDE)
    choices, draw = construction.written_by(write_choices), DrawLayout.of(variants)
    uprated = construction.written_by(write_uprating).factors
    found = Inputs(variants, page, choices, scenarios.number, draw, rows, uprated=uprated)
    one_way = OneWayLayout.of(variants, draw, estimate_formulas(variants, found.before_drawing))
    found = replace(found, one_way=one_way.among(rows))
    found = replace(found, estimates=estimate_formulas(variants, found.before_drawing))
    drawn, sources = draw.cells(), construction.written_by(write_sources)
    words_of, before = SourceWords(variants.scenarios), "0"
    labels = unique_labels({address: _label(found, address, words_of) for address in rows})
    for address, row in rows.items():
        chosen = found.estimates.get(address) or scenarios.selected.get(address, page.at(row, BASE))
        _write_number(found, address, chosen, drawn.get(address, ""))
        page.formula(row, COUNT, f'{before}+IF({page.at(row, YOURS)}="",0,1)', "note")
        before = page.at(row, COUNT)
        page.put(row, LABEL, labels[address], "wrapped")
        _describe(found, address, sources)
        construction.book.name(address, page.at(row, LIVE))
        if found.converts(address):
            construction.book.name(f"{address}.model", page.at(row, MODEL))
    page.widths(42, 34, *[11.0] * 4, 12, 11, 11, 23, 25, 12, 42, 40, 12, 12, *[10.0] * 3, 12, 12, 10, 12)
    page.group(FACTOR, MOVED)
    page.frozen("C6")
    page.landscape(repeat_rows="5:5", last_column=NOTE)
    return found


def _write_number(found: Inputs, address: str, chosen: str, drawn: str) -> None:
    """Write a number: in the base, in the scenario, typed, live (drawn where it can be), and in the model's unit."""
    page, row = found.page, found.rows[address]
    base, factor, centre = found.variants.values(address)[0], found.factor(address), found.centre(address)
    page.put(row, ADDRESS, address, "note")
    page.put(row, BASE, base, "number")
    page.formula(row, SCENARIO, chosen, "chosen")
    page.put(row, YOURS, None, "input")
    if (moved := found.moved(address)) != centre:
        page.formula(row, MOVED, found.one_way.moved(address, drawn, centre), "number4")
    page.formula(row, LIVE, f"IF({DRAWING},{drawn},{moved})" if drawn else moved, "live")
    if address in found.uprated:
        page.formula(row, FACTOR, found.uprated[address], "number")
    else:
        page.put(row, FACTOR, factor, "number")
    page.formula(row, MODEL, f"{page.at(row, LIVE)}*{page.at(row, FACTOR)}", "number")
    for columns, size in (((BASE, SCENARIO, YOURS, LIVE), base), ((FACTOR,), factor), ((MODEL,), base * factor)):
        page.format_as(row, columns, size)


def _label(found: Inputs, address: str, words_of: SourceWords) -> str:
    """Return what a number is."""
    quantity, of_settings = found.quantity(address), setting(address)
    if quantity is not None:
        return quantity.label or address
    if of_settings is not None:
        return of_settings[0]
    fit, _, parameter = address.rpartition(".")
    return f"{spaced(parameter).capitalize()}: {words_of.fit(fit)}"


def _describe(found: Inputs, address: str, sources: Sources) -> None:
    """Write what a number is, its unit, uncertainty, source and status."""
    page, row, quantity = found.page, found.rows[address], found.quantity(address)
    if quantity is None and (of_settings := setting(address)) is not None:
        words = {STATUS: "choice", NOTE: "A choice of the scenario file"}
        page.put(row, UNIT, of_settings[1], "indented")
    elif quantity is None:
        follows = "it follows them here" if address in found.estimates else "it stays as it is here: export again"
        note = f"Estimated by netcea from published figures; {follows}"
        words = {STATUS: "derived", NOTE: note}
        page.put(row, UNIT, "parameter", "indented")
    else:
        words = {STATUS: quantity.status, NOTE: quantity.note}
        page.put(row, UNIT, quantity.unit, "indented")
        _write_evidence(page, row, quantity, sources)
    for column, text in words.items():
        page.put(row, column, text, "wrapped")


def _write_evidence(page: Page, row: int, quantity: Quantity, sources: Sources) -> None:
    """Write the uncertainty of a quantity and its source, with a comment beside the value."""
    for column, bound in zip((LOW, HIGH), bounds_of(quantity), strict=True):
        page.put(row, column, bound, "number")
        page.format_as(row, (column,), bound)
    page.put(row, DISTRIBUTION, distribution_entries(quantity), "indented_wrapped")
    citation = "; ".join(sources.citations.get(key, key) for key in quantity.source)
    known = [sources.cells[key] for key in quantity.source if key in sources.cells]
    keys = "; ".join(quantity.source)
    if known:
        page.link(row, SOURCE, keys, known[0], "link_wrapped")
    else:
        page.put(row, SOURCE, keys, "wrapped")
    comment = f"{page.value(row, LABEL)}\nStatus: {quantity.status}\n{citation}\n{quantity.note}"
    page.comments[row, BASE] = Comment(comment[:900].strip())
