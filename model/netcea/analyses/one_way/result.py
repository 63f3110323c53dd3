"""The result of one-way sensitivity analysis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from netcea.analyses.analysis import Result
from netcea.analyses.one_way.variance import Explained, source_of
from netcea.analyses.shared.effects import Effect
from netcea.analyses.shared.varied_quantities import NotVaried, VariedQuantity
from netcea.scenario.options import OneWayOptions
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class Moved:
    """A quantity at its low and its high value.

    Attributes
    ----------
    quantity : VariedQuantity
    low, high : Effect
    base : Effect
        Of the point estimates: the same for every quantity.
    has_effect : bool
        Whether costs or QALYs of any strategy, or the severity weight, change at either end.
    """

    quantity: VariedQuantity
    low: Effect
    high: Effect
    base: Effect
    has_effect: bool

    def nhb_range(self, threshold: int = 0, *, weighted: bool = False) -> float:
        """Return the range of incremental NHB over (low, base, high) at a threshold by its number. [QALYs]"""
        found = [(e.weighted_nhb if weighted else e.nhb)[threshold] for e in (self.low, self.base, self.high)]
        return max(found) - min(found)

    @property
    def changes_optimal(self) -> bool:
        """Whether the optimal strategy at the lower threshold is another at either end."""
        return {self.low.optimal, self.high.optimal} != {self.base.optimal}

    @property
    def changes_weight(self) -> bool:
        """Whether the severity weight is another at either end."""
        return {self.low.severity_weight, self.high.severity_weight} != {self.base.severity_weight}


@dataclass(frozen=True, repr=False)
class OneWayResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : OneWayOptions
    base : Effect
    moved : tuple of Moved
        With an effect, the widest range of incremental NHB at the lower threshold first.
    no_effect : tuple of Moved
        Those that change nothing in this scenario, in order of address.
    not_moved : tuple of NotVaried
        Uncertain numbers that may not be moved singly, and numbers that are methods.
    variance : tuple of Explained
        What each source of uncertainty alone explains of the variance of incremental NHB at the lower threshold, the
        largest share first, without those that move nothing; all, in order of name, where what is written is redacted.
    """

    scenario: Scenario
    options: OneWayOptions
    base: Effect
    moved: tuple[Moved, ...]
    no_effect: tuple[Moved, ...]
    not_moved: tuple[NotVaried, ...]
    variance: tuple[Explained, ...]

    @cached_property
    def shares(self) -> dict[str, float]:
        """Address of what moves -> share of the variance that its source explains: of a number of a fit, the fit."""
        shares = {source.name: source.variance_share for source in self.variance}
        sources = source_of(self.scenario, self.variance)
        moves = (m.quantity.address for m in (*self.moved, *self.no_effect))
        return {address: shares[sources[address]] for address in moves if address in sources}
