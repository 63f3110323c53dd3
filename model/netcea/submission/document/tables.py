"""A table as XML: one heading row that is repeated and marked as such, columns that fit the page, no merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

from netcea.reporting.number_format import shown
from netcea.reporting.table import Cell, Column, Table
from netcea.submission.blocks import TableBlock
from netcea.submission.document.breaks import breakable_xml
from netcea.submission.document.labels import Labels
from netcea.submission.document.lengths import TWIPS
from netcea.submission.document.markup import paragraph
from netcea.submission.document.widths import fitted, least_width, wanted_width
from netcea.visible_text import visible

SIZES: Final = (8.0, 7.0, 6.5)
"""Of the letters of tables: the first at which a table fits. [points]"""


SHORT: Final = 10
"""Rows of a table that is not broken between pages."""


@dataclass(frozen=True)
class Looks:
    """Ids of the styles of a table.

    Attributes
    ----------
    table, text, heading, note : str
        Of the table itself, its cells, its heading row, what stands below it.
    """

    table: str
    text: str
    heading: str
    note: str


def headings_of(block: TableBlock) -> list[str]:
    """Return the headings of a table's columns.

    Parameters
    ----------
    block : TableBlock
        The table.
    """
    return list(block.headings) or [column.title for column in block.table.columns]


def texts_in(table: Table) -> list[list[str]]:
    """Return the cells of a table as they are read, row by row; marks of references and sources as they are.

    Parameters
    ----------
    table : Table
        Any.
    """
    return [[_text(cell, c, table) for cell, c in zip(row, table.columns, strict=True)] for row in table.rows]


def _text(cell: Cell, column: Column, table: Table) -> str:
    if cell is None and table.blank_none:
        return ""
    if isinstance(cell, str):
        return cell
    return shown(cell, column.format)


def fits_upright(block: TableBlock, room: float, labels: Labels) -> bool:
    """Say whether a table can be read on an upright page: numbers whole, texts not in narrow strips.

    Parameters
    ----------
    block : TableBlock
        The table.
    room : float
        Width of the text of an upright page. [cm]
    labels : Labels
        Of the document.
    """
    columns, _ = _columns(block, labels)
    return sum(wanted_width(cells, SIZES[0]) for cells in columns) <= room * 1.12


def table_xml(block: TableBlock, room: float, looks: Looks, labels: Labels) -> str:
    """Return a table, and what stands below it.

    Parameters
    ----------
    block : TableBlock
        The table.
    room : float
        Width of the page's text. [cm]
    looks : Looks
        Its styles.
    labels : Labels
        Of the document.
    """
    columns, whole = _columns(block, labels)
    size = next((s for s in SIZES if _least(columns, whole, s) <= room), SIZES[-1])
    if block.widths:
        widths = [width * room / sum(block.widths) for width in block.widths]
    else:
        widths = fitted(columns, whole, size, room)
    twips = [round(width * TWIPS) for width in widths]
    head = _row(headings_of(block), twips, whole, looks.heading, size, labels, header=True)
    rows = texts_in(block.table)
    bold = {len(rows) - 1} if block.table.total_last else set[int]()
    body = "".join(
        _row(
            row,
            twips,
            whole,
            looks.text,
            size,
            labels,
            bold=n in bold or "Total" in row,
            stays=n < len(rows) - 1 <= SHORT,
        )
        for n, row in enumerate(rows)
    )
    described = f"<w:tblCaption w:val={quoteattr(visible(labels.plain(block.caption)))}/>"
    about = (
        f'<w:tblPr><w:tblStyle w:val={quoteattr(looks.table)}/><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{described}</w:tblPr>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    note = labels.runs(block.table.note) if block.table.note else ""
    return f"<w:tbl>{about}<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>{paragraph(looks.note, note)}"


def _columns(block: TableBlock, labels: Labels) -> tuple[list[list[str]], list[bool]]:
    """Return heading and cells of each column as they read, and whether it is one of numbers."""
    rows = [headings_of(block), *texts_in(block.table)]
    read = [[labels.plain(cell) for cell in row] for row in rows]
    return [list(cells) for cells in zip(*read, strict=True)], [c.format != "text" for c in block.table.columns]


def _least(columns: Sequence[Sequence[str]], whole: Sequence[bool], size: float) -> float:
    return sum(least_width(cells, size, whole=w) for cells, w in zip(columns, whole, strict=True))


def _row(
    cells: Sequence[str],
    widths: Sequence[int],
    whole: Sequence[bool],
    style: str,
    size: float,
    labels: Labels,
    *,
    header: bool = False,
    bold: bool = False,
    stays: bool = False,
) -> str:
    """Return a row, which is not broken between pages; one that stays is on the page of the next."""
    smaller = "" if size == SIZES[0] else f'<w:rPr><w:sz w:val="{round(2 * size)}"/></w:rPr>'
    made = []
    for text, width, right in zip(cells, widths, whole, strict=True):
        inside = breakable_xml(labels.runs(text, bold=bold))
        if smaller:
            inside = _sized(inside, round(2 * size))
        side = '<w:jc w:val="right"/>' if right else ""
        cell = paragraph(style, inside, ("<w:keepNext/>" if stays else "") + side + smaller)
        made.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>')
    properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if header else "")
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(made)}</w:tr>"


def _sized(inside: str, half_points: int) -> str:
    """Return runs in letters of another size."""
    size = f'<w:sz w:val="{half_points}"/>'
    inside = inside.replace("<w:rPr>", "<w:rPr>\0").replace("</w:rPr>", f"{size}</w:rPr>")
    return inside.replace("<w:r><w:t", f"<w:r><w:rPr>{size}</w:rPr><w:t").replace("\0", "")
