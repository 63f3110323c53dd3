"""Uprating: what turns each cost of another price year into the model's, by formula; the price year is live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netcea.quantities.price_index import PriceIndex
from netcea.quantities.price_types import PRICE_WORDS
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.reporting.xlsx.book import defined_name
from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.choices import LIVE, YOURS, Choices, write_choices
from netcea.workbook.structural_choices import PRICE_YEAR
from netcea.workbook.variants import Variants

YEAR_ROW, FIRST = 3, 6
"""Row of the price year, and of the first index."""
ADDRESS, LABEL, PUBLISHED, OWN_YEAR, INDEX, THEN, NOW, FACTOR, UPRATED = range(1, 10)
HEADINGS: Final = (
    "Address",
    "What it is",
    "Value in its own price year (£)",
    "Its price year",
    "Price index",
    "Index in its year",
    "Index in the model's year",
    "Factor",
    "In the model's year (£)",
)


@dataclass(frozen=True)
class Uprating:
    """Where the factor of each uprated cost stands.

    Attributes
    ----------
    factors : mapping of address -> cell
        Of the unit and price year of inputs/ to the model's.
    """

    factors: Mapping[str, str]


def write_uprating(construction: Construction) -> Uprating:
    """Write the sheet, where any cost has a price index."""
    variants = construction.variants
    money = dict(_money(variants))
    uprated = {address: quantity for address, quantity in money.items() if index_of(variants, quantity) is not None}
    if not uprated:
        return Uprating({})
    choices, page = construction.written_by(write_choices), construction.page("Uprating")
    page.open_with(
        "Uprating of costs", "Cost in the model's price year = cost in its own x index(model's year) / index(its own)."
    )
    year = _write_year(page, choices)
    spans, row = _write_indices(page, variants, FIRST)
    page.put(row, ADDRESS, "Costs that are uprated", "section")
    page.heading(row + 1, HEADINGS)
    factors = {}
    for at, (address, quantity) in enumerate(uprated.items(), row + 2):
        factors[address] = _write_cost(page, at, address, quantity, spans[quantity.index], year)
    row += 3 + len(uprated)
    _write_others(page, row, {address: q for address, q in money.items() if address not in uprated})
    page.widths(54, 58, 16, 12, 14, 13, 13, 12, 16)
    page.frozen(f"B{YEAR_ROW + 1}")
    page.landscape(repeat_rows=f"1:{YEAR_ROW}")
    return Uprating(factors)


def index_of(variants: Variants, quantity: Quantity) -> PriceIndex | None:
    """Return the price index by which a number is uprated; None for one that never is."""
    return next(
        (s.price_indices[quantity.index] for s in variants.scenarios if quantity.index in s.price_indices), None
    )


def _money(variants: Variants) -> Iterator[tuple[str, Quantity]]:
    """Yield every amount of money in use with its address."""
    for address in sorted(variants.numbers):
        quantity = next((s.quantities[address] for s in variants.scenarios if address in s.quantities), None)
        if quantity is not None and quantity.price_year:
            yield address, quantity


def _write_year(page: Page, choices: Choices) -> str:
    """Write the price year that is live, and where it is changed; return its cell."""
    row = choices.rows[PRICE_YEAR]
    page.put(YEAR_ROW, ADDRESS, "Price year of the model now", "section")
    page.formula(YEAR_ROW, LABEL, choices.page.at(row, LIVE), "live")
    page.link(YEAR_ROW, PUBLISHED, "choose another in the yellow cell of Choices", choices.page.at(row, YOURS))
    return page.at(YEAR_ROW, LABEL)


def _write_indices(page: Page, variants: Variants, row: int) -> tuple[dict[str, tuple[str, str]], int]:
    """Write every index in use; return its ranges of years and values, and the row after all."""
    page.put(row - 1, ADDRESS, "Price indices", "section")
    found: dict[str, PriceIndex] = {}
    for scenario in variants.scenarios:
        found.update({name: index for name, index in scenario.price_indices.items() if name not in found})
    spans = {}
    for name, index in sorted(found.items()):
        page.heading(row, ["Address of the table", "Note", "Price year", "Index"])
        first, last = row + 1, row + len(index.values)
        page.put(first, ADDRESS, index.address)
        page.put(first, LABEL, index.note, "wrapped")
        for at, (year, value) in enumerate(index.values.items(), first):
            page.put(at, PUBLISHED, year)
            page.put(at, OWN_YEAR, value, "number")
        spans[name] = (page.span(first, last, PUBLISHED), page.span(first, last, OWN_YEAR))
        row = last + 2
    return spans, row


def _write_cost(page: Page, row: int, address: str, quantity: Quantity, spans: tuple[str, str], year: str) -> str:
    """Write how one cost is uprated; return the cell of its factor."""
    years, values = spans
    page.row(row, (address, quantity.label))
    page.formula(row, PUBLISHED, defined_name(address), "live_pence")
    page.row(row, (quantity.price_year, quantity.index), "indented", OWN_YEAR)
    own = page.at(row, OWN_YEAR)
    for column, wanted in ((THEN, own), (NOW, year)):
        page.formula(row, column, f'IFERROR(INDEX({values},MATCH({wanted},{years},0)),"none")', "number")
    ratio = f"IF({own}={year},1,{page.at(row, NOW)}/{page.at(row, THEN)})"
    unit = UNITS[quantity.unit].to_model
    page.formula(row, FACTOR, ratio if unit == 1.0 else f"{ratio}*{unit!r}", "small")
    page.formula(row, UPRATED, f"{page.at(row, PUBLISHED)}*{page.at(row, FACTOR)}", "pence")
    return page.at(row, FACTOR)


def _write_others(page: Page, row: int, money: Mapping[str, Quantity]) -> None:
    """List costs that no index uprates, whatever the price year."""
    if not money:
        return
    page.put(row, ADDRESS, "Costs that are never uprated: they name no price index", "section")
    heads: Sequence[str] = (*HEADINGS[:OWN_YEAR], "What it is paid by")
    page.heading(row + 1, heads)
    for at, (address, quantity) in enumerate(money.items(), row + 2):
        page.row(at, (address, quantity.label))
        page.formula(at, PUBLISHED, defined_name(address), "live_pence")
        page.row(at, (quantity.price_year, PRICE_WORDS.get(quantity.price_type, "")), "indented", OWN_YEAR)
