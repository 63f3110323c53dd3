"""Tables of inputs/: where the file of one lies, which columns it has, and what its rows must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from netcea.errors import InputError, Problem
from netcea.loading.merging.inputs import Inputs
from netcea.loading.reading.csv_file import Table, read_table
from netcea.quantities.tables import DataTable

COLUMN_TYPES: Mapping[str, Mapping[str, type]] = {
    "life_table": {"age": int, "qx_male": float, "qx_female": float},
    "survival_table": {"time": float, "survival": float},
    "price_index": {"price_year": str, "index": float},
    "patient_times": {"time": float, "event": int, "arm": str},
}
"""Kind of table -> the columns it must have; norms name their own column."""


def content_of(inputs: Inputs, address: str, node: DataTable) -> Table:
    """Return what the file of a table holds.

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
    place = inputs.place(f"{address}.file")
    path = (place.path or inputs.folder / "x").parent / node.file
    if Path(node.file).name != node.file or not inputs.holds(path):
        raise place.error(repr(node.file), "a file name in the same folder of inputs/")
    columns = COLUMN_TYPES.get(node.kind, {})
    if node.kind == "utility_norms":
        columns = {"age": int, "sex": str, **{name: float for name in node.columns if name not in ("age", "sex")}}
    table = read_table(path, columns)
    if faults := _row_faults(node.kind, node.column, table):
        raise InputError(faults)
    return table


@lru_cache(maxsize=128)
def _row_faults(kind: str, column: str, table: Table) -> tuple[Problem, ...]:
    """Return what is wrong with the rows of a table; the same content is checked once."""
    return tuple(ROW_CHECKS[kind](column, table)) if kind in ROW_CHECKS else ()


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
    for column in ("qx_male", "qx_female"):
        for row, qx in enumerate(table[column]):
            if not 0.0 <= qx <= 1.0:
                yield table.place(row, column).problem(f"{qx:g}", "a probability of dying between 0 and 1")


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
    for row, norm in enumerate(table[column]):
        if not -1.0 <= norm <= 1.0:
            yield table.place(row, column).problem(f"{norm:g}", "a utility from -1 to 1")


def _survival(_column: str, table: Table) -> Iterator[Problem]:
    times, survival = table["time"], table["survival"]
    for row, (time, share) in enumerate(zip(times, survival, strict=True)):
        if not 0.0 <= share <= 1.0:
            yield table.place(row, "survival").problem(f"{share:g}", "a proportion from 0 to 1")
        if time < 0.0:
            yield table.place(row, "time").problem(f"{time:g}", "a time from 0")
    for row in range(1, len(table)):
        if times[row] < times[row - 1]:
            yield table.place(row, "time").problem(f"{times[row]:g} after {times[row - 1]:g}", "times that rise")
        if survival[row] > survival[row - 1]:
            found = f"{survival[row]:g} after {survival[row - 1]:g}"
            yield table.place(row, "survival").problem(found, "survival that never rises")


def _price_index(_column: str, table: Table) -> Iterator[Problem]:
    years = table["price_year"]
    for row, (year, index) in enumerate(zip(years, table["index"], strict=True)):
        if index <= 0.0:
            yield table.place(row, "index").problem(f"{index:g}", "a price index above 0")
        if year in years[:row]:
            yield table.place(row, "price_year").problem(f"{year} again", "each price year once")


ROW_CHECKS: Mapping[str, Callable[[str, Table], Iterator[Problem]]] = {
    "life_table": _life_table,
    "utility_norms": _norms,
    "survival_table": _survival,
    "price_index": _price_index,
}
"""Kind of table -> what its rows must be; of norms, in the column in use."""
