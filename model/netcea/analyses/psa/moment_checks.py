"""Are the draws what inputs/ says? Sampled means and standard deviations beside those of the distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from netcea.analyses.psa.result import MomentCheck
from netcea.arrays import Array
from netcea.draws import Draws
from netcea.scenario.scenario import Scenario

CHANCE: Final = 5.0
"""Standard errors by which a sampled moment may differ: of a thousand quantities fewer than one does by chance."""

FEWEST: Final = 100
"""Draws from which on moments are compared: of fewer, the error of a sampled variance cannot be told from the draws."""


@dataclass(frozen=True)
class Expected:
    """A distribution's mean and standard deviation, and how a column is turned into its values.

    Attributes
    ----------
    mean, sd : float
    unit : str
    factor : float
        Column / factor is in the unit.
    scale : {'identity', 'log', 'logit'}
        Real line on which the moments are.
    """

    mean: float
    sd: float
    unit: str
    factor: float = 1.0
    scale: str = "identity"

    def values(self, column: Array) -> Array:
        """Return a column on the scale of the moments."""
        if self.scale == "log":
            return np.asarray(np.log(column), dtype=np.float64)
        if self.scale == "logit":
            return np.asarray(np.log(column / (1.0 - column)), dtype=np.float64)
        return column / self.factor


def expected_of(scenario: Scenario) -> dict[str, Expected]:
    """Return address -> what its draws should be like, for everything that is drawn."""
    found = {}
    for address, q in scenario.quantities.items():
        if q.is_drawn:
            mean, sd = q.distribution.mean(q.value), q.distribution.sd(q.value)
            found[address] = Expected(mean, sd, q.unit, scenario.factors[address])
    for joint in scenario.joint:
        for address, scale, mean, sd in zip(joint.addresses, joint.scales, *map(list, joint.moments()), strict=True):
            unit = "parameter" if scale == "identity" else f"{scale} of the parameter"
            found[address] = Expected(float(mean), float(sd), unit, scale=scale)
    return found


@dataclass
class Sums:
    """Sums of powers of every column, gathered part by part: memory does not grow with the number of draws."""

    expected: Mapping[str, Expected]
    n: int = 0
    powers: dict[str, Array] = field(default_factory=dict)

    def add(self, other: Mapping[str, Array], n: int) -> None:
        """Add the sums of one part."""
        self.n += n
        for address, sums in other.items():
            self.powers[address] = self.powers[address] + sums if address in self.powers else sums

    def checks(self) -> tuple[MomentCheck, ...]:
        """Return every quantity's sampled and expected moments, in order of address; none of too few draws."""
        if self.n < FEWEST:
            return ()
        return tuple(self._check(address) for address in sorted(self.powers))

    def _check(self, address: str) -> MomentCheck:
        e, n = self.expected[address], self.n
        m1, m2, m3, m4 = (float(s) / n for s in self.powers[address])
        variance = max(m2 - m1**2, 0.0)
        fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1**2 * m2 - 3.0 * m1**4
        sd = math.sqrt(variance * n / (n - 1.0))
        z_mean = m1 * math.sqrt(n)  # columns are standardised: mean 0 and variance 1 are expected
        error_of_variance = math.sqrt(max(fourth - variance**2, 1e-12) / n)
        z_variance = (variance - 1.0) / error_of_variance
        agrees = e.sd == 0.0 or (abs(z_mean) < CHANCE and abs(z_variance) < 2.0 * CHANCE)
        return MomentCheck(address, e.unit, e.mean, e.sd, e.mean + e.sd * m1, e.sd * sd, z_mean, agrees)


def sums_of(expected: Mapping[str, Expected], draws: Draws) -> dict[str, Array]:
    """Return address -> sums of the first four powers of its standardised draws, Array (4,)."""
    found = {}
    for address, e in expected.items():
        z = (e.values(draws[address][:, 0]) - e.mean) / (e.sd if e.sd > 0.0 else 1.0)
        if len(z) == draws.n:
            square = z * z
            found[address] = np.array([z.sum(), square.sum(), np.vecdot(z, square), np.vecdot(square, square)])
    return found
