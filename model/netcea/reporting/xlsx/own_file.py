"""Excel files that netcea wrote and nobody changed since; any other file is not replaced unless asked for."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from netcea.errors import Place
from netcea.reporting.reproducible_xlsx import EPOCH, stamp_of
from netcea.storage.regular_file import kind_at, read_regular, refuse_link, refuse_special

CORE: Final = "docProps/core.xml"
CREATOR: Final = re.compile(rb"<dc:creator[^>]*>netcea</dc:creator>")
"""With lxml installed, openpyxl declares the namespace in the tag itself."""
MODIFIED: Final = f">{stamp_of(EPOCH)}</dcterms:modified>".encode()
"""A program that saves a file says when."""
MOST_OF_PROPERTIES: Final = 100_000
"""[bytes]"""
LARGEST: Final = 400_000_000
"""[bytes]"""


def refuse_other_files(path: Path, *, overwrite: bool) -> None:
    """See that a workbook can be written to a path without replacing what somebody else made.

    Parameters
    ----------
    path : Path
        Where the workbook goes.
    overwrite : bool
        Whether any ordinary file may be replaced.

    Raises
    ------
    InputError
        A folder, a link, a device or a pipe lies there; or, unless told to overwrite, a file that netcea did not write
        or that was changed since.
    """
    refuse_special(path)
    refuse_link(path)
    if overwrite or not kind_at(path) or is_own(path):
        return
    hint = "give another name with --output, or add --overwrite"
    raise Place(str(path)).error("a file that netcea did not write, or that was changed since", "a new file", hint)


def is_own(path: Path) -> bool:
    """Say whether a file is an Excel file as netcea wrote it: by its author and its date.

    Parameters
    ----------
    path : Path
        Of a file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(read_regular(path, LARGEST))) as archive, archive.open(CORE) as file:
            properties = file.read(MOST_OF_PROPERTIES)
    except Exception:  # noqa: BLE001 - whatever a file that is no archive, or a damaged one, raises
        return False
    return CREATOR.search(properties) is not None and MODIFIED in properties
