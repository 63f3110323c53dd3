"""What a simulation yields for each row: costs, QALYs and life years by item and state, and what bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from netcea.arrays import Array

ROUNDING: Final = 1e-9
LARGEST: Final = 1e100
"""No total is larger: squares and products of what is can no longer be counted. [GBP], [QALYs] or [years]"""
Breakdown: TypeAlias = Mapping[tuple[str, str], Array]
"""(item, state) -> Array (n,)."""


@dataclass(frozen=True)
class StrategyOutcomes:
    """One strategy's outcomes per patient, for each row.

    Attributes
    ----------
    n : int
        Number of rows.
    costs, undiscounted_costs : mapping of (cost item, state) -> Array (n,)
        [GBP of the scenario's price year]
    qalys, undiscounted_qalys : mapping of (source, state) -> Array (n,)
        Source is 'state' or the name of an adverse event (negative).
    life_years, undiscounted_life_years : mapping of ('state', state) -> Array (n,)
    audit : mapping of name -> Array (n,)
        What bound in each row (see `netcea.engine.occupancy` and `netcea.engine.simulate`).

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 4.10.4: costs by health state and category of resource, life
    years and QALYs by state, with and without discounting.

    Examples
    --------
    >>> costs = {("drug", "progression_free"): np.array([100.0]), ("care", "progression_free"): np.array([20.0])}
    >>> costs["care", "progressed"] = np.array([30.0])
    >>> found = StrategyOutcomes(1, costs, costs, {}, {}, {}, {}, audit={})
    >>> by_item, by_state = found.by_item("costs"), found.by_state("costs")
    >>> found.total("costs").tolist(), by_item["care"].tolist(), by_state["progressed"].tolist()
    ([150.0], [50.0], [30.0])
    """

    n: int
    costs: Breakdown
    undiscounted_costs: Breakdown
    qalys: Breakdown
    undiscounted_qalys: Breakdown
    life_years: Breakdown
    undiscounted_life_years: Breakdown
    audit: Mapping[str, Array]

    def total(self, measure: str) -> Array:
        """Return the sum of a measure over items and states, Array (n,). [GBP], [QALYs] or [years]

        Parameters
        ----------
        measure : str
            One of `MEASURES`.
        """
        result = np.zeros(self.n)
        for value in getattr(self, measure).values():
            result += value
        return result

    def violations(self) -> Array:
        """Return how many rules of addition each row breaks, Array (n,): 0 unless something is wrong. [count]

        Discounted life years are not above undiscounted ones in any state, nor life years negative; totals are the
        sums of their parts by item and by state; nothing is undefined or beyond `LARGEST`. Rounding of 1e-9 relative
        is allowed.
        """
        found = np.zeros(self.n)
        for key, years in self.life_years.items():
            later = self.undiscounted_life_years[key]
            found += ~((years >= -ROUNDING) & (years <= later * (1.0 + ROUNDING) + ROUNDING))
        for measure in MEASURES:
            total = self.total(measure)
            found += ~(np.abs(total) <= LARGEST)
            if measure.startswith("undiscounted_"):
                continue
            amounts = np.abs(np.array(list(getattr(self, measure).values())))
            allowed = ROUNDING * np.add.reduce(amounts, axis=0) + ROUNDING
            for parts in (self.by_item(measure), self.by_state(measure)):
                found += ~(np.abs(np.add.reduce(list(parts.values()), axis=0) - total) <= allowed)
        return found

    def by_state(self, measure: str) -> dict[str, Array]:
        """Return state -> Array (n,). [GBP], [QALYs] or [years]

        Parameters
        ----------
        measure : str
            One of `MEASURES`.
        """
        return _summed(getattr(self, measure), 1)

    def by_item(self, measure: str) -> dict[str, Array]:
        """Return item -> Array (n,). [GBP], [QALYs] or [years]

        Parameters
        ----------
        measure : str
            One of `MEASURES`.
        """
        return _summed(getattr(self, measure), 0)


@dataclass(frozen=True)
class Outcomes:
    """All strategies, for rows of parameters.

    Attributes
    ----------
    n : int
        Number of rows.
    strategies : mapping of strategy -> StrategyOutcomes
        In the scenario's order.

    Examples
    --------
    >>> costs = {("drug", "progression_free"): np.array([100.0, 110.0])}
    >>> one = StrategyOutcomes(2, costs, costs, {}, {}, {}, {}, audit={})
    >>> Outcomes(2, {"new": one, "old": one}).totals("costs").tolist()
    [[100.0, 110.0], [100.0, 110.0]]
    """

    n: int
    strategies: Mapping[str, StrategyOutcomes]

    def totals(self, measure: str) -> Array:
        """Return a measure's totals, Array (strategy, n), in the order of the strategies. [GBP], [QALYs] or [years]

        Parameters
        ----------
        measure : str
            One of `MEASURES`.
        """
        return np.array([strategy.total(measure) for strategy in self.strategies.values()])


MEASURES: Final = (
    "costs",
    "undiscounted_costs",
    "qalys",
    "undiscounted_qalys",
    "life_years",
    "undiscounted_life_years",
)


def joined(parts: Iterable[Outcomes]) -> Outcomes:
    """Return outcomes of consecutive rows as one.

    Parameters
    ----------
    parts : iterable of Outcomes
        At least one, with the same strategies and items.

    Returns
    -------
    Outcomes
        Of all their rows.
    """
    chunks = list(parts)
    first = chunks[0]
    if len(chunks) == 1:
        return first
    strategies = {}
    for name, example in first.strategies.items():
        measures = {
            measure: {
                key: np.concatenate([getattr(c.strategies[name], measure)[key] for c in chunks])
                for key in getattr(example, measure)
            }
            for measure in MEASURES
        }
        audit = {key: np.concatenate([c.strategies[name].audit[key] for c in chunks]) for key in example.audit}
        strategies[name] = StrategyOutcomes(sum(c.n for c in chunks), **measures, audit=audit)
    return Outcomes(sum(c.n for c in chunks), strategies)


def _summed(amounts: Breakdown, part: int) -> dict[str, Array]:
    sums: dict[str, Array] = {}
    for key, value in amounts.items():
        sums[key[part]] = sums[key[part]] + value if key[part] in sums else value
    return sums
