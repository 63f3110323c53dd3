"""What the yellow cells of Inputs take: what a number may be by itself, beside the others, and on these sheets.

Bounds that depend on other cells are formulas of the rules of the cells: a cut-off lies below the next one, cycles and
packs have rows until the horizon, a longer median goes with a hazard ratio below 1. A number from which no formula here
follows what Python would do takes nothing, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from netcea.reporting.xlsx.page import Rule
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.estimates import medians_and_ratio, solved_fits, takes
from netcea.workbook.sheets import inputs as columns
from netcea.workbook.sheets.cycles import DAYS
from netcea.workbook.sheets.dispensing import write_dispensing
from netcea.workbook.sheets.draw_layout import DRAWING
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.possible_values import LARGE, rule_for

RISING: Final = (
    ("threshold_lower", "threshold_upper"),
    ("severity.absolute_1_2", "severity.absolute_1_7"),
    ("severity.proportional_1_2", "severity.proportional_1_7"),
    ("severity.weight_1_0", "severity.weight_1_2"),
    ("severity.weight_1_2", "severity.weight_1_7"),
)
"""Ends of addresses of a method pack: the first lies below the second."""
ABOVE: Final = "1E-9"
GREY: Final = "D9D9D9"
LONGEST_MESSAGE: Final = 255
"""That a rule of a cell may have. [letters]"""


@dataclass
class Bounds:
    """Formulas between which a number must lie, beside its own bounds, and words for why."""

    low: list[str] = field(default_factory=list)
    high: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


def write_allowed_values(construction: Construction) -> None:
    """Write the rule of each yellow cell of Inputs, after all sheets that the rules ask."""
    inputs = construction.written_by(write_inputs)
    found: dict[str, Bounds] = {}
    for address, low, high, why in (*_rising(inputs), *_times(inputs), *_rows(construction), *_medians(inputs)):
        bounds = found.setdefault(address, Bounds())
        bounds.low += [low] if low else []
        bounds.high += [high] if high else []
        bounds.why.append(why)
    solved = solved_while(inputs)
    page = inputs.page
    for address, row in inputs.rows.items():
        rule = rule_for(address, inputs.limits(address))
        _write_outside(inputs, row, rule, found.get(address, Bounds()))
        if address in found:
            rule = _narrowed(inputs, row, rule, found[address])
        if address in solved:
            now, cell = (page.at(row, column).rpartition("!")[2] for column in (columns.SOLVED_NOW, columns.YOURS))
            rule = _while_not(rule, f"{now}=1", cell)
            page.colour_if(cell.replace("$", ""), f"{now}=1", GREY)
        page.restrict(row, columns.YOURS, rule)


def solved_while(inputs: Inputs) -> Mapping[str, str]:
    """Return address of a published figure -> the formula of whether a curve that Python fitted to it is live."""
    found: dict[str, str] = {}
    for address, fits in solved_fits(inputs.variants, inputs.estimates).items():
        tests = []
        for curve in inputs.variants.curves.values():
            for fit in sorted(fits):
                curves, ratios = takes(curve, fit)
                tests += [f"{inputs.index(curve.origin)}={number}" for number in curves]
                tests += [f"{inputs.index(curve.ratio)}={number}" for number in ratios]
        if tests and address in inputs.rows:
            found[address] = f"OR({','.join(dict.fromkeys(tests))})"
    return found


def _live(inputs: Inputs, address: str, unit_of: str) -> str:
    """Return the formula of a live number in the unit of another's cell."""
    own, other = inputs.factor(address), inputs.factor(unit_of)
    return inputs.name(address) if own == other else f"{inputs.name(address)}*{own!r}/{other!r}"


def _rising(inputs: Inputs) -> Iterator[tuple[str, str, str, str]]:
    for first, second in RISING:
        for address in inputs.rows:
            other = f"{address.removesuffix(first)}{second}"
            if address.endswith(f".{first}") and other in inputs.rows:
                yield address, "", f"{_live(inputs, other, address)}-{ABOVE}", f"less than {other.rpartition('.')[2]}"
                yield other, f"{_live(inputs, address, other)}+{ABOVE}", "", f"more than {address.rpartition('.')[2]}"


def _times(inputs: Inputs) -> Iterator[tuple[str, str, str, str]]:
    """Yield that an effect begins to fade before it has faded, and that intervals of a ratio follow each other."""
    for curve in inputs.variants.curves.values():
        for number, fades in enumerate(curve.waning.values, 1):
            if fades and fades.starts != fades.ends:
                yield from _in_order(inputs, fades.starts, fades.ends, f"{inputs.index(curve.waning)}={number}", "0")
        for number, intervals in enumerate(curve.ratio.values, 1):
            ends = [interval.until for interval in intervals if interval.until]
            for before, after in pairwise(ends):
                yield from _in_order(inputs, before, after, f"{inputs.index(curve.ratio)}={number}", ABOVE)


