"""Centred log-normal: a published interval as it is, with the median at its centre and not at the point estimate."""

import math
from typing import ClassVar

import numpy as np

from netcea.arrays import Array
from netcea.plain_number import read, typed
from netcea.uncertainty.around_interval import AroundInterval, width
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.halves import Halves


class CentredLogNormal(AroundInterval):
    """A log-normal distribution through both ends of a published 95% interval: its median is their geometric mean.

    Notes
    -----
    x(z) = m exp(s z), m = sqrt(low high), s = log(high / low) / 3.92. The value is what the base case uses; draws are
    around m, so probabilistic means differ from the base case by more than the model's curvature.

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N. Continuous Univariate Distributions. 2nd ed. 1994, volume 1, chapter 14.

    Examples
    --------
    >>> median = CentredLogNormal(low=7.6, high=12.7)
    >>> round(median.centre, 3)  # sqrt(7.6 x 12.7)
    9.824
    >>> median.quantile(8.4, np.array([0.025, 0.975])).round(9).tolist()
    [7.6, 12.7]
    """

    name: ClassVar[str] = "centred_log_normal"

    @property
    def centre(self) -> float:
        """Median: the geometric mean of the ends. [the number's unit]."""
        return math.sqrt(self.low * self.high)

    def at_deviate(self, value: float, z: Array) -> Array:
        """Return m exp(s z), whatever the value."""
        return np.asarray(self.centre * np.exp(width(self) * z), dtype=np.float64)

    def mean(self, value: float) -> float:
        """Return m exp(s^2 / 2)."""
        return self.centre * math.exp(width(self) ** 2 / 2.0)

    def sd(self, value: float) -> float:
        """Return mean sqrt(exp(s^2) - 1)."""
        return self.mean(value) * math.sqrt(math.expm1(width(self) ** 2))

    def log_halves(self, value: float) -> Halves:
        """Return the spread, and how far the median is from the value, for fits."""
        return Halves(math.log(self.centre / value), width(self), width(self))

    def elsewhere(self, value: float) -> str:
        """Return the interval around another value that is as wide on the log scale."""
        if value <= 0.0:
            return super().elsewhere(value)
        low, high = (typed(value * end / self.centre, 4) for end in (self.low, self.high))
        return f"{{centred_log_normal: {{low: {low}, high: {high}}}}}"

    def words(self, value: float) -> str:
        """Return the median, and the standard error of the logarithm."""
        centre, error = read(self.centre, 4), read(width(self), 3)
        return f"log-normal centred on its interval, median {centre}, SE of the logarithm {error}"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return m exp(s z): the median is that of the interval, whatever the live value inside it."""
        low, high = cells.second, cells.third
        text = f"SQRT({low}*{high})*EXP({cells.first}*{cells.deviate})"
        possible = cells.between(low, high, ends=False)
        words = "centred log-normal (se of the log, low, high)"
        return DrawFormula(words, (width(self), self.low, self.high), text, possible)
