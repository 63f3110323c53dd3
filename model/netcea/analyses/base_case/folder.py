"""The output folder of a run: everything written, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netcea.analyses.base_case.result import BaseCaseResult
from netcea.errors import InputError, Problem
from netcea.storage.atomic import atomic_folder

DEFAULT = Path("reports")


def output_folders(results: Sequence[BaseCaseResult], out: Path | None) -> list[Path]:
    """Return the folder of each result: `out` itself for one scenario, a folder in it for each of several.

    Raises
    ------
    InputError
        Two scenarios would be written to one folder.
    """
    names = [Path(result.scenario.source).stem for result in results]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            Problem(
                found=f"two scenarios named {', '.join(twice)}",
                expected="a folder of its own for each",
                suggestion="run them one at a time with --out",
            )
        )
    if out is not None and len(results) == 1:
        return [out]
    return [(out or DEFAULT) / name for name in names]


def write_folder(result: BaseCaseResult, folder: Path, *, figures: bool, workbook: bool) -> None:
    """Write run.json, inputs.json, results.json, tables, traces, and on request figures and the Excel file.

    The folder is replaced as a whole: a run that fails leaves the old one. Files that were not written by netcea stay.
    """
    with atomic_folder(folder) as new:
        write_files(result, new, figures=figures, workbook=workbook)


def write_files(result: BaseCaseResult, folder: Path, *, figures: bool, workbook: bool) -> None:
    """Write the same into an existing empty folder."""
    from netcea.analyses.base_case.results_json import write_results
    from netcea.reporting.csv_tables import write_csv_tables
    from netcea.reporting.inputs_record import write_inputs_record
    from netcea.reporting.run_record import base_case_record, headline_of_case, write_run_record

    write_run_record(base_case_record(result.scenario), headline_of_case(result.case), folder)
    write_inputs_record(result.scenario, folder)
    write_results(result, folder / "results.json")
    write_csv_tables(result, folder / "tables", result.scenario.bibliography)
    pictures: list[Path] = []
    if figures:
        from netcea.analyses.base_case.figures import write_figures

        (folder / "figures").mkdir()
        pictures = write_figures(result, folder / "figures")
    if workbook:
        from netcea.analyses.base_case.results_workbook import write_results_workbook

        write_results_workbook(
            result, folder / "results.xlsx", [p for p in pictures if p.suffix == ".png"], result.scenario.bibliography
        )
