"""Every fault of a CSV file, with its line, column and words."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netcea.errors import InputError
from netcea.loading.reading.csv_file import Table, read_table

COLUMNS = {"age": int, "qx": float, "sex": str}


def read(folder, content) -> Table:
    path = folder / "qx.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, COLUMNS, "inputs/qx.csv")


def faults(folder, content) -> list[str]:
    with pytest.raises(InputError) as raised:
        read(folder, content)
    return [f"{p.line} {p.address} | {p.found} | {p.expected} | {p.suggestion}" for p in raised.value.problems]


def test_table(tmp_path):
    table = read(tmp_path, '\ufeff# ONS\r\n#, 2020\r\nsex, qx,age\r\n"male, all",1e-3,50\r\n\r\nno,1, 51\r\n')
    assert table.columns == {"age": (50, 51), "qx": (0.001, 1.0), "sex": ("male, all", "no")}
    assert list(table.columns) == ["age", "qx", "sex"]
    assert (table.lines, len(table), table["age"]) == ((4, 6), 2, (50, 51))
    assert type(table["qx"][1]) is float
    assert len(table.sha256) == 64


FAULTS = {
    "empty": ("", "0  | an empty file"),
    "comments only": ("# x\n", "0  | an empty file"),
    "no rows": ("age,qx,sex\n", "1  | a header without rows"),
    "missing column": ("age,sex\n1,m\n", "1 qx | no such column"),
    "unknown column": ("# x\nage,qx,sex,y\n1,1,m,2\n", "2 y | the unknown column 'y'"),
    "unnamed column": ("age,qx,sex,\n1,1,m,\n", "1  | a column without a name"),
    "duplicate column": ("age,qx,sex,age\n1,1,m,1\n", "1 age | the column 'age' 2 times"),
    "semicolons": ("age;qx;sex\n1;1;m\n", "1  | another separator than a comma"),
    "too few": ("age,qx,sex\n1,2\n", "2  | 2 cells"),
    "decimal comma": ("age,qx,sex\n1,0,5,m\n", "2  | 4 cells"),
    "empty cell": ("age,qx,sex\n1,,m\n", "2 qx | an empty cell"),
    "nan": ("age,qx,sex\n1,.nan,m\n", "2 qx | '.nan' | a number"),
    "NaN": ("age,qx,sex\n1,NaN,m\n", "2 qx | 'NaN' | a number"),
    "inf": ("age,qx,sex\n1,-.inf,m\n", "2 qx | '-.inf' | a number"),
    "thousands": ('age,qx,sex\n1,"1,234",m\n', "2 qx | '1,234' | a number"),
    "underscore": ("age,qx,sex\n1,1_0,m\n", "2 qx | '1_0' | a number"),
    "truth": ("age,qx,sex\n1,true,m\n", "2 qx | 'true' | a number"),
    "float as int": ("age,qx,sex\n1.0,1,m\n", "2 age | '1.0' | a whole number"),
    "leading zero": ("age,qx,sex\n01,1,m\n", "2 age | 01, a number with a leading zero"),
    "overflow": ("age,qx,sex\n1,1e999,m\n", "2 qx | 1e999, too large"),
    "late comment": ("age,qx,sex\n1,1,m\n# x\n", "3  | 1 cells"),
    "open quote": ('age,qx,sex\n1,1,"m\n2,2,f\n', "2  | a quote that is not closed"),
    "after quote": ('age,qx,sex\n1,1,"m"x\n', "2  | a quote that is not closed, or text after"),
    "Latin-1": (b"age,qx,sex\n1,1,\xe9\n", "2  | byte 0xE9"),
    "UTF-16": ("age,qx,sex".encode("utf-16"), "0  | UTF-16 text"),
    "workbook": (b"PK\x03\x04", "0  | a zip archive or an Excel workbook"),
    "NUL": ("age,qx,sex\n1,\0,m", "2  | a NUL character"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(tmp_path, fault):
    content, start = FAULTS[fault]
    assert faults(tmp_path, content)[0].startswith(start)


def test_all_problems_at_once(tmp_path):
    found = faults(tmp_path, 'agee,qx,sex\n1,x,m\n2,,"a\nb"\n3,1,\n4\n')
    assert [fault.split(" | ")[0] for fault in found] == ["1 age", "1 agee", "2 qx", "3 qx", "5 sex", "6 "]
    assert "did you mean 'agee'?" in found[0]


def test_missing_file(tmp_path):
    read(tmp_path, "age,qx,sex\n1,1,m\n")
    with pytest.raises(InputError, match=r"did you mean 'qx\.csv'"):
        read_table(tmp_path / "qz.csv", COLUMNS, "qz.csv")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(), st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=5))
def test_round_trip(tmp_path, rows):
    table = read(tmp_path, "age,qx,sex\n" + "".join(f"{age},{qx!r},m\n" for age, qx in rows))
    assert table["age"] == tuple(age for age, _ in rows)
    assert all(
        math.copysign(1, a) == math.copysign(1, b) and a == b for a, (_, b) in zip(table["qx"], rows, strict=True)
    )


@settings(max_examples=60)
@given(st.binary(max_size=40) | st.text('age,qx"\n;1.', max_size=30).map(str.encode))
def test_random_bytes_raise_nothing_else(tmp_path, content):
    for start in (b"", b"age,qx,sex\n"):
        try:
            read(tmp_path, start + content)
        except InputError:
            continue
