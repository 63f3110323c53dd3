"""A tabulated survival curve, log-linear between its points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameters
from netcea.survival.elementwise import constant_hazard_area, hazard_to_reach, quietly
from netcea.survival.spreadsheet import Refs


def read_table(times: Sequence[float], survival: Sequence[float], lowest: str) -> tuple[Array, Array]:
    """Return times and survival with S(0) = 1 put first, after checking them.

    Parameters
    ----------
    times : sequence of float
        Not negative, rising. [unit of time]
    survival : sequence of float
        Falling or level, from 1 down; 0 is allowed if ``lowest`` is 'zero'.
    lowest : {'zero', 'above zero'}

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
            raise ValueError(f"times: found {t[i]:g} after {t[i - 1]:g}; expected rising times")
        if not (0.0 < s[i] <= s[i - 1] or (s[i] == 0.0 and lowest == "zero")):
            raise ValueError(f"survival at {t[i]:g}: found {s[i]:g}; expected {lowest} to {s[i - 1]:g}")
    return t, s


def tabulated(times: Sequence[float], survival: Sequence[float]) -> Distribution:
    """Tabulated survival: log-linear between the points, the last interval's hazard continues.

    Parameters
    ----------
    times : sequence of float
        Rising; (0, 1) need not be given. [unit of time]
    survival : sequence of float
        Above 0, not rising.

    Raises
    ------
    ValueError
        Points out of order or out of range; a survival of 0, whose hazard would be infinite.

    Examples
    --------
    >>> curve = tabulated([1.0, 2.0], [0.8, 0.4])
    >>> [round(float(curve.survival(np.array(t), {})), 4) for t in (1.0, 2.0, 3.0)]
    [0.8, 0.4, 0.2]
    """
    points, s = read_table(times, survival, "above zero")
    at_points = 0.0 - np.log(s)
    rates = np.diff(at_points) / np.diff(points)
    ends = np.append(points[1:-1], np.inf)
    areas = np.exp(-at_points[:-1]) * constant_hazard_area(rates, np.diff(points))
    area_before = np.concatenate(([0.0], np.cumsum(areas)))

    def interval(t: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        return np.searchsorted(ends, np.asarray(t), side="right")

    def cumulative_hazard(t: Array, parameters: Parameters) -> Array:  # noqa: ARG001 - a table has none
        i = interval(t)
        return np.asarray(at_points[i] + rates[i] * (t - points[i]))

    def hazard(t: Array, parameters: Parameters) -> Array:  # noqa: ARG001
        return np.asarray(rates[interval(t)])

    @quietly
    def quantile(p: Array, parameters: Parameters) -> Array:  # noqa: ARG001
        target = hazard_to_reach(p)
        i = np.searchsorted(at_points[1:-1], target * (1.0 - 1e-14), side="left")  # 1 - (1 - S) is not quite S
        left = target - at_points[i]
        return np.asarray(np.where(left > 0.0, points[i] + left / rates[i], points[i]))

    def restricted_mean(t: Array, parameters: Parameters) -> Array:  # noqa: ARG001
        i = interval(t)
        return np.asarray(area_before[i] + s[i] * constant_hazard_area(rates[i], np.asarray(t - points[i])))

    def formula(t: str, refs: Refs) -> str:
        times, table = refs["times"], refs["survival"]
        i = f"MIN(MATCH({t},{times},1),ROWS({times})-1)"
        start, end = f"INDEX({times},{i})", f"INDEX({times},{i}+1)"
        h, later = f"LN(INDEX({table},{i}))", f"LN(INDEX({table},{i}+1))"
        return f"-{h}+({h}-{later})/({end}-{start})*(({t})-{start})"

    return Distribution(
        "tabulated",
        (),
        cumulative_hazard,
        hazard,
        quantile,
        restricted_mean,
        formula=formula,
        tables={"times": points, "survival": s},
    )
