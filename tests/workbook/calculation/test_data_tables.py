"""Data tables worked out: each row is what the formula comes to when its value is typed into the input cell."""

from __future__ import annotations

import pytest

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.data_table import DataTable
from netcea.workbook.calculation import data_tables
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.calculation.operands import CellError
from netcea.workbook.looks import LOOKS

INPUT, SWITCH, PRICE = ("Table", 1, 2), ("Table", 2, 2), ("Model", 1, 1)


def made(formula="Model!$C$4", values=(1.0, 2.0, 3.0)):
    """A model of four rows on one sheet, a table and what is made of its results on another."""
    book = Book(LOOKS)
    model, page = book.page("Model"), book.page("Table")
    model.put(1, 1, 5.0)
    model.fill(1, 4, 2, f'ROW(A§)*IF({page.at(1, 2)}="",10,{page.at(1, 2)})')
    model.formula(4, 3, f"SUM({model.span(1, 4, 2)})*{model.at(1, 1)}")  # 10 x input x price
    page.put(2, 2, "yes")
    page.formula(9, 2, formula)
    for row, value in enumerate(values, 10):
        page.put(row, 1, value)
    page.data_table(DataTable(10, 9 + len(values), 1, 2, 1, 2))
    page.formula(30, 1, f"SUM({page.span(10, 9 + len(values), 2)})")
    return book


def column(found, count=3):
    return [found.value("Table", row, 2) for row in range(10, 10 + count)]


def test_each_row_is_as_if_typed():
    found = calculated(made())
    assert column(found) == [50.0, 100.0, 150.0]
    assert found.value("Table", 30, 1) == 300.0  # what refers to it comes after
    assert (found.value("Table", 9, 2), found.value("Model", 4, 3), found.value(*INPUT)) == (500.0, 500.0, None)
    for value, expected in zip((1.0, 2.0, 3.0), column(found), strict=True):
        typed = calculated(made())
        typed.type_in({INPUT: value})
        assert typed.value("Table", 9, 2) == expected
        assert column(typed) == column(found)  # the table does not depend on what the cell holds


def test_a_changed_input_moves_all_rows():
    found = calculated(made())
    found.type_in({PRICE: 7.0})
    assert (column(found), found.value("Table", 30, 1)) == ([70.0, 140.0, 210.0], 420.0)
    found.type_in({("Table", 11, 1): 5.0})
    assert column(found) == [70.0, 350.0, 210.0]


def test_a_switch_that_is_off_costs_nothing(monkeypatch):
    book = made('IF($B$2="yes",Model!$C$4,"")')
    found = calculated(book)
    assert column(found) == [50.0, 100.0, 150.0]
    found.type_in({SWITCH: "no"})
    assert column(found) == ["", "", ""]
    monkeypatch.setattr(found, "put", None)  # nothing is tried
    formula = next(f for f in found.formulas if getattr(f.tree, "function", "") == data_tables.TABLE)
    assert set(data_tables.results(found, formula).values()) == {""}


def test_a_condition_that_the_input_moves_is_no_switch():
    found = calculated(made("IF($B$1>1,Model!$C$4,-1)"))
    assert column(found) == [-1.0, 100.0, 150.0]


def test_a_formula_that_needs_the_input_alone():
    assert column(calculated(made("$B$1+1"))) == [2.0, 3.0, 4.0]
    assert column(calculated(made('IF($B$2="yes",$B$1*2,"")'))) == [2.0, 4.0, 6.0]


def test_errors_and_texts_are_results_too():
    found = column(calculated(made("1/$B$1", (0.0, "a", 4.0))))
    assert [value.code if isinstance(value, CellError) else value for value in found] == ["#DIV/0!", "#VALUE!", 0.25]


@pytest.mark.parametrize("formula", ["7", "Model!$A$1"])
def test_a_formula_without_the_input_is_the_same_in_all_rows(formula):
    assert len(set(column(calculated(made(formula))))) == 1


def test_a_table_of_one_row():
    assert column(calculated(made(values=(4.0,))), 1) == [200.0]
