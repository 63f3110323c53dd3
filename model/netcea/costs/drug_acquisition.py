"""Drug acquisition: whole packs, person-time, or vials."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from netcea.blocks import Block, refused
from netcea.cohort.exposure import Exposure, S, V, While, Window
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Dose, Duration, Money, Proportion
from netcea.quantities.key_path import join_address

OF_STRATEGY: Final = Category("drug_of_strategy", "Drug, of this strategy only", "#0072B2", 10)
OF_ALL: Final = Category("drug_of_all", "Drug, of every strategy", "#56B4E9", 11)
"""The two parts in which figures show the drugs."""


NOT_OF_VIALS: Final = ("price_per_pack", "pack_days", "share_of_tablets_taken")
"""What per_administration does not use."""
NOT_OF_PACKS: Final = ("price_per_vial", "vial_mg", "dose", "body_size_mean", "body_size_sd", "interval")
"""What per_pack and per_time do not use."""
OWN_CLOCK: Final = frozenset({"pack_days", "share_of_tablets_taken", "interval"})
"""What decides how often a drug is dispensed: a window that has one of its own counts from its own start."""


class DrugWindow(Block):
    """A stretch of time in which a drug is paid, of `windows`, and what is different in it.

    What is left out is as the item has it. Packs and administrations are at the item's own moments, counted from the
    start of the model, of which those from `starts` on and before `ends` are paid in full. A window with `pack_days`,
    `share_of_tablets_taken` or `interval` of its own begins anew: its moments are counted from its `starts`.
    """

    starts: Duration | None = None
    """Time since the start of the model from which it holds; of the first window the start when left out."""
    ends: Duration | None = None
    """Time since the start of the model until which it holds; of the last window without end when left out."""
    share: Proportion | None = None
    discount: Proportion | None = None
    price_per_pack: Money | None = None
    pack_days: Duration | None = None
    share_of_tablets_taken: Proportion | None = None
    milligram_intensity: Proportion | None = None
    price_per_vial: Money | None = None
    vial_mg: Dose | None = None
    dose: Dose | None = None
    interval: Duration | None = None

    @property
    def different(self) -> dict[str, str]:
        """What is different in it: field of the item -> address."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name not in ("starts", "ends")}
        return {name: address for name, address in given.items() if address is not None}


@cache
def _throughout() -> DrugWindow:
    """Return the window without limits, in which nothing is different."""
    return DrugWindow()


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
    windows: Annotated[list[DrugWindow], Field(min_length=1)] | None = None
    """Stretches of time in which the drug is paid, in order, such as a loading phase, the first six months only, or a
    rebate after two years; between them and after the last nothing is paid. Throughout when left out."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        vials = self.method == "per_administration"
        needed = ("price_per_vial", "vial_mg", "dose", "interval") if vials else ("price_per_pack", "pack_days")
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            msg = f"{self.method} needs {', '.join(missing)}"
            raise ValueError(msg)
        foreign = NOT_OF_VIALS if vials else NOT_OF_PACKS
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
        self._check_windows(foreign)
        return self

    def _check_windows(self, foreign: tuple[str, ...]) -> None:
        """Raise BlockError where a window has what the method does not use, or no limit that it needs."""
        windows = self.windows or []
        for number, window in enumerate(windows, 1):
            extra = [name for name in window.different if name in foreign]
            if not self.price_follows_milligrams and window.milligram_intensity is not None:
                extra.append("milligram_intensity")
            at = ("windows", number - 1)
            if extra:
                method = f"what {self.method} uses" if extra[0] in foreign else "price_follows_milligrams: true with it"
                raise refused(f"{extra[0]} in window {number}", method, address=join_address((*at, extra[0])))
            place = f"window {number} of {len(windows)}"
            if window.starts is None and number > 1:
                when = "the time from which every window but the first holds (a duration in inputs/)"
                raise refused(f"no 'starts' in {place}", when, address=join_address((*at, "starts")))
            if window.ends is None and number < len(windows):
                when = "the time at which every window but the last ends (a duration in inputs/)"
                raise refused(f"no 'ends' in {place}", when, address=join_address((*at, "ends")))

    def phases(self) -> Iterator[tuple[DrugWindow, Self]]:
        """Yield each window, and the item as it is within it; the item itself, without limits, where there are none."""
        if not self.windows:
            yield _throughout(), self
            return
        for window in self.windows:
            yield window, self.model_copy(update={**window.different, "windows": None})

    def shown_as(self) -> Category:
        """Return the part in which figures show it: drugs that every strategy bears stand apart."""
        return OF_ALL if self.strategies == "all" else OF_STRATEGY

    def drug_prices(self) -> tuple[str, ...]:
        """Return the addresses of the price of a pack or of a vial, and of those of windows."""
        found = (price for _, phase in self.phases() for price in (phase.price_per_pack, phase.price_per_vial))
        return tuple(dict.fromkeys(price for price in found if price is not None))

    def discounts(self) -> tuple[str, ...]:
        """Return the addresses of its discount and of those of windows.

        Returns
        -------
        tuple of str
            Each once.
        """
        return tuple(dict.fromkeys(phase.discount for _, phase in self.phases() if phase.discount is not None))

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield packs x price, person-time x price per year, or administrations x price of the vials.

        Packs are paid by those on treatment when one is dispensed, not by person-time: a half-cycle correction does not
        apply to them.
        """
        reached: V | None = None
        for number, (window, phase) in enumerate(self.phases()):
            starts = None if window.starts is None else exposure.value(window.starts)
            if reached is not None and starts is not None and not (number == 1 and self._adjoin(0)):
                starts = exposure.later(starts, reached)  # a draw may let windows overlap: the earlier one has the time
            ends = None if window.ends is None else exposure.value(window.ends)
            begins_anew = bool(OWN_CLOCK & window.different.keys())
            limited = starts is not None or ends is not None
            limits = Window(starts, ends, starts if begins_anew else None) if limited else None
            yield from phase.accrue_within(exposure, limits)
            reached = ends if reached is None or ends is None else exposure.later(reached, ends)

    def _adjoin(self, number: int) -> bool:
        """Say whether a window ends at the number at which the next one starts."""
        windows = self.windows or []
        return windows[number].ends == windows[number + 1].starts

    def accrue_within(self, exposure: Exposure[V, S], window: Window[V] | None) -> Iterator[Accrual[V, S]]:
        """Yield what the item accrues within a window of time, its own windows apart.

        Parameters
        ----------
        exposure : Exposure
            Of one strategy.
        window : Window, or None
            Everything counts where there is none. [years]
        """
        value = exposure.value
        payers = value(self.share, 1.0) * (1.0 - value(self.discount, 0.0))
        if self.price_follows_milligrams:
            payers = payers * value(self.milligram_intensity)
        if self.method == "per_administration":
            amount = payers * value(self.price_per_vial) * self._vials(exposure)
            streams = exposure.dispensings(self.during, value(self.interval), window=window)
        else:
            lasts = value(self.pack_days) / value(self.share_of_tablets_taken, 1.0)
            if self.method == "per_pack":
                amount = payers * value(self.price_per_pack)
                streams = exposure.dispensings(self.during, lasts, window=window)
            else:
                amount = payers * value(self.price_per_pack) / lasts
                limits = (None, None) if window is None else (window.starts, window.ends)
                streams = exposure.person_time(self.during, *limits)
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
