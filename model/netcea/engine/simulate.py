"""The model on one page.

For each row of parameters and each strategy: survival curves give occupancy of the health states; occupancy gives
person-time, flows and packs; amounts along these streams give life years, QALYs and costs. Arrays are (draw, time), in
blocks of rows small enough for the processor's cache. A row's results do not depend on the rows beside it, bit for bit:
everything is done element by element, or summed along one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from netcea.arrays import Array
from netcea.cohort.exposure import Exposure, Stream
from netcea.cohort.utilities import Gain, qalys
from netcea.costs.cost_item import Accrual
from netcea.draws import Draws
from netcea.engine.block_exposure import BlockExposure
from netcea.engine.deferred_streams import DeferredExposure
from netcea.engine.grid import Grid
from netcea.engine.occupancy import Occupancy, occupy
from netcea.engine.outcomes import MEASURES, Outcomes, StrategyOutcomes, joined
from netcea.scenario.scenario import Scenario
from netcea.survival.evaluate import Curves

BLOCK_ROWS = 256
"""Rows simulated together: 256 x 523 cycle edges x 8 bytes are 1 MB, which a processor's cache holds."""
KEPT = 3_000_000
"""Numbers in an array of 24 MB; see `_keep_memory`."""
CHUNK_ROWS = 8192
"""Rows whose outcomes are gathered before they are handed on."""


@dataclass(frozen=True)
class Account:
    """What one strategy accrues, and along what.

    Attributes
    ----------
    exposure : Exposure
    costs : list of (item, Accrual)
    gains : list of Gain
        QALYs before adverse events.
    losses : list of (event, QALYs lost per patient, stream)
    life_years : mapping of state -> Stream
    """

    exposure: Exposure
    costs: list[tuple[str, Accrual]]
    gains: list[Gain]
    losses: list[tuple[str, Array, Stream]]
    life_years: dict[str, Stream]


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
    _keep_memory()
    grid = Grid.of(scenario)
    for first in range(0, draws.n, chunk_rows):
        chunk = draws.rows(first, first + chunk_rows)
        deferred = {strategy: DeferredExposure(strategy, grid, chunk) for strategy in scenario.strategies}
        accounts = [account(exposure) for exposure in deferred.values()]
        audit: dict[str, dict[str, Array]] = {strategy: {} for strategy in scenario.strategies}
        for start, block in chunk.blocks(block_rows):
            rows = slice(start, start + block.n)
            for exposure in exposures(grid, block):
                deferred[exposure.strategy].fill(rows, exposure)
                for name, found in _audit(exposure).items():
                    audit[exposure.strategy].setdefault(name, np.zeros(chunk.n))[rows] = found
        yield Outcomes(
            chunk.n, {a.exposure.strategy: _booked(a, chunk.n, audit[a.exposure.strategy]) for a in accounts}
        )


@cache
def _keep_memory() -> None:
    """Make the allocator of Linux keep what is freed, instead of handing arrays back to the system block after block.

    It keeps as much as twice the largest array freed so far (at most 32 MB); that array is never touched. Taking pages
    from the system again for every block cost a sixth of the time. Elsewhere it does nothing.
    """
    np.empty(KEPT)


def exposures(grid: Grid, block: Draws) -> Iterator[BlockExposure]:
    """Yield one strategy after another for a block of rows: curves, then occupancy and flows."""
    curves = Curves(grid.scenario.curves, block, grid.time.edges, grid.population_hazard(block))
    for strategy in grid.scenario.strategies:
        yield BlockExposure(strategy, grid, block, curves, _occupancy(grid, block, curves, strategy))


def account(exposure: Exposure) -> Account:
    """Return what a strategy accrues: cost items, QALYs by state, what adverse events cost and take, life years."""
    file, strategy = exposure.grid.scenario.file, exposure.strategy
    events = file.adverse_events
    costs = [
        (name, accrual)
        for name, item in file.costs.items()
        if item.applies_to(strategy)
        for accrual in item.accrue(exposure)
    ]
    losses = []
    for name, event in events.events.items():
        costs.extend((f"adverse_events.{name}", accrual) for accrual in events.accrue(event, exposure))
        lost = events.qalys_lost(event, exposure)
        if lost is not None:
            losses.append((name, lost, events.stream(exposure, "qalys")))
    return Account(
        exposure, costs, list(qalys(file.utilities, exposure)), losses, exposure.person_time("alive", rate="qalys")
    )


def _occupancy(grid: Grid, block: Draws, curves: Curves, strategy: str) -> Occupancy:
    """Partition survival: progression-free, progressed, dead, and the flows between them."""
    pfs = curves.survival_at_edges(f"strategies.{strategy}.pfs")
    os = curves.survival_at_edges(f"strategies.{strategy}.os")
    if grid.scenario.file.settings.crossing == "raise_os":
        os = np.maximum(os, pfs)
    share = block[grid.scenario.file.survival.share_of_pfs_events_that_are_deaths]
    return occupy(pfs, os, share, curves.population_hazard, grid.time.edges, grid.start_weight, grid.end_weight)


def _audit(exposure: BlockExposure) -> dict[str, Array]:
    """Return what bound in each row of a block."""
    found = dict(exposure.occupancy.audit())
    for endpoint in ("pfs", "os"):
        unreached = exposure.curves.median_not_reached(f"strategies.{exposure.strategy}.{endpoint}")
        if unreached is not None:
            found[f"{endpoint}_median_not_reached"] = unreached
    found["violations"] = exposure.occupancy.violations()
    found["floor_cycles"] = exposure.curves.floor_cycles(f"strategies.{exposure.strategy}.os")
    return found


def _booked(account: Account, n: int, audit: dict[str, Array]) -> StrategyOutcomes:
    """Return amounts times streams, by item and state, for n rows."""
    booked: dict[str, dict[tuple[str, str], Array]] = {measure: {} for measure in MEASURES}

    def add(measure: str, key: tuple[str, str], amount: Array, stream: Stream) -> None:
        for name, units in ((measure, stream.discounted), (f"undiscounted_{measure}", stream.undiscounted)):
            paid = amount * units
            if len(paid) < n:
                paid = np.full(n, paid[0])
            booked[name][key] = booked[name][key] + paid if key in booked[name] else paid

    one = np.ones(1)
    for item, accrual in account.costs:
        add("costs", (item, accrual.state), accrual.amount, accrual.stream)
    for gain in account.gains:
        add("qalys", ("state", gain.state), gain.level, gain.stream)
    for event, lost, stream in account.losses:
        add("qalys", (f"adverse_events.{event}", "progression_free"), -lost, stream)
    for state, stream in account.life_years.items():
        add("life_years", ("state", state), one, stream)
    outcomes = StrategyOutcomes(n, **booked, audit=audit)
    audit["violations"] += outcomes.violations()
    return outcomes
