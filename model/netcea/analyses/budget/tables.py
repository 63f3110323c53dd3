"""Tables of an analysis of budget impact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from netcea.analyses.budget.figure import million
from netcea.analyses.budget.result import BudgetResult, BudgetYear, PerPatient
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, ColumnOf, Table, table_of

FIRST_YEARS: Final = 3
"""Years that NICE's budget impact test looks at."""
CONVENTION: Final = (
    "Undiscounted, at prices of {}. Patients start on the first day of a year; a year's costs are those of everybody "
    "who has started since year 1."
)


def budget_table(result: BudgetResult) -> Table:
    """Return a row for each year, and one of all together."""
    technology = _label(result, result.scenario.file.decision.intervention)
    columns: tuple[ColumnOf[BudgetYear | None], ...] = (
        (Column("year", "Year"), lambda at: "all" if at is None else str(at.year)),
        _column(result, "eligible", "Eligible", "patients", "number"),
        (Column("uptake", "Uptake", "", "percent"), lambda at: None if at is None else at.uptake),
        _column(result, "starting", f"Starting {technology}", "patients", "number"),
        _column(result, "costs_without", "Costs without it"),
        _column(result, "costs_with", "Costs with it"),
        _column(result, "net_budget_impact", "Net budget impact"),
        _column(result, "drugs_without", "Drugs without it"),
        _column(result, "drugs_with", "Drugs with it"),
        _column(result, "net_drug_budget", "Net drug budget"),
    )
    if result.test_threshold is not None:
        exceeds = Column("exceeds_threshold", f"Above {million(result.test_threshold)}")
        columns = (*columns, (exceeds, lambda at: "" if at is None else _exceeds(at, result.test_threshold or 0.0)))
    note = CONVENTION.format(plain(result.scenario.file.settings.price_year))
    return table_of("budget", "Budget impact by year", (*result.years, None), columns, note, total_last=True)


def budget_screen(result: BudgetResult) -> Table:
    """Return the columns of the same table that fit on a screen."""
    table = budget_table(result)
    narrow = [i for i, c in enumerate(table.columns) if c.name not in ("drugs_without", "drugs_with")]
    rows = tuple(tuple(row[i] for i in narrow) for row in table.rows)
    return Table(
        "budget_screen", table.title, tuple(table.columns[i] for i in narrow), rows, table.note, total_last=True
    )


def categories_table(result: BudgetResult) -> Table:
    """Return costs by category: without and with the technology, and the difference, a column a year."""
    items = [
        (category.category, words, getattr(category, field))
        for category in result.categories
        for words, field in (("without", "costs_without"), ("with", "costs_with"), ("net", "net_budget_impact"))
    ]
    columns: list[ColumnOf[tuple[str, str, tuple[float, ...]]]] = [
        (Column("category", "Category"), lambda row: plain(row[0])),
        (Column("world", "The technology"), lambda row: row[1]),
        *_by_year(len(result.years), lambda row: row[2]),
    ]
    return table_of("budget_categories", "Costs by category, without and with the technology", items, columns)


def categories_screen(result: BudgetResult) -> Table:
    """Return what the technology adds in each category, a column a year."""
    return table_of(
        "budget_categories_screen",
        "Net budget impact by category",
        result.categories,
        (
            (Column("category", "Category"), lambda row: plain(row.category)),
            *_by_year(len(result.years), lambda row: row.net_budget_impact),
        ),
    )


def patients_table(result: BudgetResult) -> Table:
    """Return who starts what, without and with the technology, a column a year."""
    items = [
        (of.strategy, words, starting)
        for of in result.patients
        for words, starting in (("without", of.starting_without), ("with", of.starting_with))
    ]
    columns: list[ColumnOf[tuple[str, str, tuple[float, ...]]]] = [
        (Column("strategy", "Strategy"), lambda row: _label(result, row[0])),
        (Column("world", "The technology"), lambda row: row[1]),
        *_by_year(len(result.years), lambda row: row[2], "patients", "patients", "number"),
    ]
    return table_of("budget_patients", "Patients starting treatment", items, columns)


def per_patient_table(result: BudgetResult) -> Table:
    """Return undiscounted costs per patient by item and year since the start, and of all years until the horizon."""
    years = len(result.years)
    labels = {name: cost.label for name, cost in result.scenario.file.every_payers_costs().items()}
    columns: list[ColumnOf[PerPatient]] = [
        (Column("strategy", "Strategy"), lambda row: _label(result, row.strategy)),
        (Column("item", "Cost"), lambda row: plain(labels[row.item])),
        (Column("category", "Category"), lambda row: plain(row.category)),
        *_by_year(years, lambda row: row.costs, heading="Year since start {}"),
        (Column("costs", "To the horizon", "£", "pounds"), lambda row: sum(row.costs)),
        (Column("counted", "In the budget"), lambda row: "yes" if row.counted else "no"),
    ]
    title = "Undiscounted costs per patient by year since the start"
    return table_of("budget_per_patient", title, result.per_patient, columns)


def _column(
    result: BudgetResult, name: str, heading: str, unit: str = "£", kind: Any = "pounds"
) -> ColumnOf[BudgetYear | None]:
    """Return a column whose last row is the sum."""

    def cell(at: BudgetYear | None) -> Cell:
        return sum(float(getattr(year, name)) for year in (result.years if at is None else (at,)))

    return Column(name, heading, unit, kind), cell


def _by_year(
    years: int,
    values: Callable[[Any], Iterable[float]],
    name: str = "costs",
    unit: str = "£",
    kind: Any = "pounds",
    heading: str = "Year {}",
) -> list[ColumnOf[Any]]:
    def of(k: int) -> ColumnOf[Any]:
        return Column(f"{name}_{k + 1}", heading.format(k + 1), unit, kind), lambda row: _at(tuple(values(row)), k)

    return [of(k) for k in range(years)]


def _at(values: tuple[float, ...], k: int) -> float:
    return values[k] if k < len(values) else 0.0


def _exceeds(year: BudgetYear, threshold: float) -> str:
    return "yes" if year.net_budget_impact > threshold else "no"


def together_table(results: Sequence[BudgetResult]) -> Table | None:
    """Return the net budget impact of several populations and of all together; None of one, or where no sum has sense.

    Parameters
    ----------
    results : sequence of BudgetResult
        Of populations of one recommendation: of as many years, in the same prices.
    """
    kinds = {
        (len(r.years), r.scenario.file.settings.price_year, r.scenario.file.decision.intervention) for r in results
    }
    if len(results) < 2 or len(kinds) > 1 or any(r.scenario.prices.redacted for r in results):
        return None
    rows = [(plain(r.scenario.file.name), [year.net_budget_impact for year in r.years]) for r in results]
    rows.append(("together", [sum(part) for part in zip(*(amounts for _, amounts in rows), strict=True)]))
    columns: list[ColumnOf[tuple[str, list[float]]]] = [
        (Column("scenario", "Population"), lambda row: row[0]),
        *_by_year(len(results[0].years), lambda row: row[1]),
    ]
    note = "The payer's test is of all populations of a recommendation together. No patient may be in two of them."
    return table_of("budget_together", "Net budget impact of all populations", rows, columns, note, total_last=True)


def _label(result: BudgetResult, strategy: str) -> str:
    return plain(result.scenario.label(strategy))
