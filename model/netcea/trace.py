"""The trace: one strategy cycle by cycle, for one row of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.plan import Plan
from netcea.simulate import Run, runs

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
        """Return the trace as a pandas frame: row 0 is the start, row i the end of cycle i."""
        import pandas as pd  # noqa: PLC0415 - pandas takes long to import

        cycles = {name: np.concatenate([[0.0], column]) for name, column in self.cycles.items()}
        return pd.DataFrame({"cycle": np.arange(len(self.edges["time_years"])), **self.edges, **cycles})

    def rows(self) -> tuple[list[str], list[list[float]]]:
        """Return header and rows, without pandas."""
        names = ["cycle", *self.edges, *self.cycles]
        columns = [np.arange(len(self.edges["time_years"])), *self.edges.values()]
        columns += [np.concatenate([[0.0], column]) for column in self.cycles.values()]
        return names, [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def traces(plan: Plan, draws: Draws) -> dict[str, Trace]:
    """Return strategy -> Trace for the first row of some draws."""
    return {run.exposure.strategy: _trace(plan, run) for run in runs(plan, draws.rows(0, 1))}


def _trace(plan: Plan, run: Run) -> Trace:
    exposure, states = run.exposure, run.exposure.occupancy
    base = f"strategies.{exposure.strategy}"
    n = plan.time.n_cycles
    treated = exposure.occupied("on_treatment")
    on = np.zeros((1, n + 1))
    for _, occupied, until in treated:
        on = on + (occupied if until is None else np.where(plan.time.edges < until[0], occupied, 0.0))
    edges = {
        "time_years": plan.time.edges,
        "pfs_curve": exposure.curves.survival_at_edges(f"{base}.pfs")[0],
        "os_curve": exposure.curves.survival_at_edges(f"{base}.os")[0],
        "progression_free": states.progression_free[0],
        "progressed": states.progressed[0],
        "dead": 1.0 - states.alive[0],
        "on_treatment": on[0],
    }
    free, progressed = states.progression_free, states.progressed

    cycles: dict[str, Array] = {
        "population_hazard": exposure.curves.population_hazard[0],
        "os_hazard": np.diff(exposure.curves.hazard_at_edges(f"{base}.os"))[0],
        "deaths": states.deaths[0],
        "progressions": states.progressions[0],
        "deaths_progression_free": states.deaths_progression_free[0],
        "discount_costs": plan.discount["costs"],
        "discount_qalys": plan.discount["qalys"],
    }
    for state, occupied in (("progression_free", free), ("progressed", progressed)):
        years = plan.person_time(occupied)[0]
        cycles[f"life_years_{state}"] = years * plan.discount["qalys"]
        cycles[f"undiscounted_life_years_{state}"] = years
        discounted, undiscounted = run.gains[state].per_cycle()
        cycles[f"qalys_{state}"] = _wide(discounted, n)
        cycles[f"undiscounted_qalys_{state}"] = _wide(undiscounted, n)
    for event, lost, stream in run.losses:
        discounted, undiscounted = stream.per_cycle()
        cycles[f"qalys_adverse_events.{event}"] = -lost[0] * _wide(discounted, n)
        cycles[f"undiscounted_qalys_adverse_events.{event}"] = -lost[0] * _wide(undiscounted, n)
    for item, accrual in run.costs:
        discounted, undiscounted = accrual.stream.per_cycle()
        for prefix, part in (("costs", discounted), ("undiscounted_costs", undiscounted)):
            name = f"{prefix}_{item}"
            amount = accrual.amount[0] * _wide(part, n)
            cycles[name] = cycles[name] + amount if name in cycles else amount
    return Trace(exposure.strategy, edges, cycles)


def _wide(x: Array, n: int) -> Array:
    return np.asarray(np.broadcast_to(x, (1, n))[0], dtype=np.float64)
