"""What each analysis can be asked: the blocks of a scenario's `analyses`, of a batch, and of the command line.

Precedence: the defaults here, then the scenario's `analyses`, then a batch's, then the command line.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from netcea.addresses import Address, RankCorrelation
from netcea.quantities import Block, Bounds

Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
PositiveFloat = Annotated[FiniteFloat, Field(gt=0)]


class BaseCaseOptions(Block):
    """What is shown beside the base case."""

    beside: list[str] = []
    """Scenarios shown in the main table next to the base case; paths relative to this file."""


class OneWayOptions(Block):
    """Each quantity at a low and a high value, one at a time."""

    addresses: list[Address] = []
    """Quantities to move; every uncertain one, and every one with a `range`, when empty."""
    bounds: dict[Address, Bounds] = {}
    """Low and high values, in the quantity's own unit, in place of its 2.5% and 97.5% quantiles."""


class Axis(Block):
    """One quantity of a two-way analysis."""

    address: Address
    low: FiniteFloat | None = None
    """Lowest value in the quantity's own unit; its 2.5% quantile (or the low end of its range) when left out."""
    high: FiniteFloat | None = None
    """Highest value; its 97.5% quantile (or the high end of its range) when left out."""
    steps: Annotated[int, Field(ge=2, le=501)] = 11


class TwoWayOptions(Block):
    """Two quantities on a grid."""

    axes: Annotated[list[Axis], Field(max_length=2)] = []


class ThresholdOptions(Block):
    """The value of a quantity, or the price, at which the ICER meets each threshold."""

    addresses: list[Address] = []
    """Quantities to solve for; the price and discount of the intervention's drugs when empty."""
    bounds: dict[Address, Bounds] = {}
    """Where to look, in the quantity's own unit."""
    ladder_step: Annotated[FiniteFloat, Field(gt=0, le=0.5)] = 0.05
    """Step of the price ladder from list price to free, as a discount."""
    probabilistic_draws: Annotated[int, Field(ge=0)] = 0
    """Draws over which the price is solved for as well; 0: the point estimates only."""


class CorrelatedPair(Block):
    """Two quantities whose ranks are correlated between draws."""

    first: Address
    second: Address
    rank_correlation: RankCorrelation
    """Spearman's rho, a number of inputs/."""


class ProbabilisticOptions(Block):
    """Everything uncertain, sampled."""

    draws: Annotated[int, Field(ge=2)] = 10_000
    seed: Annotated[int, Field(ge=0)] = 1
    sampling: Literal["pseudo_random", "sobol"] = "pseudo_random"
    """pseudo_random: a stream for every address; sobol: a scrambled Sobol sequence, best with a power of two."""
    correlations: list[CorrelatedPair] = []
    """Rank correlations between quantities that inputs/ gives apart, such as those of PFS and OS."""
    until_mcse: PositiveFloat | None = None
    """Stop when the Monte Carlo standard error of incremental NHB at the lower threshold is below this [QALYs]."""


class ValueOfInformationOptions(Block):
    """What it is worth to know more."""

    groups: dict[str, list[Address]] = {}
    """Name -> addresses (or the beginnings of addresses) that a study would inform together."""


class Analyses(Block):
    """The analyses of a scenario."""

    base_case: BaseCaseOptions = BaseCaseOptions()
    one_way: OneWayOptions = OneWayOptions()
    two_way: TwoWayOptions = TwoWayOptions()
    threshold: ThresholdOptions = ThresholdOptions()
    probabilistic: ProbabilisticOptions = ProbabilisticOptions()
    value_of_information: ValueOfInformationOptions = ValueOfInformationOptions()
