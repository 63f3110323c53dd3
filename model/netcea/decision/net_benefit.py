"""Net monetary and net health benefit, of strategies and of increments.

References
----------
NICE health technology evaluations: the manual (PMG36), 4.10.8: net health benefit at both ends of the thresholds, with
and without the severity weight.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from netcea.arrays import Array

Given = ParamSpec("Given")
Found = TypeVar("Found")
Amount = TypeVar("Amount", float, Array)
"""A number, or numbers that broadcast: (strategy, draw), (draw, threshold) ... Lists are taken as arrays."""


def _lists_as_arrays(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Let a function of arrays take lists too."""

    @wraps(function)
    def taking_lists(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        given: Any = [_plain(argument) for argument in args]
        named: Any = {name: _plain(argument) for name, argument in kwargs.items()}
        return function(*given, **named)

    return taking_lists


@_lists_as_arrays
def nmb(costs: Amount, qalys: Amount, threshold: Amount | float) -> Amount:
    """Net monetary benefit, threshold x QALYs - costs.

    Parameters
    ----------
    costs : float or Array
        Of a strategy. [GBP]
    qalys : float or Array
        Of a strategy. [QALYs]
    threshold : float or Array
        What a QALY may cost, above 0. [GBP/QALY]

    Returns
    -------
    float or Array
        [GBP]

    Examples
    --------
    >>> nmb(10_000.0, 1.5, 25_000.0)
    27500.0
    >>> nmb([10_000.0, 20_000.0], [1.5, 2.0], 25_000.0).tolist()
    [27500.0, 30000.0]
    """
    return threshold * qalys - costs


@_lists_as_arrays
def nhb(costs: Amount, qalys: Amount, threshold: Amount | float) -> Amount:
    """Net health benefit, QALYs - costs / threshold.

    Parameters
    ----------
    costs : float or Array
        Of a strategy. [GBP]
    qalys : float or Array
        Of a strategy. [QALYs]
    threshold : float or Array
        What a QALY may cost, above 0. [GBP/QALY]

    Returns
    -------
    float or Array
        [QALYs]

    Examples
    --------
    >>> nhb(10_000.0, 1.5, 25_000.0)
    1.1
    """
    return qalys - costs / threshold


@_lists_as_arrays
def incremental_nmb(
    incremental_costs: Amount,
    incremental_qalys: Amount,
    threshold: Amount | float,
    severity_weight: Amount | float = 1.0,
) -> Amount:
    """Incremental net monetary benefit, threshold x weight x incremental QALYs - incremental costs.

    Above 0 the strategy is worth its costs. The severity weight multiplies incremental QALYs only, a loss as well as a
    gain.

    Parameters
    ----------
    incremental_costs : float or Array
        Costs minus the comparator's. [GBP]
    incremental_qalys : float or Array
        QALYs minus the comparator's, unweighted. [QALYs]
    threshold : float or Array
        What a QALY may cost, above 0. [GBP/QALY]
    severity_weight : float or Array
        From `netcea.decision.severity.severity_weight`, 1 or more. [1]

    Returns
    -------
    float or Array
        [GBP]

    Examples
    --------
    >>> incremental_nmb(10_000.0, 0.5, 25_000.0, 1.2)  # 25,000 x 0.6 - 10,000
    5000.0
    """
    return threshold * (severity_weight * incremental_qalys) - incremental_costs


@_lists_as_arrays
def incremental_nhb(
    incremental_costs: Amount,
    incremental_qalys: Amount,
    threshold: Amount | float,
    severity_weight: Amount | float = 1.0,
) -> Amount:
    """Incremental net health benefit, weight x incremental QALYs - incremental costs / threshold.

    Parameters
    ----------
    incremental_costs : float or Array
        Costs minus the comparator's. [GBP]
    incremental_qalys : float or Array
        QALYs minus the comparator's, unweighted. [QALYs]
    threshold : float or Array
        What a QALY may cost, above 0. [GBP/QALY]
    severity_weight : float or Array
        From `netcea.decision.severity.severity_weight`, 1 or more. [1]

    Returns
    -------
    float or Array
        [QALYs]

    Examples
    --------
    >>> round(incremental_nhb(10_000.0, 0.5, 25_000.0, 1.2), 12)  # 0.6 - 0.4
    0.2
    """
    return severity_weight * incremental_qalys - incremental_costs / threshold


def _plain(argument: object) -> object:
    return np.asarray(argument, dtype=np.float64) if isinstance(argument, list | tuple) else argument
