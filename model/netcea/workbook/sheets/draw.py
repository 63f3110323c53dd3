"""Draw: one probabilistic row by formula, from the inputs' own distributions; recalculating (F9) draws again.

Every random number is a standard normal deviate in a cell of its own; correlated deviates are sums of them, and values
are quantiles of the distributions of inputs/ at the deviate's rank. This is `netcea.sampling.sampler` in formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.quantities.quantity import Quantity
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.sampling.correlation import correlated_groups, matrix_root
from netcea.sampling.sampler import drawn_groups
from netcea.scenario.scenario import JointEstimate, Scenario
from netcea.uncertainty.draw_formula import DrawCells
from netcea.workbook.variants import Variants

TITLE: Final = "Draw"
SWITCH_ROW: Final = 3
FIRST: Final = 7
ADDRESS, HOW, RANDOM, DEVIATE, CENTRE, FIRST_PARAMETER, SECOND_PARAMETER, SHARE, DRAWN, WEIGHTS = range(1, 11)
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
SWITCH: Final = f"{TITLE}!$B${SWITCH_ROW}"
DEVIATE_FORMULA: Final = "NORMSINV(MAX(RAND(),1E-15))"


@dataclass(frozen=True)
class DrawnNumber:
    """One random number of the model.

    Attributes
    ----------
    address : str
    quantity : Quantity or None
        None for a parameter of a joint estimate.
    joint : tuple of (JointEstimate, int) or None
        The estimate and the number of the parameter in it.
    weights : mapping of address -> float
        Its deviate is the sum of the independent deviates of these addresses, so weighted.
    group : tuple of str
        Members of the group that it is drawn with.
    """

    address: str
    quantity: Quantity | None = None
    joint: tuple[JointEstimate, int] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    group: tuple[str, ...] = ()

    @property
    def sd(self) -> float:
        """Standard deviation on the real line of a parameter of a joint estimate; 1 for other numbers. [1]."""
        return 1.0 if self.joint is None else float(np.sqrt(self.joint[0].covariance[self.joint[1], self.joint[1]]))


@dataclass(frozen=True)
class DrawLayout:
    """Which addresses are drawn, in which rows of the sheet."""

    rows: dict[str, DrawnNumber] = field(default_factory=dict)

    @classmethod
    def of(cls, variants: Variants) -> DrawLayout:
        """Return the layout of all scenarios; a distribution is that of the first scenario that has it."""
        rows: dict[str, DrawnNumber] = {}
        for scenario in variants.scenarios:
            for row in _rows(scenario):
                if row.address in variants.numbers:
                    rows.setdefault(row.address, row)
        known = {a: row for a, row in rows.items() if {*row.weights, *row.group} <= rows.keys()}
        return cls(dict(sorted(known.items())))

    def cells(self) -> dict[str, str]:
        """Return address -> the cell with its drawn value."""
        return {address: f"{TITLE}!$I${FIRST + i}" for i, address in enumerate(self.rows)}


def _rows(scenario: Scenario) -> Iterator[DrawnNumber]:
    """Yield a row for each random number of a scenario."""
    found = {a: DrawnNumber(a, q, weights={a: 1.0}) for a, q in scenario.quantities.items() if q.is_drawn}
    for members in drawn_groups(scenario).values():
        found.update({a: replace(found[a], group=members) for a in members})
    for joint in scenario.joint:
        root = matrix_root(joint.covariance)
        for i, a in enumerate(joint.addresses):
            found[a] = DrawnNumber(a, None, (joint, i), dict(zip(joint.addresses, root[i].tolist(), strict=True)))
    for group in correlated_groups(scenario):
        for i, a in enumerate(group.addresses):
            weights = (found[a].sd * _lower(group.cholesky, i)).tolist()
            found[a] = replace(found[a], weights=dict(zip(group.addresses, weights, strict=True)))
    yield from found.values()


def _lower(matrix: Array, i: int) -> Array:
    """Return a row of the lower triangle of a matrix, 0 elsewhere."""
    return np.asarray(np.where(np.arange(matrix.shape[1]) <= i, matrix[i], 0.0), dtype=np.float64)


def write_draw(book: Book, layout: DrawLayout, centres: dict[str, str]) -> Page:
    """Write the sheet.

    Parameters
    ----------
    book : Book
    layout : DrawLayout
    centres : mapping of address -> formula of its value before drawing, in the unit of inputs/
    """
    page = book.page(TITLE, "7030A0")
    page.open_with(
        "Draw: one probabilistic row",
        "Switch it on and press F9: every uncertain input is drawn again and "
        "the whole workbook follows. Spreads are those of inputs/ around the live value.",
    )
    page.put(SWITCH_ROW, 1, "Draw at random", "section")
    page.put(SWITCH_ROW, 2, "no", "input_text")
    page.drop_down(SWITCH_ROW, 2, '"no,yes"')
    words = "Estimated parameters are in the model's unit, drawn on the scale in column B; what is not here is fixed."
    page.put(SWITCH_ROW + 1, 1, words, "subtitle")
    page.heading(FIRST - 1, list(HEADS))
    number = {address: FIRST + i for i, address in enumerate(layout.rows)}
    for address, row in layout.rows.items():
        _write_row(page, number, row, centres[address])
    page.widths(58, 34, 16, 14, 14, 14, 14, 14, 14, 14)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"1:{FIRST - 1}")
    return page


def _write_row(page: Page, number: dict[str, int], row: DrawnNumber, centre: str) -> None:
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
        _write_estimated(page, at, *row.joint)
    elif row.quantity is not None:
        _write_quantity(page, number, row, row.quantity, centre)


def _write_estimated(page: Page, at: int, joint: JointEstimate, i: int) -> None:
    """Write a parameter of a joint estimate, drawn on its real line."""
    scale = joint.scales[i]
    page.put(at, HOW, f"estimated with others, {scale.replace('_', ' ')} scale")
    page.put(at, CENTRE, float(joint.estimates[i]), "small")
    x = f"({page.at(at, CENTRE)}+{page.at(at, DEVIATE)})"
    page.formula(at, DRAWN, {"log": f"EXP({x})", "logit": f"1/(1+EXP(-{x}))"}.get(scale, x), "small")


def _write_quantity(page: Page, number: dict[str, int], row: DrawnNumber, quantity: Quantity, centre: str) -> None:
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
