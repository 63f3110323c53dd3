"""Files of rows of any size: what is no table of numbers is answered before memory is filled; quotes mean what they do."""

import gzip
import tracemalloc

import pytest

from helpers.sample_of import mostly_slow
from netcea.errors import InputError
from netcea.storage.delimited import layout, lines
from netcea.storage.delimited.lines import LONGEST, MOST_BLANK, MOST_COLUMNS
from netcea.storage.draws_file import read_rows

MEGABYTE = 1_000_000


def rows_of(folder, content, rows=100_000):
    """Lines and first column of a file of rows."""
    path = folder / "rows.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(read_rows(path, ["a"], rows))
    return [(int(line), float(x)) for part in found for line, x in zip(part.lines, part.columns["a"], strict=True)]


def zipped(folder, *parts):
    """A small file that is large once it is unpacked: (bytes, how often)."""
    path = folder / "rows.csv.gz"
    with gzip.open(path, "wb", 1) as file:
        for data, times in parts:
            for _ in range(times):
                file.write(data)
    return path


def large(scale):
    """Name -> what a file holds, the line that is told, what is found there; a scale of 1 is that of the limits."""
    much, longest, blank, columns = MEGABYTE // scale, LONGEST // scale, MOST_BLANK // scale, 1_000_000 // scale
    long_line = f"a line of more than {longest:,}"
    return {
        "a long line": ([(b"a\n0.1\n0.", 1), (b"1" * much, 100), (b"\n0.2\n", 1)], 3, long_line),
        "a long header": ([(b"a" * much, 100), (b"\n0.1\n", 1)], 1, long_line),
        "zeros": ([(b"\0" * much, 100)], 1, long_line),
        "a NUL": ([(b"a,b\n0.1,1\n0.2,\0\n", 1)], 3, "a NUL character in column 5"),
        "lines without text": (
            [(b"a\n", 1), (b"\n" * (blank // 10), 30)],
            blank + 2,
            f"more than {blank:,} lines without",
        ),
        "columns": ([(b"a", 1), (b",b" * (columns // 100), 100), (b"\n0.1\n", 1)], 1, f"{columns + 1:,} columns"),
        "an open quote": ([(b'a,b\n0.1,"\n', 1), (b"0.1,b\n" * (much // 100), 100)], 2, "a quote that is not closed"),
    }


@pytest.mark.parametrize("scale", mostly_slow([1, 20], [20]))
@pytest.mark.parametrize("case", large(1))
def test_what_is_too_large_is_answered_before_memory_is_filled(case, scale, tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST", LONGEST // scale)
    monkeypatch.setattr(lines, "MOST_BLANK", MOST_BLANK // scale)
    monkeypatch.setattr(layout, "MOST_COLUMNS", MOST_COLUMNS // scale)
    parts, line, words = large(scale)[case]
    path = zipped(tmp_path, *parts)
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as caught:
            list(read_rows(path, ["a"]))
        assert tracemalloc.get_traced_memory()[1] < 20 * LONGEST // scale
    finally:
        tracemalloc.stop()
    (problem,) = caught.value.problems
    assert (problem.line, problem.found[: len(words)]) == (line, words)


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_a_cell_of_several_lines_is_one_cell_wherever_rows_are_cut(rows, tmp_path):
    content = 'a,b\n1,"one\ntwo"\n2,"""x"""\n3,"\n\nthree"\n4,""\n'
    assert rows_of(tmp_path, content, rows) == [(2, 1.0), (4, 2.0), (5, 3.0), (8, 4.0)]


FAULTS = {
    "quoted empty": ('a,b\n1,1\n"",1\n', 3, "an empty cell"),
    "quoted blank": ('a,b\n1,1\n" ",1\n', 3, "an empty cell"),
    "stray": ('a,b\n1,1\n1"5,1\n', 3, "'1\"5'"),
    "after a quote": ('a,b\n1,1\n"1"5,1\n', 3, "a quote that is not closed, or text after a closing quote"),
    "open": ('a,b\n1,1\n"1,1\n1,2\n', 3, "a quote that is not closed, or text after a closing quote"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_quotes_that_mean_nothing_are_refused_with_their_line(fault, tmp_path):
    content, line, found = FAULTS[fault]
    with pytest.raises(InputError) as caught:
        rows_of(tmp_path, content)
    (problem,) = caught.value.problems
    assert (problem.line, problem.found) == (line, found)
