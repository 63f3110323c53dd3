"""Split log-normal: a published interval that is lopsided around its point estimate, both ends and the median kept."""

import math
from typing import ClassVar

import numpy as np

from netcea.arrays import Array
from netcea.plain_number import read, typed
from netcea.uncertainty.around_interval import AroundInterval, normal_share
from netcea.uncertainty.draw_formula import DrawCells, DrawFormula
from netcea.uncertainty.halves import Halves
from netcea.uncertainty.normal import HALF_WIDTH


class SplitLogNormal(AroundInterval):
    """A published 95% interval whose halves differ on the log scale: the value is the median, each half has its spread.

    Notes
    -----
    x(z) = value exp(s z), s = log(value / low) / 1.96 for z below 0, log(high / value) / 1.96 above: the 2.5%, 50% and
    97.5% quantiles are low, value and high. With Phi the standard normal distribution function, the mean is
    value (exp(a^2 / 2) Phi(-a) + exp(b^2 / 2) Phi(b)), a and b the spreads below and above. The density jumps at the
    median where the spreads differ.

    References
    ----------
    Wallis KF. The two-piece normal, binormal, or double Gaussian distribution: its origin and rediscoveries.
    Statistical Science 2014;29:106-112. There the density is continuous; here the point estimate is the median.

    Examples
    --------
    >>> median = SplitLogNormal(low=7.6, high=12.7)
    >>> median.at_deviate(8.4, np.array([-HALF_WIDTH, 0.0, HALF_WIDTH])).round(9).tolist()
    [7.6, 8.4, 12.7]
    >>> round(median.mean(8.4), 3)  # 8.4 (exp(0.0511^2 / 2) 0.4796 + exp(0.2109^2 / 2) 0.5835)
    9.046
    """

    name: ClassVar[str] = "split_log_normal"

    def halves(self, value: float) -> Halves:
        """Return the spreads below and above.

        Parameters
        ----------
        value : float
            Median, between the ends. [the number's unit]

        Returns
        -------
        Halves
            [log]
        """
        return Halves(0.0, math.log(value / self.low) / HALF_WIDTH, math.log(self.high / value) / HALF_WIDTH)

    def at_deviate(self, value: float, z: Array) -> Array:
        """Return value exp(s z), s the spread of the deviate's half."""
        return np.asarray(value * np.exp(self.halves(value).error(z)), dtype=np.float64)

    def _moment(self, value: float, power: int) -> float:
        """Return the mean of a power: E exp(p s z), each half over its own deviates."""
        below, above = (power * s for s in self.halves(value)[1:])
        halves = math.exp(below**2 / 2.0) * normal_share(-below) + math.exp(above**2 / 2.0) * normal_share(above)
        return float(value**power * halves)

    def mean(self, value: float) -> float:
        """Return the mean in closed form: above the value where the upper half is the longer one."""
        return self._moment(value, 1)

    def sd(self, value: float) -> float:
        """Return the standard deviation in closed form."""
        return math.sqrt(self._moment(value, 2) - self._moment(value, 1) ** 2)

    def log_halves(self, value: float) -> Halves:
        """Return the spreads below and above, for fits."""
        return self.halves(value)

    def elsewhere(self, value: float) -> str:
        """Return the interval around another value that is as wide on the log scale: of its halves nothing is known."""
        if value <= 0.0:
            return super().elsewhere(value)
        low, high = (typed(value * end / math.sqrt(self.low * self.high), 4) for end in (self.low, self.high))
        return f"{{ci95: {{low: {low}, high: {high}, scale: log}}}}"

    def words(self, value: float) -> str:
        """Return the median, and the spread of each half."""
        below, above = (read(s, 3) for s in self.halves(value)[1:])
        return f"split log-normal, median {read(value)}, SE of the logarithm {below} below and {above} above"

    def draw_formula(self, value: float, cells: DrawCells) -> DrawFormula:
        """Return centre exp(s z), s the spread of the deviate's half."""
        low, high = cells.first, cells.second
        error = f"IF({cells.deviate}<0,LN({cells.centre}/{low}),LN({high}/{cells.centre}))"
        text = f"{cells.centre}*EXP({error}/NORMSINV(0.975)*{cells.deviate})"
        possible = cells.between(low, high, ends=False)
        return DrawFormula("split log-normal (low, high)", (self.low, self.high), text, possible)