def _in_order(inputs: Inputs, first: str, second: str, live: str, gap: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield that one time comes before another while an option is live."""
    if first in inputs.rows and second in inputs.rows:
        later, earlier = _live(inputs, second, first), _live(inputs, first, second)
        yield first, "", f"IF({live},{later}-{gap},1E+9)", f"not after {second.rpartition('.')[2]}"
        yield second, f"IF({live},{earlier}+{gap},0)", "", f"not before {first.rpartition('.')[2]}"


def _rows(construction: Construction) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the rows of the traces and of the dispensing leave: cycles and packs until the horizon."""
    inputs = construction.written_by(write_inputs)
    days, horizon = "settings.cycle_days", "settings.horizon_years"
    words = "these sheets have rows for no more: export again"
    own = [(days, inputs.variants.cycles)]
    for schedule in construction.written_by(write_dispensing).schedules.values():
        address = next((a for a in inputs.rows if schedule.interval in (inputs.name(a), f"{inputs.name(a)}.model")), "")
        if address and not schedule.origin:
            own.append((address, schedule.rows))
    for address, rows in own:
        years = 1.0 / float(DAYS) if address == days else inputs.factor(address)
        yield address, f"{inputs.name(horizon)}/{rows}/{years!r}", "", words
        yield horizon, "", f"{inputs.name(address)}*{years!r}*{rows}", words


def _medians(inputs: Inputs) -> Iterator[tuple[str, str, str, str]]:
    """Yield that the arm with the lower hazard has the longer median, where curves follow both by formula."""
    for reference, other, ratio in medians_and_ratio(inputs.variants, inputs.estimates):
        ours, theirs = _live(inputs, reference, other), inputs.name(other)
        below = f"{inputs.name(ratio)}<1"
        words = "with a hazard ratio below 1 the median is longer, above 1 shorter"
        yield ratio, f"IF({theirs}>{ours},0,1+{ABOVE})", f"IF({theirs}>{ours},1-{ABOVE},1E+9)", words
        yield other, f"IF({below},{ours}*(1+{ABOVE}),0)", f"IF({below},1E+9,{ours}*(1-{ABOVE}))", words
        its = _live(inputs, other, reference)
        yield reference, f"IF({below},0,{its}*(1+{ABOVE}))", f"IF({below},{its}*(1-{ABOVE}),1E+9)", words


def _narrowed(inputs: Inputs, row: int, rule: Rule, bounds: Bounds) -> Rule:
    """Write further bounds beside a number, and return its rule with them."""
    page, first, last = inputs.page, rule.first, rule.last
    if bounds.low:
        page.formula(row, columns.LEAST, f"MAX({','.join([first, *bounds.low])})", "number4")
        first = page.at(row, columns.LEAST).rpartition("!")[2]
    if bounds.high:
        page.formula(row, columns.MOST, f"MIN({','.join([last, *bounds.high])})", "number4")
        last = page.at(row, columns.MOST).rpartition("!")[2]
    words = f"{rule.message.rstrip('.')}; {'; '.join(dict.fromkeys(bounds.why))}."
    return Rule(first, last, rule.title, words[:LONGEST_MESSAGE])


def _write_outside(inputs: Inputs, row: int, rule: Rule, bounds: Bounds) -> None:
    """Write whether a number is outside: a value that was pasted asks no rule of its cell."""
    page = inputs.page
    yours, live = page.at(row, columns.YOURS), page.at(row, columns.LIVE)
    own = [f"{yours}<{rule.first}"] if float(rule.first) > -LARGE else []
    own += [f"{yours}>{rule.last}"] if float(rule.last) < LARGE else []
    beside = [f"{live}<{page.at(row, columns.LEAST)}"] if bounds.low else []
    beside += [f"{live}>{page.at(row, columns.MOST)}"] if bounds.high else []
    by_itself = f"IF(ISNUMBER({yours}),IF(OR({','.join(own)}),1,0),0)" if own else "0"
    text = f"IF(OR({','.join(beside)}),1,{by_itself})" if beside else by_itself
    if text != "0":
        page.formula(row, columns.OUTSIDE, f"IF({DRAWING},0,{text})" if beside else text, "note")


def _while_not(rule: Rule, condition: str, cell: str) -> Rule:
    """Return a rule that takes nothing while a condition holds."""
    test = f"AND(NOT({condition}),ISNUMBER({cell}),{cell}>={rule.first},{cell}<={rule.last})"
    words = f"{rule.message.rstrip('.')}; nothing while a curve that netcea solved from it is live: export again."
    return Rule(test, "", rule.title, words[:LONGEST_MESSAGE], custom=True)
