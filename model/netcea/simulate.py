"""The model on one page.

For each row of parameters and each strategy: survival curves give occupancy of the health states; occupancy gives
person-time, flows and packs; amounts along these streams give life years, QALYs and costs. Arrays are (draw, time), in
blocks of rows small enough for the processor's cache. A row's results do not depend on the rows beside it, bit for bit:
everything is done element by element, or summed along one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array
from netcea.costs.item import Accrual
from netcea.draws import Draws
from netcea.exposure import Exposure, Stream, weighted_sum
from netcea.occupancy import Occupancy, occupy
from netcea.outcomes import MEASURES, Outcomes, StrategyOutcomes, joined
from netcea.plan import Plan
from netcea.scenario import Scenario
from netcea.survival.evaluate import Curves
from netcea.utilities import STATES, Gain, qalys

BLOCK_ROWS = 128
"""Rows simulated together: 128 x 523 cycle edges x 8 bytes are 535 kB, which a processor's cache holds."""
CHUNK_ROWS = 8192
"""Rows whose outcomes are gathered before they are handed on."""


@dataclass(frozen=True)
class Run:
    """One strategy in one block of rows: what was accrued, and along what.

    Attributes
    ----------
    exposure : Exposure
    costs : list of (item, Accrual)
    gains : mapping of state -> Gain
        QALYs before adverse events.
    losses : list of (event, QALYs lost per patient, stream)
    life_years : mapping of state -> (discounted, undiscounted)
    """

    exposure: Exposure
    costs: list[tuple[str, Accrual]]
    gains: dict[str, Gain]
    losses: list[tuple[str, Array, Stream]]
    life_years: dict[str, tuple[Array, Array]]


def simulate(scenario: Scenario, draws: Draws, block_rows: int = BLOCK_ROWS) -> Outcomes:
    """Return the outcomes of every row.

    Parameters
    ----------
    scenario : Scenario
    draws : Draws
        Rows of parameters: one for a base case, thousands for a probabilistic analysis.
    block_rows : int
        Rows computed together; the results do not depend on it.
    """
    return joined(simulate_chunks(scenario, draws, draws.n, block_rows))


def simulate_chunks(
    scenario: Scenario, draws: Draws, chunk_rows: int = CHUNK_ROWS, block_rows: int = BLOCK_ROWS
) -> Iterator[Outcomes]:
    """Yield the outcomes of consecutive chunks of rows; memory does not grow with the number of rows."""
    plan = Plan.of(scenario)
    for first in range(0, draws.n, chunk_rows):
        chunk = draws.rows(first, first + chunk_rows)
        book = _Book(chunk.n)
        for start, block in chunk.blocks(block_rows):
            for run in runs(plan, block):
                book.enter(run, slice(start, start + block.n))
        yield book.outcomes()


def runs(plan: Plan, block: Draws) -> Iterator[Run]:
    """Yield one strategy after another for a block of rows: the model itself."""
    scenario = plan.scenario
    curves = Curves(scenario.curves, block, plan.time.edges, plan.population_hazard(block))
    for strategy in scenario.strategies:
        occupancy = _occupancy(plan, block, curves, strategy)
        exposure = Exposure(strategy, plan, block, curves, occupancy)
        events = scenario.file.adverse_events
        costs = [
            (name, accrual)
            for name, item in scenario.file.costs.items()
            if item.applies_to(strategy)
            for accrual in item.accrue(exposure)
        ]
        losses = []
        for name, event in events.events.items():
            costs.extend((f"adverse_events.{name}", accrual) for accrual in events.accrue(event, exposure))
            lost = events.qalys_lost(event, exposure)
            if lost is not None:
                losses.append((name, lost, events.stream(exposure, "qalys")))
        yield Run(
            exposure=exposure,
            costs=costs,
            gains=qalys(scenario.file.utilities, exposure),
            losses=losses,
            life_years=_life_years(plan, occupancy),
        )


def _occupancy(plan: Plan, block: Draws, curves: Curves, strategy: str) -> Occupancy:
    """Partition survival: progression-free, progressed, dead, and the flows between them."""
    pfs = curves.survival_at_edges(f"strategies.{strategy}.pfs")
    os = curves.survival_at_edges(f"strategies.{strategy}.os")
    if plan.scenario.file.settings.crossing == "raise_os":
        os = np.maximum(os, pfs)
    share = block[plan.scenario.file.survival.share_of_pfs_events_that_are_deaths]
    return occupy(pfs, os, share, curves.population_hazard, plan.time.edges, plan.start_weight, plan.end_weight)


def _life_years(plan: Plan, occupancy: Occupancy) -> dict[str, tuple[Array, Array]]:
    """Return life years by state, discounted (as health effects are) and not."""
    occupied = {"progression_free": occupancy.progression_free, "progressed": occupancy.progressed}
    return {
        state: (
            weighted_sum(x, plan.edge_weights("qalys")),
            weighted_sum(x, plan.edge_weights("no")),
        )
        for state, x in occupied.items()
    }


class _Book:
    """Columns of outcomes, filled block by block."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.columns: dict[str, dict[str, dict[tuple[str, str], Array]]] = {}

    def enter(self, run: Run, rows: slice) -> None:
        """Book one strategy's block."""
        strategy = run.exposure.strategy
        for item, accrual in run.costs:
            key = (item, accrual.state)
            self._add(strategy, "costs", key, rows, accrual.amount * accrual.stream.discounted)
            self._add(strategy, "undiscounted_costs", key, rows, accrual.amount * accrual.stream.undiscounted)
        for state in STATES:
            gain, years = run.gains[state], run.life_years[state]
            self._add(strategy, "qalys", ("state", state), rows, gain.discounted)
            self._add(strategy, "undiscounted_qalys", ("state", state), rows, gain.undiscounted)
            self._add(strategy, "life_years", ("state", state), rows, years[0])
            self._add(strategy, "undiscounted_life_years", ("state", state), rows, years[1])
        for event, lost, stream in run.losses:
            key = (f"adverse_events.{event}", "progression_free")
            self._add(strategy, "qalys", key, rows, -lost * stream.discounted)
            self._add(strategy, "undiscounted_qalys", key, rows, -lost * stream.undiscounted)
        for name, value in run.exposure.occupancy.audit().items():
            self._add(strategy, "audit", (name, ""), rows, value)
        for endpoint in ("pfs", "os"):
            unreached = run.exposure.curves.median_not_reached(f"strategies.{strategy}.{endpoint}")
            if unreached is not None:
                self._add(strategy, "audit", (f"{endpoint}_median_not_reached", ""), rows, unreached)

    def _add(self, strategy: str, measure: str, key: tuple[str, str], rows: slice, value: Array) -> None:
        column = self.columns.setdefault(strategy, {}).setdefault(measure, {}).get(key)
        if column is None:
            column = self.columns[strategy][measure][key] = np.zeros(self.n)
        column[rows] += value

    def outcomes(self) -> Outcomes:
        """Return what was booked."""
        return Outcomes(
            self.n,
            {
                strategy: StrategyOutcomes(
                    self.n,
                    **{measure: measures.get(measure, {}) for measure in MEASURES},
                    audit={key[0]: column for key, column in measures.get("audit", {}).items()},
                )
                for strategy, measures in self.columns.items()
            },
        )
