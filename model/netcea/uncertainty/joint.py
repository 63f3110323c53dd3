"""Joint: one of several numbers that were estimated together."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from netcea.blocks import Block
from netcea.errors import Problem
from netcea.plain_number import read
from netcea.uncertainty.family import SET_BOTH, Family


class Joint(Block, Family):
    """This quantity was estimated together with others and is drawn with them: a table beside it has the covariance.

    Examples
    --------
    >>> Joint(block="weibull", scale="log").words(1.2)
    "drawn together with the block 'weibull', log scale"
    """

    block: str
    """Name of the table {names, covariance} in the same group; every number of the block names it, used or not."""
    scale: Literal["log", "identity", "logit"]
    """The real line on which the covariance is given."""

    name: ClassVar[str] = "joint"
    group_field: ClassVar[str] = "block"
    together: ClassVar[str] = "numbers estimated together"

    def refusals(self, value: float) -> Iterator[Problem]:
        """Yield why a value is not on the real line of its scale."""
        expected = {"log": "a value above 0", "logit": "a value above 0 and below 1"}.get(self.scale, "")
        if (self.scale == "log" and value <= 0.0) or (self.scale == "logit" and not 0.0 < value < 1.0):
            found = f"{read(value)}, estimated on the {self.scale} scale with the block '{self.block}'"
            yield Problem(address="value", found=found, expected=expected, suggestion=SET_BOTH)

    def words(self, value: float) -> str:
        """Return block and scale."""
        return f"drawn together with the block '{self.block}', {self.scale} scale"
