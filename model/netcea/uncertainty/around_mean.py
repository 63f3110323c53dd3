"""The block of families around a mean: a standard error, absolute or relative."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self, TypeVar

from pydantic import model_validator

from netcea.blocks import Block, PositiveFloat, refused

SomeBlock = TypeVar("SomeBlock", bound=Block)


class AroundMean(Block):
    """A standard error, absolute or relative to the value."""

    se: PositiveFloat | None = None
    """Standard error, in the quantity's own unit."""
    se_relative: PositiveFloat | None = None
    """Standard error as a share of the value."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        return one_of(self, "se", "se_relative")

    def sd(self, value: float) -> float:
        """Return the standard error: se, or se_relative |value|.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        float
            [the number's unit]

        Examples
        --------
        >>> AroundMean(se_relative=0.25).sd(8.0)
        2.0
        """
        return self.se if self.se is not None else abs(value) * (self.se_relative or 0.0)

    def mean(self, value: float) -> float:
        """Return the mean, which is the value."""
        return value

    def doubts(self, value: float) -> Iterator[str]:
        """Return a doubt where the standard error is larger than the value."""
        relative = self.sd(value) / abs(value) if value else 0.0
        if relative > 1.0:
            yield f"the standard error is {relative:.1f} times the value: is it a standard deviation?"


def one_of(block: SomeBlock, *names: str) -> SomeBlock:
    """See that exactly one entry of a block is given."""
    given = [name for name in names if getattr(block, name) is not None]
    if len(given) != 1:
        raise refused("both" if given else "neither", f"one of {', '.join(names)}")
    return block
