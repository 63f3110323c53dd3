"""The tables of a base case as the screen shows them: fewer columns, shorter headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from netcea.analyses.base_case.breakdown_tables import costs_by_category_and_state, life_years_by_state, qalys_by_state
from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.base_case.results_tables import base_case, beside, label, pairwise
from netcea.reporting.screen import part
from netcea.reporting.table import Cell, Column, Format, Table

_INCREMENTS: Final = {
    "incremental_costs": "Incr. costs",
    "incremental_life_years": "Incr. LYG",
    "incremental_qalys": "Incr. QALYs",
}
_TOTALS: Final = {"technologies": "", "costs": "Costs", "life_years": "LYG", "qalys": "QALYs"}
_ICER: Final = "ICER (£/QALY)"


def _part(table: Table, headings: Mapping[str, str], title: str = "") -> Table:
    """Return some columns of a table with the headings given, or their own where empty."""
    return part(table, list(headings), title or table.title, "", list(headings.values()))


def incremental_table(result: BaseCaseResult) -> Table:
    """Return totals and the fully incremental analysis."""
    headings = {**_TOTALS, **_INCREMENTS, "icer_incremental": _ICER}
    return _part(base_case(result), headings, "Fully incremental, in order of cost")


def pairwise_table(result: BaseCaseResult) -> Table:
    """Return each strategy against the comparator."""
    return _part(pairwise(result), {"technologies": "", **_INCREMENTS, "icer": _ICER, "weighted_icer": "Weighted ICER"})


def main_table(result: BaseCaseResult) -> Table:
    """Return the intervention against the comparator, with the scenarios beside it."""
    judged = {"icer": _ICER, "severity_weight": "Weight", "weighted_icer": "Weighted ICER"}
    return _part(beside(result), {"scenario": "", **_INCREMENTS, **judged})


def net_benefit_table(result: BaseCaseResult) -> Table:
    """Return incremental net health benefit at each threshold, weighted beside unweighted."""
    table = beside(result)
    names = ["scenario", *(column.name for column in table.columns if "nhb_at_" in column.name)]
    two = len(result.case.strategies) == len(("intervention", "comparator"))
    words = "above 0: cost-effective" if two else f"above 0: better than {label(result.case, result.case.comparator)}"
    return part(table, names, f"Incremental net health benefit (QALYs; {words})")


def cost_table(result: BaseCaseResult) -> Table:
    """Return discounted costs by category."""
    names = [*result.case.strategies, "increment"]
    rows: dict[str, list[float]] = {}
    for category, amounts in _discounted(costs_by_category_and_state(result), "category", names):
        so_far = rows.get(category, [0.0] * len(names))
        rows[category] = [a + b for a, b in zip(so_far, amounts, strict=True)]
    filled: tuple[tuple[Cell, ...], ...] = tuple((category, *amounts) for category, amounts in rows.items())
    return Table("costs", "Costs by category", _strategy_columns(result, "pounds"), filled, total_last=True)


def outcome_table(result: BaseCaseResult) -> Table:
    """Return discounted life years and QALYs by state."""
    names = [*result.case.strategies, "increment"]
    rows: list[tuple[Cell, ...]] = []
    for measure, table in (("Life years", life_years_by_state(result)), ("QALYs", qalys_by_state(result))):
        rows += [
            (f"{measure}: {state[:1].lower()}{state[1:]}", *amounts)
            for state, amounts in _discounted(table, "state", names)
        ]
    columns = _strategy_columns(result, "qalys")
    return Table("outcomes", "Life years and QALYs by health state", columns, tuple(rows))


def _discounted(table: Table, key: str, names: Sequence[str]) -> Iterator[tuple[str, list[float]]]:
    """Yield the discounted rows of a breakdown: what each is called, and its amounts."""
    columns = [column.name for column in table.columns]
    for row in table.rows:
        if row[columns.index("discounting")] == "Discounted":
            yield str(row[columns.index(key)]), [float(str(row[columns.index(name)])) for name in names]


def _strategy_columns(result: BaseCaseResult, kind: Format) -> tuple[Column, ...]:
    labels = {name: label(result.case, name) for name in result.case.strategies}
    return (
        Column("part", ""),
        *(Column(name, text, "", kind) for name, text in labels.items()),
        Column("increment", "Increment", "", kind),
    )
