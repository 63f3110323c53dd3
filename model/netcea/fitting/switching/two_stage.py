"""Two-stage estimation: the effect of switching after progression first, then survival without it."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.cox_regression import cox_regression
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.switching.counterfactual import Times, recensored
from netcea.fitting.switching.estimate import OUTCOME_MODEL, Estimate, Interval, lower_and_upper, of_times
from netcea.fitting.switching.iterative import time_factor
from netcea.fitting.switching.pooled_logistic import at_risk_of_switching, pooled_logistic
from netcea.fitting.switching.rank_preserving import require_switching
from netcea.fitting.switching.step_roots import crossings
from netcea.fitting.switching.switchers import Switchers
from netcea.plain_number import read
from netcea.uncertainty.normal import HALF_WIDTH

LEAST: Final = 1e-8
"""Of the time to progression: what a time after progression of 0 becomes, which says that it was short."""
FURTHEST: Final = 3.0
POINTS: Final = 241
"""Of psi from -3 to 3 at which the test is looked at first: each 0.025."""
FEW_POINTS: Final = 31
"""The same without an interval, as in a bootstrap."""


class _Stage(NamedTuple):
    """What the first stage finds in one arm."""

    psi: float
    interval: Interval
    roots: tuple[float, ...]


def two_stage(
    patients: Switchers,
    family: str = "weibull",
    *,
    recensor: bool = True,
    from_progression: bool = True,
    offset: float = 0.0,
) -> Estimate:
    """Compare patients who switch after progression with those who do not, then shrink or stretch their time.

    Parameters
    ----------
    patients : Switchers
        With times of progression; covariates at randomisation and at progression go into the first stage.
    family : {'weibull', 'log_logistic', 'log_normal', 'generalised_gamma'}
        Of the accelerated failure time model of time after progression.
    recensor : bool
        Whether all patients of an arm in which some switch are censored again.
    from_progression : bool
        Whether psi acts from progression, as the first stage takes it, or from the switch.
    offset : float
        Added to every time after progression, such as a day where death may follow on the same day. [unit of time]

    Returns
    -------
    Estimate
        Whose standard error takes psi as known: bootstrap the whole.

    Raises
    ------
    NotIdentified
        Nobody switches or progresses; in an arm all who progress switch; no maximum.

    Notes
    -----
    No unmeasured confounding at progression, and none that comes between progression and the switch.

    References
    ----------
    Latimer et al. (2017), Stat Methods Med Res 26:724-751. NICE DSU TSD 16, 24.
    """
    require_stages(patients, recensor=recensor)
    found = {arm: _first_stage(patients, arm, family, offset) for arm in switching_arms(patients)}
    return second_stage(patients, found, recensor=recensor, from_progression=from_progression, offset=offset)


def g_estimation(patients: Switchers, *, recensor: bool = True, interval: bool = True) -> Estimate:
    """Two stages where prognosis changes between progression and the switch: psi by g-estimation.

    Parameters
    ----------
    patients : Switchers
        With visits: what was recorded from progression on.
    recensor : bool
        Whether all patients of an arm in which some switch are censored again.
    interval : bool
        Whether psi's interval is looked for too.

    Returns
    -------
    Estimate
        Whose standard error takes psi as known: bootstrap the whole.

    Raises
    ------
    NotIdentified
        No visits; nobody switches or progresses; no root.

    Notes
    -----
    Whether a patient switches at a visit after progression is regressed (logistic, pooled over visits) on what was
    recorded and on the martingale residual of the time U(psi) that it would have been without the switch: given what
    was recorded the switch does not depend on U at the right psi, where the robust Wald statistic of its coefficient
    is 0. psi acts from the switch.

    References
    ----------
    Latimer, White, Tilling and Siebert (2020), Stat Methods Med Res 29:2900-2918 (TSEgest).
    """
    require_stages(patients, recensor=recensor)
    if patients.visits is None:
        raise NotIdentified("g-estimation needs what was recorded from visit to visit")
    found = {
        arm: _by_g_estimation(patients, arm, recensor=recensor, interval=interval) for arm in switching_arms(patients)
    }
    return second_stage(patients, found, recensor=recensor, from_progression=False)


def switching_arms(patients: Switchers) -> list[float]:
    """Return the arms in which patients switch: 0 the control's, 1 the treatment's, [0 or 1]

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    """
    return [arm for arm in (0.0, 1.0) if patients.switched[patients.treated == arm].any()]


def require_stages(patients: Switchers, *, recensor: bool) -> None:
    """Refuse a trial without progressions, besides what `require_switching` refuses.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    recensor : bool
        Whether the time to the data cut is needed.

    Raises
    ------
    NotIdentified
        With the reason.
    """
    require_switching(patients, recensor=recensor)
    if not np.isfinite(patients.progression).any():
        raise NotIdentified("no time of progression: it is from there that the first stage compares patients")


def second_stage(
    patients: Switchers, found: dict[float, _Stage], *, recensor: bool, from_progression: bool, offset: float = 0.0
) -> Estimate:
    """Return the estimate from times in which those who switched have no effect of it, [log]

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    found : mapping of arm -> what the first stage found
        Arm 0 the control's, 1 the treatment's.
    recensor : bool
        Whether all patients of these arms are censored again.
    from_progression : bool
        Whether psi acts from progression, or from the switch.
    offset : float
        Of times after progression. [unit of time]
    """
    times = Times(patients.time.copy(), patients.event.copy())
    for arm, stage in found.items():
        of = patients.treated == arm
        adjusted = without_switch(
            patients, stage.psi, recensor=recensor, from_=_begin(patients, from_progression, offset)
        )
        times.time[of], times.event[of] = adjusted.time[of], adjusted.event[of]
    log_ratio, se = of_times(patients, times)
    control, treated = found.get(0.0), found.get(1.0)
    note = ""
    if control is not None and len(control.roots) > 1:
        note = f"{len(control.roots)} values of psi solve the equation; the nearest to 0 is taken"
    return Estimate(
        log_ratio,
        se,
        OUTCOME_MODEL,
        None if control is None else control.psi,
        None if control is None else control.interval,
        None if treated is None else treated.psi,
        () if control is None else control.roots,
        times,
        note,
    )


def _begin(patients: Switchers, from_progression: bool, offset: float) -> Array:
    """Return from when psi acts on those who switched. [unit of time]"""
    return np.maximum(patients.progression - offset, 0.0) if from_progression else patients.switch


def without_switch(patients: Switchers, psi: float, *, recensor: bool, from_: Array) -> Times:
    """Times in which those who switched go on as if they had not: from a moment on, exp(psi) times as long.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    psi : float
        [log]
    recensor : bool
        Whether all are censored again at C min(1, exp(psi)).
    from_ : Array (patient,)
        [unit of time]

    Returns
    -------
    Times
        Of all patients, as if they were of one arm.
    """
    begin = np.where(patients.switched, from_, 0.0)
    time = np.where(patients.switched, begin + (patients.time - begin) * np.exp(psi), patients.time)
    until = patients.cutoff * min(1.0, float(np.exp(psi))) if recensor else np.full(patients.n, np.inf)
    return recensored(time, patients.event, until)


def _first_stage(patients: Switchers, arm: float, family: str, offset: float) -> _Stage:
    """Return psi of an arm, from times after progression of those who switched and those who did not."""
    chosen = (patients.treated == arm) & np.isfinite(patients.progression)
    switched = patients.switched[chosen]
    if switched.all():
        raise NotIdentified("all who progress switch: nobody to compare them with")
    after = patients.time[chosen] - patients.progression[chosen] + offset
    after = np.where(after > 0.0, after, LEAST * patients.time.max())
    of = {name: patients.covariates[chosen, k] for k, name in enumerate(patients.names)}
    of |= {f"{name} at progression": patients.later[chosen, k] for k, name in enumerate(patients.later_names)}
    spread = {name: x for name, x in of.items() if np.ptp(x) > 0.0}
    covariates = {"switched": switched.astype(np.float64), **spread}
    data = Patients.of(after, patients.event[chosen], covariates=covariates)
    psi, se = time_factor(data, family, "switched")
    return _Stage(psi, lower_and_upper(psi, se), (psi,))


def _by_g_estimation(patients: Switchers, arm: float, *, recensor: bool, interval: bool) -> _Stage:
    """Return psi of an arm, at which switching does not depend on counterfactual survival."""
    chosen = np.flatnonzero((patients.treated == arm) & np.isfinite(patients.progression))
    of_arm = patients.resampled(chosen)
    rows = at_risk_of_switching(of_arm, from_progression=True)
    if not rows.switches.any():
        raise NotIdentified("nobody switches at a visit after progression")

    def z(psi: float) -> float:
        times = without_switch(of_arm, psi, recensor=recensor, from_=of_arm.switch)
        return _wald(times, rows.patient, rows.switches, rows.design)

    grid = np.linspace(-FURTHEST, FURTHEST, POINTS if interval else FEW_POINTS)
    values = np.array([z(psi) for psi in grid])
    found = crossings(z, grid, values, 0.0)
    if not found:
        raise NotIdentified(
            f"no psi from {read(-FURTHEST)} to {read(FURTHEST)} makes switching independent of counterfactual survival"
        )
    roots = tuple(crossing.nearer(0.0) for crossing in found)
    limits = (-np.inf, np.inf)
    if interval:
        ends = [*crossings(z, grid, values, HALF_WIDTH), *crossings(z, grid, values, -HALF_WIDTH)]
        outside = np.abs(values) > HALF_WIDTH
        low = min((one.below for one in ends), default=-np.inf) if outside[0] else -np.inf
        high = max((one.above for one in ends), default=np.inf) if outside[-1] else np.inf
        limits = (float(low), float(high))
    return _Stage(min(roots, key=abs), limits, roots)


def _wald(times: Times, patient: NDArray[np.intp], switches: Array, design: Array) -> float:
    """Return the robust Wald statistic of the martingale residuals in the regression of switching."""
    if not times.event.any():
        return float("nan")
    residuals = cox_regression(times.time, times.event, np.zeros((len(times.time), 0))).martingale
    try:
        found = pooled_logistic(switches, np.column_stack([residuals[patient], design]), patient)
    except NotIdentified:
        return float("nan")
    return float(found.coefficients[0] / np.sqrt(found.robust[0, 0]))
