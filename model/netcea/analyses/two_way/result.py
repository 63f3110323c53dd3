"""The result of two-way sensitivity analysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netcea.analyses.analysis import Result
from netcea.analyses.shared.effects import Effect
from netcea.analyses.shared.totals import Totals
from netcea.analyses.shared.varied_quantities import VariedQuantity
from netcea.arrays import Array
from netcea.scenario.options import TwoWayOptions
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class GridAxis:
    """One quantity of the grid.

    Attributes
    ----------
    quantity : VariedQuantity
    values : Array (step,)
        In the quantity's own unit, rising.
    """

    quantity: VariedQuantity
    values: Array


@dataclass(frozen=True, repr=False)
class TwoWayResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : TwoWayOptions
    x, y : GridAxis
    totals : Totals
        Row i * len(y.values) + j holds x.values[i] and y.values[j].
    base : Effect
        Of the point estimates.
    """

    scenario: Scenario
    options: TwoWayOptions
    x: GridAxis
    y: GridAxis
    totals: Totals
    base: Effect

    @property
    def weighted(self) -> bool:
        """Whether any cell, or the point estimates, has a severity weight above 1."""
        return bool(np.any(self.totals.severity_weight != 1.0)) or self.base.severity_weight != 1.0

    @property
    def flips(self) -> Array:
        """Whether each cell has another severity weight than the point estimates, Array (x, y)."""
        other: Array = np.not_equal(self.totals.severity_weight, self.base.severity_weight)
        return other.reshape(len(self.x.values), len(self.y.values))

    def grid(self, threshold: float, *, weighted: bool = False) -> Array:
        """Return incremental NHB at a threshold, Array (x, y). [QALYs]"""
        nhb = self.totals.incremental_nhb(threshold, weighted=weighted)
        return nhb.reshape(len(self.x.values), len(self.y.values))
