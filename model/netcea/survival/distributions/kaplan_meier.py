"""A Kaplan-Meier curve up to some time, then a parametric tail's hazard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.survival.base import Distribution
from netcea.survival.distributions.tabulated import read_table
from netcea.survival.elementwise import hazard_to_reach, quietly
from netcea.survival.integrate import area_from
from netcea.survival.parameter import Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets

IN_CELLS: Final = "1E+100"
"""Cumulative hazard of nobody in cells, which have no infinity: whatever its hazard ratio, far above that of any curve
on which a share is left, however small."""
ROUNDING = 1e-12
"""A published survival of 0.8 has fallen by 0.2, though 1 - 0.8 is less in floating point."""


class KaplanMeier(Distribution):
    """Kaplan-Meier curve with a parametric tail; the parameters are the tail's.

    Parameters
    ----------
    times : sequence of float
        Times at which the curve falls, rising; (0, 1) need not be given. [unit of time]
    survival : sequence of float
        Survival from each time on, 0 to 1, not rising. [share]
    tail : Distribution
        Its hazard continues the curve from the survival reached.
    tail_from : float
        Above 0; steps after it are not used. [unit of time]

    Raises
    ------
    ValueError
        Points out of order or out of range, or `tail_from` not above 0.

    Notes
    -----
    H(t) = H_km(tail_from) + H_tail(t) - H_tail(tail_from) after `tail_from`. Before it the hazard is 0: the falls are
    jumps. The quantile is the first time at which 1 - S(t) is p or more.

    Examples
    --------
    >>> from netcea.survival import exponential
    >>> curve = KaplanMeier([1.0, 2.0], [0.8, 0.5], exponential, tail_from=3.0)(rate=np.log(2.0))
    >>> curve.survival([0.5, 1.0, 2.5, 4.0]).round(12).tolist()  # halved each year from year 3 on
    [1.0, 0.8, 0.5, 0.25]
    """

    name = "kaplan_meier"

    def __init__(self, times: Sequence[float], survival: Sequence[float], tail: Distribution, tail_from: float) -> None:
        points, s = read_table(times, survival, "zero")
        if not 0.0 < tail_from < np.inf:
            raise ValueError(f"tail_from: found {read(tail_from)}; expected a time above 0")
        used = points <= tail_from
        self._times, self._survival = points[used], s[used]
        self.tail, self.parameters, self.may_rise = tail, tail.parameters, tail.may_rise
        self.constants = {**tail.constants, "tail_from": tail_from}
        self.tables = {"times": self._times, "survival": self._survival}
        with np.errstate(divide="ignore"):
            self._at_points = 0.0 - np.log(self._survival)
        self._from, self._join = tail_from, np.array(tail_from)
        self._area_before = np.concatenate(([0.0], np.cumsum(self._survival[:-1] * np.diff(self._times))))

    @property
    def without_formula(self) -> Callable[[Mapping[str, float]], str] | None:
        """The tail's."""
        return self.tail.without_formula

    def _step(self, t: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        return np.searchsorted(self._times[1:], np.asarray(t), side="right")

    def _beyond(self, t: Array, parameters: Parameters) -> Array:
        """Return the tail's cumulative hazard since it took over."""
        now = self.tail.cumulative_hazard(np.maximum(t, self._from), parameters)
        return np.asarray(now - self.tail.cumulative_hazard(self._join, parameters))

    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) of the steps, then H_km(tail_from) + H_tail(t) - H_tail(tail_from)."""
        later = self._at_points[-1] + self._beyond(t, parameters)
        return np.asarray(np.where(np.asarray(t) <= self._from, self._at_points[self._step(t)], later))

    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """0 between the steps, then the tail's."""
        after = self.tail.hazard(np.maximum(t, self._from), parameters)
        return np.asarray(np.where(np.asarray(t) < self._from, 0.0, after))

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """The first time at which 1 - S(t) is p or more."""
        i = np.searchsorted(1.0 - self._survival, np.asarray(p) - ROUNDING, side="left")
        in_table = i < len(self._survival)
        since = np.where(in_table, 0.0, hazard_to_reach(p) - self._at_points[-1])
        start = self.tail.cumulative_hazard(self._join, parameters)
        time = np.maximum(self.tail.quantile(np.asarray(-np.expm1(-(start + since))), parameters), self._from)
        for _ in range(2):  # 1 - p has few digits left late in the tail
            correction = (self._beyond(time, parameters) - since) / self.tail.hazard(time, parameters)
            time = np.where(np.isfinite(correction), np.maximum(time - correction, self._from), time)
        return np.asarray(np.where(in_table, self._times[np.minimum(i, len(self._survival) - 1)], time))

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """The area under the steps, then by quadrature."""
        inside = np.minimum(t, self._from)
        i = self._step(inside)
        steps = self._area_before[i] + self._survival[i] * (inside - self._times[i])
        after = area_from(lambda u: np.exp(-self._beyond(u, parameters)), self._from, t)
        return np.asarray(steps + self._survival[-1] * after)

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """MATCH in the column of times, then what the tail adds; nobody is left at H = 1E+100."""
        at = f"INDEX({refs['survival']},MATCH(MIN({t},{refs['tail_from']})*(1+1E-14),{refs['times']},1))"
        reached = f"IF({at}<=0,{IN_CELLS},-LN({at}))"
        until = self.tail.formula(refs["tail_from"], refs, lambda name, text: let(f"{name}_tail", text))
        beyond = f"({self.tail.formula(t, refs, let)})-({until})"
        return f"{reached}+IF({t}<={refs['tail_from']},0,{beyond})"
