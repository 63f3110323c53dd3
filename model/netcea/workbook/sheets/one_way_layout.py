"""Which numbers move one at a time in the workbook, what moves with each, and the cells that say which moves now.

A number moves to the 2.5% or 97.5% quantile of its own distribution around its live value (sheet Draw, there), a fixed
one to an end of its range. What is known only together moves as in `netcea.analyses.shared.moved_blocks`: the
deviates of the others are their conditional means, and curves follow their figures by formula; a block moves along its
principal direction as it was when the workbook was exported. Fits that netcea solves do not move here.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from netcea.analyses.shared.labels import label_of
from netcea.analyses.shared.moved_blocks import MovedBlock, Moving, moved_blocks
from netcea.analyses.shared.moved_numbers import MovedNumbers, principal_of
from netcea.analyses.shared.varied_quantities import not_moved
from netcea.arrays import Array
from netcea.quantities.quantity import Quantity
from netcea.sampling.sampler import point_deviates
from netcea.scenario.scenario import JointEstimate, Scenario
from netcea.workbook.sheets.draw_layout import MOVED_ON, MOVED_ROW, DrawLayout
from netcea.workbook.variants import Variants

TITLE: Final = MOVED_ON
CHOSEN: Final = MOVED_ROW
TRIAL, WHICH, SIDE, DEVIATE = (5, 2), (6, 2), (7, 2), (8, 2)
"""Rows and columns: the row of the table that is shown, the cell that the table changes, the number that moves, its
side (1 low, 2 high), and its deviate."""
SORTED: Final = 22
"""First row of the numbers in the order of their ranges."""
NUMBER, LABEL, ADDRESS, LOW, HIGH, FIRST_SHARE = 1, 2, 3, 4, 5, 6
"""Columns: number, label, address, ends of a range, and the deviates of what moves with it, for one of its own."""


MEDIAN: Final = 1e-9
"""Deviate up to which a point estimate is the median of its distribution."""


def cell(place: tuple[int, int]) -> str:
    """Return how formulas refer to a cell of the sheet.

    >>> cell((4, 2))
    "'One-way live'!$B$4"
    """
    row, column = place
    return f"'{TITLE}'!${chr(ord('A') + column - 1)}${row}"


@dataclass(frozen=True)
class Mover:
    """A number that moves, or a block along its principal direction.

    Attributes
    ----------
    address, label : str
    deviates : mapping of address -> float
        What moves, itself too, and by which deviate for one of its own.
    ends : (float, float) or None
        Of a fixed number with a range.
    """

    address: str
    label: str
    deviates: Mapping[str, float] = field(default_factory=dict)
    ends: tuple[float, float] | None = None


@dataclass(frozen=True)
class OneWayLayout:
    """Which numbers move, in which rows."""

    rows: dict[str, Mover] = field(default_factory=dict)

    @classmethod
    def of(cls, variants: Variants, draw: DrawLayout, follows: Mapping[str, str]) -> OneWayLayout:
        """Return the layout of all scenarios; what moves with a number is that of the first scenario that says it.

        Parameters
        ----------
        variants : Variants
        draw : DrawLayout
        follows : mapping of address -> formula
            Of parameters that follow published figures.
        """
        left_out = {each.address for each in not_moved(variants.base)}
        together: dict[str, Mover] = {}
        solved: set[str] = set()
        for scenario in variants.scenarios:
            for block in moved_blocks(scenario):
                movers = {m.address: m for m in _movers(scenario, block, draw, follows)}
                solved.update(set(block.moves) - movers.keys())
                together = {**movers, **together}
        alone = {m.address: m for scenario in variants.scenarios for m in _alone(scenario, draw)}
        found = {**{a: m for a, m in alone.items() if a not in left_out and a not in solved}, **together}
        secret = {a for scenario in variants.scenarios for a in scenario.prices.secret}
        return cls({address: found[address] for address in sorted(found) if address not in secret})

    def among(self, known: Container[str]) -> OneWayLayout:
        """Return what moves numbers of the sheet Inputs alone."""
        rows = {
            a: m
            for a, m in self.rows.items()
            if all(moved in known for moved in (m.deviates if m.ends is None else (a,)))
        }
        return OneWayLayout(rows)

    @property
    def first(self) -> int:
        """Return the first row of the movers."""
        return SORTED + len(self.rows) + 4

    def row(self, address: str) -> int:
        """Return the row of a mover."""
        return self.first + list(self.rows).index(address)

    def number(self, address: str) -> str:
        """Return the cell with the number of a mover."""
        return f"'{TITLE}'!$A${self.row(address)}"

    def that_move(self, address: str) -> list[tuple[str, int]]:
        """Return the movers with which a number moves, and the place of its deviate among theirs."""
        return [(name, list(m.deviates).index(address)) for name, m in self.rows.items() if address in m.deviates]

    def moved(self, address: str, drawn: str, centre: str) -> str:
        """Return the formula of a value that may be moved: to an end of its range, or to where Draw has it."""
        which, mover = cell(WHICH), self.rows.get(address)
        if mover is not None and mover.ends is not None:
            low, high = (cell((self.row(address), column)) for column in (LOW, HIGH))
            return f"IF({which}={self.number(address)},IF({cell(SIDE)}=1,{low},{high}),{centre})"
        tests = ",".join(f"{which}={self.number(name)}" for name, _ in self.that_move(address))
        return f"IF({which}=0,{centre},IF(OR({tests}),{drawn},{centre}))"


def _alone(scenario: Scenario, draw: DrawLayout) -> Iterator[Mover]:
    """Yield the numbers that have a distribution, or a range, of their own."""
    for address, quantity in scenario.quantities.items():
        label = label_of(scenario, address)
        if quantity.is_uncertain and address in draw.rows:
            yield Mover(address, label, {address: _sign(quantity)})
        elif quantity.range is not None and not quantity.is_drawn:
            low, high = quantity.range
            yield Mover(address, label, ends=(low, high))


def _sign(quantity: Quantity) -> float:
    """Return -1 where the value falls as its deviate rises: a survival."""
    low, high = quantity.at_deviate(np.array([-1.0, 1.0])).tolist()
    return 1.0 if low <= high else -1.0


def _movers(scenario: Scenario, block: Moving, draw: DrawLayout, follows: Mapping[str, str]) -> Iterator[Mover]:
    """Yield how a block moves, where formulas can."""
    if isinstance(block, MovedNumbers):
        if block.group.joints or any(abs(z) > MEDIAN for z in point_deviates(scenario, block.members).values()):
            return
        yield from _at_conditional_means(scenario, block.members, block.group.correlation)
        along = dict(zip(block.members, principal_of(block.group.correlation)[0].tolist(), strict=True))
    else:
        if block.group is not None or not set(block.joint.addresses) <= draw.rows.keys():
            return
        if block.refit is not None and not _refits(block, follows):
            return
        yield from _of_estimate(scenario, block)
        along = _in_cells(scenario, block.joint, principal_of(block.joint.covariance)[0])
    if block.direction in block.moves:
        yield Mover(block.direction, f"{block.label}, principal direction as exported", along)


def _in_cells(scenario: Scenario, joint: JointEstimate, errors: Array) -> dict[str, float]:
    """Return errors of the parameters of an estimate, on their real lines, in the units of their cells."""
    found = {}
    for address, scale, error in zip(joint.addresses, joint.scales, errors.tolist(), strict=True):
        found[address] = error / (scenario.factors.get(address, 1.0) if scale == "identity" else 1.0)
    return found


def _refits(block: MovedBlock, follows: Mapping[str, str]) -> bool:
    """Say whether formulas refit a curve, to figures that are normal on their working scales."""
    if block.refit is None or block.joint.lopsided:
        return False
    figures = [figure for figure, used in zip(block.refit.figures, block.refit.used, strict=True) if used]
    plain = any(figure.plain or figure.halves is not None or not figure.se for figure in figures)
    return not plain and all(address in follows for address in block.joint.addresses)


def _of_estimate(scenario: Scenario, block: MovedBlock) -> Iterator[Mover]:
    """Yield the figures of a fit, or the numbers of a joint estimate, each with the others at conditional means."""
    if block.refit is not None:
        every = len(block.refit.figures)
        known = np.eye(every) if block.refit.correlation is None else np.array(block.refit.correlation)
        at = [i for i, used in enumerate(block.refit.used) if used]
        yield from _at_conditional_means(scenario, block.members, known[np.ix_(at, at)])
        return
    joint, sd = block.joint, np.sqrt(np.diag(block.joint.covariance))
    for member in block.members:
        i = joint.addresses.index(member)
        own = _in_cells(scenario, joint, joint.covariance[i] / sd[i])
        yield Mover(member, label_of(scenario, member), own)


def _at_conditional_means(scenario: Scenario, members: tuple[str, ...], correlation: Array) -> Iterator[Mover]:
    for i, member in enumerate(members):
        sign = _sign(scenario.quantities[member])
        by = {other: sign * r for other, r in zip(members, correlation[i].tolist(), strict=True) if r}
        yield Mover(member, label_of(scenario, member), by)
