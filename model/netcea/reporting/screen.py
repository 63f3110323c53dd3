"""The report of an analysis on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from netcea.analyses.base_case.screen import console_of, print_to
from netcea.analyses.base_case.screen_tables import rich_table
from netcea.reporting.number_format import plain

if TYPE_CHECKING:
    from netcea.reporting.report import AnalysisReport


def show_report(report: AnalysisReport, file: TextIO | None = None, width: int | None = None) -> None:
    """Print the title, what was run, the tables chosen for the screen, and the sentences below them."""
    print_to(lambda columns, colour: rendered_report(report, columns, colour=colour), file, width)


def rendered_report(report: AnalysisReport, width: int = 100, *, colour: bool = False) -> str:
    """Return what `show_report` prints."""
    from rich.padding import Padding

    console, text = console_of(width, colour=colour)
    scenario = report.scenario
    console.print()
    console.print(plain(report.title), style="bold")
    if scenario.prices.marking:
        console.print(scenario.prices.marking, style="bold red")
    where = f"{scenario.source}, numbers from {scenario.inputs_folder}, digest {scenario.digest[:12]}"
    console.print(where, style="dim")
    for change in scenario.changes:
        console.print(f"Changed: {plain(change.address)} = {plain(change.value)}  ({change.where})")
    tables = {table.name: table for table in report.tables}
    for name in report.on_screen:
        console.print()
        console.print(rich_table(tables[name]))
    if report.lines:
        console.print()
    for line in report.lines:
        console.print(Padding(plain(line), (0, 0, 0, 1)))
    console.print()
    return text()
