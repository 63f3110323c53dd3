"""From one party's case to another's: the scenario, then its steps laid over one another, and each of them alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from netcea.analyses.analysis import Analysis
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.effects import Effect, effects_of, thresholds_of
from netcea.analyses.shared.totals import totals_of
from netcea.analyses.waterfall.record import WaterfallRecord
from netcea.analyses.waterfall.result import StepResult, WaterfallResult
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError, ModelWarning, Problem
from netcea.plain_number import typed
from netcea.reporting.report import Report
from netcea.scenario.scenario import Related, Scenario
from netcea.scenario.subgroup_options import Subgroup
from netcea.scenario.waterfall import WaterfallOptions, WaterfallStep


@dataclass(frozen=True)
class State:
    """What a scenario comes to.

    Attributes
    ----------
    effect : Effect
        At the thresholds of the scenario without steps.
    other_thresholds : bool
        Whether it has others itself.
    warnings : tuple of ModelWarning
    """

    effect: Effect
    other_thresholds: bool
    warnings: tuple[ModelWarning, ...]


class Waterfall(Analysis[WaterfallOptions, State, WaterfallResult]):
    """Changes laid over one another in the order of the scenario's `analyses.waterfall.steps`, and each alone.

    What a step changes on top of others depends on their order; alone, changes do not add up: the interaction is shown.
    """

    name: ClassVar = "waterfall"
    options = WaterfallOptions
    record = WaterfallRecord

    def parts(self, scenario: Scenario, options: WaterfallOptions) -> Sequence[tuple[Any, ...]]:
        """Return the scenario itself, then after each step, then with each step alone.

        Raises
        ------
        InputError
            With every step that cannot be taken, where it is written.
        """
        if not options.steps:
            return [(scenario,)]
        if scenario.related is None:
            found = "a scenario without its files, such as one of a batch"
            raise InputError(Problem(found=found, expected="a run of its own (netcea waterfall)"))
        problems = scenario.related.step_faults(scenario.file, options)
        if problems:
            raise InputError(problems)
        count = len(options.steps)
        taken = [range(n) for n in range(1, count + 1)] + [range(n, n + 1) for n in range(1, count)]
        return [(scenario,), *((found,) for found in _all_of(scenario.related, options, taken))]

    def work(self, scenario: Scenario, options: WaterfallOptions, changed: Scenario) -> State:  # noqa: ARG002 - see parts
        """Evaluate a scenario; its net health benefit at the thresholds of the one without steps."""
        (effect,) = effects_of(scenario, totals_of(changed, base_case(changed)))
        return State(effect, thresholds_of(changed) != thresholds_of(scenario), changed.warnings)

    def summarise(self, scenario: Scenario, options: WaterfallOptions, values: Iterable[State]) -> WaterfallResult:
        """Put the steps together."""
        base, *others = values
        count = len(options.steps)
        after, alone = others[:count], [*others[:1], *others[count:]]  # the first step alone is the first on top
        cases = _cases(options.steps)
        new = [_new(step, a, b) for step, (a, b) in zip(options.steps, pairwise([base, *after]), strict=True)]
        steps = tuple(
            StepResult(n, step.label, step.by, step.reason, words_of(step), one.effect, other.effect, case, warnings)
            for n, (step, one, other, case, warnings) in enumerate(
                zip(options.steps, after, alone, cases, new, strict=True), 1
            )
        )
        return WaterfallResult(
            scenario=scenario,
            options=options,
            read_first=read_first(scenario),
            base=base.effect,
            steps=steps,
            other_thresholds=tuple(n for n, one in enumerate(after, 1) if one.other_thresholds),
        )

    def report(self, result: WaterfallResult) -> Report:
        """Return both tables, figures and JSON."""
        from netcea.analyses.waterfall.report import report

        return report(result)


def _all_of(related: Related, options: WaterfallOptions, taken: Iterable[Iterable[int]]) -> list[Scenario]:
    """Return the scenario with each selection of steps; every problem at once, each said once."""
    found: list[Scenario] = []
    problems: dict[Problem, None] = {}
    for numbers in taken:
        try:
            found.append(related.after(options, numbers))
        except InputError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise InputError(list(problems))
    return found


def _cases(steps: Sequence[WaterfallStep]) -> list[str]:
    """Return for each step whose case stands after it: where the next one is another's, and at the end."""
    parties = [step.by.casefold() for step in steps] + [""]
    return [step.by if before != after else "" for step, (before, after) in zip(steps, pairwise(parties), strict=True)]


def _new(step: WaterfallStep, before: State, after: State) -> tuple[str, ...]:
    """Return what there is to warn of after a step and was not before; a scenario may set what stands there already."""
    found = (warning for warning in after.warnings if warning not in before.warnings)
    return tuple(str(warning) for warning in found if step.scenario is None or warning.code != "no_effect")


def words_of(step: WaterfallStep | Subgroup) -> str:
    """Return what a step or a subgroup sets, or the file of its scenario.

    >>> step = WaterfallStep(label="Horizon", by="committee", reason="shorter", set={"settings.horizon_years": 20})
    >>> words_of(step)
    'settings.horizon_years = 20'
    """
    if step.scenario is not None:
        return step.scenario
    return "; ".join(f"{address} = {_value(value)}" for address, value in (step.set or {}).items())


def _value(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return typed(value)
    return "none" if value is None else str(value)
