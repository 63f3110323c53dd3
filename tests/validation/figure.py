"""A number of somebody else's beside netcea's."""

from __future__ import annotations

import math
from dataclasses import dataclass

TOLERANCE = 1e-6
"""What figures of matched conventions may differ by, relative to theirs."""


@dataclass(frozen=True)
class Figure:
    """A number of somebody else's beside netcea's.

    Attributes
    ----------
    program, case, convention, strategy, measure : str
    theirs, ours : float
    size : float
        What the difference is relative to; theirs, where it is 0.
    explained : str
        Section of differences_explained.md where conventions cannot be matched; empty where the two must be equal.
    """

    program: str
    case: str
    convention: str
    strategy: str
    measure: str
    theirs: float
    ours: float
    size: float = 0.0
    explained: str = ""

    @property
    def difference(self) -> float:
        """Ours minus theirs, relative."""
        if self.ours == self.theirs or (math.isnan(self.ours) and math.isnan(self.theirs)):
            return 0.0
        size = self.size or abs(self.theirs)
        return (self.ours - self.theirs) / size if size else math.inf

    @property
    def agrees(self) -> bool:
        """Whether the two are equal to the tolerance."""
        return abs(self.difference) <= TOLERANCE  # never where one is not a number
