"""What LibreOffice makes of a workbook: every cell's value after a full recalculation."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from netcea.verification import independent

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


def recalculate(path: Path) -> openpyxl.Workbook:
    """Open a workbook in LibreOffice without a window, save it, and return it with values in place of formulas."""
    from helpers.office import Office, is_there  # which needs SOFFICE

    with tempfile.TemporaryDirectory() as folder:
        if is_there():
            with Office() as office:
                office.open(path)
                office.save(Path(folder) / path.name)
            return openpyxl.load_workbook(Path(folder) / path.name, data_only=True)
        return openpyxl.load_workbook(independent.recalculated(path, Path(folder)), data_only=True)


def values(path: Path) -> Mapping[str, list[list[object]]]:
    """Return sheet -> rows of values."""
    book = recalculate(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def each_once(kept: Path) -> Callable[[Path, Path], Path]:
    """Return what recalculates a workbook as `netcea verify` does, in LibreOffice, but the same file once only.

    Parameters
    ----------
    kept : Path
        A folder that the processes of the tests share.
    """
    whole = independent.recalculated

    def recalculated(path: Path, folder: Path) -> Path:
        known = kept / f"{hashlib.sha256(path.read_bytes()).hexdigest()}.xlsx"
        if not known.exists():
            part = known.with_suffix(f".{os.getpid()}")
            shutil.copy(whole(path, folder), part)
            part.replace(known)
        return known

    return recalculated
