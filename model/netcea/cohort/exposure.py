"""What happens to one strategy's patients in one block of rows, as streams that amounts can be paid along.

A stream is person-time in a state, a flow between states, packs dispensed, or the start. Costs and QALYs are amounts
times streams: linear in occupancy, so each stream is summed over time once, as occupancy times weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.grid import Grid

if TYPE_CHECKING:
    from netcea.scenario.scenario import TimeOnTreatment

While: TypeAlias = Literal["on_treatment", "progression_free", "progressed", "alive"]
Rate: TypeAlias = Literal["costs", "qalys"]
Flow: TypeAlias = Literal["deaths", "progressions"]
Occasions: TypeAlias = Literal["first", "later", "all"]


@dataclass(frozen=True)
class Stream:
    """Units of exposure per patient: summed over time, and on request cycle by cycle.

    Attributes
    ----------
    discounted, undiscounted : Array (draw,) or (1,)
        Years of person-time, patients, or packs; `discounted` with the rate of costs, unless asked otherwise.
    per_cycle : callable () -> (discounted, undiscounted), each Array (draw, N)
    """

    discounted: Array
    undiscounted: Array
    per_cycle: Callable[[], tuple[Array, Array]]


@dataclass
class Exposure:
    """What amounts can be paid along for one strategy; the interface that cost categories and utilities use.

    `netcea.engine.block_exposure` computes the streams of a block of rows. `netcea.engine.deferred_streams` hands out
    streams of many rows before they are known, and is filled block by block: so that amounts are worked out once.

    Attributes
    ----------
    strategy : str
    grid : Grid
    draws : Draws
        The rows.
    """

    strategy: str
    grid: Grid
    draws: Draws

    def value(self, address: str | None, default: float | None = None) -> Array:
        """Return a number of the rows as Array (draw,) or (1,), in model units."""
        if address is None:
            if default is None:
                msg = "a number is missing"
                raise ValueError(msg)
            return np.array([default])
        return self.draws[address][:, 0]

    def states(self, during: While) -> tuple[str, ...]:
        """Return the health states in which a condition can be met."""
        if during in ("progression_free", "progressed"):
            return (during,)
        rule = self.rule().rule
        if during == "on_treatment" and rule in ("none", "until_progression"):
            return ("progression_free",) if rule == "until_progression" else ()
        return ("progression_free", "progressed")

    def rule(self) -> TimeOnTreatment:
        """Return who is on treatment."""
        return self.grid.scenario.file.strategies[self.strategy].time_on_treatment

    def at_start(self) -> Stream:
        """Return the start: one unit per patient, undiscounted."""
        one = np.ones(1)

        def per_cycle() -> tuple[Array, Array]:
            first = np.zeros((1, self.grid.time.n_cycles))
            first[0, 0] = 1.0
            return first, first

        return Stream(one, one, per_cycle)

    def flow(self, name: Flow) -> Stream:
        """Return a flow between states [patients per patient]."""
        raise NotImplementedError

    def person_time(
        self, during: While, starts: Array | None = None, ends: Array | None = None, rate: Rate = "costs"
    ) -> dict[str, Stream]:
        """Return person-time [years] by the health state in which it is spent.

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive'}
        starts, ends : Array (draw,) or (1,), optional
            Only the time between these counts.
        rate : {'costs', 'qalys'}
            Which discount rate `discounted` uses.
        """
        raise NotImplementedError

    def once_over_treatment(self, rate: Rate = "costs") -> Stream:
        """Return one unit per patient, spread over time on treatment (progression-free time without treatment)."""
        raise NotImplementedError

    def dispensings(self, during: While, interval: Array, occasions: Occasions = "all") -> dict[str, Stream]:
        """Return packs per patient, by state: at times 0, interval, 2 interval ... those who meet the condition then.

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive'}
        interval : Array (draw,) or (1,)
            [years]
        occasions : {'first', 'later', 'all'}
        """
        raise NotImplementedError

    def quality_time(self, during: While) -> dict[str, Stream]:
        """Return person-time by state, times the population's utility at that age where utilities are age-adjusted."""
        raise NotImplementedError

    def quality_by_time_to_death(self, bands: Sequence[tuple[Array, Array]], beyond: Array) -> dict[str, Stream]:
        """Return person-time by state, times the mean utility of the living by their time to death.

        Parameters
        ----------
        bands : sequence of (within, utility), each Array (draw,) or (1,)
            Rising. [years], utility over the population's where utilities are age-adjusted.
        beyond : Array (draw,) or (1,)
            Utility of those further from death.
        """
        raise NotImplementedError


def fingerprint(x: Array | None) -> object:
    """Return what tells one array of numbers from another; None for none."""
    return None if x is None else x.tobytes()
