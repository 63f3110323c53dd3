"""The same inputs through state-transition models: what each strategy accrues there, beside partitioned survival."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.block_exposure import BlockExposure, InCommon
from netcea.engine.grid import Grid
from netcea.engine.occupancy import Occupancy, partitioned_survival
from netcea.engine.simulate import exposures
from netcea.engine.state_transition import (
    LARGEST_RISE,
    clock_forward,
    clock_reset,
    implied_rises,
    rises_since_progression,
)

Mortality: TypeAlias = Literal["comparator", "pooled", "own"]
Since: TypeAlias = Literal["start", "progression"]
FEWEST: Final = 1e-9
"""Progressed share of the cohort below which an implied hazard is rounding, and that before is taken on. [share]"""
LOG_RATES: Final = (-16.0, 9.0)
"""Logarithms of the rates [per year] between which a constant hazard after progression is looked for."""
HALVINGS: Final = 60
LOG_SHAPES: Final = (-1.6, 1.4)
"""Logarithms of the shapes of a Weibull of survival after progression that are looked at: 0.2 to 4."""


@dataclass(frozen=True)
class StateTransition:
    """A state-transition model of the scenario's own inputs.

    Attributes
    ----------
    since : {'start', 'progression'}
        Clock-forward: the hazard after progression is one of time since the start. Clock-reset: since progression.
    mortality : {'comparator', 'pooled', 'own'}
        Whose mortality after progression in the partitioned-survival model all strategies have: the comparator's, that
        of all strategies taken together, or each its own.
    family : {'exponential', 'weibull'}
        Clock-reset: of survival after progression.
    floor : bool
        Whether nobody dies less often after progression than the general population.
    """

    since: Since
    mortality: Mortality = "comparator"
    family: Literal["exponential", "weibull"] = "exponential"
    floor: bool = True

    def exposures(self, grid: Grid, block: Draws) -> Iterator[BlockExposure]:
        """Yield one strategy after another for a block of rows, as `netcea.engine.simulate.exposures` does.

        Parameters
        ----------
        grid : Grid
            Of the scenario.
        block : Draws
            Its rows.

        Yields
        ------
        BlockExposure
            Of one strategy, its overall survival [share] that of this model.

        References
        ----------
        NICE DSU TSD 19, recommendation 11.
        """
        partitioned = {one.strategy: one for one in exposures(grid, block)}
        common = InCommon()
        for strategy, exposure in partitioned.items():
            occupancy = self._occupancy(grid, exposure, _whose(grid, partitioned, strategy, self.mortality))
            hazard = -np.log(np.maximum(occupancy.alive, np.exp(-LARGEST_RISE)))
            curves = exposure.curves.with_hazard(f"strategies.{strategy}.os", hazard)
            yield BlockExposure(exposure.draws, strategy, grid, curves, occupancy, common)

    def _occupancy(self, grid: Grid, exposure: BlockExposure, whose: tuple[Occupancy, ...]) -> Occupancy:
        """Return the states of a strategy with the mortality after progression of some strategies."""
        before = before_progression(grid, exposure)
        population = exposure.curves.population_hazard
        audit: Mapping[str, Array]
        if self.since == "start":
            rises, audit = hazard_after_progression(whose, grid, population, floor=self.floor)
            progressed = clock_forward(before.progressions, rises)
        else:
            progressed, audit = self._reset(grid, before, whose, population)
        return _joined(before, progressed, audit)

    def _reset(
        self, grid: Grid, before: Occupancy, whose: tuple[Occupancy, ...], population: Array
    ) -> tuple[Array, Mapping[str, Array]]:
        reference = together(whose)
        floor = population if self.floor else np.zeros_like(population)
        if self.family == "exponential":
            rate = constant_hazard(reference, grid, floor)
            rises = np.maximum(rate[:, np.newaxis] * grid.time.lengths, floor)
            return clock_forward(before.progressions, rises), {"hazard_after_progression": rate}
        found = [Weibull.of(grid, reference.row(i), _row(floor, i)) for i in range(_rows(reference))]
        rows = [
            one.progressed(grid, before.progressions[i if len(before.progressions) > 1 else 0], _row(floor, i))
            for i, one in enumerate(found)
        ]
        audit = {"shape": np.array([one.shape for one in found]), "scale_years": np.array([one.scale for one in found])}
        return np.stack(rows), audit


@dataclass(frozen=True)
class Weibull:
    """Survival after progression exp(-(u / scale)^shape).

    Attributes
    ----------
    shape : float
    scale : float
        [years]
    """

    shape: float
    scale: float

    @classmethod
    def of(cls, grid: Grid, reference: Occupancy, floor: Array) -> Weibull:
        """Return the Weibull whose course of PD is nearest to that of a partitioned-survival model.

        For each shape the scale gives the same years after progression; among the shapes the one with the least sum of
        squared differences in PD over time.

        Parameters
        ----------
        grid : Grid
            Of the scenario.
        reference : Occupancy
            Of one row. [share]
        floor : Array (N,)
            Rise of the population's cumulative hazard. [1]

        Returns
        -------
        Weibull
            With its scale in [years].

        References
        ----------
        NICE DSU TSD 19: survival after progression by time since progression (clock-reset).
        """
        progressions, wanted = reference.progressions[0], reference.progressed[0]
        years = float(grid.person_time(wanted[np.newaxis, :]).sum())

        def scaled(log_shape: float) -> Weibull:
            low, high = -6.0, 5.0  # of the logarithm of the scale
            for _ in range(22):
                middle = (low + high) / 2.0
                found = cls(float(np.exp(log_shape)), float(np.exp(middle))).progressed(grid, progressions, floor)
                short = float(grid.person_time(found[np.newaxis, :]).sum()) < years
                low, high = (middle, high) if short else (low, middle)
            return cls(float(np.exp(log_shape)), float(np.exp((low + high) / 2.0)))

        def distance(log_shape: float) -> float:
            found = scaled(log_shape).progressed(grid, progressions, floor)
            return float(((found - wanted) ** 2 * grid.edge_weights["no"]).sum())

        best = minimize_scalar(distance, bounds=LOG_SHAPES, method="bounded", options={"xatol": 5e-3})
        return scaled(float(best.x))

    def progressed(self, grid: Grid, progressions: Array, floor: Array) -> Array:
        """Return the progressed share at the edges, Array (N + 1,). [share]

        Parameters
        ----------
        grid : Grid
            Of the scenario.
        progressions : Array (N,)
            In each cycle. [share]
        floor : Array (N,)
            Rise of the population's cumulative hazard. [1]

        Returns
        -------
        Array (N + 1,)
            At the edges. [share]

        Examples
        --------
        All progress in the first of 13 cycles of 28 days; a hazard of 1 a year since then.

        >>> from netcea import load
        >>> grid = Grid.of(load("pnet", ["settings.horizon_years=1"]))
        >>> everybody, nobody = np.eye(grid.time.n_cycles)[0], np.zeros(grid.time.n_cycles)
        >>> Weibull(1.0, 1.0).progressed(grid, everybody, nobody)[[0, 1, 2]].round(4).tolist()
        [0.0, 0.9626, 0.8916]
        """
        n, length = grid.time.n_cycles, float(grid.time.lengths[0])
        since = rises_since_progression(self._hazard, length, n)
        short = float(grid.time.lengths[-1])
        last = np.array([rises_since_progression(self._hazard, short, 1)[0], short / length])
        return clock_reset(progressions, since, last, floor)

    def _hazard(self, t: Array) -> Array:
        return (t / self.scale) ** self.shape


def before_progression(grid: Grid, exposure: BlockExposure) -> Occupancy:
    """Return who is progression-free by the PFS curve alone, and who leaves that state how; nobody is progressed.

    Parameters
    ----------
    grid : Grid
        Of the scenario.
    exposure : BlockExposure
        Of a partitioned-survival model.

    Returns
    -------
    Occupancy
        Deaths from PF [share] are the share of exits, or the population's where those are more, as in partitioned
        survival; its limits by overall survival do not apply.

    References
    ----------
    NICE DSU TSD 19: both structures have the same transitions before progression.
    """
    pfs = exposure.curves.survival_at_edges(f"strategies.{exposure.strategy}.pfs")
    share = exposure.draws[grid.scenario.file.survival.share_of_pfs_events_that_are_deaths]
    population = exposure.curves.population_hazard
    return partitioned_survival(pfs, pfs, share, population, grid.time.edges, grid.start_weight, grid.end_weight)


def together(occupancies: tuple[Occupancy, ...]) -> Occupancy:
    """Return the states of several strategies added up, as if their patients were one cohort after another.

    Parameters
    ----------
    occupancies : tuple of Occupancy
        At least one. [share]

    Returns
    -------
    Occupancy
        The sum of each state and flow. [share of one cohort]

    Examples
    --------
    >>> none = np.zeros((1, 2))
    >>> one = Occupancy(np.array([[1.0, 0.5]]), none, none, none[:, :1], none[:, 0], {})
    >>> together((one, one)).alive.tolist()
    [[2.0, 1.0]]
    """
    if len(occupancies) == 1:
        return occupancies[0]

    def added(name: str) -> Array:
        return np.asarray(sum(getattr(one, name) for one in occupancies), dtype=np.float64)

    return Occupancy(
        alive=added("alive"),
        progression_free=added("progression_free"),
        progressed=added("progressed"),
        progressions=added("progressions"),
        least=added("least"),
        audit={},
    )


def hazard_after_progression(
    whose: tuple[Occupancy, ...], grid: Grid, population: Array, *, floor: bool = True
) -> tuple[Array, dict[str, Array]]:
    """Return the mortality after progression that all strategies have, by time since the start.

    Parameters
    ----------
    whose : tuple of Occupancy
        Of the partitioned-survival model whose implied hazard it is. [share]
    grid : Grid
        Of the scenario.
    population : Array (1 or draw, N)
        Rise of its cumulative hazard. [1]
    floor : bool
        Whether it is at least the population's.

    Returns
    -------
    rises : Array (draw, N)
        Of the cumulative hazard after progression in each cycle. [1]
    audit : mapping of name -> Array (draw,)
        ``held_cycles``: nobody is progressed there, and the hazard per year is that of the cycle before.
        ``below_population_cycles``: the implied hazard is below the population's. [cycles]

    References
    ----------
    NICE DSU TSD 19: mortality after progression that partitioned survival implies.
    """
    reference = together(whose)
    rises = implied_rises(reference.progressed, reference.progressions)
    length = grid.time.lengths
    known = (reference.progressed[:, 1:] >= FEWEST) & np.isfinite(rises)
    per_year = np.where(known, rises, 0.0) / length
    at = np.maximum.accumulate(np.where(known, np.arange(len(length)), -1), axis=1)
    held = np.where(at >= 0, np.take_along_axis(per_year, np.maximum(at, 0), axis=1), 0.0) * length
    below = known & (held < population * (1.0 - 1e-9))
    audit = {"held_cycles": (~known).sum(axis=1) * 1.0, "below_population_cycles": below.sum(axis=1) * 1.0}
    return (np.maximum(held, population) if floor else held), audit


def constant_hazard(reference: Occupancy, grid: Grid, floor: Array) -> Array:
    """Constant hazard after progression that yields as many years after progression as partitioned survival.

    Parameters
    ----------
    reference : Occupancy
        Of the partitioned-survival model. [share]
    grid : Grid
        Of the scenario.
    floor : Array (1 or draw, N)
        Rise of the population's cumulative hazard. [1]

    Returns
    -------
    Array (draw,)
        Where even the floor alone yields fewer years, the smallest that is looked at. [per year]

    References
    ----------
    NICE DSU TSD 19: survival after progression by time since progression (clock-reset).
    """
    wanted = grid.person_time(reference.progressed).sum(axis=1)
    low, high = (np.full(len(wanted), x) for x in LOG_RATES)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        rises = np.maximum(np.exp(middle)[:, np.newaxis] * grid.time.lengths, floor)
        long = grid.person_time(clock_forward(reference.progressions, rises)).sum(axis=1) > wanted
        low, high = np.where(long, middle, low), np.where(long, high, middle)
    return np.asarray(np.exp((low + high) / 2.0), dtype=np.float64)


def _whose(
    grid: Grid, partitioned: Mapping[str, BlockExposure], strategy: str, mortality: Mortality
) -> tuple[Occupancy, ...]:
    if mortality == "pooled":
        return tuple(one.occupancy for one in partitioned.values())
    name = strategy if mortality == "own" else grid.scenario.file.decision.comparator
    return (partitioned[name].occupancy,)


def _joined(before: Occupancy, progressed: Array, audit: Mapping[str, Array]) -> Occupancy:
    """Return the states of a state-transition model."""
    alive = before.progression_free + progressed
    deaths = alive[:, :-1] - alive[:, 1:]
    least = np.minimum(before.least, deaths.min(axis=1))
    free = np.broadcast_to(before.progression_free, alive.shape)
    never = {name: value for name, value in before.audit.items() if name.startswith("population_deaths")}
    return Occupancy(alive, free, progressed, before.progressions, least, {**never, **audit})


def _rows(occupancy: Occupancy) -> int:
    return max(len(occupancy.progressed), len(occupancy.progressions))


def _row(x: Array, i: int) -> Array:
    return np.asarray(x[i if len(x) > 1 else 0], dtype=np.float64)
