"""Gamma: a mean above 0 and a standard error, for costs and resource use."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from netcea.arrays import Array
from netcea.errors import Problem
from netcea.plain_number import read
from netcea.uncertainty.around_mean import AroundMean
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.drawn_family import ByRank

if TYPE_CHECKING:
    from numpy.random import Generator


class Gamma(AroundMean, ByRank):
    """A gamma distribution whose mean is the value, with a standard error, absolute or relative to the value.

    Notes
    -----
    shape = (value / se)^2, scale = se^2 / value.

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N. Continuous Univariate Distributions. 2nd ed. 1994, volume 1, chapter 17.

    Examples
    --------
    >>> Gamma(se=2.0).shape_scale(4.0)
    (4.0, 1.0)
    """

    name: ClassVar[str] = "gamma"
    unusual_for: ClassVar[frozenset[str]] = frozenset({"ratio"})

    def shape_scale(self, value: float) -> tuple[float, float]:
        """Return shape and scale of the gamma distribution with this mean.

        Parameters
        ----------
        value : float
            Mean, above 0. [the number's unit]

        Returns
        -------
        tuple of (float, float)
            [1], [the number's unit]
        """
        variance = self.sd(value) ** 2
        return value**2 / variance, variance / value

    def quantile(self, value: float, p: Array) -> Array:
        """Return scale P^-1(shape, p), P being the regularised lower incomplete gamma function."""
        from netcea.special import special

        shape, scale = self.shape_scale(value)
        return np.asarray(special.gammaincinv(shape, p) * scale, dtype=np.float64)

    def draw(self, value: float, random: "Generator", n: int) -> Array:
        """Draw by NumPy's own method."""
        return random.gamma(*self.shape_scale(value), n)

    @property
    def limits(self) -> tuple[float, float]:
        """Above 0. [the number's unit]."""
        return 0.0, math.inf

    def refusals(self, value: float) -> Iterable[Problem]:
        """Refuse a mean of 0 or below."""
        return self._above_zero(value)

    def words(self, value: float) -> str:
        """Return mean and standard error."""
        return f"gamma, mean {read(value)}, SE {read(self.sd(value), 3)}"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return the gamma quantile of the rank; the standard error stays, or its share of the live value."""
        what, parameter, error = self.live_error(cells)
        text = f"GAMMAINV({cells.rank},({cells.centre}/({error}))^2,({error})^2/{cells.centre})"
        return DrawFormula(f"gamma ({what})", (parameter,), text, f"{cells.centre}>0")
