"""Random rows of parameters.

Each random column has a stream of its own, seeded by (seed, SHA-256 of its address, number of the block of rows):
adding a parameter changes no other column, scenarios share random numbers, and any worker can make any block of rows.
The first n rows are the same whatever the number of rows. Quantities of a joint estimate, of a group (proportions that
add up to 1), or with a stated rank correlation are drawn together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws, from_real_line
from netcea.engine.point_estimates import base_case
from netcea.errors import Place
from netcea.sampling.correlation import CorrelatedGroup, correlated_groups, matrix_root
from netcea.sampling.held import HeldDraws, held_inside
from netcea.sampling.streams import ROWS, Deviates, RandomNumbers, Streams
from netcea.scenario.options import LARGEST_SEED, MOST_KEPT

if TYPE_CHECKING:
    from netcea.scenario.scenario import JointEstimate, Scenario

Sampling: TypeAlias = Literal["pseudo_random", "sobol"]


FURTHEST_POINT: Final = 3.0
"""Deviate that a point estimate is taken to have at most: one at the end of its distribution has none."""


def sample(scenario: Scenario, n: int, seed: int) -> Draws:
    """Return rows of parameters, everything uncertain drawn from its own distribution and stream.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    n : int
        Number of draws.
    seed : int
        Same seed, same rows, whatever else the scenario holds.

    Returns
    -------
    Draws
        Columns (n, 1), or (1, 1) for what is fixed. [model units]

    Raises
    ------
    InputError
        No whole numbers, or beyond what fits in memory.
    """
    for name, value, least, most in (("n", n, 1, MOST_KEPT), ("seed", seed, 0, LARGEST_SEED)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value <= most:
            expected = f"a whole number from {least} to {most:,}"
            raise Place(f"sample({name})").error(repr(value), expected)
    return Sampler(scenario, int(seed)).rows(0, int(n))


@dataclass(frozen=True)
class Sampler:
    """Makes any range of the rows of a probabilistic analysis.

    Attributes
    ----------
    scenario : Scenario
    seed : int
    method : {'pseudo_random', 'sobol'}
        Sobol: scrambled, one dimension per random number in order of address; a new parameter changes the others.

    References
    ----------
    Briggs A, Claxton K, Sculpher M. Decision Modelling for Health Economic Evaluation. 2006, chapter 4.
    """

    scenario: Scenario
    seed: int
    method: Sampling = "pseudo_random"

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        """Addresses of the random columns, in order of address."""
        in_groups = (address for members in self._groups.values() for address in members)
        in_joint = (address for joint in self.scenario.joint for address in joint.addresses)
        return tuple(sorted({*self._alone, *in_groups, *in_joint}))

    @cached_property
    def _alone(self) -> tuple[str, ...]:
        return tuple(sorted(a for a, quantity in self.scenario.quantities.items() if quantity.is_uncertain))

    @cached_property
    def _groups(self) -> Mapping[str, tuple[str, ...]]:
        return drawn_groups(self.scenario)

    @cached_property
    def _correlated(self) -> tuple[CorrelatedGroup, ...]:
        return correlated_groups(self.scenario)

    @cached_property
    def _fixed(self) -> Mapping[str, Array]:
        return base_case(self.scenario).columns

    def rows(self, start: int, stop: int) -> Draws:
        """Return rows in which every number is possible: the same numbers, however they are cut.

        Parameters
        ----------
        start, stop : int
            First row, and the row after the last.

        Returns
        -------
        Draws
            Columns (stop - start, 1), or (1, 1) for what is fixed. [model units]
        """
        return self.held_rows(self.drawn(start, stop))[0]

    def held_rows(self, drawn: Draws) -> tuple[Draws, tuple[HeldDraws, ...]]:
        """Return drawn rows in which every number is possible, and what was held for that.

        Parameters
        ----------
        drawn : Draws
            As `drawn` returns them. [model units]

        Returns
        -------
        tuple of (Draws, tuple of HeldDraws)
            [model units]
        """
        return held_inside(self.scenario, drawn, self.uncertain)

    def drawn(self, start: int, stop: int) -> Draws:
        """Return rows as their distributions give them, impossible values too.

        Parameters
        ----------
        start, stop : int
            First row, and the row after the last.

        Returns
        -------
        Draws
            Columns (stop - start, 1), or (1, 1) for what is fixed. [model units]
        """
        blocks = range(start // ROWS, -(-stop // ROWS))
        parts = [self.columns(self._source(block)) for block in blocks]
        columns = dict(self._fixed)
        for address in self.uncertain:
            whole = np.concatenate([part[address] for part in parts]) if len(parts) > 1 else parts[0][address]
            cut = whole[start - blocks.start * ROWS : stop - blocks.start * ROWS]
            columns[address] = np.ascontiguousarray(cut)[:, np.newaxis]
        return Draws(stop - start, columns)

    def columns(self, source: RandomNumbers) -> dict[str, Array]:
        """Return the random columns that random numbers make.

        Parameters
        ----------
        source : RandomNumbers
            Streams of a block of rows, or deviates.

        Returns
        -------
        dict of address -> Array (n,)
            [model units]
        """
        correlated = {address for group in self._correlated for address in group.addresses}
        columns: dict[str, Array] = {}
        for name, members in ({address: (address,) for address in self._alone} | dict(self._groups)).items():
            if name not in correlated:
                quantities = {address: self.scenario.quantities[address] for address in members}
                variates = source.variates(name, quantities)
                values = quantities[members[0]].distribution.combined(variates)
                for address, drawn in zip(members, values, strict=True):
                    columns[address] = drawn * self.scenario.factors[address]
        for joint in self.scenario.joint:
            if joint.addresses[0] not in correlated:
                columns.update(joint_columns(joint, source.deviates(joint.addresses[0], joint.addresses)))
        for group in self._correlated:
            columns.update(self._correlated_columns(group, source))
        return columns

    def _source(self, block: int) -> RandomNumbers:
        if self.method == "sobol":
            return Deviates.sobol(self.seed, self.uncertain, block)
        return Streams(self.seed, block)

    def _correlated_columns(self, group: CorrelatedGroup, source: RandomNumbers) -> dict[str, Array]:
        """Return the columns of quantities whose ranks are correlated."""
        independent: dict[str, Array] = {}
        for first, members in group.streams:
            independent.update(source.deviates(first, members))
        return correlated_columns(self.scenario, group, group.correlate(independent))


def correlated_columns(scenario: Scenario, group: CorrelatedGroup, deviates: Mapping[str, Array]) -> dict[str, Array]:
    """Return the columns of quantities whose ranks are correlated, at given deviates.

    Parameters
    ----------
    scenario : Scenario
        With their distributions.
    group : CorrelatedGroup
        Of rank correlations.
    deviates : mapping of address -> Array (n,)
        Standard normal, of all of the group or some: of a joint estimate all or none. [1]

    Returns
    -------
    dict of address -> Array (n,)
        [model units]

    References
    ----------
    See `CorrelatedGroup`.
    """
    columns = {}
    for joint in group.joints:
        if joint.addresses[0] in deviates:
            sd = np.sqrt(np.diag(joint.covariance))
            found = joint.drawn([error * deviates[address] for error, address in zip(sd, joint.addresses, strict=True)])
            for address, x, scale in zip(joint.addresses, found, joint.scales, strict=True):
                columns[address] = from_real_line(x, scale)
    for address in group.singles:
        if address in deviates:
            columns[address] = scenario.quantities[address].at_deviate(deviates[address]) * scenario.factors[address]
    return columns


def point_deviates(scenario: Scenario, addresses: Iterable[str]) -> dict[str, float]:
    """Return the deviates at which the point estimates of single quantities stand in their own distributions.

    Parameters
    ----------
    scenario : Scenario
        With their distributions.
    addresses : iterable of str
        Of quantities that are drawn.

    Returns
    -------
    dict of address -> float
        0 where the point estimate is the median; within `FURTHEST_POINT`. [1]

    References
    ----------
    See `CorrelatedGroup`.
    """
    found = {}
    for address in addresses:
        quantity = scenario.quantities[address]
        z = quantity.distribution.deviate_of(quantity.value, np.array(quantity.value))
        found[address] = float(np.clip(z, -FURTHEST_POINT, FURTHEST_POINT))
    return found


def drawn_groups(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the quantities that are drawn in groups: proportions that add up to 1.

    Parameters
    ----------
    scenario : Scenario
        As loaded.

    Returns
    -------
    dict of str -> tuple of str
        Folder, file and name of the group -> addresses of its members, in order.
    """
    groups: dict[str, list[str]] = {}
    for address, quantity in sorted(scenario.quantities.items()):
        if quantity.is_drawn and not quantity.is_uncertain:
            groups.setdefault(f"{address.rpartition('.')[0]}.{quantity.distribution.group_name}", []).append(address)
    return {group: tuple(members) for group, members in groups.items()}


