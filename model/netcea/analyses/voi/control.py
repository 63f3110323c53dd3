"""Control variates of net benefit: what other independent sources explain of incremental costs and QALYs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from netcea.analyses.shared.totals import Totals
from netcea.analyses.voi.effects import MEASURES, Effects
from netcea.analyses.voi.result import Basis
from netcea.arrays import Array
from netcea.decision.value_of_information import AdditiveParts, Regressors

MOST_BYTES: Final = 200_000_000
"""Regression columns that are kept; those of further sources are made again each time."""


@dataclass
class Prepared:
    """Quantities made ready for regressions: once, as long as there is room.

    Attributes
    ----------
    parameters : mapping of address -> Array (draw,)
        In model units.
    room : int
        For more columns. [bytes]
    """

    parameters: Mapping[str, Array]
    room: int = MOST_BYTES
    _kept: dict[tuple[str, ...], Regressors] = field(default_factory=dict)

    def of(self, addresses: Sequence[str]) -> Regressors:
        """Return some quantities, made ready.

        Parameters
        ----------
        addresses : sequence of str
            Of the quantities.
        """
        name = tuple(addresses)
        if name in self._kept:
            return self._kept[name]
        made = Regressors.of(np.stack([self.parameters[address] for address in name], axis=1))
        size = 0 if made.design is None else made.design.columns.nbytes
        if size <= self.room:
            self._kept[name] = made
            self.room -= size
        return made


@dataclass(frozen=True)
class Controls:
    """What independent sources explain of outcomes, source by source.

    Attributes
    ----------
    effects : Effects
        The sources, and what they move.
    outcomes : mapping of measure -> Array (strategy, draw)
        Incremental costs and QALYs of every strategy over the comparator, less their mean. [GBP], [QALYs]
    parts : mapping of measure -> AdditiveParts
        Of them.
    """

    effects: Effects
    outcomes: Mapping[str, Array]
    parts: Mapping[str, AdditiveParts]

    @classmethod
    def of(cls, totals: Totals, prepared: Prepared, effects: Effects) -> Controls:
        """Fit what every source explains.

        Parameters
        ----------
        totals : Totals
            Of every draw.
        prepared : Prepared
            Values of every quantity.
        effects : Effects
            The sources, and what they move.
        """
        addresses = [source.addresses for source in effects.moving]
        comparator = totals.strategies.index(totals.comparator)
        outcomes = {m: getattr(totals, m) - getattr(totals, m)[comparator] for m in MEASURES}
        found = AdditiveParts.of(
            lambda sources: prepared.of([a for at in sources for a in addresses[at]]).design,
            len(addresses),
            np.concatenate([*outcomes.values()]),
        )
        count = len(totals.strategies)
        parts = {
            m: AdditiveParts(found.sources, found.parts[:, at * count : (at + 1) * count])
            for at, m in enumerate(MEASURES)
        }
        return cls(effects, {m: x - x.mean(axis=1, keepdims=True) for m, x in outcomes.items()}, parts)

    def on(self, basis: Basis, known: Collection[str]) -> Array:
        """Return what sources other than those of some addresses explain of net benefit, Array (strategy, draw). [GBP]

        Parameters
        ----------
        basis : Basis
            What a QALY is worth.
        known : collection of str
            Addresses that might be known.
        """
        sources = enumerate(self.effects.moving)
        inside = {at for at, source in sources if not {*source.addresses}.isdisjoint(known)}
        return basis.threshold * basis.weight * self._explained("qalys", inside) - self._explained("costs", inside)

    def _explained(self, measure: str, inside: Collection[int]) -> Array:
        """Return what others explain of a measure: all of it where the sources do not move it."""
        if any(measure in self.effects.measures[at] for at in inside):
            return self.parts[measure].without(inside)
        return self.outcomes[measure]
