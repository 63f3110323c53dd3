"""Schoenfeld residuals of Cox's regression over time, their smooth, and Grambsch and Therneau's test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.cox_regression import cox_regression
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.fitting.natural_spline import natural_spline
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.risk_sets import each_death, own_residuals, risk_sets

FREEDOM: Final = 4
"""Columns of the spline of a smooth, with its constant: as R's plot.cox.zph."""


@dataclass(frozen=True)
class Smooth:
    """A curve through scaled residuals with its standard error.

    Attributes
    ----------
    transformed : Array (point,)
        1 - S(t-). [share]
    log_ratio, standard_error : Array (point,)
        [log]
    """

    transformed: Array
    log_ratio: Array
    standard_error: Array


@dataclass(frozen=True)
class Schoenfeld:
    """Scaled Schoenfeld residuals and the test that logarithms of hazard ratios do not change over time.

    Attributes
    ----------
    times : Array (death,)
        Rising. [unit of time]
    transformed : Array (death,)
        1 - S(t-) of all together, on which the test looks for a slope. [share]
    scaled : Array (death, covariate)
        Each death's own estimate of the logarithms of ratios. [log]
    log_ratios : Array (covariate,)
        Of Cox's regression. [log]
    covariance : Array (covariate, covariate)
        [log^2]
    statistics : Array (covariate,)
        Of each by itself, 1 degree of freedom. [1]
    statistic : float
        Of all together, with as many degrees of freedom as there are. [1]
    """

    times: Array
    transformed: Array
    scaled: Array
    log_ratios: Array
    covariance: Array
    statistics: Array
    statistic: float

    @property
    def p_value(self) -> float:
        """Chance of such a statistic where hazards are proportional. [share].

        References
        ----------
        Grambsch and Therneau (1994), Biometrika 81:515-526.
        """
        return chi_squared_above(self.statistic, len(self.log_ratios))

    def p_value_of(self, covariate: int) -> float:
        """The same of one covariate alone.

        Parameters
        ----------
        covariate : int
            Counted from 0.

        Returns
        -------
        float
            [share]

        Examples
        --------
        >>> found = schoenfeld(np.arange(1.0, 9.0), np.ones(8), (np.arange(8.0) % 2.0)[:, np.newaxis])
        >>> found.p_value_of(0) == found.p_value  # the only one
        True
        """
        return chi_squared_above(float(self.statistics[covariate]), 1)

    def smooth(self, covariate: int, points: int = 60) -> Smooth | None:
        """Natural cubic spline through the scaled residuals of a covariate.

        Parameters
        ----------
        covariate : int
            Counted from 0.
        points : int
            At how many it is evaluated.

        Returns
        -------
        Smooth or None
            None where there are too few different times.

        Notes
        -----
        Least squares with knots at the ends and at equally spaced quantiles of the transformed times, 4 columns; the
        variance of a residual is the number of deaths times that of the estimate, as in R's plot.cox.zph.

        Examples
        --------
        >>> t = np.arange(1.0, 9.0)
        >>> found = schoenfeld(t, np.ones(8), (t % 2.0)[:, np.newaxis])
        >>> found.smooth(0) is not None, found.smooth(0, 5).log_ratio.shape
        (True, (5,))
        """
        at = self.transformed
        knots = np.unique(np.quantile(at, np.linspace(0.0, 1.0, FREEDOM)))
        if len(knots) < FREEDOM or len(np.unique(at)) <= FREEDOM:
            return None
        where = np.linspace(at[0], at[-1], points)
        design, shown = (natural_spline(x, knots) for x in (at, where))
        inverse = np.linalg.pinv(design.T @ design)
        line = shown @ inverse @ design.T @ self.scaled[:, covariate]
        leverage = np.einsum("ij,jk,ik->i", shown, inverse, shown)
        variance = len(at) * float(self.covariance[covariate, covariate]) * np.maximum(leverage, 0.0)
        return Smooth(where, line, np.sqrt(variance))


