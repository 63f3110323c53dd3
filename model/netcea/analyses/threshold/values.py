"""The values of a quantity at which the ICER meets a threshold.

The ICER meets threshold L where incremental NHB, w Q - C / L, is 0 (C, Q: incremental costs and QALYs; w: severity
weight, or 1). NHB is evaluated on a grid between the bounds, in one simulation; wherever its sign changes, the bracket
is narrowed (`netcea.analyses.shared.root_finding`). Two meetings between neighbouring values of the grid go unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from netcea.analyses.shared.effects import effects_of
from netcea.analyses.shared.moved_blocks import stacked
from netcea.analyses.shared.root_finding import Root, brackets, narrowed
from netcea.analyses.shared.totals import Totals, totals_of, varied
from netcea.analyses.shared.varied_quantities import VariedQuantity
from netcea.analyses.threshold.result import Basis, Meeting, ValueSolution, bases_of
from netcea.arrays import Array
from netcea.engine.point_estimates import base_case
from netcea.scenario.scenario import Scenario

Numbers: TypeAlias = npt.NDArray[np.int64]
"""Number of the quantity that each row moves."""
GRID: Final = 201
"""Values of the grid."""
TAIL: Final = 0.001
"""The search goes from the 0.1% to the 99.9% quantile of an uncertain quantity."""


def values_meeting(scenario: Scenario, quantities: Sequence[VariedQuantity]) -> tuple[ValueSolution, ...]:
    """Return, for each quantity and each basis, where the ICER meets the threshold.

    Parameters
    ----------
    scenario : Scenario
    quantities : sequence of VariedQuantity
        With the bounds between which to look.
    """
    bases = bases_of(scenario)
    if not quantities:
        return ()
    grids = np.stack([np.linspace(q.low, q.high, GRID) for q in quantities])
    which = np.repeat(np.arange(len(quantities)), GRID)
    totals = _moved(scenario, quantities, which, grids.ravel())
    nhb = np.stack([_nhb(totals, basis).reshape(grids.shape) for basis in bases])
    found = [
        (b, q, low, high)
        for b in range(len(bases))
        for q in range(len(quantities))
        for low, high in brackets(nhb[b, q])
    ]
    roots = _narrowed(scenario, quantities, bases, grids, nhb, found)
    meetings = _meetings(scenario, quantities, [q for _, q, _, _ in found], roots)
    return tuple(
        ValueSolution(
            quantity,
            basis,
            tuple(m for m, (at_b, at_q, _, _) in zip(meetings, found, strict=True) if (at_b, at_q) == (b, q)),
            float(nhb[b, q, 0]),
            float(nhb[b, q, -1]),
        )
        for q, quantity in enumerate(quantities)
        for b, basis in enumerate(bases)
    )


def _narrowed(
    scenario: Scenario,
    quantities: Sequence[VariedQuantity],
    bases: Sequence[Basis],
    grids: Array,
    nhb: Array,
    found: Sequence[tuple[int, int, int, int]],
) -> list[Root]:
    """Return the root in each bracket (basis, quantity, low, high)."""
    if not found:
        return []
    b, q, low, high = (np.array(column) for column in zip(*found, strict=True))

    def evaluate(x: Array, bracket: Array) -> Array:
        totals = _moved(scenario, quantities, q[bracket], x)
        by_basis = np.stack([_nhb(totals, basis) for basis in bases])
        return np.asarray(by_basis[b[bracket], np.arange(len(x))], dtype=np.float64)

    scale = nhb.max(axis=2) - nhb.min(axis=2)
    return narrowed(grids[q, low], grids[q, high], nhb[b, q, low], nhb[b, q, high], scale[b, q], evaluate)


def _meetings(
    scenario: Scenario, quantities: Sequence[VariedQuantity], which: Sequence[int], roots: Sequence[Root]
) -> list[Meeting]:
    """Return what the model gives at each root, and whether the severity weight changes there."""
    if not roots:
        return []
    at = np.array([root.at for root in roots])
    totals = _moved(scenario, quantities, np.array(which), at)
    below = _moved(scenario, quantities, np.array(which), at - 1e-9 * np.maximum(np.abs(at), 1e-3))
    changes = totals.severity_weight != below.severity_weight
    return [
        Meeting(root, effect, root.jump and bool(change))
        for root, effect, change in zip(roots, effects_of(scenario, totals), changes, strict=True)
    ]


def _moved(scenario: Scenario, quantities: Sequence[VariedQuantity], which: Numbers, values: Array) -> Totals:
    """Simulate rows in which one quantity, by its number, has a value in its own unit."""
    base = base_case(scenario)
    moves = [(q.address, np.where(which == number, values, np.nan)) for number, q in enumerate(quantities)]
    return totals_of(scenario, varied(base, stacked(scenario, moves, base.columns)))


def _nhb(totals: Totals, basis: Basis) -> Array:
    return totals.incremental_nhb(basis.threshold, weighted=basis.weighted)
