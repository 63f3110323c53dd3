"""Draw, below the numbers: covariances of fitted parameters at the live figures, and their roots as weights.

Where parameters follow published figures by formula, so does their covariance J V J': V is that of the figures on
their working scales, with the standard errors and correlations of inputs/, J the derivatives of the parameters. A
figure whose interval does not hold its live value is known exactly, as in netcea. Cholesky's root of the covariance is
what random deviates are weighed by. Of all other fits the covariance is that of the export.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from netcea.arrays import Array
from netcea.fitting import NotIdentified, landmark_correlation
from netcea.fitting.refit import Refit
from netcea.fitting.report import FitReport
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import JointEstimate, Scenario
from netcea.workbook.formulas.estimate_slopes import slopes
from netcea.workbook.sheets.draw_layout import RAW, WEIGHTS
from netcea.workbook.sheets.inputs import Inputs

FIRST_COLUMN = 4
"""Of a matrix; before it what its rows are, and standard errors."""
Weights = dict[str, dict[str, str]]
"""Address of a parameter -> address of a deviate -> formula of its weight."""


@dataclass(frozen=True)
class _Fit:
    """A fit whose covariance follows its figures."""

    report: FitReport
    joint: JointEstimate
    refit: Refit

    @property
    def figures(self) -> list[str]:
        """Addresses of the figures that the fit meets."""
        return [figure.address for figure, used in zip(self.refit.figures, self.refit.used, strict=True) if used]

    @property
    def correlation(self) -> Array:
        """Array (figure, figure): of those figures."""
        at = [i for i, used in enumerate(self.refit.used) if used]
        every = np.eye(len(self.refit.used)) if self.refit.correlation is None else np.array(self.refit.correlation)
        return np.asarray(every[np.ix_(at, at)], dtype=np.float64)

    @property
    def of_one_curve(self) -> bool:
        """Whether its figures are landmarks, rising in time, whose correlations follow from their errors alone."""
        figures, known = self.refit.figures, self.refit.correlation
        if known is None or any(figure.kind != "survival_at" or not figure.se for figure in figures):
            return False
        times = [figure.time or 0.0 for figure, used in zip(figures, self.refit.used, strict=True) if used]
        try:
            return times == sorted(times) and np.allclose(known, landmark_correlation(figures), atol=1e-12)
        except NotIdentified:
            return False

    def error(self, address: str) -> float:
        """Return the standard error of a figure on its working scale."""
        return next(figure.error for figure in self.refit.figures if figure.address == address)


def write_spreads(page: Page, row: int, number: Mapping[str, int], inputs: Inputs) -> Weights:
    """Write the covariances of fits from a row on.

    Parameters
    ----------
    page : Page
    row : int
    number : mapping of address -> row of the table of numbers, which takes the weights
    inputs : Inputs

    Returns
    -------
    mapping of address -> mapping of address -> formula
        Weights of the parameters' deviates.
    """
    found: Weights = {}
    for fit in _fits(inputs):
        if not found:
            page.put(row, 1, "Fitted parameters: how they follow their figures, and their covariance", "section")
            row += 1
        row = _write_fit(page, row, fit, number, inputs)
        first = row - len(fit.joint.addresses) - 1
        found.update(_weights(page, first, number, fit.joint.addresses))
    return found


def _fits(inputs: Inputs) -> Iterator[_Fit]:
    """Yield the fits of which all parameters are formulas, each drawn by itself."""
    done: set[str] = set()
    for scenario in inputs.variants.scenarios:
        for report in scenario.fits:
            fit = _of(scenario, report)
            if fit is None or report.address in done or not _follows(fit, inputs):
                continue
            done.add(report.address)
            yield fit


def _of(scenario: Scenario, report: FitReport) -> _Fit | None:
    names = [f"{report.address}.{name}" for name, _ in report.parameters]
    joint = next((joint for joint in scenario.joint if list(joint.addresses) == names), None)
    refit = scenario.refits.get(report.address)
    if joint is None or refit is None or joint.lopsided:
        return None
    if any(figure.plain or figure.halves is not None or figure.se is None for figure in refit.figures):
        return None
    return _Fit(report, joint, refit)


def _follows(fit: _Fit, inputs: Inputs) -> bool:
    """Say whether formulas give all parameters, and nothing but the estimate itself correlates them."""
    mine = set(fit.joint.addresses)
    return all(
        address in inputs.estimates
        and address in inputs.draw.rows
        and set(inputs.draw.rows[address].weights) == mine
        and inputs.factor(address) == 1.0
        for address in mine
    )


def _write_fit(page: Page, row: int, fit: _Fit, number: Mapping[str, int], inputs: Inputs) -> int:
    """Write a fit's derivatives for each figure's standard error, and its covariance; return the row after it."""
    figures, parameters = fit.figures, fit.joint.addresses
    names, own = [address.rpartition(".")[2] for address in parameters], [a.rpartition(".")[2] for a in figures]
    heads = ["Standard error (log scale)", "Standard error now", *(f"{name}, for each" for name in names)]
    page.heading(row, [fit.report.address, *heads, *(f"Correlation with {name}" for name in own)])
    by = slopes(fit.report, inputs.before_drawing, lambda name: f"({inputs.centre(f'{fit.report.address}.{name}')})")
    for at, (address, correlations) in enumerate(zip(figures, fit.correlation.tolist(), strict=True), row + 1):
        page.put(at, 1, address)
        page.put(at, 2, fit.error(address), "small")
        known = number.get(address)
        error = page.at(at, 2)
        page.formula(at, 3, error if known is None else f"IF(ISNUMBER({page.at(known, RAW)}),{error},0)", "small")
        for column, parameter in enumerate(parameters, FIRST_COLUMN):
            slope = by[parameter].get(address)
            text = "0" if slope is None else f"IFERROR({page.at(at, 3)}*({slope}),0)"
            page.formula(at, column, text, "small")
        page.row(at, correlations, "small", FIRST_COLUMN + len(parameters))
    if fit.of_one_curve:
        _write_landmarks(page, row + 1, FIRST_COLUMN + len(parameters), [inputs.before_drawing(a) for a in figures])
    last = row + len(figures)
    page.heading(last + 1, ["Covariance", "", "", *names])
    for i, parameter in enumerate(parameters):
        page.put(last + 2 + i, 1, parameter)
        for j in range(len(parameters)):
            text = _covariance(page, row + 1, last, (FIRST_COLUMN + i, FIRST_COLUMN + j), len(parameters))
            page.formula(last + 2 + i, FIRST_COLUMN + j, text, "small")
    return last + 3 + len(parameters)


def _write_landmarks(page: Page, first: int, column: int, survivals: list[str]) -> None:
    """Write the correlations of landmarks of one Kaplan-Meier curve, the earlier first, over their constants.

    Of -LN(S) the earlier one's error is part of the later one's (Greenwood): the correlation is the ratio of both.
    """
    for early, late in combinations(range(len(survivals)), 2):
        one, other = (f"{page.at(first + i, 2)}*LN({survivals[i]})" for i in (early, late))
        ratio = f"IF(({one})/({other})>1,0,({one})/({other}))"
        for row, place in ((early, late), (late, early)):
            page.formula(first + row, column + place, ratio, "small")


def _covariance(page: Page, first: int, last: int, columns: tuple[int, int], parameters: int) -> str:
    """Return the formula of an entry of D' R D, D having a row for each figure, R the correlations beside it."""
    one, other = columns
    terms = []
    for a in range(first, last + 1):
        for b in range(first, last + 1):
            r = page.at(a, FIRST_COLUMN + parameters + b - first)
            terms.append(f"{r}*{page.at(a, one)}*{page.at(b, other)}")
    return "+".join(terms)


def _weights(page: Page, first: int, number: Mapping[str, int], addresses: tuple[str, ...]) -> Weights:
    """Return the formulas of Cholesky's root of the covariance in rows from the first on."""
    found: Weights = {}
    for i, mine in enumerate(addresses):
        found[mine] = {}
        for j, other in enumerate(addresses[: i + 1]):
            entry = page.at(first + i, FIRST_COLUMN + j)
            before = [f"{page.at(number[mine], WEIGHTS + k)}*{page.at(number[other], WEIGHTS + k)}" for k in range(j)]
            left = "-".join([entry, *before])
            root = page.at(number[other], WEIGHTS + j)
            found[mine][other] = f"SQRT(MAX(0,{left}))" if i == j else f"IF({root}=0,0,({left})/{root})"
    return found
