"""What families of shares that add up to 1 have in common: they are from 0 to 1, and a group of them is whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import ClassVar

from netcea.errors import Problem
from netcea.plain_number import read
from netcea.uncertainty.drawn_family import ByRank
from netcea.uncertainty.family import ROUNDING, Family


class Shares(ByRank):
    """A member of a group of shares that add up to 1 and are drawn together; its mean is its value.

    Examples
    --------
    >>> from netcea.uncertainty.one_of import OneOf
    >>> third = OneOf(group="families")
    >>> [fault.found for _, fault in third.faults_of_group({"a": (0.3, third), "b": (0.5, third)})]
    ["0.3 + 0.5 = 0.8 for 'families'"]
    """

    total: ClassVar[float | None] = 1.0

    def refusals(self, value: float) -> Iterator[Problem]:
        """Refuse a share below 0 or above 1."""
        if not 0.0 <= value <= 1.0:
            yield Problem(address="value", found=f"{read(value)} with the uncertainty {self.name}", expected="0 to 1")

    def faults_of_group(self, members: Mapping[str, tuple[float, Family]]) -> Iterator[tuple[str, Problem]]:
        """Yield why shares are no whole: their sum is not 1."""
        total = math.fsum(value for value, _ in members.values())
        address = next(iter(members))
        if abs(total - 1.0) > ROUNDING:
            found = (
                f"{' + '.join(read(value) for value, _ in members.values())} = {read(total)} for '{self.group_name}'"
            )
            expected = f"shares that add up to 1 (to {read(ROUNDING)}, for rounding) over {', '.join(members)}"
            hint = "give them as counts divided by their sum, and set all of them together"
            yield address, Problem(address="value", found=found, expected=expected, suggestion=hint)

    def mean(self, value: float) -> float:
        """Return the mean, which is the value."""
        return value

    @property
    def limits(self) -> tuple[float, float]:
        """From 0 to 1. [proportion]."""
        return 0.0, 1.0
