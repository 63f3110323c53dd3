"""At which prices a redacted run is made, and the results that can be left visible by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from netcea.confidential.layers import Layers, drug_of, is_discount

if TYPE_CHECKING:
    from netcea.analyses.base_case.result import Case
    from netcea.scenario.price_layers import Prices
    from netcea.scenario.scenario import Scenario

REVEALABLE: Final = ("icer", "incremental_costs", "costs", "incremental_nhb")
"""Results that `--reveal` can leave visible."""
STEPS: Final[Mapping[str, float]] = {"icer": 1.0, "incremental_costs": 1.0, "costs": 1.0, "incremental_nhb": 0.001}
"""To what tables round them. [GBP/QALY], [GBP], [GBP], [QALYs]"""


def drugs_of(prices: Prices) -> list[str]:
    """Return the drugs with a confidential price: the addresses above it."""
    return sorted({drug_of(address) for address in prices.secret})


def free_drugs(drugs: list[str]) -> list[frozenset[str]]:
    """Return which drugs are free at each point but public prices: each alone, then all."""
    alone = [frozenset({drug}) for drug in drugs]
    return [*alone, *([frozenset(drugs)] if len(drugs) > 1 else [])]


def labels_of(scenario: Scenario) -> dict[str, str]:
    """Return drug -> what the cost items that pay its confidential price are called."""
    found = {}
    for drug in drugs_of(scenario.prices):
        names = [
            item.label
            for item in scenario.file.costs.values()
            if any(
                value in scenario.prices.secret and drug_of(value) == drug
                for _, value in item
                if isinstance(value, str)
            )
        ]
        found[drug] = ", ".join(dict.fromkeys(names)) or drug
    return found


def actual_shares(layers: Layers, prices: Prices) -> dict[str, float]:
    """Return drug -> share off its public price, from price and discount together; for the owner alone."""
    values = {address: value for layer in layers.layers for address, value in layer.values.items()}
    net = dict.fromkeys(drugs_of(prices), 1.0)
    for address in prices.secret:
        public, value = prices.public[address], values[address]
        if is_discount(address):
            net[drug_of(address)] *= (1.0 - value) / (1.0 - public) if public < 1.0 else 1.0 - value
        else:
            net[drug_of(address)] *= value / public if public > 0.0 else value
    return {drug: 1.0 - share for drug, share in net.items()}


def results_of_case(case: Case) -> dict[str, float]:
    """Return the results of a base case that can be left visible: 'costs.drug', 'icer' ..."""
    row = case.against_comparator()
    costs = {strategy: found.costs for strategy, found in case.strategies.items()}
    return _results(costs, row.incremental_costs or 0.0, row.incremental_qalys or 0.0, case.thresholds)


def results_of_means(results: Mapping[str, Any], thresholds: tuple[float, ...]) -> dict[str, float]:
    """Return the same of the means of draws."""
    means = {(row["strategy"], row["measure"]): row["mean"] for row in results["intervals"]}
    costs = {strategy: mean for (strategy, measure), mean in means.items() if strategy and measure == "costs"}
    return _results(costs, means["", "incremental_costs"], means["", "incremental_qalys"], thresholds)


def _results(costs: Mapping[str, float], more: float, qalys: float, thresholds: tuple[float, ...]) -> dict[str, float]:
    found = {f"costs.{strategy}": value for strategy, value in costs.items()}
    found["incremental_costs"] = more
    found |= {f"incremental_nhb.{t:g}": qalys - more / t for t in thresholds}
    if qalys != 0.0:
        found["icer"] = more / qalys
    return found
