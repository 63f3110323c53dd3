"""What every cost has: a label, a category, the strategies that bear it; and what it accrues."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Generic, Literal, Protocol

from netcea.blocks import Block, Label
from netcea.cohort.exposure import Exposure, S, S_co, V
from netcea.costs.category import Category
from netcea.costs.payer import Payer


@dataclass(frozen=True)
class Accrual(Generic[V, S_co]):
    """An amount paid along a stream, in the health state in which it falls.

    Attributes
    ----------
    state : str
        progression_free, progressed or dead.
    amount : Array (draw,) or (1,), or a formula
        [GBP per unit of the stream]
    stream : Stream, or columns of a trace
        Person-time, a flow, packs dispensed or the start.
    """

    state: str
    amount: V
    stream: S_co


class Cost(Protocol):
    """A cost of a scenario, as tables, figures and the engine see it: a cost item, or an adverse event.

    Attributes
    ----------
    category : Category
        Of the class.
    """

    category: ClassVar[Category]

    @property
    def label(self) -> str:
        """What tables call it."""

    @property
    def paid_by(self) -> Payer:
        """Who pays it."""

    def applies_to(self, strategy: str) -> bool:
        """Say whether a strategy bears it.

        Parameters
        ----------
        strategy : str
            Its name.
        """

    def shown_as(self) -> Category:
        """Return the category, or the part of it, in which figures show it."""

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield what it costs one strategy. [GBP per patient]

        Parameters
        ----------
        exposure : Exposure
            Of the strategy, in numbers or in cells.
        """


class CostItem(Block, ABC):
    """The part that all cost items share."""

    category: ClassVar[Category]
    """Of the class: what its items are called together, where and in which colour they are shown."""
    label: Label
    """What tables call the item."""
    strategies: list[str] | Literal["all"] = "all"
    """The strategies that bear it."""
    payer: Payer = "NHS and PSS"
    """Who pays: it counts where `decision_problem.perspective` has this payer; the reference case has NHS and PSS."""

    @property
    def paid_by(self) -> Payer:
        """Who pays it."""
        return self.payer

    def applies_to(self, strategy: str) -> bool:
        """Say whether a strategy bears this item.

        Parameters
        ----------
        strategy : str
            Its name.
        """
        return self.strategies == "all" or strategy in self.strategies

    def shown_as(self) -> Category:
        """Return the category, or the part of it, in which figures show this item.

        Returns
        -------
        Category
            Of the class, but where a class tells its items apart.
        """
        return self.category

    def drug_prices(self) -> tuple[str, ...]:
        """Return the addresses of the prices of drugs that this item pays.

        Returns
        -------
        tuple of str
            Of packs, vials or courses; none but of drugs.
        """
        return ()

    @abstractmethod
    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield the amounts of this item for one strategy. [GBP per patient]

        Parameters
        ----------
        exposure : Exposure
            What amounts can be paid along, in numbers or in cells.
        """
