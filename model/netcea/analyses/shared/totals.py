"""What every analysis of many rows works with: totals by strategy, and what they mean at a threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from netcea.arrays import Array
from netcea.decision.net_benefit import incremental_nhb
from netcea.decision.severity import general_population, severity_weight
from netcea.draws import Draws
from netcea.engine.invariants import check
from netcea.engine.outcomes import LARGEST, Outcomes
from netcea.engine.simulate import simulate_chunks
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class Totals:
    """Totals of each row, per patient, discounted.

    Attributes
    ----------
    strategies : tuple of str
    intervention, comparator : str
    costs, qalys, life_years : Array (strategy, row)
        [GBP], [QALYs], [years]
    severity_weight : Array (row,)
        By the shortfall of established practice in that row.
    """

    strategies: tuple[str, ...]
    intervention: str
    comparator: str
    costs: Array
    qalys: Array
    life_years: Array
    severity_weight: Array

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.severity_weight)

    @property
    def finite(self) -> bool:
        """Whether every total is a number that can be counted with."""
        return all(bool(np.all(np.abs(x) <= LARGEST)) for x in (self.costs, self.qalys, self.life_years))

    def of(self, measure: str, strategy: str) -> Array:
        """Return one strategy's totals of 'costs', 'qalys' or 'life_years', Array (row,)."""
        values: Array = getattr(self, measure)[self.strategies.index(strategy)]
        return values

    def increment(self, measure: str, strategy: str = "", versus: str = "") -> Array:
        """Return a strategy's totals minus another's, Array (row,); intervention and comparator when left out."""
        return self.of(measure, strategy or self.intervention) - self.of(measure, versus or self.comparator)

    def incremental_nhb(
        self, threshold: float, strategy: str = "", versus: str = "", *, weighted: bool = False
    ) -> Array:
        """Return incremental net health benefit at a threshold, Array (row,). [QALYs]"""
        weight = self.severity_weight if weighted else 1.0
        return incremental_nhb(
            self.increment("costs", strategy, versus), self.increment("qalys", strategy, versus), threshold, weight
        )

    def rows(self, start: int, stop: int) -> Totals:
        """Return some of the rows."""
        part = slice(start, stop)
        return Totals(
            self.strategies,
            self.intervention,
            self.comparator,
            self.costs[:, part],
            self.qalys[:, part],
            self.life_years[:, part],
            self.severity_weight[part],
        )


def totals_of(scenario: Scenario, draws: Draws) -> Totals:
    """Simulate rows and return their totals; memory grows with rows x strategies only.

    Raises
    ------
    ModelError
        A row breaks a rule of the model.
    """
    return joined(summed(scenario, rows, outcomes) for rows, outcomes in _checked(scenario, draws))


def totals_and_costs(scenario: Scenario, draws: Draws) -> tuple[Totals, dict[str, Array]]:
    """Simulate rows and return their totals, and what each cost amounts to.

    Returns
    -------
    Totals
    dict of cost -> Array (strategy, row)
        Cost items, and adverse events by their names; 0 for strategies that do not bear it. [GBP]

    Raises
    ------
    ModelError
        A row breaks a rule of the model.
    """
    totals: list[Totals] = []
    parts: list[dict[str, Array]] = []
    for rows, outcomes in _checked(scenario, draws):
        totals.append(summed(scenario, rows, outcomes))
        by_strategy = [outcomes.strategies[name].by_item("costs") for name in scenario.strategies]
        none = np.zeros(outcomes.n)
        parts.append({n: np.stack([costs.get(n, none) for costs in by_strategy]) for n in scenario.file.all_costs()})
    return joined(totals), {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}


def _checked(scenario: Scenario, draws: Draws) -> Iterator[tuple[Draws, Outcomes]]:
    """Yield rows with their outcomes, chunk by chunk, when no rule of the model is broken."""
    start = 0
    for outcomes in simulate_chunks(scenario, draws):
        rows = draws.rows(start, start + outcomes.n)
        check(scenario, rows, outcomes)
        yield rows, outcomes
        start += outcomes.n


