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

SMOOTHNESS: Final = np.exp(np.linspace(np.log(1e-7), np.log(1e7), 57))
GCV_GAMMA: Final = 1.2
"""Degrees of freedom count a little more than once, which keeps GCV from following noise (as mgcv's gamma does)."""
BINS: Final = 20
"""Bins of fitted values in which residuals are looked at."""
EXACT_FIT: Final = 1e-9
"""A fit that leaves no more than this share of the variance is exact: what is left is rounding."""
OVERFITTED: Final = 0.05
"""In-sample minus held-out R^2 above which a fit follows noise."""


@dataclass(frozen=True)
class Fit:
    """One fitted regression.

    Attributes
    ----------
    fitted : Array (draw,)
        [the response's unit]
    root_covariance : Array (draw, column)
        Fitted values vary by root_covariance @ (standard normal numbers). [the response's unit]
    r_squared, held_out_r_squared : float
        In sample; of each draw by the regression without it (leave one out, exactly). [share]
    residual_structure : float
        Standardised mean residuals in bins of the fitted values: about 1 where the fit is right, far above where not.
        [1]
    """

    fitted: Array
    root_covariance: Array
    r_squared: float
    held_out_r_squared: float
    residual_structure: float

    @property
    def check(self) -> str:
        """'good', or what is wrong: it follows noise, or the residuals still have a structure."""
        if self.r_squared - self.held_out_r_squared > OVERFITTED:
            return "follows noise"
        if self.residual_structure > 1.0 + 5.0 * np.sqrt(2.0 / BINS):
            return "structure left in the residuals"
        return "good"


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
    return [_fit(design.columns, design.roughness, y) for y in responses]


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


def _fit(z: Array, roughness: Array, y: Array) -> Fit:
    n = len(y)
    mean = float(y.mean())
    centred = y - mean
    total = float(np.vecdot(centred, centred))
    if total <= 0.0:
        return Fit(np.full(n, mean), np.zeros((n, 1)), 1.0, 1.0, 0.0)
    projected = centred @ z
    scale = _scale(roughness)
    best = min(SMOOTHNESS, key=lambda s: _gcv(projected, roughness / scale, s, total, n))
    shrink = 1.0 / (1.0 + best * roughness / scale)
    smooth = z @ (shrink * projected)
    residual = centred - smooth
    freedom = 1.0 + float(shrink.sum())
    variance = float(np.vecdot(residual, residual)) / max(n - freedom, 1.0)
    leverage = 1.0 / n + (z**2) @ shrink
    held_out = residual / np.maximum(1.0 - leverage, 1e-6)
    return Fit(
        fitted=mean + smooth,
        root_covariance=np.sqrt(variance) * z * np.sqrt(shrink),
        r_squared=1.0 - float(np.vecdot(residual, residual)) / total,
        held_out_r_squared=1.0 - float(np.vecdot(held_out, held_out)) / total,
        residual_structure=_structure(smooth, residual, variance) if variance * n > EXACT_FIT * total else 0.0,
    )


def _scale(roughness: Array) -> float:
    positive = roughness[roughness > 0.0]
    return float(np.median(positive)) if len(positive) else 1.0


def _gcv(projected: Array, roughness: Array, smoothness: float, total: float, n: int) -> float:
    shrink = 1.0 / (1.0 + smoothness * roughness)
    residual = total - float(np.sum(projected**2 * (2.0 * shrink - shrink**2)))
    return residual / max(n - GCV_GAMMA * (1.0 + float(shrink.sum())), 1.0) ** 2


def _structure(fitted: Array, residual: Array, variance: float) -> float:
    """Return the mean square of standardised mean residuals in bins of the fitted values."""
    if variance <= 0.0:
        return 0.0
    parts = np.array_split(residual[np.argsort(fitted, kind="stable")], BINS)
    return float(np.mean([len(p) * p.mean() ** 2 / max(float(p.var()), 1e-12 * variance) for p in parts]))
