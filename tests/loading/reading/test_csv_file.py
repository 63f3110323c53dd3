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
    "unnamed column": ("age,qx,,sex\n1,1,2,m\n", "1  | a column without a name"),
    "unnamed first column": (",qx,sex\n1,1,m\n2,1,m\n", "1 age | no such column"),
    "no header": (
        "50,0.1,m\n51,0.2,m\n",
        "1  | no header, but '50, 0.1, m' | the names of the columns | put the line age",
    ),
    "duplicate column": ("age,qx,sex,age\n1,1,m,1\n", "1 age | the column 'age' 2 times"),
    "percent": ("age,qx,sex\n1,8%,m\n", "2 qx | '8%', in percent | a number | divide the column by 100: 8% is 0.08"),
    "date": ("age,qx,sex\n1,01-Feb,m\n", "2 qx | '01-Feb', a date or a time | a number | Excel makes dates"),
    "German date": ("age;qx;sex\n1;1. Feb;m\n", "2 qx | '1. Feb', a date or a time"),
    "error of Excel": ("age,qx,sex\n1,#DIV/0!,m\n", "2 qx | '#DIV/0!' | a number | an error or a column too narrow"),
    "missing of R": ("age,qx,sex\n1,NA,m\n", "2 qx | 'NA' | a number | fill the value in"),
    "currency": ("age,qx,sex\n1,£5,m\n", "2 qx | '£5' | a number | write 5, the number alone"),
    "two marks": ("age;qx;sex\n1;0.5;m\n2;0,5;m\n", "3  | '0.5' with a decimal point in line 2, '0,5' with"),
    "either mark": ("age;qx;sex\n1;1,234;m\n", "2 qx | '1,234', which may be 1.234 or 1234"),
    "point or thousands": ("age;qx;sex\n1;1.234;m\n", "2 qx | '1.234', which may be 1.234 or 1234"),
    "too few": ("age,qx,sex\n1,2\n", "2  | 2 cells"),
    "decimal comma": ("age,qx,sex\n1,0,5,m\n", "2  | 4 cells"),
    "empty cell": ("age,qx,sex\n1,,m\n", "2 qx | an empty cell"),
    "nan": ("age,qx,sex\n1,.nan,m\n", "2 qx | '.nan' | a number"),
    "NaN": ("age,qx,sex\n1,NaN,m\n", "2 qx | 'NaN' | a number"),
    "inf": ("age,qx,sex\n1,-.inf,m\n", "2 qx | '-.inf' | a number"),
    "thousands": ('age,qx,sex\n1,"1,234",m\n', "2 qx | '1,234', which may be 1.234 or 1234 | a number"),
    "underscore": ("age,qx,sex\n1,1_0,m\n", "2 qx | '1_0' | a number"),
    "truth": ("age,qx,sex\n1,true,m\n", "2 qx | 'true' | a number"),
    "float as int": ("age,qx,sex\n1.5,1,m\n", "2 age | '1.5' | a whole number"),
    "leading zero": ("age,qx,sex\n01,1,m\n", "2 age | 01, a number with a leading zero"),
    "overflow": ("age,qx,sex\n1,1e999,m\n", "2 qx | 1e999, too large"),
    "late comment": ("age,qx,sex\n1,1,m\n# x\n", "3  | 1 cells"),
    "open quote": ('age,qx,sex\n1,1,"m\n2,2,f\n', "2  | a quote that is not closed"),
    "after quote": ('age,qx,sex\n1,1,"m"x\n', "2  | a quote that is not closed, or text after"),
    "quoted empty number": ('age,qx,sex\n1,"",m\n', "2 qx | an empty cell | a number"),
    "quoted empty whole number": ('age,qx,sex\n"",1,m\n', "2 age | an empty cell | a whole number"),
    "quoted empty text": ('age,qx,sex\n1,1,""\n', "2 sex | an empty cell | text"),
    "quoted blank": ('age,qx,sex\n1," ",m\n', "2 qx | an empty cell | a number"),
    "quoted empty, semicolons": ('age;qx;sex\n1;"";m\n', "2 qx | an empty cell | a number"),
    "quote within a number": ('age,qx,sex\n1,1"5,m\n', "2 qx | '1\"5' | a number"),
    "open quote in the header": ('age,qx,"sex\n1,1,m\n', "1  | a quote that is not closed"),
    "open quote at the end": ('age,qx,sex\n1,1,m\n2,2,"\n', "3  | a quote that is not closed"),
    "after several lines": ('age,qx,sex\n1,1,"m\nx"\n2,x,m\n', "4 qx | 'x' | a number"),
    "long cell": ('age,qx,sex\n1,1,"' + "m" * 200_000, "2  | a cell of more than 131,072 characters"),
    "columns": ("age,qx,sex," + "c," * 200_000 + "c\n1,1,m\n", "1  | 200,004 columns | at most 100,000"),
    "half a character": (b"\xff\xfea\x00g", "0  | bytes that are no text"),
    "Parquet": (b"PAR1\x15\x04", "0  | a Parquet file"),
    "workbook": (b"PK\x03\x04", "0  | a zip archive or an Excel workbook"),
    "NUL": ("age,qx,sex\n1,\0,m", "2  | a NUL character"),
}


