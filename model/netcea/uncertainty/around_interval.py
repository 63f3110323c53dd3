"""What families through both ends of a published interval on the log scale share."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeVar

from netcea.blocks import Bounds, refused
from netcea.errors import Problem
from netcea.plain_number import typed
from netcea.uncertainty.family import SET_BOTH
from netcea.uncertainty.normal import HALF_WIDTH

SomeBounds = TypeVar("SomeBounds", bound=Bounds)


def above_zero(interval: SomeBounds) -> SomeBounds:
    """Return an interval whose ends have a logarithm.

    Parameters
    ----------
    interval : Bounds
        As it was read.

    Returns
    -------
    Bounds
        The same.

    Raises
    ------
    BlockError
        Its low end is 0 or below.
    """
    if interval.low <= 0.0:
        raise refused(typed(interval.low), "an interval above 0: its logarithm is used", address="low")
    return interval


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


def strictly_inside(interval: Bounds, value: float) -> Iterator[Problem]:
    """Refuse a value at an end of its interval, or outside.

    Parameters
    ----------
    interval : Bounds
        Above 0.
    value : float
        Point estimate. [the number's unit]

    Yields
    ------
    Problem
        One, or none.
    """
    if not interval.low < value < interval.high:
        found = f"{typed(value)}, not inside its interval {typed(interval.low)} to {typed(interval.high)}"
        yield Problem(address="value", found=found, expected="a value between the ends", suggestion=SET_BOTH)


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
