"""Numbers with uncertainties of their own whose errors are correlated, moved together.

A number has another value; the deviates of all others of its group move from those of their point estimates as their
conditional means do, and each is the value of its own distribution there: where it has its point estimate, so have all.
Or all of them move along the principal direction of their correlations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from netcea.arrays import Array
from netcea.fitting.numerics import conditional_shift
from netcea.sampling.correlation import CorrelatedGroup
from netcea.sampling.sampler import correlated_columns, point_deviates
from netcea.scenario.scenario import Scenario

DIRECTION: Final = "principal_direction"
"""Last key of the address of a block that moves along its principal direction."""


def principal_of(covariance: Array) -> tuple[Array, float]:
    """Return one standard error along the principal direction of a covariance, and its share of the variance.

    Parameters
    ----------
    covariance : Array (k, k)
        Of what moves together. [squares of its scales]

    Returns
    -------
    tuple of (Array (k,), float)
        Its largest entry is above 0; nothing, and a share of 0, where nothing varies. [the scales; share]

    Examples
    --------
    Two standard normal deviates with a correlation of 0.5: both by sqrt(1.5 / 2), three quarters of the variance.

    >>> step, share = principal_of(np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> step.round(6).tolist(), round(share, 6)
    ([0.866025, 0.866025], 0.75)
    """
    values, vectors = np.linalg.eigh(covariance)
    if not values[-1] > 0.0:
        return np.zeros(len(values)), 0.0
    largest = vectors[:, -1] * np.sign(vectors[np.argmax(np.abs(vectors[:, -1])), -1])
    return largest * np.sqrt(values[-1]), float(values[-1] / values.sum())


@dataclass(frozen=True)
class MovedNumbers:
    """The numbers of a group of correlated ones that have uncertainties of their own.

    Attributes
    ----------
    name, label : str
        Of the source of uncertainty.
    group : CorrelatedGroup
        With what was estimated together where a scenario correlates them with it.
    """

    name: str
    label: str
    group: CorrelatedGroup

    how: Literal["others at conditional means"] = "others at conditional means"
    """What goes with one that is moved."""
    of_what: str = "of the deviates of its numbers"
    """Of what `share` is a share of the variance."""

    @property
    def members(self) -> tuple[str, ...]:
        """Addresses of what can have another value."""
        return self.group.singles

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of what is known together."""
        return self.group.singles

    @property
    def direction(self) -> str:
        """Address of its principal direction."""
        return f"{self.name}.{DIRECTION}"

    @property
    def moves(self) -> tuple[str, ...]:
        """Addresses at which it moves."""
        return (*self.members, self.direction) if len(self.members) > 1 else self.members

    @cached_property
    def _principal(self) -> tuple[Array, float]:
        first = len(self.group.addresses) - len(self.members)
        return principal_of(self.group.correlation[first:, first:])

    @property
    def share(self) -> float:
        """Share of the variance of the deviates along the principal direction."""
        return self._principal[1]

    def columns(self, scenario: Scenario, values: Mapping[str, Array]) -> dict[str, Array]:
        """Return the column of every number that moves.

        Parameters
        ----------
        scenario : Scenario
        values : mapping of address -> Array (n,)
            Of members [model units], or of the direction [standard errors]: not of both.
        """
        addresses, points = self.group.addresses, point_deviates(scenario, self.members)
        if self.direction in values:
            step = self._principal[0]
            given = {a: values[self.direction] * move for a, move in zip(self.members, step, strict=True)}
        else:
            given = {a: self._deviates(scenario, a, x) - points[a] for a, x in values.items()}
        at = [addresses.index(address) for address in given]
        shift = conditional_shift(self.group.correlation, at, np.stack(list(given.values()), axis=1))
        z = {a: shift[:, i] + points.get(a, 0.0) for i, a in enumerate(addresses)}
        moved = correlated_columns(scenario, self.group, z)
        return moved | {address: column for address, column in values.items() if address in moved}

    def _deviates(self, scenario: Scenario, address: str, x: Array) -> Array:
        """Return the deviates at which a number has given values. [1]"""
        quantity = scenario.quantities[address]
        return quantity.distribution.deviate_of(quantity.value, x / scenario.factors[address])