def summed(scenario: Scenario, draws: Draws, outcomes: Outcomes) -> Totals:
    """Return the totals of outcomes that were made from some rows."""
    costs, qalys, life_years = (outcomes.totals(measure) for measure in ("costs", "qalys", "life_years"))
    decision = scenario.file.decision
    current = qalys[scenario.strategies.index(decision.established_practice)]
    weight = severity_weights(scenario, draws, current)
    return Totals(scenario.strategies, decision.intervention, decision.comparator, costs, qalys, life_years, weight)


class TotalsInParts:
    """Totals of consecutive rows that come part by part, and are wanted as one: little more memory than the whole."""

    def __init__(self) -> None:
        self._first: Totals | None = None
        self._parts: dict[str, list[Array]] = {}

    def add(self, part: Totals) -> None:
        """Add the totals of the next rows.

        Parameters
        ----------
        part : Totals
            Of the strategies of those before.
        """
        self._first = self._first or part.rows(0, 0)
        for name in ("costs", "qalys", "life_years", "severity_weight"):
            self._parts.setdefault(name, []).append(getattr(part, name))

    def whole(self) -> Totals:
        """Return the totals of all rows, once: each measure's parts are let go when they are joined.

        Raises
        ------
        ValueError
            There were none.
        """
        if self._first is None:
            raise ValueError("no rows")
        found: dict[str, Any] = {n: np.concatenate(self._parts.pop(n), axis=-1) for n in list(self._parts)}
        return replace(self._first, **found)


def joined(parts: Iterable[Totals]) -> Totals:
    """Return totals of consecutive rows as one."""
    found = TotalsInParts()
    for part in parts:
        found.add(part)
    return found.whole()


def severity_weights(scenario: Scenario, draws: Draws, current_care: Array) -> Array:
    """Return the severity weight of each row, Array (row,).

    Parameters
    ----------
    scenario : Scenario
    draws : Draws
        The rows: their ages and shares of women say what the general population would have.
    current_care : Array (row,)
        Discounted QALYs of established practice.
    """
    qalys = general_population_qalys(scenario, draws)
    return np.broadcast_to(
        severity_weight(qalys, current_care, scenario.method_pack.severity), current_care.shape
    ).copy()


def at_one_age(start_age: float) -> Sequence[tuple[float, float]]:
    """Return the ages and weights of a cohort whose patients are all of one age. [years], [1]"""
    return [(start_age, 1.0)]


def general_population_qalys(
    scenario: Scenario, draws: Draws, ages: Callable[[float], Sequence[tuple[float, float]]] = at_one_age
) -> Array:
    """Return discounted QALYs of the general population of each row, Array (row,); each cohort is computed once.

    Parameters
    ----------
    scenario : Scenario
    draws : Draws
        The rows: their ages and shares of women.
    ages : function
        Of a row's age at the start: ages and weights over which QALYs are averaged. [years], [1]
    """
    population, settings = scenario.file.population, scenario.file.settings
    age, female = np.broadcast_arrays(draws[population.start_age][:, 0], draws[population.proportion_female][:, 0])
    cohorts, which = np.unique(np.stack([age, female]), axis=1, return_inverse=True)
    found = [
        general_population(
            scenario.life_table,
            scenario.severity_norms,
            ages(float(start_age)),
            float(share),
            settings.cycle_days,
            settings.half_cycle_correction,
            settings.discounting,
            settings.discount_rate("qalys"),
        )[0]
        for start_age, share in cohorts.T
    ]
    values = np.array(found)[np.ravel(which)]
    return values if len(values) == draws.n else np.full(draws.n, values[0])


def varied(base: Draws, columns: dict[str, Array]) -> Draws:
    """Return rows that are the base row but for some columns.

    Parameters
    ----------
    base : Draws
        One row, in model units.
    columns : mapping of address -> Array (row,)
        In model units; all of one length.
    """
    n = len(next(iter(columns.values())))
    return Draws(n, {**base.columns, **{address: values[:, np.newaxis] for address, values in columns.items()}})
