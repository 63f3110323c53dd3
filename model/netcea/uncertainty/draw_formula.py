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


class DrawFormula(NamedTuple):
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
