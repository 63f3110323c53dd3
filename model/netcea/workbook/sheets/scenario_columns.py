"""Where everything is on the sheet of scenario results, and which results stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.tables import write_tables

SWITCH_ROW, STATUS_ROW, HEADINGS, LIVE_ROW, FIRST = 3, 5, 7, 8, 9
NAME, FIRST_RESULT = 1, 2


class Shown(NamedTuple):
    """A column: its heading (a formula where it begins with =), the cell of Results, how it looks."""

    heading: str
    name: str
    style: str
    width: float = 10.0
    text: bool = False


@dataclass(frozen=True)
class Layout:
    """Rows and columns.

    Attributes
    ----------
    page : Page
    count : int
        Of scenarios; the first is the base.
    shown : sequence of Shown
    """

    page: Page
    count: int
    shown: Sequence[Shown]

    @property
    def last(self) -> int:
        """Return the last row of scenarios."""
        return FIRST + self.count - 1

    @property
    def changes(self) -> int:
        """Return the first of both columns of changes from the base."""
        return FIRST_RESULT + len(self.shown)

    @property
    def equal(self) -> int:
        """Return the column that says whether a row is what Python has."""
        return self.changes + 2

    @property
    def number(self) -> int:
        """Return the column with the number of a scenario in the selector; the data table is in the next."""
        return self.equal + 2

    @property
    def packed(self) -> int:
        """Return the column of the data table."""
        return self.number + 1

    @property
    def python(self) -> int:
        """Return the first column of what Python has."""
        return self.packed + 1

    @cached_property
    def places(self) -> dict[str, int]:
        """Return name of a cell of Results -> column."""
        return {shown.name: column for column, shown in enumerate(self.shown, FIRST_RESULT)}

    def column(self, column: int) -> str:
        """Return the rows of a column."""
        return self.page.span(FIRST, self.last, column)


def shown_of(construction: Construction) -> list[Shown]:
    """Return the columns: totals of each strategy, increments, ICERs and net health benefits of the intervention."""
    base = construction.variants.base
    mine = base.file.decision.intervention
    totals = [
        *(Shown(f"Costs (£), {base.label(s)}", f"costs.{s}", "pounds", 12.5) for s in base.strategies),
        *(Shown(f"QALYs, {base.label(s)}", f"qalys.{s}", "qalys", 12.5) for s in base.strategies),
    ]
    benefits = [
        Shown(f'="{words} at £"&{threshold}&" (QALYs)"', f"{kind}nhb.{i}.{mine}", "qalys")
        for kind, words in (("", "NHB"), ("weighted_", "Weighted NHB"))
        for i, threshold in enumerate(construction.written_by(write_tables).thresholds)
    ]
    return [
        *totals,
        Shown("Incremental costs (£)", f"incremental_costs.{mine}", "pounds", 11),
        Shown("Incremental QALYs", f"incremental_qalys.{mine}", "qalys", 11),
        Shown("ICER (£/QALY)", f"icer.{mine}", "pounds", 11),
        Shown("How to read the ICER", f"label.{mine}", "wrapped", 12, text=True),
        Shown("Severity weight", "severity_weight", "weight", 8),
        Shown("ICER with severity weight (£/QALY)", f"weighted_icer.{mine}", "pounds", 11),
        *benefits,
    ]
