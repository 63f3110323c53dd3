"""What an analysis shows: its tables, figures and JSON, written to a folder as a whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.analyses.base_case.results_json import finite
from netcea.reporting.csv_tables import table_text
from netcea.reporting.inputs_record import write_inputs_record
from netcea.reporting.run_record import headline_of_means, run_record, write_run_record
from netcea.reporting.table import Table, as_frame
from netcea.storage.atomic import atomic_folder, atomic_write_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from netcea.scenario.scenario import Scenario

REPORTS: Final = Path("reports")


@dataclass(frozen=True)
class AnalysisReport:
    """An analysis of one scenario, ready to be written.

    Attributes
    ----------
    analysis : str
        As its command is called: 'one-way', 'psa'.
    title : str
        What the screen prints above the tables.
    scenario : Scenario
    options : mapping
        What the analysis was asked, as JSON can hold it: enough to run it again.
    results : mapping
        Everything at full precision under stable names: the file results.json.
    tables : tuple of Table
        Each a CSV file.
    on_screen : tuple of str
        Names of the tables that the screen shows, in order.
    lines : tuple of str
        Sentences below the tables on the screen.
    figures : mapping of name -> function that draws it
    files : mapping of name -> function that writes it to a path
        Other files, such as draws.
    """

    analysis: str
    title: str
    scenario: Scenario
    options: Mapping[str, Any]
    results: Mapping[str, Any]
    tables: tuple[Table, ...]
    on_screen: tuple[str, ...]
    lines: tuple[str, ...] = ()
    figures: Mapping[str, Callable[[], Figure]] = field(default_factory=dict)
    files: Mapping[str, Callable[[Path], None]] = field(default_factory=dict)

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table as a tidy pandas frame."""
        found = {made.name: made for made in self.tables}
        if table not in found:
            raise KeyError(f"found {table!r}; expected one of {', '.join(found)}")
        return as_frame(found[table])

    def figure(self, name: str) -> Figure:
        """Return a figure, drawn in the house style."""
        from netcea.reporting.figures.style import styled

        with styled():
            return self.figures[name]()

    @property
    def default_folder(self) -> Path:
        """reports/<scenario>_<analysis>."""
        return REPORTS / f"{Path(self.scenario.source).stem}_{self.analysis.replace('-', '_')}"


def record(report: AnalysisReport) -> dict[str, Any]:
    """Return the run record: what was run, with what, by which versions."""
    return run_record(report.analysis, report.scenario, report.options)


def results(report: AnalysisReport) -> dict[str, Any]:
    """Return results.json: the run record and the results; what is not finite is null."""
    return dict(finite({**record(report), "results": dict(report.results)}))


def as_text(report: AnalysisReport) -> str:
    """Return results.json as text."""
    return json.dumps(results(report), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def write_report(report: AnalysisReport, folder: Path, *, figures: bool) -> None:
    """Write run.json, inputs.json, results.json, tables, other files, and on request figures; everything or nothing."""
    with atomic_folder(folder) as new:
        write_report_into(report, new, figures=figures)


def write_report_into(report: AnalysisReport, folder: Path, *, figures: bool) -> None:
    """Write the same into an existing empty folder."""
    write_run_record(record(report), headline_of_means(report.results), folder, report.on_screen, report.lines)
    write_inputs_record(report.scenario, folder)
    atomic_write_text(folder / "results.json", as_text(report))
    (folder / "tables").mkdir()
    for table in report.tables:
        (folder / "tables" / f"{table.name}.csv").write_bytes(table_text(table).encode(errors="backslashreplace"))
    for name, write in report.files.items():
        write(folder / name)
    if figures and report.figures:
        from netcea.reporting.figures.files import save_figure
        from netcea.reporting.figures.style import styled

        (folder / "figures").mkdir()
        with styled():
            for name, draw in report.figures.items():
                save_figure(draw(), folder / "figures" / name)
