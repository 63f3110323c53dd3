"""One arm of a trial against another: hazard ratio, test that it does not change, acceleration factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.candidates import Candidate
from netcea.fitting.kaplan_meier import KaplanMeier
from netcea.fitting.maximum_likelihood import LikelihoodFit, fit_patients
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.schoenfeld import Schoenfeld, schoenfeld

ACCELERATED: Final = ("weibull", "log_normal", "log_logistic", "generalised_gamma")
"""Families in which a covariate multiplies all times by one factor."""
TREATED: Final = "treated"


@dataclass(frozen=True)
class Ratio:
    """A ratio with the standard error of its logarithm.

    Attributes
    ----------
    log_ratio, standard_error : float
        [log]
    """

    log_ratio: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """What the patients of two arms say of their difference.

    Attributes
    ----------
    proportional : Schoenfeld or str
        Cox's regression on the arm with the residuals of its hazard ratio; why there is none.
    accelerated : LikelihoodFit or str
        Of the family with the lowest AIC among those that accelerate time; why there is none.
    """

    proportional: Schoenfeld | str
    accelerated: LikelihoodFit | str

    @property
    def hazard_ratio(self) -> Ratio | None:
        """Cox's; None where there is none."""
        found = self.proportional
        if isinstance(found, str):
            return None
        return Ratio(float(found.log_ratios[0]), float(np.sqrt(found.covariance[0, 0])))

    @property
    def acceleration(self) -> Ratio | None:
        """Factor by which times of the arm are longer; None where there is none."""
        fit = self.accelerated
        if isinstance(fit, str):
            return None
        return Ratio(float(fit.real_line[-1]), float(np.sqrt(fit.covariance[-1, -1])))


def compare(control: Patients, treated: Patients) -> Comparison:
    """Compare two arms of a trial.

    Parameters
    ----------
    control, treated : Patients
        Of each arm; the ratios are of the second against the first.

    Returns
    -------
    Comparison
        With reasons in place of what the data do not give.

    References
    ----------
    NICE DSU Technical Support Document 14: proportional hazards, accelerated time, or a model for each arm.

    Examples
    --------
    Times of the second arm are twice as long:

    >>> t = np.arange(1.0, 30.0)
    >>> found = compare(Patients.of(t, np.ones(29)), Patients.of(2.0 * t, np.ones(29)))
    >>> round(float(np.exp(found.acceleration.log_ratio)), 6), found.hazard_ratio.log_ratio < 0.0
    (2.0, True)
    """
    both = (control, treated)
    arm = np.concatenate([np.zeros(control.n), np.ones(treated.n)])
    time, event, entry, weight = (
        np.concatenate([getattr(one, name) for one in both]) for name in ("time", "event", "entry", "weight")
    )
    without = next((word for word, one in zip(("the first", "the second"), both, strict=True) if not one.events), "")
    if without:
        reason = f"no event in {without} of the two arms: every ratio could be the true one"
        return Comparison(reason, reason)
    try:
        proportional: Schoenfeld | str = schoenfeld(time, event, arm[:, np.newaxis], entry, weight)
    except NotIdentified as error:
        proportional = str(error)
    pooled = Patients.of(time, event, entry, weight, {TREATED: arm})
    found = fit_patients(pooled, [Candidate(name) for name in ACCELERATED])
    fits = [fit for fit in found if isinstance(fit, LikelihoodFit)]
    refused = next((fit.reason for fit in found if not isinstance(fit, LikelihoodFit)), "")
    return Comparison(proportional, min(fits, key=lambda fit: fit.aic) if fits else refused)


def quantiles_of(km: KaplanMeier, shares: Array) -> Array:
    """First times at which survival is at or below shares.

    Parameters
    ----------
    km : KaplanMeier
        Of patients.
    shares : Array (share,)
        Between 0 and 1. [share]

    Returns
    -------
    Array (share,)
        Infinite where survival stays above. [unit of time]

    Examples
    --------
    >>> from netcea.fitting.kaplan_meier import kaplan_meier
    >>> quantiles_of(kaplan_meier(np.array([1.0, 2.0]), np.ones(2)), np.array([0.75, 0.25])).tolist()
    [1.0, 2.0]
    """
    first = np.searchsorted(-km.survival, -(shares + 1e-12), side="left")
    return np.append(km.times, np.inf)[first]
