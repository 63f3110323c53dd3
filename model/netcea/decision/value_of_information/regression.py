"""Penalised spline regression of net benefit on quantities, smoothness by generalised cross-validation (GCV).

The columns are made orthonormal, so that every degree of smoothness costs a division: with B'B = R'R and
R^-T P R^-1 = U diag(d) U', fitted values are Z (Z'y / (1 + s d)), Z = B R^-1 U.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.decision.value_of_information.basis import SmoothDesign
from netcea.sampling.streams import stream

SMOOTHNESS: Final = np.exp(np.linspace(np.log(1e-7), np.log(1e7), 57))
GCV_GAMMA: Final = 1.2
"""Degrees of freedom count a little more than once, which keeps GCV from following noise (as mgcv's gamma does)."""
BINS: Final = 20
"""Bins of fitted values in which residuals are looked at."""
EXACT_FIT: Final = 1e-9
"""A fit that leaves no more than this share of the variance is exact: what is left is rounding."""
NULLS: Final = 1000
"""Responses of mere noise, with which a fit is compared."""
FURTHEST: Final = 4.0
"""Squared distance of a mean from 0, in standard deviations, up to which that expansion is followed."""
OVERFITTED: Final = 0.05
"""In-sample minus held-out R^2 above which a fit follows noise."""


@dataclass(frozen=True)
class OrthonormalDesign:
    """Columns of a penalised regression made orthonormal once, for any number of responses.

    Attributes
    ----------
    columns : Array (draw, column)
        Orthonormal, smoothest first. [1]
    roughness : Array (column,)
        What each column adds to the penalty. [1]
    """

    columns: Array
    roughness: Array


@dataclass(frozen=True)
class Fit:
    """One fitted regression.

    Attributes
    ----------
    fitted, residual : Array (draw,)
        Their sum is the response. [the response's unit]
    weights : Array (column,)
        How much of each coefficient the penalty leaves, 0 to 1. [1]
    noise : float
        Mean variance of fitted values that comes from estimating them. [the response's unit squared]
    signal : float
        Variance of fitted values without what noise adds; 0 or more. [the response's unit squared]
    r_squared, held_out_r_squared : float
        In sample; of each draw by the regression without it (leave one out, exactly). [share]
    residual_structure : float
        Standardised mean residuals in bins of the fitted values: about 1 where the fit is right, far above where not.
        [1]
    design : OrthonormalDesign
        What was fitted.
    """

    fitted: Array
    residual: Array
    weights: Array
    noise: float
    signal: float
    r_squared: float
    held_out_r_squared: float
    residual_structure: float
    design: OrthonormalDesign

    @property
    def check(self) -> str:
        """'good', or what is wrong: it follows noise, or the residuals still have a structure."""
        if self.r_squared - self.held_out_r_squared > OVERFITTED:
            return "follows noise"
        if self.residual_structure > 1.0 + 5.0 * np.sqrt(2.0 / BINS):
            return "structure left in the residuals"
        return "good"

    @property
    def without_noise(self) -> Array:
        """Fitted values drawn to their mean, so that noise adds nothing to their expected gain, Array (draw,).

        To second order, noise of variance v in each of d degrees of freedom adds v (d - 1 + m^2 / s^2) / 2s times the
        density of gains at 0 to E[max(0, g)] of normal fitted values with mean m and deviation s: with one degree of
        freedom and mean 0, over- and underestimates of the slope cancel, and nothing is to be taken away.
        """
        variance = float(self.fitted.var())
        freedom = max(float(self.weights @ self.weights), 1.0)
        distance = float(self.fitted.mean()) ** 2 / self.signal if self.signal > 0.0 else FURTHEST
        share = (freedom - 1.0 + min(distance, FURTHEST)) / freedom
        return self.with_variance(max(variance - share * self.noise, 0.0))

    def with_variance(self, variance: float) -> Array:
        """Fitted values moved towards or away from their mean until they vary so much.

        Parameters
        ----------
        variance : float
            0 or more. [the response's unit squared]

        Returns
        -------
        Array (draw,)
            [the response's unit]

        Examples
        --------
        >>> from netcea.decision.value_of_information.basis import smooth_design
        >>> x = np.repeat([0.0, 1.0], 50)
        >>> fit = penalised_fits(orthonormal(smooth_design(x[:, np.newaxis])), 10.0 * x[np.newaxis])[0]
        >>> fit.with_variance(4.0)[[0, -1]].round(6).tolist()  # mean 5, standard deviation 2
        [3.0, 7.0]
        """
        mean, now = self.fitted.mean(), float(self.fitted.var())
        scale = np.sqrt(variance / now) if now > 0.0 else 0.0
        return np.asarray(mean + scale * (self.fitted - mean), dtype=np.float64)

    def smoothed(self, values: Array) -> Array:
        """Values of each draw, smoothed as the response was.

        Parameters
        ----------
        values : Array (draw,)
            [any unit]

        Returns
        -------
        Array (draw,)
            [the same unit]
        """
        mean, columns = float(values.mean()), self.design.columns
        return np.asarray(mean + columns @ (self.weights * ((values - mean) @ columns)), dtype=np.float64)

    def beats_noise(self, level: float) -> bool:
        """Say whether the columns explain more of the response than noise would let them.

        Parameters
        ----------
        level : float
            Share of responses of mere noise that would pass, 0 to 1. [1]

        Returns
        -------
        bool
            True where what is explained is above that quantile of responses of mere noise.

        Examples
        --------
        >>> from netcea.decision.value_of_information.basis import smooth_design
        >>> x = np.repeat([0.0, 1.0], 50)
        >>> design = orthonormal(smooth_design(x[:, np.newaxis]))
        >>> [fit.beats_noise(0.01) for fit in penalised_fits(design, np.array([x, np.tile([0.0, 1.0], 50)]))]
        [True, False]
        """
        found, null = explained_beyond_noise(self.design, self.fitted + self.residual)
        return bool(found > np.quantile(null, 1.0 - level))


def penalised_fits(design: OrthonormalDesign, responses: Array) -> list[Fit]:
    """Penalised regression of each response on the columns of a design, its smoothness chosen by GCV.

    Parameters
    ----------
    design : OrthonormalDesign
        Of the quantities.
    responses : Array (response, draw)
        Differences in net benefit. [GBP]

    Returns
    -------
    list of Fit
        One for each response. [GBP]

    Notes
    -----
    GCV(s) = residual sum of squares / (n - 1.2 x degrees of freedom(s))^2, the smallest over 57 values of s.

    Examples
    --------
    >>> from netcea.decision.value_of_information.basis import smooth_design
    >>> x = np.repeat([0.0, 1.0], 50)  # two values, so two means
    >>> fit = penalised_fits(orthonormal(smooth_design(x[:, np.newaxis])), 10.0 * x[np.newaxis])[0]
    >>> fit.fitted[[0, -1]].round(6).tolist(), fit.check
    ([0.0, 10.0], 'good')
    """
    return [_fit(design, y) for y in responses]


def smooth_parts(design: OrthonormalDesign, responses: Array, gamma: float) -> Array:
    """What the columns explain of each response, where that is better than nothing; no checks.

    Parameters
    ----------
    design : OrthonormalDesign
        Of the quantities.
    responses : Array (response, draw)
        With mean 0 over draws. [any units]
    gamma : float
        How often a degree of freedom counts in GCV, from 1. [1]

    Returns
    -------
    Array (response, draw)
        With mean 0; 0 where a constant has the lower GCV. [the responses' units]

    Examples
    --------
    >>> from netcea.decision.value_of_information.basis import smooth_design
    >>> x, other = np.repeat([-1.0, 1.0], 50), np.tile([-1.0, 1.0], 50)
    >>> smooth_parts(orthonormal(smooth_design(x[:, np.newaxis])), np.array([2.0 * x, other]), 1.2)[:, -1].round(6)
    array([2., 0.])
    """
    n, choices = responses.shape[1], _shrinkage(design)
    projected, totals = responses @ design.columns, np.vecdot(responses, responses)
    weighted = np.zeros_like(projected)
    for at, (coefficients, total) in enumerate(zip(projected, totals, strict=True)):
        if total > 0.0:
            scores = _scores(choices, coefficients[np.newaxis] ** 2, float(total), n, gamma)[0]
            best = int(np.argmin(scores))
            if scores[best] < np.log(total) - 2.0 * np.log(n - gamma):
                weighted[at] = choices[best] * coefficients
    return np.asarray(weighted @ design.columns.T, dtype=np.float64)


def orthonormal(design: SmoothDesign) -> OrthonormalDesign:
    """Columns of a design made orthonormal, and the roughness of each.

    Parameters
    ----------
    design : SmoothDesign
        Columns that may be linear in one another.

    Returns
    -------
    OrthonormalDesign
        As many columns as are independent. [1]
    """
    columns, penalty = design.columns, design.penalty
    gram = columns.T @ columns
    values, vectors = np.linalg.eigh(gram)
    kept = values > 1e-10 * values[-1]
    whiten = vectors[:, kept] / np.sqrt(values[kept])
    rough, rotation = np.linalg.eigh(whiten.T @ penalty @ whiten)
    return OrthonormalDesign(np.asarray(columns @ (whiten @ rotation), dtype=np.float64), np.maximum(rough, 0.0))


def explained_beyond_noise(design: OrthonormalDesign, response: Array) -> tuple[float, Array]:
    """How much the columns explain of a response, and of responses that have nothing to do with them.

    Parameters
    ----------
    design : OrthonormalDesign
        Of the quantities.
    response : Array (draw,)
        [any unit]

    Returns
    -------
    found : float
        Explained sum of squares, less its mean under the null and over its standard deviation, at the degree of
        smoothness at which that is largest. [1]
    null : Array (NULLS,)
        The same of responses of mere noise. [1]

    Notes
    -----
    Under the null the coefficients Z'y are nearly normal with the covariance Z' diag(y^2) Z, which holds also where the
    noise is wider at some values of the quantities than at others; rows that are permuted would lose that.

    References
    ----------
    White (1980), Econometrica 48:817-838 (that covariance).
    """
    columns, centred = design.columns, response - response.mean()
    weighted = columns * centred[:, np.newaxis]
    covariance = weighted.T @ weighted
    values, vectors = np.linalg.eigh(covariance)
    if values[-1] <= 0.0:
        return 0.0, np.zeros(NULLS)
    deviates = stream(0, "responses of noise").standard_normal((NULLS, len(values)))
    noise = (deviates * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    weights = _shrinkage(design)
    explained = 2.0 * weights - weights**2
    mean = explained @ np.diag(covariance)
    deviation = np.sqrt(2.0 * np.einsum("si,ij,sj->s", explained, covariance**2, explained, optimize=True))
    squared = np.concatenate([(centred @ columns)[np.newaxis], noise]) ** 2
    beyond = ((squared @ explained.T - mean) / deviation).max(axis=1)
    return float(beyond[0]), np.asarray(beyond[1:], dtype=np.float64)


def _fit(design: OrthonormalDesign, y: Array) -> Fit:
    z, n, mean = design.columns, len(y), float(y.mean())
    centred = y - mean
    total = float(np.vecdot(centred, centred))
    if total <= 0.0:
        flat = np.full(n, mean)
        return Fit(flat, np.zeros(n), np.zeros(z.shape[1]), 0.0, 0.0, 1.0, 1.0, 0.0, design)
    projected, choices = centred @ z, _shrinkage(design)
    scores = _scores(choices, projected[np.newaxis] ** 2, total, n, GCV_GAMMA)[0]
    weights = choices[int(np.argmin(scores))]
    smooth = z @ (weights * projected)
    residual = centred - smooth
    squares = z**2
    left = 1.0 - (1.0 / n + squares @ weights)
    held_out = residual / np.maximum(left, 1e-6)
    noise = (residual * held_out) @ squares
    unexplained = float(np.vecdot(residual, residual))
    variance = unexplained / max(n - 1.0 - float(weights.sum()), 1.0)
    return Fit(
        fitted=mean + smooth,
        residual=residual,
        weights=weights,
        noise=float(weights**2 @ noise) / n,
        signal=max(float(weights**2 @ (projected**2 - noise)) / n, 0.0),
        r_squared=1.0 - unexplained / total,
        held_out_r_squared=1.0 - float(np.vecdot(held_out, held_out)) / total,
        residual_structure=_structure(smooth, residual, variance) if variance * n > EXACT_FIT * total else 0.0,
        design=design,
    )


def _shrinkage(design: OrthonormalDesign) -> Array:
    """Return what each degree of smoothness leaves of each coefficient, Array (smoothness, column). [1]"""
    positive = design.roughness[design.roughness > 0.0]
    scale = float(np.median(positive)) if len(positive) else 1.0
    return np.asarray(1.0 / (1.0 + SMOOTHNESS[:, np.newaxis] * design.roughness / scale), dtype=np.float64)


def _scores(choices: Array, squared: Array, total: float, n: int, gamma: float) -> Array:
    """Return the logarithm of GCV, Array (response, smoothness), of squared coefficients, Array (response, column)."""
    residual = np.maximum(total - squared @ (2.0 * choices - choices**2).T, EXACT_FIT * total * 1e-6)
    freedom = np.maximum(n - gamma * (1.0 + choices.sum(axis=1)), 1.0)
    return np.asarray(np.log(residual) - 2.0 * np.log(freedom), dtype=np.float64)


def _structure(fitted: Array, residual: Array, variance: float) -> float:
    """Return the mean square of standardised mean residuals in bins of the fitted values."""
    if variance <= 0.0:
        return 0.0
    parts = np.array_split(residual[np.argsort(fitted, kind="stable")], BINS)
    return float(np.mean([len(p) * p.mean() ** 2 / max(float(p.var()), 1e-12 * variance) for p in parts]))
