"""Quantities whose deviates are correlated: a Gaussian copula over single quantities and jointly estimated parameters.

A stated rank correlation (Spearman's rho) between two quantities makes their standard normal deviates correlated by
2 sin(pi rho / 6); a table of correlations in inputs/ is that of the deviates itself. What each quantity's distribution
is does not change. Parameters estimated together keep the correlations of their covariance. A scenario's statement
about a pair stands in place of the table's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.arrays import Array

if TYPE_CHECKING:
    from netcea.scenario.scenario import CorrelatedNumbers, JointEstimate, Scenario

DEPENDENT: Final = 1e-9
"""Lowest eigenvalue of correlations below which some numbers follow from the others. [1]"""


@dataclass(frozen=True)
class CorrelatedGroup:
    """Quantities that are drawn together because a scenario, or a table of inputs/, states their correlations.

    Attributes
    ----------
    joints : tuple of JointEstimate
        Whole, in order of address; before the single ones.
    singles : tuple of str
        Those of tables in their order, then the others in order of address.
    cholesky : Array (k, k)
        Lower triangular factor of the correlations of the deviates, in the order of `addresses`. [1]
    tables : tuple of str
        Addresses of tables of inputs/ that state correlations of them.
    """

    joints: tuple[JointEstimate, ...]
    singles: tuple[str, ...]
    cholesky: Array
    tables: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Address of the first table where tables alone connect them, else of the first member."""
        return self.tables[0] if self.tables and not self.joints else self.addresses[0]

    @property
    def correlation(self) -> Array:
        """Correlations of the deviates, in the order of `addresses`. [1].

        Examples
        --------
        >>> CorrelatedGroup((), ("a", "b"), np.array([[1.0, 0.0], [0.6, 0.8]])).correlation.round(12).tolist()
        [[1.0, 0.6], [0.6, 1.0]]
        """
        return np.asarray(self.cholesky @ self.cholesky.T, dtype=np.float64)

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
        """Return correlated deviates: z = L u, with L L' the correlations and u independent deviates.

        Parameters
        ----------
        deviates : mapping of address -> Array (n,)
            Independent, standard normal. [1]

        Returns
        -------
        dict of address -> Array (n,)
            Standard normal. [1]

        Examples
        --------
        >>> pair = CorrelatedGroup((), ("a", "b"), np.array([[1.0, 0.0], [0.6, 0.8]]))
        >>> found = pair.correlate({"a": np.array([1.0]), "b": np.array([2.0])})
        >>> {address: float(z[0]) for address, z in found.items()}  # 0.6 x 1 + 0.8 x 2
        {'a': 1.0, 'b': 2.2}
        """
        z = [deviates[address] for address in self.addresses]
        # sums written out term by term: a matrix product's last bits depend on the number of rows
        return {
            address: np.asarray(sum(z[j] * self.cholesky[i, j] for j in range(i + 1)), dtype=np.float64)
            for i, address in enumerate(self.addresses)
        }


def correlated_groups(scenario: Scenario) -> tuple[CorrelatedGroup, ...]:
    """Return the groups of quantities that stated rank correlations, and tables of inputs/, connect.

    Parameters
    ----------
    scenario : Scenario
        Its probabilistic analysis states the rank correlations.

    Returns
    -------
    tuple of CorrelatedGroup
        No quantity is in two of them.

    Raises
    ------
    ValueError
        The correlations cannot all hold together (the matrix is not positive definite).
    """
    pairs = _between_estimates(scenario)
    pairs += [
        (pair.first, pair.second, deviate_correlation(scenario.quantities[pair.rank_correlation].value))
        for pair in scenario.file.analyses.psa.correlations
    ]
    whole = [*(joint.addresses for joint in scenario.joint), *(block.addresses for block in scenario.correlated)]
    within = [(block.addresses[0], address) for block in scenario.correlated for address in block.addresses]
    sets = _connected([*((a, b) for a, b, _ in pairs), *within], whole)
    groups = (_group(members, scenario.joint, scenario.correlated, pairs) for members in sets)
    return tuple(replace(group, tables=(*group.tables, *_stated_by(scenario, group))) for group in groups)


def _between_estimates(scenario: Scenario) -> list[tuple[str, str, float]]:
    """Return pairs of numbers of different joint estimates that tables correlate, with their correlations."""
    block = {address: joint.name for joint in scenario.joint for address in joint.addresses}
    return [
        (first, second, table.between(first, second))
        for table in scenario.correlated_estimates
        for first, second in combinations(table.addresses, 2)
        if block[first] != block[second]
    ]


def _stated_by(scenario: Scenario, group: CorrelatedGroup) -> list[str]:
    """Return tables that state correlations between the joint estimates of a group."""
    members = set(group.addresses)
    return [name for table in scenario.correlated_estimates for name in table.tables if members & set(table.addresses)]


