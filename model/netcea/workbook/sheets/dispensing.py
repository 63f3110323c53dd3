"""Dispensing: packs and occasions at their own moments, which are not those of the cycles."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from netcea.cohort.exposure import Occasions, While
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.workbook.formulas.curves import Curves
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.cycles import Cycles
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.trace import NOW, Trace, stops

FIRST = 6
MARGIN = 1.26
"""Rows beyond what the scenarios need: packs that last a fifth less still fit."""


@dataclass(frozen=True)
class Schedule:
    """Moments at one interval.

    Attributes
    ----------
    interval : str
        Formula [years].
    first_column : int
    rows : int
    """

    interval: str
    first_column: int
    rows: int


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
        known, name = self.sheet.steps, (self.schedule.interval, key)
        if name not in known:
            known[name] = self.sheet.write_column(self.schedule, heading, text, "small")
        return self.sheet.reference(known[name])


@dataclass
class Dispensing:
    """The sheet of moments.

    Attributes
    ----------
    taking : mapping of (interval, strategy, during, state) -> column of those who take it; the next one is discounted
    """

    book: Book
    inputs: Inputs
    cycles: Cycles
    curves: Curves
    traces: dict[str, Trace]
    intervals: dict[str, float]
    page: Page | None = None
    schedules: dict[str, Schedule] = field(default_factory=dict)
    taking: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    survival: dict[tuple[str, str], int] = field(default_factory=dict)
    steps: dict[tuple[str, str], int] = field(default_factory=dict)
    free_column: int = 1

    def reference(self, column: int) -> str:
        """Return how a formula refers to a column in its own row."""
        return f"{self._page().title}!${get_column_letter(column)}{NOW}"

    def column(self, interval: str, strategy: str, during: While, state: str) -> int:
        """Return the column of those in a state who take packs at the moments of an interval."""
        key = (interval, strategy, during, state)
        if key not in self.taking:
            self._write_taking(key)
        return self.taking[key]

    def spans(
        self, interval: str, strategy: str, during: While, state: str, occasions: Occasions
    ) -> tuple[str, str, str]:
        """Return ranges: who takes it, the same discounted, the number of the cycle."""
        schedule = self._schedule(interval)
        column = self.column(interval, strategy, during, state)
        first = FIRST + (1 if occasions == "later" else 0)
        last = FIRST if occasions == "first" else FIRST + schedule.rows - 1
        page = self._page()
        return tuple(page.span(first, last, c) for c in (column, column + 1, schedule.first_column + 2))  # type: ignore[return-value]

    def print_readably(self) -> None:
        """Print as many pages wide as it has columns for."""
        if self.page is not None:
            self.page.landscape(repeat_rows=f"1:{FIRST - 1}", wide=math.ceil(self.free_column / 15))

    def reaches_horizon(self) -> list[tuple[str, str]]:
        """Return, for each interval, words and the formula of moments before the horizon that have no row."""
        horizon, found = self.inputs.number("settings.horizon_years"), []
        for interval, schedule in self.schedules.items():
            page = self._page()
            step = page.at(4, schedule.first_column + 1)
            moments = page.span(FIRST, FIRST + schedule.rows - 1, schedule.first_column)
            needed = f"ROUNDUP({horizon}*{grid.DAYS}/{step}-1E-9,0)"
            found.append((f"Dispensing every {interval}: moments without a row", f"MAX(0,{needed}-COUNT({moments}))"))
        return found

    def _page(self) -> Page:
        if self.page is None:
            self.page = self.book.page("Dispensing", "70AD47")
            self.page.open_with("Dispensing", "A started pack is paid in full by those who take it at that moment.")
            self.page.frozen(f"A{FIRST}")
        return self.page

    def _schedule(self, interval: str) -> Schedule:
        if interval not in self.schedules:
            self.schedules[interval] = self._write_schedule(interval)
        return self.schedules[interval]

    def _write_schedule(self, interval: str) -> Schedule:
        page, first = self._page(), self.free_column
        horizon = max(self.inputs.variants.numbers["settings.horizon_years"])
        shortest = self.intervals[interval]
        rows = max(2, math.ceil(horizon / shortest * MARGIN) + 1)
        page.put(3, first, f"Every {interval}", "section")
        page.put(4, first, "Days", "text")
        days = f"({interval})*{grid.DAYS}"
        page.formula(4, first + 1, f"IF(ABS({days}-ROUND({days},0))<1E-9,ROUND({days},0),{days})", "years")
        page.heading(
            FIRST - 1,
            [
                "Number",
                "Time (years)",
                "In cycle",
                "Share of the cycle passed",
                "Discount factor",
                "Before the horizon",
            ],
            first,
        )
        step, horizon_cell = page.at(4, first + 1), self.inputs.number("settings.horizon_years")
        rate = self.inputs.number("settings.discount_rate_costs")
        times = self.cycles.span(grid.TIME)
        choice = self.inputs.variants.choices["settings.discounting"]
        for i in range(rows):
            row = FIRST + i
            page.put(row, first, i, "integer")
            page.formula(row, first + 1, f"{page.at(row, first)}*{step}/{grid.DAYS}", "years")
            t = page.at(row, first + 1)
            page.formula(row, first + 2, f"MIN(MATCH({t},{times},1),{self.cycles.live})", "integer")
            k = page.at(row, first + 2)
            start, end = f"INDEX({times},{k})", f"INDEX({times},{k}+1)"
            page.formula(row, first + 3, f"IF({end}>{start},({t}-{start})/({end}-{start}),0)", "share")
            powers = (
                f"(1+{rate})^(-{t})",
                f"(1+{rate})^(-INDEX({times},MATCH({t}+1E-9,{times},1)))",
                f"(1+{rate})^(-INT({t}+1E-9))",
            )
            page.formula(row, first + 4, f"CHOOSE({self.inputs.index(choice)},{','.join(powers)})", "small")
            within = f"IF({page.at(row, first)}<{horizon_cell}*{grid.DAYS}/{step}-1E-9,1,0)"
            page.formula(row, first + 5, within if i else "1", "integer")
        self.free_column = first + 6
        return Schedule(interval, first, rows)

    def _survival(self, interval: str, address: str) -> int:
        """Return the column with survival of a curve at the moments."""
        key = (interval, address)
        if key in self.survival:
            return self.survival[key]
        schedule = self._schedule(interval)
        slot = self.curves.slots[address]
        trace = self.traces[slot.strategy]
        label = self.inputs.variants.base.label(slot.strategy)
        hazard = trace.page.span(grid.FIRST, self.cycles.last, trace.columns[f"{slot.endpoint}_hazard_sum"][0])
        test = self.curves.closed_form(address)
        exact = f"EXP(-({self.curves.own(address, _AtMoments(self, schedule))}))"
        k, share = (self.reference(schedule.first_column + i) for i in (2, 3))
        low, high = f"INDEX({hazard},{k})", f"INDEX({hazard},{k}+1)"
        between = f"EXP(-({low}+{share}*({high}-{low})))"
        self.survival[key] = self.write_column(
            schedule,
            f"{slot.endpoint.replace('_', ' ').upper()}: survival, {label}",
            f"IF({test},{exact},{between})" if test else exact,
            "share",
        )
        return self.survival[key]

    def write_column(self, schedule: Schedule, heading: str, text: str, style: str) -> int:
        """Write a formula for every moment, its row standing for NOW, and return its column."""
        page, column = self._page(), self.free_column
        page.put(FIRST - 1, column, heading, "heading")
        parts = text.split(NOW)
        for row in range(FIRST, FIRST + schedule.rows):
            page.formula(row, column, str(row).join(parts), style)
        self.free_column = column + 1
        return column

    def _write_taking(self, key: tuple[str, str, str, str]) -> None:
        interval, strategy, during, state = key
        base = f"strategies.{strategy}"
        schedule = self._schedule(interval)
        pfs, os = self._survival(interval, f"{base}.pfs"), self._survival(interval, f"{base}.os")
        ttd = (
            self._survival(interval, f"{base}.time_on_treatment")
            if f"{base}.time_on_treatment" in self.curves.slots
            else 0
        )
        page, column = self._page(), self.free_column
        label = self.inputs.variants.base.label(strategy)
        words = f"{during.replace('_', ' ')}, {state.replace('_', ' ')}, {label}"
        page.put(FIRST - 1, column, f"Take it: {words}", "heading")
        page.put(FIRST - 1, column + 1, f"Discounted: {words}", "heading")
        for i in range(schedule.rows):
            row = FIRST + i
            crossing = self.inputs.index(self.inputs.variants.choices["settings.crossing"])
            s_pfs, s_os = page.at(row, pfs), page.at(row, os)
            alive = f"IF({crossing}=2,MAX({s_os},{s_pfs}),{s_os})"
            free = f"MIN({s_pfs},{alive})"
            text = self._who(
                strategy,
                during,
                state,
                free,
                alive,
                page.at(row, ttd) if ttd else "0",
                page.at(row, schedule.first_column + 1),
            )
            page.formula(row, column, f"{page.at(row, schedule.first_column + 5)}*({text})", "share")
            page.formula(row, column + 1, f"{page.at(row, column)}*{page.at(row, schedule.first_column + 4)}", "share")
        self.taking[key] = column
        self.free_column = column + 2

    def _who(self, strategy: str, during: str, state: str, free: str, alive: str, treated: str, t: str) -> str:
        """Return the formula of the share in a state that meets a condition."""
        if during != "on_treatment":
            return free if state == "progression_free" else f"{alive}-{free}"
        choice = self.inputs.variants.choices[f"strategies.{strategy}.time_on_treatment.rule"]
        texts = []
        for rule, _ in choice.values:
            on = f"MIN({treated},{alive})"
            in_pf = {"none": "0", "until_progression": free}.get(rule, f"MIN({on},{free})")
            texts.append(in_pf if state == "progression_free" else "0" if rule != "curve" else f"{on}-MIN({on},{free})")
        text = self.inputs.pick(choice, texts)
        until = stops(self.traces[strategy], self.inputs)
        return f"IF({t}<{until},{text},0)" if until else text
