"""Numbers that are known only together, moved together: a figure with its curve fitted again, or a whole block.

A block is a joint estimate: the parameters of a curve that was fitted to published figures, or numbers of inputs/ with
a stated covariance. It moves in two ways:

- One of its figures (of a stated covariance: one of its numbers) has another value, the others take their conditional
  means given that one, and the curve is fitted again.
- All its parameters move along the principal direction of their covariance, so many standard errors from the estimate.

Where rank correlations with other quantities are stated, those take their conditional means too. Numbers that have
uncertainties of their own and are correlated move as `netcea.analyses.shared.moved_numbers` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np

from netcea.analyses.shared.moved_numbers import DIRECTION, MovedNumbers, principal_of
from netcea.arrays import Array
from netcea.draws import from_real_line, to_real_line
from netcea.errors import InputError, Problem
from netcea.fitting import NotIdentified
from netcea.fitting.numerics import conditional_shift
from netcea.fitting.refit import Refit
from netcea.plain_number import read
from netcea.quantities.addresses import addresses_in
from netcea.sampling.correlation import CorrelatedGroup, correlated_groups
from netcea.sampling.sampler import correlated_columns, point_deviates
from netcea.sampling.sources import sources_of
from netcea.scenario.scenario import JointEstimate, Scenario


@dataclass(frozen=True)
class MovedBlock:
    """A joint estimate and how it moves.

    Attributes
    ----------
    name, label : str
        Of the source of uncertainty.
    joint : JointEstimate
    members : tuple of str
        Addresses of what can have another value: figures that the fit meets, or the estimated numbers that are in use.
    refit : Refit or None
        None where the numbers themselves were estimated together.
    group : CorrelatedGroup or None
        Of stated rank correlations that it is part of.
    """

    name: str
    label: str
    joint: JointEstimate
    members: tuple[str, ...]
    refit: Refit | None
    group: CorrelatedGroup | None

    of_what: str = "of its parameters, on their real lines"
    """Of what `share` is a share of the variance."""

    @property
    def how(self) -> Literal["curve fitted again", "others at conditional means"]:
        """What goes with a member that is moved."""
        return "others at conditional means" if self.refit is None else "curve fitted again"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of what is known together."""
        return self.joint.addresses

    @property
    def direction(self) -> str:
        """Address of its principal direction."""
        return f"{self.name}.{DIRECTION}"

    @property
    def moves(self) -> tuple[str, ...]:
        """Addresses at which it moves."""
        return (*self.members, self.direction) if self._principal[1] > 0.0 else self.members

    @cached_property
    def _principal(self) -> tuple[Array, float]:
        """One standard error along the principal direction, and its share of the variance."""
        return principal_of(self.joint.covariance)

    @property
    def share(self) -> float:
        """Share of the variance of all its parameters, on their real lines, along the principal direction."""
        return self._principal[1]

    def estimates(self, values: Mapping[str, float]) -> Array:
        """Return the parameters on their real lines where some of what can be moved has given values.

        Parameters
        ----------
        values : mapping of address -> float
            Of members [model units], or of the direction [standard errors]: not of both.
        """
        if self.direction in values:
            along = [np.array(values[self.direction] * step) for step in self._principal[0].tolist()]
            return np.array(self.joint.at(along), dtype=np.float64)
        if self.refit is not None:
            numbers = {figure.address: i for i, figure in enumerate(self.refit.figures)}
            return self.refit.parameters({numbers[address]: value for address, value in values.items()})
        at = [self.joint.addresses.index(address) for address in values]
        given = [to_real_line(np.array(values[self.joint.addresses[i]]), self.joint.scales[i]) for i in at]
        shift = np.array(given, dtype=np.float64) - self.joint.estimates[at]
        return self.joint.estimates + conditional_shift(self.joint.covariance, at, shift)

    def quantiles(self, address: str, tail: float) -> tuple[float, float]:
        """Return the lower and upper quantile of one of its estimated numbers. [model units]"""
        i = self.joint.addresses.index(address)
        away = deviate(tail) * np.sqrt(self.joint.covariance[i, i])
        ends = self.joint.estimates[i] + np.array([-away, away])
        low, high = from_real_line(ends, self.joint.scales[i]).tolist()
        return low, high

    def columns(self, scenario: Scenario, values: Mapping[str, Array]) -> dict[str, Array]:
        """Return the column of every number that moves with the block.

        Parameters
        ----------
        scenario : Scenario
        values : mapping of address -> Array (n,)
            See `estimates`. [model units, or standard errors]
        """
        rows = np.stack(list(values.values()), axis=1)
        distinct, which = np.unique(rows, axis=0, return_inverse=True)
        found = np.stack([self.estimates(dict(zip(values, row, strict=True))) for row in distinct.tolist()])
        moved = found[which.reshape(-1)]
        columns = {
            address: from_real_line(moved[:, i], self.joint.scales[i]) for i, address in enumerate(self.joint.addresses)
        }
        return columns if self.group is None else columns | self._correlated(scenario, self.group, moved)

    def _correlated(self, scenario: Scenario, group: CorrelatedGroup, moved: Array) -> dict[str, Array]:
        """Return what stated rank correlations move along: conditional means of the deviates, given the block's."""
        correlations, members = group.cholesky @ group.cholesky.T, group.addresses
        mine = [members.index(address) for address in self.joint.addresses]
        others = [i for i in range(len(members)) if i not in mine]
        sd = np.sqrt(np.diag(self.joint.covariance))
        deviates = np.where(sd > 0.0, (moved - self.joint.estimates) / np.where(sd > 0.0, sd, 1.0), 0.0)
        shift = conditional_shift(correlations, mine, deviates)
        points = point_deviates(scenario, group.singles)
        z = {members[i]: shift[:, i] + points.get(members[i], 0.0) for i in others}
        return correlated_columns(scenario, group, z)


