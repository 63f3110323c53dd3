"""Checks: what Python has beside what the cells have, and rules that hold whatever is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netcea.analyses.shared.judge import evaluate
from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.python_values import in_words, python_values
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import inputs as input_columns
from netcea.workbook.sheets.draw_layout import SWITCH
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.rules import NOT_CHECKED, rules

NEAR: Final = 1e-9
"""Relative difference up to which two computations of the same number agree."""
OK, WRONG, CHANGED = "ok", "FAULT", "changed input"
GREEN, RED, AMBER = "C6EFCE", "FFC7CE", "FFEB9C"
VERDICT_ROW, CHANGES_ROW, DRAWING_ROW, NEAR_ROW, LIST_ROW = 3, 4, 5, 6, 8
LISTED: Final = 12
"""Changed inputs that are listed by name."""
FOUND, EXPECTED, VERDICT, FIRST_PYTHON = 2, 3, 4, 8
"""Columns: what is here, what it should be, the verdict, numbers of the first scenario from Python."""


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


def write_checks(construction: Construction) -> Checks:
    """Write the sheet, after all others."""
    construction.write_all(but=NOT_CHECKED)
    lines = list(rules(construction))
    inputs, page = construction.written_by(write_inputs), construction.page("Checks")
    page.open_with(
        "Checks",
        "Each row is worked out here, in cells. A difference that is due to a changed input is no "
        "fault: undo the change, and it must go.",
    )
    for at, words in enumerate(("Everything together", "Inputs and choices changed here", "Drawing at random"), 3):
        page.put(at, 1, words, "section")
    numbers, choices = inputs.span(input_columns.COUNT), inputs.choices.span(choice_columns.COUNT)
    page.formula(CHANGES_ROW, 2, f"MAX({numbers})+MAX({choices})", "integer")
    page.formula(DRAWING_ROW, 2, SWITCH, "text")
    page.put(NEAR_ROW, 1, "Differences up to this share of a number are rounding")
    page.put(NEAR_ROW, 2, NEAR, "difference")
    row = _list_changes(page, inputs, numbers, choices)
    page.put(row, 1, "Rules that hold whatever is changed", "section")
    page.heading(row + 1, ["Rule", "Found", "At most", "Verdict"])
    first_rule, row = row + 2, row + 2 + len(lines)
    for at, line in enumerate(lines, first_rule):
        style = "difference" if line.most else "integer"
        page.put(at, 1, line.words)
        page.formula(at, FOUND, line.found, style)
        page.put(at, EXPECTED, line.most, style)
        found, most = page.at(at, FOUND), page.at(at, EXPECTED)
        page.formula(at, VERDICT, f'IF(ISERROR({found}),"{WRONG}",IF({found}<={most},"{OK}","{WRONG}"))', "text")
    first, after = row + 3, _compare_with_python(construction, page, row + 1)
    verdict = _write_verdict(page, page.span(first_rule, row - 1, VERDICT), page.span(first, after - 1, VERDICT))
    page.widths(76, 34, 22, 18, 4, 4, 4, *[16.0] * len(inputs.variants.scenarios))
    page.frozen("A4")
    page.landscape()
    return Checks(page, verdict)


def _write_verdict(page: Page, ruled: str, compared: str) -> str:
    """Write whether there is a fault, from both columns of verdicts, and colour all; return its cell."""
    faults = f'COUNTIF({ruled},"{WRONG}")+COUNTIF({compared},"{WRONG}")'
    moved = f'COUNTIF({compared},"{CHANGED}")'
    page.formula(
        VERDICT_ROW,
        2,
        f'IF({faults}>0,"FAULT in "&({faults})&" checks: see the sheet Checks",IF({moved}>0,'
        f'"Inputs were changed: "&{moved}&" numbers differ from Python\'s, as they should",'
        f'"All checks passed: equal to Python"))',
        "result_text",
    )
    for span in (ruled, compared):
        where = _on_its_own_sheet(span)
        first = where.partition(":")[0]
        for word, colour in ((OK, GREEN), (WRONG, RED), (CHANGED, AMBER)):
            page.colour_if(where, f'{first}="{word}"', colour)
    light(page, _on_its_own_sheet(page.at(VERDICT_ROW, 2)))
    return page.at(VERDICT_ROW, 2)


def _on_its_own_sheet(reference: str) -> str:
    return reference.rpartition("!")[2].replace("$", "")


def light(page: Page, cell: str) -> None:
    """Colour a verdict: green, amber, red."""
    for word, colour in (("FAULT", RED), ("Inputs", AMBER), ("All", GREEN)):
        page.colour_if(cell, f'LEFT({cell},{len(word)})="{word}"', colour)


def _list_changes(page: Page, inputs: Inputs, numbers: str, choices: str) -> int:
    """List what was changed by name: numbers, then choices; return the row after."""
    page.put(LIST_ROW, 1, f"Changed inputs (the first {LISTED})", "section")
    page.heading(LIST_ROW + 1, ["Address", "In the scenario", "Here"])
    columns = (
        (input_columns.ADDRESS, choice_columns.ADDRESS),
        (input_columns.SCENARIO, choice_columns.SCENARIO),
        (input_columns.YOURS, choice_columns.YOURS),
    )
    for k in range(1, LISTED + 1):
        at, k_choice = LIST_ROW + 1 + k, f"({k}-MAX({numbers}))"
        for column, (number, choice) in enumerate(columns, 1):
            from_numbers = f"INDEX({inputs.span(number)},MATCH({k},{numbers},0))"
            from_choices = f"INDEX({inputs.choices.span(choice)},MATCH({k_choice},{choices},0))"
            there = f'IF({k}<={page.at(CHANGES_ROW, 2)},{from_choices},"")'
            text = f"IF({k}<=MAX({numbers}),{from_numbers},{there})"
            page.formula(at, column, text, "text" if column == 1 else "number")
    return LIST_ROW + LISTED + 3


def _compare_with_python(construction: Construction, page: Page, row: int) -> int:
    """Write every result beside Python's for the selected scenario; return the row after."""
    variants, cells = construction.variants, construction.written_by(write_results).cells
    cases = [evaluate(scenario) for scenario in variants.scenarios]
    values = [python_values(case) for case in cases]
    page.put(row, 1, "The same number from Python (for the selected scenario)", "section")
    page.heading(row + 1, ["Result", "Here", "Python", "Verdict"])
    page.heading(row + 1, [case.name for case in cases], FIRST_PYTHON)
    selected = construction.written_by(write_inputs).scenario_number
    for at, name in enumerate(values[0], row + 2):
        style = "pounds" if "costs" in name or "icer" in name else "share"
        strategy = name.rpartition(".")[2]
        page.put(at, 1, in_words(name, variants.base.label(strategy) if "." in name else ""))
        page.formula(at, FOUND, cells[name], style)
        python = f"INDEX({page.span(at, at, FIRST_PYTHON, FIRST_PYTHON + len(cases) - 1)},1,{selected})"
        page.formula(at, EXPECTED, f'IF({python}="","",{python})', style)
        for column, found in enumerate(values, FIRST_PYTHON):
            if found[name] != "":
                page.put(at, column, found[name], style)
        page.formula(at, VERDICT, _judgement(page, at), "text")
    return row + 2 + len(values[0])


def _judgement(page: Page, at: int) -> str:
    """Return the formula of whether a result is Python's; if not, it is a fault unless something was changed."""
    here, there, near = page.at(at, FOUND), page.at(at, EXPECTED), page.at(NEAR_ROW, 2)
    changed = f'OR({page.at(CHANGES_ROW, 2)}>0,{page.at(DRAWING_ROW, 2)}="yes")'
    same = (
        f'IF(OR({here}="",{there}="",ISTEXT({here}),ISTEXT({there})),{here}&""={there}&"",'
        f"ABS({here}-{there})<={near}*MAX(ABS({there}),1))"
    )
    return f'IF(ISERROR({here}),"{WRONG}",IF({same},"{OK}",IF({changed},"{CHANGED}","{WRONG}")))'
