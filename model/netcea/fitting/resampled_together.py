"""How the estimates of two endpoints of the same patients go together, from patients drawn again for both."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.bootstrap import LARGEST_LOSS, Replicates
from netcea.fitting.published_figures import NotIdentified


class Together(NamedTuple):
    """Correlations of the estimates of two fits.

    Attributes
    ----------
    correlation : Array (parameter, parameter)
        Of the first fit's parameters, then of the second's: within each as its covariance has them. [1]
    used, replicates : int
        Replicates in which both have a fit, and all. [1]
    """

    correlation: Array
    used: int
    replicates: int


def estimates_together(first: Replicates, second: Replicates, covariances: tuple[Array, Array]) -> Together:
    """Correlations between the estimates of two endpoints of the same patients.

    Parameters
    ----------
    first, second : Replicates
        Of the same patients, drawn with the same seed.
    covariances : tuple of Array (parameter, parameter)
        From which each endpoint's own parameters are drawn. [squares of the parameters on the real line]

    Returns
    -------
    Together
        Positive definite.

    Raises
    ------
    NotIdentified
        More than a tenth of the replicates lack one of the fits, or one follows from the other.
    ValueError
        Different numbers of replicates.

    Notes
    -----
    Over the replicates the parameters of both have a covariance with blocks V_1, V_2 and C. Where V_i is the covariance
    R_i from which endpoint i is drawn (the bootstrap's), C is what is drawn across. Where it is not (the inverse of the
    information), the replicates are moved by the linear map that takes V_i to R_i and moves least,
    A_i = R_i^1/2 (R_i^1/2 V_i R_i^1/2)^-1/2 R_i^1/2 in units of standard errors, and C becomes A_1 C A_2.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, 6: units that are drawn are patients.
    Dowson and Landau (1982), J Multivariate Analysis 12:450-455: the map between two normal distributions.

    Examples
    --------
    An endpoint that is another one with noise of the same size: a correlation of 1 / sqrt(2).

    >>> from netcea.fitting.candidates import Candidate
    >>> from netcea.fitting.maximum_likelihood import fit_family
    >>> from netcea.fitting.patients import Patients
    >>> fit = fit_family(Candidate("exponential"), Patients.of([1.0, 2.0], [1, 1]))
    >>> x, y = np.array([[1.0], [-1.0], [1.0], [-1.0]]), np.array([[1.0], [1.0], [-1.0], [-1.0]])
    >>> own = np.array([[1.0]]), np.array([[2.0]])
    >>> estimates_together(Replicates(fit, x), Replicates(fit, x + y), own).correlation.round(2).tolist()
    [[1.0, 0.71], [0.71, 1.0]]
    """
    n = len(first.real_line)
    if len(second.real_line) != n:
        raise ValueError(f"replicates: found {n} and {len(second.real_line)}; expected the same")
    both = ~np.isnan(first.real_line[:, 0]) & ~np.isnan(second.real_line[:, 0])
    used, k = int(both.sum()), first.real_line.shape[1]
    if used < (1.0 - LARGEST_LOSS) * n:
        raise NotIdentified(f"{n - used:,} of {n:,} replicates lack a fit of one of both")
    sd = np.sqrt(np.concatenate([np.diag(covariance) for covariance in covariances]))
    standardised = np.column_stack([first.real_line[both], second.real_line[both]]) / sd
    joined = np.cov(standardised, rowvar=False)
    try:
        np.linalg.cholesky(joined)
    except np.linalg.LinAlgError:
        raise NotIdentified("the estimates of one endpoint follow from the other's") from None
    own = [_correlation(covariance) for covariance in covariances]
    maps = [_least_move(v, r) for v, r in zip((joined[:k, :k], joined[k:, k:]), own, strict=True)]
    across = maps[0] @ joined[:k, k:] @ maps[1]
    whole = np.block([[own[0], across], [across.T, own[1]]])
    return Together(np.asarray(whole, dtype=np.float64), used, n)


def _least_move(start: Array, end: Array) -> Array:
    """Return the symmetric A with A start A = end."""
    root = _power(end, 0.5)
    return np.asarray(root @ _power(root @ start @ root, -0.5) @ root, dtype=np.float64)


def _power(matrix: Array, power: float) -> Array:
    """Return a power of a positive definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * values**power) @ vectors.T, dtype=np.float64)


def _correlation(covariance: Array) -> Array:
    sd = np.sqrt(np.diag(covariance))
    found = covariance / np.outer(sd, sd)
    np.fill_diagonal(found, 1.0)
    return np.asarray((found + found.T) / 2.0, dtype=np.float64)
