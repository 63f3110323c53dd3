"""Checks: what Python has beside what the cells have, and rules that hold whatever is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.python_budget import BUDGET
from netcea.workbook.python_values import in_words, python_of_scenarios
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import inputs as input_columns
from netcea.workbook.sheets.budget_impact import write_budget_impact
from netcea.workbook.sheets.draw_layout import DRAWING, MOVING
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.rules import NOT_CHECKED, rules

NEAR: Final = 1e-9
"""Relative difference up to which two computations of the same number agree."""
OK, WRONG, CHANGED = "ok", "FAULT", "changed input"
GREEN, RED, AMBER = "C6EFCE", "FFC7CE", "FFEB9C"
VERDICT_ROW, CHANGES_ROW, DRAWING_ROW, NEAR_ROW, RULES_ROW = 3, 4, 5, 6, 8
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
        'All checks passed', 'Inputs were changed ...', 'Not what Python gives ...' or 'FAULT ...'.
    changes : cell
        How many inputs and choices were changed.
    listed : (cell, cell, cell)
        The first of them: its address, what the scenario has, what was typed.
    expected : mapping of name of a cell of Results -> cell
        Python's value for the selected scenario.
    """

    page: Page
    verdict: str
    changes: str
    listed: tuple[str, str, str]
    expected: Mapping[str, str]


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
    page.formula(DRAWING_ROW, 2, f'IF(OR({DRAWING},{MOVING}),"yes","no")', "text")
    page.put(NEAR_ROW, 1, "Differences up to this share of a number are rounding")
    page.put(NEAR_ROW, 2, NEAR, "difference")
    row = RULES_ROW
    page.put(row, 1, "Rules that hold whatever is changed", "section")
    page.heading(row + 1, ["Rule", "Found", "At most", "Verdict"])
    first_rule, row = row + 2, row + 2 + len(lines)
    for at, line in enumerate(lines, first_rule):
        style = "difference" if line.most else "integer"
        page.put(at, 1, line.words, "wrapped")
        page.formula(at, FOUND, line.found, style)
        page.put(at, EXPECTED, line.most, style)
        found, most = page.at(at, FOUND), page.at(at, EXPECTED)
        page.formula(at, VERDICT, f'IF(ISERROR({found}),"{WRONG}",IF({found}<={most},"{OK}","{WRONG}"))', "indented")
    first, expected = row + 3, _compare_with_python(construction, page, row + 1)
    after = first + len(expected)
    verdict = _write_verdict(page, inputs, (first_rule, row - 1), page.span(first, after - 1, VERDICT))
    listed = _list_changes(page, after + 1, inputs, numbers, choices)
    page.link(CHANGES_ROW, 3, "listed below", listed[0])
    page.widths(76, 34, 22, 18, 4, 4, 4, *[30.0] * len(inputs.variants.scenarios))
    page.frozen("A4")
    page.landscape(repeat_rows="1:6", last_column=VERDICT)
    return Checks(page, verdict, page.at(CHANGES_ROW, 2), listed, expected)


def _write_verdict(page: Page, inputs: Inputs, rows: tuple[int, int], compared: str) -> str:
    """Write whether there is a fault, from the rows of rules and the column of comparisons; return its cell."""
    ruled = page.span(*rows, VERDICT)
    faults = f'COUNTIF({ruled},"{WRONG}")+COUNTIF({compared},"{WRONG}")'
    first = f'IFERROR(". First: "&INDEX({page.span(*rows, 1)},MATCH("{WRONG}",{ruled},0)),"")'
    moved = f'COUNTIF({compared},"{CHANGED}")'
    stuck = f"SUM({inputs.span(input_columns.STUCK)})"
    changed = f'{page.at(CHANGES_ROW, 2)}&IF({page.at(DRAWING_ROW, 2)}="yes"," and a random draw","")'
    any_change = f'OR({page.at(CHANGES_ROW, 2)}>0,{page.at(DRAWING_ROW, 2)}="yes")'
    estimates = (
        f'"Not what Python gives: "&{_many(stuck, "typed figure")}&IF({stuck}=1," feeds"," feed")'
        '&" estimates of netcea; export again"'
    )
    differ = (
        f'"Inputs were changed ("&{changed}&"): "&{_many(moved, "number")}'
        f'&IF({moved}=1," differs, as it should"," differ, as they should")'
    )
    cases = (
        (f"{faults}>0", f'"FAULT in "&{_many(faults, "check")}&", see the sheet Checks"&{first}'),
        (f"{stuck}>0", estimates),
        (f"{moved}>0", differ),
        (any_change, f'"Inputs were changed ("&{changed}&"): no result has moved"'),
    )
    text = '"All checks passed: equal to Python"'
    for condition, words in reversed(cases):
        text = f"IF({condition},{words},{text})"
    page.formula(VERDICT_ROW, 2, text, "result_text")
    for span in (ruled, compared):
        where = _on_its_own_sheet(span)
        first = where.partition(":")[0]
        for word, colour in ((OK, GREEN), (WRONG, RED), (CHANGED, AMBER)):
            page.colour_if(where, f'{first}="{word}"', colour)
    light(page, _on_its_own_sheet(page.at(VERDICT_ROW, 2)))
    return page.at(VERDICT_ROW, 2)


