"""The hazard of patients smoothed over time, with its 95% band and without a bias at the ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.kaplan_meier import KaplanMeier
from netcea.uncertainty.normal import HALF_WIDTH

FEWEST_AT_RISK: Final = 10.0
"""The estimate ends where fewer are at risk. [patients]"""
LEAST_SHARE: Final = 0.1
"""The same, of those at risk at most; in small data half of them is enough. [share]"""
FEWEST_EVENTS: Final = 5
"""Different times of events below which a hazard is not smoothed. [1]"""
RULE: Final = 2.345
"""Times spread / n^0.2: the normal reference rule of Epanechnikov's kernel. [1]"""


@dataclass(frozen=True)
class SmoothedHazard:
    """A hazard smoothed by a kernel.

    Attributes
    ----------
    times : Array (point,)
        Rising. [unit of time]
    hazard, low, high : Array (point,)
        With its 95% band. [1 / unit of time]
    bandwidth : float
        Half the width of the kernel. [unit of time]
    fewest_at_risk : float
        The estimate ends where fewer are at risk. [patients]
    """

    times: Array
    hazard: Array
    low: Array
    high: Array
    bandwidth: float
    fewest_at_risk: float


def smoothed_hazard(km: KaplanMeier, bandwidth: float | None = None, points: int = 101) -> SmoothedHazard | None:
    """Smooth the increments of the Nelson-Aalen estimate by Epanechnikov's kernel with Mueller and Wang's boundaries.

    Parameters
    ----------
    km : KaplanMeier
        Whose numbers at risk and of events.
    bandwidth : float, optional
        Above 0; by a rule when left out. [unit of time]
    points : int
        At how many times.

    Returns
    -------
    SmoothedHazard or None
        Between the first and the last time at which enough are at risk: 10, a tenth of those at risk at most if that is
        more, half of them if that is fewer. It stops half a bandwidth before the last, since the kernels beyond rest on
        a few events. Not a number where the kernels of an end give less than 0. None where there are fewer than five
        different times of events between the two.

    Notes
    -----
    h(t) = sum over events of K_q((t - t_i) / b) d_i / (b n_i), var h = sum of K_q^2 d_i / (b n_i)^2; the band is that
    of log h. Within b of an end the kernel reaches to the end and no further, q = distance / b:
    K_q(z) = 12 (z + 1) (z (1 - 2 q) + (3 q^2 - 2 q + 1) / 2) / (1 + q)^4, -1 <= z <= q, which is Epanechnikov's for
    q = 1. The rule for b: 2.345 x min(standard deviation, interquartile range / 1.349) of the times of events
    / events^(1/5), at most half of the range. The band is one of chance: it says nothing of what smoothing takes away.

    References
    ----------
    Mueller and Wang (1994), Biometrics 50:61-76; Ramlau-Hansen (1983), Ann Stat 11:453-466.

    Examples
    --------
    Events at quantiles of an exponential curve, whose hazard does not change:

    >>> from netcea.fitting.kaplan_meier import kaplan_meier
    >>> times = -np.log1p(-(np.arange(2000.0) + 0.5) / 2000.0)
    >>> found = smoothed_hazard(kaplan_meier(times, np.ones(2000)))
    >>> bool(np.all(np.abs(found.hazard[:50] - 1.0) < 0.03))
    True
    """
    most = float(km.at_risk.max())
    fewest = min(max(FEWEST_AT_RISK, LEAST_SHARE * most), most / 2.0)
    inside = np.flatnonzero(km.at_risk >= fewest)
    begins, last = int(inside[0]), int(inside[-1])
    chosen = slice(begins, last + 1)
    events = km.events[chosen] > 0.0
    at, died, at_risk = (x[chosen][events] for x in (km.times, km.events, km.at_risk))
    if len(at) < FEWEST_EVENTS:
        return None
    start, end = (0.0 if begins == 0 else float(km.times[begins])), float(km.times[last])
    width = min(_by_rule(at, died) if bandwidth is None else bandwidth, (end - start) / 2.0)
    times = np.linspace(start, end - width / 2.0, points)
    weight = boundary_kernel(times, at, width, start, end) / width
    raw = weight @ (died / at_risk)
    hazard = np.where(raw > 0.0, raw, np.nan)
    variance = weight**2 @ (died / at_risk**2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = np.exp(HALF_WIDTH * np.sqrt(variance) / hazard)
        low, high = hazard / spread, hazard * spread
    return SmoothedHazard(times, hazard, low, high, width, fewest)


def _by_rule(at: Array, died: Array) -> float:
    """Return the bandwidth of the normal reference rule."""
    times = np.repeat(at, np.maximum(np.rint(died), 1.0).astype(np.intp))
    quarter, three = np.quantile(times, [0.25, 0.75])
    spreads = [s for s in (float(times.std(ddof=1)), float(three - quarter) / 1.349) if s > 0.0]
    return float(RULE * min(spreads) / len(times) ** 0.2)


def boundary_kernel(times: Array, at: Array, width: float, start: float, end: float) -> Array:
    """Weights of events around times, Mueller and Wang's for Epanechnikov's kernel.

    Parameters
    ----------
    times : Array (point,)
        From start to end. [unit of time]
    at : Array (event,)
        The same. [unit of time]
    width : float
        Of half the kernel, at most half of what lies between the ends. [unit of time]
    start, end : float
        [unit of time]

    Returns
    -------
    Array (point, event)
        For each time an integral over events of 1, of their distance 0. [1]

    Examples
    --------
    >>> boundary_kernel(np.array([0.0, 5.0]), np.array([0.0, 5.0]), 1.0, 0.0, 10.0).tolist()
    [[6.0, 0.0], [0.0, 0.75]]
    """
    z = (times[:, np.newaxis] - at) / width
    left, right = np.minimum((times - start) / width, 1.0), np.minimum((end - times) / width, 1.0)
    z = np.where((right < left)[:, np.newaxis], -z, z)
    q = np.minimum(left, right)[:, np.newaxis]
    height = 12.0 * (z + 1.0) * (z * (1.0 - 2.0 * q) + (3.0 * q**2 - 2.0 * q + 1.0) / 2.0) / (1.0 + q) ** 4
    return np.where((z >= -1.0) & (z <= q + 1e-12), height, 0.0)