Moving: TypeAlias = MovedBlock | MovedNumbers
"""What is known only together, and how it moves."""


def deviate(tail: float) -> float:
    """Return the standard normal deviate with a probability above it.

    >>> round(deviate(0.025), 6)
    1.959964
    """
    return -NormalDist().inv_cdf(tail)


def moved_blocks(scenario: Scenario) -> tuple[Moving, ...]:
    """Return every joint estimate of a scenario, and all numbers that are correlated, in order of name."""
    correlated = correlated_groups(scenario)
    groups = {address: group for group in correlated for address in group.addresses}
    labels = {a: source.label for source in sources_of(scenario) if source.kind == "joint" for a in source.addresses}
    named = {use.address for use in addresses_in(scenario.file)}
    found: list[Moving] = [_numbers(scenario, group) for group in correlated if group.singles]
    for joint in scenario.joint:
        first, name = joint.addresses[0], joint.name
        refit = scenario.refits.get(name)
        if refit is None:
            variances = zip(joint.addresses, np.diag(joint.covariance), strict=True)
            members = tuple(address for address, variance in variances if variance > 0.0 and address in named)
        else:
            pairs = zip(refit.figures, refit.used, strict=True)
            members = tuple(figure.address for figure, used in pairs if used and figure.se)
        found.append(MovedBlock(name, labels.get(first, name), joint, members, refit, groups.get(first)))
    return tuple(sorted(found, key=lambda block: block.name))


def _numbers(scenario: Scenario, group: CorrelatedGroup) -> MovedNumbers:
    """Return the numbers of a group that have uncertainties of their own."""
    first, others = group.singles[0], len(group.singles) - 1
    label = scenario.quantities[first].label or first
    label = f"{label} and {others} more" if others else label
    return MovedNumbers(group.tables[0] if group.tables else group.singles[0], label, group)


def columns_at(
    scenario: Scenario, values: Mapping[str, Array], blocks: Sequence[Moving] | None = None
) -> dict[str, Array]:
    """Return the columns of rows in which some numbers have given values, and what moves with them.

    Parameters
    ----------
    scenario : Scenario
    values : mapping of address -> Array (n,)
        Of quantities, in their own unit; of principal directions, in standard errors.
    blocks : sequence of Moving, optional
        Of the scenario, where they are known already.

    Returns
    -------
    dict of address -> Array (n,)
        [model units]

    Raises
    ------
    InputError
        No curve of its family meets the figures, or what is asked moves one block in two ways.
    """
    given = {a: v * scenario.factors.get(a, 1.0) for a, v in values.items()}
    columns = {address: column for address, column in given.items() if address in scenario.quantities}
    asked = [
        (block, mine)
        for block in (moved_blocks(scenario) if blocks is None else blocks)
        if (mine := {address: given[address] for address in block.moves if address in given})
    ]
    _refuse_two_ways(asked)
    for block, mine in asked:
        try:
            columns |= block.columns(scenario, mine)
        except NotIdentified as error:
            found = "; ".join(f"{a} from {read(v.min(), 4)} to {read(v.max(), 4)}" for a, v in mine.items())
            expected = "figures that one curve of the family can meet"
            raise InputError(Problem("", 0, block.name, f"{found}: {error}", expected, "narrower bounds")) from None
    return columns


def _refuse_two_ways(asked: Sequence[tuple[Moving, Mapping[str, Array]]]) -> None:
    """Refuse to move a block along its direction and by a figure at once, or two blocks of one stated correlation."""
    for number, (block, mine) in enumerate(asked):
        found = " and ".join(mine)
        if block.direction in mine and len(mine) > 1:
            raise InputError(Problem("", 0, block.name, found, "its figures, or its principal direction, not both"))
        for other, theirs in asked[:number]:
            if (
                block.group is not None
                and other.group is not None
                and set(block.group.addresses) & set(other.group.addresses)
            ):
                found = " and ".join((*theirs, *mine))
                expected = "one of them at a time: stated rank correlations move the others along"
                raise InputError(Problem("", 0, block.name, found, expected))


def stacked(scenario: Scenario, moves: Sequence[tuple[str, Array]], base: Mapping[str, Array]) -> dict[str, Array]:
    """Return the columns of rows in each of which one number has another value.

    Parameters
    ----------
    scenario : Scenario
    moves : sequence of (address, Array (n,))
        A number and its values: nan in the rows that another number moves. [see `columns_at`]
    base : mapping of address -> Array (1, 1)
        Point estimates. [model units]
    """
    columns: dict[str, Array] = {}
    blocks = moved_blocks(scenario)
    for address, values in moves:
        mine = ~np.isnan(values)
        if not mine.any():
            continue
        for moved, column in columns_at(scenario, {address: values[mine]}, blocks).items():
            whole = columns.setdefault(moved, np.full(len(values), base[moved][0, 0]))
            whole[mine] = column
    return columns
