"""Families of curves fitted to patients by maximum likelihood: estimates with their covariance, or why none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from netcea.arrays import Array
from netcea.draws import from_real_line
from netcea.fitting.candidates import Candidate, candidates
from netcea.fitting.external.terms import ExternalTerms, with_stand_ins
from netcea.fitting.highest import highest
from netcea.fitting.log_likelihood import LogLikelihood
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.starts import starts_of
from netcea.survival.base import Distribution
from netcea.survival.survival_curve import SurvivalCurve


@dataclass(frozen=True, eq=False)
class LikelihoodFit:
    """A family fitted to patients.

    Attributes
    ----------
    candidate : Candidate
        What was asked for.
    family : Distribution
        With its structure.
    names : tuple of str
        Of the parameters, then of the covariates' coefficients.
    scales : tuple of str
        Real line of each: log, logit or identity.
    real_line : Array (parameter,)
        Estimates. [real line]
    covariance : Array (parameter, parameter)
        Inverse of the observed information. [squares of the same]
    log_likelihood : float
        At its maximum, external terms included. [log]
    n, events : int
        [patients]
    external : ExternalTerms or None
        What the likelihood holds beside the patients; AIC and BIC compare families with the same.
    """

    candidate: Candidate
    family: Distribution
    names: tuple[str, ...]
    scales: tuple[str, ...]
    real_line: Array
    covariance: Array
    log_likelihood: float
    n: int
    events: int
    external: ExternalTerms | None = None

    @property
    def name(self) -> str:
        """Of the family with its structure."""
        return self.candidate.name

    @property
    def estimates(self) -> dict[str, float]:
        """Name -> estimate on its published scale. [as the family says]."""
        return {
            name: float(from_real_line(np.array(x), scale))
            for name, scale, x in zip(self.names, self.scales, self.real_line, strict=True)
        }

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 x parameters - 2 x log-likelihood. [1]."""
        return 2.0 * len(self.names) - 2.0 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, log(patients) x parameters - 2 x log-likelihood. [1]."""
        return float(np.log(self.n)) * len(self.names) - 2.0 * self.log_likelihood

    def curve(self, covariates: Mapping[str, float] | None = None) -> SurvivalCurve:
        """The fitted curve.

        Parameters
        ----------
        covariates : mapping of str -> float, optional
            Of whom; 0 where one is left out. [as given]

        Returns
        -------
        SurvivalCurve
            At the estimates.

        Examples
        --------
        >>> fit = fit_family(Candidate("exponential"), Patients.of([4.0, 8.0], [1, 0]))
        >>> round(fit.curve().survival(12.0), 4)  # 1/e
        0.3679
        """
        return self.curve_at(self.real_line, covariates)

    def curve_at(self, real_line: Array, covariates: Mapping[str, float] | None = None) -> SurvivalCurve:
        """The curve at other parameters than the estimates.

        Parameters
        ----------
        real_line : Array (parameter,) or (draw, parameter)
            In the order of `names`. [real line]
        covariates : mapping of str -> float, optional
            Of whom; 0 where one is left out. [as given]

        Returns
        -------
        SurvivalCurve
            One, or one for each draw.

        Examples
        --------
        >>> fit = fit_family(Candidate("exponential"), Patients.of([4.0, 8.0], [1, 0]))
        >>> fit.curve_at(np.log([[0.5], [0.25]])).survival(2.0).round(4).tolist()  # 1/e, 1/sqrt(e)
        [0.3679, 0.6065]
        """
        columns, own = np.moveaxis(real_line, -1, 0), len(self.family.parameters)
        given = covariates or {}
        shift = np.asarray(
            sum(given.get(name, 0.0) * b for name, b in zip(self.names[own:], columns[own:], strict=True))
        )
        values = {
            p.name: from_real_line(x + (shift if p.name in self.family.location else 0.0), p.real_line)
            for p, x in zip(self.family.parameters, columns, strict=False)
        }
        return self.family(**values)


@dataclass(frozen=True)
class Refused:
    """A family that could not be fitted, and why.

    Attributes
    ----------
    candidate : Candidate
    reason : str
    """

    candidate: Candidate
    reason: str

    @property
    def name(self) -> str:
        """Of the family with its structure."""
        return self.candidate.name


def fit_patients(
    patients: Patients, families: Iterable[Candidate] | None = None, external: ExternalTerms | None = None
) -> tuple[LikelihoodFit | Refused, ...]:
    """Fit families to patients; every family is answered, none is left out.

    Parameters
    ----------
    patients : Patients
        Of one arm, or of several with covariates that tell them apart.
    families : iterable of Candidate, optional
        `candidates` when left out.
    external : ExternalTerms, optional
        Further terms of the likelihood, with the covariates of the patients.

    Returns
    -------
    tuple of LikelihoodFit or Refused
        In their order.

    Examples
    --------
    >>> few = Patients.of([1.0, 2.0, 4.0], [1, 1, 0])
    >>> [type(found).__name__ for found in fit_patients(few, [Candidate("exponential"), Candidate("royston_parmar",
    ...     "hazard", 3)])]
    ['LikelihoodFit', 'Refused']
    """
    fitter = _Fitter(patients, external)
    found: list[LikelihoodFit | Refused] = []
    for candidate in candidates() if families is None else families:
        try:
            found.append(fitter.fit(candidate))
        except NotIdentified as error:
            found.append(Refused(candidate, str(error)))
    return tuple(found)


def fit_family(candidate: Candidate, patients: Patients, external: ExternalTerms | None = None) -> LikelihoodFit:
    """Fit one family to patients.

    Parameters
    ----------
    candidate : Candidate
        The family.
    patients : Patients
        Of one arm, or of several with covariates that tell them apart.
    external : ExternalTerms, optional
        Further terms of the likelihood, with the covariates of the patients.

    Returns
    -------
    LikelihoodFit
        At the highest maximum.

    Raises
    ------
    NotIdentified
        No event; a likelihood without a maximum; an information that is not positive definite; a structure that the
        data cannot bear.

    Notes
    -----
    The highest of the maxima that Newton's method reaches from several starting points, with exact first and second
    derivatives; see `netcea.fitting.log_likelihood.LogLikelihood` for the likelihood.

    References
    ----------
    Jackson (2016), flexsurv: a platform for parametric survival modelling in R. J Stat Softw 70(8).
    NICE DSU Technical Support Document 14.

    Examples
    --------
    Two events in 7 person-years:

    >>> fit = fit_family(Candidate("exponential"), Patients.of([1.0, 2.0, 4.0], [1, 1, 0]))
    >>> round(fit.estimates["rate"], 4), round(float(fit.covariance[0, 0]), 4)  # 2 / 7, 1 / 2
    (0.2857, 0.5)
    """
    return _Fitter(patients, external).fit(candidate)


@dataclass
class _Fitter:
    """Fits families to the same patients; those that others begin from are fitted once."""

    patients: Patients
    external: ExternalTerms | None = None
    _simple: dict[tuple[str, int], Array] = field(default_factory=dict)

    def fit(self, candidate: Candidate) -> LikelihoodFit:
        external = None if self.external is None else self.external.active
        if external is None or not external.terms:
            self.patients.require_events()
        family = candidate.model(self.patients)
        likelihood = LogLikelihood(family, self.patients, external)
        near = self.patients if external is None else with_stand_ins(self.patients, external)
        best = highest(likelihood, starts_of(family, near, self._begin))
        return LikelihoodFit(
            candidate,
            family,
            likelihood.names,
            likelihood.scales,
            best.parameters,
            best.covariance,
            best.at.value,
            self.patients.n,
            self.patients.events,
            self.external,
        )

    def _begin(self, family: Distribution, patients: Patients) -> Array:
        """Return the parameters of a simpler family, fitted without covariates."""
        key = (family.name, patients.n)
        if key not in self._simple:
            plain = patients.plain
            likelihood = LogLikelihood(family, plain)
            self._simple[key] = highest(likelihood, starts_of(family, plain, self._begin)).parameters
        return self._simple[key]
