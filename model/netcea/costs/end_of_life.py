"""End of life: the cost of the last months, on the flow of deaths."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from netcea.cohort.exposure import Exposure, S, V
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Money


class EndOfLife(CostItem):
    """A unit cost for each death."""

    category: ClassVar[Category] = Category("end_of_life", "End of life", "#CC79A7", 60)

    kind: Literal["end_of_life"]
    unit_cost: Money

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield deaths x unit cost.

        Yields
        ------
        Accrual
            At death. [GBP per death]
        """
        yield Accrual("dead", exposure.value(self.unit_cost), exposure.flow("deaths"))
