"""What families through both ends of a published interval on the log scale share."""

import math
from collections.abc import Iterable
from typing import ClassVar, Self

from pydantic import model_validator

from netcea.blocks import Bounds, refused
from netcea.errors import Problem
from netcea.plain_number import typed
from netcea.uncertainty.drawn_family import ByDeviate
from netcea.uncertainty.family import SET_BOTH
from netcea.uncertainty.normal import HALF_WIDTH


def width(interval: Bounds) -> float:
    """Width of a 95% interval on the log scale, in standard errors' terms.

    Parameters
    ----------
    interval : Bounds
        Above 0.

    Returns
    -------
    float
        Standard error: log(high / low) / 3.92. [log]

    Examples
    --------
    >>> round(width(Bounds(low=7.6, high=12.7)), 4)
    0.131
    """
    return math.log(interval.high / interval.low) / (2.0 * HALF_WIDTH)


def normal_share(z: float) -> float:
    """Share of standard normal deviates below one.

    Parameters
    ----------
    z : float
        [1]

    Returns
    -------
    float
        0 to 1. [share]

    Examples
    --------
    >>> normal_share(0.0), round(normal_share(-1.959963984540054), 6)
    (0.5, 0.025)
    """
    return math.erfc(-z / math.sqrt(2.0)) / 2.0


class AroundInterval(Bounds, ByDeviate):
    """A family that keeps both ends of a published 95% interval above 0, on the log scale.

    Attributes
    ----------
    low, high : float
        Its 2.5% and 97.5% quantiles. [the number's unit]
    """

    unusual_for: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _ends_above_zero(self) -> Self:
        if self.low <= 0.0:
            raise refused(typed(self.low), "an interval above 0: its logarithm is used", address="low")
        return self

    @property
    def limits(self) -> tuple[float, float]:
        """Above 0. [the number's unit]."""
        return 0.0, math.inf

    @property
    def published_interval(self) -> tuple[float, float]:
        """The interval itself. [the number's unit]."""
        return self.low, self.high

    @property
    def log_standard_error(self) -> float:
        """Width of the interval on the log scale / 3.92; where its halves differ, the mean of both spreads. [1]."""
        return width(self)

    def refusals(self, value: float) -> Iterable[Problem]:
        """Refuse a value at an end of its interval, or outside."""
        if not self.low < value < self.high:
            found = f"{typed(value)}, not inside its interval {typed(self.low)} to {typed(self.high)}"
            yield Problem(address="value", found=found, expected="a value between the ends", suggestion=SET_BOTH)

    def interval(self, value: float) -> tuple[float, float]:
        """Return the interval itself."""
        return self.low, self.high
