"""The last step of an Excel file: rows that were made as text go in, the time of writing goes out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Final

OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can name."""


def same_bytes(data: bytes, date: datetime, raw_rows: Mapping[str, str] | None = None) -> bytes:
    """Return the file with one date throughout, so that the same result gives the same bytes.

    Parameters
    ----------
    data : bytes
        An .xlsx file.
    date : datetime
    raw_rows : mapping of file in the archive -> str, optional
        XML of rows that follow those of a sheet.
    """
    stamp = date.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            if raw_rows and raw_rows.get(name):
                content = _with_rows(content, raw_rows[name].encode())
                content = re.sub(rb"<dimension[^>]*/>", b"", content, count=1)
            info = zipfile.ZipInfo(name, OLDEST)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()


def _with_rows(sheet: bytes, rows: bytes) -> bytes:
    """Return a sheet with rows after those that it has, if any."""
    if b"<sheetData />" in sheet:
        return sheet.replace(b"<sheetData />", b"<sheetData>" + rows + b"</sheetData>", 1)
    return sheet.replace(b"</sheetData>", rows + b"</sheetData>", 1)
