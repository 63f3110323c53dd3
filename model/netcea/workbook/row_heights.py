"""Rows as high as their wrapped text needs, and headings over their numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from netcea.reporting.sheet_cells import lines
from netcea.reporting.xlsx.book import STANDARD_WIDTH
from netcea.reporting.xlsx.page import Page

LINE, TITLE_HEIGHT = 13.0, 24.0
"""Height of a line of text, and of the title. [points]"""
MOST_LINES: Final = 12
NARROW: Final = 1.1
"""Letters of text are narrower than the digits that widths count."""


def fitted(page: Page) -> Page:
    """Return a sheet with rows as high as their wrapped text needs, and headings over their numbers."""
    heights: dict[int, float] = {}
    for (row, column), cell in page.cells.items():
        if cell.kind == "s" and page.looks[cell.style].wrap:
            n = lines(cell.value, page.column_widths.get(column, STANDARD_WIDTH) * NARROW)
            if n > 1:
                heights[row] = max(heights.get(row, 0.0), LINE * min(n, MOST_LINES) + 4.0)
    cells = dict(page.cells)
    of_numbers = {place for place in page.headings if page.over_numbers(place)}
    for row, column in page.headings:
        if (row, column) in of_numbers:
            cells[row, column] = cells[row, column]._replace(style="number_heading")
        elif (row, column - 1) in of_numbers:
            cells[row, column] = cells[row, column]._replace(style="next_heading")
    return replace(page, cells=cells, row_heights={**heights, 1: TITLE_HEIGHT})
