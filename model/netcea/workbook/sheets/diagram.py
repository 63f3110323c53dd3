"""The model's diagram: states and who moves between them, with equations, and live numbers in every box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.workbook.choice import CurveChoices
from netcea.workbook.construction import Construction
from netcea.workbook.row_heights import TWO_LINES
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.trace import Trace

FIRST: Final = 4
FREE, TO_PROGRESSED, PROGRESSED, TO_DEAD, DEAD = range(1, 6)
"""Columns: boxes, and arrows between them."""
BOXES: Final = (
    (FREE, "Progression-free", "PF(t) = min[ S_PFS(t), S_OS(t) ]"),
    (PROGRESSED, "Progressed", "PD(t) = S_OS(t) - PF(t)"),
    (DEAD, "Dead", "D(t) = 1 - S_OS(t)"),
)
"""Column, state, its occupancy."""
ARROWS: Final = {
    TO_PROGRESSED: "progress  \N{RIGHTWARDS ARROW}",
    TO_DEAD: "die after progression  \N{RIGHTWARDS ARROW}",
}
PAST: Final = {
    FREE: "\N{DOWNWARDS ARROW}",
    PROGRESSED: "die before they progress  \N{RIGHTWARDS ARROW}",
    DEAD: "\N{UPWARDS ARROW}",
}
"""Of those who go past a state, below it."""
YEARS: Final = (1, 2, 5)
EQUATIONS: Final = (
    (
        "Curves",
        (
            "S(t) = exp[ -H(t) ]; H: of a family, or of another strategy times a hazard ratio; then waning; then the "
            "population's hazard as floor or addition (OS alone). Sheets Survival and Trace."
        ),
    ),
    ("Crossing", "Where S_PFS exceeds S_OS, PFS is capped (or OS raised: Choices)."),
    (
        "Flows in a cycle",
        (
            "Leave PF = PF(t0) - PF(t1). Of them die: the larger of their share of PFS events and the "
            "population's hazard x time in PF, but no more than leave PF or die. The others progress."
        ),
    ),
    ("Person-time", "Trapezium: length x [ state(t0) + state(t1) ] / 2 (or the start, or the end: Choices)."),
    (
        "QALYs",
        (
            "Sum over cycles of person-time x utility of state and treatment x age adjustment x discount factor, less "
            "those lost to adverse events. Sheets Utilities and Adverse events."
        ),
    ),
    (
        "Costs",
        (
            "Sum over cycles of person-time, flows, packs or occasions x amounts x discount factor. Sheets Costs and "
            "Dispensing."
        ),
    ),
    (
        "Result",
        (
            "ICER = incremental costs / incremental QALYs; NHB = incremental QALYs - incremental costs / threshold; "
            "with severity, incremental QALYs times the weight. Sheets Results and Severity."
        ),
    ),
)


def write_diagram(construction: Construction) -> Page:
    """Write the sheet."""
    inputs, traces = construction.written_by(write_inputs), construction.written_by(write_traces)
    page, variants = construction.page("Model diagram"), construction.variants
    page.open_with(
        "Model diagram",
        "A partitioned-survival model: two curves divide the cohort into three states. Numbers are live.",
    )
    row = _boxes(page, FIRST)
    labels = {name: variants.base.label(name) for name in traces}
    for name, trace in traces.items():
        row = _numbers(page, row, labels[name], trace, inputs)
    row = _curves(page, row, inputs)
    page.put(row, FREE, "Equations", "section")
    for at, (words, text) in enumerate(EQUATIONS, row + 1):
        page.put(at, FREE, words)
        page.put(at, TO_PROGRESSED, text)
    page.widths(36, 52, 40, 30, 36)
    page.landscape()
    return page


def _boxes(page: Page, row: int) -> int:
    """Draw states and arrows; return the row after."""
    for column, state, occupancy in BOXES:
        page.put(row, column, state, "state")
        page.put(row + 1, column, occupancy, "state_text")
    for column, words in ARROWS.items():
        page.put(row, column, words, "arrow")
    for column in range(FREE, DEAD + 1):
        page.put(row + 2, column, PAST.get(column), "arrow_past")
    return row + 4


def _numbers(page: Page, row: int, label: str, trace: Trace, inputs: Inputs) -> int:
    """Write what is live of one strategy below the boxes: flows, life years, shares; return the row after."""
    page.put(row, FREE, f"{label}: now", "section")
    deaths, before = trace.total("deaths"), trace.total("deaths_progression_free")
    page.put(row + 1, FREE, "Life years there, undiscounted")
    page.put(row + 1, DEAD, "Share who die before they progress")
    page.formula(row + 2, FREE, life_years(trace, "progression_free"), "left_qalys")
    page.formula(row + 2, PROGRESSED, life_years(trace, "progressed"), "left_qalys")
    page.put(row + 1, TO_PROGRESSED, "Share who progress")
    page.formula(row + 2, TO_PROGRESSED, trace.total("progressions"), "left_percent")
    page.put(row + 1, PROGRESSED, "Life years there, undiscounted")
    page.put(row + 1, TO_DEAD, "Share who die progressed")
    page.formula(row + 2, TO_DEAD, f"{deaths}-{before}", "left_percent")
    page.formula(row + 2, DEAD, before, "left_percent")
    return _shares(page, row + 3, trace, inputs)


def life_years(trace: Trace, state: str) -> str:
    """Return the formula of undiscounted life years in a state."""
    now, before = trace.rows_of(state)
    return f"SUMPRODUCT({trace.span('start_weight')},{before})+SUMPRODUCT({trace.span('end_weight')},{now})"


def _shares(page: Page, row: int, trace: Trace, inputs: Inputs) -> int:
    """Write who is where at some times, at the end of the cycle before; return the row after."""
    times, horizon = trace.span("time_years", from_start=True), inputs.number("settings.horizon_years")
    for at, years in enumerate(YEARS, row):
        page.put(at, TO_PROGRESSED, years, "after_years")
        when = page.at(at, TO_PROGRESSED)
        for column, key in ((FREE, "progression_free"), (PROGRESSED, "progressed"), (DEAD, "dead")):
            found = f"INDEX({trace.span(key, from_start=True)},MATCH({when},{times},1))"
            page.formula(at, column, f'IF({when}>{horizon},"",{found})', "left_percent")
    return row + len(YEARS) + 1


def _curves(page: Page, row: int, inputs: Inputs) -> int:
    """Write where every curve comes from, live; return the row after."""
    page.put(row, FREE, "Where the curves come from, now", "section")
    page.heading(row + 1, ["Curve", "Origin", "Hazard ratio", "Waning", "Background mortality"])
    curves: Mapping[str, CurveChoices] = inputs.variants.curves
    for at, curve in enumerate(curves.values(), row + 2):
        label = inputs.variants.base.label(curve.strategy)
        page.put(at, FREE, f"{label}: {curve.endpoint.replace('_', ' ').upper()}")
        for column, choice in zip(
            (TO_PROGRESSED, PROGRESSED, TO_DEAD, DEAD),
            (curve.origin, curve.ratio, curve.waning, curve.background),
            strict=True,
        ):
            live = inputs.choices.page.at(inputs.choices.rows[choice.address], choice_columns.LIVE)
            page.formula(at, column, live, "wrapped")
        page.row_heights[at] = TWO_LINES
    return row + 3 + len(curves)
