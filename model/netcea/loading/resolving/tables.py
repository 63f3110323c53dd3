"""Tables of inputs/: where the file of one lies, which columns it has, and what its rows must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from netcea.errors import InputError, Problem
from netcea.loading.merging.inputs import Inputs
from netcea.loading.reading.csv_file import Table, read_table
from netcea.plain_number import read
from netcea.quantities.tables import DataTable

COLUMN_TYPES: Mapping[str, Mapping[str, type]] = {
    "life_table": {"age": int, "qx_male": float, "qx_female": float},
    "life_tables_by_year": {"year": int, "age": int, "qx_male": float, "qx_female": float},
    "survival_table": {"time": float, "survival": float},
    "price_index": {"price_year": str, "index": float},
    "patient_times": {"time": float, "event": int, "arm": str},
}
"""Kind of table -> the columns it must have; norms name their own column."""


def content_of(inputs: Inputs, address: str, node: DataTable) -> Table:
    """Return what the file of a table holds; read once for all scenarios that share what they read.

    Parameters
    ----------
    inputs : Inputs
        Where it stands.
    address : str
        Of the table.
    node : DataTable
        What inputs/ says at the address.

    Raises
    ------
    InputError
        The file lies elsewhere, cannot be read, or has a row that cannot be.
    """
    return inputs.content(address, lambda: _read(inputs, address, node))


def _read(inputs: Inputs, address: str, node: DataTable) -> Table:
    place = inputs.place(f"{address}.file")
    path = (place.path or inputs.folder / "x").parent / node.file
    if Path(node.file).name != node.file or not inputs.holds(path):
        raise place.error(repr(node.file), "a file name in the same folder of inputs/")
    columns = COLUMN_TYPES.get(node.kind, {})
    if node.kind == "utility_norms":
        columns = {"age": int, "sex": str, **{name: float for name in node.columns if name not in ("age", "sex")}}
    table = read_table(path, columns)
    if node.kind == "survival_table":
        table = _one_row_a_time(table)
    if faults := _row_faults(node.kind, node.column, table):
        raise InputError(faults)
    return table


@lru_cache(maxsize=128)
def _row_faults(kind: str, column: str, table: Table) -> tuple[Problem, ...]:
    """Return what is wrong with the rows of a table; the same content is checked once."""
    return tuple(ROW_CHECKS[kind](column, table)) if kind in ROW_CHECKS else ()


@lru_cache(maxsize=128)
def _one_row_a_time(table: Table) -> Table:
    """Return digitised survival with one row at each time, the lowest: a step is often read at both its corners.

    At time 0 the highest stays, since everybody is alive then.
    """
    times, survival = table["time"], table["survival"]
    kept: list[int] = []
    for row, time in enumerate(times):
        if not kept or times[kept[-1]] != time:
            kept.append(row)
        elif (survival[row] > survival[kept[-1]]) == (time == 0.0):
            kept[-1] = row
    left = len(times) - len(kept)
    if not left:
        return table
    columns = {name: tuple(cells[row] for row in kept) for name, cells in table.columns.items()}
    words = "row" if left == 1 else "rows"
    note = f"{left:,} {words} of {table.shown_as} repeat a time: the lowest survival at each time is taken"
    first = min((s for time, s in zip(times, survival, strict=True) if time == 0.0), default=1.0)
    if first < 1.0:
        note += f", but 1 at time 0, when all are alive: the fall to {read(first)} there is left out"
    return replace(table, columns=columns, lines=tuple(table.lines[row] for row in kept), notes=(*table.notes, note))


def _outside(
    table: Table, column: str, low: float, high: float, expected: str, scales: Mapping[float, str]
) -> Iterator[Problem]:
    """Yield values out of range; one problem only where the whole column is on another scale, such as percent.

    `scales`: the highest value that a column has on each other scale, and what to do about it.
    """
    values = table[column]
    above = [row for row, value in enumerate(values) if value > high]
    for row, value in enumerate(values):
        if value < low:
            yield table.place(row, column).problem(read(value), expected)
    if above:
        most = max(values)
        hint = next((words for highest, words in scales.items() if most <= highest and len(above) > 1), "")
        first = table.place(above[0], column)
        if not hint:
            yield from (table.place(row, column).problem(read(values[row]), expected) for row in above)
            return
        found = (
            f"{read(values[above[0]])}, and {len(above):,} values above {read(high)} in the column, up to {read(most)}"
        )
        yield first.problem(found, expected, hint)


PERCENT: Final = "in percent? divide the column by 100: 99.9% is 0.999"


def _ages(table: Table, rows: list[int], of: str = "") -> Iterator[Problem]:
    """Yield the first place where ages do not go up by one."""
    ages = table["age"]
    for before, row in pairwise(rows):
        if ages[row] != ages[before] + 1:
            found = f"{ages[row]} after {ages[before]}{of}"
            hint = "add the missing row or correct the age"
            yield table.place(row, "age").problem(found, "consecutive whole years of age", hint)
            return


def _life_table(_column: str, table: Table) -> Iterator[Problem]:
    yield from _ages(table, list(range(len(table))))
    yield from _probabilities_of_dying(table)


def _life_tables_by_year(_column: str, table: Table) -> Iterator[Problem]:
    rows: dict[int, list[int]] = {}
    for row, year in enumerate(table["year"]):
        rows.setdefault(year, []).append(row)
    years = sorted(rows)
    for before, year in pairwise(years):
        if year != before + 1:
            found = f"{year} after {before}"
            yield table.place(rows[year][0], "year").problem(
                found, "consecutive calendar years", "add the missing rows"
            )
    ages = {year: sorted(table["age"][row] for row in rows[year]) for year in years}
    for year in years:
        yield from _ages(table, sorted(rows[year], key=lambda row: table["age"][row]), f" in {year}")
        if ages[year] != ages[years[0]]:
            found = f"ages {ages[year][0]} to {ages[year][-1]} in {year}"
            expected = f"the same as in {years[0]}, {ages[years[0]][0]} to {ages[years[0]][-1]}"
            yield table.place(rows[year][0], "age").problem(found, expected)
    yield from _probabilities_of_dying(table)


def _probabilities_of_dying(table: Table) -> Iterator[Problem]:
    scales = {
        100.0: "in percent? divide the column by 100 (by 1,000 if it is deaths per 1,000)",
        1000.0: "per 1,000? divide the column by 1,000",
        1e5: "per 100,000? divide the column by 100,000",
    }
    for column in ("qx_male", "qx_female"):
        yield from _outside(table, column, 0.0, 1.0, "a probability of dying between 0 and 1", scales)


def _norms(column: str, table: Table) -> Iterator[Problem]:
    for row, sex in enumerate(table["sex"]):
        if sex not in ("male", "female"):
            yield table.place(row, "sex").problem(repr(sex), "male or female")
    rows = {sex: [row for row, s in enumerate(table["sex"]) if s == sex] for sex in ("male", "female")}
    of = {sex: {table["age"][row] for row in rows[sex]} for sex in rows}
    for sex, other in (("male", "female"), ("female", "male")):
        rows[sex].sort(key=lambda row: table["age"][row])
        yield from _ages(table, rows[sex], f" among rows of sex {sex}")
        alone = [row for row in rows[sex] if table["age"][row] not in of[other]]
        if alone:
            found = f"age {table['age'][alone[0]]} for {sex} only"
            yield table.place(alone[0], "age").problem(found, "every age for both sexes")
    yield from _outside(table, column, -1.0, 1.0, "a utility from -1 to 1", {100.0: PERCENT})


def _survival(_column: str, table: Table) -> Iterator[Problem]:
    times, survival = table["time"], table["survival"]
    outside = list(_outside(table, "survival", 0.0, 1.0, "a proportion from 0 to 1", {100.0: PERCENT}))
    yield from outside
    for row, time in enumerate(times):
        if time < 0.0:
            yield table.place(row, "time").problem(read(time), "a time from 0")
        elif time == 0.0 and survival[row] != 1.0 and not outside:
            hint = "write 1 at time 0, or leave the row out"
            yield table.place(row, "survival").problem(
                f"{read(survival[row])} at time 0", "1: all are alive then", hint
            )
    for row in range(1, len(table)):
        if times[row] < times[row - 1]:
            yield table.place(row, "time").problem(
                f"{read(times[row])} after {read(times[row - 1])}", "times that rise"
            )
        if survival[row] > survival[row - 1]:
            found = f"{read(survival[row])} after {read(survival[row - 1])}"
            yield table.place(row, "survival").problem(found, "survival that never rises")


def _price_index(_column: str, table: Table) -> Iterator[Problem]:
    seen: set[str] = set()
    for row, (year, index) in enumerate(zip(table["price_year"], table["index"], strict=True)):
        if index <= 0.0:
            yield table.place(row, "index").problem(read(index), "a price index above 0")
        if year in seen:
            yield table.place(row, "price_year").problem(f"{year} again", "each price year once")
        seen.add(year)


ROW_CHECKS: Mapping[str, Callable[[str, Table], Iterator[Problem]]] = {
    "life_table": _life_table,
    "life_tables_by_year": _life_tables_by_year,
    "utility_norms": _norms,
    "survival_table": _survival,
    "price_index": _price_index,
}
"""Kind of table -> what its rows must be; of norms, in the column in use."""
