"""What an analysis hands to reporting: frozen results, with every number a table or a figure needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from netcea.analyses.analysis import Result
from netcea.analyses.base_case.experts import ExpertComparison
from netcea.blocks import Unbounded
from netcea.decision.incremental import IncrementalRow, Label
from netcea.decision.severity import Shortfall
from netcea.engine.trace import Trace
from netcea.errors import ModelWarning
from netcea.fitting.report import FitReport
from netcea.scenario.options import BaseCaseOptions
from netcea.scenario.scenario import Direction, Scenario


@dataclass(frozen=True)
class TotalsRecord:
    """Totals of one strategy in another scenario.

    Attributes
    ----------
    label : str
        What tables call the strategy.
    costs, qalys, life_years : float
        Discounted. [GBP], [QALYs], [years]
    """

    label: str
    costs: float
    qalys: float
    life_years: float


@dataclass(frozen=True)
class StrategyTotals(TotalsRecord):
    """One strategy's totals per patient.

    Attributes
    ----------
    undiscounted_costs, undiscounted_qalys, undiscounted_life_years : float
        The same, undiscounted.
    qalys_by_state, undiscounted_qalys_by_state : mapping of state -> float
        Adverse events stand apart, under their own names, as losses.
    life_years_by_state, undiscounted_life_years_by_state : mapping of state -> float
        Of each health state.
    median_pfs, median_os : float
        Of the curves after every adjustment, linear between the edges. [months]; inf where not reached in the horizon.
    alive_at_horizon : float
        Share of the cohort.
    """

    undiscounted_costs: float
    undiscounted_qalys: float
    undiscounted_life_years: float
    qalys_by_state: Mapping[str, float]
    undiscounted_qalys_by_state: Mapping[str, float]
    life_years_by_state: Mapping[str, float]
    undiscounted_life_years_by_state: Mapping[str, float]
    median_pfs: Unbounded
    median_os: Unbounded
    alive_at_horizon: float


@dataclass(frozen=True)
class StrategyResult(StrategyTotals):
    """One strategy's results per patient.

    Attributes
    ----------
    costs_by_item, undiscounted_costs_by_item : mapping of (item, state) -> float
        [GBP]
    """

    costs_by_item: Mapping[tuple[str, str], float]
    undiscounted_costs_by_item: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class NetBenefit:
    """Net benefit of one strategy against the comparator at one threshold.

    Attributes
    ----------
    strategy : str
    threshold : float
        [GBP/QALY]
    incremental_nmb, incremental_nhb : float
        [GBP], [QALYs]
    weighted_incremental_nmb, weighted_incremental_nhb : float
        With incremental QALYs multiplied by the severity weight.
    """

    strategy: str
    threshold: float
    incremental_nmb: float
    incremental_nhb: float
    weighted_incremental_nmb: float
    weighted_incremental_nhb: float


@dataclass(frozen=True)
class JudgedRecord:
    """How the decision maker's rules judge the results.

    Attributes
    ----------
    incremental : list
        Fully incremental analysis, in order of cost.
    pairwise : list
        Each strategy against the comparator.
    weighted_incremental, weighted_pairwise : list
        The same with incremental QALYs multiplied by the severity weight.
    net_health_benefit : list
        Net benefit of each strategy against the comparator at each threshold.
    severity : Shortfall
        QALY shortfall against the general population, and its weight.
    warnings : list
        What the reader must know.
    """

    incremental: tuple[IncrementalRow, ...]
    pairwise: tuple[IncrementalRow, ...]
    weighted_incremental: tuple[IncrementalRow, ...]
    weighted_pairwise: tuple[IncrementalRow, ...]
    net_health_benefit: tuple[NetBenefit, ...]
    severity: Shortfall
    warnings: tuple[ModelWarning, ...]


@dataclass(frozen=True)
class JudgedScenario(JudgedRecord):
    """A scenario and how the decision maker's rules judge its results.

    Attributes
    ----------
    name, rationale, source, digest : str
        As in the head of the file, of that scenario.
    direction : str
        Whom it favours.
    tags : list of str
        Its tags.
    """

    name: str
    rationale: str
    source: str
    digest: str
    direction: Direction | None
    tags: tuple[str, ...]


@dataclass(frozen=True)
class JudgedTotals(JudgedScenario):
    """One scenario, evaluated at its point estimates: totals, and how they are judged.

    Attributes
    ----------
    intervention, comparator, established_practice : str
    strategies : mapping of strategy -> TotalsRecord
    """

    intervention: str
    comparator: str
    established_practice: str
    strategies: Mapping[str, TotalsRecord]

    def against_comparator(self, strategy: str | None = None) -> IncrementalRow:
        """Return the pairwise row of a strategy (the intervention when left out)."""
        wanted = strategy or self.intervention
        return next(row for row in self.pairwise if row.strategy == wanted)

    def nhb(self, threshold: float, *, weighted: bool = False) -> float:
        """Return the intervention's incremental net health benefit at a threshold [QALYs]."""
        row = next(b for b in self.net_health_benefit if b.strategy == self.intervention and b.threshold == threshold)
        return row.weighted_incremental_nhb if weighted else row.incremental_nhb

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Thresholds of the method pack, rising."""
        return tuple(sorted({benefit.threshold for benefit in self.net_health_benefit}))


@dataclass(frozen=True)
class Case(JudgedTotals):
    """One scenario, evaluated at its point estimates.

    Attributes
    ----------
    strategies : mapping of strategy -> StrategyResult
    """

    strategies: Mapping[str, StrategyResult]


NOT_APPLICABLE: Final = "not applicable to this change"
"""What tables and figures say of a scenario that cannot be combined with what the user changed."""


@dataclass(frozen=True)
class LedgerTest:
    """One scenario that tests an assumption, and what it does to the result.

    Attributes
    ----------
    name, source : str
    direction : {'for', 'against', 'unclear'} or None
        As the scenario file declares it.
    icer : float or None
        Against the comparator; with more than two strategies against the one that dominates the intervention or that
        it displaces on the frontier. [GBP/QALY]
    label : str
        What the ICER is called where it is not a plain one.
    change_in_icer : float or None
        [GBP/QALY]; None where either is not a plain ICER.
    change_in_nhb : float
        Change of incremental net health benefit at the lower threshold. [QALYs]
    fault : str
        Why the scenario could not be run; empty when it could.
    on_frontier : str
        With more than two strategies: where the intervention stands among them; empty otherwise.
    severity_weight : float or None
        Of the scenario; None where it could not be run.
    weight_changes : bool
        Whether that is another weight than the base case's.
    weighted_icer : float or None
        The same with incremental QALYs times the severity weight. [GBP/QALY]
    change_in_weighted_nhb : float
        Each case with its own weight. [QALYs]
    incremental_costs, incremental_qalys : float or None
        Of the intervention against the strategy that `icer` compares it with, QALYs not weighted; None where the
        scenario could not be run. [GBP], [QALYs]
    nhb, weighted_nhb : float or None
        Incremental net health benefit at the lower threshold against the best other strategy. [QALYs]
    """

    name: str
    source: str
    direction: Direction | None
    icer: float | None
    label: Label
    change_in_icer: float | None
    change_in_nhb: Unbounded
    fault: str = ""
    on_frontier: str = ""
    severity_weight: float | None = None
    weight_changes: bool = False
    weighted_icer: float | None = None
    change_in_weighted_nhb: Unbounded = float("nan")
    incremental_costs: float | None = None
    incremental_qalys: float | None = None
    nhb: float | None = None
    weighted_nhb: float | None = None

    @property
    def dominated(self) -> bool:
        """Whether the intervention is dominated by a further strategy."""
        return bool(self.on_frontier) and "dominated" in self.label


@dataclass(frozen=True)
class LedgerEntry:
    """One assumption of the bias ledger with the scenarios that test it."""

    assumption: str
    address: str
    bias: Direction
    why: str
    tests: tuple[LedgerTest, ...]


@dataclass(frozen=True)
class Binding:
    """Where a limit of the model binds for one strategy, and what it moved.

    Attributes
    ----------
    strategy : str
    what : {'crossing', 'floor'}
        PFS capped at OS; OS hazard raised to the population's.
    cycles : int
        Number of cycles in which it binds.
    share_of_cycles : float
    first_year : float
        Time of the first. [years]
    life_years, qalys, costs : float
        Result with the limit minus result without it (discounted). [years], [QALYs], [GBP]
    """

    strategy: str
    what: str
    cycles: int
    share_of_cycles: float
    first_year: float
    life_years: float
    qalys: float
    costs: float


@dataclass(frozen=True)
class Comparison:
    """A published figure beside what the finished curve says, adjustments and all.

    Attributes
    ----------
    strategy, endpoint, what : str
    address : str
        The published figure.
    published, modelled : float
    unit : str
    low, high : float or None
        The published 95% interval.
    status : str
        Whether the figure went into the curve ('fitted'), or only stands beside it ('external').
    trial : str
        Of another trial than the curve's own figures: its name, as inputs/ says it; else empty.
    """

    strategy: str
    endpoint: str
    what: str
    address: str
    published: float
    modelled: Unbounded
    unit: str
    low: float | None
    high: float | None
    status: str
    trial: str = ""

    @property
    def outside(self) -> bool:
        """Whether the model's figure lies outside the published 95% interval."""
        return self.low is not None and self.high is not None and not self.low <= self.modelled <= self.high


@dataclass(frozen=True, repr=False)
class BaseCaseResult(Result):
    """Everything that is shown and written of a base case.

    Attributes
    ----------
    scenario : Scenario
    case : Case
    beside : tuple of Case
        Scenarios of the main table, with the same changes as the case.
    ledger : tuple of LedgerEntry
    bindings : tuple of Binding
    comparisons : tuple of Comparison
    fits : tuple of FitReport
    traces : mapping of strategy -> Trace
    not_shown : tuple of ModelWarning
        Scenarios of the main table that are not applicable to what was changed, and why.
    options : BaseCaseOptions
    experts : tuple of ExpertComparison
        What clinical experts judged.
    """

    scenario: Scenario
    case: Case
    beside: tuple[Case, ...]
    ledger: tuple[LedgerEntry, ...]
    bindings: tuple[Binding, ...]
    comparisons: tuple[Comparison, ...]
    fits: tuple[FitReport, ...]
    traces: Mapping[str, Trace]
    not_shown: tuple[ModelWarning, ...] = ()
    options: BaseCaseOptions = field(default_factory=BaseCaseOptions)
    experts: tuple[ExpertComparison, ...] = ()
