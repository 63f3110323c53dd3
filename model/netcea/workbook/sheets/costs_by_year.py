"""Costs by year: undiscounted costs per patient by year since the start, line by line of the sheet Costs.

What comes at moments (packs, the start) is paid in the year of the moment; what is spread over a cycle is shared by
time between the years in which the cycle lies, as `netcea.engine.by_year` does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.analyses.threshold.price import drugs_of
from netcea.costs.category import Category
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.payer import NHS
from netcea.reporting.xlsx.page import Page
from netcea.scenario.budget_options import BudgetOptions
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.exposure import AT_START, StreamColumns
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.adverse_events import write_adverse_events
from netcea.workbook.sheets.costs import AMOUNT, UNDISCOUNTED, Written, at_ends, write_costs
from netcea.workbook.sheets.cycles import Cycles, write_cycles
from netcea.workbook.sheets.dispensing import Dispensing, write_dispensing
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.structural_choices import TECHNOLOGY_ELSEWHERE
from netcea.workbook.variants import Variants

TITLE: Final = "Costs by year"
YEAR_ROW, FIRST = 4, 6
ITEM, OPTION, STRATEGY, CATEGORY, COUNTED, PER_UNIT, FIRST_UNIT = range(1, 8)
LEFT_OUT: Final = 1
"""Number of the option of the choice that leaves the technology's drug out of what other strategies cost."""


@dataclass(frozen=True)
class CostsByYear:
    """The sheet.

    Attributes
    ----------
    page : Page
    years : int
        Of the budget; all later years stand together in one more column.
    blocks : mapping of (strategy, category) -> (first, last)
        Rows of its lines, which stand together.
    strategies : mapping of strategy -> (first, last)
        Rows of all its lines.
    """

    page: Page
    years: int
    blocks: Mapping[tuple[str, Category], tuple[int, int]]
    strategies: Mapping[str, tuple[int, int]]

    @property
    def first_cost(self) -> int:
        """Return the column of the cost of the first year."""
        return FIRST_UNIT + self.years + 1

    @property
    def total(self) -> int:
        """Return the column of the cost of all years."""
        return self.first_cost + self.years + 1

    @property
    def at_list(self) -> int:
        """Return the column of the amount with the technology's drug at list price; the next has it for free."""
        return self.total + 2

    @property
    def categories(self) -> tuple[Category, ...]:
        """Return the categories that there are, in the order of tables."""
        return tuple(sorted({category for _, category in self.blocks}, key=lambda category: category.order))

    def counted(self, rows: tuple[int, int], year: int) -> str:
        """Return the formula of what the budget counts of lines in a year, per patient."""
        return f"SUMPRODUCT({self.page.span(*rows, COUNTED)},{self.page.span(*rows, self.first_cost + year - 1)})"

    def counted_at(self, rows: tuple[int, int], year: int, *, free: bool) -> str:
        """Return the same with the technology's drug at list price, or for free."""
        parts = (COUNTED, self.at_list + int(free), FIRST_UNIT + year - 1)
        return f"SUMPRODUCT({','.join(self.page.span(*rows, column) for column in parts)})"

    @property
    def gap(self) -> str:
        """Return the formula of how far years miss the undiscounted costs of the sheet Costs, as a share of them."""
        rows = min(first for first, _ in self.strategies.values()), max(last for _, last in self.strategies.values())
        mine, its = (self.page.span(*rows, column) for column in (self.total, self.total + 1))
        return f"SUMPRODUCT(MAX(ABS({mine}-{its})))/MAX(1,SUMPRODUCT(MAX(ABS({its}))))"


def budget_of(variants: Variants) -> BudgetOptions | None:
    """Return the block of the base scenario's budget; None where it has none, or the NHS does not always count."""
    return variants.base.file.analyses.budget if TECHNOLOGY_ELSEWHERE in variants.choices else None


