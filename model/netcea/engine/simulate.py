"""The model on one page: a partitioned-survival model (NICE DSU TSD 19).

For each row of parameters and each strategy: survival curves give occupancy of the health states; occupancy gives
person-time, flows and packs; amounts along these streams give life years, QALYs and costs. Arrays are (draw, time), in
blocks of rows small enough for the processor's cache. A row's results do not depend on the rows beside it, bit for bit:
everything is done element by element, or summed along one row.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Generic, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.blas import ONE_THREAD
from netcea.cohort.exposure import S, UtilityExposure
from netcea.cohort.utilities import Gain, qalys
from netcea.costs.cost_item import Accrual
from netcea.draws import Draws
from netcea.engine.block_exposure import BlockExposure, InCommon
from netcea.engine.deferred_streams import DeferredExposure
from netcea.engine.grid import Grid
from netcea.engine.occupancy import ROUNDING, Occupancy, partitioned_survival
from netcea.engine.outcomes import MEASURES, Outcomes, StrategyOutcomes, joined
from netcea.engine.streams import DeferredStream
from netcea.scenario.scenario import Scenario
from netcea.survival.elementwise import quietly
from netcea.survival.evaluate import Curves

ARRAYS_OF_A_CURVE, OTHER_ARRAYS = 1, 12
"""Arrays (row, edge) that are there at once: the hazard of each curve; all that one strategy needs besides."""
BLOCK_ROWS = 480
"""Rows computed together of two strategies, each with two curves, in 523 cycle edges; see `rows_together`."""
BLOCK_BYTES = BLOCK_ROWS * 523 * 8 * (4 * ARRAYS_OF_A_CURVE + OTHER_ARRAYS)
"""What the arrays of a block take together, 32 MB: most of it stays in the processor's last cache. [bytes]"""
KEPT = 3_000_000
"""Numbers in an array of 24 MB; see `_keep_freed_memory`."""
CHUNK_ROWS = 8192
"""Rows whose outcomes are gathered before they are handed on."""
Structure: TypeAlias = Callable[[Grid, Draws], Iterator[BlockExposure]]
"""Grid, block of rows -> the strategies one after another: `exposures`, or those of another model of the inputs."""


@dataclass(frozen=True)
class Account(Generic[S]):
    """What one strategy accrues, and along what.

    Attributes
    ----------
    strategy : str
    costs : list of (item, Accrual)
    gains : list of Gain
        QALYs before adverse events.
    losses : list of (event, Accrual)
        QALYs lost per patient.
    life_years : mapping of state -> stream
    """

    strategy: str
    costs: list[tuple[str, Accrual[Array, S]]]
    gains: list[Gain[S]]
    losses: list[tuple[str, Accrual[Array, S]]]
    life_years: Mapping[str, S]


def simulate(
    scenario: Scenario, draws: Draws, block_rows: int | None = None, structure: Structure | None = None
) -> Outcomes:
    """Life years, QALYs and costs of every strategy, for every row of parameters.

    Parameters
    ----------
    scenario : Scenario
        The choices.
    draws : Draws
        Rows of parameters: one for a base case, thousands for a probabilistic analysis.
    block_rows : int, optional
        Rows computed together, by default as many as a processor's cache holds; the results do not depend on it.
    structure : callable (Grid, Draws) -> iterator of BlockExposure, optional
        Of a model in the place of partitioned survival; see `netcea.engine.structures`.

    Returns
    -------
    Outcomes
        Of every row, in their order. [GBP], [QALYs], [years] per patient

    Notes
    -----
    Costs = sum over items of amount x stream, QALYs = sum over states of utility x person-time less what adverse events
    take, each undiscounted and discounted: linear in occupancy, so that each stream is summed over time once.
    """
    return joined(simulate_chunks(scenario, draws, draws.n, block_rows, structure))


def simulate_chunks(
    scenario: Scenario,
    draws: Draws,
    chunk_rows: int = CHUNK_ROWS,
    block_rows: int | None = None,
    structure: Structure | None = None,
) -> Iterator[Outcomes]:
    """Yield the outcomes of consecutive chunks of rows; memory does not grow with the number of rows.

    Parameters
    ----------
    scenario : Scenario
        The choices.
    draws : Draws
        Rows of parameters.
    chunk_rows : int
        Rows whose outcomes are handed on together.
    block_rows : int, optional
        Rows computed together; the results depend on neither.
    structure : callable (Grid, Draws) -> iterator of BlockExposure, optional
        As of `simulate`.

    Yields
    ------
    Outcomes
        Of consecutive rows.
    """
    _keep_freed_memory()
    grid = Grid.of(scenario)
    for first in range(0, draws.n, chunk_rows):
        yield _simulated(grid, draws.rows(first, first + chunk_rows), block_rows, structure or exposures)


