"""Scenario results: what every scenario comes to, from netcea and, once switched on, worked out here.

A data table gives the selector's number each scenario's in turn, in Excel on F9; while it is off, and in LibreOffice
(`netcea.workbook.formulas.table_switch`), nothing is tried, and the rows hold what Python has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.reporting.xlsx.cells import NOW
from netcea.reporting.xlsx.data_table import DataTable
from netcea.reporting.xlsx.page import Page, Rule
from netcea.version import __version__
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.packed import packed, unpacked
from netcea.workbook.formulas.table_switch import RELIABLE, while_on
from netcea.workbook.python_values import python_of_scenarios
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import inputs as input_columns
from netcea.workbook.sheets.checks import AMBER, GREEN, NEAR, RED
from netcea.workbook.sheets.draw_layout import DRAWING
from netcea.workbook.sheets.inputs import write_inputs
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.scenario_columns import (
    FIRST,
    FIRST_RESULT,
    HEADINGS,
    LIVE_ROW,
    NAME,
    STATUS_ROW,
    SWITCH_ROW,
    Layout,
    shown_of,
)
from netcea.workbook.sheets.scenarios import RESULTS_TITLE, SELECTED, TRIAL_ROW
from netcea.workbook.variants import Variants

OUTLINE: Final = "DDEBF7"
NOTES: Final = (
    "Switch on to see every scenario with the inputs as they are now: what is typed on Inputs and Choices counts.",
    "Excel works it out on F9 only, so that edits stay quick. In LibreOffice it stays off.",
    "The column of texts is a data table (Excel: Data, What-If Analysis): it puts each number of the selector into the",
    "cell above that stays 0, and keeps all results of a scenario in one text, which the columns take apart.",
)


def write_scenario_results(construction: Construction) -> Layout:
    """Write a row for each scenario."""
    variants, page = construction.variants, construction.page(RESULTS_TITLE)
    results = construction.written_by(write_results).cells
    made = Layout(page, len(variants.scenarios), shown_of(construction))
    page.open_with(
        "Results of every scenario",
        "Each scenario of this file, in the order of the selector; the base is the first. Against "
        f"{_versus(variants)}, per patient, discounted. What is not worked out here is netcea's of the export "
        "(Version log has its date).",
    )
    _write_switch(page)
    _write_headings(made)
    _write_live(made, results)
    _write_table(made, results)
    python = construction.written_by(python_of_scenarios)
    for row, (title, values) in enumerate(zip(variants.titles, python, strict=True), FIRST):
        page.put(row, NAME, title, "wrapped")
        for column, shown in enumerate(made.shown, made.python):
            page.put(row, column, values[shown.name], shown.style)
    _write_shown(made)
    _write_status(made, construction)
    for row, words in enumerate(NOTES, made.last + 2):
        page.put(row, 1, words, "subtitle")
    widths = [shown.width for shown in made.shown]
    page.widths(58, *widths, 11, 10, 9, 3, 9, 24, *widths)
    page.frozen(f"B{FIRST}")
    last = made.last + 1 + len(NOTES)
    page.landscape(repeat_rows=f"{HEADINGS}:{LIVE_ROW}", last_row=last, last_column=made.equal)
    return made


def _versus(variants: Variants) -> str:
    return variants.base.label(variants.base.file.decision.comparator)


def _write_switch(page: Page) -> None:
    page.put(SWITCH_ROW, 1, "Work out every scenario here (yes, no)", "section")
    page.put(SWITCH_ROW, 2, "no", "input_text")
    page.drop_down(SWITCH_ROW, 2, '"no,yes"')
    page.put(TRIAL_ROW, 1, "Stays 0: here the table tries every scenario")
    page.put(TRIAL_ROW, 2, 0, "integer")
    refused = Rule(
        f"$B${TRIAL_ROW}=0", title="This cell stays 0", message="Select on the sheet Scenarios.", custom=True
    )
    page.restrict(TRIAL_ROW, 2, refused)


def _write_table(made: Layout, results: Mapping[str, str]) -> None:
    """Write the data table: the number of each scenario, and all its results in one text."""
    page = made.page
    for number in range(made.count):
        page.put(FIRST + number, made.number, number + 1, "integer")
    every = packed([results[shown.name] for shown in made.shown])
    page.formula(LIVE_ROW, made.packed, while_on(f'{page.at(SWITCH_ROW, 2)}="yes"', every), "note")
    page.data_table(DataTable(FIRST, made.last, made.number, made.packed, TRIAL_ROW, 2), "note")


def _write_headings(made: Layout) -> None:
    page = made.page
    words = [shown.heading for shown in made.shown]
    page.heading(HEADINGS, ["Scenario", *words, "Change of the ICER (£/QALY)", "Change of NHB, first threshold"])
    page.heading(HEADINGS, ["Equal to netcea"], made.equal)
    page.heading(HEADINGS, ["Number in the selector", "All of it in one text", *words], made.number)
    for column in (*made.places.values(), *range(made.python, made.python + len(words))):
        heading = page.value(HEADINGS, column)
        if heading.startswith("="):
            page.formula(HEADINGS, column, heading[1:], "heading")
    page.put(HEADINGS - 1, made.number, "Data table", "section")
    page.put(HEADINGS - 1, made.python, f"From netcea {__version__}, at the inputs of the export", "section")


def _write_live(made: Layout, results: Mapping[str, str]) -> None:
    """Write the selected scenario as Results has it, above the others."""
    made.page.formula(LIVE_ROW, NAME, '"Selected now: "&selected_scenario', "live")
    for shown in made.shown:
        cell = results[shown.name]
        style = {"pounds": "result_pounds", "qalys": "result_qalys", "wrapped": "result_text"}
        made.page.formula(LIVE_ROW, made.places[shown.name], cell, style.get(shown.style, "result_number"))
    for column, look in ((made.changes, "pounds"), (made.changes + 1, "qalys")):
        made.page.put(LIVE_ROW, column, None, look)


def _write_shown(made: Layout) -> None:
    """Write what is shown: taken out of the data table where it holds anything, else what Python has."""
    page, rows = made.page, (FIRST, made.last)
    table = f"${get_column_letter(made.packed)}{NOW}"
    differences = []
    for at, shown in enumerate(made.shown):
        python = f"${get_column_letter(made.python + at)}{NOW}"
        here = f"${get_column_letter(FIRST_RESULT + at)}{NOW}"
        text = f'{python}&""' if shown.text else f'IF({python}="","",{python})'
        page.fill(
            *rows, FIRST_RESULT + at, f'IF({table}="",{text},{unpacked(table, at, text=shown.text)})', shown.style
        )
        near = f"ABS({here}-{python})>{NEAR:.0E}*MAX(ABS({python}),1)"
        differs = f'{here}&""<>{python}&""'
        differences.append(f"IF(IF(ISNUMBER({here})*ISNUMBER({python})=1,{near},{differs}),1,0)")
    icer, benefit = (next(c for n, c in made.places.items() if n.startswith(kind)) for kind in ("icer.", "nhb.0."))
    for column, of, style in ((made.changes, icer, "pounds"), (made.changes + 1, benefit, "qalys")):
        letter = get_column_letter(of)
        here, base = f"${letter}{NOW}", f"${letter}${FIRST}"
        page.fill(*rows, column, f'IF(ISNUMBER({here})*ISNUMBER({base})=1,{here}-{base},"")', style)
    page.fill(*rows, made.equal, f'IF({table}="","",IF({"+".join(differences)}=0,"yes","no"))', "text")


def _write_status(made: Layout, construction: Construction) -> None:
    """Write what stands here: from Python or worked out here, up to date or not, equal or not."""
    page, inputs = made.page, construction.written_by(write_inputs)
    on = f'{page.at(SWITCH_ROW, 2)}="yes"'
    numbers, choices = inputs.span(input_columns.COUNT), inputs.choices.span(choice_columns.COUNT)
    changed = f"MAX({numbers})+MAX({choices})>0"
    table, numbers_here = made.column(made.packed), made.column(made.number)
    selected = f"MATCH({SELECTED},{numbers_here},0)"
    there = f"IF(ISERROR({selected}),{page.at(LIVE_ROW, made.packed)},INDEX({table},{selected}))"
    stale = f"{there}<>{page.at(LIVE_ROW, made.packed)}"
    wrong = f'COUNTIF({made.column(made.equal)},"no")'
    errors = f"SUMPRODUCT(ISERROR({table})*1)"
    cases = (
        (
            f"AND({on},NOT({RELIABLE}))",
            f'"Not worked out in this program, which would spoil other cells: the values of netcea {__version__}."',
        ),
        (f"AND(NOT({on}),{DRAWING})", '"Numbers are drawn at random: these are the values of netcea without that."'),
        (
            f"AND(NOT({on}),{changed})",
            f'"Inputs were changed: still the values of netcea {__version__} for the inputs of the export. Switch on."',
        ),
        (f"NOT({on})", f'"The values of netcea {__version__} (Python), for the inputs as they are."'),
        (f"{errors}>0", f'"FAULT: errors in "&{errors}&" scenarios"'),
        (f'INDEX({table},1)=""', '"Not worked out yet: press F9."'),
        (stale, '"Out of date: press F9."'),
        (DRAWING, '"Numbers are drawn at random: each scenario in the draw that is chosen."'),
        (changed, '"Worked out here, with the changed inputs."'),
        (f"{wrong}>0", f'"FAULT: "&{wrong}&" scenarios are not what netcea gives"'),
    )
    text = f'"All {made.count} scenarios, worked out here, are equal to netcea."'
    for condition, words in reversed(cases):
        text = f"IF({condition},{words},{text})"
    page.put(STATUS_ROW, 1, "What stands here", "section")
    page.formula(STATUS_ROW, 2, text, "result_text")
    light, cell = f"B{STATUS_ROW}:I{STATUS_ROW}", f"$B${STATUS_ROW}"
    ambers, greens = ("Inputs", "Numbers", "Not", "Out"), ("All", "The", "Worked")
    for colour, beginnings in ((RED, ("FAULT",)), (AMBER, ambers), (GREEN, greens)):
        for words in beginnings:
            page.colour_if(light, f'LEFT({cell},{len(words)})="{words}"', colour)
    end = get_column_letter(made.equal)
    row = f"A{FIRST}:{end}{made.last}"
    page.colour_if(row, f"${get_column_letter(made.number)}{FIRST}={SELECTED}", OUTLINE)
