"""Costs: amounts per unit on a sheet of their own, and what is accrued on the traces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.costs.payer import Payer, payers_of
from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.reporting.xlsx.page import Page
from netcea.workbook.choice import Choice
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.exposure import SheetExposure, StreamColumns
from netcea.workbook.formulas.formula import Formula, NotInFormulasError
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.life_years import add_life_years
from netcea.workbook.sheets.trace import Trace

FIRST = 6
AMOUNT, DISCOUNTED, UNDISCOUNTED, AT_LIST = 5, 8, 9, 10
HEADINGS = (
    "Item",
    "Option",
    "Strategy",
    "State",
    "Amount (£ per unit)",
    "Units, discounted",
    "Units, undiscounted",
    "Cost, discounted (£)",
    "Cost, undiscounted (£)",
)


@dataclass(frozen=True)
class Line:
    """One amount: of which item, under which option, whose, in which state.

    Attributes
    ----------
    name, label, option, strategy, state : str
        The strategy by its label.
    category : Category
    payer : Payer
    prices : tuple of str
        Addresses of the prices of drugs that it pays, or without which it would not be.
    """

    name: str
    label: str
    option: str
    strategy: str
    state: str
    category: Category
    payer: Payer
    prices: tuple[str, ...] = ()


class Written(NamedTuple):
    """A line on the sheet: its row, what it is, the formula of its amount, what it is paid along."""

    row: int
    line: Line
    amount: str
    stream: StreamColumns


@dataclass
class Costs:
    """The sheet of amounts under construction.

    Attributes
    ----------
    undiscounted : mapping of strategy -> cells with undiscounted costs
    discounted : mapping of strategy -> item -> cells with discounted costs
    written : mapping of strategy -> its lines
    columns : mapping of strategy -> keys of the columns of its trace that are costs, by item
    """

    page: Page
    inputs: Inputs
    row: int = FIRST
    undiscounted: dict[str, list[str]] = field(default_factory=dict)
    discounted: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    written: dict[str, list[Written]] = field(default_factory=dict)

    def amount(self, line: Line, amount: str, stream: StreamColumns, trace: Trace) -> tuple[str, StreamColumns]:
        """Write an amount, its units and its cost; return its cell and stream."""
        page, row = self.page, self.row
        for column, words in enumerate((line.label, line.option, line.strategy, line.state.replace("_", " ")), 1):
            page.put(row, column, words, "wrapped" if column < 4 else "text")
        page.formula(row, AMOUNT, amount, "pence")
        page.formula(row, 6, trace.total(stream.discounted), "share")
        page.formula(row, 7, trace.total(stream.undiscounted), "share")
        page.formula(row, DISCOUNTED, f"{page.at(row, AMOUNT)}*{page.at(row, 6)}", "pence")
        page.formula(row, UNDISCOUNTED, f"{page.at(row, AMOUNT)}*{page.at(row, 7)}", "pence")
        self.undiscounted.setdefault(trace.strategy, []).append(page.at(row, UNDISCOUNTED))
        self.discounted.setdefault(trace.strategy, {}).setdefault(line.name, []).append(page.at(row, DISCOUNTED))
        self.written.setdefault(trace.strategy, []).append(Written(row, line, amount, stream))
        self.row += 1
        return page.at(row, AMOUNT), stream

    def at_list_price(self, price: str, discount: str, strategy: str) -> list[str]:
        """Write what is paid at a price in each amount, without the discount; return the cells.

        An amount may hold more than the price of the drug (what dispensing it costs): its cost at list price less its
        cost for free.
        Where there is a discount, amounts at the same price without it, or with another, do not move with it.
        """
        found = []
        for row, _, amount, _ in self.written.get(strategy, []):
            ends = at_ends(amount, price, discount)
            if ends is not None:
                column = AT_LIST
                while (row, column) in self.page.cells:  # the same amount, at the price of another discount
                    column += 1
                self.page.heading(FIRST - 1, ["The drug in it at list price, discounted (£)"], column)
                at_list, free = ends
                self.page.formula(row, column, f"(({at_list})-({free}))*{self.page.at(row, 6)}", "pence")
                found.append(self.page.at(row, column))
        return found

    def column(self, trace: Trace, name: str, label: str, terms: list[tuple[str, StreamColumns]]) -> None:
        """Add what an item costs in each cycle to a trace."""
        text = "+".join(f"{amount}*[{stream.discounted}]" for amount, stream in terms)
        trace.add(f"costs_{name}", f"Cost: {label}", text, "0", "pence")
        self.columns.setdefault(trace.strategy, {})[name] = f"costs_{name}"

    def write_items(self, exposure: SheetExposure) -> None:
        """Write every cost item of a strategy."""
        self.columns.setdefault(exposure.strategy, {})
        for address, choice in self.inputs.variants.choices.items():
            if not address.startswith("costs."):
                continue
            name = address.removeprefix("costs.")
            terms = list(self._terms(name, choice, exposure))
            if terms:
                self.column(exposure.trace, name, item_label(choice.values), terms)

    def _terms(self, name: str, choice: Choice, exposure: SheetExposure) -> Iterator[tuple[str, StreamColumns]]:
        strategy = self.inputs.variants.base.label(exposure.strategy)
        for number, item in enumerate(choice.values, 1):
            counts = "0" if item is None else payer_counts(self.inputs, item.payer)
            if item is None or counts == "0" or not item.applies_to(exposure.strategy):
                continue
            for accrual in accruals(item, exposure):
                amount = accrual.amount.text if counts == "1" else f"IF({counts},{accrual.amount.text},0)"
                if len(choice.options) > 1:
                    amount = f"IF({self.inputs.index(choice)}={number},{amount},0)"
                words = item_label(choice.values), choice.options[number - 1], strategy, accrual.state
                line = Line(name, *words, item.category, item.payer, item.drug_prices())
                yield self.amount(line, amount, accrual.stream, exposure.trace)


def _names(amount: str, number: str) -> bool:
    """Say whether the formula of an amount names a number."""
    return re.search(rf"(?<![A-Za-z0-9_.]){re.escape(number)}(?![A-Za-z0-9_.])", amount) is not None


def at_ends(amount: str, price: str, discount: str) -> tuple[str, str] | None:
    """Return the formulas of an amount at the list price of a drug and for free; None where it does not move with it.

    >>> at_ends("drug.price*(1-drug.discount)*n", "drug.price", "drug.discount")
    ('drug.price*(1-0)*n', 'drug.price*(1-1)*n')
    >>> at_ends("drug.price*n", "drug.price", ""), at_ends("drug.price*n", "drug.price", "drug.discount")
    (('drug.price*n', '0*n'), None)
    """
    if not _names(amount, price) or (discount and not _names(amount, discount)):
        return None
    if not discount:
        return amount, replaced(amount, price, "0")
    return replaced(amount, discount, "0"), replaced(amount, discount, "1")


def payer_counts(inputs: Inputs, payer: Payer) -> str:
    """Return the formula that says whether costs of a payer count: 1 where they always do, 0 where they never do."""
    choice = inputs.variants.choices["decision_problem.perspective"]
    found = [number for number, perspective in enumerate(choice.values, 1) if payer in payers_of(perspective)]
    if len(found) == len(choice.values):
        return "1"
    return f"OR({','.join(f'{inputs.index(choice)}={number}' for number in found)})" if found else "0"


def replaced(amount: str, name: str, number: str) -> str:
    """Return the formula of an amount with a number in the place of a name.

    >>> replaced("drug.price*(1-drug.discount)*n", "drug.discount", "0")
    'drug.price*(1-0)*n'
    """
    return re.sub(rf"(?<![A-Za-z0-9_.]){re.escape(name)}(?![A-Za-z0-9_.])", number, amount)


def write_costs(construction: Construction) -> Costs:
    """Write every cost item of every strategy; adverse events are added to it by their own sheet."""
    exposures, page = construction.written_by(add_life_years), construction.page("Costs")
    page.open_with("Costs", "Amount per unit x units = cost. An amount is 0 where the live choice is another option.")
    page.heading(FIRST - 1, HEADINGS)
    page.widths(38, 40, 30, 18, 20, 16, 16, 18, 18, 18)
    page.frozen(f"A{FIRST}")
    page.landscape(repeat_rows=f"1:{FIRST - 1}")
    costs = Costs(page, construction.written_by(write_inputs))
    for exposure in exposures.values():
        costs.write_items(exposure)
    return costs


def accruals(item: CostItem, exposure: SheetExposure) -> Iterator[Accrual[Formula, StreamColumns]]:
    """Yield what an item accrues, in formulas.

    Raises
    ------
    NotInFormulasError
        It computes something that cells cannot.
    """
    try:
        yield from item.accrue(exposure)
    except (TypeError, ValueError) as error:
        msg = f"cost item '{item.label}': {error}"
        raise NotInFormulasError(msg) from error


def subsequent_treatments(inputs: Inputs, strategy: str) -> Iterator[tuple[str, SubsequentTreatment, str]]:
    """Yield every subsequent treatment of a strategy in any option: address, item, formula of whether it is live."""
    for address, choice in inputs.variants.choices.items():
        for number, item in enumerate(choice.values, 1):
            if isinstance(item, SubsequentTreatment) and item.applies_to(strategy):
                yield address, item, "1" if len(choice.options) == 1 else f"({inputs.index(choice)}={number})"


def item_label(items: Sequence[Any]) -> str:
    """Return what tables call an item."""
    return str(next(item.label for item in items if item is not None))
