"""Why the probabilistic result differs from the deterministic one, by parameter.

Each independent source of uncertainty is made uncertain alone, everything else at its point estimate. What its mean
then differs from the deterministic result is its contribution: zero where the model is linear in it, positive where the
result is convex in it (or its mean is above its point estimate). What is left of the difference is interactions between
sources, and Monte Carlo noise.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from netcea.analyses.psa.result import Contribution
from netcea.analyses.shared.one_source import NODES, Rows, rows_of_source, simulated
from netcea.analyses.shared.totals import Totals
from netcea.arrays import Array
from netcea.sampling.sources import sources_of
from netcea.scenario.scenario import Scenario
from netcea.uncertainty.quadrature import normal_nodes

ROUNDING: Final = 1e-12
"""Of an increment: below this share of it, a change is rounding (sums of 500 cycles in double precision)."""


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
    groups = [_with_mean(rows_of_source(scenario, source)) for source in sources_of(scenario)]
    costs, qalys = float(deterministic.increment("costs")[0]), float(deterministic.increment("qalys")[0])
    made = []
    for rows, part in simulated(scenario, groups):
        more_costs = _mean_change(part.increment("costs"), costs, rows.weights)
        more_qalys = _mean_change(part.increment("qalys"), qalys, rows.weights)
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


def _mean_change(values: Array, at: float, weights: Array) -> float:
    """Return the weighted mean of values minus one of them; 0 where it is rounding, by which nothing is ranked."""
    change = float(np.vecdot(values - at, weights))
    return change if abs(change) > ROUNDING * float(np.max(np.abs(values))) else 0.0


def _with_mean(rows: Rows) -> Rows:
    """Return the rows with one more, at the means of the quantities, which counts in no mean."""
    columns = {a: np.append(x, np.vecdot(x, rows.weights)) for a, x in rows.columns.items()}
    return Rows(rows.source, columns, np.append(rows.weights, 0.0))


def _share_of_losses(rows: Rows, gain: Array) -> float:
    """Return the share of a source's distribution that loses QALYs: straight lines between nodes."""
    if rows.source.kind != "single":
        return float(np.vecdot((gain < 0.0).astype(np.float64), rows.weights))
    from netcea.special import special

    z, _ = normal_nodes(NODES)
    fine = np.linspace(z[0], z[-1], 2001)
    ranks = np.concatenate([[0.0], special.ndtr((fine[1:] + fine[:-1]) / 2.0), [1.0]])
    return float(np.vecdot((np.interp(fine, z, gain[: len(z)]) < 0.0).astype(np.float64), np.diff(ranks)))
