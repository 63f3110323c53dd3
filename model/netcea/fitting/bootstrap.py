"""Bootstrap of maximum likelihood fits: patients drawn again within each arm, and the family fitted to them anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.external.terms import ExternalTerms
from netcea.fitting.highest import climb
from netcea.fitting.log_likelihood import LogLikelihood
from netcea.fitting.maximum_likelihood import LikelihoodFit
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified

FEWEST: Final = 50
"""Replicates of which a standard error is made."""
LARGEST_LOSS: Final = 0.1
"""Share of replicates without a fit beyond which they say nothing of the others' spread."""
ENOUGH: Final = 1e-4
"""Gain of a replicate's last step: what is left after it is below a ten-thousandth of a standard error. [log]"""


@dataclass(frozen=True, eq=False)
class Replicates:
    """A fit, and the same family fitted to patients drawn again.

    Attributes
    ----------
    fit : LikelihoodFit
        To the patients themselves.
    real_line : Array (replicate, parameter)
        Estimates; NaN where there are none. [real line]
    """

    fit: LikelihoodFit
    real_line: Array

    @property
    def found(self) -> Array:
        """Estimates of the replicates that have any, (replicate, parameter). [real line].

        Examples
        --------
        >>> from netcea.fitting.candidates import Candidate
        >>> from netcea.fitting.maximum_likelihood import fit_family
        >>> fit = fit_family(Candidate("exponential"), Patients.of([1.0, 2.0], [1, 1]))
        >>> Replicates(fit, np.array([[0.1], [np.nan], [0.2]])).found.tolist()
        [[0.1], [0.2]]
        """
        return np.asarray(self.real_line[~np.isnan(self.real_line[:, 0])])

    @property
    def failed(self) -> int:
        """Replicates on which the family has no fit. [1]."""
        return len(self.real_line) - len(self.found)

    @property
    def covariance(self) -> Array:
        """Covariance of the estimates over the replicates, (parameter, parameter). [squares of the same].

        References
        ----------
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, 6.
        """
        found = self.found
        k = found.shape[1]
        return np.atleast_2d(np.cov(found, rowvar=False)) if len(found) > 1 else np.full((k, k), np.nan)


def drawn_again(sizes: Mapping[str, int], replicates: int, seed: int) -> Iterator[Array]:
    """Yield how often each patient is drawn, replicate by replicate.

    Parameters
    ----------
    sizes : mapping of str -> int
        Arm -> patients, in their order.
    replicates : int
        How many are yielded.
    seed : int
        Same seed and arm, same patients: every family and every endpoint of an arm is fitted to the same ones.

    Yields
    ------
    Array (patient,)
        Of each arm as many in all as it has patients. [1]

    Examples
    --------
    >>> [float(counts.sum()) for counts in drawn_again({"old": 3, "new": 2}, 2, 1)]
    [5.0, 5.0]
    """
    streams = {arm: np.random.default_rng([seed, *sha256(arm.encode()).digest()[:8]]) for arm in sizes}
    for _ in range(replicates):
        yield np.concatenate(
            [np.bincount(streams[arm].integers(0, n, n), minlength=n) for arm, n in sizes.items()]
        ).astype(np.float64)


def bootstrap(
    fit: LikelihoodFit, patients: Patients, sizes: Mapping[str, int], replicates: int, seed: int = 1
) -> Replicates:
    """Fit a family to patients drawn again within each arm.

    Parameters
    ----------
    fit : LikelihoodFit
        Of the family to the patients.
    patients : Patients
        To which it was fitted, arm after arm.
    sizes : mapping of str -> int
        Arm -> patients, in that order.
    replicates : int
        From 50.
    seed : int
        See `drawn_again`.

    Returns
    -------
    Replicates
        With those that failed counted.

    Raises
    ------
    ValueError
        Too few replicates.

    Notes
    -----
    Knots and breaks stay where the patients themselves put them, so that the parameters mean the same in every
    replicate. External terms are drawn again too: each is moved by a normal number of its standard errors, larger ones
    where its weight is small. Each replicate climbs from the fit to the patients. A replicate fails where no patient
    with an event is drawn, or the likelihood has no maximum.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, 6: nonparametric, patients with their follow-up.

    Examples
    --------
    >>> patients = Patients.of(np.arange(1.0, 101.0), np.ones(100))
    >>> from netcea.fitting.candidates import Candidate
    >>> from netcea.fitting.maximum_likelihood import fit_family
    >>> found = bootstrap(fit_family(Candidate("exponential"), patients), patients, {"all": 100}, 200)
    >>> found.failed, bool(0.04 < found.covariance[0, 0] ** 0.5 < 0.07)  # 0.058: variation of the times / sqrt(100)
    (0, True)
    """
    if replicates < FEWEST:
        raise ValueError(f"replicates: found {replicates}; expected {FEWEST} or more")
    rows = np.full((replicates, len(fit.names)), np.nan)
    external = external_again(fit.external, replicates, seed)
    for row, (counts, terms) in enumerate(zip(drawn_again(sizes, replicates, seed), external, strict=True)):
        try:
            rows[row] = _again(fit, _weighted(patients, counts), terms)
        except NotIdentified:
            continue
    return Replicates(fit, rows)


def _weighted(patients: Patients, counts: Array) -> Patients:
    """Return patients as often as they were drawn."""
    drawn = counts > 0.0
    some = patients.where(drawn)
    return replace(some, weight=some.weight * counts[drawn])


def _again(fit: LikelihoodFit, patients: Patients, external: ExternalTerms | None) -> Array:
    if external is None:
        patients.require_events()
    return climb(LogLikelihood(fit.family, patients, external), fit.real_line, ENOUGH).parameters


def external_again(external: ExternalTerms | None, replicates: int, seed: int) -> Iterator[ExternalTerms | None]:
    """Yield external terms with other survivals, replicate by replicate; None where there are none.

    Parameters
    ----------
    external : ExternalTerms or None
        Those with a weight above 0 are drawn.
    replicates : int
        How many are yielded.
    seed : int
        Same seed and term, same survivals: every family is fitted to the same ones.

    Yields
    ------
    ExternalTerms or None
        See `ExternalTerms.moved`.

    Examples
    --------
    >>> list(external_again(None, 2, 1))
    [None, None]
    """
    active = None if external is None or not external.active.terms else external.active
    names = [] if active is None else [repr(replace(term, weight=1.0)) for term in active.terms]
    streams = [np.random.default_rng([seed, *sha256(name.encode()).digest()[:8]]) for name in names]
    for _ in range(replicates):
        yield None if active is None else active.moved(np.array([stream.standard_normal() for stream in streams]))
