"""Which rule of the model a row breaks: where, and why. Nothing that breaks one is a result.

`simulate` counts broken rules row by row, which costs next to nothing; only a row that breaks one is worked out again
here, alone, to say in which strategy and cycle, and what the cause is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.block_exposure import BlockExposure
from netcea.engine.grid import Grid
from netcea.engine.occupancy import ROUNDING
from netcea.engine.outcomes import LARGEST, MEASURES, Outcomes, StrategyOutcomes
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import exposures, shares_of_patients, simulate
from netcea.errors import ModelError
from netcea.plain_number import read
from netcea.quantities.units import MONTHS_PER_YEAR
from netcea.scenario.scenario import Scenario

ENDPOINTS: Final = {
    "pfs": "progression-free survival",
    "os": "overall survival",
    "time_on_treatment": "the share still on treatment",
}
FLOWS: Final = {
    "deaths": "the deaths",
    "progressions": "the progressions",
    "deaths_progression_free": "the deaths before progression",
}
SHOWN: Final = 3
"""Numbers of a row that are named, of those that are not at their point estimates."""


class Breach(NamedTuple):
    """A broken rule of the model.

    Attributes
    ----------
    strategy : str
    row : int
        From 0.
    words : str
        Strategy, cycle and cause.
    """

    strategy: str
    row: int
    words: str


def check(scenario: Scenario, draws: Draws, outcomes: Outcomes) -> None:
    """Refuse outcomes of which a row breaks a rule of the model.

    Parameters
    ----------
    scenario : Scenario
        Of the outcomes.
    draws : Draws
        Their rows. [model units]
    outcomes : Outcomes
        Of these rows.

    Raises
    ------
    ModelError
        With strategy, cycle and cause, of the first such row.
    """
    breach = first_breach(scenario, draws, outcomes)
    if breach is not None:
        raise ModelError(f"{scenario.source}: the model breaks its own rule in {breach.words}")


def first_breach(scenario: Scenario, draws: Draws, outcomes: Outcomes, before: int | None = None) -> Breach | None:
    """Return the first row that breaks a rule of the model, and how; None where none does.

    Parameters
    ----------
    scenario : Scenario
        Of the outcomes.
    draws : Draws
        Their rows. [model units]
    outcomes : Outcomes
        Of these rows.
    before : int, optional
        How many draws of a probabilistic analysis come before these rows.

    Returns
    -------
    Breach or None
        Worked out again, alone.
    """
    broken = {name: np.flatnonzero(found.audit["violations"] != 0.0) for name, found in outcomes.strategies.items()}
    rows = {name: int(where[0]) for name, where in broken.items() if len(where)}
    if not rows:
        return None
    strategy = min(rows, key=lambda name: rows[name])
    row = rows[strategy]
    alone = draws.rows(row, row + 1)
    words = f"strategy '{strategy}'"
    cause = next(_causes(scenario, alone, strategy), "")
    if cause:
        words += f", {cause}"
    if draws.n > 1 or before is not None:
        which = f"row {row + 1} of {draws.n}" if before is None else f"draw {before + row + 1:,}"
        words += f"; in {which}{_what_differs(scenario, alone)}"
    return Breach(strategy, row, words)


def _causes(scenario: Scenario, row: Draws, strategy: str) -> Iterator[str]:
    """Yield cycle and cause of every rule that one row breaks, those of curves first."""
    with np.errstate(all="ignore"):
        grid = Grid.of(scenario)
        exposure = next(e for e in exposures(grid, row) if e.strategy == strategy)
        for endpoint, words in ENDPOINTS.items():
            address = f"strategies.{strategy}.{endpoint}"
            if address in scenario.curves:
                yield from _faults_of_curve(grid, exposure, address, words)
        for name, words in FLOWS.items():
            flow = getattr(exposure.occupancy, name)[0]
            for cycle in np.flatnonzero(~(flow >= -ROUNDING))[:1]:
                yield f"{_when(grid, int(cycle))}: {words} are {_number(flow[cycle])} of the cohort"
        yield from _faults_of_treatments(exposure)
        yield from _faults_of_totals(simulate(scenario, row).strategies[strategy])


def _faults_of_treatments(exposure: BlockExposure) -> Iterator[str]:
    """Yield subsequent treatments that a larger share of patients has than progress."""
    for name, treated, progress in shares_of_patients(exposure):
        if treated[0] > progress[0] + ROUNDING:
            have, reach = _number(treated[0]), _number(progress[0])
            yield (
                f"over all cycles: costs.{name} is for {have} of all patients, but only {reach} progress within the "
                f"horizon, and it begins at progression; give a share of at most {reach}, or of: progressions if it is "
                "a share of those who progress"
            )


def _faults_of_curve(grid: Grid, exposure: BlockExposure, address: str, words: str) -> Iterator[str]:
    """Yield the first fault of a curve at the edges: no number, not a share, rising."""
    share: Array = exposure.curves.survival_at_edges(address)[0]
    wrong = ~((share >= -ROUNDING) & (share <= 1.0 + ROUNDING))
    wrong[1:] |= np.diff(share) > ROUNDING
    if not wrong.any():
        return
    edge = int(np.argmax(wrong))
    cycle = max(edge - 1, 0)
    before, after = (_number(share[k]) for k in (cycle, edge))
    if np.isnan(share[edge]):
        cause = f"{words} is no number after {before}{_why_no_number(exposure, address, edge)}"
    elif edge and share[edge] > share[edge - 1]:
        cause = f"{words} rises from {before} to {after}: its hazard is below 0 there"
    else:
        cause = f"{words} is {after}, not between 0 and 1"
    yield f"{_when(grid, cycle)}: {cause} ({address})"


def _why_no_number(exposure: BlockExposure, address: str, edge: int) -> str:
    """Return why a curve is undefined, where it wanes towards a curve that has reached 0."""
    towards = exposure.curves.waned_towards(address)
    if towards is None or exposure.curves.survival_at_edges(towards)[0, edge] > 0.0:
        return ""
    return f": it takes on the hazard of {towards}, which has none once nobody is left there"


def _faults_of_totals(found: StrategyOutcomes) -> Iterator[str]:
    """Yield the first item of each measure that is not finite, and totals that are not the sums of their parts."""
    for measure in MEASURES:
        words = measure.replace("_", " ")
        for (item, state), amount in getattr(found, measure).items():
            if not abs(amount[0]) <= LARGEST:
                where = f"'{item}' in '{state}'" if item != "state" else f"in '{state}'"
                yield f"over all cycles: the {words} {where} are {_number(amount[0])}"
                break
        else:
            if not abs(found.total(measure)[0]) <= LARGEST:
                yield f"over all cycles: the {words} are {_number(found.total(measure)[0])}"
    yield "over all cycles: a total is not the sum of its parts, or discounting adds life years"


def _number(x: float) -> str:
    if np.isnan(x):
        return "no number"
    if not np.isfinite(x):
        return "not finite"
    return read(x, 6) if abs(x) <= LARGEST else "beyond what can be counted"


def _when(grid: Grid, cycle: int) -> str:
    start, end = (float(grid.time.edges[k]) * MONTHS_PER_YEAR for k in (cycle, cycle + 1))
    return f"cycle {cycle + 1} (months {read(start, 4)} to {read(end, 4)})"


def _what_differs(scenario: Scenario, row: Draws) -> str:
    """Return what of a row is not at its point estimate; confidential values are not shown."""
    base = base_case(scenario)
    moved = [a for a, x in row.columns.items() if a in base.columns and x[0, 0] != base[a][0, 0]]
    if not moved:
        return ""
    secret = scenario.prices.secret
    shown = [
        f"{a} = {'confidential' if a in secret else read(float(row[a][0, 0]) / scenario.factors.get(a, 1.0))}"
        for a in moved[:SHOWN]
    ]
    more = f" and {len(moved) - SHOWN} others not at their point estimates" if len(moved) > SHOWN else ""
    return f", with {', '.join(shown)}{more}"
