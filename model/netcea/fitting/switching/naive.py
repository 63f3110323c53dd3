"""What not to rely on: intention to treat as it is, and patients who switch left out or censored."""

from __future__ import annotations

import numpy as np

from netcea.fitting.switching.counterfactual import Times
from netcea.fitting.switching.estimate import OUTCOME_MODEL, Estimate, of_times
from netcea.fitting.switching.switchers import Switchers


def intention_to_treat(patients: Switchers) -> Estimate:
    """Hazard ratio of the arms as randomised, the effect of switching included.

    Parameters
    ----------
    patients : Switchers
        Of both arms.

    Returns
    -------
    Estimate
        A bound where those who switch gain by it: the ratio without switching is lower.
    """
    times = Times(patients.time, patients.event)
    log_ratio, se = of_times(patients, times)
    return Estimate(log_ratio, se, OUTCOME_MODEL, times=times)


def censored_at_switch(patients: Switchers) -> Estimate:
    """Hazard ratio with patients censored when they switch: biased where who switches depends on prognosis.

    Parameters
    ----------
    patients : Switchers
        Of both arms.

    Returns
    -------
    Estimate
        To show how much an adjustment matters, no more.
    """
    times = Times(np.minimum(patients.time, patients.switch), np.where(patients.switched, 0.0, patients.event))
    log_ratio, se = of_times(patients, times)
    return Estimate(log_ratio, se, OUTCOME_MODEL, times=times, note="biased: who switches depends on prognosis")


def without_switchers(patients: Switchers) -> Estimate:
    """Hazard ratio without the patients who switch: biased, since they had to live long enough to switch.

    Parameters
    ----------
    patients : Switchers
        Of both arms.

    Returns
    -------
    Estimate
        To show how much an adjustment matters, no more.
    """
    left = patients.resampled(np.flatnonzero(~patients.switched))
    log_ratio, se = of_times(left, Times(left.time, left.event))
    return Estimate(log_ratio, se, OUTCOME_MODEL, note="biased: those who switch lived long enough to")
