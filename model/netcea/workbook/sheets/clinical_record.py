"""Clinical record: comparators by prior therapy, what clinical experts judged, data for managed access, subgroups."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from netcea.analyses.base_case.experts import expert_comparisons
from netcea.analyses.base_case.record_tables import (
    expert_validation_of,
    involvement_of,
    managed_access_of,
    prior_therapy_of,
)
from netcea.analyses.waterfall.analysis import words_of
from netcea.reporting.table import Column, Table
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import Scenario
from netcea.workbook.construction import Construction

FIRST: Final = 4
INVOLVED: Final = {
    "engagement": "Engagement with patients and others concerned",
    "program_review": "Examination of the program from outside",
}
"""Entry of a scenario file -> what its table is called."""
FORMATS: Final = {"percent": "percent", "years": "number", "count": "integer"}
"""Format of a column -> the style of its cells; others are texts."""
ACROSS: Final = 150
"""Letters of a line of a note."""
WIDTHS: Final = (30, 30, 30, 24, 30, 26, 30, 24, 16, 16, 12, 12, 12, 12, 12, 12, 30)


def write_clinical_record(construction: Construction) -> Page | None:
    """Write the sheet, where the scenario says anything of the kind."""
    found = list(tables_of(construction.variants.base))
    if not found:
        return None
    page, row = construction.page("Clinical record"), FIRST
    page.open_with("Clinical record", "What the scenario's file says beside the model: no result rests on it.")
    for table in found:
        row = _write(page, row, table)
    page.widths(*WIDTHS[: page.last_column])
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows="1:2")
    return page


def tables_of(scenario: Scenario) -> Iterator[Table]:
    """Yield the tables of what a scenario says; none of the blocks that it does not have.

    Parameters
    ----------
    scenario : Scenario
        Any.
    """
    file = scenario.file
    if file.decision_problem.prior_therapy is not None:
        yield prior_therapy_of(scenario)
    if file.expert_validation is not None:
        yield expert_validation_of(scenario, tuple(expert_comparisons(scenario)))
    for name, title in INVOLVED.items():
        record = getattr(file, name)
        if record is not None:
            yield involvement_of(name, title, record)
    if file.managed_access is not None:
        yield managed_access_of(scenario)
    if file.analyses.subgroups.subgroups:
        yield _subgroups(scenario)


def _subgroups(scenario: Scenario) -> Table:
    """Return the subgroups, and what is changed for each; their results: `netcea subgroups`."""
    headings = ("Subgroup", "By", "Set, or scenario", "As for all patients", "No result, because")
    columns = tuple(Column(f"column_{n}", heading) for n, heading in enumerate(headings))
    rows = tuple(
        (one.label, one.by, words_of(one), one.same_as_all, " ".join((one.gap or "").split()))
        for one in scenario.file.analyses.subgroups.subgroups
    )
    note = "Results: netcea subgroups. A subgroup that is a scenario of this workbook can be selected on Scenarios."
    return Table("subgroups", "Subgroups", columns, rows, note)


def _write(page: Page, row: int, table: Table) -> int:
    """Write a table below its title and its note; return the row after."""
    page.put(row, 1, table.title, "section")
    lines = textwrap.wrap(table.note, ACROSS)
    for at, line in enumerate(lines, row + 1):
        page.put(at, 1, line, "subtitle")
    row += 1 + len(lines)
    if not table.rows:
        return row + 1
    page.heading(row, [column.title for column in table.columns])
    for at, cells in enumerate(table.rows, row + 1):
        for number, (column, cell) in enumerate(zip(table.columns, cells, strict=True), 1):
            if cell not in (None, ""):
                page.put(at, number, cell, FORMATS.get(column.format, "wrapped"))
    return row + 2 + len(table.rows)
