"""Blocks of numbers that were estimated together: a table of inputs/ with their covariance, drawn whole or refused.

A number says ``uncertainty: {joint: {block: weibull, scale: log}}``; the table `weibull` stands beside it and names the
block's numbers with their covariance, each on the real line of its scale. Numbers of the block that a scenario does not
use are drawn all the same, so that those in use are what they are in any other scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array
from netcea.draws import to_real_line
from netcea.errors import did_you_mean
from netcea.loading.merging.inputs import block_of
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.tables import CorrelationTable
from netcea.scenario.scenario import JointEstimate
from netcea.uncertainty.joint import Joint


def joint_blocks(numbers: Numbers) -> list[JointEstimate]:
    """Return the blocks of which a number is in use, in order of address; note those that cannot be drawn as they are.

    Parameters
    ----------
    numbers : Numbers
        With every number in use, and every other member of their groups.

    Returns
    -------
    list of JointEstimate
        Members in order of address.
    """
    blocks: dict[str, dict[str, Joint]] = {}
    for address in sorted(set(numbers.grouped)):
        family = numbers.quantities[address].uncertainty.given
        if isinstance(family, Joint):
            blocks.setdefault(f"{address.rpartition('.')[0]}.{family.block}", {})[address] = family
    found = (_estimate(_Block(numbers, table, members)) for table, members in sorted(blocks.items()))
    return [estimate for estimate in found if estimate is not None]


@dataclass(frozen=True)
class _Block:
    """A block of which at least one number is in use.

    Attributes
    ----------
    numbers : Numbers
    table : str
        Address of its covariance.
    members : mapping of address -> Joint
        That name it.
    """

    numbers: Numbers
    table: str
    members: Mapping[str, Joint]

    @property
    def above(self) -> str:
        """Address of the group in which table and members stand."""
        return self.table.rpartition(".")[0]

    def content(self) -> CorrelationTable | None:
        """Return its table, or None after noting that there is none."""
        first = next(iter(self.members))
        place = self.numbers.inputs.place(f"{first}.uncertainty.joint.block")
        beside = self.numbers.inputs.raw(self.above)
        raw, name = beside.get(self.table.removeprefix(f"{self.above}.")), self.members[first].block
        if block_of(raw) is CorrelationTable:
            return self.numbers.correlation(self.table, lambda: place)
        tables = [key for key, node in beside.items() if block_of(node) is CorrelationTable]
        found = f"'{name}'" + (", which is no table of correlations" if raw is not None else "")
        hint = did_you_mean(name, tables) or (f"this group has {', '.join(tables)}" if tables else "")
        expected = f"a table {{names, covariance, source, status}} at {self.table}"
        self.numbers.wrong(place, found, expected, hint)
        return None

    def is_whole(self, table: CorrelationTable) -> bool:
        """Say whether table and members name each other; note each that does not."""
        named = [f"{self.above}.{name}" for name in table.names]
        place = self.numbers.inputs.place(f"{self.table}.names")
        for address in named:
            if address not in self.members:
                expected = f"numbers beside it that say `joint: {{block: {self.members_block}}}`"
                self.numbers.wrong(
                    place, self._what_it_is(address), expected, did_you_mean(address, list(self.members))
                )
        for address in self.members:
            if address not in named:
                where = self.numbers.inputs.place(f"{address}.uncertainty.joint.block")
                found = f"{address}, which the table {self.table} does not name"
                hint = "add it with its covariances, or give it an uncertainty of its own"
                self.numbers.wrong(where, found, f"one of {', '.join(named)}", hint)
        return set(named) == set(self.members)

    @property
    def members_block(self) -> str:
        """What members call it."""
        return next(iter(self.members.values())).block

    def _what_it_is(self, address: str) -> str:
        """Return what stands at an address that is named by the table, and is no member."""
        try:
            raw = self.numbers.inputs.raw(address)
        except KeyError:
            return f"{address}, which inputs/ does not have"
        uncertainty = raw.get("uncertainty") if isinstance(raw, Mapping) else None
        if block_of(raw) is None:
            return f"{address}, a group of numbers"
        if not isinstance(uncertainty, Mapping):
            return f"{address}, which is no uncertain number"
        joint = uncertainty.get("joint")
        if isinstance(joint, Mapping):
            return f"{address}, which is a number of the block '{joint.get('block')}'"
        return f"{address}, whose uncertainty is {', '.join(map(str, uncertainty))}"

    def covariance(self, table: CorrelationTable) -> Array | None:
        """Return the covariance as the table has it, or None after noting that it has none. [own units]."""
        if table.covariance is not None:
            return np.array(table.covariance)
        if table.sd is None:
            found, expected = "correlations without standard deviations", "a covariance, or `sd` beside them"
            self.numbers.wrong(self.numbers.inputs.place(self.table), found, expected)
            return None
        return np.asarray(np.array(table.correlation) * np.outer(table.sd, table.sd), dtype=np.float64)


def _estimate(block: _Block) -> JointEstimate | None:
    """Return what is drawn, in model units; None after noting why nothing is."""
    table = block.content()
    if table is None or not block.is_whole(table):
        return None
    given = block.covariance(table)
    if given is None:
        return None
    order = [table.names.index(address.removeprefix(f"{block.above}.")) for address in block.members]
    scales = tuple(family.scale for family in block.members.values())
    factors = [block.numbers.factors[a] if s == "identity" else 1.0 for a, s in zip(block.members, scales, strict=True)]
    values = [block.numbers.model_value(address) for address in block.members]
    estimates = [float(to_real_line(np.array(x), scale)) for x, scale in zip(values, scales, strict=True)]
    covariance = given[np.ix_(order, order)] * np.outer(factors, factors)
    return JointEstimate(tuple(block.members), scales, np.array(estimates), covariance, block.table)
