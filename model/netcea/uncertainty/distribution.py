"""What a family from which numbers are drawn says: draws, quantiles, moments, limits, and its spreadsheet formula.

Sampling from streams, from Sobol sequences and under a rank correlation, bounds of one-way analysis, checks of moments
and the workbook's Draw sheet all ask here, so that they agree. A family is written either as the value at a standard
normal deviate (`ByDeviate`) or as the quantile at a rank (`ByRank`); the other follows.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from netcea.arrays import Array
from netcea.uncertainty.family import Family

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class DrawCells:
    """The cells that the formula of a drawn value may name.

    Attributes
    ----------
    centre : str
        The number's live value.
    deviate : str
        A standard normal deviate.
    first, second : str
        The parameters of the formula.
    """

    centre: str
    deviate: str
    first: str
    second: str

    @property
    def rank(self) -> str:
        """The deviate's rank among standard normal ones, above 0 and below 1, as a formula."""
        return f"NORMSDIST({self.deviate})"


@dataclass(frozen=True)
class DrawFormula:
    """How a spreadsheet draws a value.

    Attributes
    ----------
    words : str
        The distribution, and what its parameters are.
    parameters : tuple of float
        At most two; each has a cell of its own.
    text : str
        The value at the deviate, in terms of `DrawCells`.
    """

    words: str
    parameters: tuple[float, ...]
    text: str


class Distribution(Family):
    """A family from which numbers are drawn.

    Members of a group that is drawn together (`group_field`) are drawn as variates, one by one; `combined` makes the
    group's values of them.

    Attributes
    ----------
    instead : str
        What `netcea check` recommends where the distribution reaches values that the unit does not allow.
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

    def draw(self, value: float, random: Generator, n: int) -> Array:
        """Draw from a random stream, which is moved on.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]
        random : numpy.random.Generator
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
        """
        return variate


class ByDeviate(Distribution):
    """A distribution written as the value at a standard normal deviate; quantiles follow."""

    def quantile(self, value: float, p: Array) -> Array:
        """Return the value at the deviate of a rank: at_deviate(value, Phi^-1(p))."""
        from scipy import special

        return self.at_deviate(value, np.asarray(special.ndtri(p), dtype=np.float64))


class ByRank(Distribution):
    """A distribution written as the quantile at a rank; values at deviates follow."""

    def at_deviate(self, value: float, z: Array) -> Array:
        """Return the quantile at the rank of a deviate: quantile(value, Phi(z))."""
        from scipy import special

        return self.quantile(value, np.asarray(special.ndtr(z), dtype=np.float64))


@lru_cache(maxsize=16)
def normal_nodes(n: int) -> tuple[Array, Array]:
    """Return nodes and weights of Gauss-Hermite quadrature over a standard normal deviate.

    Exact for polynomials of a degree up to 2n - 1.

    Parameters
    ----------
    n : int
        Number of nodes.

    Returns
    -------
    nodes : Array (n,)
        Deviates. [1]
    weights : Array (n,)
        They add up to 1. [1]

    References
    ----------
    Abramowitz M, Stegun IA. Handbook of Mathematical Functions. 1964, section 25.4.46.

    Examples
    --------
    >>> z, weights = normal_nodes(5)
    >>> round(float(np.vecdot(z**4, weights)), 12)
    3.0
    """
    z, weights = np.polynomial.hermite_e.hermegauss(n)
    return z, weights / weights.sum()
