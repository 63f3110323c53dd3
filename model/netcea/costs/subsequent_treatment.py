"""Subsequent treatments: what begins at progression, costed at once for its whole duration."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from netcea.arrays import Array
from netcea.cohort.exposure import Exposure, Rate, S, UtilityExposure, V, Values
from netcea.cohort.utilities import Gain, Utilities, change_on_treatment
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.quantities.addresses import Duration, Money, Proportion


class SubsequentTreatment(CostItem):
    """Share x packs x price, on the flow of progressions; on request what else a treatment brings with it.

    ``of: progressions``: each progression is followed by it with this probability, and deaths before progression never
    are. ``of: patients``: this share of all patients has it, as trials report who crossed over; it begins when patients
    progress, so it is spread over the cycles as progressions are. More cannot have it than progress within the horizon:
    such a row is refused.

    Everybody stays on it for `duration`. ``per_time``: that part of a pack is paid. ``per_pack``: whole packs, a
    started one in full, each pack_days / share_of_tablets_taken, as `DrugAcquisition` has it for a drug from the start.
    """

    category: ClassVar[Category] = Category("subsequent_treatment", "Subsequent treatment", "#E69F00", 50)

    kind: Literal["subsequent_treatment"]
    share: Proportion
    """Share of `of` who have this treatment."""
    of: Literal["patients", "progressions"]
    """What `share` is a share of: all patients of the strategy, or those who progress."""
    duration: Duration
    """Time on it."""
    method: Literal["per_time", "per_pack"] = "per_time"
    """Whether the rest of the last pack is paid too."""
    price_per_pack: Money
    pack_days: Duration
    """Time that a pack (or a course) lasts when every tablet is taken."""
    discount: Proportion | None = None
    share_of_tablets_taken: Proportion | None = None
    """Missed days stretch a pack; all tablets are taken when left out."""
    first_dispensing: Money | None = None
    """Cost of giving or dispensing it for the first time; nothing when left out."""
    later_dispensings: Money | None = None
    """Cost of dispensing each further pack; nothing when left out."""
    adverse_events_of: str | None = None
    """The strategy whose adverse events those have who are on it, beside their own strategy's; none when left out."""
    disutility: Literal["none", "on_treatment"] = "none"
    """on_treatment: time on it loses what time on treatment loses, `utilities.on_treatment_disutility`."""

    def treated(self, values: Values[V]) -> V:
        """Return the share of `of` who have it.

        Parameters
        ----------
        values : Values
            Numbers by address.

        Returns
        -------
        V
            [share of patients, or of progressions]
        """
        return values.value(self.share)

    def begun(self, exposure: Exposure[V, S], rate: Rate = "costs") -> S:
        """Return along what it begins: progressions, or one unit per patient spread as they are.

        Parameters
        ----------
        exposure : Exposure
            Of a strategy that bears it.
        rate : {'costs', 'qalys'}
            Which discount rate applies.

        Returns
        -------
        S
            [patients per patient]
        """
        if self.of == "progressions":
            return exposure.flow("progressions", rate)
        return exposure.once_over_flow("progressions", rate)

    def drug_prices(self) -> tuple[str, ...]:
        """Return the address of the price of a pack or of a course."""
        return (self.price_per_pack,)

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield share x (packs x price + dispensings x their cost), when it begins.

        Yields
        ------
        Accrual
            At progression. [GBP per patient who progresses, or per patient]
        """
        value = exposure.value
        lasts = value(self.pack_days) / value(self.share_of_tablets_taken, 1.0)
        packs = value(self.duration) / lasts
        paid = exposure.whole_number(packs) if self.method == "per_pack" else packs
        amount = paid * (value(self.price_per_pack) * (1.0 - value(self.discount, 0.0)))
        if self.first_dispensing is not None or self.later_dispensings is not None:
            first = exposure.whole_number(packs / (packs + value(None, 1.0)))  # 1; 0 where it lasts no time
            later = exposure.whole_number(packs) - first
            amount = amount + first * value(self.first_dispensing, 0.0) + later * value(self.later_dispensings, 0.0)
        yield Accrual("progressed", self.treated(exposure) * amount, self.begun(exposure))

    def gains(self, utilities: Utilities, exposure: UtilityExposure[S]) -> Iterator[Gain[S]]:
        """Yield what time on it changes in QALYs: share x duration x the change that treatment makes, when it begins.

        It lasts until the horizon at most: a shorter horizon must not lose what it never counted as lived.

        Parameters
        ----------
        utilities : Utilities
            As the scenario has them; by time to death, treatment changes none.
        exposure : UtilityExposure
            Of a strategy that bears it.

        Yields
        ------
        Gain
            One below 0, or none. [QALYs per patient who progresses, or per patient]
        """
        change = change_on_treatment("progressed", utilities, exposure) if self.disutility == "on_treatment" else None
        if change is not None:
            level: Array = change * self.treated(exposure) * exposure.until_horizon(exposure.value(self.duration))
            yield Gain("progressed", level, exposure.flow_at_norm("progressions", once=self.of == "patients"))
