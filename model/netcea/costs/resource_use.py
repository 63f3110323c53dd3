"""Monitoring and other resource use: a frequency per state or per time on treatment."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from netcea.cohort.exposure import Exposure, S, V, While
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Duration, Frequency, Money, Proportion


class ResourceUse(CostItem):
    """A unit cost times a frequency, while patients are in a state."""

    category: ClassVar[Category] = Category("resource_use", "Monitoring and care", "#009E73", 40)

    kind: Literal["resource_use"]
    unit_cost: Money
    frequency: Frequency
    """How often (a frequency in inputs/, such as 0.25 per week)."""
    during: While
    """progression_free, progressed, alive or on_treatment."""
    starts: Duration | None = None
    """Time since the start of the model from which it is used; from the start when left out."""
    ends: Duration | None = None
    """Time since the start of the model until which it is used; without end when left out."""
    share: Proportion | None = None

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield person-time x frequency x unit cost."""
        value = exposure.value
        amount = value(self.unit_cost) * value(self.frequency) * value(self.share, 1.0)
        starts = None if self.starts is None else value(self.starts)
        ends = None if self.ends is None else value(self.ends)
        for state, stream in exposure.person_time(self.during, starts, ends).items():
            yield Accrual(state, amount, stream)