def _group(
    members: set[str],
    estimates: Iterable[JointEstimate],
    tables: Iterable[CorrelatedNumbers],
    pairs: Sequence[tuple[str, str, float]],
) -> CorrelatedGroup:
    joints = tuple(sorted((j for j in estimates if not members.isdisjoint(j.addresses)), key=lambda j: j.addresses))
    blocks = [block for block in tables if not members.isdisjoint(block.addresses)]
    known = [*(a for joint in joints for a in joint.addresses), *(a for block in blocks for a in block.addresses)]
    order = [*known, *sorted(members.difference(known))]
    singles = tuple(order[sum(len(joint.addresses) for joint in joints) :])
    matrix = _matrix(order, joints, blocks, [(a, b, rho) for a, b, rho in pairs if a in members])
    try:
        root = np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        if np.linalg.eigvalsh(matrix)[0] < -DEPENDENT or not any(_is_dependent(joint) for joint in joints):
            msg = f"the correlations between {', '.join(order)} cannot all hold together"
            raise ValueError(msg) from None
        root = np.asarray(np.linalg.qr(matrix_root(matrix).T)[1].T, dtype=np.float64)  # lower triangular too
    return CorrelatedGroup(joints, singles, root, tuple(name for block in blocks for name in block.tables))


def _is_dependent(joint: JointEstimate) -> bool:
    """Say whether some parameters of an estimate follow from the others: it is of fits that share figures."""
    sd = np.sqrt(np.diag(joint.covariance))
    certain = sd > 0.0
    within = joint.covariance[np.ix_(certain, certain)] / np.outer(sd[certain], sd[certain])
    return bool(certain.any() and np.linalg.eigvalsh(within)[0] <= DEPENDENT)


def deviate_correlation(rank_correlation: float) -> float:
    """Return the correlation of standard normal deviates whose ranks have a given correlation: 2 sin(pi rho / 6).

    Parameters
    ----------
    rank_correlation : float
        Spearman's rho, from -1 to 1. [1]

    Returns
    -------
    float
        Pearson's. [1]

    References
    ----------
    Kruskal WH. Ordinal measures of association. Journal of the American Statistical Association 1958;53:814-861.

    Examples
    --------
    >>> round(deviate_correlation(0.5), 6), deviate_correlation(0.0)
    (0.517638, 0.0)
    """
    return 2.0 * math.sin(math.pi * rank_correlation / 6.0)


def matrix_root(covariance: Array) -> Array:
    """Return a matrix L whose product with its transpose is a covariance: Cholesky's where there is one.

    Parameters
    ----------
    covariance : Array (k, k)
        Singular ones too; a variance of 0 is a figure that is known exactly.

    Returns
    -------
    Array (k, k)
        Square roots of the covariance's units. [1 on a log or logit scale, else the parameter's unit]

    Examples
    --------
    >>> matrix_root(np.array([[4.0, 0.0], [0.0, 0.0]])).tolist()
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


def _matrix(
    order: Sequence[str],
    joints: Sequence[JointEstimate],
    blocks: Sequence[CorrelatedNumbers],
    pairs: Sequence[tuple[str, str, float]],
) -> Array:
    """Return the correlations of the deviates, in an order of addresses that begins with joint estimates and blocks."""
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
    for numbers in blocks:
        k = len(numbers.addresses)
        matrix[start : start + k, start : start + k] = numbers.correlation
        start += k
    for first, second, rho in pairs:
        i, j = order.index(first), order.index(second)
        matrix[i, j] = matrix[j, i] = rho
    start = 0
    for joint in joints:
        _follow(
            matrix, range(start, start + len(joint.addresses)), {order.index(a) for pair in pairs for a in pair[:2]}
        )
        start += len(joint.addresses)
    return matrix


def _follow(matrix: Array, members: range, stated: set[int]) -> None:
    """Give parameters that follow from others of their estimate the correlations that follow from what is stated.

    Fits that share figures have more parameters than errors, so that none can be correlated without the others. With C
    their correlations and S those of which correlations are stated: R_ab = C_aS C_SS^-1 R_Sb.
    """
    block = matrix[np.ix_(members, members)]
    named = [i for i in members if i in stated]
    if not named or np.linalg.eigvalsh(block)[0] > DEPENDENT:
        return
    others = [i for i in range(len(matrix)) if i not in members]
    within = matrix[np.ix_(members, named)] @ np.linalg.pinv(matrix[np.ix_(named, named)])
    across = within @ matrix[np.ix_(named, others)]
    matrix[np.ix_(members, others)] = across
    matrix[np.ix_(others, members)] = across.T
