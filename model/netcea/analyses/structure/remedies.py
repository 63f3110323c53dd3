"""What is done where PFS is above OS, over draws: capped, OS raised, drawn together, or a model without crossing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.analyses.shared.crossing import with_crossing
from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.shared.totals import summed
from netcea.analyses.structure.models import refuse_broken
from netcea.analyses.structure.result import Remedy
from netcea.arrays import Array
from netcea.decision.incremental import compare
from netcea.engine.outcomes import StrategyOutcomes
from netcea.engine.simulate import Structure, simulate
from netcea.engine.structures import StateTransition
from netcea.errors import Place
from netcea.sampling.sampler import sample
from netcea.scenario.options import StructureOptions
from netcea.scenario.scenario import Scenario

RAISED: Final = "raise_os"
"""Name of the rule that leaves PFS as it is."""
EARLY: Final = 0.25
"""Until when curves cross early. [years]"""
CANNOT: Final = ("clock_forward", "clock_reset")
"""Models in which curves cannot cross."""


@dataclass(frozen=True)
class Way:
    """A scenario whose draws are simulated, and by which model.

    Attributes
    ----------
    name : str
    label : str
    scenario : Scenario
    """

    name: str
    label: str
    scenario: Scenario

    @property
    def structure(self) -> Structure | None:
        """Of its model; None for partitioned survival."""
        found = {
            "clock_forward": StateTransition("start").exposures,
            "clock_reset": StateTransition("progression").exposures,
        }
        return found.get(self.name)


def ways(scenario: Scenario, options: StructureOptions) -> tuple[Way, ...]:
    """Return what is compared: the scenario itself with PFS capped first.

    Parameters
    ----------
    scenario : Scenario
    options : StructureOptions

    Raises
    ------
    InputError
        A scenario that the options name cannot be read.
    """
    if not options.draws:
        return ()
    found = [
        Way("cap_pfs", "PFS capped at OS", with_crossing(scenario, "cap_pfs")),
        Way(RAISED, "OS raised to PFS", with_crossing(scenario, RAISED)),
    ]
    for i, named in enumerate(options.correlated):
        address = f"analyses.structure.correlated.{i}"
        if scenario.related is None:
            raise Place(address).error(named, "the files of the scenario at hand in this process")
        other = scenario.related.named(address, named)
        loaded = other.load()
        found.append(Way(other.name, f"PFS capped at OS; {loaded.file.name}", with_crossing(loaded, "cap_pfs")))
    found += [
        Way("clock_forward", "Clock-forward state-transition model", scenario),
        Way("clock_reset", "Clock-reset state-transition model, exponential", scenario),
    ]
    return tuple(found)


def remedy(way: Way, options: StructureOptions) -> Remedy:
    """Simulate the draws of one way; the random numbers are the same for all.

    Parameters
    ----------
    way : Way
    options : StructureOptions

    Raises
    ------
    ModelError
        A model breaks a rule of its own.
    """
    scenario = way.scenario
    draws = sample(scenario, options.draws, options.seed)
    outcomes = simulate(scenario, draws, structure=way.structure)
    refuse_broken(way.label, outcomes)
    totals = summed(scenario, draws, outcomes)
    costs, qalys = totals.increment("costs"), totals.increment("qalys")
    icer, label = compare(float(costs.mean()), float(qalys.mean()))
    low, high = np.quantile(qalys, [0.025, 0.975])
    thresholds = thresholds_of(scenario)
    return Remedy(
        way.name,
        way.label,
        draws.n,
        {name: _crossing(found) for name, found in outcomes.strategies.items()},
        {name: _early(found) for name, found in outcomes.strategies.items()},
        {name: _capped(found) for name, found in outcomes.strategies.items()},
        float(costs.mean()),
        float(qalys.mean()),
        float(low),
        float(high),
        icer,
        label,
        tuple(float(totals.incremental_nhb(t).mean()) for t in thresholds),
        tuple(float(totals.incremental_nhb(t, weighted=True).mean()) for t in thresholds),
    )


def _crossing(found: StrategyOutcomes) -> float:
    return float((_of(found, "crossing_cycles", 0.0) > 0.0).mean())


def _early(found: StrategyOutcomes) -> float:
    return float((_of(found, "crossing_first_year", np.inf) < EARLY).mean())


def _capped(found: StrategyOutcomes) -> float:
    return float(_of(found, "crossing_life_years", 0.0).mean())


def _of(found: StrategyOutcomes, name: str, otherwise: float) -> Array:
    """Return what limits did in each draw; of a model that has no such limit, what stands for never."""
    return np.asarray(found.audit.get(name, otherwise), dtype=np.float64)
