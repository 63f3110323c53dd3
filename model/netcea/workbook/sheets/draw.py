"""Draw: one probabilistic row by formula, from the inputs' own distributions; recalculating (F9) draws again.

Every random number is a standard normal deviate in a cell of its own; correlated deviates are sums of them, and values
are quantiles of the distributions of inputs/ at the deviate's rank. This is `netcea.sampling.sampler` in formulas.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.quantities.quantity import Quantity
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.sampling.correlation import correlated_groups, root
from netcea.sampling.sampler import dirichlet_groups
from netcea.scenario.scenario import JointEstimate, Scenario
from netcea.uncertainty.distributions import gamma_shape_scale, is_uncertain
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


@dataclass
class Row:
    """One random number of the model.

    Attributes
    ----------
    address : str
    quantity : Quantity or None
        None for a parameter of a joint estimate.
    joint : tuple of (JointEstimate, int) or None
        The estimate and the number of the parameter in it.
    block : tuple of str
        Addresses whose deviates it is a sum of.
    weights : tuple of float
        Of those deviates.
    group : tuple of str
        Members of its Dirichlet.
    """

    address: str
    quantity: Quantity | None = None
    joint: tuple[JointEstimate, int] | None = None
    block: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    group: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrawPlan:
    """Which addresses are drawn, in which rows of the sheet."""

    rows: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, variants: Variants) -> DrawPlan:
        """Return the plan of all scenarios; a distribution is that of the first scenario that has it."""
        rows: dict[str, Row] = {}
        for scenario in variants.scenarios:
            for row in _rows(scenario):
                if row.address in variants.numbers and row.address not in rows:
                    rows[row.address] = row
        known = {a: r for a, r in rows.items() if set(r.block) <= rows.keys() and set(r.group) <= rows.keys()}
        return cls(dict(sorted(known.items())))

    def row_of(self, address: str) -> int:
        """Return the row of an address."""
        return FIRST + list(self.rows).index(address)

    def cells(self) -> dict[str, str]:
        """Return address -> the cell with its drawn value."""
        return {address: f"{TITLE}!$I${FIRST + i}" for i, address in enumerate(self.rows)}


def _rows(scenario: Scenario) -> list[Row]:
    found = {a: Row(a, q, block=(a,), weights=(1.0,)) for a, q in scenario.quantities.items() if is_uncertain(q)}
    for members in dirichlet_groups(scenario).values():
        for a in members:
            found[a] = Row(a, scenario.quantities[a], block=(a,), weights=(1.0,), group=members)
    for joint in scenario.joint:
        matrix = root(joint.covariance)
        for i, a in enumerate(joint.addresses):
            found[a] = Row(a, None, (joint, i), joint.addresses, tuple(matrix[i].tolist()))
    for group in correlated_groups(scenario):
        for i, a in enumerate(group.addresses):
            scale = 1.0
            if found[a].joint is not None:
                joint, k = found[a].joint or (group.joints[0], 0)
                scale = float(np.sqrt(joint.covariance[k, k]))
            found[a].block = group.addresses
            found[a].weights = tuple((scale * _whole(group.root, i)).tolist())
    return list(found.values())


def _whole(matrix: Array, i: int) -> Array:
    return np.asarray(np.where(np.arange(matrix.shape[1]) <= i, matrix[i], 0.0), dtype=np.float64)


def write_draw(book: Book, grid: DrawPlan, centres: dict[str, str]) -> Page:
    """Write the sheet.

    Parameters
    ----------
    book : Book
    grid : DrawPlan
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
    number = {address: FIRST + i for i, address in enumerate(grid.rows)}
    for address, row in grid.rows.items():
        _write_row(page, number, row, centres[address])
    page.widths(58, 34, 16, 14, 14, 14, 14, 14, 14, 14)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows=f"1:{FIRST - 1}")
    return page


