"""One-off costs at the start of the model, undiscounted."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from netcea.cohort.exposure import Exposure, S, V
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Money, Proportion


class OneOff(CostItem):
    """A unit cost, once, at the start."""

    category: ClassVar[Category] = Category("one_off", "One-off", "#000000", 70)

    kind: Literal["one_off"]
    unit_cost: Money
    share: Proportion | None = None
    """Share of patients who need it; all when left out."""

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield the unit cost at time 0.

        Yields
        ------
        Accrual
            At the start. [GBP per patient]
        """
        amount = exposure.value(self.unit_cost) * exposure.value(self.share, 1.0)
        yield Accrual("progression_free", amount, exposure.at_start())
