"""What an analysis hands to reporting: frozen results, with every number a table or a figure needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netcea.decision.incremental import IncrementalRow, Label
from netcea.decision.severity import Shortfall
from netcea.engine.trace import Trace
from netcea.errors import ModelWarning
from netcea.fitting.report import FitReport
from netcea.scenario.scenario import Direction, Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StrategyResult:
    """One strategy's results per patient.

    Attributes
    ----------
    label : str
    costs, qalys, life_years : float
        Discounted. [GBP], [QALYs], [years]
    undiscounted_costs, undiscounted_qalys, undiscounted_life_years : float
    costs_by_item, undiscounted_costs_by_item : mapping of (item, state) -> float
    qalys_by_state, undiscounted_qalys_by_state : mapping of state -> float
        Adverse events stand apart, under their own names, as losses.
    life_years_by_state, undiscounted_life_years_by_state : mapping of state -> float
    median_pfs, median_os : float
        Of the curves after every adjustment, linear between the edges. [months]; inf where not reached in the horizon.
    alive_at_horizon : float
        Share of the cohort.
    """

    label: str
    costs: float
    qalys: float
    life_years: float
    undiscounted_costs: float
    undiscounted_qalys: float
    undiscounted_life_years: float
    costs_by_item: Mapping[tuple[str, str], float]
    undiscounted_costs_by_item: Mapping[tuple[str, str], float]
    qalys_by_state: Mapping[str, float]
    undiscounted_qalys_by_state: Mapping[str, float]
    life_years_by_state: Mapping[str, float]
    undiscounted_life_years_by_state: Mapping[str, float]
    median_pfs: float
    median_os: float
    alive_at_horizon: float


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
class Case:
    """One scenario, evaluated at its point estimates.

    Attributes
    ----------
    name, rationale, source, digest : str
    direction : {'for', 'against', 'unclear'} or None
    tags : tuple of str
    intervention, comparator, established_practice : str
    strategies : mapping of strategy -> StrategyResult
    incremental : tuple of IncrementalRow
        Fully incremental, in order of cost.
    pairwise : tuple of IncrementalRow
        Each strategy against the comparator.
    weighted_incremental, weighted_pairwise : tuple of IncrementalRow
        The same with incremental QALYs multiplied by the severity weight.
    net_benefit : tuple of NetBenefit
    severity : Shortfall
    warnings : tuple of ModelWarning
    """

    name: str
    rationale: str
    source: str
    digest: str
    direction: Direction | None
    tags: tuple[str, ...]
    intervention: str
    comparator: str
    established_practice: str
    strategies: Mapping[str, StrategyResult]
    incremental: tuple[IncrementalRow, ...]
    pairwise: tuple[IncrementalRow, ...]
    weighted_incremental: tuple[IncrementalRow, ...]
    weighted_pairwise: tuple[IncrementalRow, ...]
    net_benefit: tuple[NetBenefit, ...]
    severity: Shortfall
    warnings: tuple[ModelWarning, ...]

    def against_comparator(self, strategy: str | None = None) -> IncrementalRow:
        """Return the pairwise row of a strategy (the intervention when left out)."""
        wanted = strategy or self.intervention
        return next(row for row in self.pairwise if row.strategy == wanted)

    def nhb(self, threshold: float, *, weighted: bool = False) -> float:
        """Return the intervention's incremental net health benefit at a threshold [QALYs]."""
        row = next(b for b in self.net_benefit if b.strategy == self.intervention and b.threshold == threshold)
        return row.weighted_incremental_nhb if weighted else row.incremental_nhb

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Thresholds of the method pack, rising."""
        return tuple(sorted({benefit.threshold for benefit in self.net_benefit}))


@dataclass(frozen=True)
class LedgerTest:
    """One scenario that tests an assumption, and what it does to the result.

    Attributes
    ----------
    name, source : str
    direction : {'for', 'against', 'unclear'} or None
        As the scenario file declares it.
    icer : float or None
    label : str
        What the ICER is called where it is not a plain one.
    change_in_icer : float or None
        [GBP/QALY]; None where either is not a plain ICER.
    change_in_nhb : float
        Change of incremental net health benefit at the lower threshold. [QALYs]
    fault : str
        Why the scenario could not be run; empty when it could.
    """

    name: str
    source: str
    direction: Direction | None
    icer: float | None
    label: Label
    change_in_icer: float | None
    change_in_nhb: float
    fault: str = ""


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
    """

    strategy: str
    endpoint: str
    what: str
    address: str
    published: float
    modelled: float
    unit: str
    low: float | None
    high: float | None
    status: str


@dataclass(frozen=True)
class BaseCaseResult:
    """Everything `netcea run` shows and writes of one scenario.

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
    """

    scenario: Scenario
    case: Case
    beside: tuple[Case, ...]
    ledger: tuple[LedgerEntry, ...]
    bindings: tuple[Binding, ...]
    comparisons: tuple[Comparison, ...]
    fits: tuple[FitReport, ...]
    traces: Mapping[str, Trace]

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table of the result as a tidy pandas frame, by a name of `TABLES`."""
        from netcea.analyses.base_case.tables import TABLES, as_frame

        return as_frame(TABLES[table](self))
