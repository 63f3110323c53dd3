"""Draws on disk: parameters and outcomes of every draw, as Parquet or compressed CSV, written part by part.

Parts of a compressed CSV are members of one gzip file, so workers compress their own and memory stays bounded; the same
draws give the same bytes, however they were cut among workers (parts have a fixed size).
"""

from __future__ import annotations

import csv
import gzip
import io
import shutil
import tempfile
import weakref
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.errors import InputError, Place, Problem
from netcea.storage.delimited.encoding import encoding_of
from netcea.storage.delimited.layout import SAMPLE, Layout, layout_of
from netcea.storage.delimited.lines import read_lines, some_lines
from netcea.storage.delimited.numbers import Decimal, decimal_of, number, why_no_number
from netcea.storage.gzip_member import gzip_member
from netcea.storage.number_texts import number_texts
from netcea.storage.parquet_writer import ParquetWriter
from netcea.storage.untrusted_parquet import open_parquet

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

DrawsFormat: TypeAlias = Literal["csv", "parquet"]
FILE_NAMES: Final[dict[str, str]] = {"csv": "draws.csv.gz", "parquet": "draws.parquet"}
SNIFFED: Final = 1 << 20
"""Bytes from which the encoding of a file is told."""
MOST_FAULTS: Final = 10_000
"""Faults after which the rest of a file is not read."""


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
    texts = [number_texts(column) for column in columns.values()]
    n = len(texts[0]) if texts else 0
    lines = [",".join(row) for row in zip(map(str, range(first + 1, first + n + 1)), *texts, strict=True)]
    text = "\n".join(lines) + "\n" if lines else ""
    if first == 0:
        text = ",".join(["draw", *map(_quoted, columns)]) + "\n" + text
    return gzip_member(text.encode())


def _quoted(name: str) -> str:
    return f'"{name}"' if any(c in name for c in ',"\n') else name


class DrawsWriter:
    """Gathers parts in a temporary file; `write_to` writes them to their place.

    Parameters
    ----------
    kind : DrawsFormat
        Of the file.
    """

    def __init__(self, kind: DrawsFormat) -> None:
        self.kind = kind
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        self._parquet = ParquetWriter(self._file)
        weakref.finalize(self, self._file.close)  # at the end of the program too

    def add(self, part: bytes | Mapping[str, Array]) -> None:
        """Add the next part: encoded CSV, or columns for Parquet.

        Parameters
        ----------
        part : bytes or mapping of str -> Array
            The next draws.
        """
        if isinstance(part, bytes):
            self._file.write(part)
        else:
            self._parquet.add(part)

    def write_to(self, path: Path) -> None:
        """Write everything that was added.

        Parameters
        ----------
        path : Path
            Of the file.
        """
        with path.open("wb") as target:
            if self.kind == "parquet":
                self._parquet.write_to(target)
                return
            self._file.seek(0)
            shutil.copyfileobj(self._file, target, 1 << 20)


