"""The last step of an Excel file: rows that were made as text go in, the time of writing goes out."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can name."""
EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's dates have no time zone
"""Date of a document: the same model gives the same bytes."""

EFFORT: Final = 5
"""Of compression, from 1 to 9: most of a file are digits, which more effort does not make smaller."""
FONT: Final = re.compile(rb"<font>(.*?)</font>", re.DOTALL)
PART: Final = re.compile(rb"<(\w+)[^>]*/>")
OF_FONTS: Final = b"b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()
"""Parts of a font in the order of spreadsheet programs: the standard allows any, some readers do not."""


def stamp_of(date: datetime) -> str:
    """Return a date as the properties of a document have it.

    >>> stamp_of(EPOCH)
    '2000-01-01T00:00:00Z'
    """
    return date.strftime("%Y-%m-%dT%H:%M:%SZ")


def same_bytes(data: bytes, date: datetime, rows: Mapping[str, str] | None = None) -> bytes:
    """Return the file with one date throughout, so that the same result gives the same bytes.

    Parameters
    ----------
    data : bytes
        An .xlsx file.
    date : datetime
    rows : mapping of file in the archive -> str, optional
        XML of the rows of a sheet, in place of those that it has.
    """
    stamp = stamp_of(date).encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=EFFORT) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            if name == "xl/styles.xml":
                content = FONT.sub(_in_order, content)
            if rows and name in rows:
                content = _with_rows(content, rows[name].encode())
            info = zipfile.ZipInfo(name, OLDEST)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            _add(new, info, content)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes) -> None:
    """Add a file to an archive, compressed as suits digits: a repetition of three or four letters is chance in them.

    Passing those over makes a live workbook a twentieth smaller. `zipfile` has no word for it; where a later one names
    its compressor otherwise, files are what they were without.
    """
    info.file_size = len(content)
    with archive.open(info, "w") as file:
        if info.compress_type == zipfile.ZIP_DEFLATED:
            target: Any = file
            made = zlib.compressobj(EFFORT, zlib.DEFLATED, -zlib.MAX_WBITS, strategy=zlib.Z_FILTERED)
            target._compressor = made  # noqa: SLF001 - there is no other way to it
        file.write(content)


def _in_order(font: re.Match[bytes]) -> bytes:
    """Return a font with its parts in their order."""
    parts = sorted(PART.finditer(font[1]), key=lambda part: OF_FONTS.index(part[1]))
    return b"<font>" + b"".join(part[0] for part in parts) + b"</font>"


def _with_rows(sheet: bytes, rows: bytes) -> bytes:
    """Return a sheet with these rows; the size that was written is that of its former ones."""
    before, _, after = sheet.partition(b"<sheetData")
    after = re.sub(rb"\A *(/>|>.*?</sheetData>)", b"", after, count=1, flags=re.DOTALL)
    return re.sub(rb"<dimension[^>]*/>", b"", before) + b"<sheetData>" + rows + b"</sheetData>" + after
