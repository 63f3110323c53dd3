"""Adverse events: incidence x cost and incidence x decrement x duration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from netcea.arrays import Array
from netcea.blocks import Block
from netcea.cohort.exposure import Exposure, Rate, Stream
from netcea.costs.cost_item import Accrual
from netcea.quantities.addresses import Duration, Money, Proportion, UtilityValue


class AdverseEvent(Block):
    """One event, or one group of events."""

    label: str
    incidence: dict[str, Proportion]
    """Strategy -> share of patients who have it; a strategy that is left out has none."""
    decrement: UtilityValue
    """Utility lost while it lasts."""
    duration: Duration
    unit_cost: Money


class AdverseEvents(Block):
    """The adverse events of the model, counted once."""

    timing: Literal["at_start", "on_treatment"] = "at_start"
    """at_start: all at once, undiscounted. on_treatment: spread over time on treatment (progression-free time in a
    strategy without treatment)."""
    events: dict[str, AdverseEvent] = {}

    def stream(self, exposure: Exposure, rate: Rate) -> Stream:
        """Return when the events happen: once per patient, at the start or spread over time on treatment."""
        return exposure.at_start() if self.timing == "at_start" else exposure.once_over_treatment(rate)

    def accrue(self, event: AdverseEvent, exposure: Exposure) -> Iterator[Accrual]:
        """Yield incidence x unit cost."""
        incidence = event.incidence.get(exposure.strategy)
        if incidence is not None:
            amount = exposure.value(incidence) * exposure.value(event.unit_cost)
            yield Accrual("progression_free", amount, self.stream(exposure, "costs"))

    def qalys_lost(self, event: AdverseEvent, exposure: Exposure) -> Array | None:
        """Return incidence x decrement x duration [QALYs per patient], or None where the event does not occur."""
        incidence = event.incidence.get(exposure.strategy)
        if incidence is None:
            return None
        value = exposure.value
        return value(incidence) * value(event.decrement) * value(event.duration)
