"""The result of a waterfall: every step on top of those before it, and alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from netcea.analyses.analysis import Result
from netcea.analyses.shared.effects import Effect
from netcea.scenario.scenario import Scenario
from netcea.scenario.waterfall import WaterfallOptions


@dataclass(frozen=True)
class Change:
    """What the result changes by.

    Attributes
    ----------
    costs, qalys : float
        Of the increments. [GBP], [QALYs], unweighted
    icer, weighted_icer : float or None
        None where one of the two is no ICER of a dearer and better intervention. [GBP/QALY]
    nhb, weighted_nhb : tuple of float
        Of incremental net health benefit at each threshold, rising. [QALYs]
    """

    costs: float
    qalys: float
    icer: float | None
    weighted_icer: float | None
    nhb: tuple[float, ...]
    weighted_nhb: tuple[float, ...]

    @classmethod
    def between(cls, before: Effect, after: Effect) -> Change:
        """Return the change from one result to another."""
        both = is_icer(before) and is_icer(after)

        def of(name: str) -> float | None:
            return getattr(after, name) - getattr(before, name) if both else None

        return cls(
            after.incremental_costs - before.incremental_costs,
            after.incremental_qalys - before.incremental_qalys,
            of("icer"),
            of("weighted_icer"),
            tuple(b - a for a, b in zip(before.nhb, after.nhb, strict=True)),
            tuple(b - a for a, b in zip(before.weighted_nhb, after.weighted_nhb, strict=True)),
        )

    def plus(self, other: Change, times: float = 1.0) -> Change:
        """Return both together, the other so many times; without ICERs, which do not add up."""
        return Change(
            self.costs + times * other.costs,
            self.qalys + times * other.qalys,
            None,
            None,
            tuple(a + times * b for a, b in zip(self.nhb, other.nhb, strict=True)),
            tuple(a + times * b for a, b in zip(self.weighted_nhb, other.weighted_nhb, strict=True)),
        )

    @property
    def is_nothing(self) -> bool:
        """Whether nothing changes: to the last bit, severity too."""
        return not any((self.costs, self.qalys, *self.nhb, *self.weighted_nhb))


def is_icer(effect: Effect) -> bool:
    """Say whether a result has an ICER of a dearer and better intervention."""
    return effect.icer is not None and not effect.label


@dataclass(frozen=True)
class StepResult:
    """A step.

    Attributes
    ----------
    number : int
        From 1.
    label, by, reason : str
    changes : str
        What is set, or the scenario's file.
    after : Effect
        With this and every earlier step.
    alone : Effect
        With this step and no other.
    case_of : str
        Whose case stands after it, where the next step is another's, or there is none; else empty.
    warnings : tuple of str
        What there is to warn of after it, and was not before.
    """

    number: int
    label: str
    by: str
    reason: str
    changes: str
    after: Effect
    alone: Effect
    case_of: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class WaterfallResult(Result):
    """Everything that is shown and written of a waterfall.

    Attributes
    ----------
    scenario : Scenario
    options : WaterfallOptions
    base : Effect
        Of the scenario itself.
    steps : tuple of StepResult
    other_thresholds : tuple of int
        Steps with which a method pack of other thresholds comes.
    """

    scenario: Scenario
    options: WaterfallOptions
    base: Effect
    steps: tuple[StepResult, ...]
    other_thresholds: tuple[int, ...]

    @property
    def states(self) -> tuple[Effect, ...]:
        """The scenario itself, then after each step."""
        return (self.base, *(step.after for step in self.steps))

    @property
    def cumulative(self) -> tuple[Change, ...]:
        """What each step changes on top of those before it; they add up to the total, in any order of adding."""
        return tuple(Change.between(a, b) for a, b in pairwise(self.states))

    @property
    def alone(self) -> tuple[Change, ...]:
        """What each step changes alone."""
        return tuple(Change.between(self.base, step.alone) for step in self.steps)

    @property
    def total(self) -> Change:
        """What all steps change together."""
        return Change.between(self.base, self.states[-1])

    @property
    def sum_of_alone(self) -> Change:
        """The sum of what each step changes alone."""
        nothing = Change.between(self.base, self.base)
        for change in self.alone:
            nothing = nothing.plus(change)
        return nothing

    @property
    def interaction(self) -> Change:
        """What all steps change together beyond the sum of what each changes alone."""
        return self.total.plus(self.sum_of_alone, -1.0)
