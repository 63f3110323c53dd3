"""Whether reconstructed patients give back what was published: the audit of a reconstruction, with its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.cox import cox_hazard_ratio
from netcea.fitting.kaplan_meier import KaplanMeier, kaplan_meier
from netcea.fitting.patients import Patients
from netcea.fitting.reconstruction.digitised_curve import DigitisedCurve
from netcea.plain_number import read

CURVE_LIMIT: Final = 0.02
"""Root mean square of the distances of clicks from the curve, and their mean over time; a quarter of a patient is added
to both limits. [share]"""
GAP_LIMIT: Final = 0.05
"""Largest distance of a click from the curve. [share]"""
NEAR: Final = 0.01
"""How far a click may have slipped in time, over the time axis. [ratio]"""
MEDIAN_LIMIT: Final = 0.05
"""Difference of the median from the published, over it. [ratio]"""
MEDIAN_LEVEL: Final = 0.02
"""How far survival at the published median may be from one half, where the curve is flat there. [share]"""
EVENTS_LIMIT: Final = 0.05
"""Difference of the events from the published, over them; two events are always allowed. [ratio]"""
RATIO_LIMIT: Final = 0.10
"""Difference of the logarithm of the hazard ratio from the published. [log]"""


@dataclass(frozen=True)
class Check:
    """One thing that reconstructed patients should give back.

    Attributes
    ----------
    arm : str
    what : str
        In words.
    published, reconstructed : float or None
        None where there is no such number. [as `what` says]
    limit : str
        In words.
    passed : bool
    """

    arm: str
    what: str
    published: float | None
    reconstructed: float | None
    limit: str
    passed: bool

    def __str__(self) -> str:
        of = "" if self.published is None else f", {_number(self.published)} published"
        return f"{self.arm}: {self.what} {_number(self.reconstructed)}{of} (limit: {self.limit})"


def _number(value: float | None) -> str:
    return "not reached" if value is None or not np.isfinite(value) else read(value, 3)


def audit_arm(arm: str, curve: DigitisedCurve, patients: Patients, median: float | None = None) -> list[Check]:
    """Compare reconstructed patients of an arm with its curve and what was printed with it.

    Parameters
    ----------
    arm : str
        Its name.
    curve : DigitisedCurve
        That they were reconstructed from.
    patients : Patients
        Of the arm.
    median : float, optional
        As published. [unit of time]

    Returns
    -------
    list of Check
        Curve error, largest gap and mean error, numbers at risk, and of events and median what was published.

    References
    ----------
    Guyot, Ades, Ouwens and Welton (2012), BMC Med Res Methodol 12:9: medians, hazard ratios and survival given back.
    """
    km = kaplan_meier(patients.time, patients.event)
    miss = distances(curve.time[1:], curve.survival[1:], km)
    rmse, gap = float(np.sqrt(np.mean(miss**2))), float(miss.max())
    width = np.diff(curve.time)
    mean = float(miss @ width) / float(width.sum())
    step = 0.25 / curve.patients
    limit, largest = f"{read(CURVE_LIMIT + step, 2)} of survival", f"{read(GAP_LIMIT + step, 2)} of survival"
    at_risk = np.array([(patients.time >= t).sum() for t in curve.at_risk_times])
    off = int(np.abs(at_risk - curve.at_risk).max())
    found = [
        Check(arm, "curve error (root mean square)", None, rmse, limit, rmse <= CURVE_LIMIT + step),
        Check(arm, "curve error (mean over time)", None, mean, limit, mean <= CURVE_LIMIT + step),
        Check(arm, "largest gap from a click", None, gap, largest, gap <= GAP_LIMIT + step),
        Check(arm, "largest difference of numbers at risk", 0.0, float(off), "0", off == 0),
    ]
    if curve.events is not None:
        allowed = max(2.0, EVENTS_LIMIT * curve.events)
        passed = abs(patients.events - curve.events) <= allowed
        words = f"{read(allowed, 2)} events"
        found.append(Check(arm, "events", float(curve.events), float(patients.events), words, passed))
    else:
        found.append(Check(arm, "events", None, float(patients.events), "none was given", passed=True))
    words = "none was given" if median is None else f"{read(100.0 * MEDIAN_LIMIT)}%"
    passed = median is None or _median_meets(km, median)
    own = km.median if np.isfinite(km.median) else None
    found.append(Check(arm, "median", median, own, words, passed))
    return found


def _median_meets(km: KaplanMeier, published: float) -> bool:
    near = abs(km.median / published - 1.0) <= MEDIAN_LIMIT
    return near or abs(km.at(published) - 0.5) <= MEDIAN_LEVEL


def distances(time: Array, survival: Array, km: KaplanMeier) -> Array:
    """How far clicks are from a curve, where they may have slipped in time by `NEAR` of the axis.

    Parameters
    ----------
    time, survival : Array (click,)
        [unit of time], [share]
    km : KaplanMeier
        The curve.

    Returns
    -------
    Array (click,)
        From the nearest of its levels within that time, both ends of each step included. [share]

    Examples
    --------
    A step from 1 to 1/2 at 5; the first click slipped by less than 1% of 10, the second is 0.2 below the curve.

    >>> km = kaplan_meier(np.array([5.0, 10.0]), np.array([1.0, 0.0]))
    >>> distances(np.array([4.95, 7.0, 10.0]), np.array([0.7, 0.3, 0.5]), km).round(3).tolist()
    [0.0, 0.2, 0.0]
    """
    slip = NEAR * float(time.max())
    levels = np.concatenate([[1.0], km.survival])
    high = levels[np.searchsorted(km.times, time - slip, side="left")]
    low = levels[np.searchsorted(km.times, time + slip, side="right")]
    return np.asarray(np.maximum(survival - high, 0.0) + np.maximum(low - survival, 0.0))


def audit_ratio(treated: str, reference: str, arms: dict[str, Patients], published: float | None) -> Check:
    """Compare the hazard ratio of two reconstructed arms, by Cox's unstratified model, with the published.

    Parameters
    ----------
    treated, reference : str
        Arms.
    arms : dict of str -> Patients
        Reconstructed.
    published : float, optional
        [ratio]

    Returns
    -------
    Check
        Passed where none is published.

    Examples
    --------
    >>> arms = {"a": Patients.of([1.0, 3.0], [1, 1]), "b": Patients.of([2.0, 4.0], [1, 1])}
    >>> round(audit_ratio("a", "b", arms, None).reconstructed, 4)  # as in `cox_hazard_ratio`
    2.5616
    """
    one, other = arms[treated], arms[reference]
    time, event = np.concatenate([one.time, other.time]), np.concatenate([one.event, other.event])
    group = np.concatenate([np.ones(one.n), np.zeros(other.n)])
    label = f"{treated} versus {reference}"
    try:
        ratio: float | None = float(np.exp(cox_hazard_ratio(time, event, group)[0]))
    except ValueError:
        ratio = None
    if published is None:
        return Check(label, "hazard ratio", None, ratio, "none was given", passed=True)
    passed = ratio is not None and abs(np.log(ratio / published)) <= RATIO_LIMIT
    return Check(label, "hazard ratio", published, ratio, f"{read(100.0 * RATIO_LIMIT)}% either way", bool(passed))
