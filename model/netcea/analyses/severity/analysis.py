"""Severity under uncertainty: the weight under every choice, its probability over draws, and where it changes.

A part is a discounting convention: under it the model is run at the point estimates, at other ages and for every draw.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, get_args

from netcea.analyses.analysis import Analysis
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.severity.ages import age_distributions
from netcea.analyses.severity.at_ages import STEP, AtAges, grid_of_ages, grid_of_means
from netcea.analyses.severity.choices import Sampled, choices_of, practices_of, with_discounting
from netcea.analyses.severity.flips import age_flips, qalys_flips
from netcea.analyses.severity.prices import prices_under_weights
from netcea.analyses.severity.record import SeverityRecord
from netcea.analyses.severity.result import AtAge, SeverityResult, UnderDiscounting
from netcea.cohort.timeline import Discounting
from netcea.engine.point_estimates import base_case
from netcea.reporting.report import Report
from netcea.scenario.options import SeverityOptions
from netcea.scenario.scenario import Scenario


class Severity(Analysis[SeverityOptions, UnderDiscounting, SeverityResult]):
    """The severity weight under every choice of established practice, discounting and patients' ages.

    With its probability over draws, the ages and QALYs at which it changes with the result on both sides, and the
    price at which the ICER meets each threshold under each weight.
    """

    name: ClassVar = "severity"
    options = SeverityOptions
    record = SeverityRecord

    def parts(self, scenario: Scenario, options: SeverityOptions) -> list[tuple[Discounting]]:
        """Return the discounting conventions, the scenario's own first.

        Raises
        ------
        InputError
            Ages that no cohort can have.
        """
        age_distributions(scenario, options, base_case(scenario))
        own = scenario.file.settings.discounting
        return [(own,), *((other,) for other in get_args(Discounting) if other != own)]

    def work(self, scenario: Scenario, options: SeverityOptions, discounting: Discounting) -> UnderDiscounting:
        """Work out choices and ages under a discounting convention."""
        own = discounting == scenario.file.settings.discounting
        scenario = with_discounting(scenario, discounting)
        distributions = age_distributions(scenario, options, base_case(scenario))
        sampled = Sampled.of(scenario, distributions, options.draws, options.seed)
        choices = choices_of(scenario, distributions, sampled, own=own)
        at = AtAges.of(scenario, grid_of_ages(scenario, options))
        practices = practices_of(scenario) if own else practices_of(scenario)[:1]
        flips = age_flips(at, practices)
        for spread in distributions[1:]:
            over = AtAges.of(scenario, grid_of_means(scenario, options, spread), spread)
            flips += age_flips(over, practices, spread)
        return UnderDiscounting(choices, flips, _by_age(at, practices) if own else (), sampled.held)

    def summarise(
        self, scenario: Scenario, options: SeverityOptions, values: Iterable[UnderDiscounting]
    ) -> SeverityResult:
        """Put the conventions together; the scenario's own choice comes first."""
        parts = list(values)
        choices = [choice for part in parts for choice in part.choices]
        at_one_age = [choice for choice in parts[0].choices if choice.ages == choices[0].ages]
        return SeverityResult(
            scenario=scenario,
            options=options,
            read_first=read_first(scenario),
            choices=tuple(choices),
            flips=(*(f for part in parts for f in part.flips), *qalys_flips(scenario, at_one_age)),
            by_age=parts[0].by_age,
            solutions=prices_under_weights(scenario),
            held=parts[0].held,
        )

    def report(self, result: SeverityResult) -> Report:
        """Return tables, a figure and JSON."""
        from netcea.analyses.severity.report import report

        return report(result)


def _by_age(at: AtAges, practices: Iterable[str]) -> tuple[AtAge, ...]:
    """Return the shortfall at whole and half years with each strategy as established practice."""
    return tuple(found for name in practices for found in at.shortfalls(name) if found.age % STEP == 0.0)
