"""The severity weight under every choice of established practice and ages, under one discounting convention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from netcea.analyses.severity.ages import AgeDistribution
from netcea.analyses.severity.flips import with_weight
from netcea.analyses.severity.result import Choice
from netcea.analyses.shared.effects import effects_of
from netcea.analyses.shared.totals import general_population_qalys, totals_of, varied
from netcea.arrays import Array
from netcea.cohort.timeline import Discounting
from netcea.decision.severity import severity_weight, shortfall
from netcea.engine.point_estimates import base_case
from netcea.sampling.held import HeldDraws, together
from netcea.sampling.sampler import Sampler
from netcea.scenario.scenario import Scenario

CHUNK = 8192
"""Draws that are run at once."""


def with_discounting(scenario: Scenario, discounting: Discounting) -> Scenario:
    """Return a scenario under a discounting convention.

    Parameters
    ----------
    scenario : Scenario
    discounting : {'mid_cycle', 'cycle_start', 'annual'}
    """
    settings = scenario.file.settings.model_copy(update={"discounting": discounting})
    return replace(scenario, file=scenario.file.model_copy(update={"settings": settings}))


def practices_of(scenario: Scenario) -> list[str]:
    """Return every strategy as established practice, the scenario's own first.

    Parameters
    ----------
    scenario : Scenario
    """
    return sorted(scenario.strategies, key=lambda name: name != scenario.file.decision.established_practice)


@dataclass(frozen=True)
class Sampled:
    """What is kept of every draw.

    Attributes
    ----------
    population : tuple of Array (draw,)
        QALYs of the general population, by distribution of ages. [QALYs]
    qalys : Array (strategy, draw)
        [QALYs]
    held : tuple of HeldDraws
    """

    population: tuple[Array, ...]
    qalys: Array
    held: tuple[HeldDraws, ...]

    @classmethod
    def of(cls, scenario: Scenario, distributions: Sequence[AgeDistribution], n: int, seed: int) -> Sampled:
        """Sample and simulate a scenario.

        Parameters
        ----------
        scenario : Scenario
        distributions : sequence of AgeDistribution
        n : int
            Draws; may be 0.
        seed : int
        """
        sampler, held = Sampler(scenario, seed), []
        population: list[list[Array]] = [[np.empty(0)] for _ in distributions]
        qalys = [np.empty((len(scenario.strategies), 0))]
        for start in range(0, n, CHUNK):
            draws, impossible = sampler.held_rows(sampler.drawn(start, min(start + CHUNK, n)))
            held.append(impossible)
            qalys.append(totals_of(scenario, draws).qalys)
            for parts, ages in zip(population, distributions, strict=True):
                parts.append(general_population_qalys(scenario, draws, ages.around))
        return cls(tuple(map(np.concatenate, population)), np.concatenate(qalys, axis=1), together(held))

    def probabilities(self, scenario: Scenario, ages: int, strategy: int) -> tuple[float, ...]:
        """Return the share of draws with each weight; empty without draws.

        Parameters
        ----------
        scenario : Scenario
        ages, strategy : int
            Number of the distribution, and of the strategy that is established practice.
        """
        if not self.qalys.shape[1]:
            return ()
        rules = scenario.method_pack.severity
        weights = severity_weight(self.population[ages], self.qalys[strategy], rules)
        return tuple(float(np.mean(weights == weight)) for weight in rules.weights)


def choices_of(
    scenario: Scenario, distributions: Sequence[AgeDistribution], sampled: Sampled, *, own: bool
) -> tuple[Choice, ...]:
    """Return a choice for each strategy as established practice and each distribution of ages.

    Parameters
    ----------
    scenario : Scenario
        Under the discounting convention.
    distributions : sequence of AgeDistribution
        One age first.
    sampled : Sampled
        Of the same scenario and distributions.
    own : bool
        Whether the convention is the scenario's own.
    """
    base, rules = base_case(scenario), scenario.method_pack.severity
    totals = totals_of(scenario, base)
    (effect,) = effects_of(scenario, totals)
    mean = float(base[scenario.file.population.start_age][0, 0])
    found = []
    for a, distribution in enumerate(distributions):
        population = float(general_population_qalys(scenario, base, distribution.around)[0])
        ages, weights = map(np.array, zip(*distribution.around(mean), strict=True))
        at_ages = totals_of(scenario, varied(base, {scenario.file.population.start_age: ages})).qalys @ weights
        for practice in practices_of(scenario):
            s = scenario.strategies.index(practice)
            short = shortfall(population, float(totals.qalys[s, 0]), rules)
            found.append(
                Choice(
                    practice,
                    scenario.file.settings.discounting,
                    distribution.label,
                    float(ages @ weights),
                    short,
                    float(at_ages[s]),
                    float(severity_weight(population, at_ages[s], rules)),
                    with_weight(effect, short.severity_weight),
                    sampled.probabilities(scenario, a, s),
                    own and not distribution.spread and practice == scenario.file.decision.established_practice,
                )
            )
    return tuple(found)
