"""A tabulated survival curve, log-linear between its points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.survival.base import Distribution
from netcea.survival.elementwise import constant_hazard_area, hazard_to_reach, quietly
from netcea.survival.parameter import Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets


def read_table(times: Sequence[float], survival: Sequence[float], lowest: str) -> tuple[Array, Array]:
    """Check a table of survival, and put S(0) = 1 first where it is not given.

    Parameters
    ----------
    times : sequence of float
        Not negative, rising. [unit of time]
    survival : sequence of float
        Falling or level, from 1 down. [share]
    lowest : {'zero', 'above zero'}
        Whether survival may reach 0.

    Returns
    -------
    times : Array (point,)
        From 0. [unit of time]
    survival : Array (point,)
        From 1. [share]

    Raises
    ------
    ValueError
        Naming the first point at fault.

    Examples
    --------
    >>> t, s = read_table([1.0, 2.0], [0.8, 0.5], "above zero")
    >>> t.tolist(), s.tolist()
    ([0.0, 1.0, 2.0], [1.0, 0.8, 0.5])
    """
    t, s = np.array(times, dtype=np.float64), np.array(survival, dtype=np.float64)
    if t.ndim != 1 or t.shape != s.shape:
        raise ValueError(f"times and survival: found shapes {t.shape} and {s.shape}; expected two equal lists")
    if not len(t) or t[0] > 0.0:
        t, s = np.concatenate(([0.0], t)), np.concatenate(([1.0], s))
    if len(t) < 2 or t[0] != 0.0 or s[0] != 1.0:
        raise ValueError("times and survival: expected a point after time 0, none before, and survival 1 at time 0")
    for i in range(1, len(t)):
        if not t[i - 1] < t[i] < np.inf:
            raise ValueError(f"times: found {read(t[i])} after {read(t[i - 1])}; expected rising times")
        if not (0.0 < s[i] <= s[i - 1] or (s[i] == 0.0 and lowest == "zero")):
            raise ValueError(f"survival at {read(t[i])}: found {read(s[i])}; expected {lowest} to {read(s[i - 1])}")
    return t, s


class Tabulated(Distribution):
    """Tabulated survival: log-linear between the points; the last interval's hazard continues.

    Parameters
    ----------
    times : sequence of float
        Rising; (0, 1) need not be given. [unit of time]
    survival : sequence of float
        Above 0, not rising. [share]

    Raises
    ------
    ValueError
        Points out of order or out of range; a survival of 0, whose hazard would be infinite.

    Notes
    -----
    It has no parameters.

    Examples
    --------
    >>> curve = Tabulated([1.0, 2.0], [0.8, 0.4])()
    >>> curve.survival([1.0, 2.0, 3.0]).round(12).tolist()  # halved each year from year 1 on
    [0.8, 0.4, 0.2]
    """

    name = "tabulated"
    parameters = ()

    def __init__(self, times: Sequence[float], survival: Sequence[float]) -> None:
        self._times, self._survival = read_table(times, survival, "above zero")
        self.tables = {"times": self._times, "survival": self._survival}
        self._at_points = 0.0 - np.log(self._survival)
        self._rates = np.diff(self._at_points) / np.diff(self._times)
        self._ends = np.append(self._times[1:-1], np.inf)
        areas = np.exp(-self._at_points[:-1]) * constant_hazard_area(self._rates, np.diff(self._times))
        self._area_before = np.concatenate(([0.0], np.cumsum(areas)))

    def _interval(self, t: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        return np.searchsorted(self._ends, np.asarray(t), side="right")

    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t), linear between the points."""
        i = self._interval(t)
        return np.asarray(self._at_points[i] + self._rates[i] * (t - self._times[i]))

    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t), constant between the points."""
        return np.asarray(self._rates[self._interval(t)])

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """The time within its interval at which H(t) = -log(1 - p)."""
        target = hazard_to_reach(p)
        i = np.searchsorted(self._at_points[1:-1], target * (1.0 - 1e-14), side="left")  # 1 - (1 - S) is not quite S
        left, start = target - self._at_points[i], self._times[i]
        return np.asarray(np.where(left > 0.0, start + left / self._rates[i], start))

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """Sum over the intervals of the areas under exponential curves."""
        i = self._interval(t)
        inside = constant_hazard_area(self._rates[i], np.asarray(t - self._times[i]))
        return np.asarray(self._area_before[i] + self._survival[i] * inside)

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """MATCH in the column of times, then a straight line between logarithms."""
        times, table = refs["times"], refs["survival"]
        i = f"MIN(MATCH({t},{times},1),ROWS({times})-1)"
        start, end = f"INDEX({times},{i})", f"INDEX({times},{i}+1)"
        h, later = f"LN(INDEX({table},{i}))", f"LN(INDEX({table},{i}+1))"
        return f"-{h}+({h}-{later})/({end}-{start})*(({t})-{start})"
