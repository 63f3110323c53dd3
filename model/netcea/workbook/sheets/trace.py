"""One trace for each strategy: curves, occupancy, flows, person-time, costs and QALYs, cycle by cycle."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.workbook.formulas.curves import Curves, towards
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.cycles import FIRST, Cycles
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.survival import write_splits

NOW, BEFORE = "§", "¤"
"""Stand for the number of a row and of the one above it in the text of a column's formula."""


OPEN: Final = 131
"""Cycles that are not in a group of rows: ten years of 28 days."""
STEP: Final = re.compile(r"_(own|other|gap|before|missing|hazard_sum)$|^stream|^discounted_|^once_|^at_start|^step_")


@dataclass
class Trace:
    """One strategy's sheet under construction: columns first, rows at the end.

    Attributes
    ----------
    strategy : str
    page : Page
    columns : mapping of key -> (number, heading, text of cycles, text of the start, style)
    """

    strategy: str
    page: Page
    cycles: Cycles
    columns: dict[str, tuple[int, str, str, str, str]] = field(default_factory=dict)

    def add(self, key: str, heading: str, text: str, start: str = "0", style: str = "small") -> None:
        """Add a column; [key] and [key-1] in its text stand for cells of this row and the one above."""
        number = len(self.columns) + 1
        self.columns[key] = (number, heading, "", "", style)
        self.columns[key] = (number, heading, self.resolved(text), self.resolved(start), style)

    def resolved(self, text: str) -> str:
        """Return text with columns in place of keys."""

        def cell(match: re.Match[str]) -> str:
            number = self.columns[match[1]][0]
            return f"${get_column_letter(number)}{BEFORE if match[2] else NOW}"

        return re.sub(r"\[([A-Za-z0-9_.]+)(-1)?\]", cell, text)

    def cell(self, key: str) -> str:
        """Return how another sheet refers to a column in its own row."""
        return f"{self.page.title}!${get_column_letter(self.columns[key][0])}{NOW}"

    def span(self, key: str, *, from_start: bool = False) -> str:
        """Return a column: its cycles, or with time 0."""
        return self.page.span(FIRST if from_start else FIRST + 1, self.cycles.last, self.columns[key][0])

    def rows_of(self, key: str) -> tuple[str, str]:
        """Return a column's cycles, and the same rows one higher."""
        column = self.columns[key][0]
        return self.page.span(FIRST + 1, self.cycles.last, column), self.page.span(FIRST, self.cycles.last - 1, column)

    def total(self, key: str) -> str:
        """Return the formula of a column's sum."""
        return f"SUM({self.span(key)})"

    def write(self) -> None:
        """Write every row."""
        page = self.page
        for number, heading, text, start, style in self.columns.values():
            page.put(FIRST - 1, number, heading, "heading")
            page.formula(FIRST, number, start.replace(NOW, str(FIRST)), style)
            cycles = _cut(text)
            for row in range(FIRST + 1, self.cycles.last + 1):
                page.formula(row, number, _joined(cycles, row), style)
        page.widths(7, 10, *[13.0] * (len(self.columns) - 2))
        page.frozen(f"C{FIRST}")
        last = min(FIRST + OPEN, self.cycles.last)  # the rest is there, in a group
        page.landscape(repeat_rows=f"1:{FIRST - 1}", repeat_columns="A:B", columns_a_page=14, last_row=last)
        page.group_rows(FIRST + OPEN, self.cycles.last)
        for first, last in self._intermediate():
            page.group(first, last)

    def _intermediate(self) -> Iterable[tuple[int, int]]:
        """Yield runs of columns that are steps to others: cumulative hazards, and units of exposure."""
        numbers = [c[0] for key, c in self.columns.items() if STEP.search(key)]
        for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
            found = [number for _, number in run]
            yield found[0], found[-1]


def _cut(text: str) -> list[str]:
    return re.split(f"({NOW}|{BEFORE})", text)


def _joined(parts: Iterable[str], row: int) -> str:
    return "".join(str(row) if p == NOW else str(row - 1) if p == BEFORE else p for p in parts)


def sheet_name(label: str, taken: Iterable[str]) -> str:
    """Return a strategy's label as the name of a sheet: short, unique, without what names may not hold."""
    name = re.sub(r"[\[\]:*?/\\']+", "-", f"Trace {label}")[:31].strip()
    number = 2
    while name.lower() in {t.lower() for t in taken}:
        name, number = f"{name[:28]} {number}", number + 1
    return name


