"""Dispensing: packs and occasions at their own moments, which are not those of the cycles."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.curve_choices import ENDPOINTS
from netcea.workbook.formulas.curves import Curves
from netcea.workbook.formulas.intervals import Limits, Taken, shortest_intervals
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.survival import write_survival
from netcea.workbook.sheets.trace import A_PAGE, stops

FIRST = 6
MARGIN = 1.26
"""Rows beyond what the scenarios need: packs that last a fifth less still fit."""
HEADINGS = ("Number", "Time (years)", "In cycle", "Share of the cycle passed", "Discount factor", "Before the horizon")


@dataclass(frozen=True)
class Schedule:
    """Moments at one interval.

    Attributes
    ----------
    interval : str
        Formula [years].
    origin : str
        Formula of the time from which moments are counted; '' for the start of the model. [years]
    first_column : int
    rows : int
    """

    interval: str
    origin: str
    first_column: int
    rows: int

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells it from others."""
        return self.interval, self.origin

    @property
    def row_numbers(self) -> range:
        """Return the rows of the moments."""
        return range(FIRST, FIRST + self.rows)


@dataclass(frozen=True)
class _AtMoments:
    """Columns beside the moments of an interval."""

    sheet: Dispensing
    schedule: Schedule

    @property
    def t(self) -> str:
        """Return the cell of the moment [years]."""
        return self.sheet.reference(self.schedule.first_column + 1)

    def add(self, key: str, heading: str, text: str) -> str:
        """Write a column, once for each key, and return how formulas refer to it."""
        known, name = self.sheet.steps, (self.schedule.key, key)
        if name not in known:
            known[name] = self.sheet.add(self.schedule, heading, text, "small")
        return self.sheet.reference(known[name])


