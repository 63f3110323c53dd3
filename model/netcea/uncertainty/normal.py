"""Normal: a mean and a standard error, for numbers that may be on both sides of 0."""

import math
from typing import ClassVar, Final

from netcea.arrays import Array
from netcea.plain_number import read
from netcea.uncertainty.around_mean import AroundMean
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.drawn_family import ByDeviate

HALF_WIDTH: Final = 1.959963984540054
"""Half the width of a 95% interval of a normal distribution in standard errors."""


class Normal(AroundMean, ByDeviate):
    """A normal distribution whose mean is the value, with a standard error, absolute or relative to the value.

    Notes
    -----
    x(z) = value + se z, at a standard normal deviate z.

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N. Continuous Univariate Distributions. 2nd ed. 1994, volume 1, chapter 13.

    Examples
    --------
    >>> low, high = Normal(se=0.1).interval(1.0)  # 1 -+ 1.96 x 0.1
    >>> round(low, 3), round(high, 3)
    (0.804, 1.196)
    """

    name: ClassVar[str] = "normal"
    unusual_for: ClassVar[frozenset[str]] = frozenset({"money", "ratio"})
    instead: ClassVar[str] = "a beta, gamma or log-normal does not"

    def at_deviate(self, value: float, z: Array) -> Array:
        """Return value + se z."""
        return value + self.sd(value) * z

    def plain_standard_error(self, value: float) -> float:
        """Return the standard error itself."""
        return self.sd(value)

    @property
    def limits(self) -> tuple[float, float]:
        """Every number. [the number's unit]."""
        return -math.inf, math.inf

    def interval(self, value: float) -> tuple[float, float]:
        """Return value - 1.96 se and value + 1.96 se."""
        half = HALF_WIDTH * self.sd(value)
        return value - half, value + half

    def words(self, value: float) -> str:
        """Return mean and standard error."""
        return f"normal, mean {read(value)}, SE {read(self.sd(value), 3)}"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return centre + se z."""
        what, parameter, error = self.live_error(cells)
        return DrawFormula(f"normal ({what})", (parameter,), f"{cells.centre}+{error}*{cells.deviate}")
