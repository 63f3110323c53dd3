"""What a yellow cell may hold: a number, or one message with sheet, cell, what was found and what was expected."""

from __future__ import annotations

from datetime import datetime

import pytest

from netcea import load
from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.cell_content import NOTHING
from netcea.workbook.reading.compared import CellChange, Compared
from netcea.workbook.reading.interpreted import interpret
from netcea.workbook.sheets.choices import YOURS as CHOSEN
from netcea.workbook.sheets.inputs import YOURS

SHARE = "costs.drug.cabozantinib.discount"


@pytest.fixture(scope="module")
def made():
    return live_workbook([load("pnet")])


def typed(made, content, address=SHARE):
    found = Compared("m.xlsx", [CellChange("Inputs", made.inputs.rows[address], YOURS, content)])
    return interpret(made, found), [str(problem) for problem in found.problems]


@pytest.mark.parametrize(
    ("content", "found", "hint"),
    [
        (Cell("0,5", "s", ""), "the text '0,5'", "format it as a number and type 0.5 again"),
        (Cell("0.5", "s", ""), "the text '0.5'", "type 0.5 again"),
        (Cell(" 5 ", "s", ""), "the text ' 5 '", "type 5 again"),
        (Cell("50%", "s", ""), "the text '50%'", "the cell is text: type 0.5"),
        (Cell("12,5 %", "s", ""), "the text '12,5 %'", "the cell is text: type 0.125"),
        (Cell("1,234", "s", ""), "the text '1,234'", "format it as a number and type it again"),
        (Cell("-5.000,1", "s", ""), "the text '-5.000,1'", "type -5000.1, without thousands separators"),
        (Cell("1e999", "s", ""), "the text '1e999'", "only numbers can be tried here"),
        (Cell(" ", "s", ""), "the text ' '", "only numbers can be tried here"),
        (Cell("£5", "s", ""), "the text '£5'", "the unit here is proportion, not GBP"),
        (Cell(True, "b", ""), "the truth value TRUE", ""),
        (Cell("#N/A", "e", ""), "the error #N/A", ""),
        (Cell("=1-F9", "f", ""), "the formula =1-F9", "type the number that it comes to"),
        (Cell("{=A1}", "f", ""), "the formula {=A1}", "type the number that it comes to"),
        (Cell(datetime(2024, 1, 2), "d", ""), "the date or time 2024-01-02", "set it to General"),  # noqa: DTZ001
        (Cell("2024-01-02", "d", ""), "the date or time 2024-01-02", "set it to General"),
        (Cell(float("inf"), "n", ""), "the number inf", ""),
    ],
)
def test_what_is_no_number_is_one_message(made, content, found, hint):
    meaning, said = typed(made, content)
    assert len(said) == 1
    assert said[0].startswith(f"m.xlsx  Inputs!E{made.inputs.rows[SHARE]}  {SHARE}\n  found {found}")
    assert "expected a number [proportion], or an empty cell" in said[0]
    assert hint in said[0]
    assert meaning.typed == {}


@pytest.mark.parametrize("value", [1, 0.5, 1e-300])
def test_a_number_is_taken(made, value):
    meaning, said = typed(made, Cell(value, "n", ""))
    assert (meaning.typed, said) == ({SHARE: float(value)}, [])


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (Cell(1, "n", ""), "the number 1"),
        (Cell("=A1", "f", ""), "the formula =A1"),
        (Cell("startt", "s", ""), "'startt'"),
    ],
)
def test_an_option_is_one_of_the_list(made, content, found):
    row = made.inputs.choice_rows["settings.half_cycle_correction"]
    compared = Compared("m.xlsx", [CellChange("Choices", row, CHOSEN, content)])
    interpret(made, compared)
    said = "\n".join(map(str, compared.problems))
    assert f"Choices!E{row}  settings.half_cycle_correction" in said
    assert found in said
    assert "expected one of: trapezium; start; end" in said


def test_an_empty_selector_is_no_scenario(made):
    compared = Compared("m.xlsx", [CellChange("Scenarios", 3, 2, NOTHING)])
    interpret(made, compared)
    assert "Scenarios!B3\n  found nothing; expected the name of a scenario" in str(compared.problems[0])
