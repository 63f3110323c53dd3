"""What live curves say of a published figure, by formula: medians, survival at landmarks, hazard ratios.

As `netcea.analyses.base_case.comparisons`, of the curves after every adjustment. A median is where the cumulative
hazard passes log 2: between the cycles it rises in a straight line, and where it has a closed form three steps of the
secant method lead on to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.workbook.formulas.curves import Curves
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.to_the_right import ToTheRight

NOT_REACHED: Final = "not reached"
AFTER_HORIZON: Final = "after the horizon"
STEPS: Final = 3
HEADINGS: Final = (
    "Of which curve",
    "Share left",
    "Log of 1 / share",
    "Row before (0: never reached)",
    "Time before (years)",
    "Cumulative hazard then",
    "Time (years)",
    "Cumulative hazard then",
    "Next time (years)",
)
"""Over the rows of the working area."""
WORDS, LEFT, AIM, BEFORE, T0, H0, TIME, HAZARD, NEXT = range(len(HEADINGS))
BESIDE: Final = len(HEADINGS)
"""Columns after the first of the working area at which further steps begin."""


@dataclass(frozen=True)
class Passed:
    """When a curve passes a share.

    Attributes
    ----------
    row_before : cell
        0 where it does not within the horizon.
    time : cell [years]
    """

    row_before: str
    time: str


@dataclass
class ModelledFigures:
    """The working area of the sheet: one row for each time at which a curve is asked.

    Attributes
    ----------
    page : Page
    curves : Curves
    first : int
        Its first column.
    row : int
        Its next row.
    """

    page: Page
    curves: Curves
    first: int
    row: int
    _passed: dict[tuple[str, float], Passed] = field(default_factory=dict)

    @property
    def inputs(self) -> Inputs:
        """Return how formulas refer to numbers."""
        return self.curves.inputs

    def quantile(self, curve: str, left: float, address: str) -> str:
        """Return the formula of the time at which a share is left, in the unit of a number of inputs/."""
        passed, unit = self.passed(curve, left), self.inputs.factor_cell(address)
        return f'IF({passed.row_before}=0,"{NOT_REACHED}",{passed.time}/{unit})'

    def survival(self, curve: str, months: float) -> str:
        """Return the formula of survival at a time."""
        row = self._next(curve, "survival at a time")
        page, horizon = self.page, self.inputs.number("settings.horizon_years")
        page.put(row, self.first + LEFT, months, "number")
        time = f"{page.at(row, self.first + LEFT)}/12"
        hazard = self._hazard(row, curve, f"MIN({time},{horizon})")
        return f'IF({time}>{horizon},"{AFTER_HORIZON}",EXP(-{hazard}))'

    def ratio_at_median(self, curve: str, reference: str) -> str:
        """Return the formula of a hazard ratio: of cumulative hazards at the other's median."""
        passed = self.passed(reference, 0.5)
        row = self._next(curve, "at the other's median")
        hazard = self._hazard(row, curve, passed.time)
        return f'IF({passed.row_before}=0,"{NOT_REACHED}",{hazard}/LN(2))'

    def ratio_between(self, curves: tuple[str, str], begins: str, ends: str) -> str:
        """Return the formula of a hazard ratio: of what cumulative hazards rise by between two times (years)."""
        rises = []
        for curve in curves:
            row = self._next(curve, "over an interval")
            first = self._hazard(row, curve, begins)
            row = self._next(curve, "over an interval, its end")
            rises.append(f"({self._hazard(row, curve, ends)}-{first})")
        mine, its = rises
        return f'IF({its}<=0,"{NOT_REACHED}",{mine}/{its})'

    def passed(self, curve: str, left: float) -> Passed:
        """Return when a curve passes a share, within the horizon."""
        if (curve, left) not in self._passed:
            self._passed[curve, left] = self._write_passed(curve, left)
        return self._passed[curve, left]

    def _write_passed(self, curve: str, left: float) -> Passed:
        page, choice = self.page, self.curves.choices[curve]
        row = self._next(curve, "a share is left")
        page.put(row, self.first + LEFT, left, "number")

        def at(column: int, of_row: int = row) -> str:
            return page.at(of_row, self.first + column)

        times = self.curves.cycles.span(grid.TIME)
        hazard = self.curves.traces[choice.strategy].span(f"{choice.endpoint}_hazard_sum", from_start=True)
        between = f"({at(AIM)}-{at(H0)})/(INDEX({hazard},{at(BEFORE)}+1)-{at(H0)})"
        step = f"INDEX({times},{at(BEFORE)}+1)-{at(T0)}"
        for column, text, style in (
            (AIM, f"-LN({at(LEFT)})", "small"),
            (BEFORE, f"IF(MAX({hazard})<={at(AIM)},0,MATCH({at(AIM)},{hazard},1))", "integer"),
            (T0, f"INDEX({times},MAX(1,{at(BEFORE)}))", "small"),
            (H0, f"INDEX({hazard},MAX(1,{at(BEFORE)}))", "small"),
            (TIME, f"IF({at(BEFORE)}=0,INDEX({times},2),{at(T0)}+{between}*({step}))", "small"),
        ):
            page.formula(row, self.first + column, text, style)
        time = at(TIME)
        closed = self.curves.closed_form(curve)
        if "FALSE" in closed:
            return Passed(at(BEFORE), time)
        time_before, hazard_before = at(T0), at(H0)
        for k in range(STEPS):
            row_of_step = self._next(curve, f"step {k + 1}") if k else row
            if k:
                page.formula(row_of_step, self.first + TIME, time, "small")
            here = self._exact(row_of_step, curve)
            secant = f"({at(AIM)}-{here})*({time}-{time_before})/({here}-{hazard_before})"
            done = f"OR({at(BEFORE)}=0,{here}={hazard_before}{f',NOT({closed})' if closed else ''})"
            page.formula(row_of_step, self.first + NEXT, f"IF({done},{time},{time}+{secant})", "small")
            time_before, hazard_before, time = time, here, at(NEXT, row_of_step)
        return Passed(at(BEFORE), time)

    def _next(self, curve: str, what: str) -> int:
        """Begin a row, and say what it is of."""
        choice, row = self.curves.choices[curve], self.row
        label = self.inputs.variants.base.label(choice.strategy)
        self.page.put(row, self.first + WORDS, f"{label}, {choice.endpoint.upper()}: {what}", "subtitle")
        self.row += 1
        return row

    def _hazard(self, row: int, curve: str, time: str) -> str:
        """Write a time, and the cumulative hazard then after every adjustment; return its cell."""
        self.page.formula(row, self.first + TIME, time, "small")
        place = ToTheRight(self.page, row, self.page.at(row, self.first + TIME), self.first + BESIDE, "subtitle")
        self.page.formula(row, self.first + HAZARD, self.curves.finished(curve, place), "small")
        return self.page.at(row, self.first + HAZARD)

    def _exact(self, row: int, curve: str) -> str:
        """Write the cumulative hazard of a closed form at the time of a row; return its cell."""
        place = ToTheRight(self.page, row, self.page.at(row, self.first + TIME), self.first + BESIDE, "subtitle")
        self.page.formula(row, self.first + HAZARD, self.curves.own(curve, place), "small")
        return self.page.at(row, self.first + HAZARD)
