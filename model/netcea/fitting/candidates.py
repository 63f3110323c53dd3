"""Families that are fitted to patients: each by a name of its own, with the structure that the data give it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified
from netcea.survival.base import Distribution
from netcea.survival.distributions import distribution, full_name
from netcea.survival.distributions.royston_parmar import Scale

STANDARD: Final = ("exponential", "weibull", "gompertz", "log_normal", "log_logistic", "gamma", "generalised_gamma")
"""Families of NICE DSU Technical Support Document 14, without a structure."""


class Candidate(NamedTuple):
    """A family that is to be fitted.

    Attributes
    ----------
    family : str
        A key of `netcea.survival.distributions.FAMILIES`.
    scale : {'hazard', 'odds', 'normal'}, optional
        royston_parmar: what the spline is.
    internal_knots : int, optional
        royston_parmar: how many, at equally spaced quantiles of the logarithms of the times of events.
    breaks : tuple of float, optional
        piecewise_exponential. [unit of time]
    base : str, optional
        Cure models: the family of those not cured.

    Examples
    --------
    >>> Candidate("royston_parmar", scale="odds", internal_knots=2).name
    'royston_parmar_odds_2'
    """

    family: str
    scale: Scale | None = None
    internal_knots: int | None = None
    breaks: tuple[float, ...] | None = None
    base: str | None = None

    @property
    def name(self) -> str:
        """The family with its structure; of a piecewise exponential without it."""
        return full_name(self.family, self.scale, self.base, self.internal_knots)

    def model(self, patients: Patients) -> Distribution:
        """The family with its structure.

        Parameters
        ----------
        patients : Patients
            Whose events place the knots.

        Returns
        -------
        Distribution
            Without parameters.

        Raises
        ------
        NotIdentified
            Too few different times of events for the knots.

        Examples
        --------
        >>> few = Patients.of([1.0, 2.0, 4.0], [1, 1, 1])
        >>> round(Candidate("royston_parmar", "hazard", 1).model(few).constants["knot1"], 4)  # log 2
        0.6931
        """
        if self.family == "royston_parmar":
            return distribution(self.family, knots=knots_at(patients, self.internal_knots or 0), scale=self.scale)
        structure: dict[str, Any] = {}
        if self.family == "piecewise_exponential":
            structure["breaks"] = self.breaks if self.breaks is not None else thirds(patients)
        elif self.base is not None:
            structure["base"] = distribution(self.base)
        return distribution(self.family, **structure)


def candidates() -> tuple[Candidate, ...]:
    """Families that are fitted unless others are asked for.

    Returns
    -------
    tuple of Candidate
        The seven of Technical Support Document 14; splines with one to three internal knots on three scales; a
        piecewise exponential; a mixture and a non-mixture cure model.

    References
    ----------
    NICE DSU Technical Support Document 14 (standard families) and 21 (splines, cure models).

    Examples
    --------
    >>> len(candidates()), candidates()[7].name
    (19, 'royston_parmar_hazard_1')
    """
    scales: tuple[Scale, ...] = ("hazard", "odds", "normal")
    return (
        *(Candidate(name) for name in STANDARD),
        *(Candidate("royston_parmar", scale, k) for scale in scales for k in (1, 2, 3)),
        Candidate("piecewise_exponential"),
        Candidate("mixture_cure", base="weibull"),
        Candidate("non_mixture_cure", base="weibull"),
    )


def knots_at(patients: Patients, internal: int) -> Array:
    """Knots of a spline: the first and the last time of an event, and equally spaced quantiles between them.

    Parameters
    ----------
    patients : Patients
        Whose events place the knots.
    internal : int
        How many between. [1]

    Returns
    -------
    Array (knot,)
        [log(unit of time)]

    Raises
    ------
    NotIdentified
        Knots that coincide.

    References
    ----------
    flexsurv, `flexsurvspline`: the same knots.

    Examples
    --------
    >>> np.exp(knots_at(Patients.of([1.0, 2.0, 4.0], [1, 1, 1]), 1)).round(6).tolist()
    [1.0, 2.0, 4.0]
    """
    events = np.log(patients.time[patients.event == 1.0])
    knots = np.quantile(events, np.linspace(0.0, 1.0, internal + 2)) if len(events) else np.zeros(2)
    if not (np.diff(knots) > 0.0).all():
        different = len(np.unique(events))
        raise NotIdentified(f"{internal} internal knots at quantiles of {different} different times of events coincide")
    return np.asarray(knots, dtype=np.float64)


def thirds(patients: Patients) -> tuple[float, ...]:
    """Breaks of a piecewise exponential that has a third of the events in each piece.

    Parameters
    ----------
    patients : Patients
        Whose events place the breaks.

    Returns
    -------
    tuple of float
        [unit of time]

    Raises
    ------
    NotIdentified
        Fewer than three different times of events.

    Examples
    --------
    >>> thirds(Patients.of([1.0, 2.0, 3.0, 4.0], [1, 1, 1, 1]))
    (2.0, 3.0)
    """
    events = patients.time[patients.event == 1.0]
    breaks = np.quantile(events, [1.0 / 3.0, 2.0 / 3.0], method="lower") if len(events) else np.zeros(2)
    distinct = bool(len(events)) and float(events.min()) < breaks[0] < breaks[1] < patients.time.max()
    if not distinct:
        raise NotIdentified("too few different times of events for three pieces")
    return tuple(float(b) for b in breaks)
