"""Administration: what giving or dispensing a drug costs, each time or the first time."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from netcea.cohort.exposure import Exposure, S, V, While, Window
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Duration, Money, Proportion


class Administration(CostItem):
    """A unit cost at dispensings or administrations."""

    category: ClassVar[Category] = Category("administration", "Administration", "#F0E442", 20)

    kind: Literal["administration"]
    unit_cost: Money
    """Cost of one occasion."""
    interval: Duration
    """Time between occasions, as for the drug."""
    occasions: Literal["first", "later", "all"] = "all"
    during: While = "on_treatment"
    starts: Duration | None = None
    """Time since the start of the model of the first occasion; the start when left out."""
    ends: Duration | None = None
    """Time since the start of the model before which occasions are paid; without end when left out."""
    share: Proportion | None = None
    """Share of patients who take the drug; all when left out."""

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield occasions x unit cost."""
        value = exposure.value
        amount = value(self.share, 1.0) * value(self.unit_cost)
        starts = None if self.starts is None else value(self.starts)
        ends = None if self.ends is None else value(self.ends)
        window = None if starts is None and ends is None else Window(starts, ends, counted_from=starts)
        streams = exposure.dispensings(self.during, value(self.interval), self.occasions, window)
        for state, stream in streams.items():
            yield Accrual(state, amount, stream)
