"""Random rows of parameters. The only random source of the program.

Each random column has a stream of its own, seeded by (seed, SHA-256 of its address, number of the block of rows):
adding a parameter changes no other column, scenarios share random numbers, and any worker can make any block of rows.
The first n rows are the same whatever the number of rows. Quantities of a correlated block, a Dirichlet, or a stated
rank correlation are drawn together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws, from_real_line
from netcea.engine.point_estimates import base_case
from netcea.quantities.quantity import Quantity
from netcea.sampling.correlation import CorrelatedGroup, correlated_groups, root
from netcea.uncertainty.distributions import at_deviate, at_rank, gamma_shape_scale, is_uncertain

if TYPE_CHECKING:
    from netcea.scenario.scenario import JointEstimate, Scenario

Sampling: TypeAlias = Literal["pseudo_random", "sobol"]

ROWS: Final = 1024
"""Rows that share a stream: rows are made in blocks of so many, cut to what is asked for."""


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
    return Sampler(scenario, seed).rows(0, n)


@dataclass(frozen=True)
class Sampler:
    """Makes any range of the rows of a probabilistic analysis.

    Attributes
    ----------
    scenario : Scenario
    seed : int
    method : {'pseudo_random', 'sobol'}
        Sobol: scrambled, one dimension per random number in order of address; a new parameter changes the others.
    """

    scenario: Scenario
    seed: int
    method: Sampling = "pseudo_random"

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        """Addresses of the random columns, in order of address."""
        return tuple(sorted({*self._alone, *self._in_joint, *(a for g in self._dirichlets.values() for a in g)}))

    @cached_property
    def _alone(self) -> tuple[str, ...]:
        return tuple(sorted(a for a, quantity in self.scenario.quantities.items() if is_uncertain(quantity)))

    @cached_property
    def _in_joint(self) -> tuple[str, ...]:
        return tuple(address for joint in self.scenario.joint for address in joint.addresses)

    @cached_property
    def _dirichlets(self) -> Mapping[str, tuple[str, ...]]:
        """Group -> members: proportions that add up to 1."""
        return dirichlet_groups(self.scenario)

    @cached_property
    def _groups(self) -> tuple[CorrelatedGroup, ...]:
        return correlated_groups(self.scenario)

    @cached_property
    def _fixed(self) -> Mapping[str, Array]:
        return base_case(self.scenario).columns

    def rows(self, start: int, stop: int) -> Draws:
        """Return rows start to stop (not included): the same numbers, however the rows are cut."""
        blocks = range(start // ROWS, -(-stop // ROWS))
        parts = [self._block(block) for block in blocks]
        columns = dict(self._fixed)
        for address in self.uncertain:
            whole = np.concatenate([part[address] for part in parts]) if len(parts) > 1 else parts[0][address]
            cut = whole[start - blocks.start * ROWS : stop - blocks.start * ROWS]
            columns[address] = np.ascontiguousarray(cut)[:, np.newaxis]
        return Draws(stop - start, columns)

    def _block(self, block: int) -> dict[str, Array]:
        """Return the random columns of one block of rows, Array (ROWS,), in model units."""
        if self.method == "sobol":
            return self._from_deviates(self._sobol(block))
        columns: dict[str, Array] = {}
        together = {member for group in self._groups for member in group.addresses}
        for address in self._alone:
            if address not in together:
                drawn = sampled(self.scenario.quantities[address], stream(self.seed, address, block), ROWS)
                columns[address] = drawn * self.scenario.factors[address]
        for group, members in self._dirichlets.items():
            columns.update(self._dirichlet(members, self._gammas(group, members, block)))
        for joint in self.scenario.joint:
            if joint.addresses[0] not in together:
                columns.update(joint_columns(joint, _deviates_of(joint, stream(self.seed, joint.addresses[0], block))))
        for correlated in self._groups:
            deviates: dict[str, Array] = {}
            for first, members in correlated.streams:
                drawn = stream(self.seed, first, block).standard_normal((ROWS, len(members)))
                deviates.update(zip(members, drawn.T, strict=True))
            columns.update(self._correlated(correlated, deviates))
        return columns

    def _gammas(self, group: str, members: tuple[str, ...], block: int) -> list[Array]:
        random = stream(self.seed, group, block)
        return [random.gamma(self._dirichlet_shape(address), 1.0, ROWS) for address in members]

    def _dirichlet_shape(self, address: str) -> float:
        quantity = self.scenario.quantities[address]
        spread = quantity.uncertainty.dirichlet
        return quantity.value * (spread.effective_n if spread else 0.0)

    def _dirichlet(self, members: tuple[str, ...], gammas: list[Array]) -> dict[str, Array]:
        total = np.add.reduce(np.array(gammas), axis=0)
        return {address: gamma / total for address, gamma in zip(members, gammas, strict=True)}

    def _correlated(self, group: CorrelatedGroup, deviates: Mapping[str, Array]) -> dict[str, Array]:
        """Return the columns of quantities whose ranks are correlated, from independent deviates."""
        z = group.correlate(deviates)
        columns = {}
        for joint in group.joints:
            for i, (address, scale) in enumerate(zip(joint.addresses, joint.scales, strict=True)):
                error = np.sqrt(joint.covariance[i, i]) * z[address]
                columns[address] = from_real_line(joint.estimates[i] + error, scale)
        for address in group.singles:
            values = at_deviate(self.scenario.quantities[address], z[address])
            columns[address] = values * self.scenario.factors[address]
        return columns

    def _sobol(self, block: int) -> dict[str, Array]:
        """Return standard normal deviates of every random number, from a scrambled Sobol sequence."""
        from scipy import special
        from scipy.stats import qmc  # noqa: TID251 - its Sobol sequence; only here, only when asked for

        engine = qmc.Sobol(len(self.uncertain), scramble=True, rng=stream(self.seed, "sobol", 0))
        if block:
            engine.fast_forward(block * ROWS)
        u = np.clip(engine.random(ROWS), 2.0**-54, 1.0 - 2.0**-53)
        return dict(zip(self.uncertain, special.ndtri(u).T, strict=True))

    def _from_deviates(self, deviates: Mapping[str, Array]) -> dict[str, Array]:
        """Return the random columns from independent standard normal deviates, one per column."""
        from scipy import special

        columns: dict[str, Array] = {}
        together = {member for group in self._groups for member in group.addresses}
        for address in self._alone:
            if address not in together:
                values = at_deviate(self.scenario.quantities[address], deviates[address])
                columns[address] = values * self.scenario.factors[address]
        for members in self._dirichlets.values():
            gammas = [
                np.asarray(special.gammaincinv(self._dirichlet_shape(a), special.ndtr(deviates[a])), dtype=np.float64)
                for a in members
            ]
            columns.update(self._dirichlet(members, gammas))
        for joint in self.scenario.joint:
            if joint.addresses[0] not in together:
                columns.update(joint_columns(joint, {a: deviates[a] for a in joint.addresses}))
        for group in self._groups:
            columns.update(self._correlated(group, deviates))
        return columns


def stream(seed: int, address: str, block: int = 0) -> np.random.Generator:
    """Return the random stream of an address for a block of rows, seeded by all three."""
    words = np.frombuffer(hashlib.sha256(address.encode()).digest(), dtype=np.uint32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *(int(word) for word in words), block])))


def sampled(quantity: Quantity, random: np.random.Generator, n: int) -> Array:
    """Return n values of one quantity, Array (n,), in its own unit.

    Raises
    ------
    ValueError
        The quantity is fixed, or drawn with others.
    """
    value, spread = quantity.value, quantity.uncertainty
    if spread.beta is not None:
        return random.beta(*spread.beta.alpha_beta(value), n)
    if spread.gamma is not None:
        return random.gamma(*gamma_shape_scale(value, spread.gamma.standard_error(value)), n)
    if spread.uniform is not None:
        return random.uniform(spread.uniform.low, spread.uniform.high, n)
    if not is_uncertain(quantity):
        return at_rank(quantity, np.full(n, 0.5))
    return at_deviate(quantity, random.standard_normal(n))


def dirichlet_groups(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return group -> addresses of the proportions that add up to 1 and are drawn together."""
    groups: dict[str, list[str]] = {}
    for address, quantity in sorted(scenario.quantities.items()):
        if quantity.uncertainty.dirichlet is not None:
            group = f"{address.rpartition('.')[0]}.{quantity.uncertainty.dirichlet.group}"
            groups.setdefault(group, []).append(address)
    return {group: tuple(members) for group, members in groups.items()}


def joint_columns(joint: JointEstimate, deviates: Mapping[str, Array]) -> dict[str, Array]:
    """Return the columns of parameters estimated together, from independent standard normal deviates.

    Parameters
    ----------
    joint : JointEstimate
    deviates : mapping of address -> Array (n,)
    """
    matrix, k = root(joint.covariance), len(joint.addresses)
    z = [deviates[address] for address in joint.addresses]
    # sums written out term by term: a matrix product's last bits depend on the number of rows
    return {
        address: from_real_line(joint.estimates[i] + sum(z[j] * matrix[i, j] for j in range(k)), joint.scales[i])
        for i, address in enumerate(joint.addresses)
    }


def _deviates_of(joint: JointEstimate, random: np.random.Generator) -> dict[str, Array]:
    drawn = random.standard_normal((ROWS, len(joint.addresses)))
    return dict(zip(joint.addresses, drawn.T, strict=True))
