"""One-way: what each quantity does alone, from Python, and the live value of the one that is chosen."""

from __future__ import annotations

from typing import Final

from netcea.analyses.one_way.result import OneWayResult
from netcea.analyses.shared.effects import Effect
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.workbook.sheets import charts
from netcea.workbook.sheets.inputs import ADDRESS, HIGH, LABEL, LIVE, LOW, UNIT, Inputs
from netcea.workbook.sheets.inputs import FIRST as FIRST_INPUT

FIRST: Final = 13
SHOWN: Final = 15
"""Quantities in the tornado."""


def write_one_way(book: Book, inputs: Inputs, result: OneWayResult, cells: dict[str, str], threshold: str) -> Page:
    """Write the sheet.

    Parameters
    ----------
    book : Book
    inputs : Inputs
    result : OneWayResult
        Of the base scenario.
    cells : mapping of name -> cell of Results
    threshold : cell
        The lower threshold.
    """
    page = book.page("One-way", "7030A0")
    page.open_with(
        "One-way sensitivity analysis",
        "Each uncertain quantity at the 2.5% and 97.5% quantile of its own "
        "distribution, one at a time. Results from Python for the scenario that was exported.",
    )
    _live(page, inputs, cells, result)
    page.heading(
        FIRST - 1,
        [
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
        ],
    )
    base = result.base.nhb[0]
    for at, moved in enumerate(result.moved, FIRST):
        quantity = moved.quantity
        page.put(at, 1, quantity.label)
        page.put(at, 2, quantity.address)
        page.put(at, 3, quantity.unit)
        for column, value in enumerate((quantity.value, quantity.low, quantity.high), 4):
            page.put(at, column, value, "number4")
        for column, effect in ((7, moved.low), (8, moved.high)):
            _icer(page, at, column, effect)
            page.put(at, column + 2, effect.nhb[0], "qalys")
        page.put(at, 11, moved.nhb_range(), "qalys")
        page.formula(at, 12, f"{page.at(at, 9)}-{page.at(10, 2)}", "qalys")
        page.formula(at, 13, f"{page.at(at, 10)}-{page.at(10, 2)}", "qalys")
    page.put(10, 1, "Incremental NHB of the base case from Python (QALYs), at the threshold of")
    page.put(10, 2, base, "qalys")
    page.formula(10, 3, threshold, "pounds")
    last = FIRST + len(result.moved) - 1
    _left_out(page, last + 3, result)
    shown = min(last, FIRST + SHOWN - 1)
    if result.moved:
        charts.tornado(
            page,
            "O3",
            f"Change of incremental NHB at the lower threshold, {SHOWN} widest",
            "Change of incremental NHB (QALYs)",
            (1, FIRST, shown),
            (12, 13),
        )
    page.widths(62, 52, 12, 12, 12, 12, 16, 16, 12, 12, 12, 10, 10)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"{FIRST - 1}:{FIRST - 1}")
    return page


def _icer(page: Page, at: int, column: int, effect: Effect) -> None:
    if effect.icer is None or effect.label:
        page.put(at, column, effect.label)
    else:
        page.put(at, column, effect.icer, "pounds")


def _live(page: Page, inputs: Inputs, cells: dict[str, str], result: OneWayResult) -> None:
    """Write the live value and bounds of the quantity that is chosen, and the live result."""
    first = result.moved[0].quantity.address if result.moved else next(iter(inputs.rows))
    page.put(4, 1, "Look at one quantity (choose its address)", "section")
    page.put(4, 2, first, "input_text")
    page.drop_down(4, 2, inputs.inputs.span(FIRST_INPUT, inputs.last_row, ADDRESS))
    found = f"MATCH({page.at(4, 2)},{inputs.inputs.span(FIRST_INPUT, inputs.last_row, ADDRESS)},0)"
    for at, (words, column) in enumerate(
        (
            ("What it is", LABEL),
            ("Unit", UNIT),
            ("Live value", LIVE),
            ("2.5% quantile or lowest", LOW),
            ("97.5% quantile or highest", HIGH),
        ),
        5,
    ):
        page.put(at, 1, words)
        cell = f"INDEX({inputs.inputs.span(FIRST_INPUT, inputs.last_row, column)},{found})"
        page.formula(at, 2, f'{cell}&""' if column in (LABEL, UNIT) else f'IF({cell}="","",{cell})', "live4")
    page.put(4, 4, "Live ICER (£/QALY)")
    page.formula(4, 7, cells["icer"], "result_pounds")
    page.put(5, 4, "Live incremental costs (£)")
    page.formula(5, 7, cells["incremental_costs"], "result_pounds")
    page.put(6, 4, "Live incremental QALYs")
    page.formula(6, 7, cells["incremental_qalys"], "result_qalys")
    page.put(7, 4, "Type another value into its yellow cell on the sheet Inputs: everything here follows.", "subtitle")


def _left_out(page: Page, row: int, result: OneWayResult) -> None:
    page.put(row, 1, "Not moved singly, or without an effect here", "section")
    page.heading(row + 1, ["Quantity", "Address", "Why"])
    lines = [(m.quantity.label, m.quantity.address, "changes nothing in this scenario") for m in result.no_effect]
    lines += [(n.label, n.address, n.reason) for n in result.not_moved if n.uncertain]
    for at, words in enumerate(lines, row + 2):
        for column, text in enumerate(words, 1):
            page.put(at, column, text)
