"""Why the probabilistic result differs from the deterministic one, by parameter.

Each independent source of uncertainty is made uncertain alone, everything else at its point estimate. What its mean
then differs from the deterministic result is its contribution: zero where the model is linear in it, positive where the
result is convex in it (or its mean is above its point estimate). What is left of the difference is interactions between
sources, and Monte Carlo noise.

A single quantity is integrated by Gauss-Hermite quadrature over its standard normal deviate, up to three that were
estimated together or are correlated over theirs, larger sets by draws of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.analyses.psa.result import Contribution
from netcea.analyses.shared.totals import Totals, totals_of, varied
from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.sampling.correlation import correlated_groups
from netcea.sampling.sampler import Sampler, correlated_columns, joint_columns
from netcea.sampling.sources import Source, sources_of
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
        They add up to 1; the last row, at the means, has none.
    """

    source: Source
    columns: dict[str, Array]
    weights: Array


def contributions(
    scenario: Scenario, totals: Totals, deterministic: Totals, threshold: float
) -> tuple[tuple[Contribution, ...], Contribution]:
    """Return each source's contribution, largest in incremental NHB first, and what is left.

    Parameters
    ----------
    scenario : Scenario
    totals : Totals
        Of every draw: its mean minus the deterministic result is what is explained.
    deterministic : Totals
        One row: the point estimates.
    threshold : float
        [GBP/QALY] for net health benefit.
    """
    groups = [_with_mean(_rows(scenario, source)) for source in sources_of(scenario)]
    costs, qalys = float(deterministic.increment("costs")[0]), float(deterministic.increment("qalys")[0])
    made = []
    for rows, part in _simulated(scenario, groups):
        more_costs = float(np.vecdot(part.increment("costs") - costs, rows.weights))
        more_qalys = float(np.vecdot(part.increment("qalys") - qalys, rows.weights))
        loss = _share_of_losses(rows, part.increment("qalys"))
        by_mean = float(part.increment("qalys")[-1]) - qalys
        made.append(
            Contribution(
                rows.source.name,
                rows.source.label,
                rows.source.addresses,
                more_costs,
                more_qalys,
                more_qalys - more_costs / threshold,
                loss,
                by_mean,
            )
        )
    ranked = not scenario.prices.redacted  # the rank depends on confidential prices
    made.sort(key=lambda c: (-abs(c.incremental_nhb) if ranked else 0.0, c.name))
    costs_left = float(totals.increment("costs").mean()) - costs - sum(c.incremental_costs for c in made)
    qalys_left = float(totals.increment("qalys").mean()) - qalys - sum(c.incremental_qalys for c in made)
    losses = float(np.mean(totals.increment("qalys") < 0.0))
    remainder = Contribution(
        "",
        "Interactions and Monte Carlo error",
        (),
        costs_left,
        qalys_left,
        qalys_left - costs_left / threshold,
        losses,
    )
    return tuple(made), remainder


def _rows(scenario: Scenario, source: Source) -> Rows:
    if source.kind == "joint" and len(source.addresses) <= len(NODES_OF_JOINT):
        return _joint_rows(scenario, source)
    if source.kind == "correlated" and len(source.addresses) <= len(NODES_OF_JOINT):
        return _correlated_rows(scenario, source)
    if source.kind != "single":
        drawn = Sampler(scenario, 0).rows(0, TOGETHER)
        even = np.full(TOGETHER, 1.0 / TOGETHER)
        return Rows(source, {a: drawn[a][:, 0] for a in source.addresses}, even)
    z, weights = normal_nodes(NODES)
    address = source.addresses[0]
    values = scenario.quantities[address].at_deviate(z) * scenario.factors[address]
    return Rows(source, {address: values}, weights)


def _with_mean(rows: Rows) -> Rows:
    """Return the rows with one more, at the means of the quantities, which counts in no mean."""
    columns = {a: np.append(x, np.vecdot(x, rows.weights)) for a, x in rows.columns.items()}
    return Rows(rows.source, columns, np.append(rows.weights, 0.0))


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


def _share_of_losses(rows: Rows, gain: Array) -> float:
    """Return the share of a source's distribution that loses QALYs: straight lines between nodes."""
    if rows.source.kind != "single":
        return float(np.vecdot((gain < 0.0).astype(np.float64), rows.weights))
    from netcea.special import special

    z, _ = normal_nodes(NODES)
    fine = np.linspace(z[0], z[-1], 2001)
    ranks = np.concatenate([[0.0], special.ndtr((fine[1:] + fine[:-1]) / 2.0), [1.0]])
    return float(np.vecdot((np.interp(fine, z, gain[: len(z)]) < 0.0).astype(np.float64), np.diff(ranks)))


def _simulated(scenario: Scenario, groups: Sequence[Rows]) -> Iterator[tuple[Rows, Totals]]:
    """Yield the rows of every source with their totals.

    Rows that move the same curves are simulated together: the other curves are then the same in all of them, and are
    computed once. Most sources move none.
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
