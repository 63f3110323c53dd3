"""What a reader sees: numbers without a tail of decimals, texts that no neighbour cuts off, nothing lost in print."""

from __future__ import annotations

import math

import pytest

from netcea.loading import load
from netcea.reporting.xlsx.look import GENERAL
from netcea.reporting.xlsx.printing import CM_A_ROW
from netcea.visible_text import display_width
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook

MOST_DIGITS = 8
NARROW = 1.15
"""Letters of text are narrower than the digits that widths count."""
READ = ("Scenarios", "Choices", "Assumptions", "Draw", "Price", "One-way live", "Sources", "Uprating", "Checks")


@pytest.fixture(scope="module")
def shown():
    """Every cell with what it shows: (page, row, column, cell, value)."""
    made = live_workbook([load(name) for name in ("pnet", "pnet_utilities_swinburn", "pnet_os_lifelong_ratio")])
    found = calculated(made.book)
    return [
        (page, row, column, cell, found.value(page.name, row, column) if cell.kind == "f" else cell.value)
        for page in made.book.pages
        for (row, column), cell in page.cells.items()
    ]


def test_no_number_shows_more_digits_than_anybody_reads(shown):
    long = [
        (page.name, row, column, value)
        for page, row, column, _, value in shown
        if isinstance(value, float)
        and page.format_of((row, column)) == GENERAL
        and len(f"{value:.10g}".lstrip("-")) > MOST_DIGITS
    ]
    assert not long


def test_no_text_is_cut_off_by_the_cell_beside_it(shown):
    values = {(page.name, row, column): value for page, row, column, _, value in shown}
    cut = [
        (page.name, row, column, value)
        for page, row, column, cell, value in shown
        if page.name in READ
        and isinstance(value, str)
        and not page.looks[cell.style].wrap
        and values.get((page.name, row, column + 1)) not in (None, "")
        and display_width(value) > NARROW * page.column_widths.get(column, 13.0)
    ]
    assert not cut


def test_a_chart_beside_a_table_is_printed_on_pages_of_its_own(shown):
    pages = {page.name: page for page, *_ in shown}
    for name in ("Price", "PSA live", "One-way live"):
        columns = pages[name].print_setup.last_column or pages[name].last_column
        assert all(column > columns for _, (_, column) in pages[name].charts), name


def test_no_page_break_cuts_a_chart(shown):
    """A row is at least CM_A_ROW high: a chart reaches no further down than this."""
    pages = {page.name: page for page, *_ in shown}
    for page in pages.values():
        for chart, (row, _) in page.charts:
            last = row + math.ceil(float(chart.height) / CM_A_ROW) - 1
            assert not [at for at in page.page_breaks if row <= at < last], (page.name, row)
