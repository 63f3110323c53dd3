"""Expected value of partial perfect information (EVPPI), by regression of net benefit on the quantities.

References
----------
Strong, Oakley, Brennan (2014), Med Decis Making 34:311-326.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.decision.value_of_information.basis import smooth_design
from netcea.decision.value_of_information.gaussian_process import process_fits
from netcea.decision.value_of_information.perfect import evpi
from netcea.decision.value_of_information.regression import Fit, OrthonormalDesign, orthonormal, penalised_fits
from netcea.sampling.streams import stream

Method: TypeAlias = Literal["auto", "spline", "gaussian_process"]

FEWEST_DRAWS: Final = 50
SIMULATIONS: Final = 100
"""Sets of fitted values from which the standard error comes."""
SIMULATIONS_AT_ONCE: Final = 20
"""Of them in one step, to bound memory."""


@dataclass(frozen=True)
class PartialInformation:
    """Value of knowing some quantities.

    Attributes
    ----------
    value, standard_error : float
        From 0 to EVPI. [GBP per patient]
    method : str
        Of the regression.
    fit_check : str
        'good', or what is wrong with the regression.
    """

    value: float
    standard_error: float
    method: str
    fit_check: str


@dataclass(frozen=True)
class Regressors:
    """Quantities that might be known, made ready for any number of regressions.

    Attributes
    ----------
    parameters : Array (draw, k)
        Values of the quantities. [any units]
    design : OrthonormalDesign or None
        None where none of them varies.
    """

    parameters: Array
    design: OrthonormalDesign | None

    @classmethod
    def of(cls, parameters: Array) -> Regressors:
        """Prepare quantities.

        Parameters
        ----------
        parameters : Array (draw, k)
            Values of the quantities. [any units]

        Returns
        -------
        Regressors
            For `evppi`, as often as needed.
        """
        made = smooth_design(parameters)
        return cls(parameters, None if made is None else orthonormal(made))


def evppi(nmb: ArrayLike, parameters: ArrayLike | Regressors, method: Method = "auto") -> PartialInformation:
    """Expected value of perfect information on some quantities, per patient.

    Parameters
    ----------
    nmb : Array (strategy, draw)
        Net monetary benefit, 50 draws or more. [GBP per patient]
    parameters : Array (draw, k), or Regressors
        The quantities that might be known, of the same draws. [any units]
    method : {'auto', 'spline', 'gaussian_process'}
        spline: penalised splines with products of quantities (all products for up to three, of pairs for more).
        auto: splines, and for groups a Gaussian process where the splines' fit check is not good and it fits better.

    Returns
    -------
    PartialInformation
        With its standard error and a check of the fit. [GBP per patient]

    Raises
    ------
    ValueError
        Fewer than 50 draws, or arrays of different lengths.

    Notes
    -----
    EVPPI = E[max_d g_d(x)] - max_d E[g_d(x)], g_d(x) = E[NB_d - NB_best | x] by regression on the draws.

    References
    ----------
    Strong, Oakley, Brennan (2014), Med Decis Making 34:311-326.

    Examples
    --------
    A loss or gain of 100 that x alone decides:

    >>> x = np.tile([0.0, 1.0], 50)
    >>> found = evppi(np.array([np.zeros(100), 200.0 * x - 100.0]), x[:, np.newaxis])
    >>> round(found.value, 3), found.fit_check
    (50.0, 'good')
    """
    benefit = np.asarray(nmb, dtype=np.float64)
    known = parameters if isinstance(parameters, Regressors) else None
    columns = np.asarray(parameters, dtype=np.float64) if known is None else known.parameters
    draws = benefit.shape[1]
    if columns.ndim != 2 or draws != len(columns) or draws < FEWEST_DRAWS:
        msg = f"found {draws} draws of net benefit and parameters {columns.shape}; expected at least {FEWEST_DRAWS}"
        raise ValueError(msg)
    known = known or Regressors.of(columns)
    differences = differences_from_best(benefit)
    if not np.any(differences):
        return PartialInformation(0.0, 0.0, "none needed", "good")
    found, used = _regressions(differences, known, method)
    if not found:
        return PartialInformation(0.0, 0.0, "none needed: nothing varies", "good")
    return _information(found, used, evpi(benefit)[0])


def differences_from_best(nmb: Array) -> Array:
    """Net benefit of every other strategy minus that of the best in expectation.

    Parameters
    ----------
    nmb : Array (strategy, draw)
        Net monetary benefit. [GBP per patient]

    Returns
    -------
    Array (strategy - 1, draw)
        [GBP per patient]

    Examples
    --------
    >>> differences_from_best(np.array([[0.0, 0.0], [3.0, -1.0]])).tolist()
    [[-3.0, 1.0]]
    """
    best = int(np.argmax(nmb.mean(axis=1)))
    return np.asarray(np.delete(nmb, best, axis=0) - nmb[best], dtype=np.float64)


def _regressions(differences: Array, known: Regressors, method: Method) -> tuple[list[Fit], str]:
    """Return the regressions of net benefit on quantities and how they were made; none where nothing varies."""
    if known.design is None:
        return [], ""
    parameters = known.parameters
    if method == "gaussian_process":
        return process_fits(parameters, differences), "Gaussian process"
    used = "spline" if parameters.shape[1] == 1 else "splines with products"
    found = penalised_fits(known.design, differences)
    if method == "auto" and parameters.shape[1] > 1 and any(fit.check != "good" for fit in found):
        other = process_fits(parameters, differences)
        if min(f.held_out_r_squared for f in other) > min(f.held_out_r_squared for f in found):
            return other, "Gaussian process"
    return found, used


def _information(found: list[Fit], used: str, most: float) -> PartialInformation:
    """Return the value of information of fitted net benefits, at most `most`."""
    value = value_of_fitted(np.array([fit.fitted for fit in found]))
    checks = sorted({fit.check for fit in found if fit.check != "good"})
    return PartialInformation(
        min(max(value, 0.0), most), _standard_error(found), used, "; ".join(checks) if checks else "good"
    )


def value_of_fitted(fitted: Array) -> float:
    """Value of information of fitted differences in net benefit, E[max(0, g)] - max(0, E[g]).

    Parameters
    ----------
    fitted : Array (strategy - 1, draw)
        Expected net benefit g of every other strategy minus the best's, given what would be known. [GBP per patient]

    Returns
    -------
    float
        [GBP per patient]

    Examples
    --------
    >>> value_of_fitted(np.array([[-3.0, 1.0]]))  # half of the draws gain 1
    0.5
    """
    return float(np.maximum(fitted.max(axis=0), 0.0).mean() - max(float(fitted.mean(axis=1).max()), 0.0))


def _standard_error(found: list[Fit]) -> float:
    """Return the standard deviation of the value over fitted values that are as likely as these."""
    random = stream(0, "fitted values as likely as these")
    deviates = [random.standard_normal((SIMULATIONS, fit.root_covariance.shape[1])) for fit in found]
    values = []
    for start in range(0, SIMULATIONS, SIMULATIONS_AT_ONCE):
        moved = np.array(
            [
                fit.fitted[:, np.newaxis] + fit.root_covariance @ z[start : start + SIMULATIONS_AT_ONCE].T
                for fit, z in zip(found, deviates, strict=True)
            ]
        )
        gains = np.maximum(moved.max(axis=0), 0.0).mean(axis=0)
        values.append(gains - np.maximum(moved.mean(axis=1).max(axis=0), 0.0))
    return float(np.concatenate(values).std(ddof=1))
