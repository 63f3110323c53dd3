"""What a probabilistic analysis hands to reporting: frozen, without the parameters of each draw, which are on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netcea.analyses.analysis import Result
from netcea.analyses.shared.totals import Totals
from netcea.arrays import Array
from netcea.blocks import Unbounded
from netcea.plain_number import read
from netcea.sampling.held import HeldDraws
from netcea.scenario.options import PsaOptions
from netcea.scenario.scenario import Scenario

if TYPE_CHECKING:
    from netcea.storage.draws_file import DrawsWriter


@dataclass(frozen=True)
class Interval:
    """Mean of the draws with its Monte Carlo standard error, and the 95% credible interval.

    Attributes
    ----------
    deterministic : float
        At the point estimates.
    mean, mcse : float
        Of the draws.
    low, high : float
        2.5% and 97.5% quantiles of the draws.
    """

    deterministic: float
    mean: float
    mcse: float
    low: float
    high: float


@dataclass(frozen=True)
class Contribution:
    """What one quantity (or several estimated together) adds to the probabilistic minus the deterministic result.

    Attributes
    ----------
    name : str
        Address, or the address of the joint estimate's first parameter.
    label : str
    addresses : tuple of str
    incremental_costs, incremental_qalys : float
        Mean with this alone uncertain, minus the deterministic result. [GBP], [QALYs]
    incremental_nhb : float
        At the lower threshold. [QALYs]
    share_of_losses : float
        Share of its distribution in which the intervention yields fewer QALYs than the comparator.
    by_mean_qalys : float
        Part of incremental_qalys that comes from its mean not being its point estimate; the rest comes from the gain
        bending in it (convex: above 0).
    """

    name: str
    label: str
    addresses: tuple[str, ...]
    incremental_costs: float
    incremental_qalys: float
    incremental_nhb: float
    share_of_losses: float
    by_mean_qalys: float = 0.0


@dataclass(frozen=True)
class MomentCheck:
    """Sampled mean and standard deviation beside those of the distribution. In the unit of inputs/.

    Attributes
    ----------
    address, unit : str
    mean, sd : float
        Of the distribution.
    sampled_mean, sampled_sd : float
    z_mean : float
        Difference of means in Monte Carlo standard errors.
    agrees : bool
        Whether mean and standard deviation agree within what chance allows.
    """

    address: str
    unit: str
    mean: float
    sd: float
    sampled_mean: float
    sampled_sd: float
    z_mean: float
    agrees: bool


@dataclass(frozen=True)
class LimitCount:
    """How often a limit of the model binds for one strategy.

    Attributes
    ----------
    strategy, what : str
        what: 'crossing' (PFS capped at OS), 'floor', and the other limits of the audit; 'violations' of an invariant.
    share_of_draws : float
        Share of draws in which it binds at all.
    mean_cycles : float
        Mean number of cycles in those draws.
    first_year : float
        Earliest time in any draw [years]; inf where it never binds.
    """

    strategy: str
    what: str
    share_of_draws: float
    mean_cycles: float
    first_year: Unbounded


@dataclass(frozen=True)
class Convergence:
    """Running mean and Monte Carlo standard error of incremental NHB at the lower threshold.

    Attributes
    ----------
    draws : Array (point,)
        Numbers of draws.
    mean, mcse : Array (point,)
        [QALYs]
    probability : Array (point,)
        Probability of being cost-effective at the lower threshold.
    stopped : str
        Why the analysis stopped where it did: 'draws' or 'mcse'.
    """

    draws: Array
    mean: Array
    mcse: Array
    probability: Array
    stopped: str


@dataclass(frozen=True)
class Curves:
    """Acceptability and loss over thresholds.

    Attributes
    ----------
    thresholds : Array (threshold,)
        [GBP/QALY], rising from 0.
    ceac, expected_loss : Array (strategy, threshold)
        Probability of the highest net monetary benefit; expected foregone benefit [GBP].
    optimal : tuple of str
        At each threshold, the strategy with the highest expected net benefit.
    ceaf, evpi : Array (threshold,)
        Probability that the optimal strategy is best; expected value of perfect information [GBP per patient].
    """

    thresholds: Array
    ceac: Array
    expected_loss: Array
    optimal: tuple[str, ...]
    ceaf: Array
    evpi: Array


@dataclass(frozen=True, repr=False)
class PsaResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : PsaOptions
    deterministic : Totals
        One row: the point estimates.
    totals : Totals
        Every draw.
    intervals : mapping of (strategy, measure) -> Interval
        Measure: costs, qalys, life_years; a strategy '' stands for the intervention against the comparator, with
        incremental_costs, incremental_qalys, incremental_life_years, and incremental_nhb and
        weighted_incremental_nhb at each threshold as 'incremental_nhb_25000' (one for each threshold).
    probability_cost_effective : mapping of (strategy, threshold, weighted) -> float
        Probability of the highest net benefit among all strategies.
    quadrants : mapping of name -> share of draws
        north_east (costs more, yields more), south_east, south_west, north_west.
    severity_probabilities : mapping of weight -> share of draws
    severity_weight_at_means : float
        By the mean QALYs of established practice.
    icer_mcse : float
        Monte Carlo standard error of the ICER, which is the ratio of the means; inf where the draws do not tell it, 0
        where QALYs differ in none of them. [GBP/QALY]
    curves : Curves
    convergence : Convergence
    contributions : tuple of Contribution
        Largest first; what is left (interactions and Monte Carlo noise) is `remainder`.
    remainder : Contribution
    moments : tuple of MomentCheck
    limits : tuple of LimitCount
    external : str
        The file that the rows of parameters came from; empty when they were sampled.
    only_fitted : tuple of str
        Columns of that file which move nothing: figures that only feed a fit, whose parameters are what varies.
    held : tuple of HeldDraws
        Draws that were impossible where their number is used, and between which values they were held.
    draws : DrawsWriter or None
        Writes the file of draws and outcomes; None when none was kept.
    parameters : mapping of address -> Array (draw,), or None
        In the units of inputs/; only where the export for BCEA and SAVI was asked for.
    """

    scenario: Scenario
    options: PsaOptions
    deterministic: Totals
    totals: Totals
    intervals: Mapping[tuple[str, str], Interval]
    probability_cost_effective: Mapping[tuple[str, float, bool], float]
    quadrants: Mapping[str, float]
    severity_probabilities: Mapping[float, float]
    severity_weight_at_means: float
    icer_mcse: Unbounded
    curves: Curves
    convergence: Convergence
    contributions: tuple[Contribution, ...]
    remainder: Contribution
    moments: tuple[MomentCheck, ...]
    limits: tuple[LimitCount, ...]
    breach: str = ""
    external: str = ""
    only_fitted: tuple[str, ...] = ()
    held: tuple[HeldDraws, ...] = ()
    draws: DrawsWriter | None = None
    parameters: Mapping[str, Array] | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the draws, in words: invariants that are broken, moments that are not those of inputs/."""
        first = f"; the first: {self.breach}" if self.breach else ""
        broken = [
            f"{limit.share_of_draws:.2%} of draws break an invariant of the model in strategy {limit.strategy}{first}"
            for limit in self.limits
            if limit.what == "violations" and limit.share_of_draws > 0.0
        ]
        moments = [
            f"{m.address}: sampled mean {read(m.sampled_mean, 6)} and sd "
            f"{read(m.sampled_sd, 6)}, expected {read(m.mean, 6)} and "
            f"{read(m.sd, 6)} ({m.unit})"
            for m in self.moments
            if not m.agrees
        ]
        return (*broken, *moments)