def begin_traces(book: Book, inputs: Inputs, cycles: Cycles, curves: Curves) -> dict[str, Trace]:
    """Make every trace with its curves: a curve may refer to another strategy's."""
    found: dict[str, Trace] = {}
    for strategy in inputs.variants.base.strategies:
        name = sheet_name(inputs.variants.base.label(strategy), [page.name for page in book.pages])
        page = book.page(name, "70AD47")
        page.open_with(
            f"Trace: {inputs.variants.base.label(strategy)}", "Each row is the end of a cycle; the first is the start."
        )
        trace = Trace(strategy, page, cycles)
        trace.add("cycle", "Cycle", _grid(cycles, grid.CYCLE), _grid(cycles, grid.CYCLE), "integer")
        trace.add("time_years", "Time (years)", _grid(cycles, grid.TIME), _grid(cycles, grid.TIME), "years")
        found[strategy] = trace
    for address in _in_order(curves):
        _curve_columns(found, inputs, cycles, curves, address)
        slot = curves.slots[address]
        hazard = found[slot.strategy].span(f"{slot.endpoint}_before", from_start=True)
        curves.between[address] = partial(cycles.hazard_at, hazard=hazard)
    write_splits(curves)
    return found


def _grid(cycles: Cycles, column: int, row: str = NOW) -> str:
    return f"{cycles.page.title}!${get_column_letter(column)}{row}"


def _in_order(curves: Curves) -> list[str]:
    """Return curves such that each comes after those it refers to."""
    done: list[str] = []
    left = list(curves.slots)
    while left:
        for address in left:
            slot = curves.slots[address]
            needs = {m.relative_to for m in slot.origin.values if m is not None and m.relative_to}
            needs |= {towards(slot, f) for f in slot.waning.values if f}
            if needs <= {*done, address}:
                done.append(address)
                left.remove(address)
                break
        else:
            msg = f"curves that refer to each other: {', '.join(left)}"
            raise ValueError(msg)
    return done


@dataclass(frozen=True)
class _InTrace:
    """Columns beside the time of a trace."""

    trace: Trace
    t: str = "[time_years]"

    def add(self, key: str, heading: str, text: str) -> str:
        """Add a column, once for each key, and return how formulas refer to it."""
        name = f"step_{key}"
        if name not in self.trace.columns:
            self.trace.add(name, heading, text, "0")
        return f"[{name}]"


def _curve_columns(traces: dict[str, Trace], inputs: Inputs, cycles: Cycles, curves: Curves, address: str) -> None:
    """Add cumulative hazards and survival of one curve."""
    slot = curves.slots[address]
    trace, e = traces[slot.strategy], slot.endpoint
    word = {"pfs": "PFS", "os": "OS", "time_on_treatment": "Time on treatment"}[e]

    def column_of(other: str) -> str:
        its = curves.slots[other]
        key = f"{its.endpoint}_before"
        if its.strategy == slot.strategy:
            return f"[{key}]"
        return traces[its.strategy].cell(key)

    relative = next((m.relative_to for m in slot.origin.values if m is not None and m.relative_to), "")
    other = column_of(relative) if relative else ""
    own = curves.own(address, _InTrace(trace), other)
    trace.add(f"{e}_own", f"{word}: cumulative hazard, own", own, "0")
    if curves.waned(address):
        starts, ends = curves.scalars[address, "starts"], curves.scalars[address, "ends"]
        at = inputs.pick(slot.waning, [column_of(towards(slot, f)) if f else "0" for f in slot.waning.values])
        trace.add(f"{e}_other", f"{word}: cumulative hazard faded to", at, "0")
        step = f"(([{e}_own]-[{e}_own-1])-([{e}_other]-[{e}_other-1]))"
        start, end = "[time_years-1]", "[time_years]"
        split = (
            f"({curves.scalars[address, 'own_at_end']}-[{e}_own-1])"
            f"-({curves.scalars[address, 'other_at_end']}-[{e}_other-1])"
        )
        sudden = f"IF({end}<={starts},{step},IF({start}<={starts},{split},0))"
        fading = f"MAX(0,MIN(1,({ends}-({start}+{end})/2)/({ends}-{starts})))*{step}"
        trace.add(
            f"{e}_gap", f"{word}: own minus other, faded, summed", f"[{e}_gap-1]+IF({starts}>={ends},{sudden},{fading})"
        )
        texts = [f"[{e}_other]+[{e}_gap]" if f else f"[{e}_own]" for f in slot.waning.values]
        trace.add(f"{e}_before", f"{word}: cumulative hazard before background", inputs.pick(slot.waning, texts), "0")
    else:
        trace.add(f"{e}_before", f"{word}: cumulative hazard before background", f"[{e}_own]", "0")
    if curves.floored(address):
        hazard = _grid(cycles, grid.HAZARD)
        trace.add(
            f"{e}_missing",
            f"{word}: hazard missing to the population's, summed",
            f"[{e}_missing-1]+MAX({hazard}-([{e}_before]-[{e}_before-1]),0)",
        )
        whole = _grid(cycles, grid.TOGETHER)
        options = {
            "none": f"[{e}_before]",
            "hazard_floor": f"[{e}_before]+[{e}_missing]",
            "excess": f"[{e}_before]+{whole}",
        }
        texts = [options[kind] for kind in slot.background.values]
        trace.add(f"{e}_hazard_sum", f"{word}: cumulative hazard", inputs.pick(slot.background, texts), "0")
    else:
        trace.add(f"{e}_hazard_sum", f"{word}: cumulative hazard", f"[{e}_before]", "0")
    trace.add(f"{e}_curve", f"{word}: survival", f"EXP(-[{e}_hazard_sum])", "1", "share")


