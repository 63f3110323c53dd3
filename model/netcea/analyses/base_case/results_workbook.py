"""The Excel file of the results: tables, traces, figures and sources as values.

The model with live formulas is another file; this one holds no formula at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.base_case.trace_files import trace_heading, trace_names
from netcea.plain_number import read
from netcea.reporting.changes import change_lines
from netcea.reporting.first_lines import TITLE as FIRST_LINES
from netcea.reporting.number_format import plain, rate_in_words
from netcea.reporting.reproducible_xlsx import EPOCH
from netcea.reporting.table import Cell, Column, Table
from netcea.storage.atomic import atomic_write_bytes

if TYPE_CHECKING:
    from netcea.reporting.report import Report
    from netcea.reporting.xlsx.book import Book


SHEETS: Final[dict[str, tuple[str, ...]]] = {
    "Base case": ("base_case", "pairwise", "weighted", "summary_by_strategy"),
    "Beside": ("beside",),
    "NHB": ("net_health_benefit",),
    "Severity": ("severity",),
    "Costs": ("costs_by_category_and_state", "costs_by_item"),
    "QALYs and life years": ("qalys_by_state", "life_years_by_state"),
    "Modelled v published": ("modelled_and_published", "bindings"),
    "Fits": ("fits",),
    "Bias ledger": ("ledger",),
    "Inputs": ("inputs",),
    "Warnings": ("warnings",),
}
"""Sheet -> its tables; traces, figures and sources follow."""
VALUES_ONLY: Final = (
    "Values only, no formulas: the results of one run, at full precision below the formats shown. "
    "The model with live formulas is a workbook of its own."
)
UPRIGHT: Final = frozenset({"beside", "severity"})
"""Tables with more columns than rows, written with a row per column."""
GROUPED: Final = {"ledger": 3, "fits": 3}
"""Table -> so many first columns that are not repeated where they stay the same."""


def write_results_workbook(
    result: BaseCaseResult,
    path: Path,
    figures: Sequence[Path] = (),
    date: datetime | None = None,
    reports: Sequence[Report] = (),
) -> None:
    """Write the Excel file of the results into a folder, which is made durable as a whole.

    Parameters
    ----------
    result : BaseCaseResult
    path : Path
        Ends in .xlsx.
    figures : sequence of Path
        PNG files, one below the other on a sheet of their own.
    date : datetime, optional
        Date of the document.
    reports : sequence of Report
        Other analyses of the same scenario: a sheet each, with their tables.
    """
    book = _book(result, figures, reports)
    marking = result.scenario.prices.marking
    atomic_write_bytes(path, book.as_bytes(plain(result.case.name), date or EPOCH, marking), durable=False)


def _book(result: BaseCaseResult, figures: Sequence[Path], reports: Sequence[Report]) -> Book:
    """Return the workbook."""
    from netcea.reporting.sheets import LOOKS, Sheet
    from netcea.reporting.xlsx.book import Book

    book, found = Book(LOOKS), result.report
    marking = result.scenario.prices.marking
    footer = f"{result.case.name}, digest {result.case.digest[:12]}"
    contents: list[tuple[str, str]] = []

    def new(title: str, about: str) -> Sheet:
        sheet = Sheet.of(book, title, footer, marking)
        contents.append((sheet.title, about))
        return sheet

    first = Sheet.of(book, "Contents", footer, marking)
    for title, tables in SHEETS.items():
        made = [found.table(name) for name in tables]
        sheet = new(title, "; ".join(table.title for table in made))
        for table in made:
            if table.name in UPRIGHT:
                sheet.add_upright(table)
            else:
                sheet.add(table, grouped=GROUPED.get(table.name, 0))
    for report in reports:
        sheet = new(report.analysis.replace("_", "-").capitalize(), "; ".join(table.title for table in report.tables))
        for table in report.tables:
            sheet.add(table)
    new("Sources", "The bibliography of the inputs").add(found.table("sources"))
    names = trace_names(result.traces)
    for strategy, trace in result.traces.items():
        label = plain(result.case.strategies[strategy].label)
        about = f"{label} cycle by cycle: occupancy, flows, life years, QALYs and costs"
        sheet = new(names[strategy].replace("_", " ").capitalize(), about)
        headings, rows = trace.rows()
        sheet.add_numbers(f"Trace: {label}", [trace_heading(heading) for heading in headings], rows)
    if figures:
        new("Figures", ", ".join(path.stem.replace("_", " ") for path in figures)).add_pictures(figures)
    first.add_contents(*_head(result), contents)
    return book


def _head(result: BaseCaseResult) -> tuple[str, Table]:
    case, file = result.case, result.scenario.file
    settings = file.settings
    costs, qalys = settings.discount_rate("costs"), settings.discount_rate("qalys")
    marking = result.scenario.prices.marking
    rows: list[tuple[Cell, ...]] = [
        *([("Confidential", marking)] if marking else []),
        *((FIRST_LINES, plain(line.message)) for line in result.read_first),
        ("Population", plain(file.decision_problem.population)),
        ("Intervention", plain(case.strategies[case.intervention].label)),
        ("Comparator", plain(case.strategies[case.comparator].label)),
        ("Rationale", plain(case.rationale)),
        ("Scenario file", case.source),
        ("Numbers from", result.scenario.inputs_folder),
        ("Digest of everything that went in", case.digest),
        (
            "Changed",
            "\n".join(line for c in result.scenario.changes for line in change_lines(c.address, c.value)) or "nothing",
        ),
        ("Perspective", file.perspective),
        ("Horizon", f"{read(settings.horizon_years)} years, cycles of {read(settings.cycle_days)} days"),
        ("Discount rates", f"costs {rate_in_words(costs)}, QALYs {rate_in_words(qalys)}"),
        ("Prices", f"GBP, {plain(settings.price_year)}"),
        ("Method pack", result.scenario.method_pack.name),
        ("This file", VALUES_ONLY),
    ]
    return plain(case.name), Table("head", "", (Column("what", "What"), Column("value", "Value")), tuple(rows))
