"""The technology's own drug among the costs of other strategies, as after crossover in a trial."""

from __future__ import annotations

from dataclasses import replace

from netcea.costs.adverse_events import TimedEvent
from netcea.costs.cost_item import Cost
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.scenario.scenario import Scenario


def own_drug_elsewhere(scenario: Scenario) -> tuple[str, ...]:
    """Return the cost items of other strategies that pay a price which only the technology pays from the start.

    Parameters
    ----------
    scenario : Scenario
    """
    technology = scenario.file.decision.intervention
    others = [name for name in scenario.strategies if name != technology]
    items = scenario.file.costs
    drugs = [item for item in items.values() if isinstance(item, DrugAcquisition) and item.applies_to(technology)]
    own = {price for drug in drugs for price in drug.drug_prices() if not any(map(drug.applies_to, others))}
    found = [n for n, item in items.items() if own & set(item.drug_prices()) and any(map(item.applies_to, others))]
    return tuple(found)


def without_items(scenario: Scenario, names: tuple[str, ...]) -> Scenario:
    """Return a scenario without some cost items, and without the adverse events that they bring.

    Parameters
    ----------
    scenario : Scenario
    names : tuple of str
        Of cost items.
    """
    costs = {name: item for name, item in scenario.file.costs.items() if name not in names}
    return replace(scenario, file=scenario.file.model_copy(update={"costs": costs}))


def brings(scenario: Scenario, cost: Cost, names: tuple[str, ...]) -> bool:
    """Say whether cost items bring adverse events of a kind with them.

    Parameters
    ----------
    scenario : Scenario
    cost : Cost
        Of the adverse event; any other is brought by none.
    names : tuple of str
        Of cost items.
    """
    return isinstance(cost, TimedEvent) and any(scenario.file.costs[name] in cost.later for name in names)
