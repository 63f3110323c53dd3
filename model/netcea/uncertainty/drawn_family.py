"""What a family from which numbers are drawn says: draws, quantiles, moments, limits, and its spreadsheet formula.

Sampling from streams, from Sobol sequences and under a rank correlation, bounds of one-way analysis, checks of moments
and the workbook's Draw sheet all ask here, so that they agree. A family is written either as the value at a standard
normal deviate (`ByDeviate`) or as the quantile at a rank (`ByRank`); the other follows.
"""

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from netcea.arrays import Array
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.family import Family
from netcea.uncertainty.quadrature import normal_nodes

if TYPE_CHECKING:
    from numpy.random import Generator


FURTHEST: Final = 8.0
"""Deviates beyond which none is looked for: of 10^15 draws one is."""
BISECTIONS: Final = 60
"""Halvings from there to the last bits of a deviate."""


class DrawnFamily(Family):
    """A family from which numbers are drawn.

    Members of a group that is drawn together (`group_field`) are drawn as variates, one by one; `combined` makes the
    group's values of them.

    Attributes
    ----------
    instead : str
        What `netcea check` recommends where the distribution reaches values that the unit does not allow.

    References
    ----------
    Briggs A, Claxton K, Sculpher M. Decision Modelling for Health Economic Evaluation. 2006, chapter 4.

    Examples
    --------
    >>> from netcea.uncertainty.normal import Normal
    >>> weight = Normal(se=10.0)
    >>> weight.at_deviate(70.0, np.array([-1.0, 0.0, 2.0])).tolist()
    [60.0, 70.0, 90.0]
    >>> weight.deviate_of(70.0, np.array([60.0, 90.0])).round(12).tolist()
    [-1.0, 2.0]
    >>> weight.quantile(70.0, np.array([0.5])).tolist(), weight.mean(70.0), weight.sd(70.0), weight.limits
    ([70.0], 70.0, 10.0, (-inf, inf))
    >>> weight.draw_formula(70.0, DrawCells("A1", "B1", "C1", "D1", "E1"))
    DrawFormula(words='normal (standard error)', parameters=(10.0,), text='A1+C1*B1', possible='')
    """

    instead: ClassVar[str] = ""

    @abstractmethod
    def at_deviate(self, value: float, z: Array) -> Array:
        """Return the value whose rank in the distribution is the rank of a standard normal deviate.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]
        z : Array (...)
            Standard normal deviates, of any shape. [1]

        Returns
        -------
        Array (...)
            [the number's unit]
        """

    def deviate_of(self, value: float, x: Array) -> Array:
        """Return the standard normal deviate at which a value stands: the inverse of `at_deviate`.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]
        x : Array (...)
            Of any shape. [the number's unit]

        Returns
        -------
        Array (...)
            By bisection; values that no deviate up to `FURTHEST` has are at its ends. [1]
        """
        x = np.asarray(x, dtype=np.float64)
        low, high = np.full(x.shape, -FURTHEST), np.full(x.shape, FURTHEST)
        ends = self.at_deviate(value, np.array([-FURTHEST, FURTHEST]))
        sign = 1.0 if ends[1] >= ends[0] else -1.0
        for _ in range(BISECTIONS):
            middle = (low + high) / 2.0
            below = sign * (self.at_deviate(value, middle) - x) < 0.0
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2.0, dtype=np.float64)

    @abstractmethod
    def quantile(self, value: float, p: Array) -> Array:
        """Return the value at a rank in the distribution.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]
        p : Array (...)
            Above 0 and below 1, of any shape. [1]

        Returns
        -------
        Array (...)
            [the number's unit]
        """

    def draw(self, value: float, random: "Generator", n: int) -> Array:
        """Draw from a random stream, which is moved on.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]
        random : numpy.random.Generator
            The stream.
        n : int
            How many.

        Returns
        -------
        Array (n,)
            [the number's unit]
        """
        return self.at_deviate(value, random.standard_normal(n))

    def combined(self, variates: Sequence[Array]) -> list[Array]:
        """Return the values of a group drawn together.

        Parameters
        ----------
        variates : sequence of Array (n,)
            One for each member.

        Returns
        -------
        list of Array (n,)
            In the same order. [the members' unit]
        """
        return list(variates)

    def mean(self, value: float) -> float:
        """Return the mean: in closed form, or by Gauss-Hermite quadrature over 41 deviates.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        float
            [the number's unit]
        """
        z, weights = normal_nodes(41)
        return float(np.vecdot(self.at_deviate(value, z), weights))

    def sd(self, value: float) -> float:
        """Return the standard deviation: in closed form, or by quadrature as the mean.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        float
            [the number's unit]
        """
        z, weights = normal_nodes(41)
        return math.sqrt(float(np.vecdot((self.at_deviate(value, z) - self.mean(value)) ** 2, weights)))

    @property
    @abstractmethod
    def limits(self) -> tuple[float, float]:
        """Ends of the support, which may be infinite. [the number's unit]."""

    @abstractmethod
    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return the spreadsheet formula of the value at a deviate, around a number's live value.

        Parameters
        ----------
        value : float
            Point estimate of inputs/. [the number's unit]
        cells : DrawCells
            What the formula may name.

        Returns
        -------
        DrawFormula
            With what its parameters are.
        """

    def combined_formula(self, variate: str, variates: Sequence[str]) -> str:
        """Return the formula of a member's value, as `combined` has it.

        Parameters
        ----------
        variate : str
            The member's cell.
        variates : sequence of str
            The cells of the whole group.

        Returns
        -------
        str
            Without the sign of equality.
        """
        return variate


class ByDeviate(DrawnFamily):
    """A distribution written as the value at a standard normal deviate; quantiles follow."""

    def quantile(self, value: float, p: Array) -> Array:
        """Return the value at the deviate of a rank: at_deviate(value, Phi^-1(p))."""
        from netcea.special import special

        return self.at_deviate(value, np.asarray(special.ndtri(p), dtype=np.float64))


class ByRank(DrawnFamily):
    """A distribution written as the quantile at a rank; values at deviates follow."""

    def at_deviate(self, value: float, z: Array) -> Array:
        """Return the quantile at the rank of a deviate: quantile(value, Phi(z))."""
        from netcea.special import special

        return self.quantile(value, np.asarray(special.ndtr(z), dtype=np.float64))
