"""End of life: the cost of the last months, on the flow of deaths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from netcea.cohort.exposure import Exposure
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Money


class EndOfLife(CostItem):
    """A unit cost for each death."""

    kind: Literal["end_of_life"]
    unit_cost: Money

    def accrue(self, exposure: Exposure) -> Iterator[Accrual]:
        """Yield deaths x unit cost."""
        yield Accrual("dead", exposure.value(self.unit_cost), exposure.flow("deaths"))
