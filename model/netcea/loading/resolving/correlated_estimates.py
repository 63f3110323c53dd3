"""Blocks of numbers estimated together whose errors are correlated with those of another block.

PFS and OS of the same patients are fitted apart, each family with its covariance. A table of correlations above both
groups, which `netcea fit --beside` writes, says how their estimates go together; where a scenario uses both, they are
drawn together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np

from netcea.loading.merging.inputs import block_of
from netcea.loading.resolving.correlated_numbers import groups_of
from netcea.loading.resolving.numbers import Numbers
from netcea.plain_number import read
from netcea.quantities.tables import CorrelationTable
from netcea.scenario.scenario import CorrelatedNumbers, JointEstimate

SAME: Final = 1e-6
"""Difference between correlations that are one and the same."""


def correlated_estimates(numbers: Numbers, joints: Sequence[JointEstimate]) -> tuple[CorrelatedNumbers, ...]:
    """Return the tables that correlate two blocks in use; note those that do not go with the blocks' covariances.

    Parameters
    ----------
    numbers : Numbers
        All in use.
    joints : sequence of JointEstimate
        The blocks in use.

    Returns
    -------
    tuple of CorrelatedNumbers
        In order of table; each has all numbers of two blocks or more.
    """
    of = {address: joint for joint in joints for address in joint.addresses}
    found = []
    for address in sorted(set(_tables_above(numbers, joints))):
        table = numbers.inputs.raw(address)
        names = [f"{address.rpartition('.')[0]}.{name}" for name in table.get("names") or ()]
        blocks = {of[name].name: of[name] for name in names if name in of}
        if len(blocks) < 2 or not set(names) <= set(of):
            continue  # of a family that is not in use
        known = numbers.correlation(address, partial(numbers.inputs.place, address))
        if known is None or known.correlation is None:
            continue
        block = CorrelatedNumbers(tuple(names), np.array(known.correlation), (address,))
        agreed = [_agrees(numbers, block, joint) for joint in blocks.values()]
        if all(agreed):
            found.append(block)
    return tuple(found)


def _tables_above(numbers: Numbers, joints: Sequence[JointEstimate]) -> Iterator[str]:
    """Yield tables of correlations in the groups above the blocks."""
    for above in {above for joint in joints if joint.table for above in groups_of(joint.name)}:
        for key, raw in numbers.inputs.raw(above).items() if numbers.inputs.exists(above) else ():
            if (
                block_of(raw) is CorrelationTable
                and "correlation" in raw
                and f"{above}.{key}" not in numbers.correlations
            ):
                yield f"{above}.{key}"


def _agrees(numbers: Numbers, block: CorrelatedNumbers, joint: JointEstimate) -> bool:
    """Say whether a table has a block whole, with the correlations of its covariance; note it where it has not."""
    place = numbers.inputs.place(block.tables[0])
    missing = [address for address in joint.addresses if address not in block.addresses]
    if missing:
        numbers.wrong(place, f"no {missing[0]}", f"all numbers of the block {joint.name}")
        return False
    at = [block.addresses.index(address) for address in joint.addresses]
    sd = np.sqrt(np.diag(joint.covariance))
    apart = np.abs(block.correlation[np.ix_(at, at)] - joint.covariance / np.outer(sd, sd))
    if float(apart.max()) <= SAME:
        return True
    i, j = np.unravel_index(int(apart.argmax()), apart.shape)
    one, other = joint.addresses[int(i)], joint.addresses[int(j)]
    found = f"{read(block.between(one, other), 6)} between {one} and {other}"
    hint = "fit both endpoints again together: `netcea fit --beside`"
    numbers.wrong(place, found, f"the correlation of their covariance, {joint.name}", hint)
    return False
