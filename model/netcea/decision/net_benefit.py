"""Net monetary and net health benefit, of strategies and of increments."""

from __future__ import annotations

from typing import overload

from netcea.arrays import Array


@overload
def nmb(costs: float, qalys: float, threshold: float) -> float: ...
@overload
def nmb(costs: Array, qalys: Array, threshold: float | Array) -> Array: ...
def nmb(costs: float | Array, qalys: float | Array, threshold: float | Array) -> float | Array:
    """Net monetary benefit, threshold x QALYs - costs. [GBP]

    Parameters
    ----------
    costs, qalys : float or Array
        [GBP], [QALYs]
    threshold : float or Array
        [GBP/QALY], above 0

    Examples
    --------
    >>> nmb(10_000.0, 1.5, 25_000.0)
    27500.0
    """
    return threshold * qalys - costs


@overload
def nhb(costs: float, qalys: float, threshold: float) -> float: ...
@overload
def nhb(costs: Array, qalys: Array, threshold: float | Array) -> Array: ...
def nhb(costs: float | Array, qalys: float | Array, threshold: float | Array) -> float | Array:
    """Net health benefit, QALYs - costs / threshold. [QALYs]

    >>> nhb(10_000.0, 1.5, 25_000.0)
    1.1
    """
    return qalys - costs / threshold


@overload
def incremental_nmb(
    incremental_costs: float, incremental_qalys: float, threshold: float, severity_weight: float = 1.0
) -> float: ...
@overload
def incremental_nmb(
    incremental_costs: Array, incremental_qalys: Array, threshold: float | Array, severity_weight: float | Array = 1.0
) -> Array: ...
def incremental_nmb(
    incremental_costs: float | Array,
    incremental_qalys: float | Array,
    threshold: float | Array,
    severity_weight: float | Array = 1.0,
) -> float | Array:
    """Incremental net monetary benefit, threshold x weight x incremental QALYs - incremental costs. [GBP]

    The severity weight multiplies incremental QALYs only, a loss as well as a gain.

    >>> incremental_nmb(10_000.0, 0.5, 25_000.0, 1.2)
    5000.0
    """
    return threshold * (severity_weight * incremental_qalys) - incremental_costs


@overload
def incremental_nhb(
    incremental_costs: float, incremental_qalys: float, threshold: float, severity_weight: float = 1.0
) -> float: ...
@overload
def incremental_nhb(
    incremental_costs: Array, incremental_qalys: Array, threshold: float | Array, severity_weight: float | Array = 1.0
) -> Array: ...
def incremental_nhb(
    incremental_costs: float | Array,
    incremental_qalys: float | Array,
    threshold: float | Array,
    severity_weight: float | Array = 1.0,
) -> float | Array:
    """Incremental net health benefit, weight x incremental QALYs - incremental costs / threshold. [QALYs]

    >>> round(incremental_nhb(10_000.0, 0.5, 25_000.0, 1.2), 12)
    0.2
    """
    return severity_weight * incremental_qalys - incremental_costs / threshold
