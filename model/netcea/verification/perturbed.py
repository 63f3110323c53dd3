"""A scenario and what becomes of it when something is changed: numbers in a row, or choices in its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.engine.outcomes import MEASURES, Outcomes, StrategyOutcomes
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.engine.trace import Trace, traces
from netcea.loading.load import Related, resolve
from netcea.loading.merging.tree import Tree
from netcea.plain_number import read
from netcea.plausibility.uses import role_of
from netcea.quantities.addresses import addresses_in
from netcea.quantities.key_path import join_address
from netcea.quantities.units import UNITS
from netcea.scenario.scenario import Scenario
from netcea.survival.curve import CurveModel
from netcea.survival.distributions import family_or_maker
from netcea.verification.published import Published
from netcea.verification.verdict import TOLERANCE

T = TypeVar("T")
RATE: Final = "verification.rate"
"""Column of the hazard that takes a curve's place. [per year]"""


class Named(NamedTuple):
    """A number at one place of use.

    Attributes
    ----------
    role : str
        What it is used for; see `netcea.plausibility.uses.role_of`.
    place, address : str
        Where the scenario names it, and where it is defined.
    """

    role: str
    place: str
    address: str


@dataclass(frozen=True)
class Perturbed:
    """A scenario with its base case, and the way to others.

    Attributes
    ----------
    scenario : Scenario
        As loaded, in this process.
    draws : int
        Rows of the probabilistic sample in which invariants are looked at.
    seed : int
    published : mapping of address -> Published, or None
        What was published, where somebody typed it a second time.
    """

    scenario: Scenario
    draws: int
    seed: int
    published: Mapping[str, Published] | None = None
    _done: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def base(self) -> Draws:
        """The row of point estimates."""
        return base_case(self.scenario)

    @cached_property
    def outcomes(self) -> Outcomes:
        """Outcomes at the point estimates."""
        return simulate(self.scenario, self.base)

    @cached_property
    def traces(self) -> dict[str, Trace]:
        """Each strategy cycle by cycle, at the point estimates."""
        return traces(Grid.of(self.scenario), self.base)

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """Every number of inputs/ that the scenario names, at each place of use."""
        file = self.scenario.file
        return tuple(
            Named(role_of(file, use.path), join_address(use.path), use.address)
            for use in addresses_in(file)
            if not (use.kind.table or use.kind.is_group) and use.address in self.scenario.quantities
        )

    def once(self, work: Callable[[Perturbed], T]) -> T:
        """Return what a function makes of this, done once.

        Parameters
        ----------
        work : callable (Perturbed) -> T
            Several tests need it.
        """
        if work not in self._done:
            self._done[work] = work(self)
        found: T = self._done[work]
        return found

    def addresses(self, wanted: Callable[[Named], bool]) -> tuple[str, ...]:
        """Return the addresses of numbers by their place of use, each once, in order.

        Parameters
        ----------
        wanted : callable (Named) -> bool
            Which.
        """
        return tuple(dict.fromkeys(one.address for one in self.named if wanted(one)))

    def money(self) -> tuple[str, ...]:
        """Return the addresses of every amount of money that a cost of the model is made of."""
        quantities = self.scenario.quantities

        def is_cost(one: Named) -> bool:
            return (
                one.place.startswith(("costs.", "adverse_events."))
                and UNITS[quantities[one.address].unit].dimension == "money"
            )

        return self.addresses(is_cost)

    def at(self, columns: Mapping[str, float], scenario: Scenario | None = None) -> Outcomes:
        """Return outcomes where some numbers have other values.

        Parameters
        ----------
        columns : mapping of address -> float
            [model units]
        scenario : Scenario, optional
            In place of the scenario itself.
        """
        scenario = self.scenario if scenario is None else scenario
        return simulate(scenario, self.row(columns, scenario))

    def row(self, columns: Mapping[str, float], scenario: Scenario | None = None) -> Draws:
        """Return the row of point estimates with some numbers at other values.

        Parameters
        ----------
        columns : mapping of address -> float
            [model units]
        scenario : Scenario, optional
            In place of the scenario itself.
        """
        base = self.base if scenario is None else base_case(scenario)
        return Draws(1, {**base.columns, **{a: np.array([[value]]) for a, value in columns.items()}})

    def scaled(self, addresses: Iterable[str], factor: float) -> dict[str, float]:
        """Return the point estimates of some numbers times a factor.

        Parameters
        ----------
        addresses : iterable of str
            Of the numbers.
        factor : float
            By which each is multiplied.
        """
        return {address: float(self.base[address][0, 0]) * factor for address in addresses}

    def changed(self, changes: Mapping[str, object]) -> Scenario:
        """Return the scenario with other choices, as ``--set`` takes them; with its point estimates only.

        Parameters
        ----------
        changes : mapping of address -> object
            On top of what it has.

        Raises
        ------
        InputError
            The scenario cannot be so.
        """
        return resolve(self._related.draft.with_sets(_parsed(changes)), brief=True, doubts=False)

    def again(self) -> Scenario:
        """Return the scenario, resolved once more from its files and its changes."""
        return resolve(self._related.draft, doubts=False)

    def rewritten(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Scenario:
        """Return the scenario of a file that was rewritten, loaded as any file is.

        Parameters
        ----------
        change : callable (dict) -> dict
            Takes a copy of the complete file, with all that was set, and returns another.

        Raises
        ------
        InputError
            It cannot be loaded.
        """
        draft = self._related.draft
        data = change(deepcopy(draft.tree.data))
        return resolve(replace(draft, tree=Tree(data, draft.tree.file)), brief=True, doubts=False)

    @property
    def _related(self) -> Related:
        if not isinstance(self.scenario.related, Related):
            raise TypeError("a scenario from another process has no files to be changed")
        return self.scenario.related

    def with_rates(self, **hazards: float) -> tuple[Scenario, dict[str, float]]:
        """Return the scenario with curves of a constant hazard in place of its own, and the columns they take.

        Parameters
        ----------
        **hazards : float
            Endpoint ('pfs', 'os') -> hazard of every strategy. [per year]
        """
        curves, columns = dict(self.scenario.curves), {}
        exponential: Any = family_or_maker("exponential")
        for address in curves:
            endpoint = address.rpartition(".")[2]
            if endpoint in hazards:
                columns[f"{RATE}.{endpoint}"] = hazards[endpoint]
                curves[address] = CurveModel(address, exponential, {"rate": f"{RATE}.{endpoint}"})
        return replace(self.scenario, curves=curves), columns


def _parsed(changes: Mapping[str, object]) -> Sequence[Any]:
    from netcea.loading.merging.override import parse_command_line

    return parse_command_line(changes)


def total(outcomes: Outcomes, measure: str, strategy: str) -> float:
    """Return one strategy's total of the first row. [GBP], [QALYs] or [years]

    Parameters
    ----------
    outcomes : Outcomes
        Of at least one row.
    measure : str
        One of `netcea.engine.outcomes.MEASURES`.
    strategy : str
        Its name.
    """
    return float(outcomes.strategies[strategy].total(measure)[0])


def near(x: float, y: float, tolerance: float = TOLERANCE) -> bool:
    """Say whether two results are the same but for rounding.

    Parameters
    ----------
    x, y : float
        Of one unit.
    tolerance : float
        As a share of the larger one.

    Examples
    --------
    >>> near(1.0, 1.0 + 1e-12), near(1.0, 1.001), near(0.0, 0.0)
    (True, False, True)
    """
    return abs(x - y) <= tolerance * max(abs(x), abs(y), 1e-6)


def unlike(one: Outcomes, other: Outcomes, pairs: Mapping[str, str], tolerance: float = TOLERANCE) -> Iterator[str]:
    """Yield every total in which a strategy differs from its counterpart, in words.

    Parameters
    ----------
    one, other : Outcomes
        Of one row each.
    pairs : mapping of str -> str
        Strategy in `one` -> its counterpart in `other`.
    tolerance : float
        As a share of the larger one.
    """
    for name, counterpart in pairs.items():
        for measure in MEASURES:
            x, y = total(one, measure, name), total(other, measure, counterpart)
            if not near(x, y, tolerance):
                yield f"{measure.replace('_', ' ')} of {name}: {read(x, 10)} and {read(y, 10)}"


def by_cycle(trace: Trace, start: str) -> Array:
    """Return the sum over a trace's columns whose names begin in one way, Array (N,).

    Parameters
    ----------
    trace : Trace
        Of one strategy.
    start : str
        With which the names of columns begin.
    """
    found = [column for name, column in trace.cycles.items() if name.startswith(start)]
    return np.asarray(np.sum(found, axis=0) if found else np.zeros(len(trace.edges["time_years"]) - 1))


def parts(outcomes: StrategyOutcomes, measure: str) -> dict[tuple[str, str], float]:
    """Return what a total is made of, of the first row: (item, state) -> amount.

    Parameters
    ----------
    outcomes : StrategyOutcomes
        Of one strategy.
    measure : str
        One of `netcea.engine.outcomes.MEASURES`.
    """
    return {key: float(values[0]) for key, values in getattr(outcomes, measure).items()}
