"""Rows of a sheet as the XML of the file: a hundred thousand cells as text take a tenth of a second, as objects one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Final, NamedTuple, Protocol, cast

import numpy as np
from openpyxl.utils import get_column_letter

from netcea.arrays import Array
from netcea.reporting.xlsx.cells import BEFORE, FORMULA, NOW, Cell, Fill, Place
from netcea.reporting.xlsx.data_table import TABLE_KIND
from netcea.reporting.xlsx.page import Block, Page
from netcea.storage.number_texts import PLAIN_BELOW, number_texts

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
    made: dict[int, list[tuple[int, str]]] = {}
    columns: list[_Column] = []
    for place in sorted([*page.cells.alone, *fills]):
        row, column = place
        if place in fills:
            style = style_of(page.cells[place])
            columns += _filled(fills[place], letters[column], style, shared.get(place), known)
            continue
        cell = page.cells.alone[place]
        where, style = f"{letters[column]}{row}", style_of(cell)
        if cell.kind in (FORMULA, TABLE_KIND):
            of_table = cell.kind == TABLE_KIND
            formula = tables.get(place, "") if of_table else f"<f>{escape(cell.value[1:], quote=False)}</f>"
            text = _formula(where, style, formula, known.at(row, column))
        else:
            text = _cell(cell, where, style)
        made.setdefault(row, []).append((column, text))
    for run in _runs(columns, page.cells.alone):
        for row, text in zip(run[0].rows, _side_by_side(run), strict=True):
            made.setdefault(row, []).append((run[0].column, text))
    rows = sorted(made.keys() | page.row_heights.keys() | page.grouped_rows)
    texts = [f'<row r="{row}"{_attributes(page, row)}>{_in_order(made.get(row, []))}</row>' for row in rows]
    return "".join([*texts, *(_block_rows(page.block, style_of) if page.block is not None else ())])


class _Column(NamedTuple):
    """Cells of rows below one another: a pattern, and for each place in it what stands there in each row."""

    column: int
    rows: range
    pattern: str
    parts: tuple[Sequence[object], ...]


def _in_order(cells: list[tuple[int, str]]) -> str:
    return "".join([text for _, text in sorted(cells)])


def _filled(fill: Fill, letter: str, style: int, shared: int | None, results: Results) -> list[_Column]:
    """Return the cells of a fill: where it is shared, its formula stands in the first, the others name its number."""
    rows = range(fill.first, fill.last + 1)
    found = results.of_rows(fill.first, fill.last, fill.column)
    digits = _column_digits(found) if isinstance(found, np.ndarray) else []
    if shared is None:
        pieces = [(rows, _formula_of_rows(fill, rows, "<f>"))]
    else:
        first = f'<f t="shared" ref="{letter}{fill.first}:{letter}{fill.last}" si="{shared}">'
        pieces = [
            (rows[:1], _formula_of_rows(fill, rows[:1], first)),
            (rows[1:], (f'<f t="shared" si="{shared}"/>', ())),
        ]
    if digits and all(digits):
        start = f'<c r="{letter}%s" s="{style}">'
        return [
            _Column(
                fill.column,
                part,
                f"{start}{formula}<v>%s</v></c>",
                (part, *numbers, digits[part.start - fill.first : part.stop - fill.first]),
            )
            for part, (formula, numbers) in pieces
        ]
    written = (formula % each for part, (formula, numbers) in pieces for each in _each(numbers, part))
    values = [value if text else NO_NUMBER for value, text in zip(found, digits, strict=True)] if digits else found
    every = zip(rows, written, values, strict=True)
    cells = [_formula(f"{letter}{row}", style, text, value) for row, text, value in every]
    return [_Column(fill.column, rows, "%s", (cells,))]


def _each(numbers: tuple[range, ...], rows: range) -> Iterable[tuple[int, ...]]:
    """Return for each row the numbers that stand in the places of a pattern."""
    return zip(*numbers, strict=True) if numbers else [()] * len(rows)


def _formula_of_rows(fill: Fill, rows: range, opening: str) -> tuple[str, tuple[range, ...]]:
    """Return a pattern of a fill's formula, and the numbers that stand in each of its places, for each row."""
    text = escape(fill.text, quote=False).replace("%", "%%")
    before = range(rows.start - 1, rows.stop - 1)
    numbers = tuple(rows if letter == NOW else before for letter in text if letter in (NOW, BEFORE))
    return f"{opening}{text.replace(NOW, '%s').replace(BEFORE, '%s')}</f>", numbers


def _runs(columns: Iterable[_Column], alone: Iterable[Place]) -> Iterator[list[_Column]]:
    """Yield columns of the same rows together, those that have no other cell between them."""
    together: dict[range, list[_Column]] = {}
    for column in columns:
        together.setdefault(column.rows, []).append(column)
    for rows, found in together.items():
        others = {column for row, column in alone if row in rows} if len(found) > 1 else set()
        for other, beside in together.items():
            if other != rows and other.start < rows.stop and rows.start < other.stop:
                others |= {column.column for column in beside}
        run: list[_Column] = []
        for column in sorted(found):
            if run and not others.isdisjoint(range(run[-1].column + 1, column.column)):
                yield run
                run = []
            run.append(column)
        yield run


def _side_by_side(run: Sequence[_Column]) -> Iterable[str]:
    """Return the text of each row of columns that stand side by side."""
    pattern = "".join(column.pattern for column in run)
    return map(pattern.__mod__, zip(*(part for column in run for part in column.parts), strict=True))


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
    texts, small = number_texts(numbers), np.abs(numbers) < PLAIN_BELOW
    for at in np.flatnonzero((numbers == np.floor(numbers)) & small).tolist():
        texts[at] = texts[at][:-2]
    for at in np.flatnonzero(~small).tolist():
        texts[at] = _digits(float(numbers[at])) if math.isfinite(numbers[at]) else ""
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
