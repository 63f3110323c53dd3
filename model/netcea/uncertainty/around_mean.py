"""The block of families around a mean: a standard error, absolute or relative."""

from collections.abc import Iterator
from typing import Self, TypeVar

from pydantic import model_validator

from netcea.blocks import Block, PositiveFloat, refused
from netcea.uncertainty.draw_formula import DrawCells
from netcea.uncertainty.drawn_family import DrawnFamily

SomeBlock = TypeVar("SomeBlock", bound=Block)


class AroundMean(Block, DrawnFamily):
    """A distribution around its mean, with a standard error, absolute or relative to the value.

    Examples
    --------
    >>> from netcea.uncertainty.gamma import Gamma
    >>> Gamma(se_relative=0.25).sd(8.0), list(Gamma(se=8.0).doubts(4.0))
    (2.0, ['the standard error is 2.0 times the value: is it a standard deviation?'])
    """

    se: PositiveFloat | None = None
    """Standard error, in the quantity's own unit."""
    se_relative: PositiveFloat | None = None
    """Standard error as a share of the value."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        return one_of(self, "se", "se_relative")

    def sd(self, value: float) -> float:
        """Return the standard error: se, or se_relative |value|."""
        return self.se if self.se is not None else abs(value) * (self.se_relative or 0.0)

    def mean(self, value: float) -> float:
        """Return the mean, which is the value."""
        return value

    def live_error(self, cells: DrawCells) -> tuple[str, float, str]:
        """Return the standard error around a live value: what its parameter is, the parameter, the error as a formula.

        Parameters
        ----------
        cells : DrawCells
            The parameter is in the first.

        Returns
        -------
        tuple of (str, float, str)
            [the quantity's unit, or its share of the value]

        Examples
        --------
        >>> from netcea.uncertainty.gamma import Gamma
        >>> cells = DrawCells("A1", "B1", "C1", "D1", "E1")
        >>> Gamma(se=2.0).live_error(cells), Gamma(se_relative=0.25).live_error(cells)
        (('standard error', 2.0, 'C1'), ('standard error over value', 0.25, 'C1*ABS(A1)'))
        """
        if self.se is not None:
            return "standard error", self.se, cells.first
        return "standard error over value", self.se_relative or 0.0, f"{cells.first}*ABS({cells.centre})"

    def doubts(self, value: float) -> Iterator[str]:
        """Return a doubt where the standard error is larger than the value."""
        relative = self.sd(value) / abs(value) if value else 0.0
        if relative > 1.0:
            yield f"the standard error is {relative:.1f} times the value: is it a standard deviation?"


def one_of(block: SomeBlock, *names: str) -> SomeBlock:
    """Return a block of which exactly one of some entries is given.

    Parameters
    ----------
    block : Block
        As it was read.
    *names : str
        Names of the entries, two of them.

    Returns
    -------
    Block
        The same.

    Raises
    ------
    BlockError
        Both were given, or neither.
    """
    given = [name for name in names if getattr(block, name) is not None]
    if len(given) != 1:
        raise refused("both" if given else "neither", f"one of {', '.join(names)}")
    return block
