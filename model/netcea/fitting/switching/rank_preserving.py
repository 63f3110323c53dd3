"""Rank-preserving structural failure time model: one effect of treatment, found where it makes the arms alike."""

from __future__ import annotations

from typing import Final

import numpy as np

from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.switching.counterfactual import as_randomised, untreated
from netcea.fitting.switching.estimate import KEEPS_P_VALUE, Estimate, keeping_p_value, of_times
from netcea.fitting.switching.log_rank import log_rank
from netcea.fitting.switching.step_roots import Crossing, crossings
from netcea.fitting.switching.switchers import Switchers
from netcea.plain_number import read
from netcea.uncertainty.normal import HALF_WIDTH

FURTHEST: Final = 3.0
"""Of psi, either side of 0: time on treatment passes 20 times quicker or slower. [log]"""
POINTS: Final = 1201
"""Of psi at which the log-rank statistic is looked at first: each 0.005."""
FEW_POINTS: Final = 61
"""The same without an interval, as in a bootstrap: each 0.1."""


def rank_preserving(patients: Switchers, *, recensor: bool = True, interval: bool = True) -> Estimate:
    """Find psi by g-estimation: the value at which the log-rank test sees no difference between untreated times.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    recensor : bool
        Whether counterfactual times of an arm in which patients switch are censored again.
    interval : bool
        Whether psi's interval is looked for too, and roots that lie close together.

    Returns
    -------
    Estimate
        With every root; the estimate is that nearest to 0.

    Raises
    ------
    NotIdentified
        Nobody switches; no root; re-censoring without the data cut.

    Notes
    -----
    U(psi) = time off + exp(psi) x time on treatment; Z(psi) is the log-rank statistic of the randomised arms on U(psi)
    with its own censoring. Z is a step function: psi is given to a millionth, on the side of its step where abs(Z) is
    smaller; the limits, where Z passes -1.96 and 1.96, on the outer side. The hazard ratio is Cox's, of observed times
    of the treatment's arm and counterfactual ones of the control arm; its interval keeps the p-value of the trial.

    References
    ----------
    Robins and Tsiatis (1991), Commun Stat Theory Methods 20:2609-2631. NICE DSU TSD 16.
    """
    require_switching(patients, recensor=recensor)

    def z(psi: float) -> float:
        times = untreated(patients, psi, recensor=recensor)
        return log_rank(times.time, times.event, patients.treated)

    grid = np.linspace(-FURTHEST, FURTHEST, POINTS if interval else FEW_POINTS)
    values = np.array([z(psi) for psi in grid])
    found = crossings(z, grid, values, 0.0)
    if not found:
        raise NotIdentified(f"no psi from {read(-FURTHEST)} to {read(FURTHEST)} makes the arms alike")
    roots = tuple(crossing.nearer(0.0) for crossing in found)
    psi = min(roots, key=abs)
    limits = None
    if interval:
        lower, upper = (crossings(z, grid, values, level) for level in (HALF_WIDTH, -HALF_WIDTH))
        limits = _limits(lower, upper)
    times = as_randomised(patients, psi, recensor=recensor)
    log_ratio, _ = of_times(patients, times)
    note = "" if len(roots) == 1 else f"{len(roots)} values of psi make the arms alike; the nearest to 0 is taken"
    return Estimate(
        log_ratio, keeping_p_value(patients, log_ratio), KEEPS_P_VALUE, psi, limits, roots=roots, times=times, note=note
    )


def _limits(lower: list[Crossing], upper: list[Crossing]) -> tuple[float, float]:
    """Return the outermost values of psi that the test does not refuse; infinite where it never does."""
    ends = [*lower, *upper]
    low = min((one.below for one in ends), default=-np.inf)
    high = max((one.above for one in ends), default=np.inf)
    if low == high:
        return (low, np.inf)
    return float(low if len(ends) > 1 or lower else -np.inf), float(high if len(ends) > 1 or upper else np.inf)


def require_switching(patients: Switchers, *, recensor: bool) -> None:
    """Refuse a trial that tells a method nothing.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    recensor : bool
        Whether it needs the time to the data cut.

    Raises
    ------
    NotIdentified
        One arm; nobody switches; no death; the data cut is not known.
    """
    if not 0.0 < patients.treated.sum() < patients.n:
        raise NotIdentified("patients of one arm alone: nothing to compare")
    if not patients.switched.any():
        raise NotIdentified("nobody switches: there is nothing to adjust")
    if not patients.event.any():
        raise NotIdentified("no death: hazards cannot be compared")
    if recensor and not patients.can_be_recensored:
        raise NotIdentified("re-censoring needs each patient's time from randomisation to the data cut")
