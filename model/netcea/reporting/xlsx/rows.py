"""Rows of a sheet as the XML of the file: a hundred thousand cells as text take a tenth of a second, as objects one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.reporting.xlsx.page import Block, Cell, Page

MOST_LETTERS: Final = 32_767
"""Of a text in a cell."""
NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML file may hold."""
StyleOf = Callable[[Cell], int]


def rows_of(page: Page, style_of: StyleOf) -> str:
    """Return the rows of a sheet.

    Parameters
    ----------
    page : Page
    style_of : function of a cell
        Number of its style in the file.
    """
    letters = ["", *(get_column_letter(column) for column in range(1, page.last_column + 1))]
    made: dict[int, list[str]] = {}
    for (row, column), cell in sorted(page.cells.items()):
        made.setdefault(row, []).append(_cell(cell, f"{letters[column]}{row}", style_of(cell)))
    rows = sorted(made.keys() | page.row_heights.keys() | page.grouped_rows)
    texts = [f'<row r="{row}"{_attributes(page, row)}>{"".join(made.get(row, ()))}</row>' for row in rows]
    return "".join([*texts, *(_block_rows(page.block, style_of) if page.block is not None else ())])


def _attributes(page: Page, row: int) -> str:
    height = page.row_heights.get(row)
    size = "" if height is None else f' customHeight="1" ht="{height:g}"'
    return size + (' outlineLevel="1"' if row in page.grouped_rows else "")


def _cell(cell: Cell, where: str, style: int) -> str:
    value = cell.value
    if cell.kind == "f":
        return f'<c r="{where}" s="{style}"><f>{escape(value[1:], quote=False)}</f><v/></c>'
    if value is None or value == "":
        return f'<c r="{where}" s="{style}"/>'
    if cell.kind == "s":
        text = NO_XML.sub("", value)[:MOST_LETTERS]
        keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return f'<c r="{where}" s="{style}" t="inlineStr"><is><t{keep}>{escape(text, quote=False)}</t></is></c>'
    return f'<c r="{where}" s="{style}"><v>{_digits(value)}</v></c>'


def _digits(value: float) -> str:
    """Return a number with all the digits that it has.

    >>> _digits(0.1), _digits(3.0), _digits(7)
    ('0.1', '3', '7')
    """
    return str(value) if isinstance(value, int) else f"{value:.0f}" if value % 1.0 == 0.0 else repr(float(value))


def _block_rows(block: Block, style_of: StyleOf) -> Iterator[str]:
    """Yield the rows of a block."""
    letters = [get_column_letter(column) for column in range(1, len(block.rows[0]) + 1)]
    styled = [style_of(Cell(0.0, "n", block.style, number_format)) for number_format in block.formats]
    styles = [f' s="{style}"' for style in styled] or [""] * len(letters)
    for at, row in enumerate(block.rows, block.first):
        cells = (
            f'<c r="{letter}{at}"{style}><v>{_digits(value)}</v></c>'
            for letter, style, value in zip(letters, styles, row, strict=True)
            if math.isfinite(value)
        )
        yield f'<row r="{at}">{"".join(cells)}</row>'
