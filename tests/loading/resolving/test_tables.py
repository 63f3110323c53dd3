"""Rows of the tables of inputs/: another scale is told once, a time that is repeated has its lowest survival."""

import pytest

from netcea.errors import InputError
from netcea.loading import load
from netcea.loading.init import make_working_copy
from netcea.loading.reading.csv_file import read_table
from netcea.loading.resolving.tables import COLUMN_TYPES, ROW_CHECKS, _one_row_a_time


def table_of(folder, kind, text):
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path, COLUMN_TYPES[kind], "inputs/t.csv")


def faults(folder, kind, text):
    return [str(problem) for problem in ROW_CHECKS[kind]("", table_of(folder, kind, text))]


@pytest.mark.parametrize(
    ("rows", "times", "survival"),
    [
        ("0,1\n1,0.9\n1,0.8\n2,0.7\n", (0, 1, 2), (1, 0.8, 0.7)),
        ("0,1\n1,0.8\n1,0.9\n2,0.7\n", (0, 1, 2), (1, 0.8, 0.7)),
        ("0,1\n0,0.99\n1,0.9\n1,0.9\n1,0.85\n", (0, 1), (1, 0.85)),
        ("0,0.99\n0,1\n1,0.9\n", (0, 1), (1, 0.9)),
    ],
)
def test_a_step_read_at_both_corners(tmp_path, rows, times, survival):
    table = _one_row_a_time(table_of(tmp_path, "survival_table", f"time,survival\n{rows}"))
    assert (table["time"], table["survival"]) == (times, survival)
    assert "repeat a time: the lowest survival at each time is taken" in table.notes[0]
    assert len(table.lines) == len(times)


def test_a_fall_at_time_0_is_said_to_be_left_out(tmp_path):
    for rows in ("0,1\n0,0.9\n1,0.8\n", "0,0.9\n0,1\n1,0.8\n"):
        table = _one_row_a_time(table_of(tmp_path, "survival_table", f"time,survival\n{rows}"))
        assert table["survival"] == (1.0, 0.8)
        assert "but 1 at time 0, when all are alive: the fall to 0.9 there is left out" in table.notes[0]
    table = _one_row_a_time(table_of(tmp_path, "survival_table", "time,survival\n0,1\n1,0.9\n1,0.8\n"))
    assert "left out" not in table.notes[0]


def test_without_repeated_times_nothing_is_noted(tmp_path):
    table = table_of(tmp_path, "survival_table", "time,survival\n0,1\n1,0.9\n")
    assert _one_row_a_time(table) is table


def test_percent_is_told_once_with_what_to_do(tmp_path):
    rows = "".join(f"{i},{100 - i / 50}\n" for i in range(2000))
    (fault,) = faults(tmp_path, "survival_table", f"time,survival\n{rows}")
    assert fault.startswith("inputs/t.csv:2  survival\n  found 100, and 2,000 values above 1")
    assert fault.endswith("in percent? divide the column by 100: 99.9% is 0.999")


@pytest.mark.parametrize(
    ("scale", "words"), [(100, "in percent?"), (1000, "per 1,000"), (1e5, "per 100,000? divide the column by 100,000")]
)
def test_life_tables_on_another_scale(tmp_path, scale, words):
    rows = "".join(f"{age},{scale * 0.01 * (age - 49)},{scale * 0.005}\n" for age in range(50, 110))
    found = faults(tmp_path, "life_table", f"age,qx_male,qx_female\n{rows}")
    assert len(found) == (2 if scale * 0.005 > 1 else 1)
    assert words in found[0]


def test_one_value_above_1_is_a_slip_of_that_value(tmp_path):
    (fault,) = faults(tmp_path, "life_table", "age,qx_male,qx_female\n50,0.1,1.1\n51,0.1,0.1\n")
    assert "percent" not in fault


def test_survival_below_1_at_time_0_has_its_line(tmp_path):
    (fault,) = faults(tmp_path, "survival_table", "time,survival\n0,0.98\n1,0.9\n")
    assert fault.startswith("inputs/t.csv:2  survival\n  found 0.98 at time 0; expected 1")


SCENARIO = """
format: 1
extends: pnet.yaml
name: a digitised curve
rationale: a test
direction: unclear
set:
  analyses.base_case.beside: []
  assumptions: []
  strategies.cabozantinib.pfs:
    distribution: kaplan_meier
    table: case.n.pfs
    time_unit: months
    tail: exponential
    tail_from: 3
    parameters: {rate: case.n.tail_rate}
"""
NUMBERS = """
pfs:
  {file: pfs.csv, kind: survival_table, columns: {time: months, survival: share}, source: [netcea_assumptions],
   status: published}
tail_rate: {value: 0.05, unit: parameter, uncertainty: {fixed: a test}, source: [netcea_assumptions], status: published}
"""


def digitised(folder, rows):
    list(make_working_copy(folder))
    (folder / "inputs" / "case").mkdir()
    (folder / "inputs" / "case" / "n.yaml").write_text(NUMBERS, encoding="utf-8")
    (folder / "inputs" / "case" / "pfs.csv").write_text(f"time;survival\n{rows}", encoding="utf-8")
    (folder / "scenarios" / "case.yaml").write_text(SCENARIO, encoding="utf-8")
    return load(str(folder / "scenarios" / "case.yaml"))


def test_a_repeated_time_is_said_with_the_result(tmp_path):
    scenario = digitised(tmp_path / "m", "0;1\n1,5;0,9\n1,5;0,8\n2;0,7\n")
    (warning,) = [w for w in scenario.warnings if w.code == "table"]
    assert warning.address == "case.n.pfs"
    assert warning.message.startswith("1 row of ")
    assert float(scenario.curves["strategies.cabozantinib.pfs"].distribution.tables["survival"][1]) == 0.8


def test_percent_stops_a_run_with_one_problem(tmp_path):
    with pytest.raises(InputError) as raised:
        digitised(tmp_path / "m", "0;100\n1,5;99,9\n2;70\n")
    assert raised.value.count == 1
