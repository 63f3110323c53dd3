"""How sheets are printed: pages, headings on each of them, what is printed, and charts beside it."""

from __future__ import annotations

import math
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from netcea.reporting.xlsx.page import Page

STANDARD_WIDTH: Final = 13.0
"""Of a column of which nothing is said [characters]."""
MARGIN: Final = 0.45
"""Of printed pages [inches]."""
CM_A_ROW, CM_A_LETTER = 0.45, 0.16
"""Height of a row, and width of a letter, at least. [cm]"""


def set_up_printing(page: Page, sheet: Worksheet) -> None:
    """Say how a sheet is printed."""
    wanted, setup = page.print_setup, sheet.page_setup
    setup.orientation, setup.paperSize = "landscape", str(wanted.paper)
    last = wanted.last_column or page.last_column
    pages = math.ceil(last / wanted.columns_a_page) if wanted.columns_a_page else wanted.wide
    if pages:
        setup.fitToWidth, setup.fitToHeight = pages, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = wanted.repeat_rows or None
    sheet.print_title_cols = wanted.repeat_columns or None
    if wanted.last_row or wanted.last_column:
        area = f"A1:{get_column_letter(last)}{wanted.last_row or page.last_row}"
        sheet.print_area = ",".join([area, *(charts_beside(page, last) if wanted.with_charts else ())])
    if any(wanted.footer):
        footer: Any = sheet.oddFooter
        footer.left.text, footer.right.text = wanted.footer
    margins: Any = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = MARGIN
    margins.header = margins.footer = MARGIN / 2
    for row in page.page_breaks:
        sheet.row_breaks.append(Break(id=row))


def charts_beside(page: Page, last: int) -> list[str]:
    """Return the range of each chart to the right of what is printed: a page of its own."""
    found = []
    for chart, (row, anchored) in page.charts:
        column = anchored or page.last_column + 2
        if column > last:
            bottom, right = _end(page, row, column, chart)
            found.append(f"{get_column_letter(column)}{row}:{get_column_letter(right)}{bottom}")
    return found


def _end(page: Page, row: int, column: int, chart: Any) -> tuple[int, int]:
    """Return the row and column in which a chart ends."""
    left = float(chart.width)
    while left > 0.0:
        left -= CM_A_LETTER * page.column_widths.get(column, STANDARD_WIDTH)
        column += 1
    return row + math.ceil(float(chart.height) / CM_A_ROW) - 1, column
