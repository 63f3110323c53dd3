"""Control variates of net benefit: what other independent sources explain of incremental costs and QALYs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from netcea.analyses.shared.totals import Totals
from netcea.analyses.voi.effects import MEASURES, Effects
from netcea.analyses.voi.result import SWITCH, Basis
from netcea.arrays import Array
from netcea.decision.value_of_information import AdditiveParts, Regressors

MOST_BYTES: Final = 100_000_000
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
class Valued:
    """Net benefit on a basis.

    Attributes
    ----------
    basis : Basis
        What a QALY is worth.
    benefit : Array (strategy, draw)
        Net monetary benefit. [GBP]
    rises : Array (strategy, draw) or None
        What it gains with the threshold, where that is the one at which the decision of these draws switches. [QALYs]
    """

    basis: Basis
    benefit: Array
    rises: Array | None

    @classmethod
    def of(cls, totals: Totals, basis: Basis) -> Valued:
        """Return net benefit on a basis.

        Parameters
        ----------
        totals : Totals
            Of every draw.
        basis : Basis
            What a QALY is worth.
        """
        reference = totals.of("qalys", totals.comparator)
        benefit = basis.threshold * (reference + basis.weight * (totals.qalys - reference)) - totals.costs
        return cls(basis, benefit, totals.qalys if basis.name == SWITCH else None)


@dataclass(frozen=True)
class Controls:
    """What independent sources explain of outcomes, source by source.

    Attributes
    ----------
    effects : Effects
        The sources, and what they move.
    comparator : int
        Its place among strategies.
    outcomes : mapping of measure -> Array (strategy - 1, draw)
        Incremental costs and QALYs of every strategy over the comparator, less their mean. [GBP], [QALYs]
    parts : mapping of measure -> AdditiveParts
        Of them.
    """

    effects: Effects
    comparator: int
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
        outcomes = {m: _increments(getattr(totals, m), comparator) for m in MEASURES}
        found = AdditiveParts.of(
            lambda sources: prepared.of([a for at in sources for a in addresses[at]]).design,
            len(addresses),
            np.concatenate([*outcomes.values()]),
        )
        count = len(totals.strategies) - 1
        parts = {
            m: AdditiveParts(found.sources, found.parts[:, at * count : (at + 1) * count])
            for at, m in enumerate(MEASURES)
        }
        return cls(effects, comparator, outcomes, parts)

    def on(self, valued: Valued, known: Collection[str]) -> tuple[Array, Array | None]:
        """Return what sources other than those of some addresses explain of net benefit, and how the rest rises.

        Parameters
        ----------
        valued : Valued
            Net benefit on a basis.
        known : collection of str
            Addresses that might be known.

        Returns
        -------
        control : Array (strategy, draw)
            With mean 0 over draws. [GBP]
        rises : Array (strategy, draw) or None
            What net benefit without it gains with the threshold, as of `Valued`. [QALYs]
        """
        sources = enumerate(self.effects.moving)
        inside = {at for at, source in sources if not {*source.addresses}.isdisjoint(known)}
        costs, qalys = (
            np.insert(self._explained(measure, inside), self.comparator, 0.0, axis=0) for measure in MEASURES
        )
        control = valued.basis.threshold * valued.basis.weight * qalys - costs
        return control, None if valued.rises is None else valued.rises - qalys

    def _explained(self, measure: str, inside: Collection[int]) -> Array:
        """Return what others explain of a measure: all of it where the sources do not move it."""
        if any(measure in self.effects.measures[at] for at in inside):
            return self.parts[measure].without(inside)
        return self.outcomes[measure]


def _increments(totals: Array, comparator: int) -> Array:
    """Return totals of other strategies less the comparator's, with mean 0, Array (strategy - 1, draw)."""
    found = np.delete(totals, comparator, axis=0) - totals[comparator]
    return np.asarray(found - found.mean(axis=1, keepdims=True), dtype=np.float64)
