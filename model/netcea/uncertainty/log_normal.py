"""Log-normal: a median and the standard error of the logarithm, for ratios, times and skewed costs."""

import math
from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from netcea.arrays import Array
from netcea.blocks import Block, PositiveFloat
from netcea.errors import Problem
from netcea.plain_number import read
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.drawn_family import ByDeviate
from netcea.uncertainty.normal import HALF_WIDTH

LARGEST_SE_LOG: Final = 10.0
"""A 95% interval over 17 orders of magnitude: beyond any figure, and not far from where moments overflow."""


class LogNormal(Block, ByDeviate):
    """A log-normal distribution whose median is the value.

    Notes
    -----
    x(z) = value exp(s z), with the standard error s of the logarithm and a standard normal deviate z. The mean is
    value exp(s^2 / 2), above the value that the base case uses; the standard deviation is mean sqrt(exp(s^2) - 1).

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N. Continuous Univariate Distributions. 2nd ed. 1994, volume 1, chapter 14.

    Examples
    --------
    >>> ratio = LogNormal(se_log=0.1)
    >>> ratio.at_deviate(0.5, np.array([0.0, 1.0])).round(6).tolist()  # 0.5, 0.5 exp(0.1)
    [0.5, 0.552585]
    >>> round(ratio.mean(0.5), 6)  # 0.5 exp(0.005)
    0.502506
    """

    se_log: PositiveFloat
    """Standard error of the logarithm."""

    name: ClassVar[str] = "log_normal"
    unusual_for: ClassVar[frozenset[str]] = frozenset()

    def at_deviate(self, value: float, z: Array) -> Array:
        """Return value exp(s z)."""
        return np.asarray(value * np.exp(self.se_log * z), dtype=np.float64)

    def mean(self, value: float) -> float:
        """Return value exp(s^2 / 2)."""
        return value * math.exp(self.se_log**2 / 2.0)

    def sd(self, value: float) -> float:
        """Return mean sqrt(exp(s^2) - 1)."""
        return self.mean(value) * math.sqrt(math.expm1(self.se_log**2))

    @property
    def limits(self) -> tuple[float, float]:
        """Above 0. [the number's unit]."""
        return 0.0, math.inf

    @property
    def log_standard_error(self) -> float:
        """Standard error of the logarithm. [1]."""
        return self.se_log

    def refusals(self, value: float) -> Iterable[Problem]:
        """Refuse a median of 0 or below, and a standard error of the logarithm with which moments have no end."""
        yield from self._above_zero(value)
        if self.se_log > LARGEST_SE_LOG:
            expected = f"a standard error of the logarithm of at most {read(LARGEST_SE_LOG)}"
            yield Problem(address="uncertainty.log_normal.se_log", found=read(self.se_log), expected=expected)

    def interval(self, value: float) -> tuple[float, float]:
        """Return value / exp(1.96 s) and value exp(1.96 s)."""
        factor = math.exp(HALF_WIDTH * self.se_log)
        return value / factor, value * factor

    def words(self, value: float) -> str:
        """Return median and standard error of the logarithm."""
        return f"log-normal, median {read(value)}, SE of the logarithm {read(self.se_log, 3)}"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return centre exp(s z)."""
        text = f"{cells.centre}*EXP({cells.first}*{cells.deviate})"
        return DrawFormula("log-normal (se of the log)", (self.se_log,), text, f"{cells.centre}>0")
