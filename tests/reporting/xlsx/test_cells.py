"""Cells of fills are made when they are asked for, and are what they would be if each stood alone."""

from __future__ import annotations

import pytest

from netcea.reporting.xlsx.cells import BEFORE, FORMULA, NOW, Cell, Cells, Fill

TEXT = Cell("x", "s", "text")


@pytest.fixture
def cells():
    found = Cells({(1, 1): TEXT})
    found.fill(Fill(3, 6, 2, f"$A{NOW}*2+$B{BEFORE}", "number"))
    return found


def test_every_cell_of_a_fill_is_there_and_none_beside_it(cells):
    assert cells[4, 2] == Cell("=$A4*2+$B3", FORMULA, "number")
    assert cells[6, 2].value == "=$A6*2+$B5"
    assert (2, 2) not in cells
    assert (7, 2) not in cells
    assert cells.get((3, 3)) is None
    assert list(cells) == [(1, 1), (3, 2), (4, 2), (5, 2), (6, 2)]
    assert len(cells) == len(list(cells.items())) == 5
    assert (cells.last_row, cells.columns) == (6, {1, 2})


def test_what_is_empty_begins_at_its_first_row():
    assert (Cells().last_row, Cells().columns, len(Cells())) == (1, set(), 0)


@pytest.mark.parametrize(("first", "last", "column"), [(1, 1, 1), (6, 9, 2), (1, 3, 2), (4, 5, 2), (1, 9, 2)])
def test_two_formulas_for_one_cell_are_refused(cells, first, last, column):
    with pytest.raises(ValueError, match="hold something"):
        cells.fill(Fill(first, last, column, "1", "number"))
    assert len(cells) == 5


def test_a_cell_of_a_fill_is_not_replaced(cells):
    with pytest.raises(ValueError, match="row 5, column 2"):
        cells[5, 2] = TEXT
    with pytest.raises(KeyError):
        del cells[5, 2]
    assert cells[5, 2].kind == FORMULA


def test_a_copy_is_changed_apart(cells):
    copy = cells.copy()
    copy[1, 1] = TEXT._replace(value="y")
    copy.fill(Fill(1, 2, 5, "1", "number"))
    assert cells[1, 1] == TEXT
    assert (1, 5) not in cells
    assert copy[5, 2] == cells[5, 2]
