"""Expected value of partial perfect information (EVPPI), by regression of net benefit on the quantities.

References
----------
Strong, Oakley, Brennan (2014), Med Decis Making 34:311-326.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from netcea.arrays import Array
from netcea.decision.value_of_information.basis import smooth_design
from netcea.decision.value_of_information.gaussian_process import process_fits
from netcea.decision.value_of_information.perfect import differences_from_best, error_of_mean, evpi, shares_of_means
from netcea.decision.value_of_information.regression import Fit, OrthonormalDesign, orthonormal, penalised_fits

Method: TypeAlias = Literal["auto", "spline", "gaussian_process"]

FEWEST_DRAWS: Final = 50
LEVEL: Final = 0.01
"""Share of irrelevant quantities that would be told from 0."""
CLEAR: Final = 2.0
"""Standard errors by which a value that is told from 0 is above it."""
ROUNDING: Final = 1e-6
"""A value of so few standard deviations of net benefit is 0."""


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
    told_from_zero : bool
        Whether the regression beats noise and the value is two standard errors above 0.
    """

    value: float
    standard_error: float
    method: str
    fit_check: str
    told_from_zero: bool


@dataclass(frozen=True)
class Regressors:
    """Quantities that might be known, made ready for any number of regressions.

    Attributes
    ----------
    quantities : tuple of Array (draw,)
        Values of each. [any units]
    design : OrthonormalDesign or None
        None where none of them varies.
    """

    quantities: tuple[Array, ...]
    design: OrthonormalDesign | None

    @classmethod
    def of(cls, quantities: Iterable[Array]) -> Regressors:
        """Prepare quantities.

        Parameters
        ----------
        quantities : iterable of Array (draw,)
            Values of each. [any units]

        Returns
        -------
        Regressors
            For `evppi`, as often as needed.
        """
        each = tuple(quantities)
        made = smooth_design(each)
        return cls(each, None if made is None else orthonormal(made))


def evppi(
    nmb: ArrayLike,
    parameters: ArrayLike | Regressors,
    method: Method = "auto",
    control: ArrayLike | None = None,
    rises: ArrayLike | None = None,
) -> PartialInformation:
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
    control : Array (strategy, draw), optional
        Control variate: what quantities that are independent of these explain of net benefit, with mean 0 over draws.
        It is taken out before the regression, which leaves the value as it is and its noise much smaller.
        [GBP per patient]
    rises : Array (strategy, draw), optional
        What net benefit gains with the threshold, where that is the one at which the decision of these draws switches:
        another seed would move it, and the standard error says how much. [QALYs]

    Returns
    -------
    PartialInformation
        With its standard error, a check of the fit, and whether it is told from 0. [GBP per patient]

    Raises
    ------
    ValueError
        Fewer than 50 draws, or arrays of different lengths.

    Notes
    -----
    EVPPI = E[max_d g_d(x)] - max_d E[g_d(x)], g_d(x) = E[NB_d - NB_best | x] by regression on the draws.

    Fitted values vary by the signal and by the noise of estimating them, and the maximum turns both into value: they
    are drawn to their mean until the noise adds nothing. The standard error is that of the estimator's
    influence function. A value is told from 0 where the quantities explain more of net benefit than of all but 1% of
    responses of mere noise, and the value is two standard errors above 0; the standard error of one that is not told is
    no less than half of it, so that its interval reaches 0.

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
    draws = benefit.shape[1]
    known = _made_ready(parameters, draws)
    differences = differences_from_best(benefit)
    most = evpi(benefit)[0]
    if most == 0.0:
        return PartialInformation(0.0, 0.0, "none needed: no draw changes the decision", "good", told_from_zero=False)
    controls = np.zeros_like(differences) if control is None else differences_from_best(np.asarray(control), benefit)
    found, used = _regressions(differences - controls, known, method)
    if not found:
        return PartialInformation(0.0, 0.0, "none needed: nothing varies", "good", told_from_zero=False)
    slopes = None if rises is None else differences_from_best(np.asarray(rises), benefit)
    error = float(_influences(found, differences, controls, slopes).std()) / math.sqrt(draws)
    return _information(found, used, error, most)


def _made_ready(parameters: ArrayLike | Regressors, draws: int) -> Regressors:
    """Return quantities made ready; another number of draws than net benefit has, or too few, are an error."""
    if isinstance(parameters, Regressors):
        shape: tuple[int, ...] = (len(parameters.quantities[0]), len(parameters.quantities))
    else:
        columns = np.asarray(parameters, dtype=np.float64)
        shape = columns.shape
    if len(shape) != 2 or shape[0] != draws or draws < FEWEST_DRAWS:
        msg = f"found {draws} draws of net benefit and parameters {shape}; expected at least {FEWEST_DRAWS}"
        raise ValueError(msg)
    return parameters if isinstance(parameters, Regressors) else Regressors.of(columns.T)


def _regressions(differences: Array, known: Regressors, method: Method) -> tuple[list[Fit], str]:
    """Return the regressions of net benefit on quantities and how they were made; none where nothing varies."""
    if known.design is None:
        return [], ""
    if method == "gaussian_process":
        return process_fits(known.quantities, differences), "Gaussian process"
    several = len(known.quantities) > 1
    used = "spline" if not several else "splines with products"
    found = penalised_fits(known.design.held(), differences)
    if method == "auto" and several and any(fit.check != "good" for fit in found):
        other = process_fits(known.quantities, differences)
        if min(f.held_out_r_squared for f in other) > min(f.held_out_r_squared for f in found):
            return other, "Gaussian process"
    return found, used


def _information(found: list[Fit], used: str, error: float, most: float) -> PartialInformation:
    """Return the value of information of fitted net benefits, at most `most`."""
    value = min(max(value_of_fitted(np.array([fit.without_noise for fit in found])), 0.0), most)
    checks = sorted({fit.check for fit in found if fit.check != "good"})
    told = value > CLEAR * error and value > ROUNDING * max(float(np.std(fit.fitted + fit.residual)) for fit in found)
    told = told and any(fit.beats_noise(LEVEL / len(found)) for fit in found)
    within = error if told else max(error, value / CLEAR)  # noise alone makes values above 0
    return PartialInformation(value, within, used, "; ".join(checks) if checks else "good", told)


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


def _influences(found: list[Fit], benefits: Array, controls: Array, slopes: Array | None) -> Array:
    """Return how much each draw moves the value, Array (draw,). [GBP per patient]

    The value is E[max(0, g)] - max(0, E[NB]). A draw moves it by its own max(0, g); by what its residual moves g where
    g is the best (which the regression smooths); and by what it moves the means, which controls leave as they are.
    How often g is the best is taken from fitted values with the variance of what is not known of them: an estimate that
    is low by chance would otherwise have a low standard error too.
    """
    unknown = [fit.signal + fit.noise + error_of_mean(y) ** 2 for fit, y in zip(found, benefits, strict=True)]
    fitted = np.array([fit.with_variance(variance) for fit, variance in zip(found, unknown, strict=True)])
    best = (fitted == fitted.max(axis=0)) & (fitted > 0.0)
    influence = np.where(best, fitted, 0.0).sum(axis=0) - shares_of_means(benefits, best, slopes) @ benefits
    for fit, chosen, control in zip(found, best, controls, strict=True):
        influence += fit.smoothed(chosen.astype(np.float64)) * fit.residual + chosen.mean() * control
    return np.asarray(influence, dtype=np.float64)
