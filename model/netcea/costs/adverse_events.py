"""Adverse events: incidence x cost and incidence x decrement x duration."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from netcea.blocks import Block, Label
from netcea.cohort.exposure import Exposure, Rate, S, V
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, Cost
from netcea.costs.payer import Payer
from netcea.costs.subsequent_treatment import SubsequentTreatment
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
    later : tuple of SubsequentTreatment
        Those that bring another strategy's adverse events with them, when they begin.
    """

    category: ClassVar[Category] = Category("adverse_events", "Adverse events", "#D55E00", 30)

    event: AdverseEvent
    timing: Timing
    later: tuple[SubsequentTreatment, ...] = ()

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
        return strategy in self.event.incidence or any(True for _ in self._treatments(strategy))

    def shown_as(self) -> Category:
        """Return the category in which figures show it."""
        return self.category

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield incidence x unit cost, for a strategy that has the event.

        Yields
        ------
        Accrual
            At the start, or over time on treatment; and when a subsequent treatment begins. [GBP per patient]
        """
        return self._accruals(exposure, exposure.value(self.event.unit_cost), "costs")

    def qalys_lost(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield incidence x decrement x duration [QALYs per patient], for a strategy that has the event.

        An event lasts until the horizon at most: a shorter horizon must not lose what it never counted as lived.

        Parameters
        ----------
        exposure : Exposure
            Of a strategy that has the event.
        """
        value, event = exposure.value, self.event
        lasts = exposure.until_horizon(value(event.duration))
        return self._accruals(exposure, value(event.decrement) * lasts, "qalys")

    def _accruals(self, exposure: Exposure[V, S], each: V, rate: Rate) -> Iterator[Accrual[V, S]]:
        """Yield what one event makes, times its incidence, where and when patients have it."""
        value, incidence = exposure.value, self.event.incidence
        if exposure.strategy in incidence:
            at_start = self.timing == "at_start"
            stream = exposure.at_start() if at_start else exposure.once_over_treatment(rate)
            yield Accrual("progression_free", value(incidence[exposure.strategy]) * each, stream)
        for item in self._treatments(exposure.strategy):
            had = item.treated(exposure) * value(incidence[item.adverse_events_of or ""])
            yield Accrual("progressed", had * each, item.begun(exposure, rate))

    def _treatments(self, strategy: str) -> Iterator[SubsequentTreatment]:
        """Yield the subsequent treatments of a strategy that bring this event with them."""
        return (i for i in self.later if i.applies_to(strategy) and i.adverse_events_of in self.event.incidence)


class AdverseEvents(Block):
    """The adverse events of the model, counted once."""

    timing: Timing = "at_start"
    """at_start: all at once, undiscounted. on_treatment: spread over time on treatment (progression-free time in a
    strategy without treatment)."""
    events: dict[str, AdverseEvent] = {}

    def timed(self, later: Iterable[SubsequentTreatment]) -> dict[str, TimedEvent]:
        """Return every event with its timing.

        Parameters
        ----------
        later : iterable of SubsequentTreatment
            Of the scenario: those on them may have events of another strategy.

        Returns
        -------
        dict of str to TimedEvent
            By its name in outcomes: ``adverse_events.<event>``.
        """
        brings = tuple(item for item in later if item.adverse_events_of is not None)
        return {
            f"{TimedEvent.category.name}.{name}": TimedEvent(event, self.timing, brings)
            for name, event in self.events.items()
        }
