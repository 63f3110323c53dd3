"""How parameters that follow published figures by formula move with them: derivatives on their real lines, as formulas.

For the parameters of `netcea.workbook.formulas.estimates`, with r = LN(hazard ratio) and d = LN(m1 / m0): Weibull
curves through two medians and a ratio, dLN(shape) = dr / r - dd / d and LN(scale) = LN(m0) - LN(LN(2)) / shape;
exponential curves, dLN(rate) = -dLN(median). Two landmarks S, of which y = LN(-LN(S)) is the working scale, are two
heights h of a line over LN(time): dh / dy is 1 for Weibull, -LN(S) / (1 - S) for log-logistic, and
-S LN(S) / phi(h) for log-normal curves, phi being the normal density.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from netcea.fitting.report import FitReport
from netcea.workbook.formulas.estimates import MEDIANS_AND_RATIO

HEIGHT_SLOPES: Final = {
    "weibull": "1",
    "log_logistic": "(-LN({0})/(1-({0})))",
    "log_normal": "(-({0})*LN({0})*SQRT(2*PI())*EXP(NORMSINV({0})^2/2))",
}
"""Family -> derivative of the height of its line with respect to LN(-LN(S)), of survival."""
Slopes = Mapping[str, Mapping[str, str]]
"""Address of a parameter -> address of a figure -> derivative, as a formula; where it is 0, none."""


def slopes(fit: FitReport, figure: Callable[[str], str], parameter: Callable[[str], str]) -> Slopes:
    """Return how the parameters of a fit move with its figures.

    Parameters
    ----------
    fit : FitReport
        One whose parameters are formulas of its figures.
    figure : function of an address
        Formula of a published figure in the model's unit.
    parameter : function of a name
        Formula of a parameter in the model's unit.
    """
    used = [f.address for f in fit.figures if f.used]
    names = [name for name, _ in fit.parameters]
    if fit.family == "exponential":
        return {f"{fit.address}.{name}": {address: "-1"} for name, address in zip(names, used, strict=True)}
    if [f.what for f in fit.figures] == MEDIANS_AND_RATIO:
        return _weibull_trial(fit, names, figure)
    return _line(fit, used, figure, parameter)


def _weibull_trial(fit: FitReport, names: list[str], figure: Callable[[str], str]) -> Slopes:
    reference, other, ratio = (f.address for f in fit.figures)
    r, d = f"LN({figure(ratio)})", f"LN(({figure(other)})/({figure(reference)}))"
    shape = {reference: f"1/{d}", other: f"-1/{d}", ratio: f"1/{r}"}
    by_shape = f"(-LN(LN(2))*{d}/{r})"  # of LN(scale): LN(LN(2)) / shape
    scale = {address: f"{by_shape}*{text}" for address, text in shape.items()}
    scale[other], scale[reference] = f"-{by_shape}/{d}", f"1+{scale[reference]}"
    rows = (shape, scale, {ratio: "1"})  # as the parameters are ordered: shape, the reference arm's scale, the ratio
    return {f"{fit.address}.{name}": row for name, row in zip(names, rows, strict=True)}


def _line(fit: FitReport, used: list[str], figure: Callable[[str], str], parameter: Callable[[str], str]) -> Slopes:
    """Return the derivatives of the slope and the foot of the line through two heights.

    With h1 = b (x1 - x0) and h2 = b (x2 - x0): db / dh2 = 1 / (x2 - x1) = -db / dh1, and the foot x0 = x1 - h1 / b.
    Seen from the foot, (x2 - x0) / (x2 - x1) = h2 / (h2 - h1).
    """
    first, second = used
    by_height = {address: HEIGHT_SLOPES[fit.family].format(figure(address)) for address in used}
    heights = {"weibull": "LN(-LN({}))", "log_logistic": "LN(1/({})-1)", "log_normal": "-NORMSINV({})"}[fit.family]
    h1, h2 = (f"({heights.format(figure(address))})" for address in used)
    b = f"(1/{parameter('sdlog')})" if fit.family == "log_normal" else parameter("shape")
    sign = "-" if fit.family == "log_normal" else ""
    steep = {first: f"-{sign}1/({h2}-{h1})".replace("--", ""), second: f"{sign}1/({h2}-{h1})"}
    foot = {first: f"-{h2}/({h2}-{h1})/{b}", second: f"{h1}/({h2}-{h1})/{b}"}
    rows = {"steep": steep, "foot": foot}
    kinds = {"shape": "steep", "sdlog": "steep", "scale": "foot", "meanlog": "foot"}
    return {
        f"{fit.address}.{name}": {a: f"({text})*{by_height[a]}" for a, text in rows[kinds[name]].items()}
        for name, _ in fit.parameters
    }
