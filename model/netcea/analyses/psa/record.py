"""What results.json holds of a probabilistic analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netcea.analyses.psa.result import Contribution, Interval, LimitCount, MomentCheck, PsaResult
from netcea.arrays import Array
from netcea.blocks import Unbounded
from netcea.decision.incremental import compare
from netcea.plain_number import typed
from netcea.reporting.json_text import extended
from netcea.sampling.held import HeldDraws


@dataclass(frozen=True)
class IntervalRecord(Interval):
    """Mean and credible interval of one measure.

    Attributes
    ----------
    strategy : str
        Empty for increments of the intervention against the comparator.
    measure : str
        Such as costs, qalys, incremental_nhb_25000.
    """

    strategy: str
    measure: str


@dataclass(frozen=True)
class ProbabilityRecord:
    """Probability that a strategy is the most cost-effective.

    Attributes
    ----------
    strategy : str
        Its name.
    threshold : float
        [GBP/QALY]
    weighted : bool
        Whether QALYs carry the severity weight.
    probability : float
        Share of draws.
    """

    strategy: str
    threshold: float
    weighted: bool
    probability: float


@dataclass(frozen=True)
class CurvesRecord:
    """Curves over thresholds.

    Attributes
    ----------
    thresholds : list of float
        [GBP/QALY]
    ceac : mapping of strategy -> list of float
        Cost-effectiveness acceptability curve: share of draws in which it is optimal.
    expected_loss : mapping of strategy -> list of float
        Mean net benefit forgone by choosing it. [GBP]
    optimal : list of str
        The strategy with the highest mean net benefit.
    ceaf : list of float
        Cost-effectiveness acceptability frontier.
    evpi : list of float
        Expected value of perfect information. [GBP per patient]
    """

    thresholds: tuple[float, ...]
    ceac: Mapping[str, tuple[float, ...]]
    expected_loss: Mapping[str, tuple[float, ...]]
    optimal: tuple[str, ...]
    ceaf: tuple[float, ...]
    evpi: tuple[float, ...]


@dataclass(frozen=True)
class ConvergenceRecord:
    """Running mean of incremental net health benefit at the lower threshold.

    Attributes
    ----------
    draws : list
        Numbers of draws.
    mean, mcse : list of float
        Running mean and its Monte Carlo standard error. [QALYs]
    probability : list of float
        Probability of being cost-effective.
    stopped : str
        Why the analysis stopped where it did: 'draws' or 'mcse'.
    """

    draws: tuple[float, ...]
    mean: tuple[Unbounded, ...]
    mcse: tuple[Unbounded, ...]
    probability: tuple[Unbounded, ...]
    stopped: str


@dataclass(frozen=True)
class IcerRecord:
    """The ICER of the means of the draws.

    Attributes
    ----------
    icer : float or None
        Mean incremental costs / mean incremental QALYs. [GBP/QALY]
    label : str
        What it is called where it is not a plain one.
    mcse : float
        Its Monte Carlo standard error; null where the draws tell neither it nor the sign of the QALYs. [GBP/QALY]
    """

    icer: float | None
    label: str
    mcse: Unbounded


@dataclass(frozen=True)
class PsaRecord:
    """A probabilistic analysis: everything uncertain, sampled.

    Attributes
    ----------
    draws : int
        Number of draws.
    external : str
        The file whose rows were run; empty where rows were sampled.
    only_fitted : list of str
        Columns of that file that move nothing, because they only feed a fit.
    intervals : list
        Means, Monte Carlo standard errors and 95% credible intervals.
    probability_cost_effective : list
        By strategy and threshold.
    quadrants : mapping
        Share of draws in each quadrant of the cost-effectiveness plane.
    severity_probabilities : mapping
        Severity weight -> share of draws.
    severity_weight_at_means : float
        The weight by the mean QALYs.
    icer : IcerRecord or None
        Of the means of the draws.
    curves : CurvesRecord
        Over thresholds.
    convergence : ConvergenceRecord
        Over the number of draws.
    contributions : list
        What each source of uncertainty alone adds to the deterministic result.
    remainder : Contribution
        What they leave unexplained together.
    moments : list
        Sampled moments beside those of the distributions.
    limits : list
        How often limits of the model bind.
    faults : list of str
        Rules of the model that draws break.
    held : list
        Draws that were impossible where their number is used, and were held at the nearest possible value.
    breach : str
        The first draw that breaks a rule of the model: strategy, cycle, cause; empty where none does.
    """

    draws: int
    external: str
    only_fitted: tuple[str, ...]
    intervals: tuple[IntervalRecord, ...]
    probability_cost_effective: tuple[ProbabilityRecord, ...]
    quadrants: Mapping[str, float]
    severity_probabilities: Mapping[str, float]
    severity_weight_at_means: float
    curves: CurvesRecord
    convergence: ConvergenceRecord
    contributions: tuple[Contribution, ...]
    remainder: Contribution
    moments: tuple[MomentCheck, ...]
    limits: tuple[LimitCount, ...]
    faults: tuple[str, ...]
    held: tuple[HeldDraws, ...] = ()
    icer: IcerRecord | None = None
    breach: str = ""


def record_of(result: PsaResult) -> PsaRecord:
    """Return what results.json holds."""
    curves, convergence, strategies = result.curves, result.convergence, result.totals.strategies

    def by_strategy(array: Array) -> dict[str, Any]:
        return dict(zip(strategies, map(tuple, array.tolist()), strict=True))

    return PsaRecord(
        draws=result.totals.n,
        external=result.external,
        only_fitted=result.only_fitted,
        intervals=tuple(
            extended(IntervalRecord, interval, strategy=strategy, measure=measure)
            for (strategy, measure), interval in result.intervals.items()
        ),
        probability_cost_effective=tuple(
            ProbabilityRecord(*key, probability) for key, probability in result.probability_cost_effective.items()
        ),
        quadrants=result.quadrants,
        severity_probabilities={typed(weight): p for weight, p in result.severity_probabilities.items()},
        severity_weight_at_means=result.severity_weight_at_means,
        curves=CurvesRecord(
            tuple(curves.thresholds.tolist()),
            by_strategy(curves.ceac),
            by_strategy(curves.expected_loss),
            tuple(curves.optimal),
            tuple(curves.ceaf.tolist()),
            tuple(curves.evpi.tolist()),
        ),
        convergence=ConvergenceRecord(
            tuple(convergence.draws.tolist()),
            tuple(convergence.mean.tolist()),
            tuple(convergence.mcse.tolist()),
            tuple(convergence.probability.tolist()),
            convergence.stopped,
        ),
        contributions=result.contributions,
        remainder=result.remainder,
        moments=result.moments,
        limits=result.limits,
        held=result.held,
        icer=_icer(result),
        faults=result.faults,
        breach=result.breach,
    )


def _icer(result: PsaResult) -> IcerRecord:
    costs, qalys = result.intervals["", "incremental_costs"], result.intervals["", "incremental_qalys"]
    return IcerRecord(*compare(costs.mean, qalys.mean), result.icer_mcse)
