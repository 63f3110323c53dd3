"""Results that go through one text come out of it as they went in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcea.reporting.xlsx.book import Book
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.formulas.packed import packed, unpacked
from netcea.workbook.looks import LOOKS

VALUES = st.lists(
    st.floats(-1e12, 1e12) | st.floats(-1e-3, 1e-3) | st.sampled_from(["", "dominated", "cost saved per QALY lost"]),
    min_size=1,
    max_size=14,
)


def through(values):
    book = Book(LOOKS)
    page = book.page("Parts")
    for column, value in enumerate(values, 1):
        page.put(1, column, value)
    page.formula(2, 1, packed([page.at(1, column) for column in range(1, len(values) + 1)]))
    for place, value in enumerate(values):
        page.formula(3, place + 1, unpacked(page.at(2, 1), place, text=isinstance(value, str)))
    found = calculated(book)
    return [found.value("Parts", 3, place + 1) for place in range(len(values))]


@given(VALUES)
def test_parts_come_out_as_they_went_in(values):
    for value, found in zip(values, through(values), strict=True):
        assert found == (value if isinstance(value, str) else pytest.approx(value, rel=1e-14))


def test_nothing_is_not_0():
    book = Book(LOOKS)
    page = book.page("Parts")
    page.formula(1, 1, '""')
    page.formula(2, 1, unpacked(page.at(1, 1), 3))
    page.formula(3, 1, unpacked(page.at(1, 1), 3, text=True))
    found = calculated(book)
    assert (found.value("Parts", 2, 1), found.value("Parts", 3, 1)) == ("", "")
