"""Parquet that somebody sent: refused by its footer where it is no table of numbers of a possible size."""

from __future__ import annotations

import os

import numpy as np
import pytest

from netcea.errors import InputError
from netcea.storage import untrusted_parquet
from netcea.storage.draws_file import read_columns
from netcea.storage.untrusted_parquet import open_parquet

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def written(folder, columns, **options):
    path = folder / "d.parquet"
    pq.write_table(pa.Table.from_arrays(list(columns.values()), names=list(columns)), path, **options)
    return path


def said(path):
    with pytest.raises(InputError) as refused:
        list(read_columns(path))
    return str(refused.value)


def test_numbers_are_read(tmp_path):
    path = written(tmp_path, {"a.b": pa.array([1.0, 2.0]), "n": pa.array([1, 2])})
    (found,) = read_columns(path)
    assert {name: values.tolist() for name, values in found.items()} == {"a.b": [1.0, 2.0], "n": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pa.array([[1.0], [2.0]]), "the column 'x' of tables or lists"),
        (pa.array([{"a": 1.0}, {"a": 2.0}]), "the column 'x' of tables or lists"),
        (pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64())), "the column 'x' of tables or lists"),
        (pa.array(["1", "2"]), "no numbers"),
        (pa.array([1.0, None]), "missing or no numbers"),
        (pa.array(["x" * 10_000_000, ""]), "bytes unpacked"),
    ],
)
def test_what_is_no_flat_table_of_numbers(column, words, tmp_path):
    assert words in said(written(tmp_path, {"x": column}, compression="zstd", use_dictionary=False))


def test_columns_of_the_same_name(tmp_path):
    path = tmp_path / "d.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array([1.0])] * 2, names=["x", "x"]), path)
    assert "two columns of the same name" in said(path)


def test_too_many_rows_or_columns_are_refused_by_the_footer(tmp_path, monkeypatch):
    path = written(tmp_path, {"x": pa.array(np.zeros(1001)), "y": pa.array(np.ones(1001))})
    monkeypatch.setattr(untrusted_parquet, "MOST_DRAWS", 1000)
    assert "1,001 rows of 2 columns" in said(path)
    monkeypatch.setattr(untrusted_parquet, "MOST_DRAWS", 10_000)
    assert open_parquet(path).metadata.num_rows == 1001
    monkeypatch.setattr(untrusted_parquet, "MOST_COLUMNS", 1)
    assert "1,001 rows of 2 columns" in said(path)


def rows_or_refusal(path):
    try:
        return sum(len(part.get("x", ())) for part in read_columns(path))
    except InputError:
        return 0


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_are_answered(seed, tmp_path):
    """Bytes changed anywhere, footers that lie: numbers, or what is wrong."""
    dice = np.random.default_rng(seed)
    path = written(tmp_path, {"x": pa.array(np.arange(100.0)), "y": pa.array(np.arange(100))}, compression="zstd")
    data = bytearray(path.read_bytes())
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    for _ in range(3):
        data[int(dice.integers(footer if seed % 2 else 0, len(data)))] = int(dice.integers(256))
    path.write_bytes(bytes(data[: len(data) if seed % 5 else int(dice.integers(len(data)))]))
    assert rows_or_refusal(path) <= 100


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "d.parquet")
    assert "no ordinary file" in said(tmp_path / "d.parquet")