def write_costs_by_year(construction: Construction) -> CostsByYear | None:
    """Write every line of costs that the NHS and PSS pay; nothing where there is no budget."""
    options = budget_of(construction.variants)
    if options is None:
        return None
    construction.written_by(write_adverse_events)  # it adds lines to those of the cost items
    costs, page = construction.written_by(write_costs), construction.page(TITLE)
    page.open_with(
        TITLE,
        "Undiscounted, per patient, by year since the start. Amounts are those of the sheet Costs; what other payers "
        "than the NHS and PSS pay is left out.",
    )
    years = len(options.uptake)
    blocks, rows, lines, at = {}, {}, [], FIRST
    for strategy in construction.variants.base.strategies:
        own = sorted((w for w in costs.written.get(strategy, ()) if w.line.payer == NHS), key=_order)
        for category, of_category in groupby(own, lambda written: written.line.category):
            found = list(of_category)
            blocks[strategy, category] = at, at + len(found) - 1
            lines += [(strategy, written) for written in found]
            at += len(found)
        if own:
            rows[strategy] = at - len(own), at - 1
    sheet = CostsByYear(page, years, blocks, rows)
    _write_headings(sheet)
    own_drugs = _write_own_drugs(construction, page, at + 2, [written for _, written in lines])
    _write_lines(construction, sheet, costs.page, lines, own_drugs)
    page.widths(38, 40, 26, 22, 10, 14, *[11.0] * (years + 1), *[12.0] * (years + 1), 13, 13, 14, 14)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"1:{FIRST - 1}", repeat_columns="A:A", wide=2)
    return sheet


def _order(written: Written) -> int:
    return written.line.category.order


def _write_headings(sheet: CostsByYear) -> None:
    page, years = sheet.page, range(1, sheet.years + 1)
    page.heading(FIRST - 1, ["Item", "Option", "Strategy", "Category", "In the budget (1: yes)", "Amount (£ per unit)"])
    for first, words in ((FIRST_UNIT, "Units"), (sheet.first_cost, "Cost (£)")):
        page.heading(FIRST - 1, [*(f"{words} in year {year}" for year in years), f"{words} in later years"], first)
    for year in years:
        page.put(YEAR_ROW, FIRST_UNIT + year - 1, year, "integer")
    page.put(YEAR_ROW, 1, "Year since the start", "note")
    heads = ["Cost, all years (£)", "The sheet Costs has (£)"]
    heads += ["Amount, the technology's drug at list price (£)", "Amount, its drug for free (£)"]
    page.heading(FIRST - 1, heads, sheet.total)


def _write_lines(
    construction: Construction,
    sheet: CostsByYear,
    costs: Page,
    lines: Sequence[tuple[str, Written]],
    own_drugs: Mapping[str, str],
) -> None:
    """Write the lines: what they are, their units and costs by year, and amounts at other prices."""
    page, inputs, traces = sheet.page, construction.written_by(write_inputs), construction.written_by(write_traces)
    technology = inputs.variants.base.file.decision.intervention
    units = _Units(
        sheet, construction.written_by(write_dispensing), _shares(construction.written_by(write_cycles), sheet.years)
    )
    for row, (strategy, (at, line, amount, stream)) in enumerate(lines, FIRST):
        words = (line.label, line.option, line.strategy, line.category.label)
        page.row(row, words, "wrapped")
        counted = "1" if strategy == technology else _counted(inputs, [own_drugs[p] for p in line.prices])
        if counted == "1":
            page.put(row, COUNTED, 1, "integer")
        else:
            page.formula(row, COUNTED, counted, "integer")
        page.formula(row, PER_UNIT, costs.at(at, AMOUNT), "pence")
        for year, text in enumerate(units.of(traces[strategy], stream)):
            page.formula(row, FIRST_UNIT + year, text, "share")
            cost = f"{page.at(row, PER_UNIT)}*{page.at(row, FIRST_UNIT + year)}"
            page.formula(row, sheet.first_cost + year, cost, "pence")
        page.formula(row, sheet.total, f"SUM({page.span(row, row, sheet.first_cost, sheet.total - 1)})", "pence")
        page.formula(row, sheet.total + 1, costs.at(at, UNDISCOUNTED), "pence")
        for column, text in enumerate(_at_ends(inputs, amount), sheet.at_list):
            page.formula(row, column, text or page.at(row, PER_UNIT), "pence")


def _counted(inputs: Inputs, own: Sequence[str]) -> str:
    """Return the formula of whether the budget counts a line, from the cells of its prices."""
    if not own:
        return "1"
    choice = inputs.variants.choices[TECHNOLOGY_ELSEWHERE]
    return f"IF(AND({inputs.index(choice)}={LEFT_OUT},SUM({','.join(own)})>0),0,1)"


