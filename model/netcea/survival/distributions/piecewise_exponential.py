"""Piecewise exponential distribution: a constant hazard between breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import constant_hazard_area, hazard_to_reach, quietly
from netcea.survival.spreadsheet import Refs


def _pieces(starts: tuple[float, ...], parameters: Parameters) -> Iterator[tuple[float, float, Array, Array]]:
    """Yield each piece: its start, its length, its rate, the cumulative hazard at its start."""
    h: Array = np.zeros(())
    for j, (start, end) in enumerate(pairwise((*starts, np.inf))):
        rate = np.asarray(parameters[f"rate{j}"])
        yield start, end - start, rate, h
        if end < np.inf:
            h = h + rate * (end - start)


def _formula(pieces: int, t: str, refs: Refs) -> str:
    """Return H(t) as a spreadsheet formula."""
    parts = [f"{refs['rate0']}*MIN({t},{refs['break1']})"]
    for j in range(1, pieces):
        end = f"MIN({t},{refs[f'break{j + 1}']})" if j + 1 < pieces else t
        parts.append(f"{refs[f'rate{j}']}*MAX({end}-{refs[f'break{j}']},0)")
    return "+".join(parts)


def piecewise_exponential(breaks: Sequence[float]) -> Distribution:
    """Piecewise exponential distribution with parameters rate0 (before the first break), rate1 ...

    Parameters
    ----------
    breaks : sequence of float
        Times at which the rate changes, above 0, rising; at a break the later rate holds. [unit of time]

    Raises
    ------
    ValueError
        No break, a break at or before 0, breaks that do not rise.

    Examples
    --------
    >>> two = piecewise_exponential([1.0])
    >>> rates = {"rate0": np.array(0.5), "rate1": np.array(0.25)}
    >>> float(two.cumulative_hazard(np.array(3.0), rates))  # 0.5 x 1 + 0.25 x 2
    1.0
    """
    starts = (0.0, *(float(b) for b in breaks))
    if len(starts) < 2 or any(b <= a for a, b in pairwise(starts)):
        raise ValueError(f"breaks: found {list(breaks)}; expected one or more times above 0, rising")

    def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
        h: Array = np.zeros(())
        for start, length, rate, _ in _pieces(starts, parameters):
            h = h + rate * np.clip(t - start, 0.0, length)
        return np.asarray(h)

    def hazard(t: Array, parameters: Parameters) -> Array:
        result: Array = np.zeros(())
        for start, _, rate, _ in _pieces(starts, parameters):
            result = np.asarray(np.where(np.asarray(t) >= start, rate, result))
        return result

    @quietly
    def quantile(p: Array, parameters: Parameters) -> Array:
        target = hazard_to_reach(p)
        time: Array = np.zeros(())
        for start, _, rate, h in _pieces(starts, parameters):
            left = target - h
            time = np.asarray(np.where(left > 0.0, start + left / rate, time))
        return time

    def restricted_mean(t: Array, parameters: Parameters) -> Array:
        total: Array = np.zeros(())
        for start, length, rate, h in _pieces(starts, parameters):
            total = total + np.exp(-h) * constant_hazard_area(rate, np.clip(t - start, 0.0, length))
        return np.asarray(total)

    return Distribution(
        name="piecewise_exponential",
        parameters=tuple(Parameter(f"rate{j}", "log") for j in range(len(starts))),
        cumulative_hazard=cumulative_hazard,
        hazard=hazard,
        quantile=quantile,
        restricted_mean=restricted_mean,
        proportional_hazards=True,
        formula=partial(_formula, len(starts)),
        constants={f"break{j}": start for j, start in enumerate(starts) if j},
    )
