"""Numbers of some rows, and what is known of a strategy before its curves are: who is on treatment, its norms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array
from netcea.cohort.exposure import While
from netcea.cohort.norms import capped_level
from netcea.costs.vials import whole_vials
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.scenario.scenario import TimeOnTreatment


@dataclass(frozen=True)
class RowValues:
    """Numbers of some rows by address: `netcea.cohort.exposure.Values` in arrays.

    Attributes
    ----------
    draws : Draws
        The rows.
    """

    draws: Draws

    def value(self, address: str | None, default: float | None = None) -> Array:
        """Return a number of the rows in model units, Array (draw,) or (1,).

        Parameters
        ----------
        address : str or None
            Of the number in inputs/.
        default : float, optional
            What stands in where there is no address.

        Raises
        ------
        ValueError
            There is neither an address nor a default.
        """
        if address is None:
            if default is None:
                raise ValueError("a number is missing")
            return np.array([default])
        return self.draws[address][:, 0]

    def whole_number(self, x: Array) -> Array:
        """Round up: a number that is whole but for the last bit of a division is not rounded up."""
        return np.ceil(x * (1.0 - 1e-12))

    def whole_vials(self, dose: Array, vial: Array, mean: Array, sd: Array) -> Array:
        """Return the mean number of vials of one administration without sharing, Array (draw,) or (1,)."""
        return whole_vials(dose, vial, mean, sd)


@dataclass(frozen=True)
class StrategyRows(RowValues):
    """One strategy in some rows: what does not depend on its curves.

    Attributes
    ----------
    strategy : str
    grid : Grid
    """

    strategy: str
    grid: Grid

    @property
    def time_on_treatment(self) -> TimeOnTreatment:
        """Who is on treatment, as the scenario says."""
        return self.grid.scenario.file.strategies[self.strategy].time_on_treatment

    def states(self, during: While) -> tuple[str, ...]:
        """Return the health states in which a condition can be met."""
        if during in ("progression_free", "progressed"):
            return (during,)
        rule = self.time_on_treatment.rule
        if during == "on_treatment" and rule in ("none", "until_progression"):
            return ("progression_free",) if rule == "until_progression" else ()
        return ("progression_free", "progressed")

    def share_of_norm(self, utility: Array, anchor_age: str | None) -> Array:
        """Return min(u / norm(anchor), 1), see `netcea.cohort.norms.capped_level`; u without age adjustment."""
        norms, population = self.grid.scenario.norms, self.grid.scenario.file.population
        if norms is None:
            return utility
        age, female = self.value(anchor_age or population.start_age), self.value(population.proportion_female)
        return capped_level(utility, norms, age, female)
