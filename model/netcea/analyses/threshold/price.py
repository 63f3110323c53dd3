"""The price at which the ICER meets a threshold, and the ladder from list price to free.

Costs are linear in the discount d on a drug and QALYs do not depend on it:

    C(d) = C(0) + d (C(1) - C(0)),    NHB(d) = w Q - C(d) / L,    d* = NHB(0) / (NHB(0) - NHB(1))

so two rows give the discount at which incremental NHB is 0, at the point estimates as well as for means over the same
draws. The severity weight w of the means is the one of the mean QALYs of established practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from netcea.analyses.psa.summary import weight_at
from netcea.analyses.shared.effects import Effect, effects_of
from netcea.analyses.shared.totals import Totals, joined, totals_and_costs, totals_of, varied
from netcea.analyses.threshold.left_out import left_out
from netcea.analyses.threshold.result import Basis, Drug, Ladder, PriceSolution, bases_of, solution_between
from netcea.arrays import Array
from netcea.blocks import Block
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.sampling.held import HeldDraws, together
from netcea.sampling.sampler import Sampler
from netcea.scenario.scenario import Scenario

CHUNK: Final = 8192
"""Draws of one part."""
ENDS: Final = np.array([0.0, 1.0])


def drugs_of(scenario: Scenario) -> tuple[Drug, ...]:
    """Return the drugs that the intervention takes and the comparator does not, each price once."""
    decision, costs = scenario.file.decision, scenario.file.costs
    own: dict[tuple[str, str | None], list[str]] = {}
    for name, item in costs.items():
        alone = item.applies_to(decision.intervention) and not item.applies_to(decision.comparator)
        if isinstance(item, DrugAcquisition) and alone and scenario.file.counts(item.payer):
            for _, phase in item.phases():
                price = phase.price_per_pack or phase.price_per_vial
                names = own.setdefault((price, phase.discount), []) if price is not None else [name]
                if name not in names:
                    names.append(name)
    return tuple(_drug(scenario, price, discount, names) for (price, discount), names in own.items())


def ladder_of(scenario: Scenario, drug: Drug, step: float) -> Ladder:
    """Return the point estimates at each discount, and the discounts at which the ICER meets each threshold."""
    discounts = ladder_steps(step)
    ends, costs = totals_and_costs(scenario, _priced(scenario, drug, base_case(scenario), ENDS))
    solutions = solutions_of(scenario, drug, ends.rows(0, 1), ends.rows(1, 2))
    without = left_out(scenario, drug, solutions, *({n: c[:, row] for n, c in costs.items()} for row in (0, 1)))
    solved = [s.discount for s in solutions if s.status == "solved" and s.discount is not None]
    rows = _priced(scenario, drug, base_case(scenario), np.array([*discounts, *solved]))
    effects = effects_of(scenario, totals_of(scenario, rows))
    n = len(discounts)
    return Ladder(discounts, effects[:n], _checked(solutions, scenario, list(effects[n:])), without)


def ladder_steps(step: float) -> Array:
    """Return discounts from 0 by steps to 1, both included.

    >>> ladder_steps(0.4).tolist()
    [0.0, 0.4, 0.8, 1.0]
    """
    below = np.arange(int(np.ceil(1.0 / step - 1e-9))) * step
    return np.array([*(round(float(d), 12) for d in below), 1.0])


def totals_at_ends(scenario: Scenario, drug: Drug) -> tuple[Totals, Totals]:
    """Return the point estimates with a drug at list price, and the same for free."""
    ends = totals_of(scenario, _priced(scenario, drug, base_case(scenario), ENDS))
    return ends.rows(0, 1), ends.rows(1, 2)


def solutions_of(scenario: Scenario, drug: Drug, at_list: Totals, free: Totals) -> tuple[PriceSolution, ...]:
    """Return the discount on each basis, from one row at list price and one for free."""
    return tuple(_solution(drug, basis, at_list, free) for basis in bases_of(scenario))


@dataclass(frozen=True)
class DrawsAtEnds:
    """Draws with a drug at list price, and the same for free.

    Attributes
    ----------
    at_list, free : Totals
        Of every draw.
    costs_list, costs_free : mapping of cost -> Array (strategy,)
        Sums over the draws. [GBP]
    held : tuple of HeldDraws
        Draws that were impossible.
    """

    at_list: Totals
    free: Totals
    costs_list: Mapping[str, Array]
    costs_free: Mapping[str, Array]
    held: tuple[HeldDraws, ...]

    @classmethod
    def joined(cls, parts: Sequence[DrawsAtEnds]) -> DrawsAtEnds:
        """Return consecutive draws as one."""
        return cls(
            joined(part.at_list for part in parts),
            joined(part.free for part in parts),
            _added(part.costs_list for part in parts),
            _added(part.costs_free for part in parts),
            together(part.held for part in parts),
        )


def draws_at_ends(scenario: Scenario, drug: Drug, seed: int, start: int, stop: int) -> DrawsAtEnds:
    """Simulate a range of draws at list price and for free."""
    sampler = Sampler(scenario, seed)
    draws, held = sampler.held_rows(sampler.drawn(start, stop))
    (at_list, costs_list), (free, costs_free) = (
        totals_and_costs(scenario, _priced(scenario, drug, draws, np.full(draws.n, d))) for d in ENDS
    )
    return DrawsAtEnds(at_list, free, _over_rows(costs_list), _over_rows(costs_free), held)


def _over_rows(costs: Mapping[str, Array]) -> dict[str, Array]:
    return {name: amounts.sum(axis=1) for name, amounts in costs.items()}


def _added(parts: Iterable[Mapping[str, Array]]) -> dict[str, Array]:
    found = list(parts)
    return {name: np.sum([part[name] for part in found], axis=0) for name in found[0]}


def probabilistic_ladder(scenario: Scenario, drug: Drug, discounts: Array, draws: DrawsAtEnds, seed: int) -> Ladder:
    """Return the ladder of the means over the draws, and a further run of the draws at each discount solved for.

    Parameters
    ----------
    scenario : Scenario
    drug : Drug
    discounts : Array (step,)
    draws : DrawsAtEnds
    seed : int
        With which they were drawn.
    """
    n, weight = draws.at_list.n, weight_at(scenario, draws.at_list)
    low, high = _mean(draws.at_list, weight), _mean(draws.free, weight)
    rows = joined([_between(low, high, float(d)) for d in discounts])
    solutions = solutions_of(scenario, drug, low, high)
    solved = [s.discount for s in solutions if s.status == "solved" and s.discount is not None]
    again = {d: _mean_at(scenario, drug, seed, n, d, weight) for d in dict.fromkeys(solved)}
    checks = [effects_of(scenario, again[d])[0] for d in solved]
    means = ({name: cost / n for name, cost in costs.items()} for costs in (draws.costs_list, draws.costs_free))
    without = left_out(scenario, drug, solutions, *means)
    return Ladder(discounts, effects_of(scenario, rows), _checked(solutions, scenario, checks), without, n, draws.held)


def _drug(scenario: Scenario, price: str, discount: str | None, names: Sequence[str]) -> Drug:
    costs, quantities = scenario.file.costs, scenario.quantities
    others = tuple(item.label for name, item in costs.items() if name not in names and price in _addresses(item))
    item = costs[names[0]]
    hidden = bool({price, discount} & set(scenario.prices.secret))
    vials = isinstance(item, DrugAcquisition) and item.price_per_vial is not None
    return Drug(
        items=tuple(names),
        label=item.label,
        price=price,
        discount=discount,
        pack="vial" if vials else "pack",
        list_price=scenario.prices.public.get(price, quantities[price].value),
        discount_now=quantities[discount].value if discount is not None and not hidden else 0.0,
        also_paid_by=others,
    )


def _addresses(item: Block) -> set[object]:
    return {value for _, value in item if isinstance(value, str)}


def _solution(drug: Drug, basis: Basis, at_list: Totals, free: Totals) -> PriceSolution:
    ends = (float(t.incremental_nhb(basis.threshold, weighted=basis.weighted)[0]) for t in (at_list, free))
    return solution_between(drug, basis, *ends)


def _checked(
    solutions: Sequence[PriceSolution], scenario: Scenario, effects: Sequence[Effect]
) -> tuple[PriceSolution, ...]:
    """Return solutions with incremental NHB of a run at the discount of each that is solved, in their order."""
    left, thresholds, found = list(effects), sorted(scenario.method_pack.thresholds), []
    for solution in solutions:
        if solution.status != "solved":
            found.append(solution)
            continue
        effect = left.pop(0)
        nhb = effect.weighted_nhb if solution.basis.weighted else effect.nhb
        found.append(replace(solution, check=nhb[thresholds.index(solution.basis.threshold)]))
    return tuple(found)


def _priced(scenario: Scenario, drug: Drug, draws: Draws, discounts: Array) -> Draws:
    """Return rows with a discount each on the drug's list price."""
    if drug.discount is not None:
        moved = {drug.discount: discounts * scenario.factors[drug.discount]}
        if drug.price in scenario.prices.secret:  # the ladder starts at the public price
            moved[drug.price] = np.full(len(discounts), drug.list_price * scenario.factors[drug.price])
        return varied(draws, moved)
    return varied(draws, {drug.price: drug.list_price * scenario.factors[drug.price] * (1.0 - discounts)})


def _mean(totals: Totals, weight: float) -> Totals:
    """Return one row: the means over the rows, with a severity weight."""
    return Totals(
        totals.strategies,
        totals.intervention,
        totals.comparator,
        totals.costs.mean(axis=1, keepdims=True),
        totals.qalys.mean(axis=1, keepdims=True),
        totals.life_years.mean(axis=1, keepdims=True),
        np.array([weight]),
    )


def _between(at_list: Totals, free: Totals, discount: float) -> Totals:
    """Return the row at a discount: costs are linear in it."""
    return replace(at_list, costs=(1.0 - discount) * at_list.costs + discount * free.costs)


def _mean_at(scenario: Scenario, drug: Drug, seed: int, n: int, discount: float, weight: float) -> Totals:
    """Simulate every draw again at a discount and return the means."""
    sampler, found = Sampler(scenario, seed), []
    for start in range(0, n, CHUNK):
        draws = sampler.rows(start, min(start + CHUNK, n))
        found.append(totals_of(scenario, _priced(scenario, drug, draws, np.full(draws.n, discount))))
    return _mean(joined(found), weight)
