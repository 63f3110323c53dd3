"""QALYs of the general population and of every strategy in cohorts of other ages, and what they mean for severity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from netcea.analyses.severity.ages import AgeDistribution
from netcea.analyses.severity.result import AtAge
from netcea.analyses.shared.effects import Effect, effects_of
from netcea.analyses.shared.totals import Totals, general_population_qalys, totals_of, varied
from netcea.arrays import Array
from netcea.cohort.table_ages import refused
from netcea.decision.severity import severity_weight
from netcea.engine.point_estimates import base_case
from netcea.scenario.method_pack import SeverityRules
from netcea.scenario.options import SeverityOptions
from netcea.scenario.scenario import Scenario

STEP: Final = 0.5
"""Between ages of the grid, which has whole years and the moment before each too. [years]"""
JUST_BEFORE: Final = 1e-6
"""A whole year less this: norms and life tables change at whole years. [years]"""


@dataclass(frozen=True)
class AtAges:
    """Cohorts, each of one age, at the point estimates.

    Attributes
    ----------
    scenario : Scenario
    ages : Array (age,)
        [years]
    population : Array (age,)
        Discounted QALYs of the general population. [QALYs]
    totals : Totals
        One row an age.
    """

    scenario: Scenario
    ages: Array
    population: Array
    totals: Totals

    @classmethod
    def of(cls, scenario: Scenario, ages: Array, distribution: AgeDistribution | None = None) -> AtAges:
        """Run the model at the point estimates with cohorts of some ages.

        Parameters
        ----------
        scenario : Scenario
        ages : Array (age,)
            At the start. [years]
        distribution : AgeDistribution, optional
            Of the general population's ages, moved until the cohort's is their mean; all of one age when left out.
        """
        rows = varied(base_case(scenario), {scenario.file.population.start_age: ages})
        if distribution is None or not distribution.spread:
            population = general_population_qalys(scenario, rows)
        else:
            population = _over(scenario, ages, distribution)
        return cls(scenario, ages, population, totals_of(scenario, rows))

    def beyond(self) -> Array:
        """Return QALYs of each strategy minus those at which each cut-off is met, Array (strategy, cut-off, age).

        Notes
        -----
        Cut-off k is met at and below max(Q_pop - absolute_k, Q_pop (1 - proportional_k)); see
        `netcea.decision.severity.shortfall`.
        """
        limits = np.stack([at.max(axis=0) for at in self._limits()])
        return np.asarray(self.totals.qalys[:, np.newaxis, :] - limits, dtype=np.float64)

    def cut_off_is_absolute(self, cut_off: int, row: int) -> bool:
        """Say whether a cut-off is met by the absolute shortfall first, rather than by the proportional one."""
        absolute, proportional = self._limits()[cut_off][:, row]
        return bool(absolute > proportional)

    def weights(self, practice: str) -> Array:
        """Return the severity weight at each age with a strategy as established practice, Array (age,)."""
        return severity_weight(self.population, self.totals.of("qalys", practice), self._rules)

    def effects(self, practice: str) -> tuple[Effect, ...]:
        """Return what each age means with a strategy as established practice."""
        return effects_of(self.scenario, replace(self.totals, severity_weight=self.weights(practice)))

    def shortfalls(self, practice: str) -> Sequence[AtAge]:
        """Return the shortfall at each age with a strategy as established practice."""
        current, weights = self.totals.of("qalys", practice), self.weights(practice)
        found = []
        for age, population, qalys, weight in zip(self.ages, self.population, current, weights, strict=True):
            lost = float(population - qalys)
            at = (float(age), float(population), float(qalys), lost, lost / float(population), float(weight))
            found.append(AtAge(practice, *at))
        return found

    @property
    def _rules(self) -> SeverityRules:
        return self.scenario.method_pack.severity

    def _limits(self) -> list[Array]:
        """Return, for each cut-off, QALYs at which either rule meets it, Array (rule, age)."""
        q, rules = self.population, self._rules
        return [np.stack([q - a, q - q * p]) for a, p in zip(rules.absolute, rules.proportional, strict=True)]


def _over(scenario: Scenario, means: Array, distribution: AgeDistribution) -> Array:
    """Return QALYs of the general population over a distribution of ages, at each of its means, Array (mean,).

    Each age is worked out once, however many distributions it is in.
    """
    base, address = base_case(scenario), scenario.file.population.start_age
    now = float(base[address][0, 0])
    nodes = [np.array(distribution.moved(now, float(mean))) for mean in means]
    ages, which = np.unique(np.concatenate([node[:, 0] for node in nodes]).round(SAME_AGE), return_inverse=True)
    qalys = general_population_qalys(scenario, varied(base, {address: ages}))[np.ravel(which)]
    ends = np.cumsum([len(node) for node in nodes])
    return np.array([float(node[:, 1] @ part) for node, part in zip(nodes, np.split(qalys, ends[:-1]), strict=True)])


SAME_AGE: Final = 9
"""Digits of a year in which ages that are the same agree."""


def grid_of_means(scenario: Scenario, options: SeverityOptions, distribution: AgeDistribution) -> Array:
    """Return the mean ages at which changes of the weight are looked for, rising, Array (age,).

    They are as far apart as the ages of the distribution are, so that most ages of one mean are those of the next.

    Parameters
    ----------
    scenario : Scenario
        Whose life table and norms have to reach them.
    options : SeverityOptions
        Lowest and highest age.
    distribution : AgeDistribution
        Of patients who differ in age.
    """
    now = float(base_case(scenario)[scenario.file.population.start_age][0, 0])
    step = distribution.step(now)
    steps = np.arange(np.ceil((options.search_from - now) / step), np.floor((options.search_to - now) / step) + 1.0)
    means = now + steps * step
    none = refused(scenario.life_table.age, means) | refused(scenario.severity_norms.age, means)
    return np.asarray(means[~none], dtype=np.float64)


def grid_of_ages(scenario: Scenario, options: SeverityOptions) -> Array:
    """Return the ages at which changes of the weight are looked for, rising, Array (age,).

    Parameters
    ----------
    scenario : Scenario
        Whose life table and norms have to reach them.
    options : SeverityOptions
        Lowest and highest age.
    """
    low, high = options.search_from, options.search_to
    steps = np.arange(np.floor(low / STEP), np.ceil(high / STEP) + 1.0) * STEP
    whole = steps[steps == np.floor(steps)]
    ages = np.unique(np.concatenate([[low, high], steps, whole - JUST_BEFORE]))
    ages = ages[(ages >= low) & (ages <= high)]
    none = refused(scenario.life_table.age, ages) | refused(scenario.severity_norms.age, ages)
    return np.asarray(ages[~none], dtype=np.float64)
