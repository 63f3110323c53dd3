"""Parameters that netcea estimates from published figures, as formulas of those figures where a closed form exists.

Two Weibull curves with one shape through both medians of a trial and its hazard ratio: shape = -LN(ratio) / LN(m1/m0),
scale = m0 / LN(2)^(1 / shape). Other families are solved numerically by Python, and their parameters stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from netcea.fitting.report import FitReport
from netcea.workbook.variants import Variants


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
            forms = _weibull_trial(fit, figure)
            found.update({f"{fit.address}.{name}": text for name, text in forms.items()})
    return {address: text for address, text in found.items() if address in variants.numbers}


def figures_without_formula(variants: Variants, formulas: Mapping[str, str]) -> set[str]:
    """Return addresses of figures that only feed estimates which are solved by Python."""
    solved: set[str] = set()
    followed: set[str] = set()
    for scenario in variants.scenarios:
        for fit in scenario.fits:
            follows = any(address.startswith(f"{fit.address}.") for address in formulas)
            (followed if follows else solved).update(figure.address for figure in fit.figures)
    return solved - followed


def _weibull_trial(fit: FitReport, figure: Callable[[str], str]) -> dict[str, str]:
    kinds = [f.what for f in fit.figures]
    names = [name for name, _ in fit.parameters]
    if fit.family != "weibull" or kinds != ["median", "median", "hazard ratio"] or "shape" not in names:
        return {}
    reference, other, ratio = (figure(f.address) for f in fit.figures)
    shape = f"(-LN({ratio})/LN(({other})/({reference})))"
    formulas = (shape, f"({reference})/LN(2)^(1/{shape})", f"({ratio})")
    return dict(zip(names, formulas, strict=True))  # the shape, the reference arm's scale, the hazard ratio