def _write_row(page: Page, number: dict[str, int], row: Row, centre: str) -> None:
    at = number[row.address]
    page.put(at, ADDRESS, row.address)
    page.formula(at, RANDOM, f'IF({SWITCH}="yes",{DEVIATE_FORMULA},0)', "small")
    terms = []
    for i, (other, weight) in enumerate(zip(row.block, row.weights, strict=True)):
        if weight:
            page.put(at, WEIGHTS + i, weight, "small")
            terms.append(f"{page.at(at, WEIGHTS + i)}*{page.at(number[other], RANDOM)}")
    page.formula(at, DEVIATE, "+".join(terms) or "0", "small")
    z = page.at(at, DEVIATE)
    if row.joint is not None:
        joint, i = row.joint
        scale = joint.scales[i]
        page.put(at, HOW, f"estimated with others, {scale.replace('_', ' ')} scale")
        page.put(at, CENTRE, float(joint.estimates[i]), "small")
        x = f"({page.at(at, CENTRE)}+{z})"
        text = {"log": f"EXP({x})", "logit": f"1/(1+EXP(-{x}))"}.get(scale, x)
    else:
        page.formula(at, CENTRE, centre, "number")
        words, parameters, text = _single(row, page.at(at, CENTRE), z, page, at)
        page.put(at, HOW, words)
        for column, value in zip((FIRST_PARAMETER, SECOND_PARAMETER), parameters, strict=False):
            page.put(at, column, value, "small")
        if row.group:
            gammas = [page.at(number[a], SHARE) for a in row.group]
            page.formula(at, SHARE, text, "small")
            text = f"{page.at(at, SHARE)}/({'+'.join(gammas)})"
    page.formula(at, DRAWN, text, "number")
    if row.quantity is not None:
        page.format_as(at, (CENTRE, DRAWN), row.quantity.value)
    else:
        page.formula(at, DRAWN, text, "small")


def _single(row: Row, centre: str, z: str, page: Page, at: int) -> tuple[str, tuple[float, ...], str]:
    """Return the words, the parameters, and the formula of a quantity with a distribution of its own."""
    quantity = row.quantity
    if quantity is None:
        msg = f"{row.address} has no quantity"
        raise ValueError(msg)
    value, spread = quantity.value, quantity.uncertainty
    one, two = page.at(at, FIRST_PARAMETER), page.at(at, SECOND_PARAMETER)
    rank = f"NORMSDIST({z})"
    if spread.dirichlet is not None:
        n = spread.dirichlet.effective_n
        return f"Dirichlet, {n:g} patients", (n,), f"GAMMAINV({rank},{centre}*{one},1)"
    if spread.normal is not None:
        return "normal (standard error)", (spread.normal.standard_error(value),), f"{centre}+{one}*{z}"
    if spread.log_normal is not None:
        return "log-normal (se of the log)", (spread.log_normal.se_log,), f"{centre}*EXP({one}*{z})"
    if spread.ci95 is not None:
        error = spread.ci95.standard_error()
        text = {"log": f"{centre}*EXP({one}*{z})", "complementary_log_log": f"EXP(LN({centre})*EXP({one}*{z}))"}.get(
            spread.ci95.scale, f"{centre}+{one}*{z}"
        )
        return f"95% interval, {spread.ci95.scale.replace('_', '-')} (se)", (error,), text
    if spread.beta is not None:
        n = sum(spread.beta.alpha_beta(value))
        return "beta (alpha + beta)", (n,), f"BETAINV({rank},{centre}*{one},(1-{centre})*{one})"
    if spread.gamma is not None:
        error = spread.gamma.standard_error(value)
        shape, _ = gamma_shape_scale(value, error)
        return "gamma (shape)", (shape,), f"GAMMAINV({rank},{one},{centre}/{one})"
    if spread.uniform is not None:
        return ("uniform (low, high)", (spread.uniform.low, spread.uniform.high), f"{one}+({two}-{one})*{rank}")
    msg = f"{row.address}: the distribution '{spread.family}' has no formula yet"
    raise ValueError(msg)
