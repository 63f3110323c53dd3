"""Curves of the slow model: family, then ratio, then waning, then background mortality."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from netcea.scenario.scenario import Scenario
from netcea.survival.curve import CurveModel
from netcea.verification.slow_model.families import (
    averaged_hazard,
    cumulative_hazard,
    median_of,
    structure_of,
    table_hazard,
    with_median,
)
from netcea.verification.slow_model.mortality import Row, hazard_of_one_sex

SurvivalTables: TypeAlias = Mapping[str, Sequence[tuple[float, float]]]
"""Address of a survival table -> its (time, survival)."""


class Curves:
    """Every curve of a scenario for one row: family, then ratio, then waning, then background mortality."""

    def __init__(self, scenario: Scenario, row: Row, edges: Sequence[float], tables: SurvivalTables) -> None:
        self.scenario, self.edges, self.tables = scenario, edges, tables
        self.row: Any = row  # by addresses that a model may lack
        self.at_edges: dict[tuple[str, str], list[float]] = {}
        self.prepared: dict[str, tuple[str, Mapping[str, float], Any, float]] = {}
        self.population_cache: dict[float, float] = {}

    # -------------------------------------------------------------------- the general population
    def population(self, t: float) -> float:
        """Cumulative hazard of a population of the cohort's age and sexes at the start: a mixture of survivals."""
        if t not in self.population_cache:
            population = self.scenario.file.population
            age, p = self.row[population.start_age], self.row[population.proportion_female]
            female, male = (hazard_of_one_sex(self.scenario.life_table, sex, age, t) for sex in ("female", "male"))
            less = min(female, male)  # of both together: exp(-900) of each would be nobody
            left = p * math.exp(less - female) + (1.0 - p) * math.exp(less - male)
            self.population_cache[t] = less - math.log(left)
        return self.population_cache[t]

    # -------------------------------------------------------------------- step 1: family or ratio
    def own(self, address: str, t: float) -> float:
        """H before waning and background mortality."""
        model = self.scenario.curves[address]
        if model.relative_to is not None:
            if model.hazard_ratios:
                return self.by_interval(model, t)
            if model.hazard_ratio is not None:
                return float(self.row[model.hazard_ratio]) * self.before_background(model.relative_to, t)
            return self.before_background(model.relative_to, t / self.row[model.acceleration_factor])
        family, p, structure, time_factor = self.prepare(address)
        if family == "averaged":
            families: Any = model.distribution
            h = averaged_hazard(t * time_factor, p, families.components)
        elif family in ("tabulated", "kaplan_meier"):
            h = table_hazard(family, t * time_factor, p, structure, self.tables[structure.table])
        else:
            h = cumulative_hazard(family, t * time_factor, p, structure)
        if model.ratio_without_crossover is not None:  # the effect that was seen over the one that there was
            h *= self.row[model.ratio_with_crossover] / self.row[model.ratio_without_crossover]
        return h if model.hazard_ratio is None else self.row[model.hazard_ratio] * h

    def by_interval(self, model: CurveModel, t: float) -> float:
        """Each interval's ratio times what the reference's H rises by between its two ends, as far as t."""
        total, begins = 0.0, 0.0
        for interval in model.hazard_ratios:
            ends = t if interval.until is None else min(max(self.row[interval.until], begins), t)
            rise = self.before_background(model.relative_to, ends) - self.before_background(model.relative_to, begins)
            total += self.row[interval.hazard_ratio] * rise
            begins = ends
        return total

    def prepare(self, address: str) -> tuple[str, Mapping[str, float], Any, float]:
        """Family, parameters, structure, and what multiplies years."""
        if address in self.prepared:
            return self.prepared[address]
        model = self.scenario.curves[address]
        family = str(getattr(model.distribution, "name", ""))
        structure = self.structure(address)
        p = {name: self.row[a] for name, a in model.parameters.items()}
        time_factor = model.time_factor
        if model.median is not None:
            median = self.row[model.median] * time_factor
            if model.moved_to_median is not None:
                own = median_of(family, p, structure)
                time_factor *= (own if math.isfinite(own) else model.moved_to_median) / median
            else:
                p = with_median(family, median, p)
        self.prepared[address] = family, p, structure, time_factor
        return self.prepared[address]

    def structure(self, address: str) -> Any:
        """What a family has beside its parameters: the curve's own block, or what a fit to patients found."""
        block = self.block(address)
        return (
            block if getattr(block, "fit", None) is None else structure_of(self.scenario.curves[address].distribution)
        )

    def block(self, address: str) -> Any:
        """The curve's block in the scenario file."""
        _, name, endpoint = address.split(".")
        strategy = self.scenario.file.strategies[name]
        return strategy.time_on_treatment.curve if endpoint == "time_on_treatment" else getattr(strategy, endpoint)

    # -------------------------------------------------------------------- step 2: waning
    def before_background(self, address: Any, t: float) -> float:
        """H after waning."""
        if self.scenario.curves[address].waning_towards is None:
            return self.own(address, t)
        key = (address, "waned")
        if key not in self.at_edges:
            self.at_edges[key] = self.waned_at_edges(address)
        return self.between_edges(self.at_edges[key], t)

    def waned_at_edges(self, address: str) -> list[float]:
        """The hazard moves from the own to the reference's, increment by increment."""
        model = self.scenario.curves[address]
        starts, ends = self.row[model.waning_starts], self.row[model.waning_ends]
        reference = model.waning_towards
        if model.waning_since == "discontinuation":
            return self.waned_by_patient(model, starts, ends)
        since = self.waning_counts_from(model)
        starts, ends = since + starts, since + ends
        if model.waning_loses_gain:
            return self.gain_lost(model, [self.effect_left(t, starts, ends) for t in self.edges])
        h = [0.0]
        for i in range(1, len(self.edges)):
            a, b = self.edges[i - 1], self.edges[i]
            if starts == ends:
                split = min(max(starts, a), b)
                own = self.own(address, split) - self.own(address, a)
                other = self.before_background(reference, b) - self.before_background(reference, split)
                h.append(h[-1] + own + other)
                continue
            weight = min(max(((a + b) / 2.0 - starts) / (ends - starts), 0.0), 1.0)
            own = self.own(address, b) - self.own(address, a)
            other = self.before_background(reference, b) - self.before_background(reference, a)
            h.append(h[-1] + (1.0 - weight) * own + weight * other)
        return h

    def effect_left(self, t: float, starts: float, ends: float) -> float:
        """1 until `starts`, 0 from `ends`, a straight line between."""
        if t >= ends:
            return 0.0
        return 1.0 if t <= starts else (ends - t) / (ends - starts)

    def gain_lost(self, model: CurveModel, effect: Sequence[float]) -> list[float]:
        """Survival moves to the reference's; nobody rises from the dead."""
        h = [0.0]
        for i in range(1, len(self.edges)):
            own = math.exp(-self.own(model.address, self.edges[i]))
            other = math.exp(-self.before_background(model.waning_towards, self.edges[i]))
            h.append(max(h[-1], -math.log(effect[i] * own + (1.0 - effect[i]) * other)))
        return h

    def waning_counts_from(self, model: CurveModel) -> float:
        """When everybody stops, or the mean or the median time on treatment; 0 for baseline."""
        if model.waning_since == "baseline":
            return 0.0
        stops = math.inf if model.waning_stops is None else self.row[model.waning_stops]
        if model.waning_since == "end_of_treatment":
            return stops
        treated = [self.before_background(model.waning_treatment, t) for t in self.edges]
        mean = 0.0
        for i in range(1, len(self.edges)):
            a, b = self.edges[i - 1], min(self.edges[i], stops)
            if model.waning_since == "median_time_on_treatment" and treated[i] > math.log(2.0):
                share = (math.log(2.0) - treated[i - 1]) / (treated[i] - treated[i - 1])
                return min(stops, a + share * (self.edges[i] - a))
            if b > a:
                at_b = treated[i - 1] + (treated[i] - treated[i - 1]) * (b - a) / (self.edges[i] - a)
                mean += (math.exp(-treated[i - 1]) + math.exp(-at_b)) / 2.0 * (b - a)
        return min(stops, math.inf) if model.waning_since == "median_time_on_treatment" else mean

    def leavers(self, model: CurveModel) -> list[tuple[float, float]]:
        """(time, share) of those who discontinue, a group for each cycle and one for the rest; deaths left aside."""
        stops = math.inf if model.waning_stops is None else self.row[model.waning_stops]
        apart = [0.0]
        for t in self.edges[1:]:
            apart.append(max(apart[-1], self.before_background(model.waning_treatment, t) - self.own(model.address, t)))
        groups, still = [], 1.0
        for i in range(1, len(self.edges)):
            a, b = self.edges[i - 1], self.edges[i]
            if stops > b:
                left = math.exp(-apart[i])
                groups.append(((a + b) / 2.0, still - left))
                still = left
            elif still > 0.0:
                at_stop = math.exp(-(apart[i - 1] + (apart[i] - apart[i - 1]) * (stops - a) / (b - a)))
                groups.append((((still - at_stop) * (a + stops) / 2.0 + at_stop * stops) / still, still))
                still = 0.0
        return [*groups, (math.inf, still)]

    def waned_by_patient(self, model: CurveModel, starts: float, ends: float) -> list[float]:
        """Follow each group that discontinues together, hazards constant within cycles; then add the groups up."""
        groups = self.leavers(model)
        if model.waning_loses_gain:
            effect = [math.fsum(n * self.effect_left(t - s, starts, ends) for s, n in groups) for t in self.edges]
            return self.gain_lost(model, effect)
        own = [self.own(model.address, t) for t in self.edges]
        other = [self.before_background(model.waning_towards, t) for t in self.edges]
        alive = [0.0] * len(self.edges)
        for s, n in groups:
            h = 0.0
            alive[0] += n
            for i in range(1, len(self.edges)):
                a, b = self.edges[i - 1], self.edges[i]
                left = self.mean_effect(a - s, b - s, starts, ends)
                h += left * (own[i] - own[i - 1]) + (1.0 - left) * (other[i] - other[i - 1])
                alive[i] += n * math.exp(-h)
        return [-math.log(share) for share in alive]

    def mean_effect(self, a: float, b: float, starts: float, ends: float) -> float:
        """The mean of what is left of the effect between two times since discontinuation (-inf: never)."""
        if b <= starts:
            return 1.0
        whole = max(min(b, starts) - a, 0.0)
        x, y = min(max(a, starts), ends), min(max(b, starts), ends)
        fading = (y - x) * (self.effect_left(x, starts, ends) + self.effect_left(y, starts, ends)) / 2.0
        return (whole + (fading if y > x else 0.0)) / (b - a)

    # -------------------------------------------------------------------- step 3: background mortality
    def hazard(self, address: str, t: float) -> float:
        """H of the finished curve."""
        mechanism = self.scenario.curves[address].background_mortality
        if mechanism == "none":
            return self.before_background(address, t)
        key = (address, mechanism)
        if key not in self.at_edges:
            h = [0.0]
            for i in range(1, len(self.edges)):
                a, b = self.edges[i - 1], self.edges[i]
                model = self.before_background(address, b) - self.before_background(address, a)
                population = self.population(b) - self.population(a)
                h.append(h[-1] + (model + population if mechanism == "excess" else max(model, population)))
            self.at_edges[key] = h
        return self.between_edges(self.at_edges[key], t)

    def survival(self, address: str, t: float) -> float:
        """S(t) of the finished curve."""
        return math.exp(-self.hazard(address, t))

    def between_edges(self, h: Sequence[float], t: float) -> float:
        """Log-linear survival between the edges; beyond the last edge its last hazard goes on."""
        edges = self.edges
        i = int(t / (edges[1] - edges[0])) + 1  # all cycles but the last have one length
        i = min(max(i, 1), len(edges) - 1)
        while i > 1 and t < edges[i - 1]:
            i -= 1
        while i < len(edges) - 1 and t > edges[i]:
            i += 1
        if t == edges[i]:
            return h[i]
        return h[i - 1] + (h[i] - h[i - 1]) * (t - edges[i - 1]) / (edges[i] - edges[i - 1])
