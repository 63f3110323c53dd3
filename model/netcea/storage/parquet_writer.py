"""A table of numbers as Parquet, gathered part by part: memory and the file's footer stay small however many rows.

Columns are required, of double precision, in plain encoding: every reader of Parquet takes them. Draws hardly compress
(Zstandard saves a thousandth), so only columns that repeat themselves, such as counts, are compressed.

References
----------
Apache Parquet: the file format, github.com/apache/parquet-format, README.md and src/main/thrift/parquet.thrift.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.storage.gzip_member import gzip_member
from netcea.storage.thrift import Value, i32, i64, listed, struct, text

MAGIC: Final = b"PAR1"
ROWS: Final = 65_536
"""Rows of a row group, about: half a megabyte of each column."""
SAMPLE: Final = 4096
"""Bytes at the beginning of a column by which is told whether it repeats itself."""
NUMBER: Final = np.dtype("<f8")

# codes of parquet.thrift
DOUBLE: Final = 5
REQUIRED: Final = 0
PLAIN: Final = 0
RLE: Final = 3
UNCOMPRESSED: Final = 0
GZIP: Final = 2
DATA_PAGE: Final = 0


class ParquetWriter:
    """Gathers parts of a table in a file that goes away; `write_to` writes them all as Parquet.

    Parameters
    ----------
    gathered : binary file
        Empty, to be written and read: numbers, column after column, part after part.
    """

    def __init__(self, gathered: IO[bytes]) -> None:
        self._gathered: Any = gathered
        self._names: tuple[str, ...] = ()
        self._rows: list[int] = []

    def add(self, columns: Mapping[str, Array]) -> None:
        """Add the next rows.

        Parameters
        ----------
        columns : mapping of name -> Array (row,)
            Of the same names in the same order as those before.

        Raises
        ------
        ValueError
            Other names, or columns of different lengths.
        """
        names, lengths = tuple(columns), {len(column) for column in columns.values()}
        if len(lengths) != 1 or self._names not in ((), names):
            raise ValueError("columns of different lengths, or not those of the rows before")
        self._names = names
        self._gathered.seek(0, 2)
        for column in columns.values():
            self._gathered.write(np.ascontiguousarray(column, NUMBER).data)
        self._rows.append(lengths.pop())

    def write_to(self, target: IO[bytes]) -> None:
        """Write everything that was added.

        Parameters
        ----------
        target : binary file
            At its beginning.
        """
        position = target.write(MAGIC)
        groups = []
        for parts in self._groups():
            chunks, rows, start = [], sum(self._rows[part] for part in parts), position
            for number, name in enumerate(self._names):
                values = self._column(number, parts)
                page, about = _page(values)
                target.write(page)
                chunks.append(_chunk(name, position, len(values), len(page), about))
                position += len(page)
            groups.append(struct({1: listed(chunks), 2: i64(position - start), 3: i64(rows)}))
        footer = _footer(self._names, sum(self._rows), groups)
        target.write(footer + len(footer).to_bytes(4, "little") + MAGIC)

    def _groups(self) -> Iterator[list[int]]:
        """Yield the numbers of the parts of each row group: consecutive ones."""
        before = [0, *accumulate(self._rows)]
        for _, parts in groupby(range(len(self._rows)), key=lambda part: before[part] // ROWS):
            yield list(parts)

    def _column(self, number: int, parts: Sequence[int]) -> NDArray[np.float64]:
        """Read one column of consecutive parts."""
        values = np.empty(sum(self._rows[part] for part in parts), NUMBER)
        room, width = values.data.cast("B"), len(self._names)
        place = NUMBER.itemsize * width * sum(self._rows[: parts[0]])
        for part in parts:
            size = NUMBER.itemsize * self._rows[part]
            self._gathered.seek(place + number * size)
            if self._gathered.readinto(room[:size]) != size:
                raise OSError(0, "a file of draws that was cut while it was written")
            room, place = room[size:], place + width * size
        return values


def _page(values: NDArray[np.float64]) -> tuple[bytes, dict[str, int]]:
    """Return the only page of a column chunk with its header, and its codec and its size without compression."""
    plain = values.tobytes()
    sample = plain[:SAMPLE]
    repeats = len(zlib.compress(sample, 1)) < len(sample) // 2
    data = gzip_member(plain) if repeats else plain
    _, header = struct(
        {
            1: i32(DATA_PAGE),
            2: i32(len(plain)),
            3: i32(len(data)),
            5: struct({1: i32(len(values)), 2: i32(PLAIN), 3: i32(RLE), 4: i32(RLE)}),
        }
    )
    return header + data, {"codec": GZIP if repeats else UNCOMPRESSED, "unpacked": len(header) + len(plain)}


def _chunk(name: str, position: int, rows: int, size: int, about: Mapping[str, int]) -> Value:
    """Return what the footer says of one column of a row group."""
    found = {
        1: i32(DOUBLE),
        2: listed([i32(PLAIN), i32(RLE)]),
        3: listed([text(name)]),
        4: i32(about["codec"]),
        5: i64(rows),
        6: i64(about["unpacked"]),
        7: i64(size),
        9: i64(position),
    }
    return struct({2: i64(position), 3: struct(found)})


def _footer(names: Sequence[str], rows: int, groups: Sequence[Value]) -> bytes:
    columns = [struct({1: i32(DOUBLE), 3: i32(REQUIRED), 4: text(name)}) for name in names]
    schema = listed([struct({4: text("schema"), 5: i32(len(names))}), *columns])
    return struct({1: i32(1), 2: schema, 3: i64(rows), 4: listed(groups), 6: text("netcea")})[1]
