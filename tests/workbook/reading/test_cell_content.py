"""Whether two cells hold the same, and what a message calls what they hold."""

from __future__ import annotations

from datetime import datetime

import pytest

from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.reading.cell_content import NOTHING, in_words, same_content


def cell(value, kind):
    return Cell(value, kind, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (cell(0.1, "n"), cell(0.1 + 1e-17, "n")),
        (cell(3, "n"), cell(3.0, "n")),
        (cell("a\nb", "s"), cell("a\r\nb", "s")),
        (cell("=SUM(A1:B2)", "f"), cell("=sum(A1:B2)", "f")),
        (cell("", "s"), NOTHING),
        (cell(None, "n"), NOTHING),
    ],
)
def test_the_same(one, other):
    assert same_content(one, other)
    assert same_content(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (cell(0.1, "n"), cell(0.1000001, "n")),
        (cell(1, "n"), cell(True, "b")),
        (cell("1", "s"), cell(1, "n")),
        (cell("=1+1", "f"), cell(2, "n")),
        (cell("=1+1", "f"), cell("=1+1", "s")),
        (cell("=A1", "f"), NOTHING),
        (cell("#N/A", "s"), cell("#N/A", "e")),
    ],
)
def test_not_the_same(one, other):
    assert not same_content(one, other)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (NOTHING, "nothing"),
        (cell("#REF!", "e"), "the error #REF!"),
        (cell(datetime(2024, 1, 2), "d"), "the date or time 2024-01-02 00:00:00"),  # noqa: DTZ001
        (cell(0.5, "n"), "the number 0.5"),
        (cell("x" * 100, "s"), f"the text '{'x' * 76}..."),
    ],
)
def test_in_words(content, words):
    assert in_words(content) == words
