"""What every cost item has: a label, the strategies it belongs to, a payer; and what it yields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from netcea.arrays import Array
from netcea.blocks import Block
from netcea.cohort.exposure import Exposure, Stream

Payer: TypeAlias = Literal["NHS and PSS", "patient", "society"]


@dataclass(frozen=True)
class Accrual:
    """An amount paid along a stream, booked to the health state in which it falls.

    Attributes
    ----------
    state : str
        progression_free, progressed or dead.
    amount : Array (draw,) or (1,)
        [GBP per unit of the stream]
    stream : Stream
        Person-time, a flow, packs dispensed or the start.
    """

    state: str
    amount: Array
    stream: Stream


class CostItem(Block):
    """The part that all cost items share."""

    label: str
    """What tables call the item."""
    strategies: list[str] | Literal["all"] = "all"
    """The strategies that bear it."""
    payer: Payer = "NHS and PSS"
    """Who pays; only NHS and PSS belongs to the reference case."""

    def applies_to(self, strategy: str) -> bool:
        """Say whether a strategy bears this item."""
        return self.strategies == "all" or strategy in self.strategies

    def accrue(self, exposure: Exposure) -> Iterator[Accrual]:
        """Yield the amounts of this item for one strategy."""
        raise NotImplementedError
