"""The prices of the drugs that a scenario uses, and whether the NHS pays them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netcea.costs.cost_item import CostItem
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.quantities.price_types import PAID_BY_NHS, PRICE_WORDS
from netcea.scenario.price_layers import CONFIDENTIAL
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class DrugPrice:
    """A price of a pack, a vial or a course that cost items of a scenario name.

    Attributes
    ----------
    address : str
    type : {'list', 'drug_tariff', 'emit', 'contract', 'confidential', ''}
        Empty where inputs/ does not say.
    items : tuple of str
        Cost items that pay it.
    discounts : tuple of str
        Addresses of the discounts above 0 that those items take off it.
    """

    address: str
    type: str
    items: tuple[str, ...]
    discounts: tuple[str, ...]

    @property
    def paid_by_nhs(self) -> bool:
        """Whether it is a price that the NHS pays; a confidential one is."""
        return self.type in PAID_BY_NHS or self.type == CONFIDENTIAL

    @property
    def words(self) -> str:
        """What tables call it.

        >>> DrugPrice("costs.drug.new.price_per_pack", "list", ("new",), ("costs.drug.new.discount",)).words
        'list price, discounted'
        """
        if self.type == CONFIDENTIAL:
            return "confidential price"
        kind = PRICE_WORDS.get(self.type, "type of price not stated")
        return f"{kind}, discounted" if self.discounts else kind


def drug_prices(scenario: Scenario) -> Mapping[str, DrugPrice]:
    """Return the prices of drugs by their addresses, in the order of the cost items that name them."""
    items: dict[str, list[str]] = {}
    for name, item in scenario.file.costs.items():
        for address in item.drug_prices():
            items.setdefault(address, []).append(name)
    return {address: _price(scenario, address, names) for address, names in items.items()}


def _price(scenario: Scenario, address: str, names: list[str]) -> DrugPrice:
    secret, quantities = scenario.prices.secret, scenario.quantities
    named = dict.fromkeys(d for name in names for d in _discounts(scenario.file.costs[name]))
    discounts = tuple(d for d in named if d in secret or quantities[d].value > 0.0)
    if {address, *discounts} & set(secret):
        return DrugPrice(address, CONFIDENTIAL, tuple(names), ())
    return DrugPrice(address, quantities[address].price_type, tuple(names), discounts)


def _discounts(item: CostItem) -> tuple[str, ...]:
    if isinstance(item, DrugAcquisition):
        return item.discounts()
    found: str | None = getattr(item, "discount", None)
    return () if found is None else (found,)
