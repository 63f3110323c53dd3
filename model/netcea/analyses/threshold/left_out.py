"""What else than its price decides whether a drug meets a threshold: the price with other costs left out.

Incremental net health benefit is linear in the discount d, and so it stays without the costs K:

    NHB_K(d) = NHB(d) + dC_K(d) / L,    d* = NHB_K(0) / (NHB_K(0) - NHB_K(1))

with dC_K(d) their part of the incremental costs and L the threshold. Where no price meets L, the drug for free costs
more than its QALYs are worth by X = -L NHB(1), and X / dC_K(1) is the share of K that would have to go for a price to
exist: at most 1 where K alone decides it.

Background therapy is every drug that intervention and comparator both take, with what giving it costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from netcea.analyses.threshold.result import Drug, LeftOut, LeftOutKind, PriceSolution, solution_between
from netcea.arrays import Array
from netcea.costs.administration import Administration
from netcea.costs.cost_item import CostItem
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.scenario.scenario import Scenario


def left_out(
    scenario: Scenario,
    drug: Drug,
    solutions: Sequence[PriceSolution],
    at_list: Mapping[str, Array],
    free: Mapping[str, Array],
) -> tuple[LeftOut, ...]:
    """Return the price without background therapy, then without each other cost alone.

    Parameters
    ----------
    scenario : Scenario
    drug : Drug
        Whose price is solved for.
    solutions : sequence of PriceSolution
        With every cost.
    at_list, free : mapping of cost -> Array (strategy,)
        What each costs at list price and for free, in the order of the scenario's strategies. [GBP]
    """
    return tuple(
        _left_out(scenario, drug, kind, names, solutions, (at_list, free))
        for kind, names in _candidates(scenario, drug)
    )


def background_therapy(scenario: Scenario, drug: Drug) -> tuple[str, ...]:
    """Return the cost items of other drugs that intervention and comparator both take, and of giving them.

    Parameters
    ----------
    scenario : Scenario
    drug : Drug
        Whose price is solved for; what is paid at its price is no background.
    """
    shared = {name: item for name, item in scenario.file.costs.items() if _borne_by_both(scenario, item)}
    others = {name: item for name, item in shared.items() if drug.price not in item.drug_prices()}
    drugs = {name: item for name, item in others.items() if isinstance(item, DrugAcquisition)}
    intervals = {i for item in drugs.values() for i in (item.pack_days, item.interval) if i is not None}
    giving = [n for n, item in shared.items() if isinstance(item, Administration) and item.interval in intervals]
    return (*drugs, *giving)


def _candidates(scenario: Scenario, drug: Drug) -> Iterator[tuple[LeftOutKind, tuple[str, ...]]]:
    """Yield the groups of costs to leave out, each once; which there are does not depend on any amount."""
    background = background_therapy(scenario, drug)
    if background:
        yield "background therapy", background
    decision = scenario.file.decision
    for name, cost in scenario.file.all_costs().items():
        borne = cost.applies_to(decision.intervention) or cost.applies_to(decision.comparator)
        if borne and name not in drug.items and (name,) != background:
            yield "cost", (name,)


def _borne_by_both(scenario: Scenario, item: CostItem) -> bool:
    decision = scenario.file.decision
    return item.applies_to(decision.intervention) and item.applies_to(decision.comparator)


def _left_out(
    scenario: Scenario,
    drug: Drug,
    kind: LeftOutKind,
    names: tuple[str, ...],
    solutions: Sequence[PriceSolution],
    ends: tuple[Mapping[str, Array], Mapping[str, Array]],
) -> LeftOut:
    costs, decision, strategies = scenario.file.all_costs(), scenario.file.decision, scenario.strategies
    new, old = strategies.index(decision.intervention), strategies.index(decision.comparator)
    nobody = np.zeros(len(strategies))
    at_list, free = (
        sum(float(part[new] - part[old]) for part in (end.get(name, nobody) for name in names)) for end in ends
    )
    without = tuple(
        solution_between(drug, s.basis, s.nhb_list + at_list / s.basis.threshold, s.nhb_free + free / s.basis.threshold)
        for s in solutions
    )
    label = ", ".join(costs[name].label for name in names)
    return LeftOut(kind, names, label, at_list, free, without, tuple(_share_to_go(s, free) for s in solutions))


def _share_to_go(solution: PriceSolution, increment: float) -> float | None:
    """Return the share of an increment without which a price exists; None where there is one, or all is not enough."""
    excess = -solution.nhb_free * solution.basis.threshold
    if solution.status != "not even when free" or not 0.0 < excess <= increment:
        return None
    return excess / increment
