"""What a run needs once, before any row is simulated: edges, weights, discount factors, population curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.cohort.exposure import Rate
from netcea.cohort.mortality import population_cumulative_hazard
from netcea.cohort.norms import norm_profile
from netcea.cohort.table_ages import refused
from netcea.cohort.timeline import Timeline, edge_weights, fall_weights, moment_discount, window_fraction
from netcea.cohort.windows import WeightsWithin, weights_within, windows_alike
from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.draws import Draws
from netcea.engine.clock import Discounted, Dispensings, clock_of
from netcea.engine.kept import Kept, content
from netcea.errors import ModelError
from netcea.plain_number import read
from netcea.quantities.units import DAYS_PER_YEAR
from netcea.scenario.scenario import Scenario
from netcea.survival.moments import Moments

AT_THE_START: Final = "the cohort's age is {} at the start of a row"
ANCHOR: Final = "the anchor age of utilities is {} in a row"


@dataclass(frozen=True)
class Grid:
    """The grid of a scenario and everything that depends on it alone.

    What is the same for all rows of a run (the population's curves when the cohort's age is fixed, windows of time,
    dispensings) is computed when it is first needed, and kept; see `clock_of`.

    Attributes
    ----------
    scenario : Scenario
    time : Timeline
    start_weight, end_weight : Array (N,)
        Person-time in a cycle = start_weight x occupancy at its start + end_weight x occupancy at its end. [years]
    discount : mapping of 'costs', 'qalys', 'no' -> Array (N,)
        Discount factor of each cycle.
    edge_weights : mapping of 'costs', 'qalys', 'no' -> Array (N + 1,)
        Person-time = sum over edges of weight x occupancy. [years]

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), 4.5: discounting.

    Examples
    --------
    40 years in cycles of 28 days; a patient who never dies lives 40 years, and is dispensed 40 x 365.25 / 30 packs.

    >>> from netcea import load
    >>> grid = Grid.of(load("pnet"))
    >>> grid.time.n_cycles, round(float(grid.edge_weights["no"].sum()), 9), grid.edge_weights["no"].shape
    (522, 40.0, (523,))
    >>> len(grid.dispensings(30 / 365.25).discount), grid.window(None, np.array([28 / 365.25])).sum().item()
    (487, 1.0)
    """

    scenario: Scenario
    time: Timeline
    start_weight: Array
    end_weight: Array
    discount: Mapping[Discounted, Array]
    edge_weights: Mapping[Discounted, Array]
    _arrays: Kept[Array] = field(repr=False, compare=False)
    _dispensings: Kept[Dispensings] = field(repr=False, compare=False)

    @classmethod
    def of(cls, scenario: Scenario) -> Grid:
        """Make the grid of a scenario.

        Parameters
        ----------
        scenario : Scenario
            Its settings and population.

        Returns
        -------
        Grid
            With the arrays that depend on the settings alone.
        """
        settings = scenario.file.settings
        clock = clock_of(
            settings.horizon_years,
            settings.cycle_days,
            settings.half_cycle_correction,
            settings.discounting,
            settings.discount_rate("costs"),
            settings.discount_rate("qalys"),
            scenario.life_table,
            scenario.norms,
        )
        return cls(scenario, *clock)

    @cached_property
    def shares_of_patients(self) -> tuple[tuple[str, SubsequentTreatment], ...]:
        """Subsequent treatments that a share of all patients has, with their names: looked for once."""
        found = self.scenario.file.subsequent_treatments()
        return tuple((name, item) for name, item in found.items() if item.of == "patients")

    def same_rate(self, rate: Rate) -> Rate:
        """Return 'costs' in place of 'qalys' where both are discounted alike: what is paid along them is the same.

        Parameters
        ----------
        rate : {'costs', 'qalys'}
            That is asked for.

        Returns
        -------
        {'costs', 'qalys'}
            Whose streams may be kept for both.
        """
        return "costs" if self.discount["costs"] is self.discount["qalys"] else rate

    def person_time(self, occupied: Array) -> Array:
        """Return person-time in each cycle, Array (draw, N). [years]

        Parameters
        ----------
        occupied : Array (draw, N + 1)
            Share of the cohort at the edges.
        """
        return self.start_weight * occupied[:, :-1] + self.end_weight * occupied[:, 1:]

    def profile_weights(self, discounted: Discounted, profile: Array | None) -> Array:
        """Return edge weights with a profile, Array (N + 1,), (1, N + 1) or (draw, N + 1). [years]

        Parameters
        ----------
        discounted : {'costs', 'qalys', 'no'}
            By which rate.
        profile : Array (1, N) or (draw, N), or None
            What a year in each cycle counts, before discounting; 1 when left out.
        """
        if profile is None:
            return self.edge_weights[discounted]
        key = ("profile", discounted, content(profile)) if len(profile) == 1 else None
        return self._kept(
            key, lambda: edge_weights(self.start_weight, self.end_weight, profile * self.discount[discounted])
        )

    def both_weights(self, rate: Rate, profile: Array | None) -> Array:
        """Return edge weights, discounted and not, Array (2, N + 1), (1, 2, N + 1) or (draw, 2, N + 1). [years]

        Parameters
        ----------
        rate : {'costs', 'qalys'}
            By which the first of both is discounted.
        profile : Array (1, N) or (draw, N), or None
            What a year in each cycle counts, before discounting; 1 when left out.
        """

        def work() -> Array:
            return np.stack([self.profile_weights(name, profile) for name in (rate, "no")], axis=-2)

        return self._kept(("both", rate) if profile is None else None, work)

    def flow_factors(self, rate: Rate, profile: Array | None, *, deaths: bool) -> Array:
        """Return what a flow in each cycle counts, discounted and not, in one array.

        Parameters
        ----------
        rate : {'costs', 'qalys'}
            By which the first of both is discounted.
        profile : Array (1, N) or (draw, N), or None
            What one who moves in each cycle counts, before discounting; 1 when left out.
        deaths : bool
            As weights of survival at the edges, of which deaths are the fall.

        Returns
        -------
        Array (..., 2, N), or (..., 2, N + 1) at the edges
            [1]
        """

        def work() -> Array:
            factors = [self.discount[name] * (1.0 if profile is None else profile) for name in (rate, "no")]
            both = np.stack(factors, axis=-2)
            return fall_weights(both) if deaths else both

        return self._kept(("flow", rate, deaths) if profile is None else None, work)

    def window_weights(
        self, starts: Array | None, ends: Array | None, rate: Rate, profile: Array | None
    ) -> tuple[WeightsWithin, ...]:
        """Return weights of person-time in windows of time, discounted and not, for `summed_within`.

        Parameters
        ----------
        starts, ends : Array (draw,) or (1,), or None
            0 and no end when left out. [years]
        rate : {'costs', 'qalys'}
            By which the first of both is discounted.
        profile : Array (1, N) or (draw, N), or None
            What a year in each cycle counts, before discounting; 1 when left out.

        Returns
        -------
        tuple of WeightsWithin
            Every row is in one of them. [years]
        """
        windows = windows_alike(self.time.edges, *_ends(starts, ends))
        factors = self.flow_factors(rate, None, deaths=False)
        counts = factors[np.newaxis] if profile is None else profile[:, np.newaxis, :] * factors
        return weights_within(windows, self.start_weight, self.end_weight, counts)

    def _kept(self, key: tuple[object, ...] | None, work: Callable[[], Array]) -> Array:
        """Return the result of some work, kept by a key if there is one."""
        return work() if key is None else self._arrays.get(key, work)

    def window(self, starts: Array | None, ends: Array | None) -> Array:
        """Return the share of each cycle in a window of time, Array (1, N), or (draw, N) where it differs; 0 to 1.

        Parameters
        ----------
        starts, ends : Array (draw,) or (1,), or None
            0 and no end when left out. [years]
        """
        low, high = _ends(starts, ends)
        key = ("window", low.item(), high.item()) if len(low) == len(high) == 1 else None
        return self._kept(key, lambda: window_fraction(self.time.edges, low, high))

    def population_hazard(self, draws: Draws) -> Array:
        """Return increments of the population's cumulative hazard, Array (1, N), or (draw, N) where cohorts differ.

        Parameters
        ----------
        draws : Draws
            With the cohort's age at the start [years] and the share of women.
        """

        def increments(age: Array, female: Array) -> Array:
            refuse_other_ages(age, self.scenario.life_table.age, self.scenario.file.population.life_table)
            hazard = population_cumulative_hazard(self.scenario.life_table, age, female, self.time.edges)
            return np.diff(hazard, axis=1)

        return self._of_cohort("population", draws, increments)

    def norm(self, draws: Draws, block: Kept[Array] | None = None) -> Array | None:
        """Return the population's utility in each cycle, Array (1, N) or (draw, N). [utility]

        None without age adjustment.

        Parameters
        ----------
        draws : Draws
            With the cohort's age at the start and the share of women.
        block : Kept of Array, optional
            Of these rows, where it is kept if it differs from row to row.
        """
        norms = self.scenario.norms
        if norms is None:
            return None

        def profile(age: Array, female: Array) -> Array:
            refuse_other_ages(age, norms.age, self.scenario.file.population.norms)
            weights = (self.start_weight, self.end_weight)
            return norm_profile(norms, self.scenario.life_table, age, female, self.time.edges, weights)

        return self._of_cohort("norm", draws, profile, block)

    def _of_cohort(
        self, name: str, draws: Draws, work: Callable[[Array, Array], Array], block: Kept[Array] | None = None
    ) -> Array:
        """Return a curve of the general population, kept for good where age and sexes are the same in all rows."""
        population = self.scenario.file.population
        age, female = draws[population.start_age], draws[population.proportion_female]
        if len(age) == len(female) == 1:
            return self._arrays.get((name, float(age[0, 0]), float(female[0, 0])), lambda: work(age, female))
        return work(age, female) if block is None else block.get(name, lambda: work(age, female))

    def dispensings(self, interval: float, origin: float = 0.0, *, keep: bool = True) -> Dispensings:
        """Return the dispensings each `interval` from `origin` while before the horizon.

        Parameters
        ----------
        interval : float
            Above 0. [years]
        origin : float
            The first of them, not below 0. [years]
        keep : bool
            Whether others will ask for the same: not for an interval that differs from row to row.

        Returns
        -------
        Dispensings
            Their number is (horizon - origin) / interval, rounded up; none from the horizon on.
        """
        if keep:
            return self._dispensings.get((interval, origin), lambda: self._scheduled(interval, origin))
        return self._scheduled(interval, origin)

    def _scheduled(self, interval: float, origin: float) -> Dispensings:
        least = 1 if origin == 0.0 else 0
        count = max(least, int(np.ceil((self.time.horizon_years - origin) / interval - 1e-9)))
        # days first: a pack of 28 days must meet the edges of 28-day cycles to the last bit
        first, step = _days(origin), _days(interval)
        times = (first + np.arange(count, dtype=np.float64) * step) / DAYS_PER_YEAR
        settings = self.scenario.file.settings
        factor = moment_discount(self.time, times, settings.discount_rate("costs"), settings.discounting)
        both = np.stack([factor, np.ones_like(factor)])
        return Dispensings(Moments.between(self.time.edges, times), factor, both)


def _ends(starts: Array | None, ends: Array | None) -> tuple[Array, Array]:
    """Return both ends of a window, each Array (1, 1) or (draw, 1): 0 and no end when left out. [years]"""
    low = np.zeros((1, 1)) if starts is None else starts.reshape(-1, 1)
    return low, np.full((1, 1), np.inf) if ends is None else ends.reshape(-1, 1)


def _days(years: float) -> float:
    """Return a time in days, whole where it is whole but for rounding."""
    days = years * DAYS_PER_YEAR
    whole = round(days)
    return float(whole if abs(days - whole) < 1e-9 else days)


def refuse_other_ages(start: Array, ages: Array, table: str, words: str = AT_THE_START) -> None:
    """Refuse ages below or above those of a table of the general population.

    Parameters
    ----------
    start : Array (row,)
        At which the table is read. [years]
    ages : Array (age,)
        Of the table. [years]
    table : str
        Its address.
    words : str
        What an age is, with {} for it.

    Raises
    ------
    ModelError
        With the first of them.
    """
    wrong = start[refused(ages, start)]
    if len(wrong):
        raise ModelError(f"{words.format(read(wrong[0]))}; {table} has ages {read(ages[0])} to {read(ages[-1])}")
