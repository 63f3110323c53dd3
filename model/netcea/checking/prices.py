"""The prices of drugs: which the NHS pays, and which are list prices for want of one (PMG36, 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netcea.checking.findings import ALIGNED, JUSTIFIED, MISSING, UNJUSTIFIED, Finding, ReferenceCaseRow
from netcea.loading.merging.draft import DraftScenario
from netcea.scenario.drug_prices import DrugPrice, drug_prices
from netcea.scenario.scenario import Scenario


def check_prices(merged: DraftScenario, scenario: Scenario) -> Iterator[Finding]:
    """Yield a note for each price of a drug that is not what the NHS pays, or does not say what it is.

    Parameters
    ----------
    merged : DraftScenario
        With the places of its numbers.
    scenario : Scenario
        What became of it.
    """
    for address, price in drug_prices(scenario).items():
        if not price.paid_by_nhs:
            place, quantity = merged.inputs.place(address), scenario.quantities[address]
            pays = ", ".join(f"costs.{name}" for name in price.items)
            text = "list price, not what the NHS pays" if price.type else "does not say what kind of price it is"
            hint = "" if price.type else "; add price_type: list, drug_tariff, emit or contract"
            message = f"{quantity.value:,.2f} GBP, paid by {pays}: {text}{hint}"
            yield Finding("note", "price_type", address, place.file, place.line, message)


def prices_row(scenario: Scenario, departure: str) -> ReferenceCaseRow:
    """Return how prices stand to the reference case: the NHS's own, with a reason for each list price.

    Parameters
    ----------
    scenario : Scenario
    departure : {'justified deviation', 'unjustified deviation'}
        What a discount on a price is, by whether the scenario gives its reason.
    """
    prices = drug_prices(scenario).values()
    unsaid = [p for p in prices if not p.type]
    unpaid = [p for p in prices if p.type and not p.paid_by_nhs]
    discounts = sorted({d for p in prices for d in p.discounts})
    unexplained = any(not scenario.quantities[p.address].note.strip() for p in unpaid)
    if unsaid:
        state = MISSING
    elif discounts or unexplained:
        state = UNJUSTIFIED if unexplained else departure
    else:
        state = JUSTIFIED if unpaid else ALIGNED
    return ReferenceCaseRow("RC12", "Prices", state, _message(prices, discounts))


def _message(prices: Iterable[DrugPrice], discounts: list[str]) -> str:
    """Return the kinds of prices with their addresses, those that the NHS does not pay first."""
    kinds: dict[str, list[str]] = {}
    for price in sorted(prices, key=lambda p: p.paid_by_nhs):
        kinds.setdefault(price.words, []).append(price.address)
    texts = [f"{words}: {', '.join(addresses)}" for words, addresses in kinds.items()]
    if discounts:
        texts.insert(0, f"discounts: {', '.join(discounts)}")
    if any(price.type == "drug_tariff" for price in prices):
        texts.append("the Drug Tariff is paid in the community, hospitals may pay less")
    if any(not price.paid_by_nhs and price.type for price in prices):
        texts.append("a list price stands where no price that the NHS pays is public, or where a scenario asks for it")
    return "; ".join(texts) or "no drug is paid for"
