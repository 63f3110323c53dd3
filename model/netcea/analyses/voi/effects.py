"""What each independent source of uncertainty moves: costs, QALYs, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.analyses.shared.totals import totals_of
from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
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
    sources, base = sources_of(scenario), base_case(scenario)
    alone = _moved(scenario, base, [{a: drawn[a] for a in source.addresses} for source in sources])
    moving = [source for source, found in zip(sources, alone, strict=True) if found]
    turned = [{a: np.roll(drawn[a], 1, axis=0) for a in source.addresses} for source in moving]
    among = _moved(scenario, drawn, turned)
    return Effects(
        tuple(moving),
        tuple(one | other for one, other in zip(filter(None, alone), among, strict=True)),
        tuple(sorted(a for source, found in zip(sources, alone, strict=True) if not found for a in source.addresses)),
    )


def _moved(scenario: Scenario, rows: Draws, changes: Sequence[Mapping[str, Array]]) -> list[frozenset[str]]:
    """Return the measures that each of some changes moves; all rows are simulated together.

    Parameters
    ----------
    scenario : Scenario
    rows : Draws
        Without a change: one row, or as many as a change has.
    changes : sequence of mapping of address -> Array (row, 1)
        In model units.
    """
    ends = np.arange(rows.n, rows.n + ROWS * len(changes) + 1, ROWS)
    columns = dict(rows.columns)
    for address in {address for change in changes for address in change}:
        each = (change.get(address, rows[address]) for change in changes)
        parts = [rows[address], *each]
        lengths = [rows.n, *np.diff(ends).tolist()]
        columns[address] = np.concatenate([np.broadcast_to(p, (n, 1)) for p, n in zip(parts, lengths, strict=True)])
    totals = totals_of(scenario, Draws(int(ends[-1]), columns))
    found = []
    for start in ends[:-1].tolist():
        moved, still = totals.rows(start, start + ROWS), totals.rows(0, rows.n)
        found.append(frozenset(m for m in MEASURES if not np.all(getattr(still, m) == getattr(moved, m))))
    return found
