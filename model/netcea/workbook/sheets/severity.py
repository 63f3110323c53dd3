"""Severity: QALYs of the general population without the condition, by formula."""

from __future__ import annotations

import math

from netcea.decision.severity import OLDEST
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.cycles import discount, hazard_since, norm_at, proportion_female, start_age, weights
from netcea.workbook.sheets.inputs import write_inputs
from netcea.workbook.sheets.tables import write_tables

FIRST = 9


def write_severity(construction: Construction) -> str:
    """Write the grid until age 110; return the cell with the QALYs of the general population."""
    inputs, tables = construction.written_by(write_inputs), construction.written_by(write_tables)
    page = construction.page("Severity")
    page.open_with(
        "Severity: QALYs of the general population", "Each sex on the model's cycles until age 110, then averaged."
    )
    variants = inputs.variants
    youngest = min(age for a in variants.choices["population.start_age"].values for age in variants.values(a))
    shortest = min(variants.numbers["settings.cycle_days"])
    rows = math.ceil((OLDEST - youngest) * 365.25 / shortest) + 1
    page.put(3, 1, "Age at the start")
    page.formula(3, 2, start_age(inputs), "years")
    page.put(4, 1, "Share of women")
    page.formula(4, 2, proportion_female(inputs), "share")
    page.put(5, 1, "Years until age 110")
    page.put(5, 3, OLDEST, "integer")
    page.put(5, 4, "the age at which nobody is left")
    page.formula(5, 2, f"{page.at(5, 3)}-{page.at(3, 2)}", "years")
    page.put(6, 1, "QALYs of the general population")
    heads = [
        "Cycle",
        "Time at its end (years)",
        "Discount factor",
        "Alive, women",
        "Alive, men",
        "QALYs, women",
        "QALYs, men",
    ]
    page.heading(FIRST - 1, heads)
    age, female, until = page.at(3, 2), page.at(4, 2), page.at(5, 2)
    cycle = inputs.number("settings.cycle_days")
    for row in range(FIRST, FIRST + rows + 1):
        page.put(row, 1, row - FIRST, "integer")
        page.formula(row, 2, f"MIN({page.at(row, 1)}*{cycle}/365.25,{until})", "years")
        t = page.at(row, 2)
        for column, sex in ((4, "female"), (5, "male")):
            since = f"({hazard_since(tables, sex, f'({age}+{t})')})-({hazard_since(tables, sex, age)})"
            page.formula(row, column, f"EXP(-({since}))", "share")
        if row == FIRST:
            continue
        before = page.at(row - 1, 2)
        page.formula(row, 3, discount(inputs, "qalys", before, t), "small")
        start, end = weights(inputs, f"({t}-{before})")
        for column, sex in ((6, "female"), (7, "male")):
            years = f"({start}*{page.at(row - 1, column - 2)}+{end}*{page.at(row, column - 2)})"
            page.formula(row, column, f"{years}*{page.at(row, 3)}*{norm_at(tables, sex, f'({age}+{before})')}", "small")
    last = FIRST + rows
    women, men = page.span(FIRST + 1, last, 6), page.span(FIRST + 1, last, 7)
    page.formula(6, 2, f"{female}*SUM({women})+(1-{female})*SUM({men})", "result_qalys")
    page.widths(34, 14, 14, 14, 14, 14, 14)
    page.frozen(f"A{FIRST}")
    page.landscape(repeat_rows="1:8")
    return page.at(6, 2)
