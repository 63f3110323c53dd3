"""Where the patients of one strategy are, in the slow model, and the books in which amounts are entered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from netcea.scenario.scenario import Scenario
from netcea.verification.slow_model.curves import Curves
from netcea.verification.slow_model.cycles import (
    A_MOMENT,
    cycle_of,
    discount_at_moment,
    discount_factors,
    person_time,
    rates_of,
    share_of_cycle,
)
from netcea.verification.slow_model.mortality import Row

Account: TypeAlias = dict[tuple[str, str], list[float]]
"""(item or source, state) -> amount of each cycle."""


class Patients:
    """Where the patients of one strategy are, and what they cost and gain."""

    def __init__(self, scenario: Scenario, row: Row, name: str, curves: Curves) -> None:
        self.scenario, self.name, self.curves = scenario, name, curves
        self.row: Any = row  # by addresses that a block may lack
        self.file = scenario.file
        self.settings = scenario.file.settings
        self.edges = curves.edges
        self.n = len(self.edges) - 1
        self.factor = {
            "costs": discount_factors(self.edges, rates_of(self.settings, "costs"), self.settings.discounting),
            "qalys": discount_factors(self.edges, rates_of(self.settings, "qalys"), self.settings.discounting),
        }
        self.rate = {"costs": rates_of(self.settings, "costs"), "qalys": rates_of(self.settings, "qalys")}
        self.costs: Account = {}
        self.undiscounted_costs: Account = {}
        self.qalys: Account = {}
        self.undiscounted_qalys: Account = {}
        self.life_years: Account = {}
        self.undiscounted_life_years: Account = {}
        self.women: dict[int, float] = {}
        self.occupancy()
        self.flows()

    def value(self, address: str | None, otherwise: float | None = None) -> float:
        """A number by its address; the default where the file names none."""
        return float(self.row[address] if address is not None else otherwise)  # type: ignore[arg-type]  # one is there

    def survival_pfs(self, t: float) -> float:
        """S_PFS(t)."""
        return self.curves.survival(f"strategies.{self.name}.pfs", t)

    def survival_os(self, t: float) -> float:
        """S_OS(t)."""
        return self.curves.survival(f"strategies.{self.name}.os", t)

    def states(self, t: float) -> tuple[float, float, float]:
        """Progression-free, progressed and alive at a time."""
        pfs, overall = self.survival_pfs(t), self.survival_os(t)
        if self.settings.crossing == "raise_os":
            alive = max(pfs, overall)
            free = pfs
        else:
            alive = overall
            free = min(pfs, overall)
        return free, alive - free, alive

    def on_treatment(self, t: float) -> tuple[float, float]:
        """Those on treatment who are progression-free, and those who have progressed, stopping rule apart."""
        treatment = self.file.strategies[self.name].time_on_treatment
        free, _, alive = self.states(t)
        if treatment.rule == "none":
            return 0.0, 0.0
        if treatment.rule == "until_progression":
            return free, 0.0
        if treatment.rule == "pfs_time_ratio":
            treated = self.survival_pfs(t / self.row[treatment.time_ratio])
        else:
            treated = self.curves.survival(f"strategies.{self.name}.time_on_treatment", t)
        treated = min(treated, alive)
        before_progression = min(treated, free)
        return before_progression, treated - before_progression

    def stops_at(self) -> float:
        """The time at which everybody stops."""
        return self.value(self.file.strategies[self.name].time_on_treatment.stops_at, math.inf)

    def occupancy(self) -> None:
        """At the edges."""
        self.free, self.progressed, self.alive, self.capped = [], [], [], []
        self.treated_free, self.treated_progressed = [], []
        for t in self.edges:
            free, progressed, alive = self.states(t)
            self.free.append(free)
            self.progressed.append(progressed)
            self.alive.append(alive)
            self.capped.append(free < self.survival_pfs(t))
            treated_free, treated_progressed = self.on_treatment(t)
            self.treated_free.append(treated_free)
            self.treated_progressed.append(treated_progressed)

    def years(self, x: Sequence[float]) -> list[float]:
        """Person-time of each cycle."""
        return person_time(self.edges, x, self.settings.half_cycle_correction)

    def flows(self) -> None:
        """Deaths, deaths from progression-free and progressions in each cycle."""
        share = self.row[self.file.survival.share_of_pfs_events_that_are_deaths]
        self.deaths, self.deaths_free, self.progressions = [], [], []
        years_free = self.years(self.free)
        for i in range(1, self.n + 1):
            length = self.edges[i] - self.edges[i - 1]
            population = self.curves.population(self.edges[i]) - self.curves.population(self.edges[i - 1])
            deaths = self.alive[i - 1] - self.alive[i]
            exits = self.free[i - 1] - self.free[i]
            from_free = max(share * exits, population / length * years_free[i - 1])
            if self.capped[i]:
                from_free = exits
            from_free = min(from_free, exits, deaths)
            self.deaths.append(deaths)
            self.deaths_free.append(from_free)
            self.progressions.append(exits - from_free)

    def book(self, what: str, key: tuple[str, str], amount: float, cycle: int, factor: float) -> None:
        """Add an amount to a cycle, discounted and not."""
        for account, value in ((getattr(self, what), amount * factor), (getattr(self, f"undiscounted_{what}"), amount)):
            account.setdefault(key, [0.0] * self.n)[cycle - 1] += value

    def book_person_time(
        self, item: str, amount: float, during: str, starts: float = 0.0, ends: float = math.inf
    ) -> None:
        """An amount for each year in a state or on treatment between two times."""
        if during == "on_treatment":
            occupied = {"progression_free": self.treated_free, "progressed": self.treated_progressed}
            ends = min(ends, self.stops_at())
        elif during == "alive":
            occupied = {"progression_free": self.free, "progressed": self.progressed}
        else:
            dead = [1.0 - alive for alive in self.alive]
            occupied = {during: {"progression_free": self.free, "progressed": self.progressed, "dead": dead}[during]}
        for state, x in occupied.items():
            years = self.years(x)
            for i in range(1, self.n + 1):
                paid = amount * years[i - 1] * share_of_cycle(self.edges, i, starts, ends)
                self.book("costs", (item, state), paid, i, self.factor["costs"][i - 1])

    def book_dispensings(
        self,
        item: str,
        amount: float,
        during: str,
        interval: float,
        occasions: str = "all",
        window: tuple[float, float, float] = (0.0, math.inf, 0.0),
    ) -> None:
        """An amount at a time (0) and each interval from it before the horizon, for those in the state at that moment.

        Only moments from the start of a window on, and before its end, count.
        """
        starts, ends, origin = window
        k = 0
        while origin + k * interval < self.settings.horizon_years - A_MOMENT:
            moment = origin + k * interval
            counted = (occasions == "all") or (occasions == "first" and k == 0) or (occasions == "later" and k > 0)
            if counted and starts - A_MOMENT <= moment < ends - A_MOMENT:
                factor = discount_at_moment(self.edges, moment, self.rate["costs"], self.settings.discounting)
                cycle = cycle_of(self.edges, moment)
                for state, present in self.present(during, moment).items():
                    self.book("costs", (item, state), amount * present, cycle, factor)
            k += 1

    def present(self, during: str, t: float) -> dict[str, float]:
        """Who is in a state or on treatment at a moment."""
        if during == "on_treatment":
            if t >= self.stops_at() - A_MOMENT:
                return {}
            free, progressed = self.on_treatment(t)
            return {"progression_free": free, "progressed": progressed}
        free, progressed, _ = self.states(t)
        both = {"progression_free": free, "progressed": progressed}
        return both if during == "alive" else {during: both[during]}

    def book_flow(self, item: str, amount: float, state: str, flow: Sequence[float], ends: float = math.inf) -> None:
        """An amount for each death or progression before a time."""
        for i in range(1, self.n + 1):
            paid = amount * flow[i - 1] * share_of_cycle(self.edges, i, 0.0, ends)
            self.book("costs", (item, state), paid, i, self.factor["costs"][i - 1])
