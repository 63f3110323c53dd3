"""Productivity: paid work that patients lose, by human capital or friction. Outside the reference case."""

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from netcea.blocks import refused
from netcea.cohort.exposure import DEAD, Condition, Exposure, S, V
from netcea.costs.category import Category
from netcea.costs.cost_item import Accrual, CostItem
from netcea.costs.payer import NHS, Payer
from netcea.quantities.addresses import Duration, Frequency, Money, Proportion


class Productivity(CostItem):
    """Working time lost in a state x its value, before a pension age.

    ``human_capital``: all working time that is lost counts, as long as patients are in the state. ``friction``: a post
    is filled again after the friction period, so each absence counts for that long and no longer; it begins at the
    start of the model (`progression_free`, `on_treatment`, `alive`), at progression (`progressed`) or at death
    (`dead`).

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 4.2.9-4.2.10: no productivity costs in the reference case.
    Koopmanschap 1995, J Health Econ 14:171-189: the friction cost method.
    """

    category: ClassVar[Category] = Category("productivity", "Productivity", "#999999", 80)

    kind: Literal["productivity"]
    payer: Payer = "society"
    """Who bears the loss; never NHS and PSS."""
    method: Literal["human_capital", "friction"]
    """How much of the lost time counts."""
    during: Condition
    """progression_free, progressed, alive, on_treatment or dead."""
    unit_cost: Money
    """Value of one unit of working time, such as a day of gross earnings with the employer's on-costs."""
    frequency: Frequency
    """Units of working time lost for each unit of time in the state (a frequency in inputs/, such as 18 per month)."""
    share: Proportion | None = None
    """Share of patients in paid work; all when left out."""
    pension_age: Duration | None = None
    """Age from which nothing is lost; without end when left out."""
    friction_period: Duration | None = None
    """friction: time until a post is filled again."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.payer == NHS:
            raise refused(repr(NHS), "a payer other than the NHS: it does not pay for lost production", address="payer")
        if (self.method == "friction") != (self.friction_period is not None):
            msg = "friction_period: goes with method: friction, always"
            raise ValueError(msg)
        if self.during == DEAD and self.method == "human_capital" and self.pension_age is None:
            msg = "pension_age: human_capital of the dead needs it, or nobody's working life ever ends"
            raise ValueError(msg)
        return self

    def accrue(self, exposure: Exposure[V, S]) -> Iterator[Accrual[V, S]]:
        """Yield person-time x working time lost in it x its value; by friction a period's worth at each event.

        Yields
        ------
        Accrual
            Before the cohort reaches the pension age. [GBP per patient]
        """
        value = exposure.value
        amount = value(self.unit_cost) * value(self.frequency) * value(self.share, 1.0)
        working = None if self.pension_age is None else value(self.pension_age) - exposure.age_at_start()
        if self.friction_period is None:
            for state, stream in exposure.person_time(self.during, ends=working).items():
                yield Accrual(state, amount, stream)
            return
        period = value(self.friction_period)
        if self.during in ("progressed", DEAD):
            flow = exposure.flow("progressions" if self.during == "progressed" else "deaths", ends=working)
            yield Accrual(self.during, amount * period, flow)
            return
        absent = period if working is None else exposure.earlier(period, working)
        for state, stream in exposure.person_time(self.during, ends=absent).items():
            yield Accrual(state, amount, stream)
