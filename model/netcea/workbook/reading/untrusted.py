"""A workbook that somebody sent: opened only if it is what it says, holds no program and leads nowhere else.

openpyxl reads XML with the standard library's expat, which fetches nothing from outside; entities, by which a small
file can grow without end, are refused before it sees them: no spreadsheet program writes any.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import Final

import openpyxl
from openpyxl import Workbook

from netcea.errors import InputError, Place, Problem

MOST_BYTES: Final = 400_000_000
"""Of all parts together, unpacked; a workbook of 80 scenarios and 10,000 draws has a tenth of it."""
MOST_PARTS: Final = 2000
OLD_OR_ENCRYPTED: Final = b"\xd0\xcf\x11\xe0"
MARKS: Final = (b"<!DOCTYPE", b"<!ENTITY")


def open_untrusted(data: bytes, shown_as: str) -> Workbook:
    """Return a workbook with its formulas.

    Raises
    ------
    InputError
        Not an .xlsx file, encrypted, with macros or external links, too large, or not readable.
    """
    _check(data, shown_as)
    return _opened(data, shown_as, values=False)


def cached_values(data: bytes, shown_as: str, sheets: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """Return sheet -> cell -> the value that was last worked out; only after `open_untrusted` took the file."""
    book = _opened(data, shown_as, values=True)
    found: dict[str, dict[str, object]] = {}
    for title in sheets:
        cells = (cell for row in book[title].iter_rows() for cell in row)
        found[title] = {cell.coordinate: cell.value for cell in cells if cell.value is not None}
    return found


def read_bytes(path: Path, shown_as: str) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    InputError
        No such file, not an ordinary file, too large.
    """
    if not path.is_file():
        what = "a folder" if path.is_dir() else "no such file"
        raise Place(shown_as).error(what, "an Excel workbook that `netcea export` wrote")
    if path.stat().st_size > MOST_BYTES:
        raise InputError(_not(shown_as, f"a file of more than {MOST_BYTES // 10**6} MB", "is it the right file?"))
    return path.read_bytes()


def _not(shown_as: str, found: str, suggestion: str = "") -> Problem:
    return Place(shown_as).problem(found, "an Excel workbook (.xlsx) that `netcea export` wrote", suggestion)


def _check(data: bytes, shown_as: str) -> None:
    if data.startswith(OLD_OR_ENCRYPTED):
        what = "an encrypted workbook or one of the old .xls format"
        raise InputError(_not(shown_as, what, "save it as .xlsx without a password"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            problem = _problem_of(archive, shown_as)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise InputError(_not(shown_as, f"a file that is no .xlsx or is damaged ({error})")) from error
    except Exception as error:  # zlib.error and its like: whatever a damaged archive raises
        raise InputError(_not(shown_as, f"a damaged file ({error})")) from error
    if problem is not None:
        raise InputError(problem)


def _problem_of(archive: zipfile.ZipFile, shown_as: str) -> Problem | None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) < len(names):
        return _not(shown_as, "an archive with too many parts, or parts of the same name")
    if sum(part.file_size for part in parts) > MOST_BYTES:
        return _not(shown_as, f"an archive that unpacks to more than {MOST_BYTES // 10**6} MB", "is it a zip bomb?")
    if any(part.flag_bits & 1 for part in parts):
        return _not(shown_as, "an archive with a password", "save it without")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return _not(shown_as, "a workbook with macros", "save it as .xlsx, which has none")
    if any("externallinks/" in name.lower() for name in names):
        return _not(shown_as, "links to other workbooks", "remove them (Excel: Data, Edit links, Break link)")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        return _not(shown_as, "an archive that is not an Excel workbook")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            content = archive.read(part)  # never more than part.file_size
            head = content[:3]
            if any(mark in content for mark in MARKS) or head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
                return _not(shown_as, f"XML with entities, or not in UTF-8, in {part.filename}")
    return None


def _opened(data: bytes, shown_as: str, *, values: bool) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that openpyxl does not keep: nothing is written back
            return openpyxl.load_workbook(io.BytesIO(data), data_only=values, read_only=values, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a damaged part makes it raise
        what = f"a workbook that cannot be read ({type(error).__name__}: {error})"
        raise InputError(_not(shown_as, what, "open it in a spreadsheet program and save it as .xlsx")) from error
