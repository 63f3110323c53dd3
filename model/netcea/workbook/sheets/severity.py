"""Severity: QALYs of the general population without the condition, by formula, at any age and length of cycle.

Cycles that begin at one age in completed years, and in one year since the start, have one hazard, one norm and one
discount rate, so that their QALYs are a geometric series: a row holds the sum of one. The rows are enough for 110
birthdays and as many anniversaries, whatever the cells of the age and of the cycle hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from netcea.decision.severity import OLDEST
from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.cycles import DAYS, discount, hazard_since, norm_at, proportion_female, start_age, weights
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.tables import Tables, write_tables

FIRST: Final = 11
PRINTED: Final = 55
"""Rows on paper: a page."""
"""Row of the first series."""
YEARS: Final = int(OLDEST) + 1
"""Birthdays, and anniversaries of the start, that can lie before age 110."""
WHAT, WHICH, NUMBER, CHANGE, CYCLE, COUNT, START, END, AFTER, DISCOUNT, NEXT = range(1, 12)
ALIVE: Final = {"female": 12, "male": 13}
HAZARD: Final = {"female": 14, "male": 15}
LAST: Final = {"female": 16, "male": 17}
QALYS: Final = {"female": 18, "male": 19}
HEADINGS: Final = (
    "What changes",
    "Which",
    "Row",
    "Cycle in which something changes",
    "First cycle, in order",
    "Cycles with the same rates",
    "Start of the first (years)",
    "End of the first (years)",
    "End of the last (years)",
    "Discount factor of the first",
    "That of the next, relative",
    "Alive at the start, women",
    "Alive at the start, men",
    "Hazard in a cycle, women",
    "Hazard in a cycle, men",
    "Alive at the end of the last, women",
    "Alive at the end of the last, men",
    "QALYs, women",
    "QALYs, men",
)
ITS_NUMBER: Final = "{which}"
"""Where the number of a birthday or anniversary goes in its formula."""
NEARLY_NONE: Final = "1E-6"
"""Below this, what a cycle takes off is too little for the closed form of a geometric series: three terms stand for
it, of which a fourth would change 12 digits."""


@dataclass(frozen=True)
class Severity:
    """The sheet.

    Attributes
    ----------
    qalys : cell
        QALYs of the general population.
    reached, until : cells
        The years that the rows add up to, and those until age 110.
    """

    qalys: str
    reached: str
    until: str


@dataclass(frozen=True)
class _Grid:
    """Cells and formulas that the columns share."""

    page: Page
    inputs: Inputs
    tables: Tables
    last: int = 0

    @property
    def age(self) -> str:
        """The cell of the age at the start [years]."""
        return self.page.at(3, 2)

    @property
    def until(self) -> str:
        """The cell of the years until age 110."""
        return self.page.at(5, 2)

    @property
    def cycles(self) -> str:
        """The cell of the number of cycles until then."""
        return self.page.at(6, 2)

    @property
    def length(self) -> str:
        """The formula of a cycle's length [years]."""
        return f"{self.inputs.number('settings.cycle_days')}/{DAYS}"

    def time_of(self, cycle: str) -> str:
        """Return the formula of the time at which so many cycles have passed [years]."""
        return f"MIN({cycle}*{self.inputs.number('settings.cycle_days')}/{DAYS},{self.until})"

    def first_from(self, moment: str) -> str:
        """Return the formula of the number of the first cycle that begins at a time [years] or later."""
        return f"ROUNDUP(MAX(0,{moment})*{DAYS}/{self.inputs.number('settings.cycle_days')},0)"

    def fill(self, column: int, text: str, style: str) -> None:
        """Write a column."""
        self.page.fill(FIRST, self.last, column, text, style)


def write_severity(construction: Construction) -> Severity:
    """Write the series until age 110."""
    inputs, tables = construction.written_by(write_inputs), construction.written_by(write_tables)
    page = construction.page("Severity")
    page.open_with(
        "Severity: QALYs of the general population",
        "Each sex on the model's cycles until age 110, then averaged. A row adds up the cycles between two changes.",
    )
    grid = _Grid(page, inputs, tables)
    _write_head(grid)
    page.heading(FIRST - 1, HEADINGS)
    changes = list(_changes(grid))
    for number, (words, which, text) in enumerate(changes, 1):
        row = FIRST - 1 + number
        page.row(row, (words, which, number), "text")
        own = text.replace(ITS_NUMBER, page.at(row, WHICH))
        page.formula(row, CHANGE, f"MAX(0,MIN({grid.cycles},{own}))", "integer")
    grid = replace(grid, last=FIRST + len(changes) - 2)
    _write_series(grid)
    for sex in ("female", "male"):
        _write_sex(grid, sex)
    female = page.at(4, 2)
    women, men = (page.span(FIRST, grid.last, QALYS[sex]) for sex in ("female", "male"))
    page.formula(7, 2, f"{female}*SUM({women})+(1-{female})*SUM({men})", "result_qalys")
    page.formula(8, 2, page.at(grid.last, AFTER), "years")
    page.widths(34, 12, *[14.0] * 17)
    page.frozen(f"C{FIRST}")
    page.landscape(repeat_rows=f"{FIRST - 1}:{FIRST - 1}", wide=1, last_row=FIRST + PRINTED)
    return Severity(page.at(7, 2), page.at(8, 2), grid.until)


