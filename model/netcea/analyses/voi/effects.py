"""What each independent source of uncertainty moves: costs, QALYs, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.analyses.shared.totals import Totals, totals_of, varied
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.execution.progress import steps
from netcea.sampling.sampler import Sampler
from netcea.sampling.sources import Source, sources_of
from netcea.scenario.scenario import Scenario

ROWS: Final = 16
"""Values of each source that are tried, around the point estimates and among other draws.

What moves a measure in a fourth of the draws only (deaths before progression that the population's hazard asks for) is
missed in one seed of a hundred."""
MEASURES: Final = ("costs", "qalys")


@dataclass(frozen=True)
class Effects:
    """Sources of uncertainty, by what they move.

    Attributes
    ----------
    moving : tuple of Source
        Those that move a result from the point estimates.
    measures : tuple of frozenset of str
        Of each of them: 'costs', 'qalys', or both, here or among other draws.
    idle : tuple of str
        Addresses of the others.
    """

    moving: tuple[Source, ...]
    measures: tuple[frozenset[str], ...]
    idle: tuple[str, ...]


def effects_of(scenario: Scenario) -> Effects:
    """Return what each source moves.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    """
    sampler = Sampler(scenario, 0)
    drawn, _ = sampler.held_rows(sampler.drawn(0, ROWS))
    moving: list[Source] = []
    measures: list[frozenset[str]] = []
    idle: list[str] = []
    base = base_case(scenario)
    still, among = totals_of(scenario, base), totals_of(scenario, drawn)
    for source in steps(sources_of(scenario), "what each source moves"):
        columns = {address: drawn[address][:, 0] for address in source.addresses}
        found = _moved(still, totals_of(scenario, varied(base, columns)))
        if found:
            moving.append(source)
            measures.append(found | _moved(among, totals_of(scenario, _turned(drawn, source))))
        else:
            idle.extend(source.addresses)
    return Effects(tuple(moving), tuple(measures), tuple(sorted(idle)))


def _turned(drawn: Draws, source: Source) -> Draws:
    """Return rows in which each has the next one's values of a source."""
    return Draws(drawn.n, {**drawn.columns, **{a: np.roll(drawn[a], 1, axis=0) for a in source.addresses}})


def _moved(still: Totals, moved: Totals) -> frozenset[str]:
    """Return the measures that are not the same in both."""
    return frozenset(m for m in MEASURES if not np.all(getattr(still, m) == getattr(moved, m)))
