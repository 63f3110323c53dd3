"""The log-likelihood of a family of curves, with its gradient and Hessian on the real line of the parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.external.terms import CumulativeHazard, ExternalTerms
from netcea.fitting.patients import Patients, Rows
from netcea.fitting.published_figures import NotIdentified
from netcea.survival.base import Distribution
from netcea.survival.elementwise import quietly
from netcea.survival.jets import Jet, log_of_sum, variables

BLOCK = 4096
"""Rows that are evaluated together, so that they stay in the processor's cache."""


class At(NamedTuple):
    """A log-likelihood at some parameters.

    Attributes
    ----------
    value : float
        [log]
    gradient : Array (parameter,)
        [log / parameter]
    hessian : Array (parameter, parameter)
        [log / parameter^2]
    scores : Array (parameter, parameter)
        Sum of the outer products of the patients' own gradients; never negative definite. [log / parameter^2]
    """

    value: float
    gradient: Array
    hessian: Array
    scores: Array

    @property
    def is_finite(self) -> bool:
        """Whether all of it is."""
        return bool(np.isfinite(self.value) and all(np.isfinite(x).all() for x in self[1:]))


@dataclass(frozen=True, eq=False)
class LogLikelihood:
    """Log-likelihood of right-censored, left-truncated, weighted times, of all causes or in excess of a background.

    Attributes
    ----------
    family : Distribution
    patients : Patients
    external : ExternalTerms, optional
        What is known of survival beside the patients.

    Notes
    -----
    The sum over patients of w (d log h(t) - H(t) + H(entry)): h and H are the family's hazard and cumulative hazard, w
    weights, d is 1 for an event. Covariates x shift the family's location parameters on their real line by x b.
    External terms are added; see `netcea.fitting.external.terms.ExternalTerms`.

    Where patients have a background, the family is that of the excess hazard, and the sum that of
    w (d log(h*(t) + h(t)) - H(t) + H(entry) - H*): h* is the general population's hazard at the patient's own time, H*
    its cumulative hazard from entry to then. H* does not depend on the parameters; it is in the sum so that
    log-likelihoods compare with those of families of all causes together, and left out where nobody knows it.

    References
    ----------
    Klein and Moeschberger (2003), Survival analysis, 2nd ed., 3.5: likelihoods of censored and truncated data.
    Nelson, Lambert, Squire and Jones (2007), Stat Med 26:5486-5498: likelihood of relative survival.
    NICE DSU Technical Support Document 21, section 7: general population mortality and excess hazards.

    Examples
    --------
    One event in 12 years at a rate of 1/12: log(1/12) - 1.

    >>> from netcea.survival.distributions import distribution
    >>> at = LogLikelihood(distribution("exponential"), Patients.of([4.0, 8.0], [1, 0]))(np.array([np.log(1 / 12)]))
    >>> round(at.value, 4), round(float(at.gradient[0]), 12), round(float(at.hessian[0, 0]), 12)
    (-3.4849, 0.0, -1.0)
    """

    family: Distribution
    patients: Patients
    external: ExternalTerms | None = None

    def __post_init__(self) -> None:
        if self.patients.names and not self.family.location:
            raise NotIdentified(f"a {self.family.name} has no parameter on which covariates act: fit each arm apart")

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters, then of the covariates' coefficients."""
        return (*(p.name for p in self.family.parameters), *self.patients.names)

    @property
    def scales(self) -> tuple[str, ...]:
        """Real line of each."""
        return (*(p.real_line for p in self.family.parameters), *("identity" for _ in self.patients.names))

    @quietly
    def __call__(self, theta: Array) -> At:
        """Return the log-likelihood with its derivatives; `theta` Array (parameter,) on the real line."""
        size = len(theta)
        total = At(-self.patients.expected, np.zeros(size), np.zeros((size, size)), np.zeros((size, size)))
        unit = variables(theta)
        for rows, died, sign in self._blocks():
            real = self._real(unit, rows.covariates)
            h, log_hazard = self.family.likelihood_terms(rows.times, real)
            if rows.background is not None:
                log_hazard = log_of_sum(log_hazard, rows.background)
            terms = log_hazard - h if died else h * sign
            own = np.broadcast_to(terms.slope, (size, len(rows.times)))
            value, gradient, hessian = terms.weighted(rows.weights)
            total = At(
                total.value + value,
                total.gradient + gradient,
                total.hessian + hessian,
                total.scores + (own * rows.weights) @ own.T,
            )
        if self.external is None:
            return total
        value, gradient, hessian, scores = self.external.sums(self._cumulative(unit))
        return At(total.value + value, total.gradient + gradient, total.hessian + hessian, total.scores + scores)

    def _cumulative(self, unit: list[Jet]) -> CumulativeHazard:
        return lambda times, x: self.family.likelihood_terms(times, self._real(unit, x))[0]

    @quietly
    def shares_in_excess(self, theta: Array) -> tuple[Array, Array]:
        """Share of the hazard at each event that is the family's own, and not the general population's.

        Parameters
        ----------
        theta : Array (parameter,)
            [real line]

        Returns
        -------
        shares : Array (row,)
            From 0 to 1: h / (h* + h); 1 where patients have no background. [share]
        weights : Array (row,)
            Events of each. [patients]

        Examples
        --------
        >>> from netcea.fitting.background import Background
        >>> from netcea.survival.distributions import distribution
        >>> both = Patients.of([4.0], [1], background=Background(np.array([0.3])))
        >>> shares, _ = LogLikelihood(distribution("exponential"), both).shares_in_excess(np.log([0.1]))
        >>> shares.round(6).tolist()  # 0.1 / (0.3 + 0.1)
        [0.25]
        """
        rows, unit = self.patients.died, variables(theta)
        log_hazard = self.family.likelihood_terms(rows.times, self._real(unit, rows.covariates))[1].value
        hazard = np.broadcast_to(np.exp(log_hazard), rows.times.shape)
        background = np.zeros_like(rows.times) if rows.background is None else rows.background
        return np.asarray(hazard / (background + hazard)), rows.weights

    def _blocks(self) -> Iterator[tuple[Rows, bool, float]]:
        """Yield rows, whether they are of events, and the sign of their cumulative hazard."""
        of = ((self.patients.died, True, -1.0), (self.patients.censored, False, -1.0))
        for rows, died, sign in (*of, (self.patients.entered, False, 1.0)):
            for start in range(0, len(rows.times), BLOCK):
                yield rows.part(slice(start, start + BLOCK)), died, sign

    def _real(self, unit: list[Jet], covariates: Array) -> list[Jet]:
        """Return the family's parameters of the patients of some rows, as jets."""
        own = len(self.family.parameters)
        if not len(covariates):
            return unit
        shift = unit[own] * covariates[0]
        for coefficient, x in zip(unit[own + 1 :], covariates[1:], strict=True):
            shift = shift + coefficient * x
        return [
            one + shift if p.name in self.family.location else one
            for p, one in zip(self.family.parameters, unit, strict=False)
        ]
