"""Penalised spline regression of net benefit on quantities, smoothness by generalised cross-validation (GCV).

The columns are made orthonormal, so that every degree of smoothness costs a division: with B'B = R'R and
R^-T P R^-1 = U diag(d) U', fitted values are Z (Z'y / (1 + s d)), Z = B R^-1 U. Z itself is never made: all that is
asked of it follows from sums over draws of what B is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.decision.value_of_information.basis import SmoothDesign
from netcea.decision.value_of_information.columns import Columns
from netcea.sampling.streams import stream

SMOOTHNESS: Final = np.exp(np.linspace(np.log(1e-7), np.log(1e7), 57))
GCV_GAMMA: Final = 1.2
"""Degrees of freedom count a little more than once, which keeps GCV from following noise (as mgcv's gamma does)."""
BINS: Final = 20
"""Bins of fitted values in which residuals are looked at."""
EXACT_FIT: Final = 1e-9
"""A fit that leaves no more than this share of the variance is exact: what is left is rounding."""
STRAIGHT: Final = 1e-14
"""Roughness of so small a share of the largest is that of a straight line, 0 but for rounding."""
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
    columns : Columns
        As they were. [1]
    turn : Array (column, orthonormal column)
        What orthonormal columns Z are made of, smoothest first; they are centred. [1]
    roughness : Array (orthonormal column,)
        What each adds to the penalty. [1]

    Examples
    --------
    >>> from netcea.decision.value_of_information.basis import smooth_design
    >>> design = orthonormal(smooth_design([np.repeat([-1.0, 1.0], 2)]))
    >>> design.expand(design.project(np.array([[-3.0, -5.0, 3.0, 5.0]]))).round(6).tolist()  # the means of both halves
    [[-4.0, -4.0, 4.0, 4.0]]
    """

    columns: Columns
    turn: Array
    roughness: Array

    def held(self) -> OrthonormalDesign:
        """The same design with its columns in memory, if there is room for them.

        Returns
        -------
        OrthonormalDesign
            All that it yields is the same.
        """
        return replace(self, columns=self.columns.held())

    def project(self, values: Array) -> Array:
        """Coefficients of values, Z'y.

        Parameters
        ----------
        values : Array (response, draw)
            With mean 0 over draws. [any units]

        Returns
        -------
        Array (response, orthonormal column)
            [the values' units]
        """
        return np.asarray(self.columns.project(values) @ self.turn, dtype=np.float64)

    def expand(self, coefficients: Array) -> Array:
        """Values of coefficients, Z b.

        Parameters
        ----------
        coefficients : Array (response, orthonormal column)
            [any units]

        Returns
        -------
        Array (response, draw)
            With mean 0 over draws. [the coefficients' units]
        """
        return self.columns.expand(coefficients @ self.turn.T)


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
        >>> fit = penalised_fits(orthonormal(smooth_design([x])), 10.0 * x[np.newaxis])[0]
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
        mean = float(values.mean())
        coefficients = self.weights * self.design.project((values - mean)[np.newaxis])
        return np.asarray(mean + self.design.expand(coefficients)[0], dtype=np.float64)

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
        >>> design = orthonormal(smooth_design([x]))
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
    >>> fit = penalised_fits(orthonormal(smooth_design([x])), 10.0 * x[np.newaxis])[0]
    >>> fit.fitted[[0, -1]].round(6).tolist(), fit.check
    ([0.0, 10.0], 'good')
    """
    means = responses.mean(axis=1)
    centred = responses - means[:, np.newaxis]
    totals, choices = np.vecdot(centred, centred), _shrinkage(design)
    projected = design.project(centred)
    best = [
        int(np.argmin(_scores(choices, b[np.newaxis] ** 2, float(total), design.columns.draws, GCV_GAMMA)[0]))
        if total > 0.0
        else 0
        for b, total in zip(projected, totals, strict=True)
    ]
    weights = choices[best]
    smooth = design.expand(weights * projected)
    residuals = centred - smooth
    held_out, noises = design.columns.left_out(design.turn, weights, residuals)
    return [
        _flat(design, mean)
        if total <= 0.0
        else _fit(design, _Regression(mean, total, weight, b, fitted, residual, held, noise))
        for mean, total, weight, b, fitted, residual, held, noise in zip(
            means.tolist(), totals.tolist(), weights, projected, smooth, residuals, held_out, noises, strict=True
        )
    ]


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
    >>> smooth_parts(orthonormal(smooth_design([x])), np.array([2.0 * x, other]), 1.2)[:, -1].round(6)
    array([2., 0.])
    """
    return design.expand(smooth_coefficients(design, design.project(responses), np.vecdot(responses, responses), gamma))


def smooth_coefficients(design: OrthonormalDesign, projected: Array, totals: Array, gamma: float) -> Array:
    """Coefficients of what the columns explain of each response, where that is better than nothing.

    Parameters
    ----------
    design : OrthonormalDesign
        Of the quantities.
    projected : Array (response, orthonormal column)
        The responses' coefficients without a penalty. [any units]
    totals : Array (response,)
        Sums of squares of the responses. [their units squared]
    gamma : float
        How often a degree of freedom counts in GCV, from 1. [1]

    Returns
    -------
    Array (response, orthonormal column)
        0 where a constant has the lower GCV. [the responses' units]

    Examples
    --------
    >>> from netcea.decision.value_of_information.basis import smooth_design
    >>> x = np.repeat([-1.0, 1.0], 50)
    >>> design = orthonormal(smooth_design([x]))
    >>> smooth_coefficients(design, np.array([[0.1]]), np.array([100.0]), 1.2).tolist()
    [[0.0]]
    """
    n, choices = design.columns.draws, _shrinkage(design)
    found = np.zeros_like(projected)
    for at, (coefficients, total) in enumerate(zip(projected, totals, strict=True)):
        if total > 0.0:
            scores = _scores(choices, coefficients[np.newaxis] ** 2, float(total), n, gamma)[0]
            best = int(np.argmin(scores))
            if scores[best] < np.log(total) - 2.0 * np.log(n - gamma):
                found[at] = choices[best] * coefficients
    return found


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
    columns, constant = design.columns, design.columns.constant
    gram = columns.gram()
    means = gram @ constant / columns.draws
    values, vectors = np.linalg.eigh(gram - columns.draws * np.outer(means, means))
    kept = values > 1e-10 * values[-1]
    whiten = vectors[:, kept] / np.sqrt(values[kept])
    rough, rotation = np.linalg.eigh(whiten.T @ design.penalty @ whiten)
    turn = whiten @ rotation
    return OrthonormalDesign(
        columns, turn - np.outer(constant, means @ turn), np.where(rough > STRAIGHT * rough[-1], rough, 0.0)
    )


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
    centred = response - response.mean()
    covariance = design.turn.T @ design.columns.gram(centred) @ design.turn
    values, vectors = np.linalg.eigh(covariance)
    if values[-1] <= 0.0:
        return 0.0, np.zeros(NULLS)
    noise = (_deviates(len(values)) * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    weights = _shrinkage(design)
    explained = 2.0 * weights - weights**2
    mean = explained @ np.diag(covariance)
    deviation = np.sqrt(2.0 * np.einsum("si,ij,sj->s", explained, covariance**2, explained, optimize=True))
    squared = np.concatenate([design.project(centred[np.newaxis]), noise]) ** 2
    beyond = ((squared @ explained.T - mean) / deviation).max(axis=1)
    return float(beyond[0]), np.asarray(beyond[1:], dtype=np.float64)


@lru_cache(maxsize=2)
def _deviates(count: int) -> Array:
    """Return standard normal numbers, Array (NULLS, count), the same each time."""
    return stream(0, "responses of noise").standard_normal((NULLS, count))


@dataclass(frozen=True)
class _Regression:
    """One regression as it is solved, of a response less its mean; names and units as of `Fit`."""

    mean: float
    total: float
    weights: Array
    projected: Array
    smooth: Array
    residual: Array
    held_out: Array
    noise: Array


def _flat(design: OrthonormalDesign, mean: float) -> Fit:
    n, none = design.columns.draws, np.zeros(len(design.roughness))
    return Fit(np.full(n, mean), np.zeros(n), none, 0.0, 0.0, 1.0, 1.0, 0.0, design)


def _fit(design: OrthonormalDesign, solved: _Regression) -> Fit:
    n, weights, total = design.columns.draws, solved.weights, solved.total
    unexplained = float(np.vecdot(solved.residual, solved.residual))
    variance = unexplained / max(n - 1.0 - float(weights.sum()), 1.0)
    exact = variance * n <= EXACT_FIT * total
    return Fit(
        fitted=solved.mean + solved.smooth,
        residual=solved.residual,
        weights=weights,
        noise=float(weights**2 @ solved.noise) / n,
        signal=max(float(weights**2 @ (solved.projected**2 - solved.noise)) / n, 0.0),
        r_squared=1.0 - unexplained / total,
        held_out_r_squared=1.0 - float(np.vecdot(solved.held_out, solved.held_out)) / total,
        residual_structure=0.0 if exact else _structure(solved.smooth, solved.residual, variance),
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
