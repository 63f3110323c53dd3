"""One-off costs at the start of the model, undiscounted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from netcea.cohort.exposure import Exposure
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Money, Proportion


class OneOff(CostItem):
    """A unit cost, once, at the start."""

    kind: Literal["one_off"]
    unit_cost: Money
    share: Proportion | None = None
    """Share of patients who need it; all when left out."""

    def accrue(self, exposure: Exposure) -> Iterator[Accrual]:
        """Yield the unit cost at time 0."""
        amount = exposure.value(self.unit_cost) * exposure.value(self.share, 1.0)
        yield Accrual("progression_free", amount, exposure.at_start())
