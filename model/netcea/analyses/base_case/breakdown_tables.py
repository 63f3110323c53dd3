"""Costs by category and state, QALYs and life years by state: totals taken apart, discounted and not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from netcea.analyses.base_case.result import BaseCaseResult, StrategyResult
from netcea.reporting.number_format import CATEGORIES, STATES, category, plain
from netcea.reporting.table import Cell, Column, Format, Table

TOTAL = "Total"
_NOTE = "Per patient. Totals, increments and shares are taken on unrounded numbers."

Parts = Mapping[tuple[str, ...], float]
"""What a part is called, column by column -> its amount."""


def costs_by_category_and_state(result: BaseCaseResult) -> Table:
    """Return costs by category and health state."""
    kinds = _kinds(result)

    def parts(items: Mapping[tuple[str, str], float]) -> Parts:
        return _grouped(((_category(kinds, item), _state(state)), amount) for (item, state), amount in items.items())

    return _by_part(
        result,
        "costs_by_category_and_state",
        "Costs by category and health state",
        (Column("category", "Category"), Column("state", "Health state")),
        "pounds",
        {
            "Discounted": {n: parts(s.costs_by_item) for n, s in _strategies(result)},
            "Undiscounted": {n: parts(s.undiscounted_costs_by_item) for n, s in _strategies(result)},
        },
        [(c, s) for c in CATEGORIES.values() for s in STATES.values()],
    )


def costs_by_item(result: BaseCaseResult) -> Table:
    """Return costs by item of the scenario: the predicted resource use by category of cost."""
    kinds, labels = _kinds(result), _labels(result)

    def parts(items: Mapping[tuple[str, str], float]) -> Parts:
        return _grouped(
            ((_category(kinds, item), labels.get(item, plain(item)), _state(state)), amount)
            for (item, state), amount in items.items()
        )

    return _by_part(
        result,
        "costs_by_item",
        "Costs by item",
        (Column("category", "Category"), Column("item", "Item"), Column("state", "Health state")),
        "pounds",
        {
            "Discounted": {n: parts(s.costs_by_item) for n, s in _strategies(result)},
            "Undiscounted": {n: parts(s.undiscounted_costs_by_item) for n, s in _strategies(result)},
        },
        [(c, i, s) for c in CATEGORIES.values() for i in labels.values() for s in STATES.values()],
    )


def qalys_by_state(result: BaseCaseResult) -> Table:
    """Return QALYs by health state, with the losses from adverse events apart."""
    labels = _labels(result)

    def parts(states: Mapping[str, float]) -> Parts:
        return _grouped(((labels.get(state, _state(state)),), amount) for state, amount in states.items())

    return _by_part(
        result,
        "qalys_by_state",
        "QALYs by health state",
        (Column("state", "Health state"),),
        "qalys",
        {
            "Discounted": {n: parts(s.qalys_by_state) for n, s in _strategies(result)},
            "Undiscounted": {n: parts(s.undiscounted_qalys_by_state) for n, s in _strategies(result)},
        },
        [(state,) for state in (*STATES.values(), *labels.values())],
    )


def life_years_by_state(result: BaseCaseResult) -> Table:
    """Return life years by health state."""

    def parts(states: Mapping[str, float]) -> Parts:
        return {(_state(state),): amount for state, amount in states.items()}

    return _by_part(
        result,
        "life_years_by_state",
        "Life years by health state",
        (Column("state", "Health state"),),
        "years",
        {
            "Discounted": {n: parts(s.life_years_by_state) for n, s in _strategies(result)},
            "Undiscounted": {n: parts(s.undiscounted_life_years_by_state) for n, s in _strategies(result)},
        },
        [(state,) for state in STATES.values()],
    )


def outcomes(result: BaseCaseResult) -> Table:
    """Return every part of every total, one row each: for filtering and pivoting."""
    rows: list[tuple[Cell, ...]] = []
    for name, s in _strategies(result):
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


def _strategies(result: BaseCaseResult) -> list[tuple[str, StrategyResult]]:
    return list(result.case.strategies.items())


def _name(result: BaseCaseResult, strategy: str) -> str:
    return plain(result.case.strategies[strategy].label)


def _kinds(result: BaseCaseResult) -> dict[str, str]:
    return {name: item.kind for name, item in result.scenario.file.costs.items()}


def _labels(result: BaseCaseResult) -> dict[str, str]:
    """Return what tables call each cost item and each adverse event."""
    file = result.scenario.file
    labels = {name: plain(item.label) for name, item in file.costs.items()}
    events = file.adverse_events.events
    return labels | {f"adverse_events.{name}": plain(event.label) for name, event in events.items()}


def _category(kinds: dict[str, str], item: str) -> str:
    kind = category(kinds, item)
    return CATEGORIES.get(kind, kind)


def _state(state: str) -> str:
    return STATES.get(state, state)
