"""What a run needs once, before any row is simulated: edges, weights, discount factors, population curves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.cohort.mortality import population_cumulative_hazard
from netcea.cohort.norms import norm_profile
from netcea.cohort.timeline import (
    Timeline,
    cycle_discount,
    edge_weights,
    moment_discount,
    person_time_weights,
    timeline,
    window_fraction,
)
from netcea.draws import Draws
from netcea.quantities.units import DAYS_PER_YEAR
from netcea.survival.evaluate import Moments

if TYPE_CHECKING:
    from netcea.scenario.scenario import Scenario

Discounted: TypeAlias = Literal["costs", "qalys", "no"]


@dataclass(frozen=True)
class Dispensings:
    """When packs are dispensed: the moments, their discount factors and cycles.

    Attributes
    ----------
    moments : Moments
    discount : Array (moments,)
    cycle : integer array (moments,)
    """

    moments: Moments
    discount: Array


@dataclass
class Grid:
    """The grid of a scenario and everything that depends on it alone.

    Attributes
    ----------
    scenario : Scenario
    time : Timeline
    start_weight, end_weight : Array (N,)
        Person-time in a cycle = start_weight x occupancy at its start + end_weight x occupancy at its end. [years]
    discount : mapping of 'costs', 'qalys', 'no' -> Array (N,)
    """

    scenario: Scenario
    time: Timeline
    start_weight: Array
    end_weight: Array
    discount: dict[Discounted, Array]
    _memo: dict[tuple[object, ...], Array] = field(default_factory=dict)
    _dispensings: dict[tuple[float, str], Dispensings] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario) -> Grid:
        """Make the grid of a scenario."""
        settings = scenario.file.settings
        time = timeline(settings.horizon_years, settings.cycle_days)
        start, end = person_time_weights(time, settings.half_cycle_correction)
        costs = cycle_discount(time, settings.discount_rate_costs, settings.discounting)
        same = settings.discount_rate_qalys == settings.discount_rate_costs
        effects = costs if same else cycle_discount(time, settings.discount_rate_qalys, settings.discounting)
        discount: dict[Discounted, Array] = {"costs": costs, "qalys": effects, "no": np.ones(time.n_cycles)}
        return cls(scenario, time, start, end, discount)

    def person_time(self, occupied: Array) -> Array:
        """Return person-time in each cycle (draw, N) from occupancy at the edges. [years]"""
        return self.start_weight * occupied[:, :-1] + self.end_weight * occupied[:, 1:]

    def edge_weights(self, discounted: Discounted) -> Array:
        """Return weights (N + 1,) with person-time = occupancy at the edges @ weights."""
        key = ("weights", discounted)
        if key not in self._memo:
            self._memo[key] = edge_weights(self.start_weight, self.end_weight, self.discount[discounted])
        return self._memo[key]

    def profile_weights(self, discounted: Discounted, profile: Array | None, until: Array | None = None) -> Array:
        """Return edge weights with a profile over the cycles, up to a time: (N + 1,), (1, N + 1) or (draw, N + 1)."""
        if profile is None and until is None:
            return self.edge_weights(discounted)
        shared = (profile is None or len(profile) == 1) and until is None
        key = ("profile", discounted, profile.tobytes() if shared and profile is not None else None)
        if shared and key in self._memo:
            return self._memo[key]
        per_cycle = np.ones((1, self.time.n_cycles)) if profile is None else profile
        if until is not None:
            per_cycle = per_cycle * self.window(None, until)
        weights = edge_weights(self.start_weight, self.end_weight, per_cycle * self.discount[discounted])
        if shared:
            self._memo[key] = weights
        return weights

    def window(self, starts: Array | None, ends: Array | None) -> Array:
        """Return the share of each cycle that lies in a window of time: (1, N), or (draw, N) where it differs."""
        low = np.zeros((1, 1)) if starts is None else starts.reshape(-1, 1)
        high = np.full((1, 1), np.inf) if ends is None else ends.reshape(-1, 1)
        if len(low) == len(high) == 1:
            key = ("window", float(low[0, 0]), float(high[0, 0]))
            if key not in self._memo:
                self._memo[key] = window_fraction(self.time.edges, low, high)
            return self._memo[key]
        return window_fraction(self.time.edges, low, high)

    def population_hazard(self, draws: Draws) -> Array:
        """Return the increments of the population's cumulative hazard, (1, N), or (draw, N) where cohorts differ."""
        population = self.scenario.file.population
        age, female = draws[population.start_age], draws[population.proportion_female]
        key = ("population", float(age[0, 0]), float(female[0, 0]))
        if len(age) == len(female) == 1 and key in self._memo:
            return self._memo[key]
        hazard = population_cumulative_hazard(self.scenario.life_table, age, female, self.time.edges)
        increments = np.diff(hazard, axis=1)
        if len(age) == len(female) == 1:
            self._memo[key] = increments
        return increments

    def norm(self, draws: Draws) -> Array | None:
        """Return the population's utility in each cycle, (1, N) or (draw, N); None without age adjustment."""
        if self.scenario.norms is None:
            return None
        population = self.scenario.file.population
        age, female = draws[population.start_age], draws[population.proportion_female]
        key = ("norm", float(age[0, 0]), float(female[0, 0]))
        if len(age) == len(female) == 1 and key in self._memo:
            return self._memo[key]
        profile = norm_profile(self.scenario.norms, age, female, self.time.edges)
        if len(age) == len(female) == 1:
            self._memo[key] = profile
        return profile

    def dispensings(self, interval: float, *, keep: bool = True) -> Dispensings:
        """Return the dispensings each `interval` years from 0 while before the horizon.

        `keep` says whether others will ask for the same; an interval that differs from row to row is not kept.
        """
        key = (interval, "costs")
        if key not in self._dispensings:
            horizon = self.time.horizon_years
            count = max(1, int(np.ceil(horizon / interval - 1e-9)))
            # days first: a pack of 28 days must meet the edges of 28-day cycles to the last bit
            days = interval * DAYS_PER_YEAR
            whole = round(days)
            step = float(whole if abs(days - whole) < 1e-9 else days)
            times = np.arange(count, dtype=np.float64) * step / DAYS_PER_YEAR
            settings = self.scenario.file.settings
            factor = moment_discount(self.time, times, settings.discount_rate_costs, settings.discounting)
            made = Dispensings(Moments.between(self.time.edges, times), factor)
            if not keep:
                return made
            self._dispensings[key] = made
        return self._dispensings[key]
