"""A table of results: typed columns and rows at full precision. Rounding belongs to the writers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, TypeVar

from netcea.decision.incremental import IncrementalRow, Label
from netcea.scenario.price_layers import mark_of

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Format: TypeAlias = Literal[
    "text", "pounds", "qalys", "years", "months", "percent", "number", "count", "icer", "weight"
]
"""How a writer shows a column; `percent` holds a share, `icer` an `Icer`."""


@dataclass(frozen=True)
class Icer:
    """An ICER [GBP/QALY], never negative, and what it is called where it is not a plain one.

    Attributes
    ----------
    value : float or None
    label : str
    error : float or None
        Monte Carlo standard error of one of draws; inf where they do not tell the ICER at all. [GBP/QALY]
    """

    value: float | None
    label: Label
    error: float | None = None

    @classmethod
    def of(cls, row: IncrementalRow) -> Icer:
        """Return the ICER of a row of incremental analysis."""
        return cls(row.icer, row.label)


class Drawn(float):
    """A number that draws tell, with its Monte Carlo standard error: people are shown no digit finer than that.

    Parameters
    ----------
    value, error : float
        In the same unit. Files and frames hold the value in full.

    Examples
    --------
    >>> Drawn(85_183.4, 207.3), Drawn(85_183.4, 207.3).error
    (85183.4, 207.3)
    """

    error: float

    def __new__(cls, value: float, error: float) -> Self:
        """Make the number itself."""
        made = super().__new__(cls, value)
        made.error = error
        return made

    def __getnewargs__(self) -> tuple[float, float]:  # type: ignore[override]  # typeshed has that of float itself
        """Return what a copy is made of."""
        return float(self), self.error


Cell: TypeAlias = str | float | Icer | None
"""Text, a number (inf: not reached; `Drawn`: of draws), an ICER, or nothing."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    name : str
        In frames; stable.
    heading : str
        In print.
    unit : str
        Empty where there is none, or where it differs by row.
    format : Format
    """

    name: str
    heading: str
    unit: str = ""
    format: Format = "text"

    @property
    def title(self) -> str:
        """Heading with its unit.

        >>> Column("costs", "Total costs", "£", "pounds").title
        'Total costs (£)'
        """
        return f"{self.heading} ({self.unit})" if self.unit else self.heading


@dataclass(frozen=True)
class Table:
    """A table with a name, a caption, columns, rows and a note below it.

    Attributes
    ----------
    name : str
        Of its CSV file.
    title : str
        Above it.
    columns : tuple of Column
    rows : tuple of tuple of cells
    note : str
        Below it.
    total_last : bool
        Whether the last row is a total, shown in bold on the screen.
    blank_none : bool
        Whether nothing is shown for nothing, in place of a dash.
    marking : str
        That its numbers are at confidential prices, or redacted; empty where neither.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    total_last: bool = False
    blank_none: bool = False
    marking: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.name}: a row has not as many cells as there are columns")

    def column(self, name: str) -> list[Cell]:
        """Return the cells of a column."""
        at = [column.name for column in self.columns].index(name)
        return [row[at] for row in self.rows]

    @property
    def documentation(self) -> Mapping[str, str]:
        """Column of the frame -> what it holds."""
        words: dict[str, str] = {}
        for column in self.columns:
            words[column.name] = column.title
            if column.format == "icer":
                words[f"{column.name}_label"] = f"{column.heading}: what it is called if not a plain ICER"
        return words


ColumnOf: TypeAlias = Column | tuple[Column, Callable[[T], Cell]]
"""A column with the function that gives its cell; alone where the cell is the item's attribute of the same name."""


def table_of(
    name: str,
    title: str,
    items: Iterable[T],
    columns: Iterable[ColumnOf[T]],
    note: str = "",
    *,
    total_last: bool = False,
) -> Table:
    """Return a table with a row for each item, from columns that say their cells.

    Examples
    --------
    >>> columns = (Column("real", "Number", "", "number"), (Column("name", "In words"), lambda x: f"about {x:.0f}"))
    >>> table_of("numbers", "Numbers", [1.2, 2.9], columns).rows
    ((1.2, 'about 1'), (2.9, 'about 3'))
    """
    pairs = [_pair(column) for column in columns]
    rows = tuple(tuple(cell(item) for _, cell in pairs) for item in items)
    return Table(name, title, tuple(column for column, _ in pairs), rows, note, total_last)


def columns_of(part: Callable[[Any], Any], columns: Iterable[ColumnOf[Any]]) -> tuple[ColumnOf[Any], ...]:
    """Return columns of a part of each item; their cells are empty where an item has no such part.

    >>> columns = columns_of(lambda pair: pair[1], [Column("real", "Number", "", "number")])
    >>> table_of("numbers", "Numbers", [(1, 2.0), (3, None)], columns).rows
    ((2.0,), (None,))
    """

    def of_part(cell: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
        return lambda item: None if part(item) is None else cell(part(item))

    return tuple((column, of_part(cell)) for column, cell in map(_pair, columns))


def finite(value: float) -> float | None:
    """Return a number, or nothing where there is none: not reached, not known."""
    return value if math.isfinite(value) else None


def _pair(column: ColumnOf[T]) -> tuple[Column, Callable[[T], Cell]]:
    return (column, attrgetter(column.name)) if isinstance(column, Column) else column


def as_frame(table: Table) -> pd.DataFrame:
    """Return a table as a typed pandas frame.

    Text columns are strings, all others float64 (missing: NaN). An ICER column stands beside ``<name>_label``:
    a number with a label is no plain ICER. ``frame.attrs`` holds title, note and what each column is; of a confidential
    run the marking too, which a column repeats.
    """
    import pandas as pd

    series: dict[str, pd.Series] = {}
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.rows]
        if column.format == "text":
            series[column.name] = pd.Series(cells, dtype="string")
        elif column.format == "icer":
            icers = [cell if isinstance(cell, Icer) else Icer(None, "") for cell in cells]
            series[column.name] = pd.Series([icer.value for icer in icers], dtype="float64")
            series[f"{column.name}_label"] = pd.Series([icer.label for icer in icers], dtype="string")
        else:
            numbers = [None if isinstance(cell, str) else cell for cell in cells]  # a word: hidden
            series[column.name] = pd.Series(numbers, dtype="float64")
    mark = mark_of(table.marking)
    if mark:
        series["marking"] = pd.Series([mark] * len(table.rows), dtype="string")
    frame = pd.DataFrame(series)
    frame.attrs = {"title": table.title, "note": table.note, "columns": dict(table.documentation)}
    if table.marking:
        frame.attrs["marking"] = table.marking
    return frame