def _write_head(grid: _Grid) -> None:
    """Write the age, the share of women and the years until age 110."""
    page, inputs = grid.page, grid.inputs
    page.put(3, 1, "Age at the start")
    page.formula(3, 2, start_age(inputs), "years")
    page.put(4, 1, "Share of women")
    page.formula(4, 2, proportion_female(inputs), "share")
    page.put(5, 1, "Years until age 110")
    page.put(5, 3, OLDEST, "integer")
    page.put(5, 4, "the age at which nobody is left")
    page.formula(5, 2, f"{page.at(5, 3)}-{page.at(3, 2)}", "years")
    page.put(6, 1, "Cycles until then")
    days = inputs.number("settings.cycle_days")
    page.formula(6, 2, f"MAX(1,ROUNDUP(({page.at(5, 2)}-1E-9)*{DAYS}/{days},0))", "integer")
    page.put(7, 1, "QALYs of the general population")
    page.put(8, 1, "Years that the rows add up to")


def _write_series(grid: _Grid) -> None:
    """Write, for each series of cycles, how many they are, their times and discount factors."""
    page = grid.page
    changes = page.span(FIRST, grid.last + 1, CHANGE)
    number, cycle, count, start, end = (page.here(column) for column in (NUMBER, CYCLE, COUNT, START, END))
    page.fill(FIRST, grid.last + 1, CYCLE, f"SMALL({changes},{number})", "integer")
    following_cycle = f"INDEX({page.span(FIRST, grid.last + 1, CYCLE)},{number}+1)"
    grid.fill(COUNT, f"{following_cycle}-{cycle}", "integer")
    grid.fill(START, grid.time_of(cycle), "years")
    grid.fill(END, grid.time_of(f"({cycle}+1)"), "years")
    grid.fill(AFTER, grid.time_of(f"({cycle}+{count})"), "years")
    grid.fill(DISCOUNT, discount(grid.inputs, "qalys", start, end), "small")
    following = discount(grid.inputs, "qalys", end, grid.time_of(f"({cycle}+2)"))
    grid.fill(NEXT, f"IF({count}>1,({following})/{page.here(DISCOUNT)},1)", "small")


def _write_sex(grid: _Grid, sex: str) -> None:
    """Write the QALYs of each series of cycles, of one sex."""
    page, age = grid.page, grid.age
    count, start, after = (page.here(column) for column in (COUNT, START, AFTER))
    since = hazard_since(grid.tables, sex, age)
    for column, t in ((ALIVE[sex], start), (LAST[sex], after)):
        then = hazard_since(grid.tables, sex, f"({age}+{t})")
        grid.fill(column, f"EXP(-(({then})-({since})))", "share")
    hazards, year = grid.tables.hazard[sex], f"INT({age}+{start}+1E-9)-{grid.tables.first_age}"
    in_a_year = f"INDEX({hazards},MIN(MAX({year},0),{grid.tables.rows}-1)+1)"
    grid.fill(HAZARD[sex], f"{in_a_year}*({page.here(END)}-{start})", "small")
    alive, hazard, last = (page.here(column[sex]) for column in (ALIVE, HAZARD, LAST))
    of_start, of_end = weights(grid.inputs, f"({page.here(END)}-{start})")
    kept = f"({hazard}-LN({page.here(NEXT)}))"
    at_starts = f"{alive}*{_series(kept, count)}"
    but_last = f"{alive}*EXP(-{hazard})*{_series(kept, f'({count}-1)')}"
    at_ends = f"({but_last}+{last}*{page.here(NEXT)}^({count}-1))"
    norm = norm_at(grid.tables, sex, f"({age}+{start})")
    total = f"({of_start}*{at_starts}+{of_end}*{at_ends})*{page.here(DISCOUNT)}*{norm}"
    grid.fill(QALYS[sex], f"IF({count}>0,{total},0)", "small")


def _series(x: str, n: str) -> str:
    """Return the formula of 1 + exp(-x) + exp(-2 x) + ..., n terms of it."""
    few = f"{n}*(1-({n}-1)*{x}/2+({n}-1)*(2*{n}-1)*{x}^2/12)"
    return f"IF({x}<{NEARLY_NONE},{few},(1-EXP(-{x}*{n}))/(1-EXP(-{x})))"


def _changes(grid: _Grid) -> Iterator[tuple[str, int | None, str]]:
    """Yield what can change between cycles: words, which of them, the formula of the first cycle after it."""
    yield "the start", None, "0"
    for k in range(1, YEARS + 1):
        yield "birthday", k, grid.first_from(f"INT({grid.age}+1E-9)+{ITS_NUMBER}-{grid.age}-1E-9")
    for k in range(1, YEARS):
        yield "anniversary", k, grid.first_from(f"{ITS_NUMBER}-1E-9")
    convention = grid.inputs.index(grid.inputs.variants.choices["settings.discounting"])
    for step in grid.inputs.variants.base.file.settings.rate_steps("qalys")[1:]:
        from_middle = f"{grid.inputs.number(step.year_at)}-IF({convention}=1,{grid.length}/2,0)"
        yield "another discount rate", None, grid.first_from(from_middle)
    yield "the last cycle", None, f"{grid.cycles}-1"
    yield "the end", None, grid.cycles
