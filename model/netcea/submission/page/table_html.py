"""Tables and the places of figures as HTML: headings with their scope, numbers with their source and in full."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Final

from netcea.reporting.number_format import plain, shown
from netcea.reporting.table import Cell, Column, Icer, Table
from netcea.scenario.price_layers import CONFIDENTIAL, mark_of
from netcea.submission.page.sources import without_schemes

if TYPE_CHECKING:
    from netcea.submission.page.sources import Sources

LENGTHS: Final = {"longer": 270, "long": 90, "some": 25}
"""Class of a cell of text, which gives it a least width -> characters above which it has it."""


def text_html(text: str) -> str:
    """Return text on one line that stands in HTML as it is, whatever is in it, and leads nowhere.

    >>> text_html('</script><b> "a" https://example.org')
    '&lt;/script&gt;&lt;b&gt; &quot;a&quot; example.org'
    """
    return escape(without_schemes(plain(text)))


def table_html(table: Table, sources: Sources, where: str) -> str:
    """Return a table as HTML.

    Parameters
    ----------
    table : Table
        Of a report.
    sources : Sources
        Takes in where its numbers come from.
    where : str
        The analysis.
    """
    heads = "".join(_head(column) for column in table.columns)
    by_column = [sources.number(sources.of_column(table, column, where)) for column in table.columns]
    body = "".join(_row(table, row, sources, by_column, number) for number, row in enumerate(table.rows))
    note = f'<p class="note">{text_html(table.note)}</p>' if table.note else ""
    return (
        f'<div class="table"><div class="scroll"><table data-sorts data-name="{text_html(table.name)}">'
        f"<caption>{_caption(table)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{note}</div>"
    )


def live_table_html(name: str, title: str, columns: tuple[str, ...], marking: str) -> str:
    """Return a table that the panel fills: its caption and its headings.

    Parameters
    ----------
    name : str
        Its identity in the page.
    title : str
        Its caption.
    columns : tuple of str
        Headings; all but the first and what strategies are compared with are of numbers.
    marking : str
        Of the run.
    """
    heads = "".join(
        _head(Column("", text, "", "number" if at and text != "Versus" else "text")) for at, text in enumerate(columns)
    )
    empty = Table(name, title, (), (), marking=marking)
    return (
        f'<div class="table"><div class="scroll"><table id="{name}" class="live" data-sorts>'
        f"<caption>{_caption(empty)}</caption><thead><tr>{heads}</tr></thead><tbody></tbody></table></div></div>"
    )


def figure_html(name: str, title: str, numbers: str = "", said: str = "") -> str:
    """Return the place of a figure, which the script draws, with the table of its numbers behind a line.

    Parameters
    ----------
    name : str
        Its identity.
    title : str
        Its caption.
    numbers : str
        The table, as HTML; empty where it stands elsewhere.
    said : str
        Identity of a sentence below it that the script writes; empty where there is none.
    """
    words = f'<p id="{said}"></p>' if said else ""
    table = f"<details><summary>{text_html(title.partition(':')[0])} in numbers</summary>{numbers}</details>"
    return (
        f'<figure class="chart" id="figure-{name}"><figcaption>{text_html(title)}</figcaption><div class="plot"></div>'
        f'<div class="key"></div>{words}<div class="reader"></div>{table if numbers else ""}</figure>'
    )


def _caption(table: Table) -> str:
    mark = mark_of(table.marking)
    strong = f' <strong class="mark">{mark}</strong>' if mark else ""
    return f"<span>{text_html(table.title)}{strong}</span>"


def _head(column: Column) -> str:
    kind = "" if column.format == "text" else ' class="n"'
    return f'<th scope="col"{kind}>{text_html(column.title)}</th>'


def _row(table: Table, row: tuple[Cell, ...], sources: Sources, by_column: list[int], number: int) -> str:
    told = sources.of_row(table, row)
    of_row = sources.number(told) if told else None
    last = table.total_last and number == len(table.rows) - 1
    cells = []
    for at, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
        blank = cell is None and table.blank_none
        text = "" if blank else text_html(shown(cell, column.format))
        tag = "th" if at == 0 else "td"
        head = ' scope="row"' if at == 0 else ""
        kind = ' class="n"' if column.format != "text" else _width(text)
        value = _value(cell)
        data = "" if value is None else f' data-v="{value}"'
        has_source = (column.format != "text" or of_row is not None) and cell not in (None, "", CONFIDENTIAL)
        source = f' data-s="{by_column[at] if of_row is None else of_row}"' if has_source else ""
        cells.append(f"<{tag}{head}{kind}{data}{source}>{text}</{tag}>")
    return f"<tr{' class=total' if last else ''}>{''.join(cells)}</tr>"


def _width(text: str) -> str:
    """Return the class of a cell of text, by its length."""
    name = next((name for name, least in LENGTHS.items() if len(text) > least), "")
    return f' class="{name}"' if name else ""


def _value(cell: Cell) -> str | None:
    """Return a number in full, for sorting and for a spreadsheet; None for text, and for what is not reached."""
    number = cell.value if isinstance(cell, Icer) else cell
    if isinstance(cell, Icer) and (cell.label or (cell.error is not None and math.isinf(cell.error))):
        return None
    return repr(float(number)) if isinstance(number, int | float) and math.isfinite(number) else None
