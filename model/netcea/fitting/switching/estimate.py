"""What a method of adjusting for switching finds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netcea.fitting.cox_regression import cox_regression
from netcea.fitting.switching.counterfactual import Times
from netcea.fitting.switching.log_rank import log_rank
from netcea.fitting.switching.switchers import Switchers
from netcea.uncertainty.normal import HALF_WIDTH

Interval = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a method finds.

    Attributes
    ----------
    log_ratio, standard_error : float
        Logarithm of the hazard ratio of treatment had nobody switched. [log]
    interval_from : str
        What the standard error rests on.
    psi, psi_interval : float or None, tuple of float or None
        Logarithm of the factor by which time on the other treatment passes; of the control arm. [log]
    psi_treated : float or None
        The same of the treatment's arm, where it was estimated apart. [log]
    roots : tuple of float
        Every value of psi that solves the estimating equation. [log]
    times : Times or None
        Of all patients had nobody switched; None where patients are weighed instead.
    note : str
        What a reader must know.
    """

    log_ratio: float
    standard_error: float
    interval_from: str
    psi: float | None = None
    psi_interval: Interval | None = None
    psi_treated: float | None = None
    roots: tuple[float, ...] = ()
    times: Times | None = None
    note: str = ""

    @property
    def hazard_ratio(self) -> float:
        """Of treatment, had nobody switched, exp(log_ratio). [ratio].

        Examples
        --------
        >>> Estimate(0.0, 0.2, OUTCOME_MODEL).hazard_ratio
        1.0
        """
        return float(np.exp(self.log_ratio))

    @property
    def interval(self) -> Interval:
        """95% interval of the hazard ratio. [ratio].

        Examples
        --------
        >>> [round(x, 3) for x in Estimate(0.0, 0.2, OUTCOME_MODEL).interval]  # exp(-+1.96 x 0.2)
        [0.676, 1.48]
        """
        low, high = lower_and_upper(self.log_ratio, self.standard_error)
        return float(np.exp(low)), float(np.exp(high))


KEEPS_P_VALUE = "p-value of intention to treat"
OUTCOME_MODEL = "outcome model alone"
ROBUST = "robust covariance of the outcome model"


def of_times(patients: Switchers, times: Times) -> tuple[float, float]:
    """Log hazard ratio of the arms at given times, by Cox with the covariates at randomisation, and its standard error.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    times : Times
        Of all of them.

    Returns
    -------
    log_ratio : float
        [log]
    standard_error : float
        From the observed information. [log]

    References
    ----------
    See `netcea.fitting.cox_regression.cox_regression`.
    """
    design = np.column_stack([patients.treated, patients.covariates])
    found = cox_regression(times.time, times.event, design)
    return float(found.log_ratios[0]), float(np.sqrt(found.covariance[0, 0]))


def keeping_p_value(patients: Switchers, log_ratio: float) -> float:
    """Return the standard error with which a log hazard ratio is as far from 0 as the log-rank test of the trial. [log]

    Randomisation alone tells the arms apart, so no adjustment that rests on it can make the evidence against no effect
    stronger or weaker.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    log_ratio : float
        Adjusted. [log]

    References
    ----------
    White et al. (1999), Stat Med 18:2617-2634.
    """
    z = log_rank(patients.time, patients.event, patients.treated)
    return float(abs(log_ratio / z))


def lower_and_upper(center: float, standard_error: float) -> Interval:
    """Return a 95% interval on the scale of the estimate. [of the estimate]

    Parameters
    ----------
    center, standard_error : float
        [of the estimate]

    Examples
    --------
    >>> [round(x, 3) for x in lower_and_upper(1.0, 0.5)]
    [0.02, 1.98]
    """
    return center - HALF_WIDTH * standard_error, center + HALF_WIDTH * standard_error
