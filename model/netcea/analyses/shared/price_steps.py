"""Scenarios that move nothing but the price of the intervention's own drug: the price ladder shows those."""

from __future__ import annotations

from typing import Final

from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.scenario.scenario import Scenario

HEADER: Final = {"name", "rationale", "direction", "tags"}
"""What a scenario says of itself."""
WORDS: Final = "of the price alone, which the price ladder has (netcea threshold)"


def own_prices(scenario: Scenario) -> frozenset[str]:
    """Return the addresses of prices and discounts of drugs that the intervention takes and the comparator does not.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    """
    decision = scenario.file.decision
    items = [
        item
        for item in scenario.file.costs.values()
        if isinstance(item, DrugAcquisition)
        and item.applies_to(decision.intervention)
        and not item.applies_to(decision.comparator)
    ]
    phases = [phase for item in items for _, phase in item.phases()]
    found = {a for p in phases for a in (p.price_per_pack, p.price_per_vial, p.discount) if a is not None}
    return frozenset(found)


def moved(scenario: Scenario, base: Scenario) -> frozenset[str]:
    """Return the addresses of numbers that differ between two scenarios."""
    addresses = scenario.quantities.keys() | base.quantities.keys()
    return frozenset(a for a in addresses if scenario.quantities.get(a) != base.quantities.get(a))


def is_price_alone(scenario: Scenario, base: Scenario) -> bool:
    """Say whether a scenario differs from another in the price of the intervention's own drug, and in nothing else.

    Parameters
    ----------
    scenario, base : Scenario
        As loaded.
    """
    numbers = moved(scenario, base)
    if not numbers or not numbers <= own_prices(base):
        return False
    choices = [each.file.model_dump(exclude=HEADER) for each in (scenario, base)]
    return choices[0] == choices[1] and scenario.table_digests == base.table_digests
