"""What a threshold analysis hands to reporting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from netcea.analyses.analysis import Result
from netcea.analyses.shared.effects import Effect
from netcea.analyses.shared.root_finding import Root
from netcea.analyses.shared.varied_quantities import VariedQuantity
from netcea.arrays import Array
from netcea.sampling.held import HeldDraws
from netcea.scenario.options import ThresholdOptions
from netcea.scenario.scenario import Scenario

LeftOutKind: TypeAlias = Literal["background therapy", "cost"]
NO_EFFECT: Final = 1e-12
"""A change of incremental NHB smaller than this between list price and free is rounding. [QALYs]"""
PriceStatus: TypeAlias = Literal["solved", "met at list price", "not even when free", "price has no effect"]


@dataclass(frozen=True)
class Basis:
    """What a QALY may cost, and whether incremental QALYs carry the severity weight.

    Attributes
    ----------
    threshold : float
        [GBP/QALY]
    weighted : bool
    """

    threshold: float
    weighted: bool


@dataclass(frozen=True)
class Meeting:
    """A value of a quantity at which the ICER meets a threshold.

    Attributes
    ----------
    crossing : Root
        In the quantity's own unit; incremental NHB on either side. [QALYs]
    effect : Effect
        Of the row at that value; at a jump, of the row just above it.
    weight_jumps : bool
        The severity weight changes there: incremental NHB jumps over 0 and is nowhere 0.
    """

    crossing: Root
    effect: Effect
    weight_jumps: bool


@dataclass(frozen=True)
class ValueSolution:
    """Where incremental NHB of one quantity, on one basis, changes its sign.

    Attributes
    ----------
    quantity : VariedQuantity
        With the bounds between which it was looked for.
    basis : Basis
    meetings : tuple of Meeting
        In rising order; empty when the ICER never meets the threshold between the bounds.
    nhb_low, nhb_high : float
        Incremental NHB at the bounds. [QALYs]
    """

    quantity: VariedQuantity
    basis: Basis
    meetings: tuple[Meeting, ...]
    nhb_low: float
    nhb_high: float


@dataclass(frozen=True)
class Drug:
    """A drug that the intervention takes and the comparator does not.

    Attributes
    ----------
    items : tuple of str
        Its cost items.
    label : str
    price : str
        Address of its list price.
    discount : str or None
        Address of its discount; where there is none, the price itself is moved.
    pack : {'pack', 'vial'}
    list_price : float
        [GBP, as published]
    discount_now : float
        Of the scenario.
    also_paid_by : tuple of str
        Labels of other cost items that pay the same price, such as treatment after crossover.
    """

    items: tuple[str, ...]
    label: str
    price: str
    discount: str | None
    pack: Literal["pack", "vial"]
    list_price: float
    discount_now: float
    also_paid_by: tuple[str, ...]


@dataclass(frozen=True)
class PriceSolution:
    """The discount at which the ICER meets a threshold.

    Attributes
    ----------
    basis : Basis
    status : {'solved', 'met at list price', 'not even when free', 'price has no effect'}
    discount : float or None
        The root of incremental NHB, which is linear in it; from 0 to 1 where solved, below 0 (a higher price than the
        list's would do) where met at list price.
    pack_price : float or None
        List price x (1 - discount). [GBP, as published]
    nhb_list, nhb_free : float
        Incremental NHB at list price and for free. [QALYs]
    check : float or None
        Incremental NHB of a further run at the solved discount: 0 but for rounding. [QALYs]
    """

    basis: Basis
    status: PriceStatus
    discount: float | None
    pack_price: float | None
    nhb_list: float
    nhb_free: float
    check: float | None


@dataclass(frozen=True)
class LeftOut:
    """The price at which the ICER meets each threshold, with a part of the other costs left out.

    Attributes
    ----------
    kind : {'background therapy', 'cost'}
        All drugs that intervention and comparator both take, with what giving them costs; or one cost.
    items : tuple of str
        Cost items, or adverse events, that are left out.
    label : str
        What tables call them.
    increment_list, increment_free : float
        Their part of the incremental costs, with the drug at list price and for free. [GBP]
    solutions : tuple of PriceSolution
        Without them, on each basis.
    shares_to_go : tuple of float or None
        On each basis, the share of their increment that would have to go for a price to exist; None where a price
        exists with all of it, or all of it is not enough.
    """

    kind: LeftOutKind
    items: tuple[str, ...]
    label: str
    increment_list: float
    increment_free: float
    solutions: tuple[PriceSolution, ...]
    shares_to_go: tuple[float | None, ...]

    @property
    def decides(self) -> bool:
        """Whether on some basis a price exists without it, and none with it."""
        return any(share is not None for share in self.shares_to_go)


@dataclass(frozen=True)
class Ladder:
    """Results from list price to free.

    Attributes
    ----------
    discounts : Array (step,)
        0 to 1.
    effects : tuple of Effect
        One for each discount.
    solutions : tuple of PriceSolution
    without : tuple of LeftOut
        The same with background therapy, and with each cost, left out.
    draws : int
        Draws over which costs and QALYs are means; 0: the point estimates.
    held : tuple of HeldDraws
        Draws that were impossible where their number is used.
    """

    discounts: Array
    effects: tuple[Effect, ...]
    solutions: tuple[PriceSolution, ...]
    without: tuple[LeftOut, ...] = ()
    draws: int = 0
    held: tuple[HeldDraws, ...] = ()


@dataclass(frozen=True)
class DrugPrice:
    """The price of one drug.

    Attributes
    ----------
    drug : Drug
    ladder : Ladder
        Of the point estimates.
    probabilistic : Ladder or None
        Of the means over the draws, on request.
    """

    drug: Drug
    ladder: Ladder
    probabilistic: Ladder | None


@dataclass(frozen=True, repr=False)
class ThresholdResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : ThresholdOptions
    base : Effect
        Of the point estimates.
    values : tuple of ValueSolution
        Of the quantities asked for.
    prices : tuple of DrugPrice
        Of the intervention's drugs, when no quantity was asked for.
    """

    scenario: Scenario
    options: ThresholdOptions
    base: Effect
    values: tuple[ValueSolution, ...]
    prices: tuple[DrugPrice, ...]


def solution_between(drug: Drug, basis: Basis, nhb_list: float, nhb_free: float) -> PriceSolution:
    """Return the discount at which incremental NHB is 0, which is linear in it.

    Parameters
    ----------
    drug : Drug
    basis : Basis
    nhb_list, nhb_free : float
        Incremental NHB at list price and for free. [QALYs]
    """
    gain = nhb_free - nhb_list
    if abs(gain) < NO_EFFECT:
        return PriceSolution(basis, "price has no effect", None, None, nhb_list, nhb_free, None)
    root = -nhb_list / gain
    pack_price = drug.list_price * (1.0 - root)
    if 0.0 <= root <= 1.0:
        return PriceSolution(basis, "solved", root, pack_price, nhb_list, nhb_free, None)
    if nhb_list > 0.0:
        above = root < 0.0
        return PriceSolution(
            basis, "met at list price", root if above else None, pack_price if above else None, nhb_list, nhb_free, None
        )
    return PriceSolution(basis, "not even when free", None, None, nhb_list, nhb_free, None)


def bases_of(scenario: Scenario) -> tuple[Basis, ...]:
    """Return each threshold of the method pack, without and with the severity weight."""
    return tuple(Basis(t, weighted) for t in sorted(scenario.method_pack.thresholds) for weighted in (False, True))
