"""What the sentences of a run's first lines are made from: the point estimates, and scenarios that the file names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from netcea.analyses.base_case.comparisons import comparisons
from netcea.analyses.base_case.result import Case, Comparison
from netcea.analyses.shared.judge import evaluate
from netcea.errors import InputError, ModelError
from netcea.scenario.scenario import Scenario

T = TypeVar("T")


@dataclass(frozen=True)
class Facts:
    """A scenario at its point estimates; each part is worked out when a sentence first asks for it.

    Attributes
    ----------
    scenario : Scenario
        As it is analysed, with every change.
    """

    scenario: Scenario

    @classmethod
    def knowing(
        cls, scenario: Scenario, case: Case | None = None, comparisons: Sequence[Comparison] | None = None
    ) -> Facts:
        """Return the facts of a scenario of which some are worked out already.

        Parameters
        ----------
        scenario : Scenario
            As it is analysed, with every change.
        case : Case, optional
            Its point estimates judged.
        comparisons : sequence of Comparison, optional
            Published figures beside its curves.
        """
        facts = cls(scenario)
        if case is not None:
            vars(facts)["case"] = case
        if comparisons is not None:
            vars(facts)["comparisons"] = tuple(comparisons)
        return facts

    @cached_property
    def case(self) -> Case:
        """Totals, incremental analysis, net benefit and severity at the point estimates."""
        return evaluate(self.scenario)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Published figures beside what the finished curves say."""
        return tuple(comparisons(self.scenario))

    def other(self, address: str, named: str) -> Other:
        """Return a scenario that an entry of the file names, with the changes of this one.

        Parameters
        ----------
        address : str
            Of the entry: 'decision_problem.not_modelled.0.scenario'.
        named : str
            What the entry says: a path, relative to the file in which it stands.
        """
        related = self.scenario.related
        if related is None:
            return Other(named, named, fault="a scenario that came from another process")
        found = related.named(address, named)
        scenario, fault = _tried(found.load)
        return Other(scenario.file.name if scenario else found.name, found.source, scenario, fault)


@dataclass(frozen=True)
class Other:
    """A scenario that a file names, at its point estimates; or why there is none.

    Attributes
    ----------
    name : str
        What it calls itself.
    source : str
        The file, as messages show it.
    scenario : Scenario or None
        None where it cannot be combined with what was changed.
    fault : str
        Why; empty where it can.
    """

    name: str
    source: str
    scenario: Scenario | None = None
    fault: str = field(default="", compare=False)

    @cached_property
    def case(self) -> Case | None:
        """Its point estimates; None where there are none."""
        return None if self.scenario is None else _tried(lambda: evaluate(self.scenario))[0]  # type: ignore[arg-type]

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Published figures beside what its curves say; none where it cannot be run."""
        return () if self.scenario is None else tuple(comparisons(self.scenario))


def _tried(make: Callable[[], T]) -> tuple[T | None, str]:
    """Return what a function makes; or None, and why not."""
    try:
        return make(), ""
    except (InputError, ModelError) as error:
        return None, " ".join(str(error).split())
