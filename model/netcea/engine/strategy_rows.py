"""Numbers of some rows, and what is known of a strategy before its curves are: who is on treatment, its norms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array
from netcea.cohort.exposure import DEAD, Condition, Values
from netcea.cohort.norms import capped_level
from netcea.costs.vials import whole_vials
from netcea.draws import Draws
from netcea.engine.grid import ANCHOR, AT_THE_START, Grid, refuse_other_ages
from netcea.scenario.scenario import TimeOnTreatment


@dataclass(frozen=True)
class RowValues(Values[Array]):
    """Numbers of some rows by address, in arrays.

    Attributes
    ----------
    draws : Draws
        The rows.

    Examples
    --------
    >>> rows = RowValues(Draws(2, {"costs.unit.ct_scan": np.array([[90.0], [110.0]])}))
    >>> rows.value("costs.unit.ct_scan").tolist(), rows.value(None, default=1.0).tolist()
    ([90.0, 110.0], [1.0])
    >>> rows.whole_number(np.array([0.3 / 0.1, 3.1])).tolist()
    [3.0, 4.0]
    """

    draws: Draws

    def value(self, address: str | None, default: float | None = None) -> Array:
        """Return a number of the rows, Array (draw,) or (1,). [years, per year, GBP of the scenario's price year]

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
        """Round up, Array (draw,) or (1,): what is whole but for the last bit of a division stays. [number]"""
        return np.ceil(x * (1.0 - 1e-12))

    def later(self, x: Array, y: Array) -> Array:
        """Return the later of two times, Array (draw,) or (1,). [years]

        Examples
        --------
        >>> RowValues(Draws(1, {})).later(np.array([0.5, 2.0]), np.array([1.0])).tolist()
        [1.0, 2.0]
        """
        return np.maximum(x, y)

    def earlier(self, x: Array, y: Array) -> Array:
        """Return the earlier of two times, Array (draw,) or (1,). [years]

        Examples
        --------
        >>> RowValues(Draws(1, {})).earlier(np.array([0.5, 2.0]), np.array([1.0])).tolist()
        [0.5, 1.0]
        """
        return np.minimum(x, y)

    def whole_vials(self, dose: Array, vial: Array, mean: Array, sd: Array) -> Array:
        """Return the mean number of vials of one administration without sharing, Array (draw,) or (1,). [vials]"""
        return whole_vials(dose, vial, mean, sd)


@dataclass(frozen=True)
class StrategyRows(RowValues):
    """One strategy in some rows: what does not depend on its curves.

    Attributes
    ----------
    strategy : str
        Its name.
    grid : Grid
        Of the scenario.
    """

    strategy: str
    grid: Grid

    @property
    def time_on_treatment(self) -> TimeOnTreatment:
        """Who is on treatment, as the scenario says."""
        return self.grid.scenario.file.strategies[self.strategy].time_on_treatment

    def states(self, during: Condition) -> tuple[str, ...]:
        """Return the health states in which a condition can be met.

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive', 'dead'}
            The condition.

        Returns
        -------
        tuple of str
            None where nobody is on treatment.
        """
        if during in ("progression_free", "progressed", DEAD):
            return (during,)
        rule = self.time_on_treatment.rule
        if during == "on_treatment" and rule in ("none", "until_progression"):
            return ("progression_free",) if rule == "until_progression" else ()
        return ("progression_free", "progressed")

    def age_at_start(self) -> Array:
        """Return the cohort's age at the start.

        Returns
        -------
        Array (draw,) or (1,)
            [years]

        Examples
        --------
        >>> from netcea import load
        >>> from netcea.engine.point_estimates import base_case
        >>> scenario = load("pnet", ["population.cohorts.pnet.start_age=61"])
        >>> StrategyRows(base_case(scenario), "cabozantinib", Grid.of(scenario)).age_at_start().tolist()
        [61.0]
        """
        return self.value(self.grid.scenario.file.population.start_age)

    def until_horizon(self, duration: Array) -> Array:
        """Return min(duration, horizon), Array (draw,) or (1,). [years]

        Parameters
        ----------
        duration : Array (draw,) or (1,)
            [years]
        """
        return np.minimum(duration, self.grid.time.horizon_years)

    def share_of_norm(self, utility: Array, anchor_age: str | None) -> Array:
        """Return min(u / norm(anchor), 1), Array (draw,) or (1,); u without age adjustment. [utility per norm]

        Parameters
        ----------
        utility : Array (draw,) or (1,)
            Of a health state. [utility]
        anchor_age : str or None
            Address of the mean age in the utility study; the cohort's age at the start when left out.

        References
        ----------
        NICE DSU TSD 12; see `netcea.cohort.norms.capped_level`.
        """
        norms, population = self.grid.scenario.norms, self.grid.scenario.file.population
        if norms is None:
            return utility
        age, female = self.value(anchor_age or population.start_age), self.value(population.proportion_female)
        refuse_other_ages(age, norms.age, population.norms, ANCHOR if anchor_age else AT_THE_START)
        return capped_level(utility, norms, age, female)
