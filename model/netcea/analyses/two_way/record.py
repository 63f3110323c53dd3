"""What results.json holds of two-way sensitivity analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netcea.analyses.shared.effects import AroundPointEstimates, thresholds_of
from netcea.analyses.shared.varied_quantities import VariedQuantity
from netcea.analyses.two_way.result import GridAxis, TwoWayResult
from netcea.reporting.json_text import extended


@dataclass(frozen=True, kw_only=True)
class AxisRecord(VariedQuantity):
    """A quantity and its values.

    Attributes
    ----------
    values : list of float
        In the quantity's own unit, rising.
    """

    values: tuple[float, ...]


@dataclass(frozen=True)
class TwoWayRecord(AroundPointEstimates):
    """Two-way sensitivity analysis: two quantities on a grid.

    Attributes
    ----------
    x, y : AxisRecord
        The quantities.
    incremental_costs, incremental_qalys : list of float
        Of each cell. [GBP], [QALYs]
    severity_weight : list of float
        Of each cell.
    order : str
        How cells are listed.
    """

    x: AxisRecord
    y: AxisRecord
    incremental_costs: tuple[float, ...]
    incremental_qalys: tuple[float, ...]
    severity_weight: tuple[float, ...]
    order: Literal["x by x, y within"] = "x by x, y within"


def record_of(result: TwoWayResult) -> TwoWayRecord:
    """Return what results.json holds."""
    totals = result.totals
    return TwoWayRecord(
        thresholds_of(result.scenario),
        result.base,
        _axis(result.x),
        _axis(result.y),
        tuple(totals.increment("costs").tolist()),
        tuple(totals.increment("qalys").tolist()),
        tuple(totals.severity_weight.tolist()),
    )


def _axis(axis: GridAxis) -> AxisRecord:
    return extended(AxisRecord, axis.quantity, values=tuple(axis.values.tolist()))
