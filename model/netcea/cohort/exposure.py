"""What costs and QALYs are paid along: person-time, flows between states, packs dispensed, and the start.

Costs and QALYs are amounts times streams. A cost item sees one interface, `Exposure`, whatever its amounts are made of:
numbers of many rows (`netcea.engine.block_exposure`, `netcea.engine.deferred_streams`), or names of a workbook's cells
(`netcea.workbook.formulas.exposure`); so the code that computes a cost also writes its formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, Protocol, Self, TypeAlias, TypeVar

from netcea.arrays import Array

While: TypeAlias = Literal["on_treatment", "progression_free", "progressed", "alive"]
"""A condition that patients meet for some of their time."""
Condition: TypeAlias = Literal["on_treatment", "progression_free", "progressed", "alive", "dead"]
"""The same, of the dead too: of time in which nothing is given, but something may be lost."""
DEAD: Final = "dead"
Rate: TypeAlias = Literal["costs", "qalys"]
"""Which of the two discount rates."""
Flow: TypeAlias = Literal["deaths", "progressions"]
Occasions: TypeAlias = Literal["first", "later", "all"]


class Value(Protocol):
    """A number of a cost item, in the arithmetic that items use: an array of rows, or a formula of a workbook."""

    def __add__(self, other: Self, /) -> Self:
        """Add."""

    def __sub__(self, other: Self, /) -> Self:
        """Subtract."""

    def __mul__(self, other: Self, /) -> Self:
        """Multiply."""

    def __truediv__(self, other: Self, /) -> Self:
        """Divide."""

    def __rsub__(self, other: float, /) -> Self:
        """Subtract from a constant."""


V = TypeVar("V", bound=Value)
"""What amounts are made of: `Array` (draw,) or (1,), or a formula."""
S = TypeVar("S")
"""What stands for a stream: sums over time, or columns of a trace."""
S_co = TypeVar("S_co", covariant=True)


@dataclass(frozen=True)
class Window(Generic[V]):
    """A stretch of time in which something is paid at moments of its own.

    Attributes
    ----------
    starts, ends : V, optional
        Moments from the first on and before the second count; the start of the model, no end, when left out. [years]
    counted_from : V, optional
        Moments are this, this + interval, this + 2 interval ...; the start of the model when left out. [years]
    """

    starts: V | None = None
    ends: V | None = None
    counted_from: V | None = None


class Values(Protocol[V]):
    """Numbers by their addresses, and the functions of them that are more than arithmetic."""

    def value(self, address: str | None, default: float | None = None) -> V:
        """Return a number in model units. [years, per year, GBP of the scenario's price year]

        Parameters
        ----------
        address : str or None
            Of the number in inputs/; None where the item leaves it out.
        default : float, optional
            What stands in for a number that is left out.
        """

    def whole_number(self, x: V) -> V:
        """Round up to whole numbers; what is whole but for the last bit of a division stays as it is.

        Parameters
        ----------
        x : V
            [number], such as vials.
        """

    def later(self, x: V, y: V) -> V:
        """Return the later of two times.

        Parameters
        ----------
        x, y : V
            [years]
        """

    def earlier(self, x: V, y: V) -> V:
        """Return the earlier of two times.

        Parameters
        ----------
        x, y : V
            [years]
        """

    def whole_vials(self, dose: V, vial: V, mean: V, sd: V) -> V:
        """Return the mean number of vials of one administration without sharing: `netcea.costs.vials.whole_vials`.

        Parameters
        ----------
        dose : V
            [mg per kg or per m2]
        vial : V
            [mg]
        mean, sd : V
            Of body size between patients. [kg or m2]
        """


class Exposure(Values[V], Protocol[V, S_co]):
    """What cost items see of one strategy: its numbers, and the streams that amounts can be paid along.

    Attributes
    ----------
    strategy : str
        Its name.
    """

    strategy: str

    def until_horizon(self, duration: V) -> V:
        """Return the part of a time from the start that the model counts: min(duration, horizon). [years]

        Parameters
        ----------
        duration : V
            From the start, or of what begins when it may. [years]
        """

    def at_start(self) -> S_co:
        """Return the start: one unit per patient, undiscounted. [1 per patient]"""

    def age_at_start(self) -> V:
        """Return the cohort's age at the start. [years]"""

    def flow(self, name: Flow, rate: Rate = "costs", ends: V | None = None) -> S_co:
        """Return a flow between states [patients per patient].

        Parameters
        ----------
        name : {'deaths', 'progressions'}
        rate : {'costs', 'qalys'}
            Which discount rate applies.
        ends : V, optional
            Only what flows before this counts; of the cycle that holds it, its share before. [years since the start]
        """

    def once_over_flow(self, name: Flow, rate: Rate = "costs") -> S_co:
        """Return one unit per patient, spread over the cycles as a flow is; none where nobody does. [1 per patient]

        Parameters
        ----------
        name : {'deaths', 'progressions'}
        rate : {'costs', 'qalys'}
            Which discount rate applies.
        """

    def person_time(
        self, during: Condition, starts: V | None = None, ends: V | None = None, rate: Rate = "costs"
    ) -> Mapping[str, S_co]:
        """Return person-time [years] by the health state in which it is spent.

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive', 'dead'}
        starts, ends : V, optional
            Only the time between these counts. [years since the start]
        rate : {'costs', 'qalys'}
            Which discount rate applies.
        """

    def once_over_treatment(self, rate: Rate = "costs") -> S_co:
        """Return one unit per patient, spread over time on treatment. [1 per patient]

        Over progression-free time without treatment.

        Parameters
        ----------
        rate : {'costs', 'qalys'}
            Which discount rate applies.
        """

    def dispensings(
        self, during: While, interval: V, occasions: Occasions = "all", window: Window[V] | None = None
    ) -> Mapping[str, S_co]:
        """Return packs per patient, by state: at times 0, interval, 2 interval ... those who meet the condition then.

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive'}
        interval : V
            Time between dispensings. [years]
        occasions : {'first', 'later', 'all'}
            Which of the dispensings count.
        window : Window, optional
            In which of them the moments count, and from when they are counted.
        """


class UtilityExposure(Exposure[Array, S_co], Protocol[S_co]):
    """What utilities see of one strategy, in numbers: person-time weighted by the population's utility.

    References
    ----------
    NICE DSU TSD 12: multiplicative age adjustment.
    """

    def states(self, during: While) -> tuple[str, ...]:
        """Return the health states in which a condition can be met.

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive'}
        """

    def share_of_norm(self, utility: Array, anchor_age: str | None) -> Array:
        """Return a utility over the population's norm at the anchor age, at most 1; itself without age adjustment.

        Parameters
        ----------
        utility : Array (draw,) or (1,)
            [utility]
        anchor_age : str or None
            Address of the mean age in the utility study; the cohort's age at the start when left out.
        """

    def time_at_norm(self, during: While) -> Mapping[str, S_co]:
        """Return person-time by state, times the population's utility at that age if it is adjusted for. [QALYs]

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive'}
        """

    def flow_at_norm(self, name: Flow, *, once: bool = False) -> S_co:
        """Return a flow, times the population's utility at that age if it is adjusted for. [QALYs per year]

        Parameters
        ----------
        name : {'deaths', 'progressions'}
        once : bool
            One unit per patient, spread as the flow is, in place of the flow itself.
        """

    def time_by_time_to_death(self, bands: Sequence[tuple[Array, Array]], beyond: Array) -> Mapping[str, S_co]:
        """Return person-time by state, times the mean utility of the living by their time to death.

        Parameters
        ----------
        bands : sequence of (within, utility), each Array (draw,) or (1,)
            Rising; within in [years]; utility over the population's where utilities are age-adjusted.
        beyond : Array (draw,) or (1,)
            Utility of those further from death.
        """
