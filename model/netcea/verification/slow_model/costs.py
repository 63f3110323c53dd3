"""Costs of one strategy in the slow model."""

from __future__ import annotations

import math
from typing import Any

from netcea.costs.adverse_events import AdverseEvent
from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.verification.slow_model.cycles import A_MOMENT, share_of_cycle
from netcea.verification.slow_model.patients import Patients


class Costs(Patients):
    """What the patients of one strategy cost, and their adverse events."""

    def counts(self, item: Any) -> bool:
        """Whether the perspective has the payer: NHS and PSS alone, everybody, or those of a list."""
        perspective = self.file.decision_problem.perspective
        if isinstance(perspective, str):
            return perspective == "societal" or getattr(item, "payer", "NHS and PSS") == "NHS and PSS"
        return getattr(item, "payer", "NHS and PSS") in perspective

    def run_costs(self) -> None:
        """Every cost item that this strategy bears."""
        for name, item in self.file.costs.items():
            if self.counts(item) and (item.strategies == "all" or self.name in item.strategies):
                getattr(self, f"cost_{item.kind}")(name, item)

    def cost_drug_acquisition(self, name: str, item: Any) -> None:
        """In each window of time the item as it is there; once, without an end, where it has no windows."""
        if not getattr(item, "windows", None):
            self.drug_in_a_window(name, item, (0.0, math.inf, 0.0))
            return
        reached = 0.0
        for window in item.windows:
            starts = max(self.value(window.starts, 0.0), reached)
            ends = self.value(window.ends, math.inf)
            reached = max(reached, ends)
            here, begins_anew = item.model_copy(), False
            for field in type(window).model_fields:
                if field not in ("starts", "ends") and getattr(window, field) is not None:
                    here = here.model_copy(update={field: getattr(window, field)})
                    begins_anew = begins_anew or field in ("pack_days", "share_of_tablets_taken", "interval")
            self.drug_in_a_window(name, here, (starts, ends, starts if begins_anew else 0.0))

    def drug_in_a_window(self, name: str, item: Any, window: tuple[float, float, float]) -> None:
        """Whole packs, person-time, or vials."""
        payers = self.value(item.share, 1.0) * (1.0 - self.value(item.discount, 0.0))
        if item.price_follows_milligrams:
            payers *= self.value(item.milligram_intensity)
        if item.method == "per_administration":
            amount = payers * self.value(item.price_per_vial) * self.vials(item)
            self.book_dispensings(name, amount, item.during, self.value(item.interval), window=window)
            return
        lasts = self.value(item.pack_days) / self.value(item.share_of_tablets_taken, 1.0)
        if item.method == "per_pack":
            paid = payers * self.value(item.price_per_pack)
            self.book_dispensings(name, paid, item.during, lasts, window=window)
        else:
            paid = payers * self.value(item.price_per_pack) / lasts
            self.book_person_time(name, paid, item.during, window[0], window[1])

    def vials(self, item: Any) -> float:
        """Mean number of vials of one administration; body size log-normal between patients."""
        vials_per_unit = self.value(item.dose) / self.value(item.vial_mg)
        if item.body_size_mean is None:
            if item.vial_sharing:
                return vials_per_unit
            return math.ceil(vials_per_unit - A_MOMENT)
        mean, sd = self.value(item.body_size_mean), self.value(item.body_size_sd)
        if item.vial_sharing:
            return vials_per_unit * mean
        sigma = math.sqrt(math.log(1.0 + (sd / mean) ** 2))
        mu = math.log(mean) - sigma**2 / 2.0
        total, k = 1.0, 1  # everybody needs one vial; a second by those whose dose exceeds one, and so on
        while True:
            z = (math.log(k / vials_per_unit) - mu) / sigma
            more = math.erfc(z / math.sqrt(2.0)) / 2.0
            total += more
            k += 1
            if z > 0.0 and more < 1e-17:
                return total

    def cost_administration(self, name: str, item: Any) -> None:
        """Occasions x unit cost."""
        amount = self.value(item.share, 1.0) * self.value(item.unit_cost)
        starts, ends = self.value(item.starts, 0.0), self.value(item.ends, math.inf)
        window = (starts, ends, starts)
        self.book_dispensings(name, amount, item.during, self.value(item.interval), item.occasions, window)

    def cost_resource_use(self, name: str, item: Any) -> None:
        """Person-time x frequency x unit cost."""
        amount = self.value(item.unit_cost) * self.value(item.frequency) * self.value(item.share, 1.0)
        starts, ends = self.value(item.starts, 0.0), self.value(item.ends, math.inf)
        self.book_person_time(name, amount, item.during, starts, ends)

    def cost_subsequent_treatment(self, name: str, item: Any) -> None:
        """Those who begin it x (packs x price + dispensings), for packs that last longer where days are missed."""
        price = self.value(item.price_per_pack) * (1.0 - self.value(item.discount, 0.0))
        lasts = self.value(item.pack_days) / self.value(item.share_of_tablets_taken, 1.0)
        exact = self.value(item.duration) / lasts
        opened = 0
        while opened * (1.0 + A_MOMENT) < exact:  # at times 0, lasts, 2 lasts ... before the end
            opened += 1
        cost = (opened if item.method == "per_pack" else exact) * price
        for k in range(opened):
            cost += self.value(item.first_dispensing if k == 0 else item.later_dispensings, 0.0)
        self.book_flow(name, cost, "progressed", self.begin(item))

    def begin(self, item: Any) -> list[float]:
        """Those who begin a subsequent treatment in each cycle, per patient at the start."""
        share, whole = self.value(item.share), math.fsum(self.progressions)
        if item.of == "progressions":
            return [share * progressed for progressed in self.progressions]
        return [share * (progressed / whole if whole else 0.0) for progressed in self.progressions]

    def later_treatments(self) -> list[SubsequentTreatment]:
        """The subsequent treatments that this strategy bears."""
        items = [item for item in self.file.costs.values() if item.kind == "subsequent_treatment"]
        return [item for item in items if item.strategies == "all" or self.name in item.strategies]

    def cost_end_of_life(self, name: str, item: Any) -> None:
        """Deaths x unit cost."""
        self.book_flow(name, self.value(item.unit_cost), "dead", self.deaths)

    def cost_productivity(self, name: str, item: Any) -> None:
        """Working time lost before the pension age: all of it, or a friction period of each absence."""
        amount = self.value(item.unit_cost) * self.value(item.frequency) * self.value(item.share, 1.0)
        working = self.value(item.pension_age, math.inf) - self.row[self.file.population.start_age]
        if item.method == "human_capital":
            self.book_person_time(name, amount, item.during, 0.0, working)
            return
        period = self.value(item.friction_period)
        if item.during == "progressed":
            self.book_flow(name, amount * period, "progressed", self.progressions, working)
        elif item.during == "dead":
            self.book_flow(name, amount * period, "dead", self.deaths, working)
        else:
            self.book_person_time(name, amount, item.during, 0.0, min(period, working))

    def cost_one_off(self, name: str, item: Any) -> None:
        """At the start, undiscounted."""
        amount = self.value(item.unit_cost) * self.value(item.share, 1.0)
        self.book("costs", (name, "progression_free"), amount, 1, 1.0)

    def run_adverse_events(self) -> None:
        """Costs and QALYs lost: once at the start, or spread over time on treatment."""
        events = self.file.adverse_events
        for name, event in events.events.items():
            self.events_of_later_treatments(name, event)
            if self.name not in event.incidence:
                continue
            incidence = self.value(event.incidence[self.name])
            lasts = min(self.value(event.duration), self.edges[-1])  # what lies beyond the horizon is not counted
            lost = incidence * self.value(event.decrement) * lasts
            cost = incidence * self.value(event.unit_cost)
            for cycle, share, factor_costs, factor_qalys in self.when_adverse_events_happen(events.timing):
                key = (f"adverse_events.{name}", "progression_free")
                if self.counts(event):
                    self.book("costs", key, cost * share, cycle, factor_costs)
                self.book("qalys", key, -lost * share, cycle, factor_qalys)

    def events_of_later_treatments(self, name: str, event: AdverseEvent) -> None:
        """Those who begin a treatment of another strategy have the events of that strategy, when they begin."""
        for item in self.later_treatments():
            if item.adverse_events_of not in event.incidence:
                continue
            incidence = self.value(event.incidence[item.adverse_events_of])
            lasts = min(self.value(event.duration), self.edges[-1])
            lost = incidence * self.value(event.decrement) * lasts
            for i, begin in enumerate(self.begin(item), 1):
                key = (f"adverse_events.{name}", "progressed")
                if self.counts(event):
                    self.book(
                        "costs", key, begin * incidence * self.value(event.unit_cost), i, self.factor["costs"][i - 1]
                    )
                self.book("qalys", key, -begin * lost, i, self.factor["qalys"][i - 1])

    def when_adverse_events_happen(self, timing: str) -> list[tuple[int, float, float, float]]:
        """Cycle, share of the events that fall in it, and discount factors."""
        if timing == "at_start":
            return [(1, 1.0, 1.0, 1.0)]
        if self.file.strategies[self.name].time_on_treatment.rule == "none":
            years = self.years(self.free)
        else:
            free, progressed = self.years(self.treated_free), self.years(self.treated_progressed)
            years = []
            for i in range(1, self.n + 1):
                years.append((free[i - 1] + progressed[i - 1]) * share_of_cycle(self.edges, i, 0.0, self.stops_at()))
        total = math.fsum(years)
        costs, qalys = self.factor["costs"], self.factor["qalys"]
        return [(i, years[i - 1] / total, costs[i - 1], qalys[i - 1]) for i in range(1, self.n + 1)]
