"""What LibreOffice makes of a workbook: every cell's value after a full recalculation."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from helpers.processes import PATIENCE
from netcea.verification.independent import ALWAYS

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
        home = Path(folder) / "home"
        (home / "user").mkdir(parents=True)
        (home / "user" / "registrymodifications.xcu").write_text(ALWAYS)
        subprocess.run(
            [
                str(SOFFICE),
                f"-env:UserInstallation={home.as_uri()}",
                "--headless",
                "--norestore",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                folder,
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )
        return openpyxl.load_workbook(Path(folder) / path.name, data_only=True)


def values(path: Path) -> Mapping[str, list[list[object]]]:
    """Return sheet -> rows of values."""
    book = recalculate(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
