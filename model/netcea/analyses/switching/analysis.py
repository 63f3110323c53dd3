"""Results by method of adjusting for switching: the same scenario, the comparator's survival by each method.

Intention to treat, which contains switching, is the scenario itself and a bound. The intervention's curve is the same
in every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from netcea.analyses.analysis import Analysis
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.effects import effects_of
from netcea.analyses.shared.medians import median_months, survival_at
from netcea.analyses.shared.totals import totals_of
from netcea.analyses.switching.changes import changes_of, observed_ratio, switching_strategy, what_is
from netcea.analyses.switching.record import SwitchingRecord
from netcea.analyses.switching.result import ControlSurvival, MethodResult, SwitchingResult
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import exposures
from netcea.errors import InputError
from netcea.quantities.key_path import join_address
from netcea.quantities.units import MONTHS_PER_YEAR
from netcea.reporting.report import Report
from netcea.scenario.options import SwitchingOptions
from netcea.scenario.scenario import Scenario

OBSERVED = "Intention to treat"


class Switching(Analysis[SwitchingOptions, MethodResult, SwitchingResult]):
    """Overall survival by method.

    The strategy whose patients switched gets the curve that it had without; the intervention keeps its own.
    """

    name: ClassVar = "switching"
    options = SwitchingOptions
    record = SwitchingRecord

    def parts(self, scenario: Scenario, options: SwitchingOptions) -> Sequence[tuple[Any, ...]]:
        """Return the scenario as observed, then what each method makes of it, or why it cannot.

        Raises
        ------
        InputError
            The scenario does not say which ratio was observed, or takes switching out already.
        """
        parts: list[tuple[Any, ...]] = [("", scenario, "")]
        if options.methods:
            switching_strategy(scenario, options)
        for name in options.methods:
            changed, fault = _changed(scenario, options, name)
            parts.append((name, changed, fault))
        return parts

    def work(
        self, scenario: Scenario, options: SwitchingOptions, name: str, changed: Scenario | None, fault: str
    ) -> MethodResult:
        """Evaluate a scenario."""
        method = options.methods.get(name)
        label = OBSERVED if method is None else method.label or name
        source = _observed(scenario, options) if method is None else what_is(method)
        if changed is None:
            return MethodResult(label, source, None, None, None, fault)
        strategy = options.strategy or scenario.file.decision.comparator
        totals = totals_of(changed, base_case(changed))
        effect = effects_of(changed, totals)[0]
        return MethodResult(label, source, _ratio(changed), control_survival(changed, strategy), effect)

    def summarise(
        self, scenario: Scenario, options: SwitchingOptions, values: Iterable[MethodResult]
    ) -> SwitchingResult:
        """Put the methods together."""
        observed, *methods = values
        return SwitchingResult(
            scenario=scenario,
            options=options,
            read_first=read_first(scenario),
            strategy=options.strategy or scenario.file.decision.comparator,
            observed=observed,
            methods=tuple(methods),
        )

    def report(self, result: SwitchingResult) -> Report:
        """Return the table of methods, a figure and JSON."""
        from netcea.analyses.switching.report import report

        return report(result)


def _changed(scenario: Scenario, options: SwitchingOptions, name: str) -> tuple[Scenario | None, str]:
    """Return the scenario by a method; None with the reason where it cannot be."""
    if scenario.related is None:
        return None, "the files of the scenario are not at hand in this process"
    method = options.methods[name]
    try:
        if method.scenario:
            address = join_address(("analyses", "switching", "methods", name, "scenario"))
            return scenario.related.named(address, method.scenario).load(), ""
        return scenario.related.changed(changes_of(scenario, options, name)), ""
    except InputError as error:
        return None, " ".join(str(error.problems[0]).split())


def _observed(scenario: Scenario, options: SwitchingOptions) -> str:
    try:
        return observed_ratio(scenario, options, "")
    except InputError:
        return ""


def _ratio(scenario: Scenario) -> float | None:
    """Return the hazard ratio of the intervention's survival at its point estimate, where there is one."""
    address = scenario.file.strategies[scenario.file.decision.intervention].os.hazard_ratio
    quantity = scenario.quantities.get(str(address))
    return None if quantity is None else float(quantity.value)


def control_survival(scenario: Scenario, strategy: str) -> ControlSurvival:
    """Return overall survival of a strategy at the point estimates.

    Parameters
    ----------
    scenario : Scenario
    strategy : str
    """
    grid = Grid.of(scenario)
    exposure = next(one for one in exposures(grid, base_case(scenario)) if one.strategy == strategy)
    months = median_months(exposure.curves, f"strategies.{strategy}.os")
    at_two, at_five = (
        survival_at(exposure.curves, f"strategies.{strategy}.os", t) if t <= grid.time.horizon_years else None
        for t in (2.0, 5.0)
    )
    years = float(grid.person_time(exposure.occupancy.alive).sum())
    return ControlSurvival(months / MONTHS_PER_YEAR if np.isfinite(months) else None, at_two, at_five, years)
