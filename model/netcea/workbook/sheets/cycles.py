"""The grid: time, person-time weights, discount factors, population hazard and norm in each cycle."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.reporting.xlsx.cells import BEFORE, NOW
from netcea.reporting.xlsx.page import Page
from netcea.scenario.later_rates import Measure
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.tables import Tables, write_tables

OPEN = 131
"""Cycles that are printed, and not in a group of rows: ten years of 28 days."""
FIRST = 6
"""Row of time 0; row FIRST + i is the end of cycle i. The same on every trace."""
CYCLE, TIME, LENGTH, START_WEIGHT, END_WEIGHT, COSTS, QALYS, WOMEN, MEN, TOGETHER, HAZARD, NORM, STARTS = range(1, 14)
WOMEN_LIVE, MEN_LIVE = range(14, 16)
DAYS = "365.25"
HEADINGS = (
    "Cycle",
    "Time at its end (years)",
    "Length (years)",
    "Weight of its start (years)",
    "Weight of its end (years)",
    "Discount factor, costs",
    "Discount factor, QALYs",
    "Cumulative hazard, women",
    "Cumulative hazard, men",
    "Cumulative hazard, population",
    "Population hazard in the cycle",
    "Norm of the population's utility",
    "Time at its start (years)",
    "Time that women live, relative",
    "Time that men live, relative",
)


@dataclass(frozen=True)
class Cycles:
    """The sheet of the grid."""

    page: Page
    rows: int

    @property
    def last(self) -> int:
        """Return the row of the last cycle."""
        return FIRST + self.rows

    @property
    def live(self) -> str:
        """Return the cell with the number of cycles until the horizon."""
        return self.page.at(3, 6)

    def hazard_at(self, t: str, hazard: str) -> str:
        """Return the formula of a cumulative hazard at a time, linear between the ends of cycles.

        Parameters
        ----------
        t : str
            Time in years; after the horizon the last cycle's hazard goes on.
        hazard : str
            Range with the cumulative hazard at time 0 and at the end of every cycle.
        """
        times = self.span(TIME)
        k = f"MIN(MATCH({t},{times},1),{self.live})"
        start, low = f"INDEX({times},{k})", f"INDEX({hazard},{k})"
        return f"({low}+({t}-{start})/(INDEX({times},{k}+1)-{start})*(INDEX({hazard},{k}+1)-{low}))"

    def cell(self, column: int, row: int) -> str:
        """Return a cell of a row."""
        return self.page.at(row, column, fixed=False)

    def span(self, column: int, *, from_start: bool = True) -> str:
        """Return a column of the grid, with time 0 or only the cycles."""
        return self.page.span(FIRST if from_start else FIRST + 1, self.last, column)


def weights(inputs: Inputs, length: str) -> tuple[str, str]:
    """Return formulas of the weights of a cycle's start and end."""
    choice = inputs.variants.choices["settings.half_cycle_correction"]
    return (f"{length}*CHOOSE({inputs.index(choice)},0.5,1,0)", f"{length}*CHOOSE({inputs.index(choice)},0.5,0,1)")


def discount(inputs: Inputs, measure: Measure, start: str, end: str) -> str:
    """Return the formula of a cycle's discount factor, of costs or of QALYs."""
    choice = inputs.variants.choices["settings.discounting"]
    moments = (f"({start}+{end})/2", start, f"INT({start}+1E-9)")
    return f"CHOOSE({inputs.index(choice)},{','.join(discount_at(inputs, measure, t) for t in moments)})"


def discount_at(inputs: Inputs, measure: Measure, t: str) -> str:
    """Return the formula of the discount factor at a time, of one rate or of several one after another."""
    first, *later = inputs.variants.base.file.settings.rate_steps(measure)
    if not later:
        return f"(1+{inputs.number(first.rate_at)})^(-({t}))"
    starts = ["0", *(inputs.number(step.year_at) for step in later)]
    parts = []
    for step, start, end in zip((first, *later), starts, (*starts[1:], ""), strict=True):
        until = f"MIN({t},{end})" if end else f"({t})"
        parts.append(f"(1+{inputs.number(step.rate_at)})^(-MAX(0,{until}-{start}))")
    return "*".join(parts)


def hazard_since(tables: Tables, sex: str, age: str) -> str:
    """Return the formula of the cumulative hazard of one sex from the table's first age to an age."""
    k = f"MIN(MAX(INT({age}-{tables.first_age}),0),{tables.rows}-1)"
    return f"INDEX({tables.birthday[sex]},{k}+1)+INDEX({tables.hazard[sex]},{k}+1)*({age}-{tables.first_age}-{k})"


def norm_at(tables: Tables, sex: str, age: str) -> str:
    """Return the formula of the norm at an age in completed years."""
    return f"INDEX({tables.norm[sex]},MIN(MAX(INT({age}+1E-9)-{tables.first_norm},0),{tables.norm_rows}-1)+1)"


def start_age(inputs: Inputs) -> str:
    """Return the formula of the age at the start [years]."""
    choice = inputs.variants.choices["population.start_age"]
    return inputs.pick(choice, [inputs.number(a) for a in choice.values])


