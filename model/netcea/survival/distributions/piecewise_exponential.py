"""Piecewise exponential distribution: a constant hazard between breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from netcea.arrays import Array
from netcea.survival.base import Distribution
from netcea.survival.elementwise import constant_hazard_area, hazard_to_reach, quietly
from netcea.survival.jets import Jet, exp
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets


class PiecewiseExponential(Distribution):
    """Piecewise exponential distribution: a constant hazard between breaks.

    Parameters
    ----------
    breaks : sequence of float
        Times at which the rate changes, above 0, rising; at a break the later rate holds. [unit of time]

    Raises
    ------
    ValueError
        No break, a break at or before 0, breaks that do not rise.

    Notes
    -----
    ``rate0``, ``rate1`` ... above 0 [1 / unit of time]: the hazard before the first break, between it and the next ...

    Examples
    --------
    >>> curve = PiecewiseExponential([1.0])(rate0=0.5, rate1=0.25)
    >>> curve.cumulative_hazard(3.0), curve.hazard([0.9, 1.0]).tolist()  # 0.5 x 1 + 0.25 x 2
    (1.0, [0.5, 0.25])
    """

    name = "piecewise_exponential"
    proportional_hazards = True
    effect = "log_hazard_ratio"

    def __init__(self, breaks: Sequence[float]) -> None:
        self.starts = (0.0, *(float(b) for b in breaks))
        if len(self.starts) < 2 or any(b <= a for a, b in pairwise(self.starts)):
            raise ValueError(f"breaks: found {list(breaks)}; expected one or more times above 0, rising")
        self.parameters = tuple(Parameter(f"rate{j}", "log") for j in range(len(self.starts)))
        self.location = tuple(p.name for p in self.parameters)
        self.constants = {f"break{j}": start for j, start in enumerate(self.starts) if j}

    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = sum of rate x time spent in each piece."""
        h: Array = np.zeros(())
        for start, length, rate, _ in self._pieces(parameters):
            h = h + rate * np.clip(t - start, 0.0, length)
        return np.asarray(h)

    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = the rate of the piece that holds t."""
        result: Array = np.zeros(())
        for start, _, rate, _ in self._pieces(parameters):
            result = np.asarray(np.where(np.asarray(t) >= start, rate, result))
        return result

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H(t) = sum of rate x time spent in each piece, log h(t) = the logarithm of the rate of the piece."""
        h, log_h = exp(real[0]) * np.zeros(np.shape(t)), real[0] * 0.0
        for log_rate, (start, end) in zip(real, pairwise((*self.starts, np.inf)), strict=True):
            h = h + exp(log_rate) * np.clip(t - start, 0.0, end - start)
            log_h = log_h + log_rate * ((t >= start) & (t < end)).astype(np.float64)
        return h, log_h

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = start of the piece + (-log(1 - p) - H(start)) / rate."""
        target = hazard_to_reach(p)
        time: Array = np.zeros(())
        for start, _, rate, h in self._pieces(parameters):
            left = target - h
            time = np.asarray(np.where(left > 0.0, start + left / rate, time))
        return time

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """Sum of S(start) (1 - exp(-rate x time spent)) / rate over the pieces."""
        total: Array = np.zeros(())
        for start, length, rate, h in self._pieces(parameters):
            total = total + np.exp(-h) * constant_hazard_area(rate, np.clip(t - start, 0.0, length))
        return np.asarray(total)

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """Sum of rate x time spent in each piece."""
        pieces = len(self.starts)
        parts = [f"{refs['rate0']}*MIN({t},{refs['break1']})"]
        for j in range(1, pieces):
            end = f"MIN({t},{refs[f'break{j + 1}']})" if j + 1 < pieces else t
            parts.append(f"{refs[f'rate{j}']}*MAX({end}-{refs[f'break{j}']},0)")
        return "+".join(parts)

    def _pieces(self, parameters: Parameters) -> Iterator[tuple[float, float, Array, Array]]:
        """Yield each piece: its start, its length, its rate, the cumulative hazard at its start."""
        h: Array = np.zeros(())
        for j, (start, end) in enumerate(pairwise((*self.starts, np.inf))):
            rate = np.asarray(parameters[f"rate{j}"])
            yield start, end - start, rate, h
            if end < np.inf:
                h = h + rate * (end - start)
