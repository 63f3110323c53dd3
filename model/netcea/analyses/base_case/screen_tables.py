"""The tables of a base case as the screen shows them: fewer columns, shorter headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netcea.analyses.base_case.breakdown_tables import costs_by_category_and_state, life_years_by_state, qalys_by_state
from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.base_case.results_tables import base_case, beside, label, pairwise
from netcea.reporting.screen import part
from netcea.reporting.table import Cell, Column, Format, Table


def incremental_table(result: BaseCaseResult) -> Table:
    """Return totals and the fully incremental analysis."""
    names = [
        "technologies",
        "costs",
        "life_years",
        "qalys",
        "incremental_costs",
        "incremental_life_years",
        "incremental_qalys",
        "icer_incremental",
    ]
    headings = ["", "Costs", "LYG", "QALYs", "Incr. costs", "Incr. LYG", "Incr. QALYs", "ICER (£/QALY)"]
    return part(base_case(result), names, "Fully incremental, in order of cost", "", headings)


def pairwise_table(result: BaseCaseResult) -> Table:
    """Return each strategy against the comparator."""
    names = [
        "technologies",
        "incremental_costs",
        "incremental_life_years",
        "incremental_qalys",
        "icer",
        "weighted_icer",
    ]
    table = pairwise(result)
    headings = ["", "Incr. costs", "Incr. LYG", "Incr. QALYs", "ICER (£/QALY)", "Weighted ICER"]
    return part(table, names, table.title, "", headings)


def main_table(result: BaseCaseResult) -> Table:
    """Return the intervention against the comparator, with the scenarios beside it."""
    names = (
        "scenario",
        "incremental_costs",
        "incremental_life_years",
        "incremental_qalys",
        "icer",
        "severity_weight",
        "weighted_icer",
    )
    headings = ("", "Incr. costs", "Incr. LYG", "Incr. QALYs", "ICER (£/QALY)", "Weight", "Weighted ICER")
    table = beside(result)
    return part(table, names, table.title, "", headings)


def net_benefit_table(result: BaseCaseResult) -> Table:
    """Return incremental net health benefit at each threshold, weighted beside unweighted."""
    table = beside(result)
    names = ["scenario", *(column.name for column in table.columns if "nhb_at_" in column.name)]
    headings = ["", *(column.heading for column in table.columns if "nhb_at_" in column.name)]
    title = "Incremental net health benefit (QALYs; above 0: cost-effective)"
    return part(table, names, title, "", headings)


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
