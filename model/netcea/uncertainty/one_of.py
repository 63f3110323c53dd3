"""One of several: alternatives of which one holds, with their probabilities."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from netcea.arrays import Array
from netcea.blocks import Block
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.shares import Shares

if TYPE_CHECKING:
    from numpy.random import Generator

NEVER: Final = "1E+300"
"""What a spreadsheet has for the waiting time of what never comes."""


class OneOf(Block, Shares):
    """This number is the probability of one of several alternatives, of which each draw has one: it is 1 there, or 0.

    Notes
    -----
    Every member has an exponential waiting time of rate w, its value; who comes first is 1, all others are 0. Member k
    of K comes first with probability w_k / (w_1 + ... + w_K).

    References
    ----------
    Devroye L. Non-Uniform Random Variate Generation. 1986, section V.2.1 (the least of exponential variates).

    Examples
    --------
    >>> third = OneOf(group="families")
    >>> round(third.sd(0.2), 12)  # sqrt(0.2 x 0.8)
    0.4
    >>> [share.tolist() for share in third.combined([np.array([0.3, 2.0]), np.array([0.5, 1.0])])]
    [[1.0, 0.0], [0.0, 1.0]]
    """

    group: str
    """Name of the set of alternatives, shared by its members, which stand beside each other; unused ones count too."""

    name: ClassVar[str] = "one_of"
    group_field: ClassVar[str] = "group"
    together: ClassVar[str] = "alternatives of which one holds"

    def quantile(self, value: float, p: Array) -> Array:
        """Return the quantile of the member's waiting time, -log(1 - p) / w; infinite for a probability of 0."""
        waits = -np.log1p(-np.asarray(p, dtype=np.float64))
        return waits / value if value > 0.0 else np.full_like(waits, np.inf)

    def draw(self, value: float, random: "Generator", n: int) -> Array:
        """Draw the member's waiting time."""
        waits = random.standard_exponential(n)
        return waits / value if value > 0.0 else np.full_like(waits, np.inf)

    def combined(self, variates: Sequence[Array]) -> list[Array]:
        """Return 1 for the member whose waiting time is shortest, 0 for all others."""
        first = np.argmin(np.array(variates), axis=0)
        return [np.asarray(first == member, dtype=np.float64) for member in range(len(variates))]

    def sd(self, value: float) -> float:
        """Return sqrt(value (1 - value))."""
        return math.sqrt(value * (1.0 - value))

    def words(self, value: float) -> str:
        """Return the group."""
        return f"one of the alternatives '{self.group}'"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return the quantile of the member's waiting time."""
        waits = f"-LN(NORMSDIST(-({cells.deviate})))/{cells.centre}"
        return DrawFormula("one of several", (), f"IF({cells.centre}>0,{waits},{NEVER})")

    def combined_formula(self, variate: str, variates: Sequence[str]) -> str:
        """Return 1 where the variate is the least of all, 0 elsewhere."""
        return f"IF({variate}=MIN({','.join(variates)}),1,0)"
