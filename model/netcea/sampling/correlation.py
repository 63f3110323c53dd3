"""Quantities whose ranks are correlated: a Gaussian copula over single quantities and jointly estimated parameters.

A stated rank correlation (Spearman's rho) between two quantities makes their standard normal deviates correlated by
2 sin(pi rho / 6); what each quantity's distribution is does not change. Parameters estimated together keep the
correlations of their covariance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netcea.arrays import Array

if TYPE_CHECKING:
    from netcea.scenario.scenario import JointEstimate, Scenario


@dataclass(frozen=True)
class CorrelatedGroup:
    """Quantities that are drawn together because a scenario states rank correlations between them.

    Attributes
    ----------
    joints : tuple of JointEstimate
        Whole, in order of address; before the single ones.
    singles : tuple of str
        In order of address.
    root : Array (k, k)
        Lower triangular root of the correlations of the deviates, in the order of `addresses`.
    """

    joints: tuple[JointEstimate, ...]
    singles: tuple[str, ...]
    root: Array

    @property
    def addresses(self) -> tuple[str, ...]:
        """All members: those of the joint estimates first."""
        return (*(address for joint in self.joints for address in joint.addresses), *self.singles)

    @property
    def streams(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Address that names the random stream -> the members drawn from it; the same streams as uncorrelated."""
        of_joints = tuple((joint.addresses[0], joint.addresses) for joint in self.joints)
        return (*of_joints, *((address, (address,)) for address in self.singles))

    def correlate(self, deviates: Mapping[str, Array]) -> dict[str, Array]:
        """Return correlated deviates from independent ones, address -> Array (n,)."""
        z = [deviates[address] for address in self.addresses]
        # sums written out term by term: a matrix product's last bits depend on the number of rows
        return {
            address: np.asarray(sum(z[j] * self.root[i, j] for j in range(i + 1)), dtype=np.float64)
            for i, address in enumerate(self.addresses)
        }


def correlated_groups(scenario: Scenario) -> tuple[CorrelatedGroup, ...]:
    """Return the groups of quantities that the stated rank correlations connect.

    Raises
    ------
    ValueError
        The correlations cannot all hold together (the matrix is not positive definite).
    """
    pairs = [
        (pair.first, pair.second, deviate_correlation(scenario.quantities[pair.rank_correlation].value))
        for pair in scenario.file.analyses.psa.correlations
    ]
    joint_of = {address: joint for joint in scenario.joint for address in joint.addresses}
    groups = []
    for members in _connected([(a, b) for a, b, _ in pairs], [joint.addresses for joint in scenario.joint]):
        joints = tuple(
            sorted({id(joint_of[a]): joint_of[a] for a in members if a in joint_of}.values(), key=lambda j: j.addresses)
        )
        singles = tuple(sorted(a for a in members if a not in joint_of))
        order = [*(address for joint in joints for address in joint.addresses), *singles]
        matrix = _matrix(order, joints, [(a, b, rho) for a, b, rho in pairs if a in members])
        try:
            lower = np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
            groups.append(CorrelatedGroup(joints, singles, lower))
        except np.linalg.LinAlgError:
            msg = f"the correlations between {', '.join(order)} cannot all hold together"
            raise ValueError(msg) from None
    return tuple(groups)


def deviate_correlation(rank_correlation: float) -> float:
    """Return the correlation of standard normal deviates whose ranks have a correlation (Spearman's rho).

    >>> round(deviate_correlation(0.5), 6), deviate_correlation(0.0)
    (0.517638, 0.0)
    """
    return 2.0 * math.sin(math.pi * rank_correlation / 6.0)


def root(covariance: Array) -> Array:
    """Return a matrix whose product with its transpose is the covariance, singular ones too (figures known exactly).

    >>> root(np.array([[4.0, 0.0], [0.0, 0.0]])).tolist()
    [[2.0, 0.0], [0.0, 0.0]]
    """
    certain = np.diag(covariance) == 0.0
    try:
        found = np.zeros_like(covariance)
        found[np.ix_(~certain, ~certain)] = np.linalg.cholesky(covariance[np.ix_(~certain, ~certain)])
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        found = vectors * np.sqrt(np.clip(values, 0.0, None))
    return np.asarray(found, dtype=np.float64)


def _connected(pairs: Sequence[tuple[str, str]], whole: Iterable[tuple[str, ...]]) -> list[set[str]]:
    """Return the sets that pairs connect; members of a joint estimate come all or none."""
    blocks = {address: set(addresses) for addresses in whole for address in addresses}
    found: list[set[str]] = []
    for first, second in pairs:
        new = blocks.get(first, {first}) | blocks.get(second, {second})
        apart = [group for group in found if not group & new]
        found = [*apart, new.union(*(group for group in found if group & new))]
    return found


def _matrix(order: Sequence[str], joints: Sequence[JointEstimate], pairs: Sequence[tuple[str, str, float]]) -> Array:
    """Return the correlations of the deviates, in an order of addresses."""
    matrix = np.eye(len(order))
    start = 0
    for joint in joints:
        sd = np.sqrt(np.diag(joint.covariance))
        sd = np.where(sd > 0.0, sd, 1.0)
        k = len(sd)
        block = joint.covariance / np.outer(sd, sd)
        np.fill_diagonal(block, 1.0)
        matrix[start : start + k, start : start + k] = block
        start += k
    for first, second, rho in pairs:
        i, j = order.index(first), order.index(second)
        matrix[i, j] = matrix[j, i] = rho
    return matrix
