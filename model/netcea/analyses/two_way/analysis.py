"""Two-way sensitivity: two quantities on a grid, all others at their point estimates.

Each axis has `steps` evenly spaced values from its low to its high bound, ends included; row (i, j) of the grid holds
value i of the first axis and value j of the second. Quantities that are known only together are refused, as in one-way
analysis.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

import numpy as np

from netcea.analyses.analysis import Analysis
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.effects import effects_of
from netcea.analyses.shared.moved_blocks import columns_at
from netcea.analyses.shared.totals import Totals, joined, totals_of, varied
from netcea.analyses.shared.varied_quantities import VariedQuantity, varied_quantities
from netcea.analyses.two_way.record import TwoWayRecord
from netcea.analyses.two_way.result import GridAxis, TwoWayResult
from netcea.blocks import Bounds
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError, Place, Problem
from netcea.plain_number import read
from netcea.reporting.report import Report
from netcea.scenario.options import Axis, TwoWayOptions
from netcea.scenario.scenario import Scenario

CHUNK: Final = 4096
"""Rows of one part."""
WHERE: Final = "--axis (or analyses.two_way.axes)"


class TwoWay(Analysis[TwoWayOptions, Totals, TwoWayResult]):
    """Two quantities on a grid."""

    name: ClassVar = "two_way"
    options = TwoWayOptions
    record = TwoWayRecord

    def parts(self, scenario: Scenario, options: TwoWayOptions) -> list[tuple[int, int]]:
        """Return ranges of the rows of the grid.

        Raises
        ------
        InputError
            There are not two axes, or a quantity may not be moved.
        """
        x, y = axes_of(scenario, options)
        n = len(x.values) * len(y.values)
        return [(start, min(start + CHUNK, n)) for start in range(0, n, CHUNK)]

    def work(self, scenario: Scenario, options: TwoWayOptions, start: int, stop: int) -> Totals:
        """Simulate some rows of the grid."""
        x, y = axes_of(scenario, options)
        i, j = np.divmod(np.arange(start, stop), len(y.values))
        values = {axis.quantity.address: axis.values[at] for axis, at in ((x, i), (y, j))}
        return totals_of(scenario, varied(base_case(scenario), columns_at(scenario, values)))

    def summarise(self, scenario: Scenario, options: TwoWayOptions, values: Iterable[Totals]) -> TwoWayResult:
        """Return the grid."""
        x, y = axes_of(scenario, options)
        (base,) = effects_of(scenario, totals_of(scenario, base_case(scenario)))
        return TwoWayResult(scenario, options, x, y, joined(values), base, read_first=read_first(scenario))

    def report(self, result: TwoWayResult) -> Report:
        """Return tables, figures and JSON."""
        from netcea.analyses.two_way.report import report

        return report(result)


def axes_of(scenario: Scenario, options: TwoWayOptions) -> tuple[GridAxis, GridAxis]:
    """Return the two axes with their values.

    Raises
    ------
    InputError
        With every problem of the axes.
    """
    addresses = [axis.address for axis in options.axes]
    if len(set(addresses)) != 2:
        raise Place(WHERE).error(
            f"{addresses[0]} twice" if len(addresses) > 1 else addresses[0] if addresses else "no axis",
            "two different quantities: --axis ADDRESS[=low:high[:steps]] twice",
            "`netcea one-way` ranks the quantities that matter most",
        )
    first, second = (
        GridAxis(made, np.linspace(made.low, made.high, axis.steps))
        for made, axis in zip(_bounded(scenario, options.axes), options.axes, strict=True)
    )
    return first, second


def _bounded(scenario: Scenario, axes: Sequence[Axis]) -> tuple[VariedQuantity, ...]:
    """Return both quantities between bounds; one bound alone is completed by the quantile or the range."""
    problems = [
        Problem(WHERE, 0, axis.address, f"low {read(axis.low)} and high {read(axis.high)}", "low below high")
        for axis in axes
        if axis.low is not None and axis.high is not None and not axis.low < axis.high
    ]
    if problems:
        raise InputError(problems)
    addresses = [axis.address for axis in axes]
    given = {
        axis.address: Bounds(low=axis.low, high=axis.high)
        for axis in axes
        if axis.low is not None and axis.high is not None
    }
    standing = varied_quantities(scenario, addresses, given, anything=True, where=WHERE)
    for quantity, axis in zip(standing, axes, strict=True):
        if (axis.low is None) != (axis.high is None):
            low = quantity.low if axis.low is None else axis.low
            high = quantity.high if axis.high is None else axis.high
            if not low < high:
                raise InputError(Problem(WHERE, 0, axis.address, f"from {read(low)} to {read(high)}", "low below high"))
            given[axis.address] = Bounds(low=low, high=high)
    return varied_quantities(scenario, addresses, given, anything=True, where=WHERE)
