"""The highest maximum of a likelihood that is reached from several points, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.draws import from_real_line
from netcea.fitting.log_likelihood import LogLikelihood
from netcea.fitting.newton import ENOUGH, Maximum, NoMaximum, maximise, runs_away
from netcea.fitting.published_figures import NotIdentified
from netcea.plain_number import read

BEYOND = 1e-6
"""By which a likelihood that has no maximum exceeds a local one that is then no estimate. [log]"""
FURTHEST_LOGIT = 12.0
"""Logarithmic odds of a share beyond which it is 0 or 1: 6 in a million."""

NO_EXCESS: Final = 1e-3
"""Events in excess, or share of a hazard in excess, below which there is none. [patients, share]"""


def climb(likelihood: LogLikelihood, start: Array, enough: float = ENOUGH) -> Maximum:
    """Climb to the nearest maximum of a likelihood, which of an excess hazard may be none.

    Parameters
    ----------
    likelihood : LogLikelihood
        Of a family.
    start : Array (parameter,)
        From which to climb. [real line]
    enough : float
        See `netcea.fitting.newton.maximise`. [log]

    Returns
    -------
    Maximum
        With the covariance there.

    Raises
    ------
    NotIdentified
        See `netcea.fitting.newton.maximise`; or an excess hazard that goes to 0, or on to another end of a parameter.

    Examples
    --------
    Two events in 12 years, where the general population would have one in 12: a rate of 1/12 in excess.

    >>> from netcea.fitting.background import Background
    >>> from netcea.fitting.patients import Patients
    >>> from netcea.survival import exponential
    >>> both = Patients.of([4.0, 8.0], [1, 1], background=Background(np.full(2, 1 / 12)))
    >>> np.exp(-climb(LogLikelihood(exponential, both), np.zeros(1)).parameters).round(4).tolist()
    [12.0]
    """
    found = maximise(likelihood, start, enough)
    if likelihood.patients.background is None:
        return found
    if runs_away(found.at) is not None or _in_excess(likelihood, found.parameters) < NO_EXCESS:
        raise NoMaximum(found.parameters, found.at.value)
    return found


def highest(likelihood: LogLikelihood, starts: Iterable[Array]) -> Maximum:
    """The highest of the maxima that are reached.

    Parameters
    ----------
    likelihood : LogLikelihood
        Of a family.
    starts : iterable of Array (parameter,)
        From which to climb, without coefficients of covariates. [real line]

    Returns
    -------
    Maximum
        With the covariance there.

    Raises
    ------
    NotIdentified
        None is reached, or the likelihood rises beyond it.

    Examples
    --------
    >>> from netcea.fitting.patients import Patients
    >>> from netcea.survival import exponential
    >>> few = LogLikelihood(exponential, Patients.of([4.0, 8.0], [1, 0]))
    >>> np.exp(-highest(few, [np.zeros(1), np.ones(1)]).parameters).round(4).tolist()  # one event in 12 years
    [12.0]
    """
    zeros = np.zeros(len(likelihood.patients.names))
    best: Maximum | None = None
    beyond: NoMaximum | None = None
    refusal: NotIdentified | None = None
    for start in starts:
        try:
            found = climb(likelihood, np.concatenate([start, zeros]))
        except NoMaximum as error:
            beyond = error if beyond is None or error.value > beyond.value else beyond
        except NotIdentified as error:
            refusal = error
        else:
            best = found if best is None or found.at.value > best.at.value else best
    if beyond is not None and (best is None or beyond.value > best.at.value + BEYOND):
        raise NotIdentified(_towards(likelihood, beyond))
    if best is None:
        raise refusal or NotIdentified("there is no point from which the search could begin")
    _refuse_ends(likelihood, best)
    return best


def _in_excess(likelihood: LogLikelihood, parameters: Array) -> float:
    """Return how many events the family's own hazard accounts for. [patients]"""
    shares, weights = likelihood.shares_in_excess(parameters)
    return float((shares * weights).sum())


def _towards(likelihood: LogLikelihood, beyond: NoMaximum) -> str:
    """Say where a likelihood goes on rising."""
    with np.errstate(over="ignore"):
        where = ", ".join(
            f"{name} {read(float(from_real_line(np.array(x), scale)), 3)}"
            for name, scale, x in zip(likelihood.names, likelihood.scales, beyond.parameters, strict=True)
        )
    if likelihood.patients.background is not None:
        if _in_excess(likelihood, beyond.parameters) < NO_EXCESS:
            return (
                "the likelihood has no maximum: it rises as the excess hazard goes to 0, because no more have the "
                "event than in the general population they are matched to"
            )
        if likelihood.shares_in_excess(beyond.parameters)[0].min() < NO_EXCESS:
            return f"the likelihood has no maximum: it rises until the excess hazard is 0 at some events, at {where}"
    return f"the likelihood has no maximum: it still rises at {where}"


def _refuse_ends(likelihood: LogLikelihood, best: Maximum) -> None:
    """Refuse a share that the data put at 0 or 1, where its logarithmic odds have no estimate."""
    for name, scale, x in zip(likelihood.names, likelihood.scales, best.parameters, strict=True):
        if scale == "logit" and abs(x) > FURTHEST_LOGIT:
            end = "0" if x < 0.0 else "1"
            raise NotIdentified(f"the likelihood has no maximum: it rises as {name} goes to {end}")
