"""Costs by category and state, QALYs and life years by state: totals taken apart, discounted and not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias, get_args

from netcea.analyses.base_case.result import BaseCaseResult, StrategyResult
from netcea.costs.payer import Payer
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Format, Table
from netcea.scenario.drug_prices import drug_prices

STATES: Final = {"progression_free": "Progression-free", "progressed": "Progressed", "dead": "On death"}
"""Health state -> what tables call it."""
TOTAL: Final = "Total"
_NOTE: Final = "Per patient. Totals, increments and shares are taken on unrounded numbers."

Parts: TypeAlias = Mapping[tuple[str, ...], float]
"""What a part is called, column by column -> its amount."""


def costs_by_category_and_state(result: BaseCaseResult) -> Table:
    """Return costs by category and health state."""
    categories = _categories(result)
    return _by_part(
        result,
        "costs_by_category_and_state",
        "Costs by category and health state",
        (Column("category", "Category"), Column("state", "Health state")),
        "pounds",
        _costs(result, lambda item, state: (categories[item], STATES[state])),
        [(c, s) for c in dict.fromkeys(categories.values()) for s in STATES.values()],
    )


def costs_by_item(result: BaseCaseResult) -> Table:
    """Return costs by item of the scenario: the predicted resource use by category of cost."""
    categories, labels, prices = _categories(result), _labels(result), _prices(result)
    states = STATES.values()
    return _by_part(
        result,
        "costs_by_item",
        "Costs by item",
        (
            Column("category", "Category"),
            Column("item", "Item"),
            Column("state", "Health state"),
            Column("price_type", "Price of the drug"),
        ),
        "pounds",
        _costs(result, lambda item, state: (categories[item], labels[item], STATES[state], prices.get(item, ""))),
        [
            (c, labels[item], s, prices.get(item, ""))
            for c in dict.fromkeys(categories.values())
            for item in labels
            for s in states
        ],
    )


def costs_by_payer(result: BaseCaseResult) -> Table:
    """Return costs by who pays them, of the payers that count; what does not count is named below."""
    file = result.scenario.file
    payers = {name: cost.paid_by for name, cost in file.all_costs().items()}
    left_out = [
        f"{plain(c.label)} ({c.paid_by})" for c in file.every_payers_costs().values() if not file.counts(c.paid_by)
    ]
    table = _by_part(
        result,
        "costs_by_payer",
        "Costs by payer",
        (Column("payer", "Payer"),),
        "pounds",
        _costs(result, lambda item, _: (payers[item],)),
        [(payer,) for payer in get_args(Payer)],
    )
    note = f"{table.note} Perspective: {file.perspective}."
    return replace(table, note=f"{note} Not counted: {'; '.join(left_out)}." if left_out else note)


def qalys_by_state(result: BaseCaseResult) -> Table:
    """Return QALYs by health state, with the losses from adverse events apart."""
    events = result.scenario.file.all_events().items()
    called = STATES | {name: plain(event.label) for name, event in events}
    return _by_part(
        result,
        "qalys_by_state",
        "QALYs by health state",
        (Column("state", "Health state"),),
        "qalys",
        _by_state(result, called, lambda s: (s.qalys_by_state, s.undiscounted_qalys_by_state)),
        [(state,) for state in called.values()],
    )


def life_years_by_state(result: BaseCaseResult) -> Table:
    """Return life years by health state."""
    return _by_part(
        result,
        "life_years_by_state",
        "Life years by health state",
        (Column("state", "Health state"),),
        "years",
        _by_state(result, STATES, lambda s: (s.life_years_by_state, s.undiscounted_life_years_by_state)),
        [(state,) for state in STATES.values()],
    )


def outcomes(result: BaseCaseResult) -> Table:
    """Return every part of every total, one row each: for filtering and pivoting."""
    rows: list[tuple[Cell, ...]] = []
    for name, s in result.case.strategies.items():
        for measure, unit, found, without in (
            ("costs", "GBP", s.costs_by_item, s.undiscounted_costs_by_item),
            ("qalys", "QALYs", _keyed(s.qalys_by_state), _keyed(s.undiscounted_qalys_by_state)),
            ("life_years", "years", _keyed(s.life_years_by_state), _keyed(s.undiscounted_life_years_by_state)),
        ):
            rows += [
                (name, measure, part, state, unit, amount, without[part, state])
                for (part, state), amount in found.items()
            ]
    return Table(
        "outcomes",
        "Every part of costs, QALYs and life years",
        (
            Column("strategy", "Strategy"),
            Column("measure", "Measure"),
            Column("item", "Cost item, or adverse event"),
            Column("state", "Health state"),
            Column("unit", "Unit"),
            Column("discounted", "Discounted", "", "number"),
            Column("undiscounted", "Undiscounted", "", "number"),
        ),
        tuple(rows),
        "Per patient; one row per strategy, measure, item and state, by the names of the scenario file.",
    )


def _costs(result: BaseCaseResult, called: Callable[[str, str], tuple[str, ...]]) -> dict[str, dict[str, Parts]]:
    """Return discounting -> strategy -> its costs by what `called` makes of an item and a state."""

    def parts(items: Mapping[tuple[str, str], float]) -> Parts:
        return _grouped((called(item, state), amount) for (item, state), amount in items.items())

    return {
        "Discounted": {name: parts(s.costs_by_item) for name, s in result.case.strategies.items()},
        "Undiscounted": {name: parts(s.undiscounted_costs_by_item) for name, s in result.case.strategies.items()},
    }


def _by_state(
    result: BaseCaseResult,
    called: Mapping[str, str],
    amounts: Callable[[StrategyResult], tuple[Mapping[str, float], Mapping[str, float]]],
) -> dict[str, dict[str, Parts]]:
    """Return discounting -> strategy -> its amounts by state."""
    return {
        discounting: {
            name: _grouped(((called[state],), amount) for state, amount in amounts(s)[which].items())
            for name, s in result.case.strategies.items()
        }
        for which, discounting in enumerate(("Discounted", "Undiscounted"))
    }


def _grouped(parts: Iterable[tuple[tuple[str, ...], float]]) -> Parts:
    """Add up what is called the same."""
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    for part, amount in parts:
        sums[part] += amount
    return sums


def _keyed(states: Mapping[str, float]) -> dict[tuple[str, str], float]:
    return {("", s) if s in STATES else (s, "progression_free"): amount for s, amount in states.items()}


def _by_part(
    result: BaseCaseResult,
    name: str,
    title: str,
    keys: tuple[Column, ...],
    unit: Format,
    amounts: Mapping[str, Mapping[str, Parts]],
    order: Sequence[tuple[str, ...]],
) -> Table:
    """Return a table with a block per kind of discounting: a column per strategy, the increment and its share."""
    case = result.case
    mark = {"pounds": "£", "qalys": "QALYs", "years": "years"}[unit]
    versus = f"{_name(result, case.intervention)} minus {_name(result, case.comparator)}"
    rows: list[tuple[Cell, ...]] = []
    for discounting, by_strategy in amounts.items():
        found = {part for parts in by_strategy.values() for part in parts}
        ranked = [part for part in order if part in found]
        ranked += sorted(found.difference(ranked))
        one, other = by_strategy[case.intervention], by_strategy[case.comparator]
        changes = [one.get(part, 0.0) - other.get(part, 0.0) for part in ranked]
        absolute = sum(map(abs, changes))
        for part, change in zip(ranked, changes, strict=True):
            per_strategy = [parts.get(part, 0.0) for parts in by_strategy.values()]
            share = abs(change) / absolute if absolute else None
            rows.append((discounting, *part, *per_strategy, change, abs(change), share))
        totals = [sum(parts.values()) for parts in by_strategy.values()]
        blank = [""] * (len(keys) - 1)
        share = 1.0 if absolute else None
        rows.append((discounting, TOTAL, *blank, *totals, sum(changes), absolute, share))
    strategies = next(iter(amounts.values()))
    return Table(
        name,
        title,
        (
            Column("discounting", "Discounting"),
            *keys,
            *(Column(strategy, _name(result, strategy), mark, unit) for strategy in strategies),
            Column("increment", "Increment", mark, unit),
            Column("absolute_increment", "Absolute increment", mark, unit),
            Column("share_of_absolute_increment", "% absolute increment", "", "percent"),
        ),
        tuple(rows),
        f"{_NOTE} Increment: {versus}.",
    )


def _name(result: BaseCaseResult, strategy: str) -> str:
    return plain(result.case.strategies[strategy].label)


def _categories(result: BaseCaseResult) -> dict[str, str]:
    """Return what tables call the category of each cost, in the order of categories."""
    costs = result.scenario.file.all_costs().items()
    return {name: cost.category.label for name, cost in sorted(costs, key=lambda pair: pair[1].category.order)}


def _prices(result: BaseCaseResult) -> dict[str, str]:
    """Return what kind of price each cost item pays for a drug."""
    found: dict[str, str] = {}
    for price in drug_prices(result.scenario).values():
        for item in price.items:
            found[item] = f"{found[item]}; {price.words}" if item in found else price.words
    return found


def _labels(result: BaseCaseResult) -> dict[str, str]:
    """Return what tables call each cost item and each adverse event."""
    return {name: plain(cost.label) for name, cost in result.scenario.file.all_costs().items()}
