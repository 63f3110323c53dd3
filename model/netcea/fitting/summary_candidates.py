"""Families that are fitted to published figures, with the structure that the figures' times give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from netcea.fitting.candidates import Candidate, candidates
from netcea.fitting.published_figures import Figure, NotIdentified, SummaryFit
from netcea.survival.base import Distribution
from netcea.survival.distributions import distribution


@dataclass(frozen=True, kw_only=True)
class FamilyFit(SummaryFit):
    """A fit to published figures with its family.

    Attributes
    ----------
    candidate : Candidate
    model : Distribution
        The family with its structure.
    """

    candidate: Candidate
    model: Distribution

    @classmethod
    def of(cls, fit: SummaryFit, candidate: Candidate, model: Distribution) -> FamilyFit:
        """A fit with its family.

        Parameters
        ----------
        fit : SummaryFit
            To figures.
        candidate : Candidate
            As it was asked for.
        model : Distribution
            The family with its structure.

        Returns
        -------
        FamilyFit
            The same fit.
        """
        found = {field.name: getattr(fit, field.name) for field in fields(SummaryFit)}
        return cls(**found, candidate=candidate, model=model)


def summary_candidates() -> tuple[Candidate, ...]:
    """Families that are fitted to figures unless others are asked for.

    Returns
    -------
    tuple of Candidate
        Those that are fitted to patients, splines with one internal knot only.

    Examples
    --------
    >>> len(summary_candidates())
    13
    """
    return tuple(one for one in candidates() if (one.internal_knots or 1) == 1)


def model_for(candidate: Candidate, figures: Sequence[Figure]) -> Distribution:
    """A family with its structure: knots and breaks at times of figures.

    Parameters
    ----------
    candidate : Candidate
        Without breaks of its own: two, of figures' times.
    figures : sequence of Figure
        One unit of time throughout.

    Returns
    -------
    Distribution
        Without parameters.

    Raises
    ------
    NotIdentified
        Too few different times.

    Notes
    -----
    Knots of a spline are the first and the last time, and equally spaced quantiles of the logarithms between them.
    Breaks divide the times before the last into as many pieces with as many figures in each.

    Examples
    --------
    >>> months = [Figure("survival_at", s, 0.1, t) for s, t in ((0.8, 6.0), (0.5, 12.0), (0.3, 24.0))]
    >>> model_for(Candidate("piecewise_exponential"), months).constants
    {'break1': 6.0, 'break2': 12.0}
    """
    times = np.unique([figure.time or figure.value for figure in figures if figure.kind != "hazard_ratio"])
    if candidate.family == "royston_parmar":
        knots = (candidate.internal_knots or 0) + 2
        if len(times) < knots:
            raise NotIdentified(f"{knots} knots at {len(times)} different times of figures: add figures at other times")
        places = np.quantile(np.log(times), np.linspace(0.0, 1.0, knots))
        return distribution(candidate.family, knots=places.tolist(), scale=candidate.scale)
    structure: dict[str, Any] = {}
    if candidate.family == "piecewise_exponential":
        before = times[:-1]
        if candidate.breaks is None and len(before) < 2:
            raise NotIdentified(f"three pieces at {len(times)} different times of figures: add figures at other times")
        structure["breaks"] = candidate.breaks or before[[len(before) // 3, 2 * len(before) // 3]].tolist()
    elif candidate.base is not None:
        structure["base"] = distribution(candidate.base)
    return distribution(candidate.family, **structure)
