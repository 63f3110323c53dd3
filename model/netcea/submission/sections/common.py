"""What sections share: tables with fewer columns, numbers with their sources, words that a person must add."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from netcea.plain_number import read
from netcea.quantities.addresses import addresses_in
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table
from netcea.scenario.price_layers import CONFIDENTIAL
from netcea.submission.blocks import TO_BE_COMPLETED, Block, FigureBlock, Paragraph, TableBlock, cite, ref
from netcea.submission.sections.amount import amount
from netcea.submission.sections.places import section_of
from netcea.submission.sections.spreads import quantiles_of, standard_errors_of
from netcea.submission.submission import Submission

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pydantic import BaseModel

SAID: Final = ("assumption", "unverified")
"""A status that is said beside the value, wherever it stands."""
TEXT: Final = Column("text", "Text")


def to_be_completed(what: str) -> Paragraph:
    """Return a paragraph that a person has to write.

    Parameters
    ----------
    what : str
        What is to be said.
    """
    return Paragraph(f"{TO_BE_COMPLETED}: {what}", "to_be_completed")


def shell(name: str, caption: str, headings: Sequence[str], first: str = "") -> TableBlock:
    """Return a table of the template that a person has to fill in.

    Parameters
    ----------
    name : str
        Of the table.
    caption : str
        As the template has it.
    headings : sequence of str
        Of its columns.
    first : str
        What stands in the first cell, after the words that say so.
    """
    columns = tuple(Column(f"column_{n}", heading) for n, heading in enumerate(headings, 1))
    words = f"{TO_BE_COMPLETED}{f': {first}' if first else ''}"
    return TableBlock(Table(name, caption, columns, ((words, *[""] * (len(headings) - 1)),)), caption)


def words_table(
    name: str, caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], note: str = ""
) -> Table:
    """Return a table of texts.

    Parameters
    ----------
    name, caption : str
        Of the table.
    headings : sequence of str
        Of its columns.
    rows : iterable of sequence of str
        Its cells.
    note : str
        Below it.
    """
    columns = tuple(Column(f"column_{n}", heading) for n, heading in enumerate(headings, 1))
    return Table(name, caption, columns, tuple(tuple(row) for row in rows), note)


def picked(table: Table, names: Iterable[str], where: Callable[[Mapping[str, Cell]], bool] | None = None) -> Table:
    """Return a table with some of its columns, in this order, and some of its rows.

    Parameters
    ----------
    table : Table
        Of a report.
    names : iterable of str
        Of columns; those that it has not are left out.
    where : function of a row by column, optional
        Whether a row stays.
    """
    known = [column.name for column in table.columns]
    at = [known.index(name) for name in names if name in known]
    rows = (row for row in table.rows if where is None or where(dict(zip(known, row, strict=True))))
    return replace(
        table, columns=tuple(table.columns[i] for i in at), rows=tuple(tuple(row[i] for i in at) for row in rows)
    )


def table_blocks(
    submission: Submission,
    analysis: str,
    name: str,
    caption: str,
    columns: Sequence[str] = (),
    where: Callable[[Mapping[str, Cell]], bool] | None = None,
    key: str = "",
) -> list[Block]:
    """Return a table of a report as a block; nothing where it is not there, or nothing is left of it.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    analysis, name : str
        Whose table, and which.
    caption : str
        As the document has it.
    columns : sequence of str
        All of them when empty.
    where : function of a row by column, optional
        Whether a row stays.
    key : str
        By which text points to it; its name when empty.
    """
    found = submission.table(analysis, name)
    if found is None:
        return []
    if columns or where is not None:
        found = picked(found, columns or [column.name for column in found.columns], where)
    return [TableBlock(found, caption, key)] if found.rows and found.columns else []


def figure_blocks(
    submission: Submission, analysis: str, name: str, caption: str, alt: str, key: str = ""
) -> list[Block]:
    """Return a figure of a report as a block; nothing where it is not there.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    analysis, name : str
        Whose figure, and which.
    caption, alt : str
        Its caption, and what it shows in words.
    key : str
        By which text points to it; 'figure_' and its name when empty.
    """
    report = submission.reports.get(analysis)
    if report is None or name not in report.figures:
        return []

    def draw() -> Figure:
        return report.figure(name)

    return [FigureBlock(name, draw, caption, alt, key)]


def sentences(text: str) -> str:
    """Return words of a scenario file as sentences: on one line, with a full stop at their end.

    Parameters
    ----------
    text : str
        As the file has it.

    Examples
    --------
    >>> sentences("No result by line  was found"), sentences("")
    ('No result by line was found.', '')
    """
    words = plain(" ".join(text.split()))
    return words if not words or words[-1] in ".!?" else f"{words}."


def list_of(lines: Iterable[str]) -> list[Block]:
    """Return sentences as items of a list.

    Parameters
    ----------
    lines : iterable of str
        Of a report.
    """
    return [Paragraph(_FILES.sub("", plain(line)), "list") for line in lines]


_FILES: Final = re.compile(r" \([^()]*(?:\.csv|figures/)[^()]*\)")
"""What a sentence says of files beside it: in the document there are tables and figures in their place."""


@dataclass(frozen=True)
class Number:
    """A number of inputs/, as the table of inputs shows it.

    Attributes
    ----------
    address, label, unit : str
    value, low, high : float or None
        The point estimate, None where it is confidential; its 95% interval, published or of its distribution.
    distribution, price_year, price_type, status, source, note : str
        As in inputs/; sources with commas between them.
    standard_error : float or None
        Of the distribution that is sampled.
    hidden : bool
        Whether its value is confidential.
    """

    address: str
    label: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    distribution: str
    price_year: str
    price_type: str
    status: str
    source: str
    note: str
    standard_error: float | None = None
    hidden: bool = False

    @property
    def shown(self) -> str:
        """Its value with its unit."""
        if self.hidden or self.value is None:
            return CONFIDENTIAL
        return amount(self.value, self.unit)

    @property
    def interval(self) -> str:
        """Its 95% interval; empty where it has none."""
        if self.low is None or self.high is None:
            return ""
        return f"{read(self.low, 4)} to {read(self.high, 4)}"

    @property
    def cited(self) -> str:
        """Its sources, as text cites them; and where it is an assumption."""
        return f"{self.status} {cite(self.source)}" if self.status in SAID else cite(self.source)

    @property
    def told(self) -> str:
        """The value with its sources, as a sentence has it; and where it is an assumption."""
        return f"{self.shown}{f' ({self.status})' if self.status in SAID else ''} {cite(self.source)}"

    @property
    def section(self) -> str:
        """The section that is about it, as text points to it."""
        key = section_of(self.address)
        return ref(key) if key else ""


def numbers_of(submission: Submission) -> dict[str, Number]:
    """Return every number in use, by its address, as the table of inputs shows it.

    Parameters
    ----------
    submission : Submission
        With a base case.
    """
    table = submission.reports["base_case"].table("inputs")
    errors = standard_errors_of(submission)
    secret = submission.scenario.prices.secret
    names = [column.name for column in table.columns]
    found = {}
    for cells in table.rows:
        row = dict(zip(names, cells, strict=True))
        address = str(row["address"])
        texts = {n: str(row[n] or "") for n in ("label", "unit", "distribution", "price_year", "price_type")}
        texts |= {n: str(row[n] or "") for n in ("status", "source", "note")}
        low, high = _number(row["low"]), _number(row["high"])
        if low is None and address not in secret:
            low, high = quantiles_of(submission.scenario.quantities[address])
        found[address] = Number(
            address=address,
            value=_number(row["value"]),
            low=low,
            high=high,
            standard_error=errors.get(address),
            hidden=address in secret,
            **texts,
        )
    return found


def used_in(block: BaseModel, numbers: Mapping[str, Number]) -> list[Number]:
    """Return the numbers that a block of the scenario names, those of groups too, in the block's order.

    Parameters
    ----------
    block : BaseModel
        Of the scenario file.
    numbers : mapping of address -> Number
        In use.
    """
    found: dict[str, Number] = {}
    for use in addresses_in(block):
        found |= {a: n for a, n in numbers.items() if a == use.address or a.startswith(f"{use.address}.")}
    return list(found.values())


def in_words(numbers: Iterable[Number]) -> str:
    """Return numbers with their labels, values and sources, one after another.

    Parameters
    ----------
    numbers : iterable of Number
        In use.
    """
    return "; ".join(f"{n.label}: {n.told}" for n in numbers)


def value_in_words(value: object) -> str:
    """Return a value of a scenario file, as a reader takes it: entries with colons, lists with commas.

    Parameters
    ----------
    value : JSON
        Of an entry.

    Examples
    --------
    >>> value_in_words({"starts": 3.0, "since": ["baseline", "end"]})
    'starts: 3, since: baseline, end'
    """
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return read(float(value), 6)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {value_in_words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(value_in_words, value))
    return plain(str(value))


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
