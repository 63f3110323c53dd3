"""Charts of survival on Results, and of who is where on every trace."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from netcea.reporting.xlsx.page import Page
from netcea.workbook.sheets import charts
from netcea.workbook.sheets.cycles import FIRST
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.trace import Trace

STATES = ("progression_free", "progressed", "dead")
TO_THE_RIGHT, TALL = 5, 20
"""Column at which charts begin on Results, and rows from one to the next."""


def add_charts(results: Page, row: int, inputs: Inputs, traces: dict[str, Trace]) -> None:
    """Add all of them; those on Results beside its last table, which begins at a row."""
    series: list[tuple[str, Page, int, bool]] = []
    for name, trace in traces.items():
        label = inputs.variants.base.label(name)
        series.append((f"{label}: OS", trace.page, trace.columns["alive"][0], False))
        series.append((f"{label}: PFS", trace.page, trace.columns["progression_free"][0], True))
    first = next(iter(traces.values()))
    across = (first.page, first.columns["time_years"][0], FIRST, first.cycles.last)
    anchor = get_column_letter(TO_THE_RIGHT)
    charts.lines(
        results,
        f"{anchor}{row}",
        "Overall and progression-free survival, first 10 years",
        ("Years", "Share"),
        across,
        series,
        (10.0, 1.0),
    )
    charts.lines(results, f"{anchor}{row + TALL}", "To the horizon", ("Years", "Share"), across, series, (None, 1.0))
    for name, trace in traces.items():
        columns = trace.columns
        states = [(key.replace("_", "-").capitalize(), columns[key][0]) for key in STATES]
        anchor = get_column_letter(len(columns) + 2)
        charts.areas(
            trace.page,
            f"{anchor}3",
            f"Who is where: {inputs.variants.base.label(name)}",
            ("Years", "Share"),
            (FIRST, trace.cycles.last),
            columns["time_years"][0],
            states,
        )