@dataclass
class Dispensing:
    """The sheet of moments: columns are added for whom cost items ask; without any there is no sheet.

    Attributes
    ----------
    schedules : mapping of (interval, origin) -> Schedule
    taking : mapping of (schedule, strategy, during, state, limits) -> column of those who take it; the next one is
        discounted
    survival : mapping of (schedule, address of a curve) -> column
    steps : mapping of (schedule, key) -> column
    years : mapping of schedule -> column of the year of each moment
    """

    construction: Construction
    inputs: Inputs
    curves: Curves
    intervals: Mapping[str, float]
    schedules: dict[tuple[str, str], Schedule] = field(default_factory=dict)
    taking: dict[tuple[tuple[str, str], str, str, str, Limits], int] = field(default_factory=dict)
    survival: dict[tuple[tuple[str, str], str], int] = field(default_factory=dict)
    steps: dict[tuple[tuple[str, str], str], int] = field(default_factory=dict)
    years: dict[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def page(self) -> Page:
        """The sheet."""
        page = self.construction.page("Dispensing")
        page.open_with("Dispensing", "A started pack is paid in full by those who take it at that moment.")
        page.frozen(f"A{FIRST}")
        page.landscape(repeat_rows=f"{FIRST - 1}:{FIRST - 1}", columns_a_page=A_PAGE, last_row=FIRST + grid.OPEN)
        return page

    def reference(self, column: int) -> str:
        """Return how a formula refers to a column in its own row."""
        return self.page.here(column)

    def add(self, schedule: Schedule, heading: str, text: str, style: str) -> int:
        """Write a formula for every moment, its row standing for NOW, and return its column."""
        page, column = self.page, self._free_column()
        page.put(FIRST - 1, column, heading, "heading")
        page.fill(schedule.row_numbers[0], schedule.row_numbers[-1], column, text, style)
        return column

    def spans(self, taken: Taken) -> tuple[str, str, str]:
        """Return ranges: who takes it, the same discounted, the number of the cycle."""
        schedule = self._schedule(taken.interval, taken.limits.counted_from)
        key = (schedule.key, taken.strategy, taken.during, taken.state, taken.limits)
        if key not in self.taking:
            self.taking[key] = self._add_taking(schedule, taken.strategy, taken.during, taken.state, taken.limits)
        column = self.taking[key]
        who, paid, cycle = (self._rows(schedule, taken, c) for c in (column, column + 1, schedule.first_column + 2))
        return who, paid, cycle

    def by_year(self, taken: Taken) -> tuple[str, str]:
        """Return ranges: who takes it, and the year since the start in which each moment lies, from 1."""
        who, _, _ = self.spans(taken)
        schedule = self._schedule(taken.interval, taken.limits.counted_from)
        if schedule.key not in self.years:
            t = self.reference(schedule.first_column + 1)
            heading = f"Year since the start: {self._called(schedule)}"
            self.years[schedule.key] = self.add(schedule, heading, f"INT({t}+1E-9)+1", "integer")
        return who, self._rows(schedule, taken, self.years[schedule.key])

    def _rows(self, schedule: Schedule, taken: Taken, column: int) -> str:
        """Return the rows of a column that are the first, the later or all occasions."""
        rows = schedule.row_numbers
        first = rows[1] if taken.occasions == "later" else rows[0]
        last = rows[0] if taken.occasions == "first" else rows[-1]
        return self.page.span(first, last, column)

    def reaches_horizon(self) -> Iterator[tuple[str, str]]:
        """Yield, for each interval, words and the formula of moments before the horizon that have no row."""
        horizon = self.inputs.number("settings.horizon_years")
        for schedule in self.schedules.values():
            step = self.page.at(4, schedule.first_column + 1)
            moments = self.page.span(schedule.row_numbers[0], schedule.row_numbers[-1], schedule.first_column)
            left = f"({horizon}-{schedule.origin})" if schedule.origin else horizon
            needed = f"ROUNDUP({left}*{grid.DAYS}/{step}-1E-9,0)"
            yield f"Dispensing, {self._called(schedule)}: moments without a row", f"MAX(0,{needed}-COUNT({moments}))"

    def _called(self, schedule: Schedule) -> str:
        """Return the interval of a schedule in words, and from when it counts."""
        since = f", from {self.inputs.in_words(schedule.origin)}" if schedule.origin else ""
        return f"{self.inputs.in_words(schedule.interval)}{since}"

    def _free_column(self) -> int:
        """Return the first column of which nothing is said."""
        return self.page.last_column + 1 if self.schedules else 1

    def _schedule(self, interval: str, origin: str) -> Schedule:
        if (interval, origin) not in self.schedules:
            horizon = max(self.inputs.variants.values("settings.horizon_years"))
            rows = max(2, math.ceil(horizon / self.intervals[interval] * MARGIN) + 1)
            schedule = Schedule(interval, origin, self._free_column(), rows)
            self._write_schedule(schedule)
            self.schedules[schedule.key] = schedule
        return self.schedules[interval, origin]

    def _write_schedule(self, schedule: Schedule) -> None:
        """Write the moments of an interval: number, time, cycle, discount factor, whether before the horizon."""
        page, inputs, first = self.page, self.inputs, schedule.first_column
        page.put(3, first, f"Interval: {self._called(schedule)}", "section")
        page.put(4, first, "Days", "text")
        page.formula(4, first + 1, _days(schedule.interval), "years")
        begins = ""
        if schedule.origin:
            page.put(4, first + 2, "First day", "text")
            page.formula(4, first + 3, _days(schedule.origin), "years")
            begins = page.at(4, first + 3)
        page.heading(FIRST - 1, HEADINGS, first)
        step, horizon = page.at(4, first + 1), inputs.number("settings.horizon_years")
        times = self.curves.cycles.span(grid.TIME)
        discounting = inputs.index(inputs.variants.choices["settings.discounting"])
        number, t, k = (page.here(first + column) for column in range(3))
        start, end = f"INDEX({times},{k})", f"INDEX({times},{k}+1)"
        counted = (t, f"INDEX({times},MATCH({t}+1E-9,{times},1))", f"INT({t}+1E-9)")
        powers = [grid.discount_at(inputs, "costs", moment) for moment in counted]
        passed = f"({begins}+{number}*{step})" if begins else f"{number}*{step}"
        left = f"({horizon}*{grid.DAYS}-{begins})" if begins else f"{horizon}*{grid.DAYS}"
        within = f"IF({number}<{left}/{step}-1E-9,1,0)"
        for i, row in enumerate(schedule.row_numbers):
            page.put(row, first, i, "integer")
        for column, (text, style) in enumerate(
            (
                (f"{passed}/{grid.DAYS}", "years"),
                (f"MIN(MATCH({t},{times},1),{self.curves.cycles.live})", "integer"),
                (f"IF({end}>{start},({t}-{start})/({end}-{start}),0)", "share"),
                (f"CHOOSE({discounting},{','.join(powers)})", "small"),
                (within if begins else f"IF({number}=0,1,{within})", "integer"),
            ),
            first + 1,
        ):
            page.fill(schedule.row_numbers[0], schedule.row_numbers[-1], column, text, style)

    def _survival(self, schedule: Schedule, address: str) -> str:
        """Return survival of a curve at the moments: exactly where it has a closed form, else between the cycles."""
        key = (schedule.key, address)
        if key not in self.survival:
            curve, curves = self.curves.choices[address], self.curves
            test = curves.closed_form(address)
            exact = f"EXP(-({curves.own(address, _AtMoments(self, schedule))}))"
            hazard = curves.traces[curve.strategy].span(f"{curve.endpoint}_hazard_sum", from_start=True)
            k, share = (self.reference(schedule.first_column + i) for i in (2, 3))
            low, high = f"INDEX({hazard},{k})", f"INDEX({hazard},{k}+1)"
            between = f"EXP(-({low}+{share}*({high}-{low})))"
            label = self.inputs.variants.base.label(curve.strategy)
            words = ENDPOINTS[curve.endpoint]
            heading = f"{words[0].upper()}{words[1:]}: survival, {label}"
            text = f"IF({test},{exact},{between})" if test else exact
            self.survival[key] = self.add(schedule, heading, text, "share")
        return self.reference(self.survival[key])

    def _add_taking(self, schedule: Schedule, strategy: str, during: str, state: str, limits: Limits) -> int:
        """Add those in a state who take packs at the moments, and the same discounted; return the first column."""
        first = schedule.first_column
        who = self._who(schedule, strategy, during, state)
        label = self.inputs.variants.base.label(strategy)
        words = f"{during.replace('_', ' ')}, {state.replace('_', ' ')}, {label}"
        text = f"{self.reference(first + 5)}*({who})"
        if limits.starts or limits.ends:
            words += ", part of the time"
            text = f"{_inside(self.reference(first + 1), limits)}*{text}"
        column = self.add(schedule, f"Take it: {words}", text, "share")
        discounted = f"{self.reference(column)}*{self.reference(first + 4)}"
        self.add(schedule, f"Discounted: {words}", discounted, "share")
        return column

    def _who(self, schedule: Schedule, strategy: str, during: str, state: str) -> str:
        """Return the formula of the share in a state that meets a condition."""
        base = f"strategies.{strategy}"
        pfs, os = self._survival(schedule, f"{base}.pfs"), self._survival(schedule, f"{base}.os")
        treated = "0"
        if f"{base}.time_on_treatment" in self.curves.choices:
            treated = self._survival(schedule, f"{base}.time_on_treatment")
        crossing = self.inputs.index(self.inputs.variants.choices["settings.crossing"])
        alive = f"IF({crossing}=2,MAX({os},{pfs}),{os})"
        free = f"MIN({pfs},{alive})"
        if during != "on_treatment":
            return free if state == "progression_free" else f"{alive}-{free}"
        on = f"MIN({treated},{alive})"
        parts = {
            "none": ("0", "0"),
            "until_progression": (free, "0"),
            "curve": (f"MIN({on},{free})", f"{on}-MIN({on},{free})"),
        }
        choice = self.inputs.variants.choices[f"{base}.time_on_treatment.rule"]
        which = 0 if state == "progression_free" else 1
        text = self.inputs.pick(choice, [parts[rule][which] for rule, _ in choice.values])
        until = stops(self.curves.traces[strategy], self.inputs)
        t = self.reference(schedule.first_column + 1)
        return f"IF({t}<{until},{text},0)" if until else text


def _days(interval: str) -> str:
    """Return the formula of a time in days, whole where it is whole but for rounding."""
    days = f"({interval})*{grid.DAYS}"
    return f"IF(ABS({days}-ROUND({days},0))<1E-9,ROUND({days},0),{days})"


def _inside(t: str, limits: Limits) -> str:
    """Return the formula that is 1 within a window of time, from its start on and before its end, and 0 elsewhere."""
    tests = [f"{t}>={limits.starts}-1E-9"] if limits.starts else []
    tests += [f"{t}<{limits.ends}-1E-9"] if limits.ends else []
    return f"IF(AND({','.join(tests)}),1,0)"


def write_dispensing(construction: Construction) -> Dispensing:
    """Return the sheet to which cost items add the moments that they need."""
    curves = construction.written_by(write_survival)
    scenarios, inputs = construction.variants.scenarios, curves.inputs
    return Dispensing(construction, inputs, curves, shortest_intervals(scenarios, inputs))
