"""Undiscounted costs by year since the start, for one row of parameters: what a budget pays when."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.cohort.timeline import TIME_TOLERANCE, completed_years
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.engine.kept import Kept
from netcea.engine.simulate import accrued_costs, exposures
from netcea.engine.streams import Stream
from netcea.scenario.scenario import Scenario

_UNTIL: Final[Kept[Array]] = Kept(most=16)
"""Edges and years -> how much of each cycle has gone by at the end of each year: the same for every stream."""


def years_of(scenario: Scenario) -> int:
    """Return how many years since the start there are until the horizon; the last may be a part of one.

    Parameters
    ----------
    scenario : Scenario
        Its horizon.

    Returns
    -------
    int
        At least 1. [years]

    Examples
    --------
    >>> from netcea import load
    >>> years_of(load("pnet"))
    40
    """
    return max(1, int(np.ceil(scenario.file.settings.horizon_years - TIME_TOLERANCE)))


def costs_by_year(
    scenario: Scenario, row: Draws, strategies: Container[str] | None = None
) -> Mapping[str, Mapping[str, Array]]:
    """Return undiscounted costs by strategy, item and year since the start.

    Parameters
    ----------
    scenario : Scenario
        With the cost items that count.
    row : Draws
        One row.
    strategies : container of str, optional
        Those that are wanted; all of them when left out.

    Returns
    -------
    mapping of strategy -> mapping of item -> Array (year,)
        Of the years from 0 to 1, 1 to 2 ... until the horizon; added up, the model's undiscounted costs.
        [GBP per patient]

    Notes
    -----
    c_y = sum over streams of amount x units in year y. What comes at moments (packs, the start) is paid in the year of
    the moment; what is spread over a cycle (person-time, flows) is shared by time between the two years in which
    the cycle lies.

    Examples
    --------
    >>> from netcea import load
    >>> from netcea.engine.point_estimates import base_case
    >>> scenario = load("pnet")
    >>> found = costs_by_year(scenario, base_case(scenario))
    >>> found["cabozantinib"]["cabozantinib"].shape, bool(found["cabozantinib"]["cabozantinib"][0] > 0.0)
    ((40,), True)
    """
    grid, years = Grid.of(scenario), years_of(scenario)
    found: dict[str, dict[str, Array]] = {}
    for exposure in exposures(grid, row.rows(0, 1), strategies):
        items = found.setdefault(exposure.strategy, {})
        for item, cost in accrued_costs(scenario, exposure):
            paid = float(cost.amount[0]) * units_by_year(grid.time.edges, cost.stream, years)
            items[item] = items[item] + paid if item in items else paid
    return found


def units_by_year(edges: Array, stream: Stream, years: int) -> Array:
    """Return the units of a stream in each year since the start, undiscounted, for its first row.

    Parameters
    ----------
    edges : Array (N + 1,)
        Of the cycles. [years]
    stream : Stream
        Of one row.
    years : int
        Until the horizon, at least.

    Returns
    -------
    Array (year,)
        [years of person-time, patients, or packs per patient]

    Examples
    --------
    Half a year in each of two cycles of 9 months, of which the second reaches into another year; packs at 3 moments.

    >>> edges, halves = np.array([0.0, 0.75, 1.5]), np.array([[0.5, 0.5]])
    >>> one = np.ones(1)
    >>> units_by_year(edges, Stream(one, one, lambda: (halves, halves)), 2).round(12).tolist()
    [0.666666666667, 0.333333333333]
    >>> packs = np.array([0.0, 0.9, 1.0]), np.array([[1.0, 0.75, 0.5]])
    >>> units_by_year(edges, Stream(one, one, lambda: (halves, halves), lambda: packs), 2).tolist()
    [1.75, 0.5]
    """
    if stream.at_moments is not None:
        times, units = stream.at_moments()
        return np.bincount(completed_years(times).astype(np.int64), units[0], years).astype(np.float64)
    cycles = np.broadcast_to(stream.per_cycle()[1], (1, len(edges) - 1))[0]
    until = _UNTIL.get((edges.tobytes(), years), lambda: _shares_until(edges, years))
    return np.diff(until @ cycles, prepend=0.0)


def _shares_until(edges: Array, years: int) -> Array:
    """Return Array (year, cycle): the share of each cycle that has gone by at the end of a year."""
    ends = np.arange(1.0, years + 1.0)
    start, end = edges[:-1], edges[1:]
    return np.clip((ends[:, np.newaxis] - start) / (end - start), 0.0, 1.0)
