"""Where the search for the maximum of a likelihood begins: several points for each family."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified
from netcea.plain_number import read
from netcea.survival.base import Distribution
from netcea.survival.distributions import distribution
from netcea.survival.distributions.cure import Cure
from netcea.survival.distributions.piecewise_exponential import PiecewiseExponential
from netcea.survival.distributions.royston_parmar import RoystonParmar

if TYPE_CHECKING:
    from collections.abc import Sequence

CURED: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Shares cured of the excess, which the Kaplan-Meier estimate of all causes does not show."""
FIT = Callable[[Distribution, Patients], Array]
"""Fits a simpler family without covariates, and returns its parameters on the real line."""


def starts_of(family: Distribution, patients: Patients, fit: FIT) -> list[Array]:
    """Points from which the maximum of a family's likelihood is looked for.

    Parameters
    ----------
    family : Distribution
        With its structure.
    patients : Patients
        Of one arm or several.
    fit : callable
        Of a simpler family that this one extends.

    Returns
    -------
    list of Array (parameter,)
        Without coefficients of covariates. [real line]

    Raises
    ------
    NotIdentified
        The simpler family has no fit, or a piece of a piecewise exponential has no event.

    Examples
    --------
    >>> from netcea.survival import exponential
    >>> starts_of(exponential, Patients.of([4.0, 8.0], [1, 0]), lambda *_: None)[0].round(4).tolist()  # log 1/12
    [-2.4849]
    """
    if family.name == "generalised_gamma":
        return _generalised_gamma(patients, fit)
    if isinstance(family, RoystonParmar):
        return _spline(family, patients, fit)
    if isinstance(family, PiecewiseExponential):
        return [_pieces(family, patients)]
    if isinstance(family, Cure):
        return _cured(family, patients, fit)
    return _simple(family.name, patients)


def _simple(name: str, patients: Patients) -> list[Array]:
    events = float((patients.weight * patients.event).sum())
    last = float(patients.time.max())
    found = []
    for share in _shares_in_excess(patients, events):
        rate = np.log(share * events / patients.person_time)
        median = np.log(np.log(2.0)) - rate
        points: dict[str, Sequence[Sequence[float]]] = {
            "exponential": [[rate]],
            "weibull": [[0.0, -rate]],
            "weibull_ph": [[0.0, rate]],
            "gompertz": [[0.0, rate], [-2.0 / last, rate + 0.5], [2.0 / last, rate - 1.0]],
            "log_normal": [[median, 0.2]],
            "log_logistic": [[0.2, median]],
            "gamma": [[0.0, rate]],
        }
        found += [np.array(point) for point in points[name]]
    return found


def _shares_in_excess(patients: Patients, events: float) -> tuple[float, ...]:
    """Return shares of the events that may be in excess of the general population's: all, where it has no part."""
    if patients.background is None:
        return (1.0,)
    return (1.0, min(max(1.0 - patients.expected / events, 0.05), 0.5))


def _generalised_gamma(patients: Patients, fit: FIT) -> list[Array]:
    """Return the Weibull (Q = 1) and the log-normal (Q = 0), and what lies beyond both."""
    log_shape, log_scale = fit(distribution("weibull"), patients)
    meanlog, log_sdlog = fit(distribution("log_normal"), patients)
    return [
        np.array([log_scale, -log_shape, 1.0]),
        np.array([meanlog, log_sdlog, 0.0]),
        np.array([meanlog - 0.5 * np.exp(log_sdlog), log_sdlog, -1.0]),
    ]


def _spline(family: RoystonParmar, patients: Patients, fit: FIT) -> list[Array]:
    """Return the spline without internal knots, and the spline through the Kaplan-Meier estimate."""
    straight = np.zeros(len(family.parameters))
    if family.scale == "hazard":
        log_shape, log_scale = fit(distribution("weibull"), patients)
        straight[:2] = -np.exp(log_shape) * log_scale, np.exp(log_shape)
    elif family.scale == "odds":
        log_shape, log_scale = fit(distribution("log_logistic"), patients)
        straight[:2] = -np.exp(log_shape) * log_scale, np.exp(log_shape)
    else:
        meanlog, log_sdlog = fit(distribution("log_normal"), patients)
        straight[:2] = -meanlog * np.exp(-log_sdlog), np.exp(-log_sdlog)
    km = kaplan_meier(patients.time, patients.event)
    inside = (km.events > 0.0) & (km.survival > 0.0) & (km.survival < 1.0)
    if patients.entry.any() or inside.sum() < len(straight) + 2:
        return [straight]
    values, _ = family.spline.basis(np.log(km.times[inside]))
    eta = family.link.eta_at(1.0 - km.survival[inside])
    through = np.linalg.lstsq(np.column_stack([np.ones(len(eta)), *values]), eta, rcond=None)[0]
    return [straight, np.asarray(through, dtype=np.float64)]


def _pieces(family: PiecewiseExponential, patients: Patients) -> Array:
    """Return the logarithms of events per person-time in each piece: without covariates the maximum itself."""
    found = []
    for start, end in zip(family.starts, (*family.starts[1:], np.inf), strict=True):
        exposed = np.clip(patients.time, start, end) - np.clip(patients.entry, start, end)
        inside = (patients.time >= start) & (patients.time < end) & (patients.event == 1.0)
        events = float(patients.weight[inside].sum())
        if not events:
            raise NotIdentified(
                f"no event between {read(start)} and {read(end)}: the hazard there could be as low as one likes"
            )
        found.append(np.log(events / float((patients.weight * exposed).sum())))
    return np.array(found)


def _cured(family: Cure, patients: Patients, fit: FIT) -> list[Array]:
    """Return cured shares below the last of the Kaplan-Meier estimate, with the base fitted to all and to events."""
    last = float(np.clip(kaplan_meier(patients.time, patients.event).survival[-1], 0.05, 0.95))
    died = patients.where(patients.event == 1.0)
    shares = (last, 0.5 * last, 0.1 * last) if patients.background is None else (*CURED, last)
    bases = []
    for those in (patients, died):
        try:
            bases.append(fit(family.base, those))
        except NotIdentified:
            continue
    return [np.concatenate([[np.log(share / (1.0 - share))], point]) for point in bases for share in shares]
