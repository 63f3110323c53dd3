"""End of life: the cost of the last months, on the flow of deaths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from netcea.addresses import Money
from netcea.costs.item import Accrual, CostItem
from netcea.exposure import Exposure


class EndOfLife(CostItem):
    """A unit cost for each death."""

    kind: Literal["end_of_life"]
    unit_cost: Money

    def accrue(self, exposure: Exposure) -> Iterator[Accrual]:
        """Yield deaths x unit cost."""
        yield Accrual("dead", exposure.value(self.unit_cost), exposure.flow("deaths"))
