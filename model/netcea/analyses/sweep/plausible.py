"""Why the curves of a combination are implausible, by stated rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from netcea.analyses.shared.medians import survival_at
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.plain_number import read
from netcea.scenario.options import LandmarkBounds, SweepOptions
from netcea.scenario.scenario import Scenario
from netcea.survival.evaluate import Curves

FEW: Final = 0.01
"""Of a cohort alive: below it a crossing is of no consequence. [share]"""
SLIGHT: Final = 0.005
"""Of a cohort: by so much PFS may be above OS, as two fitted curves may be in their first weeks. [share]"""
ROUNDING: Final = 1e-9


def implausible(scenario: Scenario, options: SweepOptions) -> Iterator[str]:
    """Yield each rule that the curves at the point estimates break, in words.

    Parameters
    ----------
    scenario : Scenario
    options : SweepOptions
        Which rules there are.
    """
    grid, row = Grid.of(scenario), base_case(scenario)
    curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))
    for strategy in scenario.strategies:
        label = scenario.label(strategy)
        if options.crossing:
            yield from _crosses(curves, strategy, label)
        if options.below_population:
            yield from _outlives(curves, strategy, label)
    for landmark in options.landmarks:
        yield from _outside(scenario, curves, landmark)


def _crosses(curves: Curves, strategy: str, label: str) -> Iterator[str]:
    pfs, os = (curves.survival_at_edges(f"strategies.{strategy}.{endpoint}")[0] for endpoint in ("pfs", "os"))
    above = np.flatnonzero((pfs > os + SLIGHT) & (os > FEW))
    if len(above):
        yield f"{label}: PFS above OS from {read(float(curves.edges[above[0]]), 3)} years"


def _outlives(curves: Curves, strategy: str, label: str) -> Iterator[str]:
    os = f"strategies.{strategy}.os"
    if curves.models[os].background_mortality == "excess":
        return  # the population's hazard and more: never above it
    own = np.cumsum(curves.increments(os)[0])
    population = np.cumsum(curves.population_hazard[0])
    above = np.flatnonzero(np.exp(-own) > np.exp(-population) + ROUNDING)
    if len(above):
        when = read(float(curves.edges[above[0] + 1]), 3)
        yield f"{label}: survival, before any floor, above the general population's from {when} years"


def _outside(scenario: Scenario, curves: Curves, landmark: LandmarkBounds) -> Iterator[str]:
    years = float(curves.draws[landmark.at][0, 0])
    address = f"strategies.{landmark.strategy}.{landmark.endpoint}"
    if address not in curves.models or years > float(curves.edges[-1]):
        return
    found = survival_at(curves, address, years)
    for bound, wrong in ((landmark.low, found.__lt__), (landmark.high, found.__gt__)):
        if bound is not None and wrong(limit := float(curves.draws[bound][0, 0])):
            side = "below" if bound == landmark.low else "above"
            words = f"{landmark.endpoint.upper()} {read(found, 3)} at {read(years, 3)} years, {side} {read(limit, 3)}"
            yield f"{scenario.label(landmark.strategy)}: {words}"
