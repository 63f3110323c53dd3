"""One trace for each strategy: curves, occupancy, flows, person-time, costs and QALYs, cycle by cycle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.reporting.sheet_cells import LONGEST_TITLE
from netcea.reporting.xlsx.cells import BEFORE, NOW
from netcea.reporting.xlsx.page import Page
from netcea.visible_text import cut_to_utf16
from netcea.workbook.construction import Construction
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.cycles import FIRST, OPEN, Cycles, write_cycles
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.trace_results import results_of

LONG: Final = 60
"""Letters of a heading that needs a wider column."""
FOLDED: Final = "Columns below a bracket are steps to the others: 1 at the top left folds them away, 2 shows them."
A_PAGE: Final = 16
"""Columns of a printed page."""


@dataclass(frozen=True)
class Trace:
    """One strategy's sheet, to which columns are added.

    Attributes
    ----------
    strategy : str
    page : Page
    cycles : Cycles
    results : set of key
        Of the columns that say what it comes to. All others are steps to them, and can be folded.
    columns : mapping of key -> number of its column
    """

    strategy: str
    page: Page
    cycles: Cycles
    results: frozenset[str]
    columns: dict[str, int] = field(default_factory=dict)

    def add(self, key: str, heading: str, text: str, start: str = "0", style: str = "small") -> None:
        """Add a column.

        Parameters
        ----------
        key, heading : str
        text : str
            Formula of every cycle; [key] and [key-1] stand for the cells of a column in this row and the one above.
        start : str
            Formula of time 0.
        style : str
        """
        page, number = self.page, len(self.columns) + 1
        self.columns[key] = number
        page.put(FIRST - 1, number, heading, "heading")
        page.formula(FIRST, number, self._resolved(start).replace(NOW, str(FIRST)), style)
        page.fill(FIRST + 1, self.cycles.last, number, self._resolved(text), style)
        page.column_widths[number] = {1: 7.0, 2: 10.0}.get(number, 13.0 if len(heading) < LONG else 28.0)
        if key not in self.results:
            page.group(number, number)

    def _resolved(self, text: str) -> str:
        """Return text with columns in place of keys."""

        def cell(match: re.Match[str]) -> str:
            return f"${get_column_letter(self.columns[match[1]])}{BEFORE if match[2] else NOW}"

        return re.sub(r"\[([A-Za-z0-9_.]+)(-1)?\]", cell, text)

    def cell(self, key: str) -> str:
        """Return how another sheet refers to a column in its own row."""
        return self.page.here(self.columns[key])

    def span(self, key: str, *, from_start: bool = False) -> str:
        """Return a column: its cycles, or with time 0."""
        return self.page.span(FIRST if from_start else FIRST + 1, self.cycles.last, self.columns[key])

    def rows_of(self, key: str) -> tuple[str, str]:
        """Return a column's cycles, and the same rows one higher."""
        column = self.columns[key]
        return self.page.span(FIRST + 1, self.cycles.last, column), self.page.span(FIRST, self.cycles.last - 1, column)

    def total(self, key: str) -> str:
        """Return the formula of a column's sum."""
        return f"SUM({self.span(key)})"


def begin_traces(construction: Construction) -> Mapping[str, Trace]:
    """Make every trace with its time: columns of one may refer to another's."""
    cycles, base = construction.written_by(write_cycles), construction.variants.base
    found: dict[str, Trace] = {}
    for strategy in base.strategies:
        name = sheet_name(base.label(strategy), [page.name for page in construction.book.pages])
        page = construction.page("Trace", name)
        page.open_with(f"Trace: {base.label(strategy)}", "Each row is the end of a cycle; the first is the start.")
        results = frozenset(results_of(construction.variants, strategy))
        found[strategy] = trace = Trace(strategy, page, cycles, results)
        page.put(FIRST - 2, 1, FOLDED, "subtitle")
        for key, heading, column, style in (
            ("cycle", "Cycle", grid.CYCLE, "integer"),
            ("time_years", "Time (years)", grid.TIME, "years"),
        ):
            text = of_grid(cycles, column)
            trace.add(key, heading, text, text, style)
        page.frozen(f"C{FIRST}")
        shown = min(FIRST + OPEN, cycles.last)  # the rest is there, in a group
        page.group_rows(FIRST + OPEN, cycles.last)
        page.landscape(
            repeat_rows=f"{FIRST - 1}:{FIRST - 1}", repeat_columns="A:B", columns_a_page=A_PAGE, last_row=shown
        )
    return found


def of_grid(cycles: Cycles, column: int) -> str:
    """Return how a trace refers to a column of the grid in its own row."""
    return cycles.page.here(column)


def sheet_name(label: str, taken: Iterable[str]) -> str:
    """Return a strategy's label as the name of a sheet: short, unique, without what names may not hold.

    >>> sheet_name("A/B", []), sheet_name("a-b", ["Trace A-B"])
    ('Trace A-B', 'Trace a-b 2')
    """
    name = cut_to_utf16(re.sub(rf"[\[\]:*?/\\'{NOW}{BEFORE}]+", "-", f"Trace {label}"), LONGEST_TITLE).strip()
    number = 2
    while name.lower() in {t.lower() for t in taken}:
        name, number = f"{cut_to_utf16(name, LONGEST_TITLE - 3)} {number}", number + 1
    return name


def stops(trace: Trace, inputs: Inputs) -> str:
    """Return the formula of the time at which everybody stops treatment; '' if no option has one."""
    choice = inputs.variants.choices[f"strategies.{trace.strategy}.time_on_treatment.rule"]
    if not any(until for _, until in choice.values):
        return ""
    return inputs.pick(choice, [inputs.number(until) if until else "1E+9" for _, until in choice.values])