def _many(count: str, word: str) -> str:
    """Return the formula of a number of things in words.

    >>> _many("B3", "check")
    '(B3)&IF((B3)=1," check"," checks")'
    """
    return f'({count})&IF(({count})=1," {word}"," {word}s")'


def _on_its_own_sheet(reference: str) -> str:
    return reference.rpartition("!")[2].replace("$", "")


def light(page: Page, cell: str) -> None:
    """Colour a verdict: green, amber, red."""
    for word, colour in (("FAULT", RED), ("Not", RED), ("Inputs", AMBER), ("All", GREEN)):
        page.colour_if(cell, f'LEFT({cell},{len(word)})="{word}"', colour)


def _list_changes(page: Page, row: int, inputs: Inputs, numbers: str, choices: str) -> tuple[str, str, str]:
    """List what was changed by name from a row on: numbers, then choices; return the cells of the first."""
    page.put(row, 1, f"Changed inputs and choices (the first {LISTED})", "section")
    page.formula(row, 2, f'IF({page.at(CHANGES_ROW, 2)}=0,"nothing was changed","")', "text")
    page.heading(row + 1, ["Address", "In the scenario", "Here"])
    columns = (
        (input_columns.ADDRESS, choice_columns.ADDRESS),
        (input_columns.SCENARIO, choice_columns.SCENARIO),
        (input_columns.YOURS, choice_columns.YOURS),
    )
    for k in range(1, LISTED + 1):
        at, k_choice = row + 1 + k, f"({k}-MAX({numbers}))"
        for column, (number, choice) in enumerate(columns, 1):
            from_numbers = f"INDEX({inputs.span(number)},MATCH({k},{numbers},0))"
            from_choices = f"INDEX({inputs.choices.span(choice)},MATCH({k_choice},{choices},0))"
            there = f'IF({k}<={page.at(CHANGES_ROW, 2)},{from_choices},"")'
            text = f"IF({k}<=MAX({numbers}),{from_numbers},{there})"
            page.formula(at, column, text, "text" if column == 1 else "number")
    return page.at(row + 2, 1), page.at(row + 2, 2), page.at(row + 2, 3)


def _compare_with_python(construction: Construction, page: Page, row: int) -> dict[str, str]:
    """Write every result beside Python's for the selected scenario; return the cells of Python's."""
    variants, cells = construction.variants, cells_of_results(construction)
    values = construction.written_by(python_of_scenarios)
    page.put(row, 1, "The same number from Python (for the selected scenario)", "section")
    page.heading(row + 1, ["Result", "Here", "Python", "Verdict"])
    page.heading(row + 1, [scenario.file.name for scenario in variants.scenarios], FIRST_PYTHON)
    selected = construction.written_by(write_inputs).scenario_number
    for at, name in enumerate(values[0], row + 2):
        style = "pounds" if "costs" in name or "icer" in name or name.startswith(BUDGET) else "share"
        strategy = name.rpartition(".")[2] if "." in name and not name.startswith(BUDGET) else ""
        page.put(at, 1, in_words(name, variants.base.label(strategy) if strategy else ""))
        page.formula(at, FOUND, cells[name], style)
        python = f"INDEX({page.span(at, at, FIRST_PYTHON, FIRST_PYTHON + len(values) - 1)},1,{selected})"
        page.formula(at, EXPECTED, f'IF({python}="","",{python})', style)
        for column, found in enumerate(values, FIRST_PYTHON):
            if found[name] != "":
                page.put(at, column, found[name], style)
        page.formula(at, VERDICT, _judgement(page, at), "indented")
    return {name: page.at(at, EXPECTED) for at, name in enumerate(values[0], row + 2)}


def cells_of_results(construction: Construction) -> Mapping[str, str]:
    """Return name -> cell of everything that Python has too."""
    budget = construction.written_by(write_budget_impact)
    results = construction.written_by(write_results).cells
    return {**results, **budget.cells} if budget is not None else results


def _judgement(page: Page, at: int) -> str:
    """Return the formula of whether a result is Python's; if not, it is a fault unless something was changed."""
    here, there, near = page.at(at, FOUND), page.at(at, EXPECTED), page.at(NEAR_ROW, 2)
    changed = f'OR({page.at(CHANGES_ROW, 2)}>0,{page.at(DRAWING_ROW, 2)}="yes")'
    same = (
        f'IF(OR({here}="",{there}="",ISTEXT({here}),ISTEXT({there})),{here}&""={there}&"",'
        f"ABS({here}-{there})<={near}*MAX(ABS({there}),1))"
    )
    return f'IF(ISERROR({here}),"{WRONG}",IF({same},"{OK}",IF({changed},"{CHANGED}","{WRONG}")))'
