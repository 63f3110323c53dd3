"""Rows as high as their wrapped text needs, and headings over their numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from netcea.reporting.sheet_cells import lines
from netcea.reporting.xlsx.page import Page
from netcea.reporting.xlsx.printing import STANDARD_WIDTH

LINE, TITLE_HEIGHT, TWO_LINES = 13.0, 24.0, 30.0
"""Height of a line of text, of the title, and of a row whose formula may come to two lines. [points]"""
MOST_LINES: Final = 12
NARROW: Final = 1.1
"""Letters of text are narrower than the digits that widths count."""


def fitted(page: Page) -> Page:
    """Return a sheet with rows as high as their wrapped text needs, and headings over their numbers."""
    heights: dict[int, float] = {}
    for (row, column), cell in page.cells.alone.items():
        if cell.kind == "s" and page.looks[cell.style].wrap:
            n = lines(cell.value, page.column_widths.get(column, STANDARD_WIDTH) * NARROW)
            if n > 1:
                heights[row] = max(heights.get(row, 0.0), LINE * min(n, MOST_LINES) + 4.0)
    cells = page.cells.copy()
    of_numbers = {place for place in page.headings if page.over_numbers(place)}
    for row, column in page.headings:
        if (row, column) in of_numbers:
            cells[row, column] = cells[row, column]._replace(style="number_heading")
        elif (row, column - 1) in of_numbers:
            cells[row, column] = cells[row, column]._replace(style="next_heading")
    return replace(page, cells=cells, row_heights={**page.row_heights, **heights, 1: TITLE_HEIGHT})