def schoenfeld(
    time: Array, event: Array, covariates: Array, entry: Array | None = None, weight: Array | None = None
) -> Schoenfeld:
    """Residuals of Cox's regression with ties by Efron, and the score test of Grambsch and Therneau.

    Parameters
    ----------
    time : Array (row,)
        To death, censoring or the end of the row. [unit of time]
    event : Array (row,)
        1 where the row ends with a death. [0 or 1]
    covariates : Array (row, covariate)
        [any]
    entry : Array (row,), optional
        After which the row is at risk; 0 when left out. [unit of time]
    weight : Array (row,), optional
        1 each when left out. [patients]

    Returns
    -------
    Schoenfeld
        At the maximum of the partial likelihood.

    Raises
    ------
    NotIdentified
        No regression, or deaths that do not tell a change over time from none.

    Notes
    -----
    To each covariate x its product with g(t) = 1 - S(t-) is added, S the Kaplan-Meier estimate of all together; the
    statistic is the score test of the products at 0: u' I^-1 u with the information of all. The scaled residual of a
    death is beta + d V r, with d deaths, V the covariance of beta and r the Schoenfeld residual.

    References
    ----------
    Grambsch and Therneau (1994), Biometrika 81:515-526; R's survival::cox.zph, version 3, transform "km".

    Examples
    --------
    Among those who die early more are treated, among those who die late fewer:

    >>> x = np.array([1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0])[:, np.newaxis]
    >>> found = schoenfeld(np.arange(1.0, 9.0), np.ones(8), x)
    >>> round(found.p_value, 2), np.allclose(found.scaled.mean(axis=0), found.log_ratios)
    (0.76, True)
    """
    n = len(time)
    given = np.zeros(n) if entry is None else entry
    w = np.ones(n) if weight is None else weight
    fit = cox_regression(time, event, covariates, given, w)
    x = covariates - np.average(covariates, axis=0, weights=w)
    rows = risk_sets(given, time, event, w)
    deaths = each_death(rows, x, w * np.exp(x @ fit.log_ratios))
    order = np.flatnonzero(rows.dying)[np.argsort(time[rows.dying], kind="stable")]
    own = own_residuals(rows, x, deaths)[order]
    g = _share_before(time, event, given, w, rows.at)[deaths.which]
    score = ((g - g.mean())[:, np.newaxis] * own * w[order][:, np.newaxis]).sum(axis=0)
    of_weight = deaths.weight[:, np.newaxis, np.newaxis] * deaths.variance
    plain, once, twice = (((g - g.mean()) ** k)[:, np.newaxis, np.newaxis] * of_weight for k in (0, 1, 2))
    left = _left_over(plain.sum(axis=0), once.sum(axis=0), twice.sum(axis=0))
    each = np.array([_alone(plain.sum(axis=0), once.sum(axis=0), twice.sum(axis=0), k) for k in range(len(score))])
    scaled = fit.log_ratios + len(order) * own @ fit.covariance
    try:
        statistic = float(score @ np.linalg.solve(left, score))
    except np.linalg.LinAlgError:
        raise NotIdentified("the deaths do not tell a ratio that changes over time from one that does not") from None
    return Schoenfeld(time[order], g, scaled, fit.log_ratios, fit.covariance, score**2 / each, statistic)


def _share_before(time: Array, event: Array, entry: Array, weight: Array, at: Array) -> Array:
    """Return 1 - S(t-) at times, S the Kaplan-Meier estimate of all together."""
    km = kaplan_meier(time, event, entry, weight)
    before = np.searchsorted(km.times, at, side="left")
    return np.asarray(1.0 - np.concatenate([[1.0], km.survival])[before], dtype=np.float64)


def _left_over(plain: Array, once: Array, twice: Array) -> Array:
    """Return the information of products with time that the covariates themselves leave; refuse none."""
    left = twice - once.T @ np.linalg.solve(plain, once)
    if not (np.linalg.eigvalsh((left + left.T) / 2.0) > 1e-12 * max(float(np.trace(twice)), 1e-300)).all():
        raise NotIdentified("the deaths do not tell a ratio that changes over time from one that does not")
    return np.asarray(left, dtype=np.float64)


def _alone(plain: Array, once: Array, twice: Array, k: int) -> float:
    """Return the same of one product alone."""
    return float(twice[k, k] - once[:, k] @ np.linalg.solve(plain, once[:, k]))


def chi_squared_above(statistic: float, degrees: int) -> float:
    """Chance that chi-squared is above a statistic.

    Parameters
    ----------
    statistic : float
        0 or more. [1]
    degrees : int
        Of freedom. [1]

    Returns
    -------
    float
        [share]

    Examples
    --------
    >>> round(chi_squared_above(3.841458820694124, 1), 6)
    0.05
    """
    from netcea.special import special

    return float(special.gammaincc(degrees / 2.0, statistic / 2.0))
