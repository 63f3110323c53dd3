"""Subsequent treatments: what begins at progression, costed at once for its whole duration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from netcea.cohort.exposure import Exposure, S, V
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Duration, Money, Proportion


class SubsequentTreatment(CostItem):
    """Share of progressions x duration x price, on the flow of progressions."""

    category: ClassVar[Category] = Category("subsequent_treatment", "Subsequent treatment", "#E69F00", 50)

    kind: Literal["subsequent_treatment"]
    share: Proportion
    """Share of progressions followed by this treatment."""
    duration: Duration
    """Time on it."""
    price_per_pack: Money
    pack_days: Duration
    """Time that a pack (or a course) lasts."""
    discount: Proportion | None = None

    def drug_prices(self) -> tuple[str, ...]:
        """Return the address of the price of a pack or of a course."""
        return (self.price_per_pack,)

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield progressions x share x duration / pack_days x price.

        Yields
        ------
        Accrual
            At progression. [GBP per progression]
        """
        value = exposure.value
        price = value(self.price_per_pack) * (1.0 - value(self.discount, 0.0))
        amount = value(self.share) * value(self.duration) / value(self.pack_days) * price
        yield Accrual("progressed", amount, exposure.flow("progressions"))
