"""Rows of a sheet as the XML of the file: a hundred thousand cells as text take a tenth of a second, as objects one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Final, Protocol, cast

import numpy as np
from openpyxl.utils import get_column_letter

from netcea.arrays import Array
from netcea.reporting.xlsx.cells import FORMULA, Cell, Fill
from netcea.reporting.xlsx.data_table import TABLE_KIND
from netcea.reporting.xlsx.page import Block, Page
from netcea.storage.number_texts import number_texts

MOST_LETTERS: Final = 32_767
"""Of a text in a cell."""
NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML file may hold."""
ERRORS: Final = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
NO_NUMBER: Final = "#NUM!"
StyleOf = Callable[[Cell], int]


class Results(Protocol):
    """What the formulas of a sheet come to: numbers, texts, truth values, errors by their codes; None if not known."""

    def at(self, row: int, column: int) -> object:
        """Return what a cell comes to."""

    def of_rows(self, first: int, last: int, column: int) -> Array | Sequence[object]:
        """Return what rows of a column come to: Array (row,) of numbers, or each; what is not finite is an error."""


class NoResults:
    """Nobody worked the formulas out."""

    def at(self, _row: int, _column: int) -> object:
        """Return nothing."""
        return None

    def of_rows(self, first: int, last: int, _column: int) -> Sequence[object]:
        """Return nothing for each row."""
        return [None] * (last - first + 1)


def rows_of(page: Page, style_of: StyleOf, results: Results | None = None) -> str:
    """Return the rows of a sheet.

    Parameters
    ----------
    page : Page
    style_of : function of a cell
        Number of its style in the file.
    results : Results, optional
        Left out where nobody worked the formulas out.
    """
    known = results or NoResults()
    fills = {(fill.first, fill.column): fill for fill in page.cells.fills}
    shared = {place: number for number, place in enumerate(p for p, fill in fills.items() if fill.can_be_shared)}
    tables = {(table.first, table.column + 1): table.as_xml for table in page.tables}
    letters = ["", *(get_column_letter(column) for column in range(1, page.last_column + 1))]
    columns: dict[int, list[tuple[int, list[str]]]] = {}
    for place in sorted([*page.cells.alone, *fills]):
        row, column = place
        cell = page.cells[place]
        style, letter = style_of(cell), letters[column]
        if place in fills:
            written = _filled(fills[place], letter, style, shared.get(place), known)
        elif cell.kind == FORMULA:
            text = f"<f>{escape(cell.value[1:], quote=False)}</f>"
            written = [_formula(f"{letter}{row}", style, text, known.at(row, column))]
        elif cell.kind == TABLE_KIND:
            written = [_formula(f"{letter}{row}", style, tables.get(place, ""), known.at(row, column))]
        else:
            written = [_cell(cell, f"{letter}{row}", style)]
        columns.setdefault(column, []).append((row, written))
    made: dict[int, list[str]] = {}
    for column in sorted(columns):
        for first, written in columns[column]:
            for row, text in enumerate(written, first):
                made.setdefault(row, []).append(text)
    rows = sorted(made.keys() | page.row_heights.keys() | page.grouped_rows)
    texts = [f'<row r="{row}"{_attributes(page, row)}>{"".join(made.get(row, ()))}</row>' for row in rows]
    return "".join([*texts, *(_block_rows(page.block, style_of) if page.block is not None else ())])


def _filled(fill: Fill, letter: str, style: int, shared: int | None, results: Results) -> list[str]:
    """Return the cells of a fill: where it is shared, its formula stands in the first, the others name its number."""
    rows = range(fill.first, fill.last + 1)
    if shared is None:
        formulas = [f"<f>{escape(fill.at(row), quote=False)}</f>" for row in rows]
    else:
        first = f'<f t="shared" ref="{letter}{fill.first}:{letter}{fill.last}" si="{shared}">'
        formulas = [f'<f t="shared" si="{shared}"/>'] * len(rows)
        formulas[0] = f"{first}{escape(fill.at(fill.first), quote=False)}</f>"
    found = results.of_rows(fill.first, fill.last, fill.column)
    if not isinstance(found, np.ndarray):
        return [
            _formula(f"{letter}{row}", style, text, value)
            for row, text, value in zip(rows, formulas, found, strict=True)
        ]
    return [
        f'<c r="{letter}{row}" s="{style}">{text}<v>{digits}</v></c>'
        if digits
        else _formula(f"{letter}{row}", style, text, NO_NUMBER)
        for row, text, digits in zip(rows, formulas, _column_digits(found), strict=True)
    ]


def _formula(where: str, style: int, text: str, value: object) -> str:
    """Return a cell with a formula, or none within a data table, and what it comes to."""
    if value is None:
        return f'<c r="{where}" s="{style}">{text}<v/></c>' if text else f'<c r="{where}" s="{style}"/>'
    if isinstance(value, bool):
        return f'<c r="{where}" s="{style}" t="b">{text}<v>{int(value)}</v></c>'
    if isinstance(value, str):
        kind = "e" if value in ERRORS else "str"
        words = escape(NO_XML.sub("", value)[:MOST_LETTERS], quote=False)
        return f'<c r="{where}" s="{style}" t="{kind}">{text}<v>{words}</v></c>'
    return f'<c r="{where}" s="{style}">{text}<v>{_digits(float(cast("float", value)))}</v></c>'


def _attributes(page: Page, row: int) -> str:
    height = page.row_heights.get(row)
    size = "" if height is None else f' customHeight="1" ht="{height:g}"'
    return size + (' outlineLevel="1"' if row in page.grouped_rows else "")


def _cell(cell: Cell, where: str, style: int) -> str:
    value = cell.value
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


def _column_digits(column: Sequence[float] | Array) -> list[str]:
    """Return the numbers of a column as `_digits` does; nothing for one that is not finite.

    >>> _column_digits([0.1, 3.0, 7, 1e-9, math.nan])
    ['0.1', '3', '7', '1e-09', '']
    """
    numbers = np.array(column, dtype=np.float64)
    texts = number_texts(numbers)
    for at in np.flatnonzero(~(numbers % 1.0 != 0.0) | ~np.isfinite(numbers)).tolist():
        texts[at] = _digits(column[at]) if math.isfinite(column[at]) else ""
    return texts


def _block_rows(block: Block, style_of: StyleOf) -> Iterator[str]:
    """Yield the rows of a block."""
    letters = [get_column_letter(column) for column in range(1, len(block.rows[0]) + 1)]
    styled = [style_of(Cell(0.0, "n", block.style, number_format)) for number_format in block.formats]
    styles = [f' s="{style}"' for style in styled] or [""] * len(letters)
    for at, row in enumerate(zip(*map(_column_digits, zip(*block.rows, strict=True)), strict=True), block.first):
        cells = (
            f'<c r="{letter}{at}"{style}><v>{digits}</v></c>'
            for letter, style, digits in zip(letters, styles, row, strict=True)
            if digits
        )
        yield f'<row r="{at}">{"".join(cells)}</row>'
