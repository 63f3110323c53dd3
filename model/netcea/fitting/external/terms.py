"""Terms of external information in a likelihood: their times, weights and sources, with exact derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.background import Background, one_after_another
from netcea.fitting.external.beliefs import Belief, OfHazard, together
from netcea.fitting.patients import Patients
from netcea.survival.elementwise import quietly
from netcea.survival.jets import Jet

Kind: TypeAlias = Literal["counts", "elicited", "landmark"]
CumulativeHazard: TypeAlias = Callable[[Array, Array], Jet]
"""Times (time,) and covariates (covariate, time) -> cumulative hazard with its derivatives."""
KINDS: Final[Mapping[str, str]] = {
    "counts": "counts",
    "elicited": "elicited survival",
    "landmark": "published survival",
}


@dataclass(frozen=True)
class ExternalTerm:
    """What a source says of the share of those alive at one time who are alive at a later one.

    Attributes
    ----------
    source : str
    kind : {'counts', 'elicited', 'landmark'}
    start, stop : float
        Times; start is 0 where survival from the beginning is meant. [unit of time]
    belief : Counted or Judged
        Its log-likelihood.
    weight : float
        By which the log-likelihood is multiplied; 0 leaves it out, 1 takes it in full. [1]
    stated, note : str
        What the source said, in words, and what to know of how it was read.
    background : float or None
        Cumulative hazard of the general population between the times, where the likelihood is that of an excess hazard:
        the share is of all causes. [1]

    References
    ----------
    Ibrahim and Chen (2000), Stat Sci 15:46-60: power priors, likelihoods of other data raised to a power.
    """

    source: str
    kind: Kind
    start: float
    stop: float
    belief: Belief
    weight: float = 1.0
    stated: str = ""
    note: str = ""
    background: float | None = None

    @property
    def patients(self) -> float:
        """How many patients would say as much with this weight. [patients]."""
        return self.weight * self.belief.patients

    def moved(self, deviate: float) -> ExternalTerm:
        """The same term with another survival, so many standard errors away.

        Parameters
        ----------
        deviate : float
            In standard errors that the weight leaves: smaller weights, larger errors. [1]

        Returns
        -------
        ExternalTerm
            Unchanged with a weight of 0. [unit of time]

        Examples
        --------
        >>> from netcea.fitting.external.beliefs import Judged
        >>> term = ExternalTerm("experts", "elicited", 0.0, 5.0, Judged("logit", -1.0, 0.2), 0.25)
        >>> term.moved(1.0).belief.mean  # 0.2 / sqrt(0.25)
        -0.6
        """
        return replace(self, belief=self.belief.moved(deviate / math.sqrt(self.weight))) if self.weight else self


@dataclass(frozen=True, eq=False)
class ExternalTerms:
    """Terms of the patients of some arms.

    Attributes
    ----------
    terms : tuple of ExternalTerm
    covariates : Array (covariate, term)
        Of the arm of each, where several arms are fitted together. [as given]

    Notes
    -----
    Each term adds w l(D) to the log-likelihood, with w its weight, D = H(stop) - H(start) the cumulative hazard between
    its times and l the log-likelihood of the share exp(-D). With D' and D'' the derivatives of D by the parameters, its
    gradient is w l' D', its Hessian w (l'' D' D'^T + l' D''). Of an excess hazard D = H*(stop) - H*(start) + H(stop) -
    H(start), H* of the general population: survival is the product of the general population's and the relative one.

    References
    ----------
    Guyot, Ades, Beasley, Lueza, Pignon and Welton (2017), Med Decis Making 37:353-366: trial, registry and population.
    Jackson (2023), BMC Med Res Methodol 23:282: counts between times in the likelihood (survextrap).
    Cooney and White (2023), Med Decis Making 43:299-310: densities of experts' survival in the likelihood.

    Examples
    --------
    90 of 100 alive at 5 years survive the sixth; at a rate of -log(0.9) the likelihood is highest:

    >>> from netcea.fitting.external.beliefs import Counted
    >>> terms = ExternalTerms((ExternalTerm("registry", "counts", 5.0, 6.0, Counted.counts(90.0, 100.0)),))
    >>> rate = Jet(np.array([-np.log(0.9)]), np.array([[-np.log(0.9)]]), np.array([[[-np.log(0.9)]]]))  # by log(rate)
    >>> value, gradient, hessian, _ = terms.sums(lambda times, _: rate * times)
    >>> round(value, 4), round(float(gradient[0]), 10)
    (-2.026, 0.0)
    """

    terms: tuple[ExternalTerm, ...]
    covariates: Array = field(default_factory=lambda: np.zeros((0, 0)))

    @cached_property
    def active(self) -> ExternalTerms:
        """Those with a weight above 0."""
        chosen = [i for i, term in enumerate(self.terms) if term.weight > 0.0]
        return ExternalTerms(tuple(self.terms[i] for i in chosen), self.design[:, chosen])

    @property
    def design(self) -> Array:
        """The covariates of each term, (covariate, term), also where there are none. [as given]."""
        return self.covariates if len(self.covariates) else np.zeros((0, len(self.terms)))

    @cached_property
    def _times(self) -> Array:
        return np.array([[term.start, term.stop] for term in self.terms]).reshape(-1, 2).T

    @property
    def _background(self) -> Array:
        return np.array([term.background or 0.0 for term in self.terms])

    def of_all_causes(self) -> ExternalTerms:
        """The same terms for a likelihood of all causes, which needs no background.

        Returns
        -------
        ExternalTerms
            Without any. [1]
        """
        return ExternalTerms(tuple(replace(term, background=None) for term in self.terms), self.covariates)

    @quietly
    def sums(self, cumulative: CumulativeHazard) -> tuple[float, Array, Array, Array]:
        """The weighted sum of the terms, with its derivatives.

        Parameters
        ----------
        cumulative : callable
            Times and covariates -> H as a jet.

        Returns
        -------
        value : float
            [log]
        gradient : Array (parameter,)
            [log / parameter]
        hessian, information : Array (parameter, parameter)
            Second derivatives; outer products of D' by the size of each term's curvature, which are never negative
            definite. [log / parameter^2]
        """
        between = self._between(cumulative) + self._background
        at = self._of_hazard(between.value)
        weights = np.array([term.weight for term in self.terms])
        value, gradient, hessian = between.through(*at).weighted(weights)
        slope = between.slope
        return value, gradient, hessian, (slope * np.abs(weights * at.second)) @ slope.T

    @quietly
    def values(self, survival: Callable[[Array], Array]) -> Array:
        """The log-likelihood of each term, times its weight.

        Parameters
        ----------
        survival : callable
            Times (time,) -> survival of the arm that the terms are of. [share]

        Returns
        -------
        Array (term,)
            0 where the weight is. [log]
        """
        at = self._of_hazard(-np.log(self.shares(survival)))
        weights = np.array([term.weight for term in self.terms])
        return np.where(weights > 0.0, weights * at.value, 0.0)

    def shares(self, survival: Callable[[Array], Array]) -> Array:
        """What a curve says of the share that each term is about.

        Parameters
        ----------
        survival : callable
            Times (time,) -> survival of the arm that the terms are of; relative survival where they have a background,
            which is multiplied in. [share]

        Returns
        -------
        Array (term,)
            From 0 to 1. [share]
        """
        start, stop = self._times
        return np.asarray(survival(stop)) / np.asarray(survival(start)) * np.exp(-self._background)

    def moved(self, deviates: Array) -> ExternalTerms:
        """Terms with other survivals, each so many standard errors away.

        Parameters
        ----------
        deviates : Array (term,)
            [1]

        Returns
        -------
        ExternalTerms
            See `ExternalTerm.moved`. [unit of time]
        """
        moved = (term.moved(float(z)) for term, z in zip(self.terms, deviates, strict=True))
        return ExternalTerms(tuple(moved), self.covariates)

    @cached_property
    def _alike(self) -> list[tuple[Array, Callable[[Array], OfHazard]]]:
        """Which terms have the same form, and what evaluates them together."""
        groups: dict[str, list[int]] = {}
        for i, term in enumerate(self.terms):
            groups.setdefault(term.belief.form, []).append(i)
        return [(np.array(of), together([self.terms[i].belief for i in of])) for of in groups.values()]

    def _of_hazard(self, d: Array) -> OfHazard:
        found = OfHazard(np.zeros_like(d), np.zeros_like(d), np.zeros_like(d))
        for which, evaluate in self._alike:
            for whole, part in zip(found, evaluate(d[which]), strict=True):
                whole[which] = part
        return found

    def _between(self, cumulative: CumulativeHazard) -> Jet:
        """Return D = H(stop) - H(start)."""
        start, stop = self._times
        whole = _full(cumulative(stop, self.design), len(stop))
        later = np.flatnonzero(start > 0.0)
        if len(later):
            before = _full(cumulative(start[later], self.design[:, later]), len(later))
            for part, less in ((whole.value, before.value), (whole.slope, before.slope), (whole.curve, before.curve)):
                if part is not None and less is not None:
                    part[..., later] -= less
        return whole


def _full(jet: Jet, n: int) -> Jet:
    """Return a jet whose arrays have a value for each time, and may be written to."""
    size = len(jet.slope)
    curve = np.zeros((size, size, n)) if jet.curve is None else np.array(np.broadcast_to(jet.curve, (size, size, n)))
    return Jet(np.array(np.broadcast_to(jet.value, (n,))), np.array(np.broadcast_to(jet.slope, (size, n))), curve)


def terms_of_arms(arms: Mapping[str, ExternalTerms], covariates: Mapping[str, Mapping[str, float]]) -> ExternalTerms:
    """Terms of several arms that are fitted together.

    Parameters
    ----------
    arms : mapping of str -> ExternalTerms
        Arm -> its terms.
    covariates : mapping of str -> mapping of str -> float
        Arm -> every covariate of its patients. [as given]

    Returns
    -------
    ExternalTerms
        In the order of the arms. [unit of time]

    Examples
    --------
    >>> from netcea.fitting.external.beliefs import Judged
    >>> term = ExternalTerm("experts", "elicited", 0.0, 5.0, Judged("logit", -1.0, 0.2))
    >>> both = terms_of_arms({"new": ExternalTerms((term,))}, {"old": {"new": 0.0}, "new": {"new": 1.0}})
    >>> both.covariates.tolist()
    [[1.0]]
    """
    terms = tuple(term for of in arms.values() for term in of.terms)
    columns = [list(covariates[arm].values()) for arm, of in arms.items() for _ in of.terms]
    return ExternalTerms(terms, np.array(columns, dtype=np.float64).reshape(len(terms), -1).T)


def with_stand_ins(patients: Patients, external: ExternalTerms) -> Patients:
    """Patients, and beside them such as would say about what the terms say: from them a search begins.

    Parameters
    ----------
    patients : Patients
        Of one arm or several.
    external : ExternalTerms
        Of the same covariates.

    Returns
    -------
    Patients
        For each term those who are at risk from its start, of whom some live to its stop and the others die midway,
        weighted by how many would say as much. [unit of time, patients]

    Examples
    --------
    >>> from netcea.fitting.external.beliefs import Counted
    >>> terms = ExternalTerms((ExternalTerm("registry", "counts", 5.0, 6.0, Counted.counts(90.0, 100.0)),))
    >>> both = with_stand_ins(Patients.of([1.0], [1]), terms)
    >>> both.time.tolist(), both.weight.round(9).tolist(), both.entry.tolist()
    ([1.0, 6.0, 5.5], [1.0, 90.0, 10.0], [0.0, 5.0, 5.0])
    """
    rows = [
        (time, event, term.start, term.patients * share, i)
        for i, term in enumerate(external.terms)
        for time, event, share in (
            (term.stop, 0.0, term.belief.mode),
            ((term.start + term.stop) / 2.0, 1.0, 1.0 - term.belief.mode),
        )
        if term.patients * share > 0.0
    ]
    if not rows:
        return patients
    time, event, entry, weight, which = (np.array(column) for column in zip(*rows, strict=True))
    of = which.astype(int)
    covariates = np.concatenate([patients.covariates.T, external.design[:, of]], axis=1)
    return Patients.of(
        np.concatenate([patients.time, time]),
        np.concatenate([patients.event, event]),
        np.concatenate([patients.entry, entry]),
        np.concatenate([patients.weight, weight]),
        dict(zip(patients.names, covariates, strict=True)),
        one_after_another([patients.background, _background_of(external, of, time - entry)]),
    )


def _background_of(external: ExternalTerms, of: NDArray[np.intp], at_risk: Array) -> Background:
    """Return the general population's mortality while stand-ins are at risk, its hazard even between a term's times."""
    hazards = np.array([(term.background or 0.0) / (term.stop - term.start) for term in external.terms])[of]
    return Background(hazards, hazards * at_risk)
