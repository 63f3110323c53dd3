"""What is kept of each draw: its parameters in the units of inputs/, and its outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.outcomes import MEASURES, Outcomes, StrategyOutcomes
from netcea.scenario.price_layers import mark_of
from netcea.scenario.scenario import Scenario

OUTCOME: Final = "strategies."
"""Every column of an outcome begins so; no address of a number does."""
SEVERITY: Final = f"{OUTCOME}severity_weight"


def parameter_columns(scenario: Scenario, draws: Draws, addresses: Sequence[str]) -> dict[str, Array]:
    """Return address -> Array (draw,) in the unit of inputs/; times their factors they are the draws again."""
    return {address: published(draws[address][:, 0], scenario.factors.get(address, 1.0)) for address in addresses}


def published(values: Array, factor: float) -> Array:
    """Return values / factor; times the factor they are the same numbers to the last bit.

    That holds for every value that was a number times the factor, as draws are; not for any number.
    """
    return values if factor == 1.0 else values / factor


def outcome_columns(scenario: Scenario, outcomes: Outcomes, severity_weight: Array) -> dict[str, Array]:
    """Return the outcomes of every draw under stable names: ``strategies.<strategy>.<measure>``."""
    columns: dict[str, Array] = {}
    for name, found in outcomes.strategies.items():
        start = f"{OUTCOME}{name}"
        columns |= {f"{start}.{measure}": found.total(measure) for measure in MEASURES}
        columns |= {f"{start}.costs.{category}": v for category, v in costs_by_category(scenario, found).items()}
        columns |= {f"{start}.qalys.{state}": v for state, v in found.by_state("qalys").items()}
        columns |= {f"{start}.life_years.{state}": v for state, v in found.by_state("life_years").items()}
        columns |= {
            f"{start}.{limit}": found.audit[limit]
            for limit in ("crossing_cycles", "crossing_life_years", "floor_cycles", "violations")
            if limit in found.audit
        }
    columns[SEVERITY] = severity_weight
    return {**columns, **mark_column(scenario, len(severity_weight))}


def mark_column(scenario: Scenario, n: int) -> dict[str, Array]:
    """Return a column of ones whose name marks draws at confidential prices; nothing where there are none.

    Parameters
    ----------
    scenario : Scenario
    n : int
        Number of draws.
    """
    mark = mark_of(scenario.prices.marking)
    return {mark: np.ones(n)} if mark else {}


def costs_by_category(scenario: Scenario, found: StrategyOutcomes) -> dict[str, Array]:
    """Return name of a category of costs -> Array (draw,). [GBP]

    Parameters
    ----------
    scenario : Scenario
    found : StrategyOutcomes
        Of the scenario.
    """
    costs, sums = scenario.file.all_costs(), dict[str, Array]()
    for item, paid in found.by_item("costs").items():
        name = costs[item].category.name
        sums[name] = sums[name] + paid if name in sums else paid
    return sums
