"""What scenarios have in common when they are simulated one after another: strategies with the same curves and people.

Most scenarios of a ledger change amounts (a price, a utility), or the curves of one strategy. Streams along curves that
were worked out for one of them are those of the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from netcea.draws import Draws
from netcea.engine.block_exposure import BlockExposure
from netcea.engine.grid import Grid
from netcea.engine.simulate import exposures
from netcea.survival.curve import CurveModel

MOST_KEPT: Final = 32
"""Strategies that are kept, those used last: each has some dozens of arrays (1, N)."""


class _MadeOf(NamedTuple):
    """All that the exposure of a strategy in one row depends on.

    Attributes
    ----------
    values : tuple
        Strategy, clock, rule of crossing, and every number: what can be looked up.
    choices : tuple
        The strategy's curves and those that they refer to, its time on treatment, and addresses of the numbers.
    """

    values: tuple[Any, ...]
    choices: tuple[Any, ...]


@dataclass
class ExposuresInCommon:
    """Exposures to a strategy, kept from one scenario to the next; for `simulate`, in the place of `exposures`."""

    _kept: dict[tuple[Any, ...], tuple[_MadeOf, BlockExposure]] = field(default_factory=dict)

    def __call__(self, grid: Grid, block: Draws) -> Iterator[BlockExposure]:
        """Yield one strategy after another: as `exposures` has them, bit for bit.

        Parameters
        ----------
        grid : Grid
            Of the scenario.
        block : Draws
            Its rows; of more than one nothing is kept.

        Yields
        ------
        BlockExposure
            Of one strategy.
        """
        if block.n > 1:
            yield from exposures(grid, block)
            return
        made_of = {strategy: _made_of(grid, block, strategy) for strategy in grid.scenario.strategies}
        known = {strategy: self._known(of) for strategy, of in made_of.items()}
        missing = [strategy for strategy, found in known.items() if found is None]
        new = {made.strategy: made for made in exposures(grid, block, missing)} if missing else {}
        for strategy, of in made_of.items():
            found = known[strategy] or new[strategy]
            self._keep(of, found)
            yield replace(found, draws=block, grid=grid)  # amounts, items and names are those of this scenario

    def _known(self, made_of: _MadeOf) -> BlockExposure | None:
        """Return what is kept of the same strategy with the same curves and numbers."""
        kept = self._kept.get(made_of.values)
        return kept[1] if kept is not None and kept[0].choices == made_of.choices else None

    def _keep(self, made_of: _MadeOf, found: BlockExposure) -> None:
        self._kept.pop(made_of.values, None)
        self._kept[made_of.values] = made_of, found
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]


def _made_of(grid: Grid, block: Draws, strategy: str) -> _MadeOf:
    """Return what a strategy's curves, occupancy and streams are worked out of."""
    file = grid.scenario.file
    models, treatment = _reached(grid.scenario.curves, strategy), file.strategies[strategy].time_on_treatment
    addresses = [
        file.population.start_age,
        file.population.proportion_female,
        file.survival.share_of_pfs_events_that_are_deaths,
        *([] if treatment.stops_at is None else [treatment.stops_at]),
        *(address for model in models.values() for address in _numbers(model)),
    ]
    values = (float(block[address][0, 0]) for address in addresses)
    clock = (id(grid.time), id(grid.discount), id(grid.scenario.norms), id(grid.scenario.life_table))
    return _MadeOf((strategy, *clock, file.settings.crossing, *values), (models, treatment, addresses))


def _reached(models: Mapping[str, CurveModel], strategy: str) -> dict[str, CurveModel]:
    """Return a strategy's curves, and all that they refer to."""
    found: dict[str, CurveModel] = {}
    waiting: list[str | None] = [f"strategies.{strategy}.{endpoint}" for endpoint in ("pfs", "os", "time_on_treatment")]
    while waiting:
        model = models.get(waiting.pop() or "")
        if model is not None and model.address not in found:
            found[model.address] = model
            waiting += [model.relative_to, model.waning_towards, model.waning_treatment]
    return found


def _numbers(model: CurveModel) -> list[str]:
    """Return the addresses of the numbers of a curve, in one order."""
    times = (model.waning_starts, model.waning_ends, model.waning_stops)
    return [*sorted(model.estimated), *(address for address in times if address is not None)]
