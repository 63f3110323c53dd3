"""What results.json holds of threshold analysis."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.shared.effects import AroundPointEstimates, Effect, thresholds_of
from netcea.analyses.threshold.result import Drug, Ladder, LeftOut, PriceSolution, ThresholdResult, ValueSolution
from netcea.reporting.json_text import extended


@dataclass(frozen=True)
class StepRecord(Effect):
    """A step of the price ladder.

    Attributes
    ----------
    discount : float
        On the list price, 0 to 1.
    """

    discount: float


@dataclass(frozen=True)
class LadderRecord:
    """Results from list price to free.

    Attributes
    ----------
    draws : int
        Draws over which costs and QALYs are means; 0: the point estimates.
    solutions : list
        The discount at which the ICER meets each threshold.
    without : list
        The same with background therapy, and with each other cost, left out.
    steps : list
        From list price to free.
    """

    draws: int
    solutions: tuple[PriceSolution, ...]
    without: tuple[LeftOut, ...]
    steps: tuple[StepRecord, ...]


@dataclass(frozen=True)
class PriceRecord:
    """The price of one drug.

    Attributes
    ----------
    drug : Drug
        What it is.
    point_estimates : LadderRecord
        Of the point estimates.
    probabilistic : LadderRecord
        Of the means over draws, where asked for.
    """

    drug: Drug
    point_estimates: LadderRecord
    probabilistic: LadderRecord | None


@dataclass(frozen=True)
class ThresholdRecord(AroundPointEstimates):
    """Threshold analysis: where the ICER meets each threshold.

    Attributes
    ----------
    values : list
        Of the quantities asked for.
    prices : list
        Of the intervention's drugs, when no quantity was asked for.
    """

    values: tuple[ValueSolution, ...]
    prices: tuple[PriceRecord, ...]


def record_of(result: ThresholdResult) -> ThresholdRecord:
    """Return what results.json holds."""
    prices = tuple(
        PriceRecord(
            price.drug, _ladder(price.ladder), None if price.probabilistic is None else _ladder(price.probabilistic)
        )
        for price in result.prices
    )
    return ThresholdRecord(thresholds_of(result.scenario), result.base, result.values, prices)


def _ladder(ladder: Ladder) -> LadderRecord:
    steps = zip(ladder.discounts, ladder.effects, strict=True)
    return LadderRecord(
        ladder.draws,
        ladder.solutions,
        ladder.without,
        tuple(extended(StepRecord, effect, discount=float(d)) for d, effect in steps),
    )