def add_states(trace: Trace, inputs: Inputs, cycles: Cycles) -> None:
    """Add occupancy, flows, and who is on treatment."""
    variants = inputs.variants
    crossing = inputs.index(variants.choices["settings.crossing"])
    trace.add("alive", "Alive", f"IF({crossing}=2,MAX([os_curve],[pfs_curve]),[os_curve])", "1", "share")
    trace.add("progression_free", "Progression-free", "MIN([pfs_curve],[alive])", "1", "share")
    trace.add("progressed", "Progressed", "[alive]-[progression_free]", "0", "share")
    trace.add("dead", "Dead", "1-[alive]", "0", "share")
    trace.add("crossed", "PFS capped at OS", "IF([pfs_curve]>[alive],1,0)", "0", "integer")
    trace.add("population_hazard", "Population hazard in the cycle", _grid(cycles, grid.HAZARD))
    trace.add("os_hazard", "OS hazard in the cycle", "[os_hazard_sum]-[os_hazard_sum-1]")
    trace.add("deaths", "Deaths", "[alive-1]-[alive]")
    trace.add("exits", "Leave progression-free", "[progression_free-1]-[progression_free]")
    share = variants.choices["survival.share_of_pfs_events_that_are_deaths"]
    asked = f"[exits]*{inputs.pick(share, [inputs.number(a) for a in share.values])}"
    start, end = _grid(cycles, grid.START_WEIGHT), _grid(cycles, grid.END_WEIGHT)
    length = _grid(cycles, grid.LENGTH)
    population = (
        f"IF({length}<=0,0,[population_hazard]/{length}*({start}*[progression_free-1]+{end}*[progression_free]))"
    )
    trace.add(
        "deaths_progression_free",
        "Deaths before progression",
        f"IF([crossed]=1,[exits],MIN(MAX({asked},{population}),[exits],[deaths]))",
    )
    trace.add("progressions", "Progressions", "[exits]-[deaths_progression_free]")
    _add_treatment(trace, inputs)
    trace.add("discount_costs", "Discount factor, costs", _grid(cycles, grid.COSTS))
    trace.add("discount_qalys", "Discount factor, QALYs", _grid(cycles, grid.QALYS))
    trace.add("start_weight", "Weight of the start (years)", start)
    trace.add("end_weight", "Weight of the end (years)", end)


def _add_treatment(trace: Trace, inputs: Inputs) -> None:
    choice = inputs.variants.choices[f"strategies.{trace.strategy}.time_on_treatment.rule"]
    free, progressed, whole = [], [], []
    for rule, stops in choice.values:
        until = inputs.number(stops) if stops else ""
        if rule == "none":
            parts = ("0", "0")
        elif rule == "until_progression":
            parts = ("[progression_free]", "0")
        else:
            treated = "MIN([time_on_treatment_curve],[alive])"
            parts = (f"MIN({treated},[progression_free])", f"{treated}-MIN({treated},[progression_free])")
        free.append(parts[0])
        progressed.append(parts[1])
        whole.append(f"IF([time_years]<{until},1,0)" if until else "1")
    trace.add(
        "on_free", "On treatment, progression-free", inputs.pick(choice, free), inputs.pick(choice, free), "share"
    )
    trace.add(
        "on_progressed",
        "On treatment, progressed",
        inputs.pick(choice, progressed),
        inputs.pick(choice, progressed),
        "share",
    )
    trace.add(
        "on_treatment",
        "On treatment",
        f"([on_free]+[on_progressed])*{inputs.pick(choice, whole)}",
        f"([on_free]+[on_progressed])*{inputs.pick(choice, whole)}",
        "share",
    )


def stops(trace: Trace, inputs: Inputs) -> str:
    """Return the formula of the time at which everybody stops treatment; '' if no option has one."""
    choice = inputs.variants.choices[f"strategies.{trace.strategy}.time_on_treatment.rule"]
    if not any(until for _, until in choice.values):
        return ""
    return inputs.pick(choice, [inputs.number(until) if until else "1E+9" for _, until in choice.values])
