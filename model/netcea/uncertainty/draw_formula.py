"""How a spreadsheet draws a value: the cells that a family's formula may name, and the formula."""

from __future__ import annotations

from typing import NamedTuple


class DrawCells(NamedTuple):
    """The cells that the formula of a drawn value may name.

    Attributes
    ----------
    centre : str
        The number's live value.
    deviate : str
        A standard normal deviate.
    first, second, third : str
        The parameters of the formula.
    """

    centre: str
    deviate: str
    first: str
    second: str
    third: str

    @property
    def rank(self) -> str:
        """The deviate's rank among standard normal ones, above 0 and below 1, as a formula."""
        return f"NORMSDIST({self.deviate})"

    def between(self, low: str, high: str, *, ends: bool = True) -> str:
        """Return the formula that says whether the live value is between two cells.

        Parameters
        ----------
        low, high : str
            The cells. [the number's unit]
        ends : bool
            Whether it may be one of them.

        Returns
        -------
        str
            Without the sign of equality.

        Examples
        --------
        >>> cells = DrawCells("A1", "B1", "C1", "D1", "E1")
        >>> cells.between("C1", "D1"), cells.between("C1", "D1", ends=False)
        ('AND(A1>=C1,A1<=D1)', 'AND(A1>C1,A1<D1)')
        """
        same = "=" if ends else ""
        return f"AND({self.centre}>{same}{low},{self.centre}<{same}{high})"


class DrawFormula(NamedTuple):
    """How a spreadsheet draws a value.

    Attributes
    ----------
    words : str
        The distribution, and what its parameters are.
    parameters : tuple of float
        At most three; each has a cell of its own.
    text : str
        The value at the deviate, in terms of `DrawCells`.
    possible : str
        Formula that says whether a number of this live value can have this uncertainty, as `Family.refusals` does;
        empty where any can.
    """

    words: str
    parameters: tuple[float, ...]
    text: str
    possible: str = ""
