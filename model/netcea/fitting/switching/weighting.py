"""Inverse probability of censoring weights: patients who do not switch stand for those like them who do."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.fitting.cox_regression import cox_regression
from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.switching.estimate import ROBUST, Estimate
from netcea.fitting.switching.pooled_logistic import at_risk_of_switching, pooled_logistic
from netcea.fitting.switching.rank_preserving import require_switching
from netcea.fitting.switching.switchers import Switchers, Visits
from netcea.plain_number import read

SwitchingModel: TypeAlias = Literal["cox", "logistic"]
MOMENT: Final = 1e-9
"""Of the longest time: how long a patient who switches on the day of progression was at risk of it."""


class WeightedRows(NamedTuple):
    """Intervals of patients until they switch, with weights.

    Attributes
    ----------
    patient : Array (row,)
        Whose, counted from 0.
    start, stop : Array (row,)
        [unit of time]
    event : Array (row,)
        1 where it ends with a death. [0 or 1]
    weight : Array (row,)
        Stabilised: 1 on average if the model of switching is right. [1]
    """

    patient: NDArray[np.intp]
    start: Array
    stop: Array
    event: Array
    weight: Array


def censoring_weights(
    patients: Switchers, model: SwitchingModel = "cox", *, from_progression: bool | None = None
) -> WeightedRows:
    """Weights of patients until they switch: the inverse of the probability of not having switched by then.

    Parameters
    ----------
    patients : Switchers
        With visits.
    model : {'cox', 'logistic'}
        Of switching: Cox's regression, whatever the visits; or logistic, pooled over visits at regular intervals.
    from_progression : bool, optional
        Whether nobody could switch before progression; where times of progression are known unless told otherwise.

    Returns
    -------
    WeightedRows
        Of both arms; of an arm in which nobody switches with weight 1.

    Raises
    ------
    NotIdentified
        No visits; nobody switches; what was recorded tells who switches without doubt.

    Notes
    -----
    In each arm in which patients switch, the hazard of switching (or its odds at each visit, with a natural cubic
    spline of time) depends on time since progression, covariates at randomisation and those of the visit: the
    denominator. The numerator knows the covariates at randomisation alone and counts from randomisation: whether a
    patient has progressed is not in the outcome model, and may not be in what stabilises. A weight is the probability
    of no switch until then by the numerator over that by the denominator.

    References
    ----------
    Robins and Finkelstein (2000), Biometrics 56:779-788. NICE DSU TSD 16.
    """
    require_switching(patients, recensor=False)
    if patients.visits is None:
        raise NotIdentified("weights need what was recorded from visit to visit")
    known = bool(np.isfinite(patients.progression).any())
    since = known if from_progression is None else from_progression
    visits = patients.visits
    rows = (
        _unswitched(patients, _cut_at(visits, np.unique(patients.time[patients.event == 1.0])))
        if model == "cox"
        else (_unswitched(patients, visits))
    )
    log_weight = np.zeros(len(rows.start))
    for arm in (0.0, 1.0):
        chosen = np.flatnonzero(patients.treated == arm)
        if patients.switched[chosen].any():
            by = _by_cox if model == "cox" else _by_visit
            mine = patients.treated[rows.patient] == arm
            log_weight[mine] = by(patients, chosen, rows, since)
    return WeightedRows(rows.patient, rows.start, rows.stop, _deaths(patients, rows), np.exp(log_weight))


def inverse_probability(
    patients: Switchers, model: SwitchingModel = "cox", *, from_progression: bool | None = None
) -> Estimate:
    """Hazard ratio of patients censored when they switch, weighted by `censoring_weights`.

    Parameters
    ----------
    patients : Switchers
        With visits.
    model : {'cox', 'logistic'}
        See `censoring_weights`.
    from_progression : bool, optional
        See `censoring_weights`.

    Returns
    -------
    Estimate
        With a robust standard error that takes the weights as known: bootstrap the whole.

    Raises
    ------
    NotIdentified
        See `censoring_weights`.

    References
    ----------
    See `censoring_weights`.
    """
    rows = censoring_weights(patients, model, from_progression=from_progression)
    design = np.column_stack([patients.treated[rows.patient], patients.covariates[rows.patient]])
    found = cox_regression(rows.stop, rows.event, design, rows.start, rows.weight, rows.patient)
    note = f"weights from {read(float(rows.weight.min()), 3)} to {read(float(rows.weight.max()), 3)}"
    return Estimate(float(found.log_ratios[0]), float(np.sqrt(found.robust[0, 0])), ROBUST, note=note)


def _unswitched(patients: Switchers, visits: Visits) -> Visits:
    """Return visits until each patient switches."""
    switch = patients.switch[visits.patient]
    kept = visits.start < switch
    stop = np.minimum(visits.stop, switch)[kept]
    return Visits(visits.patient[kept], visits.start[kept], stop, visits.covariates[kept], visits.names)


def _deaths(patients: Switchers, rows: Visits) -> Array:
    ends = rows.stop >= patients.time[rows.patient]
    return np.where(ends & ~patients.switched[rows.patient], patients.event[rows.patient], 0.0)


def _cut_at(visits: Visits, times: Array) -> Visits:
    """Return visits divided at some times, so that weights may change at each."""
    first = np.searchsorted(times, visits.start, side="right")
    last = np.searchsorted(times, visits.stop, side="left")
    pieces = last - first + 1
    row = np.repeat(np.arange(len(visits.start)), pieces)
    within = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    padded = np.append(times, np.inf)
    start = np.where(within == 0, visits.start[row], padded[first[row] + within - 1])
    stop = np.where(within == pieces[row] - 1, visits.stop[row], padded[first[row] + within])
    return Visits(visits.patient[row], start, stop, visits.covariates[row], visits.names)


def _by_cox(patients: Switchers, chosen: NDArray[np.intp], rows: Visits, since: bool) -> Array:
    """Return the logarithm of the weight at the end of each row of an arm, from two Cox regressions of switching."""
    mine = np.isin(rows.patient, chosen)
    patient, start, stop = rows.patient[mine], rows.start[mine], rows.stop[mine]
    switches = (stop == patients.switch[patient]).astype(np.float64)
    base = patients.covariates[patient]
    both = np.column_stack([base, rows.covariates[mine]])
    begin = patients.progression[patient] if since else np.zeros(len(stop))
    told = _risen(start, stop, switches, both, begin) - _risen(start, stop, switches, base, np.zeros(len(stop)))
    return _running_sums(np.where(switches == 1.0, 0.0, told), patient)


def _risen(start: Array, stop: Array, switches: Array, covariates: Array, begin: Array) -> Array:
    """Return the rise of the cumulative hazard of switching in each row, time counted from a moment of each patient."""
    at_risk = np.isfinite(begin) & ((stop > begin) | (switches == 1.0))
    if not switches[at_risk].any():
        raise NotIdentified("nobody switches after progression")
    first = np.maximum(start - begin, 0.0)[at_risk]
    last = (stop - begin)[at_risk]
    first = np.where(first < last, first, last - MOMENT * float(stop.max()))
    design = covariates[at_risk]
    found = cox_regression(last, switches[at_risk], design[:, np.ptp(design, axis=0) > 0.0], first)
    rise = np.zeros(len(stop))
    rise[at_risk] = found.expected
    return rise


def _by_visit(patients: Switchers, chosen: NDArray[np.intp], rows: Visits, since: bool) -> Array:
    """Return the logarithm of the weight of each visit of an arm, from two logistic regressions of switching."""
    of_arm = patients.resampled(chosen)
    kept = _stays(of_arm, from_progression=since, with_visits=True) - _stays(
        of_arm, from_progression=False, with_visits=False
    )
    visits = of_arm.visits
    before = np.zeros(0, dtype=np.bool_) if visits is None else visits.start < of_arm.switch[visits.patient]
    return _running_sums(-kept[before], rows.patient[np.isin(rows.patient, chosen)])


def _stays(of_arm: Switchers, *, from_progression: bool, with_visits: bool) -> Array:
    """Return the logarithm of the probability of not switching at each visit."""
    at_risk = at_risk_of_switching(of_arm, from_progression=from_progression)
    design = at_risk.design if with_visits else at_risk.baseline
    found = pooled_logistic(at_risk.switches, design, at_risk.patient)
    stays = np.zeros(0 if of_arm.visits is None else len(of_arm.visits.start))
    stays[at_risk.visit] = np.log1p(-found.fitted)
    return stays


def _running_sums(values: Array, patient: NDArray[np.intp]) -> Array:
    """Return the running sum of each patient's rows."""
    total = np.cumsum(values)
    first = np.flatnonzero(np.diff(patient, prepend=-1))
    before = np.concatenate([[0.0], total])[first]
    length = np.diff(np.append(first, len(values)))
    return np.asarray(total - np.repeat(before, length), dtype=np.float64)
