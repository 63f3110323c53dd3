"""One independent source of uncertainty at a time: its rows with everything else at its point estimate.

A single quantity is integrated by Gauss-Hermite quadrature over its standard normal deviate, up to three that were
estimated together or are correlated over theirs, larger sets by draws of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from netcea.analyses.shared.totals import Totals, totals_of, varied
from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.sampling.correlation import correlated_groups
from netcea.sampling.held import held_inside
from netcea.sampling.sampler import Sampler, correlated_columns, joint_columns
from netcea.sampling.sources import Source
from netcea.scenario.scenario import Scenario
from netcea.uncertainty.quadrature import normal_nodes

NODES: Final = 9
NODES_OF_JOINT: Final = (9, 9, 7)
"""Nodes along each deviate of one, two and three parameters estimated together."""
TOGETHER: Final = 1024
"""Draws of larger sets that are drawn together."""


@dataclass(frozen=True)
class Rows:
    """Rows of one source, and the weight of each in a mean.

    Attributes
    ----------
    source : Source
    columns : mapping of address -> Array (row,)
        In model units.
    weights : Array (row,)
        They add up to 1; rows that count in no mean have none.
    """

    source: Source
    columns: dict[str, Array]
    weights: Array


def rows_of_source(scenario: Scenario, source: Source, along: tuple[Array, Array] | None = None) -> Rows:
    """Return the rows of one source: nodes of a quadrature, or draws where many are drawn together.

    Parameters
    ----------
    scenario : Scenario
    source : Source
        One of `netcea.sampling.sources.sources_of`.
    along : tuple of (Array (n,), Array (n,)), optional
        Standard normal deviates of a single quantity and their weights, in place of `NODES` of a quadrature.

    Returns
    -------
    Rows
        What is impossible where its number is used is held at the nearest possible value, as in every sample.
    """
    rows = _rows_as_drawn(scenario, source, along)
    drawn = Draws(len(rows.weights), {address: column[:, np.newaxis] for address, column in rows.columns.items()})
    held, _ = held_inside(scenario, drawn, tuple(rows.columns))
    return replace(rows, columns={address: held[address][:, 0] for address in rows.columns})


def _rows_as_drawn(scenario: Scenario, source: Source, along: tuple[Array, Array] | None) -> Rows:
    """Return the rows of one source as their distributions give them, impossible values too."""
    if source.kind == "joint" and len(source.addresses) <= len(NODES_OF_JOINT):
        return _joint_rows(scenario, source)
    if source.kind == "correlated" and len(source.addresses) <= len(NODES_OF_JOINT):
        return _correlated_rows(scenario, source)
    if source.kind != "single":
        drawn = Sampler(scenario, 0).rows(0, TOGETHER)
        even = np.full(TOGETHER, 1.0 / TOGETHER)
        return Rows(source, {a: drawn[a][:, 0] for a in source.addresses}, even)
    z, weights = normal_nodes(NODES) if along is None else along
    address = source.addresses[0]
    values = scenario.quantities[address].at_deviate(z) * scenario.factors[address]
    return Rows(source, {address: values}, weights)


def _joint_rows(scenario: Scenario, source: Source) -> Rows:
    """Return every combination of nodes of the independent deviates of a joint estimate."""
    joint = next(joint for joint in scenario.joint if joint.addresses == source.addresses)
    deviates, weights = _grid(len(joint.addresses))
    return Rows(source, joint_columns(joint, dict(zip(joint.addresses, deviates, strict=True))), weights)


def _correlated_rows(scenario: Scenario, source: Source) -> Rows:
    """Return every combination of nodes of the independent deviates behind a group of correlated quantities."""
    group = next(group for group in correlated_groups(scenario) if group.addresses == source.addresses)
    deviates, weights = _grid(len(group.addresses))
    together = group.correlate(dict(zip(group.addresses, deviates, strict=True)))
    return Rows(source, correlated_columns(scenario, group, together), weights)


def _grid(k: int) -> tuple[list[Array], Array]:
    """Return every combination of nodes of independent deviates, and the weight of each."""
    nodes, weights = normal_nodes(NODES_OF_JOINT[k - 1])
    deviates = [z.ravel() for z in np.meshgrid(*[nodes] * k, indexing="ij")]
    product = np.prod([w.ravel() for w in np.meshgrid(*[weights] * k, indexing="ij")], axis=0)
    return deviates, np.asarray(product, dtype=np.float64)


def simulated(scenario: Scenario, groups: Sequence[Rows]) -> Iterator[tuple[Rows, Totals]]:
    """Yield the rows of every source with their totals, in any order.

    Rows that move the same curves are simulated together: the other curves are then the same in all of them, and are
    computed once. Most sources move none.

    Parameters
    ----------
    scenario : Scenario
    groups : sequence of Rows
        Of one source each.
    """
    base = base_case(scenario)
    alike: dict[frozenset[str], list[Rows]] = {}
    for rows in groups:
        alike.setdefault(_curves_moved(scenario, rows.source), []).append(rows)
    for together in alike.values():
        found, start = totals_of(scenario, _stacked(base, together)), 0
        for rows in together:
            stop = start + len(rows.weights)
            yield rows, found.rows(start, stop)
            start = stop


def _curves_moved(scenario: Scenario, source: Source) -> frozenset[str]:
    """Return the addresses of the curves whose own numbers a source moves."""
    moved = frozenset(source.addresses)
    return frozenset(address for address, curve in scenario.curves.items() if curve.estimated & moved)


def _stacked(base: Draws, groups: Sequence[Rows]) -> Draws:
    """Return the rows of several sources, each with the others at their point estimates."""
    n = sum(len(rows.weights) for rows in groups)
    columns: dict[str, Array] = {}
    start = 0
    for rows in groups:
        stop = start + len(rows.weights)
        for address, values in rows.columns.items():
            column = np.full(n, base[address][0, 0])
            column[start:stop] = values
            columns[address] = column
        start = stop
    return varied(base, columns)
