"""Parameters that netcea estimates from published figures, as formulas of those figures where a closed form exists.

Two Weibull curves with one shape through both medians of a trial and its hazard ratio: shape = -LN(ratio) / LN(m1/m0),
scale = m0 / LN(2)^(1 / shape). Exponential curves, each through its arm's median: rate = LN(2) / m. Two landmark
survivals S at times t of one arm: Weibull, log-logistic and log-normal curves are straight lines of LN(-LN(S)),
LN(1/S - 1) and -NORMSINV(S) over LN(t). Other families are solved numerically by Python, and their parameters stay as
they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from netcea.fitting.report import FitReport
from netcea.quantities.units import MONTHS_PER_YEAR
from netcea.scenario.scenario import Scenario
from netcea.workbook.choice import CurveChoices
from netcea.workbook.variants import Variants

LINES: Final = {"weibull": "LN(-LN({}))", "log_logistic": "LN(1/({})-1)", "log_normal": "-NORMSINV({})"}
"""Family -> what is a straight line over the logarithm of time, of survival."""
MEDIANS_AND_RATIO: Final = ["median", "median", "hazard ratio"]


def estimate_formulas(variants: Variants, figure: Callable[[str], str]) -> dict[str, str]:
    """Return address of a parameter -> its formula.

    Parameters
    ----------
    variants : Variants
    figure : function of an address
        Formula of a published figure in the model's unit, before any random draw.
    """
    found: dict[str, str] = {}
    for scenario in variants.scenarios:
        for fit in scenario.fits:
            forms = (
                _weibull_trial(fit, figure) or _exponential_trial(fit, figure) or _two_landmarks(fit, figure, scenario)
            )
            found.update({f"{fit.address}.{name}": text for name, text in forms.items()})
    return {address: text for address, text in found.items() if address in variants.numbers}


def medians_and_ratio(variants: Variants, formulas: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield addresses of two medians and of the hazard ratio that a trial's curves follow by formula."""
    found: dict[tuple[str, str, str], None] = {}
    for scenario in variants.scenarios:
        for fit in scenario.fits:
            kinds = [figure.what for figure in fit.figures]
            if kinds == MEDIANS_AND_RATIO and f"{fit.address}.shape" in formulas:
                reference, other, ratio = (figure.address for figure in fit.figures)
                found[reference, other, ratio] = None
    yield from found


def solved_fits(variants: Variants, formulas: Mapping[str, str]) -> dict[str, set[str]]:
    """Return address of a published figure -> addresses of the fits to it that Python solves: no formula follows it."""
    found: dict[str, set[str]] = {}
    for scenario in variants.scenarios:
        for fit in scenario.fits:
            if not any(address.startswith(f"{fit.address}.") for address in formulas):
                for figure in fit.figures:
                    if figure.used:
                        found.setdefault(figure.address, set()).add(fit.address)
    return found


def takes(curve: CurveChoices, fit: str) -> tuple[list[int], list[int]]:
    """Return the numbers, from 1, of the options of a curve, and of its hazard ratio, that have a fit's estimates."""
    start = f"{fit}."
    curves = [
        number
        for number, model in enumerate(curve.origin.values, 1)
        if model is not None and any(a.startswith(start) for a in (*model.parameters.values(), model.median or ""))
    ]
    ratios = [
        number
        for number, intervals in enumerate(curve.ratio.values, 1)
        if any(interval.hazard_ratio.startswith(start) for interval in intervals)
    ]
    return curves, ratios


def _weibull_trial(fit: FitReport, figure: Callable[[str], str]) -> dict[str, str]:
    kinds = [f.what for f in fit.figures]
    names = [name for name, _ in fit.parameters]
    if fit.family != "weibull" or kinds != MEDIANS_AND_RATIO or "shape" not in names:
        return {}
    reference, other, ratio = (figure(f.address) for f in fit.figures)
    shape = f"(-LN({ratio})/LN(({other})/({reference})))"
    formulas = (shape, f"({reference})/LN(2)^(1/{shape})", f"({ratio})")
    return dict(zip(names, formulas, strict=True))  # the shape, the reference arm's scale, the hazard ratio


def _exponential_trial(fit: FitReport, figure: Callable[[str], str]) -> dict[str, str]:
    medians = [f.address for f in fit.figures if f.what == "median" and f.used]
    others = [f for f in fit.figures if f.what != "median" and f.used]
    if fit.family != "exponential" or others or len(medians) != len(fit.parameters):
        return {}
    return {name: f"LN(2)/({figure(m)})" for (name, _), m in zip(fit.parameters, medians, strict=True)}


def _two_landmarks(fit: FitReport, figure: Callable[[str], str], scenario: Scenario) -> dict[str, str]:
    """Return the line through two landmarks: its slope is the shape, or one over sdlog; it ends at 0 at scale."""
    used = [f for f in fit.figures if f.used]
    months = [getattr(scenario.quantities.get(f.address), "at_months", None) for f in used]
    height = LINES.get(fit.family)
    if height is None or len(used) != 2 or None in months or len(set(months)) != 2 or fit.note:
        return {}
    if not all(f.what.startswith("survival at") for f in used) or len(fit.parameters) != 2:
        return {}
    first, second = (f"({height.format(figure(f.address))})" for f in used)
    early, late = (f"LN({m!r}/{MONTHS_PER_YEAR!r})" for m in months)
    slope = f"(({second}-{first})/({late}-{early}))"
    if fit.family == "log_normal":
        return {"sdlog": f"1/{slope}", "meanlog": f"{early}-{first}/{slope}"}
    return {"shape": slope, "scale": f"EXP({early}-{first}/{slope})"}
