"""At which prices a redacted run is made, and the results that can be left visible by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from netcea.confidential.layers import Layers, drug_of, is_discount
from netcea.quantities.addresses import addresses_in

if TYPE_CHECKING:
    from netcea.scenario.price_layers import Prices
    from netcea.scenario.scenario import Scenario

REVEALABLE: Final = ("icer", "incremental_costs", "costs", "incremental_nhb")
"""Results that `--reveal` can leave visible."""
STEPS: Final[Mapping[str, float]] = {"icer": 1.0, "incremental_costs": 1.0, "costs": 1.0, "incremental_nhb": 0.001}
"""To what tables round them. [GBP/QALY], [GBP], [GBP], [QALYs]"""


def drugs_of(prices: Prices) -> list[str]:
    """Return the drugs with a confidential price: the addresses above it.

    Parameters
    ----------
    prices : Prices
        Of a scenario.
    """
    return sorted({drug_of(address) for address in prices.secret})


def free_drugs(drugs: list[str]) -> list[frozenset[str]]:
    """Return which drugs are free at each point but public prices: each alone, then all.

    Parameters
    ----------
    drugs : list of str
        With a confidential price.
    """
    alone = [frozenset({drug}) for drug in drugs]
    return [*alone, *([frozenset(drugs)] if len(drugs) > 1 else [])]


def labels_of(scenario: Scenario) -> dict[str, str]:
    """Return drug -> what the cost items that pay its confidential price are called.

    Parameters
    ----------
    scenario : Scenario
        With price layers.
    """
    found = {}
    for drug in drugs_of(scenario.prices):
        names = [
            item.label
            for item in scenario.file.costs.values()
            if any(use.address in scenario.prices.secret and drug_of(use.address) == drug for use in addresses_in(item))
        ]
        found[drug] = ", ".join(dict.fromkeys(names)) or drug
    return found


def actual_shares(layers: Layers, prices: Prices) -> dict[str, float]:
    """Return drug -> share off its public price, from price and discount together; for the owner alone.

    Parameters
    ----------
    layers : Layers
        With the confidential values.
    prices : Prices
        Of the scenario that they were laid over.
    """
    values = {address: value for layer in layers.layers for address, value in layer.values.items()}
    net = dict.fromkeys(drugs_of(prices), 1.0)
    for address in prices.secret:
        public, value = prices.public[address], values[address]
        if is_discount(address):
            net[drug_of(address)] *= (1.0 - value) / (1.0 - public) if public < 1.0 else 1.0 - value
        else:
            net[drug_of(address)] *= value / public if public > 0.0 else value
    return {drug: 1.0 - share for drug, share in net.items()}
