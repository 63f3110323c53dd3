"""Draw: one probabilistic row by formula, from the inputs' own distributions around the live values.

Which draw it is, a seed and a number say on the sheet PSA live: nothing here is volatile. Every random number is a
standard normal deviate in a cell of its own; correlated deviates are sums of them, and values are quantiles of the
distributions of inputs/ at the deviate's rank, each with the parameters that it has at the live value. This is
`netcea.sampling.sampler` in formulas. A draw that is impossible where its number is used is held at the nearest
possible value and counted, as `netcea.sampling.held` does; a number whose live value its distribution cannot have is
fixed.
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
from netcea.workbook.formulas.random_numbers import PARTS, deviate_formula, keys
from netcea.workbook.looks import CHOSEN
from netcea.workbook.sheets.draw_layout import (
    ADDRESS,
    CENTRE,
    CHOSEN_ON,
    DEVIATE,
    DONE,
    DRAWING,
    DRAWN,
    FIRST,
    FIRST_PARAMETER,
    HOW,
    NUMBER,
    NUMBER_ROW,
    RANDOM,
    RAW,
    REMAINDERS,
    SECOND_PARAMETER,
    SEED,
    SEED_ROW,
    SHARE,
    STATE_ROW,
    THIRD_PARAMETER,
    TITLE,
    WEIGHTS,
    DrawnNumber,
)
from netcea.workbook.sheets.draw_spreads import write_spreads
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.one_way_layout import DEVIATE as ONE_WAY_DEVIATE
from netcea.workbook.sheets.one_way_layout import FIRST_SHARE, WHICH, cell
from netcea.workbook.sheets.one_way_layout import TITLE as ONE_WAY

HEADS: Final = (
    "Address",
    "Distribution",
    "Random deviate",
    "Deviate, correlated",
    "Centre",
    "Parameter 1",
    "Parameter 2",
    "Gamma variate (Dirichlet)",
    "As drawn",
    "Drawn value, possible where it is used",
    "Held or fixed",
    "Parameter 3",
    "Random numbers: first remainder",
    "Second remainder",
    "Weights of the random deviates of its block",
)
PARAMETERS: Final = (FIRST_PARAMETER, SECOND_PARAMETER, THIRD_PARAMETER)
HELD, FIXED = "held", "fixed"


def write_draw(construction: Construction) -> Page:
    """Write a row for each number that is drawn."""
    inputs, page = construction.written_by(write_inputs), construction.page(TITLE)
    page.open_with(
        "Draw: one probabilistic row",
        "Each uncertain number drawn from its own distribution around its live value, with the standard error or the "
        "interval of inputs/, as netcea draws it; fitted parameters in the model's unit, on the scale in column B. "
        "'Spread as exported': netcea solves the fit; after a change of its figures export again.",
    )
    _write_which(page)
    page.heading(FIRST - 1, list(HEADS))
    number = {address: FIRST + i for i, address in enumerate(inputs.draw.rows)}
    live = write_spreads(page, FIRST + len(number) + 2, number, inputs)
    for row in inputs.draw.rows.values():
        _write_row(page, number, row, inputs, live.get(row.address, {}))
    _write_counts(page, FIRST, FIRST + len(number) - 1)
    page.widths(56, 46, 13, 13, 12, 12, 12, 12, 12, 16, 10, 12, 12, 12)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"{FIRST - 1}:{FIRST - 1}")
    return page


def _write_which(page: Page) -> None:
    """Write which draw is shown, and what all its random numbers have in common."""
    page.link(NUMBER_ROW, 1, f"Draw shown, chosen on the sheet {CHOSEN_ON} (0: nothing is drawn)", NUMBER)
    page.formula(NUMBER_ROW, 2, f"{NUMBER}+0", "left_integer")
    page.put(SEED_ROW, 1, "Seed, chosen there")
    page.formula(SEED_ROW, 2, f"{SEED}+0", "left_integer")
    page.put(STATE_ROW, 1, "Random numbers of this draw, before what is each address's own")
    for column, part in enumerate(PARTS, 2):
        page.formula(STATE_ROW, column, part.state_formula(SEED, NUMBER), "left_integer")


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
    page.formula(NUMBER_ROW, 3, f'IF({DRAWING},{words},"")', "subtitle")
    page.colour_if(done.replace(f"{page.title}!", ""), f'${get_column_letter(DONE)}{first}<>""', CHOSEN)


def _write_row(
    page: Page, number: Mapping[str, int], row: DrawnNumber, inputs: Inputs, live: Mapping[str, str]
) -> None:
    """Write a number; `live` has weights that follow live figures, as formulas."""
    at, centre = number[row.address], inputs.centre(row.address)
    page.put(at, ADDRESS, row.address)
    for i, (part, key) in enumerate(zip(PARTS, keys(row.address), strict=True)):
        page.formula(at, REMAINDERS + i, part.remainder_formula(page.at(STATE_ROW, 2 + i), key), "integer")
    remainders = tuple(page.at(at, REMAINDERS + i) for i in range(len(PARTS)))
    page.formula(at, RANDOM, f"IF({DRAWING},{deviate_formula(remainders)},0)", "small")
    terms = []
    for column, (other, weight) in enumerate(row.weights.items(), WEIGHTS):
        if other in live:
            page.formula(at, column, live[other], "small")
        elif weight:
            page.put(at, column, weight, "small")
        if weight or other in live:
            terms.append(f"{page.at(at, column)}*{page.at(number[other], RANDOM)}")
    page.formula(at, DEVIATE, f"IF({cell(WHICH)}=0,{'+'.join(terms) or '0'},{_moved_by(row.address, inputs)})", "small")
    if row.joint is not None:
        _write_estimated(page, number, at, row.joint, centre, follows=bool(live))
    elif row.quantity is not None:
        _write_quantity(page, number, row, row.quantity, centre)
    _write_held(page, at, row, inputs)


def _moved_by(address: str, inputs: Inputs) -> str:
    """Return the formula of the deviate of a number while another, or itself, moves one way."""
    terms = []
    for name, place in inputs.one_way.that_move(address):
        row = inputs.one_way.row(name)
        column = get_column_letter(FIRST_SHARE + place)
        terms.append(f"IF({cell(WHICH)}={inputs.one_way.number(name)},'{ONE_WAY}'!${column}${row},0)")
    return f"({'+'.join(terms)})*{cell(ONE_WAY_DEVIATE)}" if terms else "0"


def _write_held(page: Page, at: int, row: DrawnNumber, inputs: Inputs) -> None:
    """Write the value that is possible where the number is used, and what was done for that."""
    raw, limits = page.at(at, RAW), inputs.limits(row.address)
    centre = f"({inputs.centre(row.address)})" if row.joint is not None else page.at(at, CENTRE)
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
    page.formula(at, DRAWN, f"IF(ISNUMBER({raw}),{held},{centre})", "small" if row.joint is not None else "number")
    outside = f'IF(OR({",".join(tests)}),"{HELD}","")' if tests else '""'
    page.formula(at, DONE, f'IF({DRAWING},IF(ISNUMBER({raw}),{outside},"{FIXED}"),"")', "note")
    if row.quantity is not None:
        page.format_as(at, (DRAWN,), row.quantity.value, drawn=True)


def _write_estimated(
    page: Page, number: Mapping[str, int], at: int, estimate: tuple[JointEstimate, int], live: str, *, follows: bool
) -> None:
    """Write a parameter of a joint estimate, drawn on its real line around its live value.

    Of a fit that netcea solves the covariance is that of the export, and the cell says so: it does not follow figures.
    """
    joint, i = estimate
    scale = joint.scales[i]
    spread = "" if joint.table or follows else "; spread as exported"
    page.put(at, HOW, f"estimated with others, {scale.replace('_', ' ')} scale{spread}")
    on_line = {"log": f"LN({live})", "logit": f"LN(({live})/(1-({live})))"}.get(scale, live)
    page.formula(at, CENTRE, on_line if on_line == live else f'IFERROR({on_line},"none")', "small")
    x = f"({page.at(at, CENTRE)}+{page.at(at, DEVIATE)}{_further(page, number, joint, i)})"
    text = {"log": f"EXP({x})", "logit": f"1/(1+EXP(-{x}))"}.get(scale, x)
    page.formula(at, RAW, f'IFERROR({text},"none")', "small")


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
    cells = DrawCells(*(page.at(at, column) for column in (CENTRE, DEVIATE, *PARAMETERS)))
    formula = quantity.distribution.draw_formula(quantity.value, cells)
    page.put(at, HOW, formula.words)
    for column, value in zip(PARAMETERS, formula.parameters, strict=False):
        page.put(at, column, value, "small")
    text = f'IF({formula.possible},{formula.text},"none")' if formula.possible else formula.text
    if row.group:
        page.formula(at, SHARE, f"IFERROR({text},0)", "small")
        variates = [page.at(number[a], SHARE) for a in row.group]
        text = quantity.distribution.combined_formula(page.at(at, SHARE), variates)
    page.formula(at, RAW, f'IFERROR({text},"none")', "number")
    page.format_as(at, (CENTRE, RAW), quantity.value, drawn=True)
