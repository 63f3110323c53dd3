"""Draws on disk: parameters and outcomes of every draw, as Parquet or compressed CSV, written part by part.

Parts of a compressed CSV are members of one gzip file, so workers compress their own and memory stays bounded; the same
draws give the same bytes, however they were cut among workers (parts have a fixed size).
"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import weakref
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.errors import InputError, Place, Problem

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

DrawsFormat: TypeAlias = Literal["csv", "parquet"]
FILE_NAMES: Final[dict[str, str]] = {"csv": "draws.csv.gz", "parquet": "draws.parquet"}
LONGEST_LINE: Final = 10_000_000
"""[characters]"""
GZIP_LEVEL: Final = 1
"""Level 6 takes four times as long and saves a twentieth."""


def available_format() -> DrawsFormat:
    """Return parquet where pyarrow is installed, else csv."""
    from importlib.util import find_spec

    return "parquet" if find_spec("pyarrow") is not None else "csv"


def encoded(columns: Mapping[str, Array], first: int) -> bytes:
    r"""Return rows of draws as one member of a gzip file of CSV, full precision; with the header before draw 0.

    Parameters
    ----------
    columns : mapping of name -> Array (draw,)
        What was drawn.
    first : int
        Number of the first of these draws, counted from 0.

    Examples
    --------
    >>> gzip.decompress(encoded({"a": np.array([0.5, 0.1])}, 0)).decode()
    'draw,a\n1,0.5\n2,0.1\n'
    """
    lists = [column.tolist() for column in columns.values()]
    n = len(lists[0]) if lists else 0
    texts = [map(repr, values) for values in lists]
    lines = [",".join(row) for row in zip(map(str, range(first + 1, first + n + 1)), *texts, strict=True)]
    text = "\n".join(lines) + "\n" if lines else ""
    if first == 0:
        text = ",".join(["draw", *map(_quoted, columns)]) + "\n" + text
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=GZIP_LEVEL, mtime=0, filename="") as file:
        file.write(text.encode())
    return out.getvalue()


def _quoted(name: str) -> str:
    return f'"{name}"' if any(c in name for c in ',"\n') else name


class DrawsWriter:
    """Gathers parts in a temporary file; `write_to` copies it to its place.

    Parameters
    ----------
    kind : DrawsFormat
        Of the file.
    """

    def __init__(self, kind: DrawsFormat) -> None:
        self.kind = kind
        self._open = ExitStack()
        self._file: IO[bytes] = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        self._parquet: Any = None
        weakref.finalize(self, self._open.close)  # Parquet first, then the file; at the end of the program too

    def add(self, part: bytes | Mapping[str, Array]) -> None:
        """Add the next part: encoded CSV, or columns for Parquet.

        Parameters
        ----------
        part : bytes or mapping of str -> Array
            The next draws.
        """
        if isinstance(part, bytes):
            self._file.write(part)
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table(dict(part))
        if self._parquet is None:
            self._parquet = self._open.enter_context(pq.ParquetWriter(self._file, table.schema, compression="zstd"))
        self._parquet.write_table(table)

    def write_to(self, path: Path) -> None:
        """Write everything that was added.

        Parameters
        ----------
        path : Path
            Of the file.
        """
        if self._parquet is not None:
            self._parquet.close()
            self._parquet = None
        self._file.flush()
        self._file.seek(0)
        with path.open("wb") as target:
            while block := self._file.read(1 << 20):
                target.write(block)


def read_columns(path: Path, wanted: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[dict[str, Array]]:
    """Yield columns of a file of draws, some thousands of rows at a time.

    Parameters
    ----------
    path : Path
        CSV, compressed CSV (.gz) or Parquet (.parquet).
    wanted : sequence of str, optional
        Names of columns; all when left out.
    rows : int
        Rows at a time.

    Raises
    ------
    InputError
        The file cannot be read, or holds what is not a number: with lines and names, the first 20 and how many more.
    """
    if path.suffix == ".parquet":
        yield from _read_parquet(path, wanted, rows)
        return
    try:
        yield from _read_csv(path, wanted, rows)
    except (ValueError, OSError, EOFError, csv.Error, zlib.error) as error:
        raise InputError(_faults_or(path, wanted, error)) from None


def _read_csv(path: Path, wanted: Sequence[str] | None, rows: int) -> Iterator[dict[str, Array]]:
    with _opened(path) as file:
        lines_of_file = _lines(file)
        names = next(csv.reader([next(lines_of_file, "")]), [])
        kept = [name for name in names if wanted is None or name in wanted]
        at = [names.index(name) for name in kept]
        while lines := [line for line in islice(lines_of_file, rows) if not line.isspace()]:
            if any(line.count(",") != len(names) - 1 for line in lines):
                raise ValueError("rows of different lengths")
            # NumPy's reader is exact to the last bit in every version
            values = np.loadtxt(lines, delimiter=",", usecols=at, ndmin=2, quotechar='"', comments=None)
            if not np.isfinite(values).all():
                raise ValueError("not a number")
            yield dict(zip(kept, np.ascontiguousarray(values.T), strict=True))


def header(path: Path) -> list[str]:
    """Return the names of the columns of a file of draws.

    Parameters
    ----------
    path : Path
        CSV, compressed CSV (.gz) or Parquet (.parquet).

    Raises
    ------
    InputError
        There is no such file, or it is empty or not text.
    """
    place = Place(str(path))
    if not path.is_file():
        raise place.error("no such file", "a CSV, CSV.gz or Parquet file of parameters")
    if path.suffix == ".parquet":
        return list(_parquet_file(path).schema_arrow.names)
    try:
        with _opened(path) as file:
            names = next(csv.reader(_lines(file)), [])
    except (ValueError, OSError, EOFError, csv.Error, zlib.error) as error:
        raise place.error(f"a file that is not text ({error})", "CSV with a header") from None
    if not names:
        raise Place(str(path), 1).error("an empty file", "a header of addresses, then a row for each draw")
    return names


def _faults_or(path: Path, wanted: Sequence[str] | None, error: Exception) -> list[Problem]:
    """Return what is wrong cell by cell; where the file cannot even be gone through, the error."""
    try:
        faults = list(_faults(path, wanted))
    except (ValueError, OSError, EOFError, csv.Error, zlib.error):
        faults = []
    return faults or [Place(str(path)).problem(str(error), "a table of numbers")]


def _opened(path: Path) -> IO[str]:
    if not path.is_file():
        raise OSError(0, "a device or a pipe", str(path))
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _lines(file: IO[str]) -> Iterator[str]:
    """Yield the lines of a file; one without end, as a small compressed file can hold, is an error."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise ValueError(f"a line of more than {LONGEST_LINE // 1_000_000} million characters")
        yield line


def _faults(path: Path, wanted: Sequence[str] | None, most: int = 20) -> Iterator[Problem]:
    """Yield what is wrong in a CSV file, cell by cell."""
    found = _every_fault(path, wanted)
    yield from islice(found, most)
    more = sum(1 for _ in found)
    if more:
        yield Place(str(path)).problem(f"{more} more faults like these", "numbers only")


def _every_fault(path: Path, wanted: Sequence[str] | None) -> Iterator[Problem]:
    with _opened(path) as file:
        reader = csv.reader(_lines(file))
        names = next(reader, [])
        for row in reader:
            if len(row) != len(names):
                found = f"{len(row)} values"
                yield Place(str(path), reader.line_num).problem(found, f"{len(names)}, as in the header")
                continue
            for name, text in zip(names, row, strict=True):
                if (wanted is None or name in wanted) and not _is_number(text):
                    cell = Place(str(path), reader.line_num, address=name)
                    yield cell.problem(repr(text) if text else "nothing", "a number")


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _parquet_file(path: Path) -> ParquetFile:
    place = Place(str(path))
    try:
        import pyarrow.parquet as pq
    except ImportError:
        found = "a Parquet file, and no pyarrow to read it with"
        raise place.error(found, "netcea[parquet] installed, or a CSV file") from None
    try:
        return pq.ParquetFile(path)
    except Exception as error:  # noqa: BLE001 - pyarrow has many of its own
        raise place.error(f"a file that is not Parquet ({error})", "Parquet") from None


def _read_parquet(path: Path, wanted: Sequence[str] | None, rows: int) -> Iterator[dict[str, Array]]:
    file = _parquet_file(path)
    try:
        yield from _columns_of(file, path, wanted, rows)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - pyarrow has many of its own for damaged pages
        raise Place(str(path)).error(f"damaged Parquet ({error})", "a table of numbers") from None


def _columns_of(file: ParquetFile, path: Path, wanted: Sequence[str] | None, rows: int) -> Iterator[dict[str, Array]]:
    for batch in file.iter_batches(batch_size=rows, columns=None if wanted is None else list(wanted)):
        found = {}
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            values = np.asarray(column.to_numpy(zero_copy_only=False))
            if values.dtype.kind not in "fiu" or not np.isfinite(values).all():
                raise Place(str(path), address=name).error("values that are missing or no numbers", "numbers only")
            found[name] = values.astype(np.float64)
        yield found
