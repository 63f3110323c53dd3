"""A weighted view of separately randomised populations, beside them and never instead of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from netcea.analyses.base_case.result import BaseCaseResult, NetBenefit
from netcea.decision.incremental import IncrementalRow, compare, pairwise
from netcea.decision.net_benefit import incremental_nhb, incremental_nmb

WEIGHTS_ADD_UP_WITHIN = 1e-6


@dataclass(frozen=True)
class CombinedView:
    """Populations together, each with its weight.

    Attributes
    ----------
    weights : tuple of (scenario, weight)
    intervention, comparator : str
        Labels.
    row : IncrementalRow
        The intervention against the comparator, unweighted for severity.
    weighted_row : IncrementalRow
        With each population's incremental QALYs times its own severity weight.
    net_benefit : tuple of NetBenefit
    """

    weights: tuple[tuple[str, float], ...]
    intervention: str
    comparator: str
    row: IncrementalRow
    weighted_row: IncrementalRow
    net_benefit: tuple[NetBenefit, ...]


def combined_view(results: Sequence[BaseCaseResult]) -> CombinedView | None:
    """Return base cases of several populations weighted together, or None where they do not belong together.

    They belong together when each names a weight (`population.combined_view_weight`), the weights add up to 1, and
    strategies compared, thresholds, price year and discounting are the same. Costs, life years and QALYs are
    sum_i w_i x_i; severity weights stay those of each population.
    """
    weights = [_weight(result) for result in results]
    if len(results) < 2 or None in weights or len({_kind(result) for result in results}) != 1:
        return None
    shares = [weight for weight in weights if weight is not None]
    if not math.isclose(sum(shares), 1.0, abs_tol=WEIGHTS_ADD_UP_WITHIN):
        return None
    first = results[0].case
    names = (first.comparator, first.intervention)

    def together(measure: str) -> list[float]:
        return [
            sum(w * float(getattr(r.case.strategies[name], measure)) for w, r in zip(shares, results, strict=True))
            for name in names
        ]

    row = pairwise(names, together("costs"), together("qalys"), first.comparator, together("life_years"))[0]
    qalys = sum(
        w * r.case.severity.severity_weight * (r.case.against_comparator().incremental_qalys or 0.0)
        for w, r in zip(shares, results, strict=True)
    )
    return CombinedView(
        weights=tuple((r.case.name, w) for w, r in zip(shares, results, strict=True)),
        intervention=first.strategies[first.intervention].label,
        comparator=first.strategies[first.comparator].label,
        row=row,
        weighted_row=_with_qalys(row, qalys),
        net_benefit=tuple(_net_benefit(row, qalys, threshold) for threshold in first.thresholds),
    )


def _weight(result: BaseCaseResult) -> float | None:
    address = result.scenario.file.population.combined_view_weight
    quantity = None if address is None else result.scenario.quantities.get(address)
    return None if quantity is None else quantity.value


def _kind(result: BaseCaseResult) -> tuple[object, ...]:
    """Return what must be the same."""
    case, settings = result.case, result.scenario.file.settings
    return (
        case.intervention,
        case.comparator,
        case.thresholds,
        settings.price_year,
        settings.discount_rate("costs"),
        settings.discount_rate("qalys"),
    )


def _with_qalys(row: IncrementalRow, qalys: float) -> IncrementalRow:
    costs = row.incremental_costs or 0.0
    icer, label = compare(costs, qalys)
    return IncrementalRow(
        row.strategy,
        row.versus,
        row.costs,
        row.qalys,
        row.life_years,
        costs,
        qalys,
        row.incremental_life_years,
        icer,
        label,
    )


def _net_benefit(row: IncrementalRow, weighted_qalys: float, threshold: float) -> NetBenefit:
    costs, qalys = row.incremental_costs or 0.0, row.incremental_qalys or 0.0
    return NetBenefit(
        strategy=row.strategy,
        threshold=threshold,
        incremental_nmb=incremental_nmb(costs, qalys, threshold),
        incremental_nhb=incremental_nhb(costs, qalys, threshold),
        weighted_incremental_nmb=incremental_nmb(costs, weighted_qalys, threshold),
        weighted_incremental_nhb=incremental_nhb(costs, weighted_qalys, threshold),
    )