def _at_ends(inputs: Inputs, amount: str) -> tuple[str, str]:
    """Return an amount with the technology's drugs at list price and for free; '' where it stays as it is."""
    for drug in drugs_of(inputs.variants.base):
        ends = at_ends(amount, inputs.number(drug.price), inputs.number(drug.discount) if drug.discount else "")
        if ends is not None:
            return ends
    return "", ""


def _write_own_drugs(construction: Construction, page: Page, row: int, lines: Sequence[Written]) -> dict[str, str]:
    """Write which drugs the technology alone pays for from the start; return address of a price -> its cell."""
    inputs = construction.written_by(write_inputs)
    prices = sorted({price for written in lines for price in written.line.prices})
    page.put(row, 1, "Drugs that the technology alone pays for from the start (1: yes)", "section")
    notes = (
        "The world without the technology has none of it: what other strategies pay for it, after crossover in the",
        "trial, is left out of the budget where Choices says so.",
    )
    for at, words in enumerate(notes, row + 1):
        page.put(at, 1, words, "subtitle")
    found = {}
    for at, price in enumerate(prices, row + 1 + len(notes)):
        page.put(at, 1, page_label(inputs, price))
        page.put(at, 2, price, "note")
        tests = list(_paid_by_the_technology_alone(inputs, price))
        page.formula(at, COUNTED, f"IF(OR({','.join(tests)}),1,0)" if tests else "0", "integer")
        found[price] = page.at(at, COUNTED)
    return found


def page_label(inputs: Inputs, address: str) -> str:
    """Return what Inputs calls a number."""
    return str(inputs.page.value(inputs.rows[address], 2)) if address in inputs.rows else address


def _paid_by_the_technology_alone(inputs: Inputs, price: str) -> Iterator[str]:
    """Yield conditions, each of a drug of the technology and of no other strategy at this price that is live."""
    base = inputs.variants.base
    technology = base.file.decision.intervention
    others = [name for name in base.strategies if name != technology]
    for address, choice in inputs.variants.choices.items():
        for number, item in enumerate(choice.values, 1):
            if not address.startswith("costs.") or not isinstance(item, DrugAcquisition):
                continue
            alone = item.applies_to(technology) and not any(map(item.applies_to, others))
            if alone and price in item.drug_prices():
                yield f"{inputs.index(choice)}={number}"


def _shares(cycles: Cycles, years: int) -> list[str]:
    """Add to the sheet of cycles the share of each that lies in each year, and after them; return their columns."""
    page, found = cycles.page, []
    start, end, length = (page.here(column) for column in (grid.STARTS, grid.TIME, grid.LENGTH))
    first = page.last_column + 1
    for year in range(1, years + 2):
        column = first + year - 1
        later = year > years
        number = f"${get_column_letter(column)}${grid.FIRST - 2}"
        page.put(grid.FIRST - 2, column, years if later else year, "note")
        words = f"Share of the cycle after year {years}" if later else f"Share of the cycle in year {year}"
        page.heading(grid.FIRST - 1, [words], column)
        until = end if later else f"MIN({end},{number})"
        since = f"MAX({start},{number})" if later else f"MAX({start},{number}-1)"
        text = f"IF({length}<=0,0,MAX(0,{until}-{since})/{length})"
        page.fill(grid.FIRST + 1, cycles.last, column, text, "share")
        page.column_widths[column] = 14.0
        found.append(cycles.span(column, from_start=False))
    return found


@dataclass(frozen=True)
class _Units:
    """Units of what amounts are paid along, by year and after the last.

    Attributes
    ----------
    sheet : CostsByYear
    dispensing : Dispensing
    shares : sequence of ranges
        Of each cycle, its share of each year, and of what comes after.
    """

    sheet: CostsByYear
    dispensing: Dispensing
    shares: Sequence[str]

    def of(self, trace: Trace, stream: StreamColumns) -> Iterator[str]:
        """Yield the formula of each year, and of all later ones."""
        years = [self.sheet.page.at(YEAR_ROW, FIRST_UNIT + year) for year in range(self.sheet.years)]
        if stream.undiscounted == AT_START:
            yield trace.total(AT_START)
            yield from ["0"] * len(years)
        elif stream.taken is not None:
            who, when = self.dispensing.by_year(stream.taken)
            yield from (f"SUMPRODUCT(({when}={year})*{who})" for year in years)
            yield f"SUMPRODUCT(({when}>{years[-1]})*{who})"
        else:
            yield from (f"SUMPRODUCT({trace.span(stream.undiscounted)},{share})" for share in self.shares)
