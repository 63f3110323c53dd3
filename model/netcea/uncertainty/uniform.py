"""Uniform: anything between two bounds, for what nobody knows better."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from netcea.arrays import Array
from netcea.blocks import Bounds
from netcea.errors import Problem
from netcea.plain_number import read
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.drawn_family import ByRank
from netcea.uncertainty.family import outside

if TYPE_CHECKING:
    from numpy.random import Generator


class Uniform(Bounds, ByRank):
    """A uniform distribution: every value from the lowest to the highest is as likely as another.

    Notes
    -----
    x(p) = low + (high - low) p. The mean is in the middle, wherever the value is; the standard deviation is
    (high - low) / sqrt(12).

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N. Continuous Univariate Distributions. 2nd ed. 1995, volume 2, chapter 26.

    Examples
    --------
    >>> Uniform(low=0.0, high=1.0).interval(0.5)
    (0.025, 0.975)
    """

    name: ClassVar[str] = "uniform"

    def quantile(self, value: float, p: Array) -> Array:
        """Return low + (high - low) p."""
        return self.low + (self.high - self.low) * p

    def draw(self, value: float, random: "Generator", n: int) -> Array:
        """Draw by NumPy's own method."""
        return random.uniform(self.low, self.high, n)

    def mean(self, value: float) -> float:
        """Return (low + high) / 2."""
        return (self.low + self.high) / 2.0

    def sd(self, value: float) -> float:
        """Return (high - low) / sqrt(12)."""
        return (self.high - self.low) / math.sqrt(12.0)

    @property
    def limits(self) -> tuple[float, float]:
        """From low to high. [the number's unit]."""
        return self.low, self.high

    def refusals(self, value: float) -> Iterable[Problem]:
        """Refuse a value outside the bounds."""
        return outside(value, self.name, self.low, self.high)

    def interval(self, value: float) -> tuple[float, float]:
        """Return the 2.5% and the 97.5% point."""
        width = self.high - self.low
        return self.low + 0.025 * width, self.high - 0.025 * width

    def words(self, value: float) -> str:
        """Return the bounds."""
        return f"uniform, {read(self.low)} to {read(self.high)}"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return low + (high - low) p."""
        text = f"{cells.first}+({cells.second}-{cells.first})*{cells.rank}"
        possible = cells.between(cells.first, cells.second)
        return DrawFormula("uniform (low, high)", (self.low, self.high), text, possible)
