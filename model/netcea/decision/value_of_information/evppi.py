"""Expected value of partial perfect information, by regression.

References
----------
Strong, Oakley, Brennan (2014), Med Decis Making 34:311-326.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.decision.value_of_information.basis import design
from netcea.decision.value_of_information.gaussian_process import process_fits
from netcea.decision.value_of_information.perfect import evpi
from netcea.decision.value_of_information.regression import Fit, Turned, fits, turn
from netcea.sampling.streams import stream

Method: TypeAlias = Literal["auto", "spline", "gaussian_process"]

FEWEST: Final = 50
SIMULATIONS: Final = 100
"""Sets of fitted values from which the standard error comes."""
TOGETHER: Final = 20
"""Sets worked out at once, to bound memory."""


@dataclass(frozen=True)
class PartialInformation:
    """Value of knowing some quantities.

    Attributes
    ----------
    value, standard_error : float
        [GBP per patient]; from 0 to EVPI.
    method : str
    fit_check : str
        'good', or what is wrong with the regression.
    """

    value: float
    standard_error: float
    method: str
    fit_check: str


@dataclass(frozen=True)
class Known:
    """Quantities that might be known, made ready for any number of regressions.

    Attributes
    ----------
    parameters : Array (draw, k)
    turned : Turned or None
        None where none of them varies.
    """

    parameters: Array
    turned: Turned | None

    @classmethod
    def of(cls, parameters: Array) -> Known:
        """Prepare quantities, Array (draw, k)."""
        made = design(parameters)
        return cls(parameters, None if made is None else turn(made))


def evppi(nmb: Array, parameters: Array | Known, method: Method = "auto") -> PartialInformation:
    """Return the expected value of perfect information on some quantities.

    E[max_d g_d(x)] - max_d E[g_d(x)], g_d(x) = E[NMB_d - NMB_best | x] by regression on the draws.

    Parameters
    ----------
    nmb : Array (strategy, draw)
        [GBP]
    parameters : Array (draw, k), or Known
    method : {'auto', 'spline', 'gaussian_process'}
        spline: penalised splines with products of quantities (all products for up to three, of pairs for more).
        auto: splines, and for groups a Gaussian process where the splines' fit check is not good and it fits better.

    Raises
    ------
    ValueError
        Fewer than 50 draws, or arrays of different lengths.

    Examples
    --------
    A loss or gain of 100 that x alone decides:

    >>> x = np.tile([0.0, 1.0], 50)
    >>> found = evppi(np.array([np.zeros(100), 200.0 * x - 100.0]), x[:, np.newaxis])
    >>> round(found.value, 3), found.fit_check
    (50.0, 'good')
    """
    columns = parameters.parameters if isinstance(parameters, Known) else parameters
    if columns.ndim != 2 or nmb.shape[1] != len(columns) or nmb.shape[1] < FEWEST:
        msg = f"found {nmb.shape[1]} draws of net benefit and parameters {columns.shape}; expected at least {FEWEST}"
        raise ValueError(msg)
    known = parameters if isinstance(parameters, Known) else Known.of(parameters)
    differences = differences_from_best(nmb)
    if not np.any(differences):
        return PartialInformation(0.0, 0.0, "none needed", "good")
    found, used = regress(differences, known, method)
    if not found:
        return PartialInformation(0.0, 0.0, "none needed: nothing varies", "good")
    return information(found, used, evpi(nmb)[0])


def differences_from_best(nmb: Array) -> Array:
    """Return net benefit of every other strategy minus that of the best in expectation, Array (strategy - 1, draw)."""
    best = int(np.argmax(nmb.mean(axis=1)))
    return np.asarray(np.delete(nmb, best, axis=0) - nmb[best], dtype=np.float64)


def regress(differences: Array, known: Known, method: Method = "auto") -> tuple[list[Fit], str]:
    """Return the regressions of net benefit on quantities and how they were made; none where nothing varies."""
    if known.turned is None:
        return [], ""
    parameters = known.parameters
    if method == "gaussian_process":
        return process_fits(parameters, differences), "Gaussian process"
    used = "spline" if parameters.shape[1] == 1 else "splines with products"
    found = fits(known.turned, differences)
    if method == "auto" and parameters.shape[1] > 1 and any(fit.check != "good" for fit in found):
        other = process_fits(parameters, differences)
        if min(f.held_out_r_squared for f in other) > min(f.held_out_r_squared for f in found):
            return other, "Gaussian process"
    return found, used


def information(found: list[Fit], used: str, most: float) -> PartialInformation:
    """Return the value of information of fitted net benefits, at most `most`."""
    value = value_of(np.array([fit.fitted for fit in found]))
    checks = sorted({fit.check for fit in found if fit.check != "good"})
    return PartialInformation(
        min(max(value, 0.0), most), _standard_error(found), used, "; ".join(checks) if checks else "good"
    )


def value_of(fitted: Array) -> float:
    """Return E[max(0, g)] - max(0, E[g]) of fitted differences, Array (strategy - 1, draw)."""
    return float(np.maximum(fitted.max(axis=0), 0.0).mean() - max(float(fitted.mean(axis=1).max()), 0.0))


def _standard_error(found: list[Fit]) -> float:
    """Return the standard deviation of the value over fitted values that are as likely as these."""
    random = stream(0, "fitted values as likely as these")
    deviates = [random.standard_normal((SIMULATIONS, fit.spread.shape[1])) for fit in found]
    values = []
    for start in range(0, SIMULATIONS, TOGETHER):
        moved = np.array(
            [
                fit.fitted[:, np.newaxis] + fit.spread @ z[start : start + TOGETHER].T
                for fit, z in zip(found, deviates, strict=True)
            ]
        )
        gains = np.maximum(moved.max(axis=0), 0.0).mean(axis=0)
        values.append(gains - np.maximum(moved.mean(axis=1).max(axis=0), 0.0))
    return float(np.concatenate(values).std(ddof=1))
