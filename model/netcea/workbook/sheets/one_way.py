"""One-way: what each quantity does alone, from Python, and the live value of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netcea.analyses.one_way.result import OneWayResult
from netcea.analyses.shared.effects import Effect
from netcea.reporting.xlsx.page import Page
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.inputs import ADDRESS, HIGH, LABEL, LIVE, LOW, UNIT, Inputs, write_inputs
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.tables import write_tables

FIRST: Final = 13
SHOWN: Final = 15
"""Quantities in the tornado."""
BASE_ROW: Final = 10
BAR_LOW, BAR_HIGH = 12, 13
HEADINGS: Final = (
    "Quantity",
    "Address",
    "Unit",
    "Value",
    "Low value",
    "High value",
    "ICER at low (£/QALY)",
    "ICER at high (£/QALY)",
    "Incr. NHB at low",
    "Incr. NHB at high",
    "Range of incr. NHB",
    "Bar, low",
    "Bar, high",
)
LIVE_VALUES: Final = {
    "What it is": LABEL,
    "Unit": UNIT,
    "Live value": LIVE,
    "2.5% quantile or lowest": LOW,
    "97.5% quantile or highest": HIGH,
}
"""What is shown of a quantity -> its column of Inputs."""


def write_one_way(construction: Construction) -> None:
    """Write the sheet, where there is an analysis."""
    result = construction.one_way
    if result is None:
        return
    page = construction.page("One-way")
    page.open_with(
        "One-way sensitivity analysis",
        "Each uncertain quantity at the 2.5% and 97.5% quantile of its own "
        "distribution, one at a time; a figure of a fitted curve with the curve fitted again and the other figures at "
        "their conditional means. Results from Python for the scenario that was exported.",
    )
    _write_live(page, construction.written_by(write_inputs), construction.written_by(write_results).cells, result)
    page.put(BASE_ROW, 1, "Incremental NHB of the base case from Python (QALYs), at the threshold of")
    page.put(BASE_ROW, 2, result.base.nhb[0], "qalys")
    page.formula(BASE_ROW, 3, construction.written_by(write_tables).thresholds[0], "pounds")
    page.heading(FIRST - 1, HEADINGS)
    for at, moved in enumerate(result.moved, FIRST):
        quantity = moved.quantity
        page.row(at, (quantity.label, quantity.address, quantity.unit))
        page.row(at, (quantity.value, quantity.low, quantity.high), "number4", 4)
        for column, effect in ((7, moved.low), (8, moved.high)):
            _write_icer(page, at, column, effect)
            page.put(at, column + 2, effect.nhb[0], "qalys")
        page.put(at, 11, moved.nhb_range(), "qalys")
        for column in (BAR_LOW, BAR_HIGH):
            page.formula(at, column, f"{page.at(at, column - 3)}-{page.at(BASE_ROW, 2)}", "qalys")
    last = FIRST + len(result.moved) - 1
    _write_left_out(page, last + 3, result)
    if result.moved:
        shown = min(last, FIRST + SHOWN - 1)
        names, low, high = (page.span(FIRST, shown, column) for column in (1, BAR_LOW, BAR_HIGH))
        title = f"Change of incremental NHB at the lower threshold, {SHOWN} widest"
        across = "Change of incremental NHB (QALYs)"
        charts.tornado(page, (3, BAR_HIGH + 2), title, across, names, (low, high), shown - FIRST + 1)
    page.widths(54, 54, 11, 11, 11, 11, 14, 14, 11, 11, 11, 10, 10)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"{FIRST - 1}:{FIRST - 1}", last_column=BAR_LOW - 1)


def _write_icer(page: Page, at: int, column: int, effect: Effect) -> None:
    if effect.icer is None or effect.label:
        page.put(at, column, effect.label, "right")
    else:
        page.put(at, column, effect.icer, "pounds")


def _write_live(page: Page, inputs: Inputs, cells: Mapping[str, str], result: OneWayResult) -> None:
    """Write the live value and bounds of the quantity that is chosen, and the live result."""
    alone = (m.quantity.address for m in result.moved if m.quantity.moves == "alone")
    first = next((address for address in alone if address in inputs.rows), next(iter(inputs.rows)))
    addresses = inputs.span(ADDRESS)
    page.put(4, 1, "Look at one quantity (choose its address)", "section")
    page.put(4, 2, first, "input_text")
    page.drop_down(4, 2, addresses)
    for at, (words, column) in enumerate(LIVE_VALUES.items(), 5):
        page.put(at, 1, words)
        cell = f"INDEX({inputs.span(column)},MATCH({page.at(4, 2)},{addresses},0))"
        page.formula(at, 2, f'{cell}&""' if column in (LABEL, UNIT) else f'IF({cell}="","",{cell})', "live4")
    for at, (words, name, style) in enumerate(
        (
            ("Live ICER (£/QALY)", "icer", "result_pounds"),
            ("Live incremental costs (£)", "incremental_costs", "result_pounds"),
            ("Live incremental QALYs", "incremental_qalys", "result_qalys"),
        ),
        4,
    ):
        page.put(at, 4, words)
        page.formula(at, 7, cells[name], style)
    page.put(7, 4, "Type another value into its yellow cell on the sheet Inputs: everything here follows.", "subtitle")


def _write_left_out(page: Page, row: int, result: OneWayResult) -> None:
    page.put(row, 1, "Not moved singly, or without an effect here", "section")
    page.heading(row + 1, ["Quantity", "Address", "Why"])
    lines = [(m.quantity.label, m.quantity.address, "changes nothing in this scenario") for m in result.no_effect]
    lines += [(n.label, n.address, n.reason) for n in result.not_moved if n.uncertain]
    for at, words in enumerate(lines, row + 2):
        page.row(at, words)
