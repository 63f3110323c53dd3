"""A table of published values, typed a second time: ``published_values.csv`` in inputs/, or a file that is named.

Columns address, value, low, high and source. Values and ends of 95% intervals are in the unit of the number in inputs/;
low and high may be empty.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from netcea.loading.reading.csv_file import NumberOrNothing, WordOrNothing, read_table

NAME: Final = "published_values.csv"
"""The table's name in inputs/."""
COLUMNS: Final = {
    "address": str,
    "value": float,
    "low": NumberOrNothing,
    "high": NumberOrNothing,
    "source": WordOrNothing,
}


class Published(NamedTuple):
    """A published number.

    Attributes
    ----------
    value : float
    low, high : float
        Ends of its 95% interval; nan where none was published. [unit of the number]
    place : str
        File and line.
    source : str
        Page or table of the publication.
    """

    value: float
    low: float
    high: float
    place: str
    source: str


def published_values(path: Path) -> dict[str, Published]:
    """Return address -> what was published.

    Parameters
    ----------
    path : Path
        Of the table.

    Raises
    ------
    InputError
        Every problem of the file, with its line.
    """
    table = read_table(path, COLUMNS, others=True)
    found: dict[str, Published] = {}
    for i, address in enumerate(table["address"]):
        value, low, high = (float(table[name][i]) for name in ("value", "low", "high"))
        where = table.place(i, "value")
        if address in found:
            raise where.error(f"{address} a second time", "each address once")
        found[address] = Published(value, low, high, f"{where.file}:{where.line}", str(table["source"][i]))
    return found
