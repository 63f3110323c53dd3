"""A sweep: the same scenario with every combination of families, each judged by its plausibility.

Every combination is resolved and run as a scenario of its own, at its point estimates: fits, ratios, waning and floors
as they are. A family that cannot be fitted is shown with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from netcea.analyses.analysis import Analysis
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.effects import Effect, effects_of
from netcea.analyses.shared.totals import totals_of
from netcea.analyses.sweep.families import choices, current
from netcea.analyses.sweep.plausible import implausible
from netcea.analyses.sweep.record import SweepRecord
from netcea.analyses.sweep.result import Combination, SweepResult
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError, ModelError, Place
from netcea.reporting.report import Report
from netcea.scenario.options import SweepOptions
from netcea.scenario.scenario import Scenario


class Sweep(Analysis[SweepOptions, Combination, SweepResult]):
    """All combinations of families.

    Each is the scenario itself with other families, at its point estimates; the implausible are marked by stated rules.
    """

    name: ClassVar = "sweep"
    options = SweepOptions
    record = SweepRecord

    def parts(self, scenario: Scenario, options: SweepOptions) -> list[tuple[Any, ...]]:
        """Return each combination with its scenario, or why it has none.

        Raises
        ------
        InputError
            An unknown family, nothing to change, too many combinations; a scenario of another process.
        """
        related = scenario.related
        if related is None:
            found = "a scenario that came from another process"
            raise Place("analyses.sweep").error(found, "the scenario where it was loaded, or its name")
        parts: list[tuple[Any, ...]] = []
        for choice in choices(scenario, options):
            try:
                parts.append((choice.families, related.changed(choice.changes, brief=True), ""))
            except InputError as error:
                parts.append((choice.families, None, " ".join(str(error.problems[0]).split())))
        return parts

    def work(self, _: Scenario, options: SweepOptions, *part: Any) -> Combination:
        """Evaluate one combination: its families, its scenario, or why it has none."""
        families, changed, fault = part
        if changed is None:
            return Combination(families, None, fault=fault)
        try:
            return Combination(families, _effect(changed), tuple(implausible(changed, options)))
        except ModelError as error:
            return Combination(families, None, fault=str(error))

    def summarise(self, scenario: Scenario, options: SweepOptions, values: Iterable[Combination]) -> SweepResult:
        """Put the combinations together."""
        return SweepResult(
            scenario=scenario,
            options=options,
            read_first=read_first(scenario),
            base=_effect(scenario),
            current=current(scenario, options),
            base_implausible=tuple(implausible(scenario, options)),
            combinations=tuple(values),
        )

    def report(self, result: SweepResult) -> Report:
        """Return tables, a figure and JSON."""
        from netcea.analyses.sweep.report import report

        return report(result)


def _effect(scenario: Scenario) -> Effect:
    return effects_of(scenario, totals_of(scenario, base_case(scenario)))[0]
