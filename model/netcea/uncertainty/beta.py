"""Beta: a mean between 0 and 1 with a standard error or a number of patients, for proportions and utilities."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final, Self

import numpy as np
from pydantic import model_validator

from netcea.arrays import Array
from netcea.blocks import Block, PositiveFloat
from netcea.errors import Problem
from netcea.plain_number import read
from netcea.uncertainty.around_mean import one_of
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.drawn_family import ByRank

if TYPE_CHECKING:
    from numpy.random import Generator

LARGEST_N: Final = 1e12
"""Alpha + beta beyond which quantiles are not worked out exactly. [patients]"""


class Beta(Block, ByRank):
    """A beta distribution whose mean is the value, a proportion.

    Notes
    -----
    alpha = n value, beta = n (1 - value), where n = alpha + beta is the number of patients that the proportion speaks
    for: as given, or value (1 - value) / se^2 - 1. The standard deviation is sqrt(value (1 - value) / (n + 1)).

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N. Continuous Univariate Distributions. 2nd ed. 1995, volume 2, chapter 25.

    Examples
    --------
    >>> Beta(effective_n=100.0).alpha_beta(0.08)
    (8.0, 92.0)
    >>> round(Beta(se=0.05).sd(0.25), 12)
    0.05
    """

    se: PositiveFloat | None = None
    """Standard error."""
    effective_n: PositiveFloat | None = None
    """Number of patients the proportion speaks for (alpha + beta)."""

    name: ClassVar[str] = "beta"

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        return one_of(self, "se", "effective_n")

    def alpha_beta(self, value: float) -> tuple[float, float]:
        """Return alpha and beta of the beta distribution with this mean.

        Parameters
        ----------
        value : float
            Mean. [proportion]

        Returns
        -------
        tuple of (float, float)
            Not above 0 where the standard error is impossible. [1]
        """
        n = self.effective_n if self.effective_n is not None else value * (1 - value) / (self.se or 1.0) ** 2 - 1
        return value * n, (1 - value) * n

    def quantile(self, value: float, p: Array) -> Array:
        """Return the x with I_x(alpha, beta) = p, the regularised incomplete beta function."""
        from netcea.special import special

        return np.asarray(special.betaincinv(*self.alpha_beta(value), p), dtype=np.float64)

    def draw(self, value: float, random: "Generator", n: int) -> Array:
        """Draw by NumPy's own method."""
        return random.beta(*self.alpha_beta(value), n)

    def mean(self, value: float) -> float:
        """Return the mean, which is the value."""
        return value

    def sd(self, value: float) -> float:
        """Return sqrt(value (1 - value) / (alpha + beta + 1))."""
        return math.sqrt(value * (1.0 - value) / (sum(self.alpha_beta(value)) + 1.0))

    @property
    def limits(self) -> tuple[float, float]:
        """From 0 to 1. [proportion]."""
        return 0.0, 1.0

    def refusals(self, value: float) -> Iterator[Problem]:
        """Refuse a mean outside 0 to 1, or a standard error that no proportion of this mean can have."""
        if not (0 < value < 1 and min(self.alpha_beta(value)) > 0):
            yield Problem(
                address="uncertainty.beta",
                found=f"an impossible beta of mean {read(value)}",
                expected="a mean between 0 and 1 and a standard error below "
                f"sqrt(mean (1 - mean)) = {read(math.sqrt(max(value * (1 - value), 0.0)), 3)}",
            )
        elif sum(self.alpha_beta(value)) > LARGEST_N:
            yield Problem(
                address="uncertainty.beta",
                found=f"the certainty of {read(sum(self.alpha_beta(value)), 3)} patients",
                expected=f"at most {read(LARGEST_N)}, or `fixed` with a reason",
            )

    def words(self, value: float) -> str:
        """Return mean, alpha and beta."""
        alpha, beta = self.alpha_beta(value)
        return f"beta, mean {read(value)}, alpha {read(alpha, 4)}, beta {read(beta, 4)}"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return the beta quantile of the rank; the standard error, or the number of patients, stays."""
        centre, first = cells.centre, cells.first
        n = first if self.se is None else f"({centre}*(1-{centre})/{first}^2-1)"
        text = f"BETAINV({cells.rank},{centre}*{n},(1-{centre})*{n})"
        what, parameter = ("alpha + beta", self.effective_n) if self.se is None else ("standard error", self.se)
        return DrawFormula(f"beta ({what})", (parameter or 0.0,), text, f"AND({centre}>0,{centre}<1,{n}>0)")
