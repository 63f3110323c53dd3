"""The trace: one strategy cycle by cycle, for one row of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import SMALLEST_SURVIVAL
from netcea.draws import Draws
from netcea.engine.block_exposure import BlockExposure
from netcea.engine.grid import Grid
from netcea.engine.simulate import account, exposures
from netcea.engine.streams import Stream
from netcea.survival.moments import rise_in_cycles

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Trace:
    """One strategy cycle by cycle.

    Attributes
    ----------
    strategy : str
    edges : mapping of name -> Array (N + 1,)
        At the start (row 0) and the end of each cycle: time_years, pfs and os before and after their adjustments,
        progression_free, progressed, dead, on_treatment.
    cycles : mapping of name -> Array (N,)
        Per cycle: flows, person-time, discount factors, life years, QALYs and costs by item, discounted and not.
    """

    strategy: str
    edges: dict[str, Array]
    cycles: dict[str, Array]

    def frame(self) -> pd.DataFrame:
        """Return the trace as a pandas frame.

        Returns
        -------
        pandas.DataFrame
            Row 0 is the start, row i the end of cycle i.
        """
        import pandas as pd

        return pd.DataFrame(self.columns())

    def rows(self) -> tuple[list[str], list[list[float]]]:
        """Return header and rows, without pandas.

        Returns
        -------
        names : list of str
            Of the columns.
        rows : list of list of float
            In the units that the names say [years, GBP, QALYs, share]. Row 0 is the start, row i the end of cycle i.
        """
        columns = self.columns()
        return list(columns), [list(row) for row in zip(*(x.tolist() for x in columns.values()), strict=True)]

    def columns(self) -> dict[str, Array]:
        """Return name -> column, Array (N + 1,): row 0 is the start, row i the end of cycle i.

        Returns
        -------
        dict of str -> Array (N + 1,)
            In the units that the names say [years, GBP, QALYs, share].

        Examples
        --------
        Half of the patients die in the only cycle, of 1 year.

        >>> trace = Trace("a", {"time_years": np.array([0.0, 1.0])}, {"deaths": np.array([0.5])})
        >>> {name: column.tolist() for name, column in trace.columns().items()}
        {'cycle': [0, 1], 'time_years': [0.0, 1.0], 'deaths': [0.0, 0.5]}
        """
        started = {name: np.concatenate([[0.0], column]) for name, column in self.cycles.items()}
        return {"cycle": np.arange(len(self.edges["time_years"])), **self.edges, **started}


def traces(grid: Grid, draws: Draws) -> dict[str, Trace]:
    """Follow every strategy cycle by cycle, for the first row of some draws.

    Parameters
    ----------
    grid : Grid
        Of the scenario.
    draws : Draws
        At least one row.

    Returns
    -------
    dict of str to Trace
        By the name of the strategy.
    """
    return {exposure.strategy: _trace(grid, exposure) for exposure in exposures(grid, draws.rows(0, 1))}


def _hazard_in_cycles(hazard: Array) -> Array:
    """Return the rise in each cycle: of a life table's 708 in the one in which the last die, then 0."""
    rise = rise_in_cycles(hazard)[0]
    return np.asarray(np.nan_to_num(rise, nan=0.0, posinf=-np.log(SMALLEST_SURVIVAL)), dtype=np.float64)


def _trace(grid: Grid, exposure: BlockExposure) -> Trace:
    states, found = exposure.occupancy, account(grid.scenario, exposure)
    base = f"strategies.{exposure.strategy}"
    n = grid.time.n_cycles
    on = np.zeros((1, n + 1))
    for part in exposure.occupied("on_treatment"):
        on = on + (part.share if part.until is None else np.where(grid.time.edges < part.until[0], part.share, 0.0))
    edges = {
        "time_years": grid.time.edges,
        "pfs_curve": exposure.curves.survival_at_edges(f"{base}.pfs")[0],
        "os_curve": exposure.curves.survival_at_edges(f"{base}.os")[0],
        "progression_free": states.progression_free[0],
        "progressed": states.progressed[0],
        "dead": 1.0 - states.alive[0],
        "on_treatment": on[0],
    }
    cycles: dict[str, Array] = {
        "population_hazard": exposure.curves.population_hazard[0],
        "os_hazard": _hazard_in_cycles(exposure.curves.hazard_at_edges(f"{base}.os")),
        "deaths": states.deaths[0],
        "progressions": states.progressions[0],
        "deaths_progression_free": states.deaths_progression_free[0],
        "discount_costs": grid.discount["costs"],
        "discount_qalys": grid.discount["qalys"],
    }

    def add(names: tuple[str, str], amount: float, stream: Stream) -> None:
        for name, part in zip(names, stream.per_cycle(), strict=True):
            paid = amount * np.broadcast_to(part, (1, n))[0]
            cycles[name] = cycles[name] + paid if name in cycles else paid

    def both(name: str) -> tuple[str, str]:
        return name, f"undiscounted_{name}"

    for state, stream in found.life_years.items():
        add(both(f"life_years_{state}"), 1.0, stream)
    for gain in found.gains:
        add(both(f"qalys_{gain.state}"), float(gain.level[0]), gain.stream)
    for event, lost in found.losses:
        add(both(f"qalys_{event}"), -float(lost.amount[0]), lost.stream)
    for item, cost in found.costs:
        add(both(f"costs_{item}"), float(cost.amount[0]), cost.stream)
    return Trace(exposure.strategy, edges, cycles)
