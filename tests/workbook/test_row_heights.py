"""Rows have room for wrapped text, and headings stand over their numbers."""

from __future__ import annotations

from netcea.reporting.xlsx.page import Page
from netcea.workbook.looks import LOOKS
from netcea.workbook.row_heights import TITLE_HEIGHT, fitted


def page():
    made = Page("A", LOOKS)
    made.open_with("Title")
    made.widths(10, 10, 10)
    made.heading(3, ["Words", "Number", "Words after", "Far"])
    made.put(4, 1, "text")
    made.formula(4, 2, "1+1", "pounds")
    made.put(4, 3, "text")
    made.put(4, 4, 1.0, "left_integer")
    return made


def test_rows_are_as_high_as_wrapped_text_needs():
    made = page()
    made.put(5, 1, "one two three four five six", "wrapped")
    made.put(6, 1, "one two three four five six", "text")
    heights = fitted(made).row_heights
    assert heights[1] == TITLE_HEIGHT
    assert heights[5] > 2 * 13.0
    assert 6 not in heights


def test_headings_of_numbers_stand_at_the_right_and_the_next_one_a_little_further():
    made = page()
    found = fitted(made)
    assert [found.cells[3, c].style for c in range(1, 5)] == ["heading", "number_heading", "next_heading", "heading"]
    assert made.cells[3, 2].style == "heading", "the page itself is as it was"
