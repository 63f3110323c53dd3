"""Where to look for the curve that meets published figures: points about a median, in every family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.fitting.numerics import real

if TYPE_CHECKING:
    from netcea.survival.base import Distribution

SHAPES: Final = (1.0, 0.7, 1.5)
"""Of curves that are looked from; 1 is the exponential where there is one."""
GOMPERTZ: Final = (0.01, -0.3, 0.5)
"""The same of a Gompertz, times the median. [1]"""
FEWEST_CURED: Final = 0.02
LOGISTIC: Final = 1.3
"""Shape of a log-logistic that is much like an exponential. [1]"""


def points_of(model: Distribution, median: float, lowest: float) -> list[dict[str, float]]:
    """Curves of a family with about a median, to look from for those that meet figures.

    Parameters
    ----------
    model : Distribution
        With its structure.
    median : float
        About; above 0. [unit of time]
    lowest : float
        The lowest survival that a figure gives: fewer are cured. [share]

    Returns
    -------
    list of dict of str -> float
        Every parameter on its real line, in each of the points. [real line]

    Examples
    --------
    >>> from netcea.survival.distributions import distribution
    >>> {name: round(x, 4) for name, x in points_of(distribution("weibull"), np.log(2.0), 0.5)[0].items()}
    {'shape': 0.0, 'scale': 0.0}
    """
    own: Any = model  # families are told apart by their names: scipy need not be loaded for a Weibull
    if model.name in ("mixture_cure", "non_mixture_cure"):
        return _cured(own.base, median, lowest)
    if model.name == "piecewise_exponential":
        rate = np.log(np.log(2.0) / median)
        return [{p.name: float(rate) for p in model.parameters}]
    if model.name == "royston_parmar":
        return [_straight(own, median, shape) for shape in SHAPES]
    if model.name == "generalised_gamma":
        log_median = float(np.log(median))
        return [
            {"mu": log_median + float(-np.log(np.log(2.0))) * w, "sigma": float(np.log(w)), "Q": q}
            for w, q in ((1.0, 1.0), (1.0, 0.0), (0.7, 0.5), (1.2, -0.5))
        ]
    return [_with_median(model, median, number) for number in range(len(SHAPES) if model.shape_parameters else 1)]


def _with_median(model: Distribution, median: float, number: int) -> dict[str, float]:
    usual = {"gompertz": GOMPERTZ[number] / median, "log_logistic": LOGISTIC * SHAPES[number]}
    shape = usual.get(model.name, SHAPES[number])
    if model.with_median is None:
        raise TypeError(f"a {model.name} is a table: it is not fitted to figures")
    values = model.with_median(np.array(median), dict.fromkeys(model.shape_parameters, np.array(shape)))
    return {p.name: real(float(values[p.name]), p.real_line) for p in model.parameters}


def _straight(model: Any, median: float, shape: float) -> dict[str, float]:
    """Return the spline that is a straight line of log time through the median."""
    slope = shape * (LOGISTIC if model.scale == "odds" else 1.0)
    at_median = float(model.link.eta_at(np.array(0.5)))
    found = dict.fromkeys((p.name for p in model.parameters), 0.0)
    return found | {"gamma0": at_median - slope * float(np.log(median)), "gamma1": slope}


def _cured(base: Distribution, median: float, lowest: float) -> list[dict[str, float]]:
    """Return curves in which some of those who are alive at the last figure are cured."""
    found: list[Mapping[str, float]] = []
    for share in (0.5, 0.8, 0.1):
        cured = float(np.clip(share * lowest, FEWEST_CURED, 0.9))
        of_those = median * (1.0 - cured)
        found.append({"cure_fraction": real(cured, "logit"), **points_of(base, of_those, lowest)[0]})
    return [dict(point) for point in found]