def joint_columns(joint: JointEstimate, deviates: Mapping[str, Array]) -> dict[str, Array]:
    """Return the columns of parameters estimated together.

    x = estimates + L z on the real line, with L L' the covariance and z independent standard normal deviates; then back
    to the published scale.

    Parameters
    ----------
    joint : JointEstimate
        Estimates and covariance, on the real line of each parameter.
    deviates : mapping of address -> Array (n,)
        Independent, standard normal. [1]

    Returns
    -------
    dict of address -> Array (n,)
        [model units]

    Examples
    --------
    >>> from netcea.scenario.scenario import JointEstimate
    >>> pair = JointEstimate(("a", "b"), ("identity", "log"), np.zeros(2), np.array([[4.0, 0.0], [0.0, 1.0]]))
    >>> found = joint_columns(pair, {"a": np.array([1.5]), "b": np.array([0.0])})
    >>> {address: float(x[0]) for address, x in found.items()}  # 0 + 2 x 1.5, exp(0)
    {'a': 3.0, 'b': 1.0}
    """
    root, k = matrix_root(joint.covariance), len(joint.addresses)
    z = [deviates[address] for address in joint.addresses]
    # sums written out term by term: a matrix product's last bits depend on the number of rows
    errors = [np.asarray(sum(z[j] * root[i, j] for j in range(k)), dtype=np.float64) for i in range(k)]
    found = zip(joint.addresses, joint.drawn(errors), joint.scales, strict=True)
    return {address: from_real_line(x, scale) for address, x, scale in found}
