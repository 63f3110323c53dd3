"""Draw: one probabilistic row by formula, from the inputs' own distributions; recalculating (F9) draws again.

Every random number is a standard normal deviate in a cell of its own; correlated deviates are sums of them, and values
are quantiles of the distributions of inputs/ at the deviate's rank. This is `netcea.sampling.sampler` in formulas. A
draw that is impossible where its number is used is held at the nearest possible value and counted, as
`netcea.sampling.held` does; a number whose live value its distribution cannot have is fixed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from openpyxl.utils import get_column_letter

from netcea.quantities.limits import ends_of
from netcea.quantities.quantity import Quantity
from netcea.reporting.xlsx.page import Page
from netcea.sampling.held import LEAST_SHARE
from netcea.scenario.scenario import JointEstimate
from netcea.uncertainty.draw_formula import DrawCells
from netcea.workbook.construction import Construction
from netcea.workbook.looks import CHOSEN
from netcea.workbook.sheets.draw_layout import (
    ADDRESS,
    CENTRE,
    DEVIATE,
    DONE,
    DRAWN,
    FIRST,
    FIRST_PARAMETER,
    HOW,
    RANDOM,
    RAW,
    SECOND_PARAMETER,
    SHARE,
    SWITCH,
    SWITCH_ROW,
    TITLE,
    WEIGHTS,
    DrawnNumber,
)
from netcea.workbook.sheets.inputs import Inputs, write_inputs

HEADS: Final = (
    "Address",
    "Distribution",
    "Random deviate (redrawn by F9)",
    "Deviate, correlated",
    "Centre",
    "Parameter 1",
    "Parameter 2",
    "Gamma variate (Dirichlet)",
    "As drawn",
    "Drawn value, possible where it is used",
    "Held or fixed",
    "Weights of the random deviates of its block",
)
HELD, FIXED = "held", "fixed"
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
    for row in inputs.draw.rows.values():
        _write_row(page, number, row, inputs)
    _write_counts(page, FIRST, FIRST + len(number) - 1)
    page.widths(58, 34, 16, 14, 14, 14, 14, 14, 14, 20, 10, 14)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"1:{FIRST - 1}")
    return page


def _write_counts(page: Page, first: int, last: int) -> None:
    """Write how many draws were held, and how many numbers are fixed, above the table."""
    if last < first:
        return
    done = page.span(first, last, DONE)
    held, fixed = (f'COUNTIF({done},"{word}")' for word in (HELD, FIXED))
    words = (
        f'"Impossible where the number is used, and held at the nearest possible value: "&{held}&'
        f'" of {last - first + 1}; fixed, because their distribution cannot have the live value: "&{fixed}'
    )
    page.formula(SWITCH_ROW, 3, f'IF({SWITCH}="yes",{words},"")', "subtitle")
    page.colour_if(done.replace(f"{page.title}!", ""), f'${get_column_letter(DONE)}{first}<>""', CHOSEN)


def _write_row(page: Page, number: Mapping[str, int], row: DrawnNumber, inputs: Inputs) -> None:
    at, centre = number[row.address], inputs.centre(row.address)
    page.put(at, ADDRESS, row.address)
    page.formula(at, RANDOM, f'IF({SWITCH}="yes",{DEVIATE_FORMULA},0)', "small")
    terms = []
    for column, (other, weight) in enumerate(row.weights.items(), WEIGHTS):
        if weight:
            page.put(at, column, weight, "small")
            terms.append(f"{page.at(at, column)}*{page.at(number[other], RANDOM)}")
    page.formula(at, DEVIATE, "+".join(terms) or "0", "small")
    if row.joint is not None:
        _write_estimated(page, number, at, *row.joint, centre if row.quantity is not None else "")
    elif row.quantity is not None:
        _write_quantity(page, number, row, row.quantity, centre)
    _write_held(page, at, row, inputs)


def _write_held(page: Page, at: int, row: DrawnNumber, inputs: Inputs) -> None:
    """Write the value that is possible where the number is used, and what was done for that."""
    raw, centre, limits = page.at(at, RAW), page.at(at, CENTRE), inputs.limits(row.address)
    low, high, is_open = ends_of(limits) if limits else (-math.inf, math.inf, False)
    factor = 1.0 if row.joint is None else inputs.factor(row.address)
    low_text, high_text = f"{low * factor!r}", f"{high * factor!r}"
    least = f"{low_text}+{LEAST_SHARE!r}*ABS({centre}-{low_text})" if is_open and row.quantity is not None else low_text
    tests, held = [], raw
    if math.isfinite(low):
        tests.append(f"{raw}<{'=' if is_open else ''}{low_text}")
        held = f"IF({tests[-1]},{least},{held})"
    if math.isfinite(high):
        tests.append(f"{raw}>{high_text}")
        held = f"IF({tests[-1]},{high_text},{held})"
    page.formula(at, DRAWN, f"IF(ISNUMBER({raw}),{held},{centre})", "number")
    outside = f'IF(OR({",".join(tests)}),"{HELD}","")' if tests else '""'
    page.formula(at, DONE, f'IF({SWITCH}<>"yes","",IF(ISNUMBER({raw}),{outside},"{FIXED}"))', "note")
    if row.quantity is not None:
        page.format_as(at, (DRAWN,), row.quantity.value)


def _write_estimated(page: Page, number: Mapping[str, int], at: int, joint: JointEstimate, i: int, live: str) -> None:
    """Write a parameter of a joint estimate, drawn on its real line; `live`: the value of a number of inputs/."""
    scale = joint.scales[i]
    page.put(at, HOW, f"estimated with others, {scale.replace('_', ' ')} scale")
    if live:
        on_line = {"log": f"LN({live})", "logit": f"LN(({live})/(1-({live})))"}.get(scale, live)
        page.formula(at, CENTRE, on_line, "small")
    else:
        page.put(at, CENTRE, float(joint.estimates[i]), "small")
    x = f"({page.at(at, CENTRE)}+{page.at(at, DEVIATE)}{_further(page, number, joint, i)})"
    page.formula(at, RAW, {"log": f"EXP({x})", "logit": f"1/(1+EXP(-{x}))"}.get(scale, x), "small")


def _further(page: Page, number: Mapping[str, int], joint: JointEstimate, i: int) -> str:
    """Return what figures whose halves differ add to a parameter on its real line, only where numbers are drawn."""
    terms = []
    for figure in joint.lopsided:
        errors = zip(joint.addresses, figure.weights.tolist(), strict=True)
        deviate = "+".join(f"{weight!r}*{page.at(number[address], DEVIATE)}" for address, weight in errors)
        below, above = (slope - figure.se for slope in (figure.halves.below, figure.halves.above))
        bent = f"IF({deviate}<0,{below!r},{above!r})*({deviate})"
        terms.append(f"+{float(figure.slope[i])!r}*({float(figure.halves.offset)!r}+{bent})")
    return "".join(terms)


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
        page.formula(at, SHARE, f"IFERROR({text},0)", "small")
        variates = [page.at(number[a], SHARE) for a in row.group]
        text = quantity.distribution.combined_formula(page.at(at, SHARE), variates)
    page.formula(at, RAW, f'IFERROR({text},"none")', "number")
    page.format_as(at, (CENTRE, RAW), quantity.value)
