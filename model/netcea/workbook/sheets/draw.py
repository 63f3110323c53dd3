"""Draw: one probabilistic row by formula, from the inputs' own distributions; recalculating (F9) draws again.

Every random number is a standard normal deviate in a cell of its own; correlated deviates are sums of them, and values
are quantiles of the distributions of inputs/ at the deviate's rank. This is `netcea.sampling.sampler` in formulas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netcea.quantities.quantity import Quantity
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import JointEstimate
from netcea.uncertainty.draw_formula import DrawCells
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.draw_layout import (
    ADDRESS,
    CENTRE,
    DEVIATE,
    DRAWN,
    FIRST,
    FIRST_PARAMETER,
    HOW,
    RANDOM,
    SECOND_PARAMETER,
    SHARE,
    SWITCH,
    SWITCH_ROW,
    TITLE,
    WEIGHTS,
    DrawnNumber,
)
from netcea.workbook.sheets.inputs import write_inputs

HEADS: Final = (
    "Address",
    "Distribution",
    "Random deviate (redrawn by F9)",
    "Deviate, correlated",
    "Centre",
    "Parameter 1",
    "Parameter 2",
    "Gamma variate (Dirichlet)",
    "Drawn value",
    "Weights of the random deviates of its block",
)
DEVIATE_FORMULA: Final = "NORMSINV(MAX(RAND(),1E-15))"


def write_draw(construction: Construction) -> Page:
    """Write a row for each number that is drawn."""
    inputs, page = construction.written_by(write_inputs), construction.page(TITLE)
    page.open_with(
        "Draw: one probabilistic row",
        "Switch it on and press F9: every uncertain input is drawn again and "
        "the whole workbook follows. Spreads are those of inputs/ around the live value.",
    )
    page.put(SWITCH_ROW, 1, "Draw at random", "section")
    page.put(SWITCH_ROW, 2, "no", "input_text")
    page.drop_down(SWITCH_ROW, 2, '"no,yes"')
    words = "Fitted parameters are in the model's unit, drawn on the scale in column B; what is not here is fixed."
    page.put(SWITCH_ROW + 1, 1, words, "subtitle")
    page.heading(FIRST - 1, list(HEADS))
    number = {address: FIRST + i for i, address in enumerate(inputs.draw.rows)}
    for address, row in inputs.draw.rows.items():
        _write_row(page, number, row, inputs.centre(address))
    page.widths(58, 34, 16, 14, 14, 14, 14, 14, 14, 14)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"1:{FIRST - 1}")
    return page


def _write_row(page: Page, number: Mapping[str, int], row: DrawnNumber, centre: str) -> None:
    at = number[row.address]
    page.put(at, ADDRESS, row.address)
    page.formula(at, RANDOM, f'IF({SWITCH}="yes",{DEVIATE_FORMULA},0)', "small")
    terms = []
    for column, (other, weight) in enumerate(row.weights.items(), WEIGHTS):
        if weight:
            page.put(at, column, weight, "small")
            terms.append(f"{page.at(at, column)}*{page.at(number[other], RANDOM)}")
    page.formula(at, DEVIATE, "+".join(terms) or "0", "small")
    if row.joint is not None:
        _write_estimated(page, at, *row.joint, centre if row.quantity is not None else "")
    elif row.quantity is not None:
        _write_quantity(page, number, row, row.quantity, centre)


def _write_estimated(page: Page, at: int, joint: JointEstimate, i: int, live: str) -> None:
    """Write a parameter of a joint estimate, drawn on its real line; `live`: the value of a number of inputs/."""
    scale = joint.scales[i]
    page.put(at, HOW, f"estimated with others, {scale.replace('_', ' ')} scale")
    if live:
        on_line = {"log": f"LN({live})", "logit": f"LN(({live})/(1-({live})))"}.get(scale, live)
        page.formula(at, CENTRE, on_line, "small")
    else:
        page.put(at, CENTRE, float(joint.estimates[i]), "small")
    x = f"({page.at(at, CENTRE)}+{page.at(at, DEVIATE)})"
    page.formula(at, DRAWN, {"log": f"EXP({x})", "logit": f"1/(1+EXP(-{x}))"}.get(scale, x), "small")


def _write_quantity(page: Page, number: Mapping[str, int], row: DrawnNumber, quantity: Quantity, centre: str) -> None:
    """Write a quantity, drawn by its own family around its live value."""
    at = number[row.address]
    page.formula(at, CENTRE, centre, "number")
    cells = DrawCells(*(page.at(at, column) for column in (CENTRE, DEVIATE, FIRST_PARAMETER, SECOND_PARAMETER)))
    formula = quantity.distribution.draw_formula(quantity.value, cells)
    page.put(at, HOW, formula.words)
    for column, value in zip((FIRST_PARAMETER, SECOND_PARAMETER), formula.parameters, strict=False):
        page.put(at, column, value, "small")
    text = formula.text
    if row.group:
        page.formula(at, SHARE, text, "small")
        variates = [page.at(number[a], SHARE) for a in row.group]
        text = quantity.distribution.combined_formula(page.at(at, SHARE), variates)
    page.formula(at, DRAWN, text, "number")
    page.format_as(at, (CENTRE, DRAWN), quantity.value)
