"""The report of a base case."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netcea.analyses.base_case.record import record_of
from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.base_case.screen import about, screen
from netcea.analyses.base_case.tables import TABLES
from netcea.analyses.base_case.trace_files import sources_table, trace_names, trace_text
from netcea.reporting.late_figures import LateFigures
from netcea.reporting.report import Report, headline_of, named_results
from netcea.scenario.price_layers import mark_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ON_SCREEN = ("base_case", "beside", "net_health_benefit")
"""Tables that are printed when a folder is shown again."""


def report(result: BaseCaseResult) -> Report:
    """Return tables, traces, figures, Excel file and JSON of a base case."""
    case = result.case
    row, threshold = case.against_comparator(), case.thresholds[0]
    costs, qalys = row.incremental_costs or 0.0, row.incremental_qalys or 0.0
    return Report(
        analysis="base_case",
        title=case.name,
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(*(make(result) for make in TABLES.values()), sources_table(result)),
        on_screen=ON_SCREEN,
        screen=tuple(screen(result)),
        about=about(result),
        figures=LateFigures(partial(figures_of, result)),
        files=_files(result),
        headline=headline_of("point estimates", costs, qalys, threshold, case.severity.severity_weight),
        by_name=named_results(
            {name: found.costs for name, found in case.strategies.items()}, costs, qalys, case.thresholds
        ),
        nested=False,
    )


def figures_of(result: BaseCaseResult) -> dict[str, Callable[[], Figure]]:
    """Return the figures that have something to show, ready to be drawn.

    Parameters
    ----------
    result : BaseCaseResult
        That they show.
    """
    from netcea.analyses.base_case.figures import FIGURES, figure_names

    return {name: partial(FIGURES[name], result) for name in figure_names(result)}


def _files(result: BaseCaseResult) -> dict[str, Callable[[Path], None]]:
    names = trace_names(result.traces)
    files: dict[str, Callable[[Path], None]] = {
        f"tables/{names[strategy]}.csv": partial(_write_trace, result, strategy) for strategy in result.traces
    }
    if result.options.workbook:
        files["results.xlsx"] = partial(_write_workbook, result)
    return files


def _write_trace(result: BaseCaseResult, strategy: str, path: Path) -> None:
    mark = mark_of(result.scenario.prices.marking)
    path.write_text(trace_text(result.traces[strategy], mark), encoding="utf-8")


def _write_workbook(result: BaseCaseResult, path: Path) -> None:
    from netcea.analyses.base_case.results_workbook import write_results_workbook

    drawn = [path.parent / "figures" / f"{name}.png" for name in figures_of(result)]
    write_results_workbook(result, path, [picture for picture in drawn if picture.is_file()])
