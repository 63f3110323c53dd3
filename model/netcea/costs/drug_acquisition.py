"""Drug acquisition: whole packs, person-time, or vials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final, Literal, Self

from pydantic import model_validator

from netcea.cohort.exposure import Exposure, S, V, While
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Dose, Duration, Money, Proportion

OF_STRATEGY: Final = Category("drug_of_strategy", "Drug, of this strategy only", "#0072B2", 10)
OF_ALL: Final = Category("drug_of_all", "Drug, of every strategy", "#56B4E9", 11)
"""The two parts in which figures show the drugs."""


class DrugAcquisition(CostItem):
    """The price of a drug, paid while patients take it.

    ``per_pack``: a pack is paid in full at list price x (1 - discount), each pack_days / share_of_tablets_taken days
    from the start while before the horizon, by those on treatment at that moment: a started pack is waste, and the
    result does not depend on the cycle length. ``per_time``: the same price per day of person-time, no waste.
    ``per_administration``: vials for a dose, each interval, by those on treatment at that moment.
    """

    category: ClassVar[Category] = Category("drug_acquisition", "Drug acquisition", "#0072B2", 10)

    kind: Literal["drug_acquisition"]
    method: Literal["per_pack", "per_time", "per_administration"] = "per_pack"
    during: While = "on_treatment"
    """When it is taken: on_treatment, progression_free, progressed or alive."""
    share: Proportion | None = None
    """Share of patients who take it; all when left out."""
    discount: Proportion | None = None
    """Discount on the list price."""
    price_per_pack: Money | None = None
    pack_days: Duration | None = None
    """Days that a pack lasts when every tablet is taken."""
    share_of_tablets_taken: Proportion | None = None
    """Missed days stretch a pack; all tablets are taken when left out."""
    milligram_intensity: Proportion | None = None
    """Mean dose over planned dose. It changes the cost only where the price follows milligrams."""
    price_follows_milligrams: bool = False
    price_per_vial: Money | None = None
    vial_mg: Dose | None = None
    dose: Dose | None = None
    """Dose of one administration: mg, mg/kg (with body_size) or mg/m2 (with body_size)."""
    body_size_mean: Dose | None = None
    """Mean weight or body-surface area; log-normal between patients with `body_size_sd`."""
    body_size_sd: Dose | None = None
    vial_sharing: bool = False
    """Whether the rest of a vial serves the next patient."""
    interval: Duration | None = None
    """Time between administrations."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        vials = self.method == "per_administration"
        needed = ("price_per_vial", "vial_mg", "dose", "interval") if vials else ("price_per_pack", "pack_days")
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            msg = f"{self.method} needs {', '.join(missing)}"
            raise ValueError(msg)
        foreign = (
            ("price_per_pack", "pack_days", "share_of_tablets_taken")
            if vials
            else ("price_per_vial", "vial_mg", "dose", "body_size_mean", "body_size_sd", "interval")
        )
        extra = [name for name in foreign if getattr(self, name) is not None]
        if extra:
            msg = f"{self.method} does not use {', '.join(extra)}"
            raise ValueError(msg)
        if (self.body_size_mean is None) != (self.body_size_sd is None):
            msg = "give body_size_mean and body_size_sd together"
            raise ValueError(msg)
        if self.price_follows_milligrams and self.milligram_intensity is None:
            msg = "price_follows_milligrams needs milligram_intensity"
            raise ValueError(msg)
        return self

    def shown_as(self) -> Category:
        """Return the part in which figures show it: drugs that every strategy bears stand apart."""
        return OF_ALL if self.strategies == "all" else OF_STRATEGY

    def drug_prices(self) -> tuple[str, ...]:
        """Return the address of the price of a pack or of a vial."""
        return tuple(price for price in (self.price_per_pack, self.price_per_vial) if price is not None)

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield packs x price, person-time x price per year, or administrations x price of the vials.

        Packs are paid by those on treatment when one is dispensed, not by person-time: a half-cycle correction does not
        apply to them.
        """
        value = exposure.value
        payers = value(self.share, 1.0) * (1.0 - value(self.discount, 0.0))
        if self.price_follows_milligrams:
            payers = payers * value(self.milligram_intensity)
        if self.method == "per_administration":
            amount = payers * value(self.price_per_vial) * self._vials(exposure)
            streams = exposure.dispensings(self.during, value(self.interval))
        else:
            lasts = value(self.pack_days) / value(self.share_of_tablets_taken, 1.0)
            if self.method == "per_pack":
                amount = payers * value(self.price_per_pack)
                streams = exposure.dispensings(self.during, lasts)
            else:
                amount = payers * value(self.price_per_pack) / lasts
                streams = exposure.person_time(self.during)
        for state, stream in streams.items():
            yield Accrual(state, amount, stream)

    def _vials(self, exposure: Exposure[V, S]) -> V:
        """Return the mean number of vials of one administration.

        With sharing dose x E[size] / vial; without, see `netcea.costs.vials.whole_vials`.
        """
        dose, vial = exposure.value(self.dose), exposure.value(self.vial_mg)
        if self.body_size_mean is None:
            return dose / vial if self.vial_sharing else exposure.whole_number(dose / vial)
        mean, sd = exposure.value(self.body_size_mean), exposure.value(self.body_size_sd)
        return dose * mean / vial if self.vial_sharing else exposure.whole_vials(dose, vial, mean, sd)
