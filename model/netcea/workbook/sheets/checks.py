"""Checks: what Python has beside what the cells have, and rules that hold whatever is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netcea.analyses.base_case.result import Case
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.cycles import Cycles
from netcea.workbook.sheets.dispensing import Dispensing
from netcea.workbook.sheets.draw import SWITCH
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.trace import Trace

MEASURES: Final = (
    "costs",
    "life_years",
    "qalys",
    "undiscounted_costs",
    "undiscounted_life_years",
    "undiscounted_qalys",
)
NEAR: Final = 1e-9
"""Relative difference up to which two computations of the same number agree."""
OK, WRONG, CHANGED = "ok", "FAULT", "changed input"
LISTED: Final = 12
"""Changed inputs that are listed by name."""
FIRST_PYTHON: Final = 8
"""Column of the first scenario's numbers from Python."""


@dataclass(frozen=True)
class Checks:
    """Cells that others show.

    Attributes
    ----------
    verdict : cell
        'All checks passed', 'Inputs were changed; ...' or '... FAULT'.
    """

    page: Page
    verdict: str


def python_values(case: Case) -> dict[str, float | str]:
    """Return name of a cell of Results -> what Python has."""
    found: dict[str, float | str] = {}
    for name, totals in case.strategies.items():
        found |= {f"{measure}.{name}": getattr(totals, measure) for measure in MEASURES}
    for row in case.pairwise:
        name = row.strategy
        found[f"incremental_costs.{name}"] = row.incremental_costs or 0.0
        found[f"incremental_qalys.{name}"] = row.incremental_qalys or 0.0
        found[f"icer.{name}"] = "" if row.icer is None else row.icer
        found[f"label.{name}"] = row.label
    for row in case.weighted_pairwise:
        found[f"weighted_icer.{row.strategy}"] = "" if row.icer is None else row.icer
    thresholds = sorted({benefit.threshold for benefit in case.net_benefit})
    for benefit in case.net_benefit:
        which = f"{thresholds.index(benefit.threshold)}.{benefit.strategy}"
        found[f"nhb.{which}"] = benefit.incremental_nhb
        found[f"weighted_nhb.{which}"] = benefit.weighted_incremental_nhb
    for what in ("qalys_general_population", "absolute_shortfall", "proportional_shortfall", "severity_weight"):
        found[what] = float(getattr(case.severity, what))
    return found


def write_checks(
    book: Book,
    inputs: Inputs,
    cycles: Cycles,
    traces: dict[str, Trace],
    dispensing: Dispensing,
    cells: dict[str, str],
    cases: Sequence[Case],
) -> Checks:
    """Write the sheet; cases are of the scenarios in their order."""
    page = book.page("Checks", "C00000")
    page.open_with(
        "Checks",
        "Each row is worked out here, in cells. A difference that is due to a changed input is no "
        "fault: undo the change, and it must go.",
    )
    for at, words in enumerate(("Everything together", "Inputs and choices changed here", "Drawing at random"), 3):
        page.put(at, 1, words, "section")
    numbers = inputs.inputs.span(grid.FIRST, inputs.last_row, inputs.COUNT_COLUMN)
    choices = inputs.choices.span(grid.FIRST, inputs.last_choice, inputs.CHOICE_COUNT_COLUMN)
    page.formula(4, 2, f"MAX({numbers})+MAX({choices})", "integer")
    page.formula(5, 2, SWITCH, "text")
    page.put(6, 1, "Differences up to this share of a number are rounding")
    page.put(6, 2, NEAR, "difference")
    row = _changes(page, inputs, 8, numbers, choices)
    first_rule = row + 2
    row = _rules(page, row, inputs, cycles, traces, dispensing, book)
    rules = page.span(first_rule, row - 2, 4)
    first = row + 2
    row = _against_python(page, row, inputs, cells, cases)
    compared = page.span(first, row - 1, 4)
    faults = f'COUNTIF({rules},"{WRONG}")+COUNTIF({compared},"{WRONG}")'
    moved = f'COUNTIF({compared},"{CHANGED}")'
    page.formula(
        3,
        2,
        f'IF({faults}>0,"FAULT in "&({faults})&" checks: see the sheet Checks",IF({moved}>0,'
        f'"Inputs were changed: "&{moved}&" numbers differ from Python\'s, as they should",'
        f'"All checks passed: equal to Python"))',
        "result_text",
    )
    _colours(page, (rules, compared), page.at(3, 2))
    page.widths(76, 34, 22, 18, 4, 4, 4, *[16.0] * len(cases))
    page.frozen("A4")
    page.landscape()
    return Checks(page, page.at(3, 2))


def _changes(page: Page, inputs: Inputs, row: int, numbers: str, choices: str) -> int:
    """List what was changed by name."""
    page.put(row, 1, f"Changed inputs (the first {LISTED})", "section")
    page.heading(row + 1, ["Address", "In the scenario", "Here"])
    for k in range(1, LISTED + 1):
        at = row + 1 + k
        for column, (number, choice) in enumerate(((1, 1), (4, 4), (5, 5)), 1):
            from_numbers = f"INDEX({inputs.inputs.span(grid.FIRST, inputs.last_row, number)},MATCH({k},{numbers},0))"
            k_choice = f"({k}-MAX({numbers}))"
            span = inputs.choices.span(grid.FIRST, inputs.last_choice, choice)
            from_choices = f"INDEX({span},MATCH({k_choice},{choices},0))"
            text = f'IF({k}<=MAX({numbers}),{from_numbers},IF({k}<={page.at(4, 2)},{from_choices},""))'
            page.formula(at, column, text, "text" if column == 1 else "number")
    return row + LISTED + 3


