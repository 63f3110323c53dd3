"""Iterative parameter estimation: a parametric model of survival in place of the log-rank test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.candidates import Candidate
from netcea.fitting.maximum_likelihood import fit_family
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.switching.counterfactual import as_randomised
from netcea.fitting.switching.estimate import KEEPS_P_VALUE, Estimate, keeping_p_value, of_times
from netcea.fitting.switching.rank_preserving import require_switching
from netcea.fitting.switching.switchers import Switchers
from netcea.plain_number import read

AFT: Final = ("weibull", "log_logistic", "log_normal", "generalised_gamma")
"""Families in which treatment may stretch time."""
NEAR: Final = 1e-9
"""To which psi is found. [log]"""
JUMP: Final = 1e-3
"""By which psi may still move in a round, at a step of the re-censored data. [log]"""
WIDEST: Final = 2.0
"""Distance from the first round's psi within which the last is looked for. [log]"""


def time_factor(patients: Patients, family: str, name: str) -> tuple[float, float]:
    """Return minus the effect of a covariate on the logarithm of time, by maximum likelihood, and its standard error.

    Parameters
    ----------
    patients : Patients
        With the covariate.
    family : str
        One of `AFT`.
    name : str
        Of the covariate.

    Returns
    -------
    psi : float
        [log]
    standard_error : float
        From the observed information. [log]

    References
    ----------
    See `netcea.fitting.maximum_likelihood.fit_family`.
    """
    found = fit_family(Candidate(family), patients)
    at = found.names.index(name)
    return -float(found.real_line[at]), float(np.sqrt(found.covariance[at, at]))


def iterative_parameter_estimation(patients: Switchers, family: str = "weibull", *, recensor: bool = True) -> Estimate:
    """Find psi by turns: fit the arms, shrink or stretch the time of those who switched, fit again.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    family : {'weibull', 'log_logistic', 'log_normal', 'generalised_gamma'}
        Of the accelerated failure time model.
    recensor : bool
        As in `rank_preserving`.

    Returns
    -------
    Estimate
        At the value that the rounds come to.

    Raises
    ------
    NotIdentified
        As in `rank_preserving`; rounds that come to no end.

    Notes
    -----
    The rounds come to the psi that a round leaves as it is; it is found by Brent's method, to 1e-9. Re-censored data
    change by steps, so that a round may still move it by up to 0.001.

    References
    ----------
    Branson and Whitehead (2002), Stat Med 21:2449-2463. NICE DSU TSD 16.
    """
    require_switching(patients, recensor=recensor)

    def next_psi(psi: float) -> float:
        times = as_randomised(patients, psi, recensor=recensor)
        arms = Patients.of(times.time, times.event, covariates={"treated": patients.treated, **_baseline(patients)})
        return time_factor(arms, family, "treated")[0]

    psi = _left_as_it_is(next_psi)
    times = as_randomised(patients, psi, recensor=recensor)
    log_ratio, _ = of_times(patients, times)
    return Estimate(log_ratio, keeping_p_value(patients, log_ratio), KEEPS_P_VALUE, psi, roots=(psi,), times=times)


def _left_as_it_is(next_psi: Callable[[float], float]) -> float:
    """Return the psi that a round leaves as it is."""
    from scipy.optimize import brentq

    def move(psi: float) -> float:
        return next_psi(psi) - psi

    first = next_psi(0.0)
    width = 0.05
    while width <= WIDEST:
        low, high = first - width, first + width
        if move(low) * move(high) < 0.0:
            psi = float(brentq(move, low, high, xtol=NEAR))
            if abs(move(psi)) > JUMP:
                break
            return psi
        width *= 2.0
    raise NotIdentified(f"the rounds come to no end within {read(WIDEST)} of {read(first, 3)}, where they began")


def _baseline(patients: Switchers) -> dict[str, Array]:
    return {name: patients.covariates[:, k] for k, name in enumerate(patients.names)}
