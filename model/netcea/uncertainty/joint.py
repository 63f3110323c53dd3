"""Joint: one of several numbers that were estimated together."""

from __future__ import annotations

from typing import ClassVar, Literal

from netcea.blocks import Block
from netcea.uncertainty.family import Family


class Joint(Block, Family):
    """This quantity was estimated together with others; the covariance stands in a `covariance` table beside them.

    Examples
    --------
    >>> Joint(block="weibull", scale="log").words(1.2)
    "drawn together with the block 'weibull', log scale"
    """

    block: str
    """Name of the correlated block in the same group."""
    scale: Literal["log", "identity", "logit"]
    """The real line on which the covariance is given."""

    name: ClassVar[str] = "joint"
    group_field: ClassVar[str] = "block"
    together: ClassVar[str] = "numbers estimated together"

    def doubts(self, value: float) -> tuple[str, ...]:
        """Return that it is not drawn: only parameters that netcea itself fits are drawn by their covariance."""
        return (f"the covariance of the block '{self.block}' is not drawn: this number stays at its value",)

    def words(self, value: float) -> str:
        """Return block and scale."""
        return f"drawn together with the block '{self.block}', {self.scale} scale"
