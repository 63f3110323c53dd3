"""Which numbers are drawn at random, in which rows of the sheet Draw, and how their deviates go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.quantities.quantity import Quantity
from netcea.sampling.correlation import correlated_groups, matrix_root
from netcea.sampling.sampler import drawn_groups
from netcea.scenario.scenario import JointEstimate, Scenario
from netcea.workbook.variants import Variants

TITLE: Final = "Draw"
SWITCH_ROW: Final = 3
FIRST: Final = 7
ADDRESS, HOW, RANDOM, DEVIATE, CENTRE, FIRST_PARAMETER, SECOND_PARAMETER, SHARE, RAW, DRAWN, DONE, WEIGHTS = range(
    1, 13
)
SWITCH: Final = f"{TITLE}!$B${SWITCH_ROW}"
"""The cell that says whether numbers are drawn: no, yes."""


@dataclass(frozen=True)
class DrawnNumber:
    """One random number of the model.

    Attributes
    ----------
    address : str
    quantity : Quantity or None
        None for a parameter of a joint estimate.
    joint : tuple of (JointEstimate, int) or None
        The estimate and the number of the parameter in it.
    weights : mapping of address -> float
        Its deviate is the sum of the independent deviates of these addresses, so weighted.
    group : tuple of str
        Members of the group that it is drawn with.
    """

    address: str
    quantity: Quantity | None = None
    joint: tuple[JointEstimate, int] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    group: tuple[str, ...] = ()

    @property
    def sd(self) -> float:
        """Standard deviation on the real line of a parameter of a joint estimate; 1 for other numbers. [1]."""
        return 1.0 if self.joint is None else float(np.sqrt(self.joint[0].covariance[self.joint[1], self.joint[1]]))


@dataclass(frozen=True)
class DrawLayout:
    """Which addresses are drawn, in which rows of the sheet."""

    rows: dict[str, DrawnNumber] = field(default_factory=dict)

    @classmethod
    def of(cls, variants: Variants) -> DrawLayout:
        """Return the layout of all scenarios; a distribution is that of the first scenario that has it."""
        rows: dict[str, DrawnNumber] = {}
        for scenario in variants.scenarios:
            for row in _rows(scenario):
                if row.address in variants.numbers:
                    rows.setdefault(row.address, row)
        known = {a: row for a, row in rows.items() if {*row.weights, *row.group} <= rows.keys()}
        return cls(dict(sorted(known.items())))

    def cells(self) -> dict[str, str]:
        """Return address -> the cell with its drawn value."""
        return {address: f"{TITLE}!$J${FIRST + i}" for i, address in enumerate(self.rows)}


def _rows(scenario: Scenario) -> Iterator[DrawnNumber]:
    """Yield a row for each random number of a scenario."""
    found = {a: DrawnNumber(a, q, weights={a: 1.0}) for a, q in scenario.quantities.items() if q.is_drawn}
    for members in drawn_groups(scenario).values():
        found.update({a: replace(found[a], group=members) for a in members})
    for joint in scenario.joint:
        root = matrix_root(joint.covariance)
        for i, a in enumerate(joint.addresses):
            found[a] = DrawnNumber(a, None, (joint, i), dict(zip(joint.addresses, root[i].tolist(), strict=True)))
    for group in correlated_groups(scenario):
        for i, a in enumerate(group.addresses):
            weights = (found[a].sd * _lower(group.cholesky, i)).tolist()
            found[a] = replace(found[a], weights=dict(zip(group.addresses, weights, strict=True)))
    yield from found.values()


def _lower(matrix: Array, i: int) -> Array:
    """Return a row of the lower triangle of a matrix, 0 elsewhere."""
    return np.asarray(np.where(np.arange(matrix.shape[1]) <= i, matrix[i], 0.0), dtype=np.float64)
