"""Life years and QALYs of one strategy in the slow model."""

from __future__ import annotations

import math
from typing import Any

from netcea.verification.slow_model.costs import Costs
from netcea.verification.slow_model.cycles import person_time, share_of_cycle
from netcea.verification.slow_model.mortality import hazard_of_one_sex, table_lookup


class Effects(Costs):
    """What the patients of one strategy gain."""

    def run_life_years(self) -> None:
        """Person-time in each state."""
        for state, x in (("progression_free", self.free), ("progressed", self.progressed)):
            years = self.years(x)
            for i in range(1, self.n + 1):
                self.book("life_years", ("state", state), years[i - 1], i, self.factor["qalys"][i - 1])

    def norm(self, age: float, p: float) -> float:
        """Norm at an age in completed years, of a population with a share p of women."""
        norms: Any = self.scenario.norms
        return p * table_lookup(norms.age, norms.female, age) + (1.0 - p) * table_lookup(norms.age, norms.male, age)

    def women_in_cycle(self, cycle: int) -> float:
        """Women's share of the years that the general population lives in a cycle: as men die first, it rises."""
        if cycle in self.women:
            return self.women[cycle]
        population, life_table = self.file.population, self.scenario.life_table
        age, p = self.row[population.start_age], self.row[population.proportion_female]
        lived = {}
        for sex, share in (("female", p), ("male", 1.0 - p)):
            ends = self.edges[cycle - 1], self.edges[cycle]
            alive = [math.exp(-hazard_of_one_sex(life_table, sex, age, t)) for t in ends]
            lived[sex] = share * person_time(ends, alive, self.file.settings.half_cycle_correction)[0]
        both = lived["female"] + lived["male"]
        self.women[cycle] = lived["female"] / both if both > 0.0 else p  # where nobody is left it counts for nothing
        return self.women[cycle]

    def adjusted(self, utility: float, cycle: int) -> float:
        """The utility at the age at which a cycle starts: u norm(age) / norm(anchor), never above the norm."""
        if self.file.utilities.age_adjustment == "none":
            return utility
        start_age = self.row[self.file.population.start_age]
        anchor = self.value(self.file.utilities.anchor_age, start_age)
        norm = self.norm(start_age + self.edges[cycle - 1], self.women_in_cycle(cycle))
        at_anchor = self.norm(anchor, self.row[self.file.population.proportion_female])
        return min(utility * norm / at_anchor, norm)

    def own_utilities(self) -> dict[str, str | None]:
        """Addresses of the strategy's utilities: what it states of its own goes before what all have."""
        utilities = self.file.utilities
        names = ["progression_free", "progressed", "decrement_on_progression", "on_treatment_disutility"]
        names += ["off_treatment_progression_free", "off_treatment_progressed"]
        found = {name: getattr(utilities, name) for name in names}
        own = utilities.by_strategy.get(self.name)
        if own is not None:
            if own.progressed is not None or own.decrement_on_progression is not None:
                found["progressed"] = found["decrement_on_progression"] = None
            for name in names:
                if getattr(own, name) is not None:
                    found[name] = getattr(own, name)
        return found

    def run_qalys(self) -> None:
        """Utility x person-time in each state."""
        if self.file.utilities.by == "time_to_death":
            self.qalys_by_time_to_death()
            return
        utilities = self.own_utilities()
        free = self.value(utilities["progression_free"])
        if utilities["progressed"] is not None:
            progressed = self.value(utilities["progressed"])
        else:
            progressed = free - self.value(utilities["decrement_on_progression"])
        disutility = self.value(utilities["on_treatment_disutility"], 0.0)
        for state, x, treated, on, off in (
            (
                "progression_free",
                self.free,
                self.treated_free,
                free - disutility,
                self.value(utilities["off_treatment_progression_free"], free),
            ),
            (
                "progressed",
                self.progressed,
                self.treated_progressed,
                progressed - disutility,
                self.value(utilities["off_treatment_progressed"], progressed),
            ),
        ):
            years, years_treated = self.years(x), self.years(treated)
            for i in range(1, self.n + 1):
                with_treatment = years_treated[i - 1] * share_of_cycle(self.edges, i, 0.0, self.stops_at())
                without = years[i - 1] - with_treatment
                gained = self.adjusted(on, i) * with_treatment + self.adjusted(off, i) * without
                self.book("qalys", ("state", state), gained, i, self.factor["qalys"][i - 1])

        on, off = progressed - disutility, self.value(utilities["off_treatment_progressed"], progressed)
        for item in self.later_treatments():
            if item.disutility == "on_treatment":
                for i, begin in enumerate(self.begin(item), 1):
                    lasts = min(self.value(item.duration), self.edges[-1])
                    lost = (self.adjusted(off, i) - self.adjusted(on, i)) * lasts
                    self.book("qalys", ("state", "progressed"), -begin * lost, i, self.factor["qalys"][i - 1])

    def qalys_by_time_to_death(self) -> None:
        """Of those alive at t, S(t + a) - S(t + b) die between a and b from then; both states alike."""
        utilities: Any = self.file.utilities
        edges_hazard = [-math.log(alive) for alive in self.alive]
        shares = []  # for each edge: the share of the living in each band, then beyond
        for j in range(self.n + 1):
            here, found = self.alive[j], []
            later = here
            for band in utilities.bands:
                after = math.exp(-self.curves.between_edges(edges_hazard, self.edges[j] + self.row[band.within]))
                found.append((later - after) / here)
                later = after
            found.append(later / here)
            shares.append(found)
        levels = [self.row[band.utility] for band in utilities.bands] + [self.row[utilities.beyond]]
        for state, x in (("progression_free", self.free), ("progressed", self.progressed)):
            for band, level in enumerate(levels):
                in_band = [x[j] * shares[j][band] for j in range(self.n + 1)]
                years = self.years(in_band)
                for i in range(1, self.n + 1):
                    gained = self.adjusted(level, i) * years[i - 1]
                    self.book("qalys", ("state", state), gained, i, self.factor["qalys"][i - 1])
