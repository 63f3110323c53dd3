"""Dirichlet: proportions that add up to 1 and are drawn together."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from netcea.arrays import Array
from netcea.blocks import Block, PositiveFloat
from netcea.errors import Problem
from netcea.plain_number import read
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.family import Family
from netcea.uncertainty.shares import Shares

if TYPE_CHECKING:
    from numpy.random import Generator


class Dirichlet(Block, Shares):
    """This proportion is one of several that add up to 1 and are drawn together.

    Notes
    -----
    Every member has a gamma variate of shape n value and scale 1, n being the number of patients; its value is its
    variate divided by the sum of the group's. A member alone is beta (n value, n (1 - value)).

    References
    ----------
    Devroye L. Non-Uniform Random Variate Generation. 1986, section XI.4.

    Examples
    --------
    >>> third = Dirichlet(group="mix", effective_n=24.0)
    >>> round(third.sd(0.2), 12)  # sqrt(0.2 x 0.8 / 25)
    0.08
    >>> [share.tolist() for share in third.combined([np.array([1.0]), np.array([3.0])])]
    [[0.25], [0.75]]
    """

    group: str
    """Name of the set of proportions, shared by its members, which stand beside each other; unused ones count too."""
    effective_n: PositiveFloat
    """Number of patients the proportions speak for."""

    name: ClassVar[str] = "dirichlet"
    group_field: ClassVar[str] = "group"
    together: ClassVar[str] = "proportions that add up to 1"

    def quantile(self, value: float, p: Array) -> Array:
        """Return the quantile of the member's gamma variate; 0 for a share of 0."""
        from netcea.special import special

        shape = value * self.effective_n
        return np.asarray(special.gammaincinv(shape, p) if shape > 0.0 else np.zeros_like(p), dtype=np.float64)

    def draw(self, value: float, random: "Generator", n: int) -> Array:
        """Draw the member's gamma variate."""
        return random.gamma(value * self.effective_n, 1.0, n)

    def faults_of_group(self, members: Mapping[str, tuple[float, Family]]) -> Iterator[tuple[str, Problem]]:
        """Yield why shares are no whole: their sum is not 1, or they speak for different numbers of patients."""
        yield from super().faults_of_group(members)
        for address, (_, family) in members.items():
            if isinstance(family, Dirichlet) and family.effective_n != self.effective_n:
                found = f"{read(family.effective_n)}, while others of '{self.group}' have {read(self.effective_n)}"
                where = "uncertainty.dirichlet.effective_n"
                yield address, Problem(address=where, found=found, expected="one number of patients for all shares")

    def combined(self, variates: Sequence[Array]) -> list[Array]:
        """Return the variates divided by their sum."""
        total = np.add.reduce(np.array(variates), axis=0)
        return [variate / total for variate in variates]

    def sd(self, value: float) -> float:
        """Return sqrt(value (1 - value) / (n + 1))."""
        return math.sqrt(value * (1.0 - value) / (self.effective_n + 1.0))

    def words(self, value: float) -> str:
        """Return group and number of patients."""
        return f"Dirichlet, with the group '{self.group}', {read(self.effective_n)} patients"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return the quantile of the member's gamma variate."""
        text = f"IF({cells.centre}>0,GAMMAINV({cells.rank},{cells.centre}*{cells.first},1),0)"
        return DrawFormula(f"Dirichlet, {read(self.effective_n)} patients", (self.effective_n,), text)

    def combined_formula(self, variate: str, variates: Sequence[str]) -> str:
        """Return the variate divided by the sum of all."""
        return f"{variate}/({'+'.join(variates)})"
