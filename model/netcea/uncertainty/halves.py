"""Errors of a logarithm that are not its standard error times a deviate: one size below, another above, off centre."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array

DENSITY: Final = 1.0 / math.sqrt(2.0 * math.pi)
"""Of a standard normal deviate at 0."""


class Halves(NamedTuple):
    """The error of a logarithm as a function of a standard normal deviate: two straight lines that meet at 0.

    Attributes
    ----------
    offset : float
        At the deviate 0: the median over the point estimate. [log]
    below, above : float
        Slope for negative and for positive deviates. [log]

    Examples
    --------
    >>> halves = Halves(0.0, 0.05, 0.2)
    >>> halves.error(np.array([-2.0, 2.0])).tolist(), halves.deviate(np.array([-0.1, 0.4])).tolist()
    ([-0.1, 0.4], [-2.0, 2.0])
    """

    offset: float
    below: float
    above: float

    def error(self, w: Array) -> Array:
        """Error beyond the offset at deviates.

        Parameters
        ----------
        w : Array (...)
            [1]

        Returns
        -------
        Array (...)
            [log]
        """
        return np.asarray(np.where(w < 0.0, self.below, self.above) * w, dtype=np.float64)

    def deviate(self, error: Array) -> Array:
        """Deviates of errors beyond the offset.

        Parameters
        ----------
        error : Array (...)
            [log]

        Returns
        -------
        Array (...)
            [1]
        """
        return np.asarray(error / np.where(error < 0.0, self.below, self.above), dtype=np.float64)

    @property
    def mean(self) -> float:
        """Mean error: offset + (above - below) phi(0). [log]."""
        return self.offset + (self.above - self.below) * DENSITY

    def covariance(self, other: Halves, correlation: float) -> float:
        """Covariance of two errors whose deviates are correlated.

        Parameters
        ----------
        other : Halves
            Of the other error.
        correlation : float
            Of the deviates, -1 to 1. [1]

        Returns
        -------
        float
            [log^2]

        Notes
        -----
        error = s w + d |w| with s = (above + below) / 2 and d = (above - below) / 2; E w1 w2 = r, E w1 |w2| = 0, and
        E |w1| |w2| = 2 / pi (sqrt(1 - r^2) + r asin r).

        References
        ----------
        Kotz S, Balakrishnan N, Johnson NL. Continuous Multivariate Distributions. 2nd ed. 2000, section 46.5: absolute
        moments of the bivariate normal.

        Examples
        --------
        With itself, at the same slopes: the variance of a normal error.

        >>> round(Halves(0.0, 0.2, 0.2).covariance(Halves(0.0, 0.2, 0.2), 1.0), 12)
        0.04
        """
        r = min(1.0, max(-1.0, correlation))
        together = 2.0 / math.pi * (math.sqrt(1.0 - r * r) + r * math.asin(r))
        straight = (self.above + self.below) * (other.above + other.below) / 4.0 * r
        bent = (self.above - self.below) * (other.above - other.below) / 4.0 * (together - 2.0 / math.pi)
        return straight + bent
