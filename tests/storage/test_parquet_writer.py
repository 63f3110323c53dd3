"""Draws as Parquet: what is written is read back by others, bit for bit, whatever the parts."""

import io
from collections import Counter

import numpy as np
import pytest

from netcea.storage.draws_file import DrawsWriter, read_columns
from netcea.storage.parquet_writer import ROWS, SAMPLE, ParquetWriter

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

NAMES = ("draw", "costs.unit.ct_scan", "with, comma and £", "count", "violations", "beyond")


def part(first, rows):
    random = np.random.default_rng(first)
    beyond = np.resize([5e-324, 1.7976931348623157e308, -0.0, np.inf, -np.inf, np.nan], rows)
    draw, normal = np.arange(first + 1.0, first + rows + 1.0), random.standard_normal((2, rows))
    return dict(zip(NAMES, (draw, *normal, random.poisson(3.0, rows) * 1.0, np.zeros(rows), beyond), strict=True))


def parts(*sizes):
    return [part(sum(sizes[:i]), rows) for i, rows in enumerate(sizes)]


def written(found):
    writer, target = ParquetWriter(io.BytesIO()), io.BytesIO()
    for columns in found:
        writer.add(columns)
    writer.write_to(target)
    return target.getvalue()


def whole(found):
    return {name: np.concatenate([columns[name] for columns in found]) for name in NAMES}


@pytest.mark.parametrize("sizes", [(1,), (2048, 2048, 3), (ROWS - 1, 2, ROWS, 5)])
def test_what_is_written_is_read_back_bit_for_bit(sizes):
    found = parts(*sizes)
    table = pq.read_table(io.BytesIO(written(found)))
    assert table.column_names == list(NAMES)
    for name, values in whole(found).items():
        assert table[name].null_count == 0
        assert table[name].to_numpy().tobytes() == values.tobytes(), name


def test_pandas_and_netcea_read_the_same(tmp_path):
    import pandas as pd

    found = [{name: values for name, values in columns.items() if name != "beyond"} for columns in parts(2048, 100)]
    writer = DrawsWriter("parquet")
    for columns in found:
        writer.add(columns)
    writer.write_to(tmp_path / "draws.parquet")
    frame = pd.read_parquet(tmp_path / "draws.parquet")
    (ours,) = read_columns(tmp_path / "draws.parquet")
    assert list(ours) == list(frame) == list(NAMES[:-1])
    for name in ours:
        values = np.concatenate([columns[name] for columns in found])
        assert np.array_equal(ours[name], values)
        assert np.array_equal(frame[name].to_numpy(), values)


def test_the_footer_is_what_the_format_says():
    """Sizes and places as Parquet's own reader finds them: it checks none of them when it reads the whole."""
    data = written(parts(ROWS, ROWS, 7))
    about = pq.ParquetFile(io.BytesIO(data)).metadata
    assert [about.row_group(i).num_rows for i in range(about.num_row_groups)] == [ROWS, ROWS, 7]
    position = 4
    codecs = Counter()
    for group in map(about.row_group, range(about.num_row_groups)):
        for i in range(group.num_columns):
            column = group.column(i)
            assert column.data_page_offset == position
            position += column.total_compressed_size
            assert column.num_values == group.num_rows
            assert column.total_uncompressed_size - 8 * group.num_rows in range(15, 40)
            codecs[column.path_in_schema, column.compression] += 1
    assert len(data) - position == about.serialized_size + 8
    assert codecs["violations", "GZIP"] == codecs["count", "GZIP"] == 3
    assert codecs["costs.unit.ct_scan", "UNCOMPRESSED"] == 3


def test_the_bytes_are_the_same_however_the_rows_come():
    (whole_part,) = parts(8192)
    pieces = [{name: values[i : i + 64] for name, values in whole_part.items()} for i in range(0, 8192, 64)]
    assert written([whole_part]) == written(pieces)


def test_one_column_is_read_without_the_others(tmp_path):
    (tmp_path / "draws.parquet").write_bytes(written(parts(SAMPLE, 1)))
    (found,) = read_columns(tmp_path / "draws.parquet", ["count"])
    assert list(found) == ["count"]
    assert np.array_equal(found["count"], whole(parts(SAMPLE, 1))["count"])


def test_other_columns_than_before_are_refused():
    writer = ParquetWriter(io.BytesIO())
    writer.add({"a": np.zeros(2), "b": np.zeros(2)})
    for columns in ({"b": np.zeros(2), "a": np.zeros(2)}, {"a": np.zeros(2), "b": np.zeros(1)}, {}):
        with pytest.raises(ValueError, match="columns"):
            writer.add(columns)