ROWS = {"age": (50, 51), "qx": (0.5, 1234.25), "sex": ("m", "é")}
PLAIN = "age,qx,sex\n50,0.5,m\n51,1234.25,é\n"
GERMAN = "age;qx;sex\n50;0,5;m\n51;1.234,25;é\n"
WAYS = {
    "plain": PLAIN,
    "byte order mark": PLAIN.encode("utf-8-sig"),
    "UTF-16": PLAIN.encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "Windows-1252": PLAIN.encode("cp1252"),
    "Excel in German": b"\xef\xbb\xbf" + GERMAN.replace("\n", "\r\n").encode(),
    "Excel in German, Latin-1": GERMAN.encode("cp1252"),
    "named separator": "sep=;\n" + GERMAN,
    "tabs": PLAIN.replace(",", "\t"),
    "tabs, decimal commas": GERMAN.replace(";", "\t"),
    "bars": PLAIN.replace(",", "|"),
    "quoted decimal commas": 'age,qx,sex\n50,"0,5",m\n51,"1234,25",é\n',
    "quoted numbers": '"age","qx","sex"\n"50","0.5","m"\n"51","1234.25","é"\n',
    "thousands": 'age,qx,sex\n50,0.5,m\n51,"1,234.25",é\n',
    "thousands, thin": "age;qx;sex\n50;0,5;m\n51;1\u202f234,25;é\n",
    "scientific": "age,qx,sex\n5.0E+01,5E-1,m\n51,1.23425E+03,é\n",
    "scientific, German": "age;qx;sex\n50;5,0E-01;m\n51;1,23425E+03;é\n",
    "whole numbers of pandas": PLAIN.replace("50,", "50.0,"),
    "write.csv of R": '"","age","qx","sex"\n"1",50,0.5,"m"\n"2",51,1234.25,"é"\n',
    "rows left out in R": '"","age","qx","sex"\n"7",50,0.5,"m"\n"19",51,1234.25,"é"\n',
    "write.csv2 of R": '"";"age";"qx";"sex"\n"1";50;0,5;"m"\n"2";51;1234,25;"é"\n',
    "write.table of R": '"age" "qx" "sex"\n"1" 50 0.5 "m"\n"2" 51 1234.25 "é"\n',
    "write.table of R, commas": '"age","qx","sex"\n"1",50,0.5,"m"\n"2",51,1234.25,"é"\n',
    "index of pandas": "Unnamed: 0,age,qx,sex\n0,50,0.5,m\n1,51,1234.25,é\n",
    "order and case": "Sex, QX ,AGE\nm,0.5,50\né,1234.25,51\n",
    "separators at the end": "age,qx,sex,,\n50,0.5,m,,\n51,1234.25,é,,\n",
    "separators at the end of rows": "age,qx,sex\n50,0.5,m,\n51,1234.25,é,\n",
    "blank rows": "\n,,\nage,qx,sex\n\n50,0.5,m\n,,\n51,1234.25,é\n,,\n\n",
    "empty first column": ",age,qx,sex\n,50,0.5,m\n,51,1234.25,é\n",
    "quoted empty row": 'age,qx,sex\n50,0.5,m\n"","",""\n51,1234.25,é\n',
    "quoted empty cells at the end": '"age","qx","sex","",""\n50,0.5,m,"",""\n51,1234.25,"é","",""\n',
    "old Macintosh": PLAIN.replace("\n", "\r"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_table_means_the_same_however_it_was_written(tmp_path, way):
    assert read(tmp_path, WAYS[way]).columns == ROWS


def test_row_numbers_without_a_header_are_not_guessed_where_they_may_be_numbers_with_decimal_commas(tmp_path):
    found = faults(tmp_path, "age,qx,sex\n1,0,5,m\n2,0,6,m\n3,0,7,m\n")
    assert found[0].startswith("2  | 4 cells | 3 as in the header")
    assert "decimal commas need semicolons" in found[0]
    assert found[1:] == ["0  |  |  | and 2 more like it, lines 3-4"]


def test_the_fault_of_a_whole_column_is_told_once(tmp_path):
    found = faults(tmp_path, "age,qx,sex\n" + "50,99.9%,m\n" * 4000)
    assert found == [
        "2 qx | '99.9%', in percent | a number | divide the column by 100: 99.9% is 0.999",
        "0  |  |  | and 3,999 more like it, lines 3-4001",
    ]


def test_a_long_list_of_faults_is_cut_and_counted(tmp_path):
    with pytest.raises(InputError) as raised:
        read(tmp_path, "age,qx,sex\n" + "50,x,m\n" * 4000)
    assert raised.value.count == 4000
    lines = str(raised.value).split("\n")
    assert len(lines) <= 102
    assert "and 3,950 more like it, lines 52-4001" in lines[-1]


def test_doubled_quotes_and_lines_in_quotes_are_text(tmp_path):
    table = read(tmp_path, 'age,qx,sex\n1,1,"m ""x"""\n2,2,"of\ntwo"\n3,3,""""\n4,4,m"x\n')
    assert table["sex"] == ('m "x"', "of\ntwo", '"', 'm"x')
    assert table.lines == (2, 3, 5, 6)


def test_a_file_of_nothing_but_faults_is_not_read_to_its_end(tmp_path):
    with pytest.raises(InputError) as raised:
        read(tmp_path, "age,qx,sex\n" + "x\n" * 30_000)
    assert raised.value.count == 10_001


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


@pytest.mark.parametrize("content", [b'""', b'""\n1,2\n', b'"";""\n', b'"",""\n1,2\n', b'" "\n'])
def test_a_first_row_of_empty_cells_is_no_header(tmp_path, content):
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert caught.value.problems[0].line == 1


@settings(max_examples=60)
@given(st.binary(max_size=40) | st.text('age,qx"\n;1.', max_size=30).map(str.encode))
def test_random_bytes_raise_nothing_else(tmp_path, content):
    for start in (b"", b"age,qx,sex\n"):
        try:
            read(tmp_path, start + content)
        except InputError:
            continue
