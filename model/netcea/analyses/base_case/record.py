"""What results.json holds of a base case: numbers per patient, discounted unless the name says undiscounted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from netcea.analyses.base_case.evidence_tables import meets
from netcea.analyses.base_case.experts import ExpertComparison
from netcea.analyses.base_case.result import (
    BaseCaseResult,
    Binding,
    Case,
    Comparison,
    JudgedRecord,
    JudgedScenario,
    LedgerEntry,
    StrategyResult,
    StrategyTotals,
    TotalsRecord,
)
from netcea.errors import ModelWarning
from netcea.fitting.report import FigureReport
from netcea.reporting.json_text import extended, shared_fields
from netcea.scenario.scenario import Settings


class SettingsRecord(Settings):
    """Time, cycles, discounting, and the rules by which results are judged."""

    perspective: str
    """Whose costs and outcomes count."""
    method_pack: str
    """The dated set of thresholds, rates and severity rules."""
    thresholds: tuple[float, ...]
    """What a QALY may cost, rising. [GBP/QALY]"""


@dataclass(frozen=True)
class ItemCosts:
    """Costs of one item in one health state.

    Attributes
    ----------
    item : str
        The cost item; adverse events by their names.
    state : str
        The health state in which they fall.
    costs : float
        [GBP]
    """

    item: str
    state: str
    costs: float


@dataclass(frozen=True)
class StrategyRecord(StrategyTotals):
    """One strategy's results per patient.

    Attributes
    ----------
    costs_by_item, undiscounted_costs_by_item : list
        Costs of each item in each health state.
    """

    costs_by_item: tuple[ItemCosts, ...]
    undiscounted_costs_by_item: tuple[ItemCosts, ...]


@dataclass(frozen=True)
class BesideRecord(JudgedScenario):
    """A scenario that the main table shows with the base case.

    Attributes
    ----------
    strategies : mapping of strategy -> TotalsRecord
        Its totals.
    """

    strategies: Mapping[str, TotalsRecord]


@dataclass(frozen=True)
class ComparisonRecord(Comparison):
    """A published figure beside what the curve says after all adjustments.

    Attributes
    ----------
    meets_rounding : bool
        Whether the modelled figure rounds to the published one.
    """

    meets_rounding: bool = False


@dataclass(frozen=True)
class FitRecord:
    """How well a fitted curve meets the published figures it was fitted to.

    Attributes
    ----------
    address : str
        Of the estimate.
    family : str
        The survival family.
    parameters : mapping of name -> float
        As fitted, on the published scale.
    figures : list
        Published figures beside what the fit says.
    note : str
        What the fit could not do.
    """

    address: str
    family: str
    parameters: Mapping[str, float]
    figures: tuple[FigureReport, ...]
    note: str


@dataclass(frozen=True)
class AuditRecord:
    """Where limits of the model bind.

    Attributes
    ----------
    crossings : list
        PFS capped at OS.
    floors : list
        Hazard of OS raised to the population's.
    """

    crossings: tuple[Binding, ...]
    floors: tuple[Binding, ...]


@dataclass(frozen=True)
class BaseCaseRecord(JudgedRecord):
    """A base case: one scenario, evaluated at its point estimates.

    Attributes
    ----------
    settings : SettingsRecord
        Time, cycles, discounting, rules.
    strategies : mapping of strategy -> StrategyRecord
        Results of each strategy.
    audit : AuditRecord
        Where limits of the model bind, and what they moved.
    beside : list
        Scenarios that the main table shows with it.
    ledger : list
        The bias ledger.
    comparisons : list
        Published figures beside the model's.
    fits : list
        How well fitted curves meet the figures they were fitted to.
    not_applicable : list
        Scenarios that the main table would show, but for a change with which they cannot be combined.
    expert_judgements : list
        What clinical experts judged, beside what the model says.
    """

    settings: SettingsRecord
    strategies: Mapping[str, StrategyRecord]
    audit: AuditRecord
    beside: tuple[BesideRecord, ...]
    ledger: tuple[LedgerEntry, ...]
    comparisons: tuple[ComparisonRecord, ...]
    fits: tuple[FitRecord, ...]
    not_applicable: tuple[ModelWarning, ...] = ()
    expert_judgements: tuple[ExpertComparison, ...] = ()


def record_of(result: BaseCaseResult) -> BaseCaseRecord:
    """Return what results.json holds of a base case."""
    case, scenario = result.case, result.scenario
    return BaseCaseRecord(
        **shared_fields(JudgedRecord, case),
        settings=SettingsRecord(
            **scenario.file.settings.model_dump(),
            perspective=scenario.file.perspective,
            method_pack=scenario.method_pack.name,
            thresholds=tuple(scenario.method_pack.thresholds),
        ),
        strategies={name: _strategy(found) for name, found in case.strategies.items()},
        audit=AuditRecord(
            tuple(b for b in result.bindings if b.what == "crossing"),
            tuple(b for b in result.bindings if b.what == "floor"),
        ),
        beside=tuple(map(_beside, result.beside)),
        not_applicable=result.not_shown,
        ledger=result.ledger,
        comparisons=tuple(
            extended(ComparisonRecord, c, meets_rounding=math.isfinite(c.modelled) and meets(c.published, c.modelled))
            for c in result.comparisons
        ),
        expert_judgements=result.experts,
        fits=tuple(FitRecord(f.address, f.family, dict(f.parameters), f.figures, f.note) for f in result.fits),
    )


def _strategy(found: StrategyResult) -> StrategyRecord:
    items = _items(found.costs_by_item), _items(found.undiscounted_costs_by_item)
    shared = shared_fields(StrategyTotals, found)
    return StrategyRecord(**shared, costs_by_item=items[0], undiscounted_costs_by_item=items[1])


def _items(items: Mapping[tuple[str, str], float]) -> tuple[ItemCosts, ...]:
    return tuple(ItemCosts(item, state, costs) for (item, state), costs in items.items())


def _beside(case: Case) -> BesideRecord:
    totals = {name: TotalsRecord(**shared_fields(TotalsRecord, s)) for name, s in case.strategies.items()}
    return BesideRecord(**shared_fields(JudgedScenario, case), strategies=totals)