def proportion_female(inputs: Inputs) -> str:
    """Return the formula of the share of women at the start."""
    choice = inputs.variants.choices["population.proportion_female"]
    return inputs.pick(choice, [inputs.number(a) for a in choice.values])


def write_cycles(construction: Construction) -> Cycles:
    """Write the grid."""
    inputs, tables = construction.written_by(write_inputs), construction.written_by(write_tables)
    page = construction.page("Cycles")
    rows = inputs.variants.cycles
    page.open_with("Cycles", f"{rows} cycles at most: a longer horizon or shorter cycles need an export of their own.")
    page.put(3, 1, "Age at the start")
    page.formula(3, 2, start_age(inputs), "years")
    page.put(3, 3, "Share of women")
    page.formula(3, 4, proportion_female(inputs), "share")
    age, female = page.at(3, 2), page.at(3, 4)
    page.put(3, 5, "Until the horizon")
    page.heading(FIRST - 1, list(HEADINGS))
    cycle_days, horizon = inputs.number("settings.cycle_days"), inputs.number("settings.horizon_years")
    sheet = Cycles(page, rows)
    for row in range(FIRST, FIRST + rows + 1):
        page.put(row, CYCLE, row - FIRST, "integer")
    _write_times(page, tables, (age, female), f"MIN({page.here(CYCLE)}*{cycle_days}/{DAYS},{horizon})", sheet.last)
    _write_steps(page, inputs, sheet.last)
    _norm(page, tables, (age, female), sheet.last)
    page.formula(3, 6, f"SUMPRODUCT(({sheet.span(TIME)}<{horizon})*1)", "integer")
    page.widths(16, *[14.0] * 14)
    page.frozen(f"C{FIRST}")
    page.group_rows(FIRST + OPEN, sheet.last)
    page.landscape(repeat_rows="5:5", last_row=min(FIRST + OPEN, sheet.last))
    return sheet


def _write_times(page: Page, tables: Tables, cohort: tuple[str, str], time: str, last: int) -> None:
    """Write the time of each row, and what the population's hazards, of each sex and of both, have added up to."""
    age, female = cohort
    page.fill(FIRST, last, TIME, time, "years")
    for column, sex in ((WOMEN, "female"), (MEN, "male")):
        then = hazard_since(tables, sex, f"({age}+{page.here(TIME)})")
        page.fill(FIRST, last, column, f"({then})-({hazard_since(tables, sex, age)})", "small")
    women, men = page.here(WOMEN), page.here(MEN)
    least = f"MIN({women},{men})"
    mixed = f"{least}-LN({female}*EXP({least}-{women})+(1-{female})*EXP({least}-{men}))"
    page.fill(FIRST, last, TOGETHER, f"IF({female}=0,{men},IF({female}=1,{women},{mixed}))", "small")


def _write_steps(page: Page, inputs: Inputs, last: int) -> None:
    """Write the start of each cycle, its length and weights, its discount factors and the population's hazard."""
    t, before = page.here(TIME), page.here(TIME, BEFORE)
    start, end = weights(inputs, page.here(LENGTH))
    for column, text, style in (
        (STARTS, before, "years"),
        (LENGTH, f"{t}-{before}", "years"),
        (START_WEIGHT, start, "small"),
        (END_WEIGHT, end, "small"),
        (COSTS, discount(inputs, "costs", before, t), "small"),
        (QALYS, discount(inputs, "qalys", before, t), "small"),
        (HAZARD, f"{page.here(TOGETHER)}-{page.here(TOGETHER, BEFORE)}", "small"),
    ):
        page.fill(FIRST + 1, last, column, text, style)


def _norm(page: Page, tables: Tables, cohort: tuple[str, str], last: int) -> None:
    """Write the norm of a cycle: those of the sexes at its start, weighted by the time that each lives in the cycle.

    Times are in proportion to those who are left of the sex that dies more slowly, at the first end that counts: where
    nobody is left, cells would hold 0.
    """
    age, female = cohort
    start, end = page.here(START_WEIGHT), page.here(END_WEIGHT)
    at_start, at_end = (f"MIN({page.here(WOMEN, row)},{page.here(MEN, row)})" for row in (BEFORE, NOW))
    least = f"IF({start}>0,{at_start},{at_end})"
    for column, hazard, share in ((WOMEN_LIVE, WOMEN, female), (MEN_LIVE, MEN, f"(1-{female})")):
        before, after = page.here(hazard, BEFORE), page.here(hazard)
        lived = f"{start}*EXP(MIN(0,{least}-{before}))+{end}*EXP({least}-{after})"
        page.fill(FIRST + 1, last, column, f"{share}*({lived})", "small")
    women_live, men_live = page.here(WOMEN_LIVE), page.here(MEN_LIVE)
    women, men = (norm_at(tables, sex, f"({age}+{page.here(TIME, BEFORE)})") for sex in ("female", "male"))
    mean = f"({women_live}*{women}+{men_live}*{men})/({women_live}+{men_live})"
    page.fill(FIRST + 1, last, NORM, f"IF({page.here(LENGTH)}>0,{mean},{women})", "share")
