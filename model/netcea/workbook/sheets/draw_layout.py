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
NUMBER_ROW, SEED_ROW, STATE_ROW, FIRST = 3, 4, 5, 7
ADDRESS, HOW, RANDOM, DEVIATE, CENTRE, FIRST_PARAMETER, SECOND_PARAMETER, SHARE, RAW, DRAWN, DONE = range(1, 12)
THIRD_PARAMETER, REMAINDERS, WEIGHTS = 12, 13, 15
"""First column of what random numbers are made of, and of weights."""
CHOSEN_ON: Final = "PSA live"
"""The sheet on which a reader says which draw is shown: the table of draws there changes that cell."""
CHOSEN_NUMBER, CHOSEN_SEED = (4, 2), (5, 2)
"""Rows and columns there."""
NUMBER: Final = f"'{CHOSEN_ON}'!$B${CHOSEN_NUMBER[0]}"
"""The cell with the number of the draw; 0 or nothing for the point estimates."""
SEED: Final = f"'{CHOSEN_ON}'!$B${CHOSEN_SEED[0]}"
DRAWING: Final = f"{NUMBER}>0"
"""The formula that says whether numbers are drawn."""
MOVED_ON: Final = "One-way live"
MOVED_ROW: Final = (4, 2)
"""Row and column there: the row of its table that is shown; 0 or nothing for the point estimates."""
MOVING: Final = f"'{MOVED_ON}'!$B${MOVED_ROW[0]}>0"
"""The formula that says whether a number is moved to one of its ends."""


@dataclass(frozen=True)
class DrawnNumber:
    """One random number of the model.

    Attributes
    ----------
    address : str
    quantity : Quantity or None
        None for a parameter of a fit.
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

    def scaled(self, factor: float) -> DrawnNumber:
        """Return it with its deviate in the unit of the cell, given the factor from that to the model's.

        Parameters
        ----------
        factor : float
            Of a number of inputs/, which is drawn in its own unit.
        """
        if self.joint is None or self.joint[0].scales[self.joint[1]] != "identity":
            return self
        return replace(self, weights={address: weight / factor for address, weight in self.weights.items()})


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
            weights = dict(zip(joint.addresses, root[i].tolist(), strict=True))
            found[a] = DrawnNumber(a, scenario.quantities.get(a), (joint, i), weights)
    for group in correlated_groups(scenario):
        for i, a in enumerate(group.addresses):
            shares = (found[a].sd * _lower(group.cholesky, i)).tolist()
            found[a] = replace(found[a], weights=dict(zip(group.addresses, shares, strict=True)))
    yield from (row.scaled(scenario.factors.get(a, 1.0)) for a, row in found.items())


def _lower(matrix: Array, i: int) -> Array:
    """Return a row of the lower triangle of a matrix, 0 elsewhere."""
    return np.asarray(np.where(np.arange(matrix.shape[1]) <= i, matrix[i], 0.0), dtype=np.float64)
