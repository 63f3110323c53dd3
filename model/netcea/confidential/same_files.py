"""What is the same in files of several runs: JSON leaf by leaf, CSV cell by cell, draws column by column.

The first run is at public prices, and what is written is its content with blanks: nothing is ever copied from a run at
confidential prices.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from netcea.confidential.same_workbook import same_workbooks
from netcea.confidential.tolerance import nearly_equal, nearly_equal_texts
from netcea.scenario.price_layers import CONFIDENTIAL


@dataclass
class Hidden:
    """What was hidden.

    Attributes
    ----------
    values : int
        Leaves of JSON, cells of tables and sheets, and whole columns of draws.
    dropped : list of str
        Files, and sheets of Excel files, that were left out whole.
    """

    values: int = 0
    dropped: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many values and files."""
        return self.values + len(self.dropped)


def same_folders(folders: Sequence[Path], out: Path) -> Hidden:
    """Write into `out` what is the same in every folder, with `confidential` in place of what is not.

    Parameters
    ----------
    folders : sequence of Path
        The first is at public prices.
    out : Path
        An existing empty folder.
    """
    hidden, first = Hidden(), folders[0]
    for path in sorted(p for p in first.rglob("*") if p.is_file()):
        name = path.relative_to(first).as_posix()
        paths = [folder / name for folder in folders]
        contents = [p.read_bytes() for p in paths if p.is_file()]
        data = _same(contents, path.suffix, name, hidden) if len(contents) == len(paths) else None
        if data is None:
            hidden.dropped.append(name)
            continue
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    return hidden


def _same(contents: Sequence[bytes], suffix: str, name: str, hidden: Hidden) -> bytes | None:
    """Return what is the same in the contents of a file; None where it has to be left out."""
    if suffix not in MERGED:  # figures among others
        return contents[0] if all(content == contents[0] for content in contents) else None
    own = Hidden()
    data = MERGED[suffix](contents, own)
    hidden.values += own.values
    hidden.dropped += [f"{name}: {what}" for what in own.dropped]
    return data


def _json(contents: Sequence[bytes], hidden: Hidden) -> bytes | None:
    found = same_leaves([json.loads(content) for content in contents], hidden)
    return (json.dumps(found, indent=2, ensure_ascii=True) + "\n").encode()


def same_leaves(values: Sequence[Any], hidden: Hidden) -> Any:
    """Return the first value with `confidential` in place of every leaf that is not the same in all.

    A list of numbers (a curve) is one leaf.

    Parameters
    ----------
    values : sequence of JSON
        The same leaf, group or list of each run; the first at public prices.
    hidden : Hidden
        Counts what is not the same.

    Examples
    --------
    >>> same_leaves([{"qalys": 1.5, "costs": 10.0}, {"qalys": 1.5, "costs": 7.0}], Hidden())
    {'qalys': 1.5, 'costs': 'confidential'}
    """
    first = values[0]
    if all(isinstance(value, dict) and list(value) == list(first) for value in values):
        return {key: same_leaves([value[key] for value in values], hidden) for key in first}
    whole = isinstance(first, list) and first and all(isinstance(item, float | int) for item in first)
    if not whole and all(isinstance(value, list) and len(value) == len(first) for value in values):
        return [same_leaves(items, hidden) for items in zip(*values, strict=True)]
    if whole and all(_nearly_equal_lists(value, first) for value in values):
        return first
    if not isinstance(first, dict | list) and all(nearly_equal(v, first) for v in values):
        hidden.values += first == CONFIDENTIAL
        return first
    hidden.values += 1
    return CONFIDENTIAL


def _nearly_equal_lists(a: object, b: Sequence[object]) -> bool:
    return isinstance(a, list) and len(a) == len(b) and all(map(nearly_equal, a, b))


def _csv(contents: Sequence[bytes], hidden: Hidden) -> bytes | None:
    tables = [list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""))) for content in contents]
    found = same_cells(tables, hidden)
    return None if found is None else _csv_text(found).encode()


def same_cells(tables: Sequence[list[list[str]]], hidden: Hidden) -> list[list[str]] | None:
    """Return the first table with `confidential` in place of cells that are not the same; None for another shape.

    A row whose first cell differs is another row in each run: it is hidden whole.

    Parameters
    ----------
    tables : sequence of rows of cells
        Of each run; the first at public prices.
    hidden : Hidden
        Counts what is not the same.
    """
    first = tables[0]
    if any([len(row) for row in table] != [len(row) for row in first] or table[:1] != first[:1] for table in tables):
        return None
    found = []
    for rows in zip(*tables, strict=True):
        other = any(row[:1] != rows[0][:1] for row in rows)
        line = [
            CONFIDENTIAL if other or not all(nearly_equal_texts(cell, cells[0]) for cell in cells) else cells[0]
            for cells in zip(*rows, strict=True)
        ]
        hidden.values += line.count(CONFIDENTIAL)
        found.append(line)
    return found


def _csv_text(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _draws_csv(contents: Sequence[bytes], hidden: Hidden) -> bytes | None:
    """Return compressed draws; a column that differs in one draw is hidden whole."""
    tables = [list(csv.reader(io.StringIO(gzip.decompress(c).decode("utf-8"), newline=""))) for c in contents]
    first = tables[0]
    if any(len(table) != len(first) or table[:1] != first[:1] for table in tables):
        return None
    columns = [list(zip(*table, strict=True)) for table in tables]
    made = []
    for versions in zip(*columns, strict=True):
        same = all(version == versions[0] for version in versions)
        hidden.values += not same
        made.append(versions[0] if same else (versions[0][0], *[CONFIDENTIAL] * (len(first) - 1)))
    text = _csv_text(list(zip(*made, strict=True)))
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def _draws_parquet(contents: Sequence[bytes], hidden: Hidden) -> bytes | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = [pq.read_table(io.BytesIO(content)) for content in contents]
    first = tables[0]
    if any(t.num_rows != first.num_rows or t.column_names != first.column_names for t in tables):
        return None
    made = {}
    for column in first.column_names:
        same = all(t.column(column).equals(first.column(column)) for t in tables)
        hidden.values += not same
        made[column] = first.column(column) if same else pa.array([CONFIDENTIAL] * first.num_rows)
    out = io.BytesIO()
    pq.write_table(pa.table(made), out, compression="zstd")
    return out.getvalue()


def _workbook(contents: Sequence[bytes], hidden: Hidden) -> bytes | None:
    data, values, dropped = same_workbooks(contents)
    hidden.values += values
    hidden.dropped += dropped
    return data


MERGED: Final[dict[str, Callable[[Sequence[bytes], Hidden], bytes | None]]] = {
    ".json": _json,
    ".csv": _csv,
    ".gz": _draws_csv,
    ".parquet": _draws_parquet,
    ".xlsx": _workbook,
}
"""Ending of a file -> what keeps of it what is the same; others are kept where their bytes are."""
