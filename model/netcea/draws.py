"""Rows of parameters: one column per address, (draw, 1), in model units. The only random source of the program.

A column that is the same in all rows is stored once, as (1, 1), and broadcasts. Each random column has a stream of its
own, seeded by (seed, SHA-256 of its address): adding a parameter changes no other column, and scenarios share random
numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netcea.arrays import Array
from netcea.quantities import Quantity

if TYPE_CHECKING:
    from netcea.scenario import JointEstimate, Scenario


@dataclass(frozen=True)
class Draws:
    """Rows of parameters.

    Attributes
    ----------
    n : int
        Number of rows.
    columns : mapping of address -> Array (n, 1) or (1, 1)
        [model units: years, per year, GBP of the scenario's price year]
    """

    n: int
    columns: Mapping[str, Array]

    def __getitem__(self, address: str) -> Array:
        """Return a column, (n, 1) or (1, 1)."""
        return self.columns[address]

    def rows(self, start: int, stop: int) -> Draws:
        """Return some of the rows (views, no copies)."""
        return Draws(
            min(stop, self.n) - start,
            {address: c[start:stop] if len(c) > 1 else c for address, c in self.columns.items()},
        )

    def blocks(self, size: int) -> Iterator[tuple[int, Draws]]:
        """Yield (first row, rows) in blocks of at most `size` rows."""
        for start in range(0, self.n, size):
            yield start, self.rows(start, start + size)


def base_case(scenario: Scenario) -> Draws:
    """Return the one row of point estimates."""
    columns = {
        address: np.array([[quantity.value * scenario.factors[address]]])
        for address, quantity in scenario.quantities.items()
    }
    for joint in scenario.joint:
        for address, scale, estimate in zip(joint.addresses, joint.scales, joint.estimates, strict=True):
            columns[address] = from_real_line(np.array([[estimate]]), scale)
    return Draws(1, columns)


def sample(scenario: Scenario, n: int, seed: int) -> Draws:
    """Return n rows, everything uncertain sampled from its own distribution and stream.

    Parameters
    ----------
    scenario : Scenario
    n : int
        Number of draws.
    seed : int
        Same seed, same rows, whatever else the scenario holds.
    """
    columns = dict(base_case(scenario).columns)
    groups: dict[str, list[str]] = {}
    for address, quantity in scenario.quantities.items():
        if quantity.uncertainty.dirichlet is not None:
            group = f"{address.rpartition('.')[0]}.{quantity.uncertainty.dirichlet.group}"
            groups.setdefault(group, []).append(address)
        elif quantity.uncertainty.fixed is None and quantity.uncertainty.joint is None:
            values = sample_quantity(quantity, stream(seed, address), n)
            columns[address] = values[:, np.newaxis] * scenario.factors[address]
    for group, members in groups.items():
        columns.update(_sample_dirichlet(scenario, stream(seed, group), sorted(members), n))
    for joint in scenario.joint:
        columns.update(_sample_joint(joint, stream(seed, joint.addresses[0]), n))
    return Draws(n, columns)


def stream(seed: int, address: str) -> np.random.Generator:
    """Return the random stream of an address: seeded by the seed and the SHA-256 of the address."""
    words = np.frombuffer(hashlib.sha256(address.encode()).digest(), dtype=np.uint32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *(int(word) for word in words)])))


def sample_quantity(quantity: Quantity, random: np.random.Generator, n: int) -> Array:
    """Return n values of one quantity, Array (n,), in its own unit.

    A log-normal has the value as its median, every other family as its mean.
    """
    value, spread = quantity.value, quantity.uncertainty
    if spread.normal is not None:
        return value + spread.normal.standard_error(value) * random.standard_normal(n)
    if spread.log_normal is not None:
        return value * np.exp(spread.log_normal.se_log * random.standard_normal(n))
    if spread.beta is not None:
        alpha, beta = spread.beta.alpha_beta(value)
        return random.beta(alpha, beta, n)
    if spread.gamma is not None:
        variance = spread.gamma.standard_error(value) ** 2
        return random.gamma(value**2 / variance, variance / value, n)
    if spread.uniform is not None:
        return random.uniform(spread.uniform.low, spread.uniform.high, n)
    if spread.ci95 is not None:
        error = spread.ci95.standard_error() * random.standard_normal(n)
        if spread.ci95.scale == "log":
            return np.asarray(value * np.exp(error), dtype=np.float64)
        if spread.ci95.scale == "complementary_log_log":
            return np.asarray(np.exp(np.log(value) * np.exp(error)), dtype=np.float64)
        return value + error
    msg = f"a {spread.family} quantity is not sampled on its own"
    raise ValueError(msg)


def from_real_line(x: Array, scale: str) -> Array:
    """Return values on the published scale.

    >>> float(from_real_line(np.array(0.0), "log")), float(from_real_line(np.array(0.0), "logit"))
    (1.0, 0.5)
    """
    if scale == "log":
        return np.exp(x)
    if scale == "logit":
        return 1.0 / (1.0 + np.exp(-x))
    return x


def _sample_joint(joint: JointEstimate, random: np.random.Generator, n: int) -> dict[str, Array]:
    root = _root(joint.covariance)
    z = random.standard_normal((n, len(joint.addresses)))
    # sums written out term by term: a matrix product's last bits depend on the number of rows
    return {
        address: from_real_line(
            joint.estimates[i] + sum(z[:, [j]] * root[i, j] for j in range(len(joint.addresses))), joint.scales[i]
        )
        for i, address in enumerate(joint.addresses)
    }


def _root(covariance: Array) -> Array:
    """Return a matrix whose product with its transpose is the covariance, singular ones too (figures known exactly).

    >>> _root(np.array([[4.0, 0.0], [0.0, 0.0]])).tolist()
    [[2.0, 0.0], [0.0, 0.0]]
    """
    certain = np.diag(covariance) == 0.0
    try:
        root = np.zeros_like(covariance)
        root[np.ix_(~certain, ~certain)] = np.linalg.cholesky(covariance[np.ix_(~certain, ~certain)])
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        root = vectors * np.sqrt(np.clip(values, 0.0, None))
    return np.asarray(root, dtype=np.float64)


def _sample_dirichlet(scenario: Scenario, random: np.random.Generator, members: list[str], n: int) -> dict[str, Array]:
    weights = []
    for address in members:
        quantity = scenario.quantities[address]
        spread = quantity.uncertainty.dirichlet
        weights.append(random.gamma(quantity.value * (spread.effective_n if spread else 0.0), 1.0, n))
    total = np.add.reduce(np.array(weights), axis=0)
    return {address: (weight / total)[:, np.newaxis] for address, weight in zip(members, weights, strict=True)}
