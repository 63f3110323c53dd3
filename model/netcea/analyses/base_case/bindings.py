"""Where the limits of the model bind, and what each of them moved: never silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from netcea.analyses.base_case.result import Binding
from netcea.analyses.shared.crossing import with_crossing
from netcea.arrays import Array
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.scenario.scenario import Scenario
from netcea.survival.evaluate import Curves


def bindings(scenario: Scenario) -> Iterator[Binding]:
    """Yield every crossing and floor that binds at the point estimates, with its effect on the strategy's results.

    The effect is the result with the limit minus the result without it: PFS capped at OS against OS raised to PFS;
    the hazard floor against no background mortality in that strategy's curve.
    """
    grid, row = Grid.of(scenario), base_case(scenario)
    curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))
    for strategy in scenario.strategies:
        os, pfs = f"strategies.{strategy}.os", f"strategies.{strategy}.pfs"
        if scenario.curves[os].background_mortality == "hazard_floor":
            bound = np.asarray(curves.population_hazard > curves.increments(os))[0]
            if bound.any():
                yield _binding(scenario, strategy, "floor", bound, grid, _without_floor(scenario, os))
        crossed = (curves.survival_at_edges(pfs) > curves.survival_at_edges(os))[0, 1:]
        if crossed.any() and scenario.file.settings.crossing == "cap_pfs":
            yield _binding(scenario, strategy, "crossing", crossed, grid, with_crossing(scenario, "raise_os"))


def _binding(
    scenario: Scenario,
    strategy: str,
    what: str,
    bound: np.ndarray[tuple[int], np.dtype[np.bool_]],
    grid: Grid,
    without: Scenario,
) -> Binding:
    row = base_case(scenario)
    limited = simulate(scenario, row).strategies[strategy]
    free = simulate(without, row).strategies[strategy]

    def moved(measure: str) -> float:
        difference: Array = limited.total(measure) - free.total(measure)
        return float(difference[0])

    return Binding(
        strategy=strategy,
        what=what,
        cycles=int(bound.sum()),
        share_of_cycles=float(bound.mean()),
        first_year=float(grid.time.edges[int(np.argmax(bound))]),
        life_years=moved("life_years"),
        qalys=moved("qalys"),
        costs=moved("costs"),
    )


def _without_floor(scenario: Scenario, address: str) -> Scenario:
    model = replace(scenario.curves[address], background_mortality="none")
    return replace(scenario, curves={**scenario.curves, address: model})
