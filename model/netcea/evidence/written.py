"""The folder of diagnostics of fits to patients: tables as CSV, figures as PNG and SVG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netcea.evidence.figures import figures_of
from netcea.evidence.sentences import sentences
from netcea.evidence.tables import tables_of
from netcea.reporting.csv_tables import table_bytes
from netcea.reporting.figures.files import save_figures
from netcea.storage.atomic import atomic_folder

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms


def write_diagnostics(found: FitsOfArms, folder: Path, *, figures: bool = True) -> Path:
    """Write tables and figures into a folder, whole or not at all; return the folder.

    Parameters
    ----------
    found : FitsOfArms
    folder : Path
        Replaced where netcea wrote it before.
    figures : bool
        Whether they are drawn.

    Raises
    ------
    InputError
        Something else lies there.
    """
    with atomic_folder(folder) as new:
        (new / "tables").mkdir()
        for name, table in tables_of(found).items():
            (new / "tables" / f"{name}.csv").write_bytes(table_bytes(table(found)))
        (new / "sentences.txt").write_text("\n".join(sentences(found)) + "\n", encoding="utf-8")
        if figures:
            save_figures(figures_of(found), new / "figures")
    return folder
