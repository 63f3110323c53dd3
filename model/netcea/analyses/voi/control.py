"""Control variates of net benefit: what other independent sources explain of incremental costs and QALYs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.analyses.shared.totals import Totals
from netcea.analyses.voi.result import Basis
from netcea.arrays import Array
from netcea.decision.value_of_information import AdditiveParts, Regressors
from netcea.sampling.sources import Source

MOST_BYTES: Final = 200_000_000
"""Regression columns that are kept; those of further sources are made again each time."""


@dataclass(frozen=True)
class Controls:
    """What independent sources explain of outcomes, source by source.

    Attributes
    ----------
    sources : tuple of Source
    regressors : mapping of source name -> Regressors
        Of the sources whose columns are kept.
    costs, qalys : AdditiveParts
        Of every strategy, less the comparator's. [GBP], [QALYs]
    """

    sources: tuple[Source, ...]
    regressors: Mapping[str, Regressors]
    costs: AdditiveParts
    qalys: AdditiveParts

    @classmethod
    def of(cls, totals: Totals, parameters: Mapping[str, Array], sources: Sequence[Source]) -> Controls:
        """Fit what every source explains.

        Parameters
        ----------
        totals : Totals
            Of every draw.
        parameters : mapping of address -> Array (draw,)
            In model units.
        sources : sequence of Source
            Independent, each with an effect on a result.
        """
        kept: dict[str, Regressors] = {}
        room = MOST_BYTES

        def regressors(at: int) -> Regressors:
            nonlocal room
            source = sources[at]
            if source.name in kept:
                return kept[source.name]
            made = regressors_of(parameters, source.addresses)
            room -= 0 if made.design is None else made.design.columns.nbytes
            if room > 0:
                kept[source.name] = made
            return made

        comparator = totals.strategies.index(totals.comparator)
        responses = np.concatenate([x - x[comparator] for x in (totals.costs, totals.qalys)])
        found = AdditiveParts.of(lambda at: regressors(at).design, len(sources), responses)
        count = len(totals.strategies)
        return cls(tuple(sources), kept, AdditiveParts(found.parts[:, :count]), AdditiveParts(found.parts[:, count:]))

    def on(self, basis: Basis, known: Sequence[str]) -> Array:
        """Return what sources other than those of some addresses explain of net benefit, Array (strategy, draw). [GBP]

        Parameters
        ----------
        basis : Basis
            What a QALY is worth.
        known : sequence of str
            Addresses that might be known.
        """
        inside = {at for at, source in enumerate(self.sources) if {*source.addresses} & {*known}}
        return basis.threshold * basis.weight * self.qalys.without(inside) - self.costs.without(inside)


def regressors_of(parameters: Mapping[str, Array], addresses: Sequence[str]) -> Regressors:
    """Return some quantities, made ready for regressions.

    Parameters
    ----------
    parameters : mapping of address -> Array (draw,)
        In model units.
    addresses : sequence of str
        Of the quantities.
    """
    return Regressors.of(np.stack([parameters[address] for address in addresses], axis=1))
