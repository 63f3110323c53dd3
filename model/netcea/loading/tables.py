"""What the rows of a table of inputs/ must be, beyond being numbers; every fault with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from netcea.errors import Problem
from netcea.loading.csv_file import Table
from netcea.quantities.tables import DataTable


def check_rows(node: DataTable, table: Table) -> Iterator[Problem]:
    """Yield what is wrong with the content of a table, by its kind."""
    check = CHECKS.get(node.kind)
    if check is not None:
        yield from check(node, table)


def _problem(table: Table, row: int, column: str, found: str, expected: str, suggestion: str = "") -> Problem:
    return Problem(table.shown_as, table.lines[row], column, found, expected, suggestion)


def _ages(table: Table, rows: list[int], of: str = "") -> Iterator[Problem]:
    """Yield the first place where ages do not go up by one."""
    ages = table["age"]
    for before, row in pairwise(rows):
        if ages[row] != ages[before] + 1:
            yield _problem(
                table,
                row,
                "age",
                f"{ages[row]} after {ages[before]}{of}",
                "consecutive whole years of age",
                "add the missing row or correct the age",
            )
            return


def _life_table(_node: DataTable, table: Table) -> Iterator[Problem]:
    yield from _ages(table, list(range(len(table))))
    for column in ("qx_male", "qx_female"):
        for row, qx in enumerate(table[column]):
            if not 0.0 <= qx <= 1.0:
                yield _problem(table, row, column, f"{qx:g}", "a probability of dying between 0 and 1")


def _norms(node: DataTable, table: Table) -> Iterator[Problem]:
    for row, sex in enumerate(table["sex"]):
        if sex not in ("male", "female"):
            yield _problem(table, row, "sex", repr(sex), "male or female")
    rows = {sex: [row for row, s in enumerate(table["sex"]) if s == sex] for sex in ("male", "female")}
    of = {sex: {table["age"][row] for row in rows[sex]} for sex in rows}
    for sex, other in (("male", "female"), ("female", "male")):
        rows[sex].sort(key=lambda row: table["age"][row])
        yield from _ages(table, rows[sex], f" among rows of sex {sex}")
        alone = [row for row in rows[sex] if table["age"][row] not in of[other]]
        if alone:
            yield _problem(
                table, alone[0], "age", f"age {table['age'][alone[0]]} for {sex} only", "every age for both sexes"
            )
    for row, norm in enumerate(table[node.column]):
        if not -1.0 <= norm <= 1.0:
            yield _problem(table, row, node.column, f"{norm:g}", "a utility from -1 to 1")


def _survival(_node: DataTable, table: Table) -> Iterator[Problem]:
    times, survival = table["time"], table["survival"]
    for row, (time, share) in enumerate(zip(times, survival, strict=True)):
        if not 0.0 <= share <= 1.0:
            yield _problem(table, row, "survival", f"{share:g}", "a proportion from 0 to 1")
        if time < 0.0:
            yield _problem(table, row, "time", f"{time:g}", "a time from 0")
    for row in range(1, len(table)):
        if times[row] < times[row - 1]:
            yield _problem(table, row, "time", f"{times[row]:g} after {times[row - 1]:g}", "times that rise")
        if survival[row] > survival[row - 1]:
            yield _problem(
                table, row, "survival", f"{survival[row]:g} after {survival[row - 1]:g}", "survival that never rises"
            )


def _price_index(_node: DataTable, table: Table) -> Iterator[Problem]:
    years = table["price_year"]
    for row, (year, index) in enumerate(zip(years, table["index"], strict=True)):
        if index <= 0.0:
            yield _problem(table, row, "index", f"{index:g}", "a price index above 0")
        if year in years[:row]:
            yield _problem(table, row, "price_year", f"{year} again", "each price year once")


CHECKS: Mapping[str, Callable[[DataTable, Table], Iterator[Problem]]] = {
    "life_table": _life_table,
    "utility_norms": _norms,
    "survival_table": _survival,
    "price_index": _price_index,
}
"""Kind of table -> what its rows must be."""
