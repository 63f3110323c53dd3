"""A Parquet file that somebody sent: opened only if its footer describes a flat table of numbers of a possible size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.errors import InputError, Place
from netcea.scenario.options import MOST_DRAWS

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

MOST_COLUMNS: Final = 5000
MOST_OF_FOOTER: Final = 10_000_000
"""Texts of the footer. [bytes]"""
MOST_A_VALUE: Final = 64
"""Of a column unpacked, for each row: eight times a number. [bytes]"""
BESIDES: Final = 1_000_000
"""Of a column unpacked, whatever its rows: pages, dictionaries. [bytes]"""


def open_parquet(path: Path) -> ParquetFile:
    """Return a file of which only the footer was read.

    Parameters
    ----------
    path : Path
        Of a table of numbers, a row for each draw.

    Raises
    ------
    InputError
        No pyarrow; not an ordinary file; not Parquet; more rows or columns than an analysis has; columns that hold
        tables or have the same name; a column that unpacks to more than its rows can need.
    """
    place = Place(str(path))
    try:
        import pyarrow.parquet as pq
    except ImportError:
        found = "a Parquet file, and no pyarrow to read it with"
        raise place.error(found, "netcea[parquet] installed, or a CSV file") from None
    if not path.is_file():
        raise place.error("no such file" if not path.exists() else "no ordinary file", "a Parquet file")
    try:
        opened = pq.ParquetFile(
            path, thrift_string_size_limit=MOST_OF_FOOTER, thrift_container_size_limit=MOST_COLUMNS * 20
        )
        fault = _fault_of(opened)
    except Exception as error:  # noqa: BLE001 - pyarrow has many of its own
        raise place.error(f"a file that is not Parquet ({error})", "Parquet") from None
    if fault:
        raise _wrong(place, fault)
    return opened


def _wrong(place: Place, fault: str) -> InputError:
    return place.error(fault, "a table of numbers, a row for each draw")


def _fault_of(opened: Any) -> str:
    """Return what is wrong with a file by its footer; '' if nothing."""
    import pyarrow as pa

    described, schema = opened.metadata, opened.schema_arrow
    if described.num_rows > MOST_DRAWS or described.num_columns > MOST_COLUMNS:
        return f"{described.num_rows:,} rows of {described.num_columns:,} columns"
    if len(set(schema.names)) < len(schema.names):
        return "two columns of the same name"
    nested = [name for name, kind in zip(schema.names, schema.types, strict=True) if pa.types.is_nested(kind)]
    if nested:
        return f"the column '{nested[0]}' of tables or lists"
    groups = [described.row_group(i) for i in range(described.num_row_groups)]
    if sum(group.num_rows for group in groups) != described.num_rows:
        return "groups of rows that are not all rows"
    return next((fault for group in groups if (fault := _fault_of_group(group))), "")


def _fault_of_group(group: Any) -> str:
    most = MOST_A_VALUE * group.num_rows + BESIDES
    for number in range(group.num_columns):
        column = group.column(number)
        if column.total_uncompressed_size > most or column.num_values > group.num_rows:
            return f"the column '{column.path_in_schema}' of {column.total_uncompressed_size:,} bytes unpacked"
    return ""