def _rules(
    page: Page, row: int, inputs: Inputs, cycles: Cycles, traces: dict[str, Trace], dispensing: Dispensing, book: Book
) -> int:
    """Write rules that hold whatever is changed."""
    page.put(row, 1, "Rules that hold whatever is changed", "section")
    page.heading(row + 1, ["Rule", "Found", "At most", "Verdict"])
    at = row + 2
    lines: list[tuple[str, str, float]] = []
    for name, trace in traces.items():
        label = inputs.variants.base.label(name)
        free, progressed, dead, alive, pfs = (
            trace.span(k, from_start=True) for k in ("progression_free", "progressed", "dead", "alive", "pfs_curve")
        )
        os = trace.span("os_curve", from_start=True)
        later, earlier = trace.rows_of("alive")
        lines += [
            (
                f"{label}: occupancies add up to 1 (largest gap)",
                f"SUMPRODUCT(MAX(ABS({free}+{progressed}+{dead}-1)))",
                1e-12,
            ),
            (f"{label}: progression-free never above alive (cycles)", f"SUMPRODUCT(({free}>{alive})*1)", 0),
            (
                f"{label}: no occupancy below 0 (cycles)",
                f"SUMPRODUCT(({free}<0)*1)+SUMPRODUCT(({progressed}<0)*1)+SUMPRODUCT(({dead}<0)*1)",
                0,
            ),
            (f"{label}: survival never rises (cycles)", f"SUMPRODUCT(({later}>{earlier}+1E-12)*1)", 0),
            (f"{label}: survival between 0 and 1 (cycles)", f"SUMPRODUCT(({os}>1)+({os}<0)+({pfs}>1)+({pfs}<0))", 0),
        ]
    times = cycles.span(grid.TIME)
    lines.append(
        ("The cycles reach the horizon (years short)", f"{inputs.number('settings.horizon_years')}-MAX({times})", 1e-9)
    )
    lines += [(words, text, 0) for words, text in dispensing.reaches_horizon()]
    for other in book.pages:
        if other.last_row > 1 and other.name not in ("Checks", "Cover"):
            span = other.span(1, other.last_row, 1, other.last_column)
            lines.append((f"No error in the sheet {other.name} (cells)", f"SUMPRODUCT(ISERROR({span})*1)", 0))
    for words, text, most in lines:
        page.put(at, 1, words)
        page.formula(at, 2, text, "difference" if most else "integer")
        page.put(at, 3, most, "difference" if most else "integer")
        found = page.at(at, 2)
        page.formula(at, 4, f'IF(ISERROR({found}),"{WRONG}",IF({found}<={page.at(at, 3)},"{OK}","{WRONG}"))', "text")
        at += 1
    return at + 1


def _against_python(page: Page, row: int, inputs: Inputs, cells: dict[str, str], cases: Sequence[Case]) -> int:
    """Write every result beside Python's for the selected scenario."""
    values = [python_values(case) for case in cases]
    page.put(row, 1, "The same number from Python (for the selected scenario)", "section")
    page.heading(row + 1, ["Result", "Here", "Python", "Verdict"])
    page.heading(row + 1, [case.name for case in cases], FIRST_PYTHON)
    changed = f'OR({page.at(4, 2)}>0,{page.at(5, 2)}="yes")'
    near = page.at(6, 2)
    for at, name in enumerate(values[0], row + 2):
        page.put(at, 1, _words(name, inputs))
        style = "pounds" if "costs" in name or "icer" in name else "share"
        page.formula(at, 2, cells[name], style)
        span = page.span(at, at, FIRST_PYTHON, FIRST_PYTHON + len(cases) - 1)
        selected = f"INDEX({span},1,{inputs.scenario_number})"
        page.formula(at, 3, f'IF({selected}="","",{selected})', style)
        for column, found in enumerate(values, FIRST_PYTHON):
            if found[name] != "":
                page.put(at, column, found[name], style)
        here, there = page.at(at, 2), page.at(at, 3)
        same = (
            f'IF(OR({here}="",{there}="",ISTEXT({here}),ISTEXT({there})),{here}&""={there}&"",'
            f"ABS({here}-{there})<={near}*MAX(ABS({there}),1))"
        )
        page.formula(
            at, 4, f'IF(ISERROR({here}),"{WRONG}",IF({same},"{OK}",IF({changed},"{CHANGED}","{WRONG}")))', "text"
        )
    return row + 2 + len(values[0])


def _words(name: str, inputs: Inputs) -> str:
    what, _, strategy = name.rpartition(".")
    if not what:
        return name.replace("_", " ").capitalize()
    kind, _, number = what.partition(".")
    words = {
        "icer": "ICER",
        "label": "what it is called",
        "weighted_icer": "ICER with severity weight",
        "nhb": "NHB",
        "weighted_nhb": "NHB with severity weight",
    }.get(kind, kind.replace("_", " "))
    threshold = f" at threshold {int(number) + 1}" if number else ""
    return f"{inputs.variants.base.label(strategy)}: {words}{threshold}".replace("qalys", "QALYs")


def _colours(page: Page, ranges: Sequence[str], verdict: str) -> None:
    for span in ranges:
        where = span.rpartition("!")[2].replace("$", "")
        first = where.partition(":")[0]
        for word, colour in ((OK, "C6EFCE"), (WRONG, "FFC7CE"), (CHANGED, "FFEB9C")):
            page.colour_if(where, f'{first}="{word}"', colour)
    light(page, verdict.rpartition("!")[2].replace("$", ""))


def light(page: Page, cell: str) -> None:
    """Colour a verdict: green, amber, red."""
    for word, colour in (("FAULT", "FFC7CE"), ("Inputs", "FFEB9C"), ("All", "C6EFCE")):
        page.colour_if(cell, f'LEFT({cell},{len(word)})="{word}"', colour)
