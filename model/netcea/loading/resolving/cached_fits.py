"""Fits of published figures, each made once: scenarios of one run mostly share them; made again at other figures."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from netcea.fitting import Figure, NotIdentified, SummaryFit, Trial, fit_curve, fit_trial, landmark_correlation
from netcea.fitting.refit import with_figures
from netcea.survival.base import Distribution

if TYPE_CHECKING:
    from netcea.loading.resolving.trial_correlations import Matrix

Family: TypeAlias = "str | Distribution"
"""Of curves: by its name, or with its knots, breaks or base."""


@lru_cache(maxsize=256)
def trial_fit(
    family: Family, trial: Trial, correlation: Matrix, fixed_shape: float | None, *, with_covariance: bool
) -> SummaryFit:
    """Fit the arms of a trial, as `fit_trial` does.

    Parameters
    ----------
    family : str or Distribution
    trial : Trial
    correlation : matrix (figure, figure)
    fixed_shape : float or None
    with_covariance : bool
        See `fit_trial`.
    """
    return fit_trial(family, trial, np.array(correlation), fixed_shape, with_covariance=with_covariance)


def trial_again(
    family: Family,
    trial: Trial,
    correlation: Matrix,
    fixed_shape: float | None,
    near: tuple[float, ...],
    figures: tuple[Figure, ...],
) -> SummaryFit:
    """Fit the arms of a trial at other figures.

    Parameters
    ----------
    family : str or Distribution
    trial : Trial
        As published.
    correlation : matrix (figure, figure)
    fixed_shape : float or None
        See `fit_trial`.
    near : tuple of float
        The estimate at the published figures.
    figures : tuple of Figure
        In their place.
    """
    moved, known = with_figures(trial, figures), np.array(correlation)
    return fit_trial(family, moved, known, fixed_shape, with_covariance=False, near=np.array(near))


@lru_cache(maxsize=256)
def curve_fit(
    family: Family, figures: tuple[Figure, ...], exact: tuple[int, ...] | None, correlation: Matrix | None
) -> SummaryFit:
    """Fit one curve, as `fit_curve` does.

    Parameters
    ----------
    family : str or Distribution
    figures : tuple of Figure
    exact : tuple of int or None
        Which are met exactly.
    correlation : matrix (figure, figure) or None
        See `fit_curve`.
    """
    return curve_again(family, exact, correlation, None, figures)


def curve_again(
    family: Family,
    exact: tuple[int, ...] | None,
    correlation: Matrix | None,
    near: tuple[float, ...] | None,
    figures: tuple[Figure, ...],
) -> SummaryFit:
    """Fit one curve at other figures.

    Parameters
    ----------
    family : str or Distribution
    exact : tuple of int or None
        Which are met exactly.
    correlation : matrix (figure, figure) or None
        See `fit_curve`.
    near : tuple of float or None
        The estimate at the published figures.
    figures : tuple of Figure
        In their place.
    """
    through = None if exact is None else list(exact)
    known = None if correlation is None else np.array(correlation)
    return fit_curve(family, figures, through, known, near=None if near is None else np.array(near))


def landmarks_of_one_curve(figures: tuple[Figure, ...], *, strict: bool) -> Matrix | None:
    """Return the correlations of landmarks of one Kaplan-Meier curve; None where they are not, unless `strict`.

    Parameters
    ----------
    figures : tuple of Figure
        Of any kind.
    strict : bool
        Whether landmarks that are not of one curve are refused.

    Raises
    ------
    NotIdentified
        `strict`, and variances that fall with time.
    """
    if any(figure.kind != "survival_at" or not figure.se for figure in figures):
        return None
    try:
        return tuple(map(tuple, landmark_correlation(figures).tolist()))
    except NotIdentified:
        if strict:
            raise
        return None
