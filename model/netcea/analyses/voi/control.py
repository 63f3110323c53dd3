"""Control variates of net benefit: what other independent sources explain of incremental costs and QALYs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from netcea.analyses.shared.totals import Totals
from netcea.analyses.voi.effects import MEASURES, Effects
from netcea.analyses.voi.result import SWITCH, Basis
from netcea.arrays import Array
from netcea.decision.value_of_information import AdditiveParts, Regressors


@dataclass
class Prepared:
    """Quantities made ready for regressions, each source once.

    Attributes
    ----------
    parameters : mapping of address -> Array (draw,)
        In model units.
    """

    parameters: Mapping[str, Array]
    _kept: dict[tuple[str, ...], Regressors] = field(default_factory=dict)

    def of(self, addresses: Iterable[str]) -> Regressors:
        """Return some quantities, made ready.

        Parameters
        ----------
        addresses : iterable of str
            Of the quantities.
        """
        name = tuple(addresses)
        if name not in self._kept:
            self._kept[name] = Regressors.of(self.parameters[address] for address in name)
        return self._kept[name]


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
    parts : AdditiveParts
        Of them, one measure after the other.
    """

    effects: Effects
    comparator: int
    outcomes: Mapping[str, Array]
    parts: AdditiveParts

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
        parts = AdditiveParts.of(
            lambda sources: prepared.of(a for at in sources for a in addresses[at]).design,
            len(addresses),
            np.concatenate([*outcomes.values()]),
        )
        return cls(effects, comparator, outcomes, parts)

    def on(self, bases: Iterable[Valued], known: Collection[str]) -> list[tuple[Array, Array | None]]:
        """Return what sources other than those of some addresses explain of net benefit, and how the rest rises.

        Parameters
        ----------
        bases : iterable of Valued
            Net benefit on each basis.
        known : collection of str
            Addresses that might be known.

        Returns
        -------
        list of (control, rises), one for each basis
            control, Array (strategy, draw): with mean 0 over draws [GBP]. rises, Array (strategy, draw) or None: what
            net benefit without it gains with the threshold, as of `Valued` [QALYs].
        """
        costs, qalys = (np.insert(each, self.comparator, 0.0, axis=0) for each in self._explained(known))
        return [
            (
                each.basis.threshold * each.basis.weight * qalys - costs,
                None if each.rises is None else each.rises - qalys,
            )
            for each in bases
        ]

    def _explained(self, known: Collection[str]) -> list[Array]:
        """Return what others explain of each measure: all of it where the sources do not move it."""
        sources = enumerate(self.effects.moving)
        inside = {at for at, source in sources if not {*source.addresses}.isdisjoint(known)}
        explained = np.split(self.parts.without(inside), len(MEASURES))
        moved = {measure for at in inside for measure in self.effects.measures[at]}
        return [part if m in moved else self.outcomes[m] for m, part in zip(MEASURES, explained, strict=True)]


def _increments(totals: Array, comparator: int) -> Array:
    """Return totals of other strategies less the comparator's, with mean 0, Array (strategy - 1, draw)."""
    found = np.delete(totals, comparator, axis=0) - totals[comparator]
    return np.asarray(found - found.mean(axis=1, keepdims=True), dtype=np.float64)
