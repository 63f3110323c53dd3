"""Survival: parameters of every curve and family, the live one, its hazard ratios, and when an effect fades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.workbook.choice import CurveChoices
from netcea.workbook.construction import Construction
from netcea.workbook.curve_choices import ENDPOINTS
from netcea.workbook.formulas.curves import CurveCells, Curves, Kind, RatioCells
from netcea.workbook.row_heights import TWO_LINES
from netcea.workbook.sheets.curve_columns import add_curves
from netcea.workbook.sheets.curve_origins import FAMILY, FIRST_PARAMETER, STRETCH, VALUE, WORDS, write_origin
from netcea.workbook.sheets.cycles import write_cycles
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.to_the_right import ToTheRight
from netcea.workbook.sheets.trace import begin_traces
from netcea.workbook.sheets.waning_cells import write_counts_from, write_waning

FIRST: Final = 4
"""Row of the first curve."""


def write_survival(construction: Construction) -> Curves:
    """Write parameters of every curve, its columns on the traces, and both hazards where an effect ends at once."""
    inputs, page = construction.written_by(write_inputs), construction.page("Survival")
    page.open_with(
        "Survival curves", "One row for each origin that can be chosen (sheet Choices); the dot marks the live one."
    )
    cells, row = {}, FIRST
    for address, curve in inputs.variants.curves.items():
        cells[address], row = _write_curve(page, inputs, curve, row)
        row += 2
    page.widths(4, 84, 44, *[14.0] * 26)
    page.frozen("C4")
    page.landscape()
    curves = Curves(inputs, construction.written_by(write_cycles), construction.written_by(begin_traces), cells)
    add_curves(curves)
    for address in cells:
        _write_ends_of_ratios(page, curves, address)
        _write_sudden_end(page, curves, address)
        write_counts_from(page, curves, address)
    return curves


def _write_curve(page: Page, inputs: Inputs, curve: CurveChoices, row: int) -> tuple[CurveCells, int]:
    """Write a curve; return its cells and the row after."""
    words = f"{inputs.variants.base.label(curve.strategy)}: {ENDPOINTS[curve.endpoint]}"
    page.put(row, 1, words, "section")
    page.put(row, 3, curve.address, "subtitle")
    heads = ["", "Origin", "Family", "Time is multiplied by", "Median aimed at (years)"]
    for i in range(1, _most_parameters(curve) + 1):
        heads += [f"Parameter {i}", "Value"]
    page.heading(row + 1, heads)
    first = row + 2
    origins = [write_origin(page, inputs, curve, first + i, i) for i in range(len(curve.origin.options))]
    live = _Live(page, inputs.index(curve.origin), first, len(origins))
    groups: dict[str, list[int]] = {}
    for number, origin in enumerate(origins):
        groups.setdefault(origin.signature, []).append(number)
    columns = {c: live.of(c) for c in sorted({c for o in origins for c in o.columns.values()})}
    stretch = live.of(STRETCH) if any(origin.stretched for origin in origins) else ""
    kind = live.kind(list(groups.values()))
    kinds = []
    for group in groups.values():
        origin = origins[group[0]]
        kinds.append(Kind(origin.model, {name: columns[c] for name, c in origin.columns.items()} | origin.tables))
    crossover, row = _write_crossover(page, inputs, curve, live.next_row)
    ratio, row = _write_ratio(page, inputs, curve, row)
    waning, row = write_waning(page, inputs, curve, row)
    return CurveCells(tuple(kinds), kind, stretch, crossover, ratio, waning), row


def _most_parameters(curve: CurveChoices) -> int:
    """Return how many parameters and constants an origin has at most."""
    families = [m.distribution for m in curve.origin.values if m is not None and m.distribution is not None]
    return max((len(f.parameters) + len(f.constants) for f in families), default=0)


@dataclass(frozen=True)
class _Live:
    """The row with what is live of several origins; of a single one, its own row."""

    page: Page
    index: str
    first: int
    n: int

    @property
    def row(self) -> int:
        """Return the row of what is live."""
        return self.first if self.n == 1 else self.first + self.n

    @property
    def next_row(self) -> int:
        """Return the row after."""
        return self.row + 1

    def of(self, column: int) -> str:
        """Return the cell with what is live of a column."""
        if self.n > 1:
            span = self.page.span(self.first, self.first + self.n - 1, column)
            self.page.formula(self.row, column, f"INDEX({span},{self.index})", "small")
        return self.page.at(self.row, column)

    def kind(self, groups: Sequence[Sequence[int]]) -> str:
        """Write which of the groups of origins with one formula is live; return where it stands, or the only one."""
        if self.n > 1:
            self.page.put(self.row, WORDS, "Live: number of the formula, and its parameters", "note")
        if len(groups) == 1:
            return "1"
        numbers = {number: str(k) for k, group in enumerate(groups, 1) for number in group}
        text = f"CHOOSE({self.index},{','.join(numbers[number] for number in range(self.n))})"
        self.page.formula(self.row, FAMILY, text, "integer")
        return self.page.at(self.row, FAMILY)


def _write_ratio(page: Page, inputs: Inputs, curve: CurveChoices, row: int) -> tuple[RatioCells | None, int]:
    """Write the hazard ratio of each interval, where an option has one, and when it ends; return the row after.

    An option with fewer intervals than another has its last ratio in those that it lacks. Room is left for the other
    curve's cumulative hazard at each end.
    """
    choice = curve.ratio
    most = max(map(len, choice.values))
    if not most:
        return None, row
    ratios: list[str] = []
    ends: list[str] = []
    at_ends: list[str] = []
    for k in range(most):
        own = [intervals[min(k, len(intervals) - 1)].hazard_ratio if intervals else "" for intervals in choice.values]
        page.put(row, WORDS, "Hazard ratio" if most == 1 else f"Hazard ratio, interval {k + 1}")
        page.formula(row, VALUE, inputs.pick(choice, [inputs.number(a) if a else "1" for a in own]), "share")
        ratios.append(page.at(row, VALUE))
        if k == 0:
            page.formula(row, FAMILY, inputs.choices.live(choice), "note")
            page.row_heights[row] = TWO_LINES
        row += 1
        if k == most - 1:
            break
        until = [intervals[k].until if k < len(intervals) else None for intervals in choice.values]
        times = inputs.pick(choice, [inputs.number(a) if a else "1E+9" for a in until])
        page.put(row, WORDS, f"End of interval {k + 1} (years)")
        page.formula(row, VALUE, f"MAX({ends[-1]},{times})" if ends else times, "years_or_never")
        page.put(row + 1, WORDS, "The other's cumulative hazard then")
        ends.append(page.at(row, VALUE))
        at_ends.append(page.at(row + 1, VALUE))
        row += 2
    return RatioCells(tuple(ratios), tuple(ends), tuple(at_ends)), row


def _write_crossover(page: Page, inputs: Inputs, curve: CurveChoices, row: int) -> tuple[str, int]:
    """Write what removing crossover does to the hazard, where an option does; return its cell and the row after."""
    choice = curve.crossover
    if not any(choice.values):
        return "", row
    texts = ["/".join(map(inputs.number, ratios)) if ratios else "1" for ratios in choice.values]
    page.put(row, WORDS, "Removing crossover multiplies the hazard by")
    page.formula(row, FAMILY, inputs.choices.live(choice), "subtitle")
    page.formula(row, VALUE, inputs.pick(choice, texts), "share")
    return page.at(row, VALUE), row + 1


def _write_ends_of_ratios(page: Page, curves: Curves, address: str) -> None:
    """Write the other curve's cumulative hazard when each interval of a hazard ratio ends, within the horizon."""
    cells = curves.cells[address].ratio
    horizon = curves.inputs.number("settings.horizon_years")
    for end, at_end in zip(cells.ends, cells.at_ends, strict=True) if cells is not None else ():
        row = int(at_end.rpartition("$")[2])
        place = ToTheRight(page, row, "", FIRST_PARAMETER)
        place = replace(place, t=place.add("end", "End, within the horizon (years)", f"MIN({end},{horizon})"))
        page.formula(row, VALUE, f"IF({end}>{horizon},1E+99,{curves.without_ratio(address, place)})", "small")


def _write_sudden_end(page: Page, curves: Curves, address: str) -> None:
    """Write when an effect ends at once, and both cumulative hazards then, which the traces need to be known for."""
    cells, curve, inputs = curves.cells[address].waning, curves.choices[address], curves.inputs
    if cells is None:
        return
    row, own, other = (int(cell.rpartition("$")[2]) for cell in (cells.sudden_end, cells.own_then, cells.other_then))
    page.formula(row, VALUE, f"MIN({cells.starts},{inputs.number('settings.horizon_years')})", "years")
    place = ToTheRight(page, row, cells.sudden_end, FIRST_PARAMETER)
    page.formula(own, VALUE, curves.own(address, place), "small")
    texts = [curves.unfloored(curve.fades_to(f), place) if f else "0" for f in curve.waning.values]
    page.formula(other, VALUE, inputs.pick(curve.waning, texts), "small")