@ONE_THREAD
@quietly
def _simulated(grid: Grid, chunk: Draws, block_rows: int | None, structure: Structure) -> Outcomes:
    """Return the outcomes of a chunk of rows, block by block; what is not finite is counted as a violation."""
    scenario = grid.scenario
    deferred = {strategy: DeferredExposure(chunk, strategy, grid) for strategy in scenario.strategies}
    accounts = [account(scenario, exposure) for exposure in deferred.values()]
    audit: dict[str, dict[str, Array]] = {strategy: {} for strategy in scenario.strategies}
    for start, block in chunk.blocks(block_rows or rows_together(grid)):
        rows = slice(start, start + block.n)
        for exposure in structure(grid, block):
            deferred[exposure.strategy].fill(rows, exposure)
            for name, found in _audit(exposure).items():
                audit[exposure.strategy].setdefault(name, np.zeros(chunk.n))[rows] = found
            del exposure  # its arrays are free for the next
    return Outcomes(chunk.n, {a.strategy: _outcomes(a, chunk.n, audit[a.strategy]) for a in accounts})


def rows_together(grid: Grid) -> int:
    """Return how many rows are computed together, at least one: memory does not grow with cycles or with draws.

    Parameters
    ----------
    grid : Grid
        Of the scenario: the longer its curves, and the more there are, the fewer rows.

    Returns
    -------
    int
        So many that their arrays take `BLOCK_BYTES`. [rows]

    Examples
    --------
    >>> from netcea import load
    >>> monthly, daily = (Grid.of(load("pnet", [f"settings.cycle_days={days}"])) for days in (28, 1))
    >>> rows_together(monthly), rows_together(daily)
    (480, 17)
    """
    arrays = ARRAYS_OF_A_CURVE * len(grid.scenario.curves) + OTHER_ARRAYS
    return max(1, BLOCK_BYTES // (8 * arrays * len(grid.time.edges)))


@cache
def _keep_freed_memory() -> None:
    """Make the allocator of Linux keep what is freed, instead of handing arrays back to the system block after block.

    It keeps as much as twice the largest array freed so far (at most 32 MB); that array is never touched. Taking pages
    from the system again for every block cost a sixth of the time. Elsewhere it does nothing.
    """
    np.empty(KEPT)


def exposures(grid: Grid, block: Draws, strategies: Container[str] | None = None) -> Iterator[BlockExposure]:
    """Yield one strategy after another for a block of rows: curves, then occupancy and flows.

    Parameters
    ----------
    grid : Grid
        Of the scenario.
    block : Draws
        Its rows.
    strategies : container of str, optional
        Those that are wanted; all of them when left out.

    Yields
    ------
    BlockExposure
        Of one strategy.
    """
    curves = Curves(grid.scenario.curves, block, grid.time.edges, grid.population_hazard(block))
    common = InCommon()
    for strategy in grid.scenario.strategies:
        if strategies is not None and strategy not in strategies:
            continue
        yield BlockExposure(block, strategy, grid, curves, _occupancy(grid, block, curves, strategy), common)
        curves.forget(strategy)


def account(scenario: Scenario, exposure: UtilityExposure[S]) -> Account[S]:
    """Return what a strategy accrues: costs, QALYs by state, what adverse events take, life years.

    Parameters
    ----------
    scenario : Scenario
        With its cost items, adverse events and utilities.
    exposure : UtilityExposure
        Of one strategy.

    Returns
    -------
    Account
        Amounts [GBP], [QALYs], and the streams that they are paid along [years, packs, patients].
    """
    file, strategy = scenario.file, exposure.strategy
    events = file.all_events()
    later = [item for item in file.subsequent_treatments().values() if item.applies_to(strategy)]
    return Account(
        strategy,
        list(accrued_costs(scenario, exposure)),
        [*qalys(file.utilities, exposure), *(gain for item in later for gain in item.gains(file.utilities, exposure))],
        [(name, lost) for name, e in events.items() if e.applies_to(strategy) for lost in e.qalys_lost(exposure)],
        exposure.person_time("alive", rate="qalys"),
    )


def accrued_costs(scenario: Scenario, exposure: UtilityExposure[S]) -> Iterator[tuple[str, Accrual[Array, S]]]:
    """Yield what a strategy's cost items accrue, by name.

    Parameters
    ----------
    scenario : Scenario
        With the items that count.
    exposure : UtilityExposure
        Of one strategy.

    Yields
    ------
    (str, Accrual)
        An amount [GBP per unit] and the stream that it is paid along.
    """
    for name, item in scenario.file.all_costs().items():
        if item.applies_to(exposure.strategy):
            yield from ((name, paid) for paid in item.accrue(exposure))


def _occupancy(grid: Grid, block: Draws, curves: Curves, strategy: str) -> Occupancy:
    """Return the health states and the flows between them, from the curves after every adjustment."""
    pfs = curves.survival_at_edges(f"strategies.{strategy}.pfs")
    os = curves.survival_at_edges(f"strategies.{strategy}.os")
    if grid.scenario.file.settings.crossing == "raise_os":
        os = np.maximum(os, pfs)
    share = block[grid.scenario.file.survival.share_of_pfs_events_that_are_deaths]
    return partitioned_survival(
        pfs, os, share, curves.population_hazard, grid.time.edges, grid.start_weight, grid.end_weight
    )


def _audit(exposure: BlockExposure) -> dict[str, Array]:
    """Return what bound in each row of a block."""
    found = dict(exposure.occupancy.audit)
    for endpoint in ("pfs", "os"):
        unreached = exposure.curves.median_not_reached(f"strategies.{exposure.strategy}.{endpoint}")
        if unreached is not None:
            found[f"{endpoint}_median_not_reached"] = unreached
    found["violations"] = exposure.occupancy.violations() + _rises(exposure)
    for _, treated, progress in shares_of_patients(exposure):
        found["violations"] = found["violations"] + (treated > progress + ROUNDING)
    found["floor_cycles"] = exposure.curves.floor_cycles(f"strategies.{exposure.strategy}.os")
    return found


def shares_of_patients(exposure: BlockExposure) -> Iterator[tuple[str, Array, Array]]:
    """Yield the subsequent treatments of a strategy that a share of all its patients has: no more than progress.

    Parameters
    ----------
    exposure : BlockExposure
        Of the strategy.

    Yields
    ------
    name : str
        Of the cost item.
    treated, progress : Array (draw,) or (1,)
        Shares of patients who have it, and who progress within the horizon. [share]

    References
    ----------
    Trials report crossover as a share of the patients randomised to the control; NICE DSU TSD 16.
    """
    for name, item in exposure.grid.shares_of_patients:
        if item.applies_to(exposure.strategy):
            yield name, item.treated(exposure), exposure.flow("progressions").undiscounted


def _rises(exposure: BlockExposure) -> Array:
    """Return how many curves rise besides overall survival, which occupancy shows, Array (1 or draw,). [count]"""
    found = np.zeros(1)
    for endpoint in ("pfs", "time_on_treatment"):
        address = f"strategies.{exposure.strategy}.{endpoint}"
        if address in exposure.curves.models:
            found = found + exposure.curves.rises(address)
    return found


def _outcomes(account: Account[DeferredStream], n: int, audit: Mapping[str, Array]) -> StrategyOutcomes:
    """Return amounts times streams, by item and state, for n rows."""
    sums: dict[str, dict[tuple[str, str], Array]] = {measure: {} for measure in MEASURES}

    def add(measure: str, key: tuple[str, str], amount: Array, stream: DeferredStream) -> None:
        for name, units in ((measure, stream.discounted), (f"undiscounted_{measure}", stream.undiscounted)):
            part = amount * units
            sums[name][key] = sums[name][key] + part if key in sums[name] else part

    for item, cost in account.costs:
        add("costs", (item, cost.state), cost.amount, cost.stream)
    for gain in account.gains:
        add("qalys", ("state", gain.state), gain.level, gain.stream)
    for event, lost in account.losses:
        add("qalys", (event, lost.state), -lost.amount, lost.stream)
    for state, stream in account.life_years.items():
        add("life_years", ("state", state), np.ones(1), stream)
    outcomes = StrategyOutcomes(n, **sums, audit=audit)
    return replace(outcomes, audit={**audit, "violations": audit["violations"] + outcomes.violations()})
