"""Adverse events: incidence x cost and incidence x decrement x duration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from netcea.blocks import Block, Label
from netcea.cohort.exposure import Exposure, Rate, S, V
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, Cost
from netcea.costs.payer import Payer
from netcea.quantities.addresses import Duration, Money, Proportion, UtilityValue

Timing: TypeAlias = Literal["at_start", "on_treatment"]


class AdverseEvent(Block):
    """One event, or one group of events."""

    label: Label
    incidence: dict[str, Proportion]
    """Strategy -> share of patients who have it; a strategy that is left out has none."""
    decrement: UtilityValue
    """Utility lost while it lasts."""
    duration: Duration
    """How long it lasts; what lies beyond the horizon is not counted."""
    unit_cost: Money
    payer: Payer = "NHS and PSS"
    """Who pays its cost; what it loses in QALYs counts from every perspective."""


@dataclass(frozen=True)
class TimedEvent(Cost):
    """An adverse event as a cost, and as a loss of QALYs.

    Attributes
    ----------
    event : AdverseEvent
    timing : {'at_start', 'on_treatment'}
    """

    category: ClassVar[Category] = Category("adverse_events", "Adverse events", "#D55E00", 30)

    event: AdverseEvent
    timing: Timing

    @property
    def label(self) -> str:
        """What tables call it."""
        return self.event.label

    @property
    def paid_by(self) -> Payer:
        """Who pays its cost."""
        return self.event.payer

    def applies_to(self, strategy: str) -> bool:
        """Say whether a strategy has this event."""
        return strategy in self.event.incidence

    def shown_as(self) -> Category:
        """Return the category in which figures show it."""
        return self.category

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield incidence x unit cost, for a strategy that has the event.

        Yields
        ------
        Accrual
            At the start, or over time on treatment. [GBP per patient]
        """
        amount = exposure.value(self.event.incidence[exposure.strategy]) * exposure.value(self.event.unit_cost)
        yield Accrual("progression_free", amount, self._stream(exposure, "costs"))

    def qalys_lost(self, exposure: Exposure[V, S]) -> Accrual[V, S]:
        """Return incidence x decrement x duration [QALYs per patient], for a strategy that has the event.

        An event lasts until the horizon at most: a shorter horizon must not lose what it never counted as lived.

        Parameters
        ----------
        exposure : Exposure
            Of a strategy that has the event.
        """
        value, event = exposure.value, self.event
        lasts = exposure.until_horizon(value(event.duration))
        amount = value(event.incidence[exposure.strategy]) * value(event.decrement) * lasts
        return Accrual("progression_free", amount, self._stream(exposure, "qalys"))

    def _stream(self, exposure: Exposure[V, S], rate: Rate) -> S:
        return exposure.at_start() if self.timing == "at_start" else exposure.once_over_treatment(rate)


class AdverseEvents(Block):
    """The adverse events of the model, counted once."""

    timing: Timing = "at_start"
    """at_start: all at once, undiscounted. on_treatment: spread over time on treatment (progression-free time in a
    strategy without treatment)."""
    events: dict[str, AdverseEvent] = {}

    def timed(self) -> dict[str, TimedEvent]:
        """Return every event with its timing.

        Returns
        -------
        dict of str to TimedEvent
            By its name in outcomes: ``adverse_events.<event>``.
        """
        return {
            f"{TimedEvent.category.name}.{name}": TimedEvent(event, self.timing) for name, event in self.events.items()
        }
