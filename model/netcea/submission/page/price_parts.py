"""Costs taken apart by the prices in them: a part without any drug, and a part for each, at full price.

Costs are a straight line in each discount d_k, and QALYs do not depend on it:

    C(d_1 ... d_K) = C_0 + sum over k of (1 - d_k) P_k

so the costs of each strategy in each row are known at any discounts from C_0 and the P_k. Both are asked of the model's
own cost items: what they accrue at full price less what they accrue when that drug is free is P_k.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from netcea.arrays import Array
from netcea.blas import ONE_THREAD
from netcea.costs.cost_item import CostItem
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.draws import Draws
from netcea.engine.deferred_streams import DeferredExposure
from netcea.engine.grid import Grid
from netcea.engine.simulate import CHUNK_ROWS, exposures, rows_together
from netcea.engine.streams import DeferredStream
from netcea.scenario.drug_prices import drug_prices
from netcea.scenario.scenario import Scenario
from netcea.survival.elementwise import quietly


@dataclass(frozen=True)
class DrugCost:
    """A drug whose price can be changed on the page: one discount, or one price where there is no discount.

    Attributes
    ----------
    address : str
        Of the discount; of the price where no discount stands in the scenario.
    is_discount : bool
    label : str
        Of the first cost item that pays it.
    items : tuple of str
        Names of the cost items that pay it.
    prices : tuple of str
        Addresses of what a pack, a vial or a course costs.
    pack : {'pack', 'vial'}
    paid : float
        Share of the full price that the run has: 1 less the discount. [share]
    hidden : bool
        Whether a confidential price layer sets it.
    """

    address: str
    is_discount: bool
    label: str
    items: tuple[str, ...]
    prices: tuple[str, ...]
    pack: str
    paid: float
    hidden: bool


def drug_costs(scenario: Scenario) -> tuple[DrugCost, ...]:
    """Return the drugs of a scenario whose prices can be changed, in the order of its cost items.

    A price that some items pay with a discount and others without one is changed by the discount alone, as ``--set`` of
    the discount does; a price or discount that is itself uncertain is left out.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    """
    items = {name: item for name, item in scenario.file.costs.items() if scenario.file.counts(item.payer)}
    payers: dict[str, list[str]] = {}
    priced: dict[str, list[str]] = {}
    for name, item in items.items():
        for price, discount in _paid(item):
            payers.setdefault(discount or price, []).append(name)
            priced.setdefault(discount or price, []).append(price)
    discounted = {price for item in items.values() for price, discount in _paid(item) if discount}
    return tuple(
        _drug(scenario, address, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(priced[address])))
        for address, names in payers.items()
        if address not in discounted and not scenario.quantities[address].is_drawn
    )


def left_out(scenario: Scenario) -> tuple[str, ...]:
    """Return the addresses of prices of drugs that cannot be changed on the page.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    """
    changed = {price for drug in drug_costs(scenario) for price in drug.prices}
    return tuple(price for price in drug_prices(scenario) if price not in changed)


def _paid(item: CostItem) -> Iterator[tuple[str, str | None]]:
    """Yield the pairs of price and discount that an item pays."""
    if isinstance(item, DrugAcquisition):
        for _, phase in item.phases():
            price = phase.price_per_pack or phase.price_per_vial
            if price is not None:
                yield price, phase.discount
        return
    discount: str | None = getattr(item, "discount", None)
    for price in item.drug_prices():
        yield price, discount


def _drug(scenario: Scenario, address: str, names: tuple[str, ...], prices: tuple[str, ...]) -> DrugCost:
    costs, quantities, layers = scenario.file.costs, scenario.quantities, scenario.prices
    is_discount = address not in prices
    first = costs[names[0]]
    vials = isinstance(first, DrugAcquisition) and first.method == "per_administration"
    paid = 1.0 - quantities[address].value if is_discount else 1.0
    for price in prices:
        public = layers.public.get(price)
        if public:
            paid *= quantities[price].value / public
    return DrugCost(
        address=address,
        is_discount=is_discount,
        label=first.label,
        items=names,
        prices=prices,
        pack="vial" if vials else "pack",
        paid=paid,
        hidden=bool({address, *prices} & set(layers.secret)),
    )


def full_price(scenario: Scenario, price: str) -> float:
    """Return what a pack costs without discount or confidential layer. [GBP, as published]

    Parameters
    ----------
    scenario : Scenario
        With its price layers.
    price : str
        Address of the price.
    """
    return scenario.prices.public.get(price, scenario.quantities[price].value)


@ONE_THREAD
@quietly
def price_parts(scenario: Scenario, draws: Draws, drugs: Sequence[DrugCost]) -> Array:
    """Return what each drug costs each strategy at full price, in each row.

    Parameters
    ----------
    scenario : Scenario
        The choices.
    draws : Draws
        Rows of parameters.
    drugs : sequence of DrugCost
        Of the scenario.

    Returns
    -------
    Array (drug, strategy, row)
        Discounted, per patient. [GBP]
    """
    grid = Grid.of(scenario)
    starts = range(0, draws.n, CHUNK_ROWS)
    if not drugs:
        return np.zeros((0, len(scenario.strategies), draws.n))
    return np.concatenate([_parts(grid, draws.rows(s, s + CHUNK_ROWS), drugs) for s in starts], axis=2)


def _parts(grid: Grid, chunk: Draws, drugs: Sequence[DrugCost]) -> Array:
    """Return the same of a chunk of rows; streams of patients are worked out once, amounts for each price."""
    scenario = grid.scenario
    full = _with(chunk, dict(price for drug in drugs for price in _columns(scenario, drug, 1.0)))
    deferred = {strategy: DeferredExposure(full, strategy, grid) for strategy in scenario.strategies}
    accruals = [[_accrued(scenario, asked, drug, full) for asked in deferred.values()] for drug in drugs]
    for start, block in chunk.blocks(rows_together(grid)):
        rows = slice(start, start + block.n)
        for exposure in exposures(grid, block):
            deferred[exposure.strategy].fill(rows, exposure)
    found = np.zeros((len(drugs), len(deferred), chunk.n))
    for k, by_strategy in enumerate(accruals):
        for s, paid in enumerate(by_strategy):
            for amount, stream in paid:
                found[k, s] += amount * stream.discounted
    return found


def _accrued(
    scenario: Scenario, full: DeferredExposure, drug: DrugCost, draws: Draws
) -> list[tuple[Array, DeferredStream]]:
    """Return amounts at full price less those for free, with their streams, of the items that pay a drug."""
    free = replace(full, draws=_with(draws, dict(_columns(scenario, drug, 0.0))))
    found: list[tuple[Array, DeferredStream]] = []
    for name in drug.items:
        item = scenario.file.costs[name]
        if item.applies_to(full.strategy):
            pairs = zip(item.accrue(full), item.accrue(free), strict=True)
            found += [(one.amount - other.amount, one.stream) for one, other in pairs]
    return found


def _columns(scenario: Scenario, drug: DrugCost, paid: float) -> Iterator[tuple[str, Array]]:
    """Yield the columns of a drug at a share of its full price, in model units."""
    for price in drug.prices:
        if price in scenario.prices.secret or not drug.is_discount:
            share = 1.0 if drug.is_discount else paid
            yield price, np.array([[full_price(scenario, price) * scenario.factors[price] * share]])
    if drug.is_discount:
        yield drug.address, np.array([[(1.0 - paid) * scenario.factors[drug.address]]])


def _with(draws: Draws, columns: Mapping[str, Array]) -> Draws:
    return Draws(draws.n, {**draws.columns, **columns})