@dataclass(frozen=True)
class Rows:
    """Some rows of a file of draws.

    Attributes
    ----------
    lines : Array (row,)
        1-based line of each in its file; in Parquet, as if it had a header.
    columns : mapping of str -> Array (row,)
        Values.
    """

    lines: NDArray[np.intp]
    columns: dict[str, Array]


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
        The file cannot be read, or holds what is not a number: with lines and names.
    """
    for part in read_rows(path, wanted, rows):
        yield part.columns


def read_rows(path: Path, wanted: Sequence[str] | None = None, rows: int = 100_000) -> Iterator[Rows]:
    """Yield rows of a file of draws with their lines; as `read_columns`.

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
        The file cannot be read, or holds what is not a number: with lines and names.
    """
    if path.suffix == ".parquet":
        yield from _read_parquet(path, wanted, rows)
        return
    try:
        yield from _read_csv(path, wanted, rows)
    except (ValueError, OSError, EOFError, csv.Error, zlib.error) as error:
        raise Place(str(path)).error(str(error), "a table of numbers") from None


def _read_csv(path: Path, wanted: Sequence[str] | None, rows: int) -> Iterator[Rows]:
    place = Place(str(path))
    faults: list[Problem] = []
    with _opened(path) as (file, layout, decimal):
        names, asked = layout.names, set(wanted or ())
        kept = [name for name in names if wanted is None or name in asked]
        place_of = {name: index + layout.row_names for index, name in enumerate(names)}
        at = [place_of[name] for name in kept]
        text = read_lines(file, place)
        deque(islice(text, layout.header_line), maxlen=0)
        first = layout.header_line + 1
        while lines := some_lines(text, rows):
            part = _plain_rows(lines, kept, at, layout, first) if layout.separator == "," and decimal == "." else None
            part = part or _any_rows(lines, kept, layout, decimal, replace(place, line=first), faults)
            first += len(lines)
            if len(faults) > MOST_FAULTS:
                break
            if not faults and len(part.lines):
                yield part
    if faults:
        raise InputError(faults)


def _plain_rows(
    lines: Sequence[str], kept: Sequence[str], at: Sequence[int], layout: Layout, first: int
) -> Rows | None:
    """Return rows of nothing but plain numbers between commas; None where some are not."""
    commas = len(layout.names) + layout.row_names - 1
    held = [index for index, line in enumerate(lines) if not line.isspace()]
    filled = lines if len(held) == len(lines) else [lines[index] for index in held]
    if not filled or any(line.count(",") != commas for line in filled):
        return None
    try:  # NumPy's reader is exact to the last bit in every version
        values = np.loadtxt(filled, delimiter=",", usecols=at, ndmin=2, quotechar='"', comments=None)
    except ValueError:
        return None
    if not np.isfinite(values).all():
        return None
    return Rows(first + np.array(held), dict(zip(kept, np.ascontiguousarray(values.T), strict=True)))


def _any_rows(
    lines: Sequence[str], kept: Sequence[str], layout: Layout, decimal: Decimal, first: Place, faults: list[Problem]
) -> Rows:
    """Return rows cell by cell, and note what is wrong in them."""
    numbered: list[int] = []
    values: list[list[float]] = []
    names, asked = layout.names, set(kept)
    wanted = [index for index, name in enumerate(names) if name in asked]
    for line, cells in layout.rows(lines, first.line, first):
        if len(cells) != len(names):
            hint = "numbers with decimal commas need semicolons between columns" if len(cells) > len(names) else ""
            found = f"{len(cells)} values"
            faults.append(Place(first.file, line).problem(found, f"{len(names)}, as in the header", hint))
            continue
        found_row = [number(cells[index], decimal) for index in wanted]
        faults += [
            Place(first.file, line, address=names[index]).problem(*why_no_number(cells[index], "a number"))
            for index, value in zip(wanted, found_row, strict=True)
            if value is None
        ]
        numbered.append(line)
        values.append([float("nan") if value is None else float(value) for value in found_row])
    table = np.array(values, dtype=np.float64).reshape(len(values), len(wanted))
    columns = {names[index]: np.ascontiguousarray(table[:, i]) for i, index in enumerate(wanted)}
    return Rows(np.array(numbered, dtype=np.intp), {name: columns[name] for name in kept})


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
        return list(open_parquet(path).schema_arrow.names)
    try:
        with _opened(path) as (_, layout, _):
            names = list(layout.names)
    except (OSError, EOFError, ValueError, csv.Error, zlib.error) as error:
        raise place.error(f"a file that is not text ({error})", "CSV with a header") from None
    if not names:
        raise Place(str(path), 1).error("an empty file", "a header of addresses, then a row for each draw")
    return names


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[str], Layout, Decimal]]:
    """Open a CSV file at its beginning, with its layout and decimal mark as the first rows show them."""
    place = Place(str(path))
    with ExitStack() as stack:
        if not path.is_file():
            raise OSError(0, "a device or a pipe", str(path))
        raw: Any = stack.enter_context(gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb"))  # noqa: SIM115 - the stack closes it
        head = raw.read(SNIFFED)
        raw.seek(0)
        encoding = encoding_of(head, place, whole=len(head) < SNIFFED)
        file = stack.enter_context(io.TextIOWrapper(raw, encoding=encoding, newline=None))
        sample = some_lines(read_lines(file, place), SAMPLE)
        layout = layout_of(sample, place)
        decimal: Decimal = "."
        if layout.separator != "," or any('"' in line for line in sample[layout.header_line :]):
            rows = layout.rows(sample[layout.header_line :], layout.header_line + 1, place)
            cells = [(line, name, cell) for line, row in rows for name, cell in zip(layout.names, row, strict=False)]
            decimal = decimal_of(cells, layout.separator, place)
        file.seek(0)
        yield file, layout, decimal


def _read_parquet(path: Path, wanted: Sequence[str] | None, rows: int) -> Iterator[Rows]:
    try:
        yield from _rows_of(open_parquet(path), path, wanted, rows)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - pyarrow has many of its own for damaged pages
        raise Place(str(path)).error(f"damaged Parquet ({error})", "a table of numbers") from None


def _rows_of(file: ParquetFile, path: Path, wanted: Sequence[str] | None, rows: int) -> Iterator[Rows]:
    line = 2
    for batch in file.iter_batches(batch_size=rows, columns=None if wanted is None else list(wanted)):
        found = {}
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            values = np.asarray(column.to_numpy(zero_copy_only=False))
            if values.dtype.kind not in "fiu" or not np.isfinite(values).all():
                raise Place(str(path), address=name).error("values that are missing or no numbers", "numbers only")
            found[name] = values.astype(np.float64)
        yield Rows(np.arange(line, line + batch.num_rows), found)
        line += batch.num_rows
