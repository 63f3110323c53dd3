"""A Kaplan-Meier curve up to some time, then a parametric tail's hazard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameters
from netcea.survival.distributions.tabulated import read_table
from netcea.survival.elementwise import hazard_to_reach, quietly
from netcea.survival.integrate import area_from
from netcea.survival.spreadsheet import Let, Refs, in_one

ROUNDING = 1e-12
"""A published survival of 0.8 has fallen by 0.2, though 1 - 0.8 is less in floating point."""


def kaplan_meier(
    times: Sequence[float], survival: Sequence[float], tail: Distribution, tail_from: float
) -> Distribution:
    """Kaplan-Meier curve with a parametric tail; the parameters are the tail's.

    Parameters
    ----------
    times : sequence of float
        Times at which the curve falls, rising; (0, 1) need not be given. [unit of time]
    survival : sequence of float
        Survival from each time on.
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
    H(t) = H_km(tail_from) + H_tail(t) - H_tail(tail_from) after `tail_from`. Before it the hazard is 0: the
    falls are jumps. The quantile is the first time at which 1 - S(t) is p or more.

    Examples
    --------
    >>> from netcea.survival.distributions.exponential import EXPONENTIAL
    >>> curve = kaplan_meier([1.0, 2.0], [0.8, 0.5], EXPONENTIAL, tail_from=3.0)
    >>> rate = {"rate": np.log(np.array(2.0))}
    >>> [round(float(curve.survival(np.array(t), rate)), 4) for t in (0.5, 1.0, 2.5, 4.0)]  # halved each year
    [1.0, 0.8, 0.5, 0.25]
    """
    points, s = read_table(times, survival, "zero")
    if not 0.0 < tail_from < np.inf:
        raise ValueError(f"tail_from: found {tail_from:g}; expected a time above 0")
    used = points <= tail_from
    points, s = points[used], s[used]
    with np.errstate(divide="ignore"):
        at_points = 0.0 - np.log(s)
    reached = at_points[-1]
    join = np.array(tail_from)
    area_before = np.concatenate(([0.0], np.cumsum(s[:-1] * np.diff(points))))

    def step(t: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        return np.searchsorted(points[1:], np.asarray(t), side="right")

    def beyond(t: Array, parameters: Parameters) -> Array:
        """Return the tail's cumulative hazard since it took over."""
        later = np.maximum(t, tail_from)
        return np.asarray(tail.cumulative_hazard(later, parameters) - tail.cumulative_hazard(join, parameters))

    def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
        return np.asarray(np.where(np.asarray(t) <= tail_from, at_points[step(t)], reached + beyond(t, parameters)))

    def hazard(t: Array, parameters: Parameters) -> Array:
        after = tail.hazard(np.maximum(t, tail_from), parameters)
        return np.asarray(np.where(np.asarray(t) < tail_from, 0.0, after))

    @quietly
    def quantile(p: Array, parameters: Parameters) -> Array:
        i = np.searchsorted(1.0 - s, np.asarray(p) - ROUNDING, side="left")
        in_table = i < len(s)
        since = np.where(in_table, 0.0, hazard_to_reach(p) - reached)
        start = tail.cumulative_hazard(join, parameters)
        time = np.maximum(tail.quantile(np.asarray(-np.expm1(-(start + since))), parameters), tail_from)
        for _ in range(2):  # 1 - p has few digits left late in the tail
            correction = (beyond(time, parameters) - since) / tail.hazard(time, parameters)
            time = np.where(np.isfinite(correction), np.maximum(time - correction, tail_from), time)
        return np.asarray(np.where(in_table, points[np.minimum(i, len(s) - 1)], time))

    def restricted_mean(t: Array, parameters: Parameters) -> Array:
        inside = np.minimum(t, tail_from)
        i = step(inside)
        steps = area_before[i] + s[i] * (inside - points[i])
        after = area_from(lambda u: np.exp(-beyond(u, parameters)), tail_from, t)
        return np.asarray(steps + s[-1] * after)

    def steps(t: str, refs: Refs, let: Let) -> str:
        at = f"INDEX({refs['survival']},MATCH(MIN({t},{refs['tail_from']})*(1+1E-14),{refs['times']},1))"
        reached = f"IF({at}<=0,700,-LN({at}))"
        until = tail.formula_of(refs["tail_from"], refs, lambda name, text: let(f"{name}_tail", text))
        beyond = f"({tail.formula_of(t, refs, let)})-({until})"
        return f"{reached}+IF({t}<={refs['tail_from']},0,{beyond})"

    return Distribution(
        "kaplan_meier",
        tail.parameters,
        cumulative_hazard,
        hazard,
        quantile,
        restricted_mean,
        formula=partial(in_one, steps),
        steps=steps,
        constants={**tail.constants, "tail_from": tail_from},
        tables={"times": points, "survival": s},
    )
