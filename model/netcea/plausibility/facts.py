"""What the rules look at: a scenario's numbers by use, what its changes replaced, its curves at the point estimates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.costs.cost_item import CostItem
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import exposures
from netcea.plausibility.uses import Use, uses_of
from netcea.quantities.quantity import Quantity
from netcea.scenario.scenario import Scenario
from netcea.uncertainty.drawn_family import DrawnFamily

Doubt: TypeAlias = tuple[str, str]
"""Address, and what is doubtful there."""


@dataclass(frozen=True)
class Curves:
    """One strategy's curves at the point estimates.

    Attributes
    ----------
    times : Array (edge,)
        [years]
    pfs, os, treated : Array (edge,)
        Survival as the curves have it, and the share on treatment. [share]
    """

    times: Array
    pfs: Array
    os: Array
    treated: Array

    def mean(self, endpoint: str) -> float:
        """Return the area below a curve up to the horizon [years].

        Parameters
        ----------
        endpoint : {'pfs', 'os', 'treated'}
            Which curve.
        """
        curve: Array = getattr(self, endpoint)
        return float(np.dot(np.diff(self.times), (curve[:-1] + curve[1:]) / 2.0))

    def median(self, endpoint: str) -> float | None:
        """Return the first time at which a curve is at one half or below [years]; None where it never is.

        Parameters
        ----------
        endpoint : {'pfs', 'os', 'treated'}
            Which curve.
        """
        below = np.flatnonzero(getattr(self, endpoint) <= 0.5)
        if not len(below) or below[0] == 0:
            return None
        i = int(below[0])
        curve: Array = getattr(self, endpoint)
        share = (curve[i - 1] - 0.5) / (curve[i - 1] - curve[i])
        return float(self.times[i - 1] + share * (self.times[i] - self.times[i - 1]))

    def at(self, endpoint: str, years: float) -> float:
        """Return the share above a curve's event at a time [share].

        Parameters
        ----------
        endpoint : {'pfs', 'os', 'treated'}
            Which curve.
        years : float
            Since the start.
        """
        return float(np.interp(years, self.times, getattr(self, endpoint)))


def words_of(text: str) -> set[str]:
    """Return the longer words of a text, by which rules know a strategy.

    Parameters
    ----------
    text : str
        Of a label, a name or an address.

    Examples
    --------
    >>> sorted(words_of("Best supportive_care"))
    ['supportive']
    """
    return set(re.findall(r"[a-z]{5,}", text.lower()))


@dataclass(frozen=True)
class Facts:
    """Everything that a rule may look at; confidential numbers are not among it.

    Attributes
    ----------
    scenario : Scenario
    replaced : mapping of str -> Quantity or float
        Place of use, or address of a number -> what stood there before the scenario's changes.
    shipped : mapping of str -> Quantity
        Address -> what the shipped inputs have there, where that is something else.
    in_inputs : callable (address) -> Quantity or None
        A number of inputs/, used or not, confidential or not: rules ask `sibling`.
    """

    scenario: Scenario
    replaced: Mapping[str, Quantity | float] = field(default_factory=dict)
    shipped: Mapping[str, Quantity] = field(default_factory=dict)
    in_inputs: Callable[[str], Quantity | None] = lambda _: None

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every number at each place of use."""
        return tuple(uses_of(self.scenario))

    @cached_property
    def uncertain(self) -> tuple[tuple[str, Quantity, DrawnFamily], ...]:
        """Address, number and family of everything that is drawn alone and is not confidential."""
        secret, found = self.scenario.prices.secret, []
        for address, quantity in sorted(self.scenario.quantities.items()):
            given = quantity.uncertainty.given
            if isinstance(given, DrawnFamily) and not given.group_field and address not in secret:
                found.append((address, quantity, given))
        return tuple(found)

    def sibling(self, address: str) -> Quantity | None:
        """Return a number of inputs/, used or not; None where there is none, or a confidential one.

        Parameters
        ----------
        address : str
            Of the number.
        """
        return None if address in self.scenario.prices.secret else self.in_inputs(address)

    def quantity(self, address: str | None) -> Quantity | None:
        """Return a number in use; None where there is none, or a confidential one.

        Parameters
        ----------
        address : str or None
            Of the number.
        """
        known = address is not None and address not in self.scenario.prices.secret
        return self.scenario.quantities.get(address) if address and known else None

    def value(self, address: str | None, otherwise: float | None = None) -> float | None:
        """Return a number in the model's units; None where it is confidential.

        Parameters
        ----------
        address : str or None
            Of the number.
        otherwise : float, optional
            What holds where no address is given.
        """
        if address is None:
            return otherwise
        quantity = self.quantity(address)
        return None if quantity is None else quantity.value * self.scenario.factors[address]

    @cached_property
    def curves(self) -> Mapping[str, Curves]:
        """Strategy -> its curves; nothing where they cannot be worked out, which the run itself will say."""
        grid = Grid.of(self.scenario)
        found = {}
        try:
            with np.errstate(all="ignore"):
                for one in exposures(grid, base_case(self.scenario)):
                    above = f"strategies.{one.strategy}"
                    treated = np.zeros_like(grid.time.edges)
                    for part in one.occupied("on_treatment"):
                        still = True if part.until is None else grid.time.edges < part.until[0]
                        treated = treated + np.where(still, part.share[0], 0.0)
                    found[one.strategy] = Curves(
                        grid.time.edges,
                        one.curves.survival_at_edges(f"{above}.pfs")[0],
                        one.curves.survival_at_edges(f"{above}.os")[0],
                        treated,
                    )
        except (ValueError, ArithmeticError):
            return {}
        sound = all(np.isfinite([c.mean("pfs"), c.mean("os"), c.mean("treated")]).all() for c in found.values())
        return found if sound else {}

    def arms(self, trial: str) -> tuple[str, ...]:
        """Return the arms of a trial that a curve is fitted to, the reference first; none of another group.

        Parameters
        ----------
        trial : str
            Address of the group.
        """
        return self.scenario.trials.get(trial, ())

    def treated(self, strategy: str) -> bool:
        """Say whether a strategy has time on treatment.

        Parameters
        ----------
        strategy : str
            Its name.
        """
        return self.scenario.file.strategies[strategy].time_on_treatment.rule != "none"

    def shared(self, one: CostItem, other: CostItem) -> bool:
        """Say whether a strategy bears both of two costs.

        Parameters
        ----------
        one, other : CostItem
            Of the scenario.
        """
        return any(one.applies_to(name) and other.applies_to(name) for name in self.scenario.strategies)

    @property
    def intervention(self) -> str:
        """The strategy that is appraised."""
        return self.scenario.file.decision.intervention

    @property
    def comparator(self) -> str:
        """The strategy that it is compared with."""
        return self.scenario.file.decision.comparator
