"""The tables that `netcea run` prints, and how a table is made for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from netcea.analyses.base_case.breakdown_tables import costs_by_category_and_state, life_years_by_state, qalys_by_state
from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.base_case.results_tables import base_case, beside, label, pairwise
from netcea.reporting.number_format import plain, shown
from netcea.reporting.table import Cell, Column, Format, Table

if TYPE_CHECKING:
    from rich.table import Table as RichTable


def rich_table(table: Table, *, total_last: bool = False, blank_none: bool = False) -> RichTable:
    """Return a table for the terminal: numbers right, text left and folded, never cut."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    made = RichTable(
        box=box.SIMPLE_HEAD,
        title=Text(plain(table.title), style="bold"),
        title_justify="left",
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="",
        show_edge=False,
        caption=Text(table.note) if table.note else None,
        caption_justify="left",
        caption_style="dim",
    )
    for at, column in enumerate(table.columns):
        number = column.format != "text"
        width = _width(column, [row[at] for row in table.rows]) if number else None
        made.add_column(Text(column.title.strip()), justify="right" if number else "left", overflow="fold", width=width)
    for at, row in enumerate(table.rows):
        last = total_last and at == len(table.rows) - 1
        made.add_row(
            *(
                Text("" if cell is None and blank_none else _shown(cell, column))
                for cell, column in zip(row, table.columns, strict=True)
            ),
            style="bold" if last else "",
        )
    return made


def _width(column: Column, cells: Sequence[Cell]) -> int:
    """Return the width of a column of numbers: its widest number or longest word, so that only headings wrap."""
    words = [word for text in (column.title, *(_shown(cell, column) for cell in cells)) for word in text.split()]
    return max(map(len, words), default=1)


def _shown(cell: Cell, column: Column) -> str:
    return shown(cell, column.format)


def part(table: Table, names: Sequence[str], title: str, note: str = "", headings: Sequence[str] = ()) -> Table:
    """Return some columns of a table under another title, with shorter headings if given."""
    at = [[column.name for column in table.columns].index(name) for name in names]
    columns = tuple(
        Column(table.columns[i].name, heading or table.columns[i].heading, "", table.columns[i].format)
        for i, heading in zip(at, headings or [""] * len(at), strict=True)
    )
    return Table(table.name, title, columns, tuple(tuple(row[i] for i in at) for row in table.rows), note)


def incremental_table(result: BaseCaseResult) -> RichTable:
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
    return rich_table(part(base_case(result), names, "Fully incremental, in order of cost", "", headings))


def pairwise_table(result: BaseCaseResult) -> RichTable:
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
    return rich_table(part(table, names, table.title, "", headings))


def main_table(result: BaseCaseResult) -> RichTable:
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
    return rich_table(part(table, names, table.title, "", headings))


def net_benefit_table(result: BaseCaseResult) -> RichTable:
    """Return incremental net health benefit at each threshold, weighted beside unweighted."""
    table = beside(result)
    names = ["scenario", *(column.name for column in table.columns if "nhb_at_" in column.name)]
    headings = ["", *(column.heading for column in table.columns if "nhb_at_" in column.name)]
    title = "Incremental net health benefit (QALYs; above 0: cost-effective)"
    return rich_table(part(table, names, title, "", headings))


def cost_table(result: BaseCaseResult) -> RichTable:
    """Return discounted costs by category."""
    names = [*result.case.strategies, "increment"]
    rows: dict[str, list[float]] = {}
    for category, amounts in _discounted(costs_by_category_and_state(result), "category", names):
        so_far = rows.get(category, [0.0] * len(names))
        rows[category] = [a + b for a, b in zip(so_far, amounts, strict=True)]
    filled: tuple[tuple[Cell, ...], ...] = tuple((category, *amounts) for category, amounts in rows.items())
    return rich_table(Table("costs", "Costs by category", _strategy_columns(result, "pounds"), filled), total_last=True)


def outcome_table(result: BaseCaseResult) -> RichTable:
    """Return discounted life years and QALYs by state."""
    names = [*result.case.strategies, "increment"]
    rows: list[tuple[Cell, ...]] = []
    for measure, table in (("Life years", life_years_by_state(result)), ("QALYs", qalys_by_state(result))):
        rows += [
            (f"{measure}: {state[:1].lower()}{state[1:]}", *amounts)
            for state, amounts in _discounted(table, "state", names)
        ]
    columns = _strategy_columns(result, "qalys")
    return rich_table(Table("outcomes", "Life years and QALYs by health state", columns, tuple(rows)))


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
