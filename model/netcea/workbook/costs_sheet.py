"""Costs, utilities and adverse events: amounts on sheets of their own, streams and what is accrued on the traces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from netcea.costs.adverse_events import AdverseEvent
from netcea.costs.item import Accrual, CostItem
from netcea.draws import Draws, base_case
from netcea.exposure import Flow, Occasions, Rate, While
from netcea.plan import Plan
from netcea.scenario import Scenario
from netcea.utilities import STATES, Utilities
from netcea.workbook import cycles_sheet as grid
from netcea.workbook.book import Book, Page
from netcea.workbook.cycles_sheet import Cycles, norm_at, proportion_female, start_age
from netcea.workbook.dispensing_sheet import Dispensing
from netcea.workbook.formula import Formula, NotInFormulasError
from netcea.workbook.inputs_sheet import Inputs
from netcea.workbook.tables_sheet import Tables
from netcea.workbook.trace_sheet import Trace, stops


@dataclass(frozen=True)
class Stream:
    """Columns of a trace with units of exposure per cycle, discounted and not."""

    discounted: str
    undiscounted: str


class Intervals:
    """Runs cost items on numbers, to learn the shortest interval of each formula."""

    def __init__(self, scenario: Scenario, strategy: str, draws: Draws) -> None:
        self.scenario, self.strategy, self.draws = scenario, strategy, draws
        self.found: list[float] = []

    def value(self, address: str | None, default: float | None = None) -> Any:
        """Return a number of the scenario."""
        return np.array([1.0 if default is None else default]) if address is None else self.draws[address][:, 0]

    def dispensings(self, _during: While, interval: Any, _occasions: Occasions = "all") -> dict[str, Any]:
        """Note an interval."""
        self.found.append(float(interval[0]))
        return {}

    def person_time(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Return nothing."""
        return {}

    def flow(self, _name: Flow) -> None:
        """Return nothing."""

    def at_start(self) -> None:
        """Return nothing."""


class SheetExposure:
    """What cost items see of one strategy: numbers are names of cells, streams are columns of its trace."""

    def __init__(self, writer: Accounts, trace: Trace) -> None:
        self.writer, self.trace, self.strategy = writer, trace, trace.strategy

    def value(self, address: str | None, default: float | None = None) -> Formula:
        """Return a number as the name of its cell."""
        return self.writer.inputs.value(address, default)

    def at_start(self) -> Stream:
        """Return the start: all in the first cycle, undiscounted."""
        if "at_start" not in self.trace.columns:
            self.trace.add("at_start", "At the start (patients)", "IF([cycle]=1,1,0)", "0", "integer")
        return Stream("at_start", "at_start")

    def flow(self, name: Flow) -> Stream:
        """Return a flow between states."""
        key = f"discounted_{name}"
        if key not in self.trace.columns:
            self.trace.add(key, f"{name.capitalize()}, discounted", f"[{name}]*[discount_costs]")
        return Stream(key, name)

    def person_time(
        self, during: While, starts: Any = None, ends: Any = None, rate: Rate = "costs"
    ) -> dict[str, Stream]:
        """Return person-time by state."""
        return {
            state: self._time(state, occupied, until, starts, ends, rate)
            for state, occupied, until in self.occupied(during)
        }

    def occupied(self, during: While) -> list[tuple[str, str, str]]:
        """Return (state, column of occupancy, time at which it ends)."""
        if during in STATES:
            return [(during, during, "")]
        if during == "alive":
            return [(state, state, "") for state in STATES]
        until = stops(self.trace, self.writer.inputs)
        choice = self.writer.inputs.variants.choices[f"strategies.{self.strategy}.time_on_treatment.rule"]
        rules = {rule for rule, _ in choice.values}
        found = []
        if rules != {"none"}:
            found.append(("progression_free", "on_free", until))
        if "curve" in rules:
            found.append(("progressed", "on_progressed", until))
        return found

    def _time(self, state: str, occupied: str, until: str, starts: Any, ends: Any, rate: Rate) -> Stream:
        window = ""
        last = ends.text if ends is not None else ""
        if until:
            last = f"MIN({last},{until})" if last else until
        if starts is not None or last:
            first = f"MAX([time_years-1],{starts.text})" if starts is not None else "[time_years-1]"
            end = f"MIN([time_years],{last})" if last else "[time_years]"
            length = "([time_years]-[time_years-1])"
            window = f"*IF({length}<=0,0,MAX(0,MIN(1,({end}-{first})/{length})))"
        del state
        key = self.writer.stream_key(self.trace, f"{occupied}|{window}|{rate}")
        if key not in self.trace.columns:
            words = occupied.replace("_", " ") + (" (part of the time)" if window else "")
            undiscounted = f"([start_weight]*[{occupied}-1]+[end_weight]*[{occupied}]){window}"
            self.trace.add(f"{key}.u", f"Years: {words}", undiscounted)
            self.trace.add(key, f"Years, discounted: {words}", f"[{key}.u]*[discount_{rate}]")
        return Stream(key, f"{key}.u")

    def once_over_treatment(self, rate: Rate = "costs") -> Stream:
        """Return one unit per patient, spread over time on treatment, or progression-free time without treatment."""
        key = f"once_{rate}"
        if key not in self.trace.columns:
            treated = [s.undiscounted for s in self.person_time("on_treatment", rate=rate).values()]
            free = [s.undiscounted for s in self.person_time("progression_free", rate=rate).values()]
            choice = self.writer.inputs.variants.choices[f"strategies.{self.strategy}.time_on_treatment.rule"]

            def share(columns: list[str]) -> str:
                mine = "+".join(f"[{c}]" for c in columns)
                return f"({mine})/({'+'.join(self.trace.total(c) for c in columns)})"

            texts = [share(free) if rule == "none" or not treated else share(treated) for rule, _ in choice.values]
            self.trace.add(f"{key}.u", "Once per patient, over treatment", self.writer.inputs.pick(choice, texts))
            self.trace.add(key, "Once per patient, over treatment, discounted", f"[{key}.u]*[discount_{rate}]")
        return Stream(key, f"{key}.u")

    def dispensings(self, during: While, interval: Any, occasions: Occasions = "all") -> dict[str, Stream]:
        """Return packs or occasions by state."""
        found = {}
        text = Formula.of(interval).text
        for state, _, _ in self.occupied(during):
            key = self.writer.stream_key(self.trace, f"packs|{text}|{during}|{state}|{occasions}")
            if key not in self.trace.columns:
                who, paid, cycle = self.writer.dispensing.spans(text, self.strategy, during, state, occasions)
                words = f"{occasions} packs or occasions, {state.replace('_', ' ')}"
                self.trace.add(f"{key}.u", f"{words}".capitalize(), f"SUMIF({cycle},[cycle],{who})")
                self.trace.add(key, f"{words}, discounted".capitalize(), f"SUMIF({cycle},[cycle],{paid})")
            found[state] = Stream(key, f"{key}.u")
        return found


@dataclass
class Accounts:
    """Writes amounts and what is accrued."""

    book: Book
    inputs: Inputs
    tables: Tables
    cycles: Cycles
    traces: dict[str, Trace]
    dispensing: Dispensing
    _streams: dict[tuple[str, str], str] = field(default_factory=dict)
    undiscounted: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, dict[str, str]] = field(default_factory=dict)

    def stream_key(self, trace: Trace, text: str) -> str:
        """Return a short key for a stream of a trace."""
        key = (trace.strategy, text)
        if key not in self._streams:
            self._streams[key] = f"stream{sum(s == trace.strategy for s, _ in self._streams) + 1}"
        return self._streams[key]

    def write(self) -> None:
        """Write costs, adverse events and utilities, and their columns of every trace."""
        page = self.book.page("Costs", "5B9BD5")
        page.open_with(
            "Costs", "Amount per unit x units = cost. An amount is 0 where the live choice is another option."
        )
        page.heading(5, ["Item", "Option", "Strategy", "State", "Amount (GBP per unit)", "Units, discounted",
                         "Units, undiscounted", "Cost, discounted", "Cost, undiscounted"])  # fmt: skip
        row = 6
        events = self._events_page()
        for strategy, trace in self.traces.items():
            exposure = SheetExposure(self, trace)
            self._life_years(trace, exposure)
            self._utilities(trace, exposure)
            row = self._costs(page, row, trace, exposure)
            row = self._adverse_events(page, row, events, trace, exposure)
            self._streams_of(strategy)
        page.widths(38, 40, 30, 18, 20, 16, 16, 16, 16)
        page.frozen("A6")
        page.landscape(repeat_rows="1:5")

    def _streams_of(self, strategy: str) -> None:
        """Keep the order of columns: nothing to do; here for symmetry of strategies."""
        self.items.setdefault(strategy, {})

    def _life_years(self, trace: Trace, exposure: SheetExposure) -> None:
        for state in STATES:
            stream = exposure.person_time(state, rate="qalys")[state]  # type: ignore[arg-type]
            trace.add(f"undiscounted_life_years_{state}", f"Life years, {state.replace('_', ' ')}, undiscounted",
                      f"[{stream.undiscounted}]")  # fmt: skip
            trace.add(f"life_years_{state}", f"Life years, {state.replace('_', ' ')}", f"[{stream.discounted}]")

    # ------------------------------------------------------------------ costs
    def _costs(self, page: Page, row: int, trace: Trace, exposure: SheetExposure) -> int:
        variants = self.inputs.variants
        for address, choice in variants.choices.items():
            if not address.startswith("costs."):
                continue
            name = address.removeprefix("costs.")
            terms: list[tuple[str, Stream]] = []
            for number, item in enumerate(choice.values, 1):
                if item is None or not item.applies_to(trace.strategy):
                    continue
                for accrual in self._accruals(item, exposure):
                    amount = Formula.of(accrual.amount).text
                    stream: Any = accrual.stream
                    row = self._amount(page, row, (name, choice.options[number - 1], trace, accrual.state),
                                       self._when(choice, number, amount), stream, terms)  # fmt: skip
            if terms:
                self._cost_column(trace, name, item_label(choice.values), terms)
        return row

    def _accruals(self, item: CostItem, exposure: SheetExposure) -> Iterator[Accrual]:
        try:
            yield from item.accrue(exposure)  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            msg = f"cost item '{item.label}': {error}"
            raise NotInFormulasError(msg) from error

    def _when(self, choice: Any, number: int, amount: str) -> str:
        return amount if len(choice.options) == 1 else f"IF({self.inputs.index(choice)}={number},{amount},0)"

    def _amount(
        self, page: Page, row: int, words: tuple[str, str, Trace, str], amount: str, stream: Stream,
        terms: list[tuple[str, Stream]],
    ) -> int:  # fmt: skip
        name, option, trace, state = words
        page.put(row, 1, name)
        page.put(row, 2, option)
        page.put(row, 3, self.inputs.variants.base.label(trace.strategy))
        page.put(row, 4, state.replace("_", " "))
        page.formula(row, 5, amount, "pence")
        page.formula(row, 6, trace.total(stream.discounted), "share")
        page.formula(row, 7, trace.total(stream.undiscounted), "share")
        page.formula(row, 8, f"{page.at(row, 5)}*{page.at(row, 6)}", "pence")
        page.formula(row, 9, f"{page.at(row, 5)}*{page.at(row, 7)}", "pence")
        terms.append((page.at(row, 5), stream))
        self.undiscounted.setdefault(trace.strategy, []).append(page.at(row, 9))
        return row + 1

    def _cost_column(self, trace: Trace, name: str, label: str, terms: list[tuple[str, Stream]]) -> None:
        text = "+".join(f"{amount}*[{stream.discounted}]" for amount, stream in terms)
        trace.add(f"costs_{name}", f"Cost: {label}", text, "0", "pence")
        self.items.setdefault(trace.strategy, {})[name] = f"costs_{name}"

    # ------------------------------------------------------------------ adverse events
    def _events_page(self) -> Page:
        page = self.book.page("Adverse events", "5B9BD5")
        page.open_with("Adverse events", "Incidence x cost, and incidence x decrement x duration.")
        page.heading(5, ["Event", "Option", "Strategy", "Incidence", "Decrement", "Duration (years)", "Unit cost (GBP)",
                         "Cost per patient (GBP)", "QALYs lost per patient"])  # fmt: skip
        page.widths(30, 40, 30, 12, 12, 14, 14, 16, 16)
        page.frozen("A6")
        page.landscape()
        return page

    def _adverse_events(self, page: Page, row: int, events: Page, trace: Trace, exposure: SheetExposure) -> int:
        inputs = self.inputs
        timing = inputs.variants.choices["adverse_events.timing"]
        for address, choice in inputs.variants.choices.items():
            if not address.startswith("adverse_events.events."):
                continue
            name = address.removeprefix("adverse_events.events.")
            cost_terms: list[tuple[str, Stream]] = []
            losses: list[tuple[str, Stream, Stream]] = []
            for number, event in enumerate(choice.values, 1):
                if not isinstance(event, AdverseEvent) or trace.strategy not in event.incidence:
                    continue
                line = events.ws.max_row + 1
                for column, value in enumerate(
                    (name, choice.options[number - 1], inputs.variants.base.label(trace.strategy)), 1
                ):
                    events.put(line, column, value)
                numbers = (event.incidence[trace.strategy], event.decrement, event.duration, event.unit_cost)
                for column, number_address in enumerate(numbers, 4):
                    events.formula(line, column, inputs.number(number_address), "share" if column < 7 else "pence")
                cell = [events.at(line, column) for column in range(4, 8)]
                live = "1" if len(choice.options) == 1 else f"({inputs.index(choice)}={number})"
                events.formula(line, 8, f"{live}*{cell[0]}*{cell[3]}", "pence")
                events.formula(line, 9, f"{live}*{cell[0]}*{cell[1]}*{cell[2]}", "small")
                once = {"at_start": (exposure.at_start(), exposure.at_start()),
                        "on_treatment": (exposure.once_over_treatment("costs"), exposure.once_over_treatment("qalys"))}  # fmt: skip
                for k, when in enumerate(timing.values, 1):
                    switch = f"IF({inputs.index(timing)}={k},{events.at(line, 8)},0)"
                    words = (f"adverse_events.{name}", f"{choice.options[number - 1]}, {when.replace('_', ' ')}", trace,
                             "progression_free")  # fmt: skip
                    row = self._amount(page, row, words, switch, once[when][0], cost_terms)
                    losses.append(
                        (f"IF({inputs.index(timing)}={k},{events.at(line, 9)},0)", once[when][1], once[when][1])
                    )
            if cost_terms:
                self._cost_column(
                    trace, f"adverse_events.{name}", f"adverse event, {name.replace('_', ' ')}", cost_terms
                )
                lost = "+".join(f"{amount}*[{s.discounted}]" for amount, s, _ in losses)
                later = "+".join(f"{amount}*[{s.undiscounted}]" for amount, _, s in losses)
                trace.add(
                    f"qalys_adverse_events.{name}", f"QALYs: adverse event, {name.replace('_', ' ')}", f"-({lost})"
                )
                trace.add(f"undiscounted_qalys_adverse_events.{name}",
                          f"QALYs, undiscounted: adverse event, {name.replace('_', ' ')}", f"-({later})")  # fmt: skip
        return row

    # ------------------------------------------------------------------ utilities
    def _utilities(self, trace: Trace, exposure: SheetExposure) -> None:
        inputs, choice = self.inputs, self.inputs.variants.choices["utilities"]
        page = self.book.page("Utilities", "5B9BD5") if "Utilities" not in self.book.workbook.sheetnames else None
        if page is None:
            page = self._utilities_page
        else:
            page.open_with(
                "Utilities",
                "Level: utility over the population's norm at the anchor age, at most 1, where age-adjusted.",
            )
            page.heading(5, ["Strategy", "State", "On treatment", "Off treatment", "Level on treatment", "Level off treatment",
                             "Age-adjusted", "Norm at the anchor age"])  # fmt: skip
            page.widths(32, 20, 14, 14, 16, 16, 12, 16)
            page.frozen("A6")
            self._utilities_page = page
        adjusted = inputs.pick(choice, ["1" if u.age_adjustment == "multiplicative" else "0" for u in choice.values])
        anchor = inputs.pick(
            choice, [inputs.number(u.anchor_age) if u.anchor_age else f"({start_age(inputs)})" for u in choice.values]
        )
        female = proportion_female(inputs)
        norm = f"{female}*{norm_at(self.tables, 'female', anchor)}+(1-{female})*{norm_at(self.tables, 'male', anchor)}"
        trace.add("norm", "Norm of the population", f"IF({adjusted}=1,{self.cycles.page.title}!$L§,1)", "1", "share")
        until = stops(trace, inputs)
        for state in STATES:
            row = page.ws.max_row + 1 if page.ws.max_row >= 6 else 6
            page.put(row, 1, inputs.variants.base.label(trace.strategy))
            page.put(row, 2, state.replace("_", " "))
            pairs = [_levels(u, state, inputs) for u in choice.values]
            for i in (0, 1):
                page.formula(row, 3 + i, inputs.pick(choice, [pair[i] for pair in pairs]), "share")
                level = f"IF({page.at(row, 7)}=1,MIN({page.at(row, 3 + i)}/{page.at(row, 8)},1),{page.at(row, 3 + i)})"
                page.formula(row, 5 + i, level, "share")
            page.formula(row, 7, adjusted, "integer")
            page.formula(row, 8, norm, "share")
            on, off = page.at(row, 5), page.at(row, 6)
            treated = {"progression_free": "on_free", "progressed": "on_progressed"}[state]
            everyone = f"([start_weight]*[{state}-1]+[end_weight]*[{state}])"
            share = f"MAX(0,MIN(1,({until}-[time_years-1])/([time_years]-[time_years-1])))" if until else ""
            window = f"*IF([time_years]<=[time_years-1],0,{share})" if share else ""
            on_time = f"([start_weight]*[{treated}-1]+[end_weight]*[{treated}]){window}"
            text = f"({off}*{everyone}+({on}-{off})*{on_time})*[norm]"
            trace.add(f"undiscounted_qalys_{state}", f"QALYs, {state.replace('_', ' ')}, undiscounted", text)
            trace.add(
                f"qalys_{state}", f"QALYs, {state.replace('_', ' ')}", f"[undiscounted_qalys_{state}]*[discount_qalys]"
            )


def _levels(utilities: Utilities, state: str, inputs: Inputs) -> tuple[str, str]:
    """Return the formulas of the utility of a state on and off treatment."""
    if utilities.by != "state" or utilities.progression_free is None:
        msg = "utilities by time to death"
        raise NotInFormulasError(msg)
    free = inputs.number(utilities.progression_free)
    if state == "progression_free":
        base, off = free, utilities.off_treatment_progression_free
    else:
        progressed, decrement = utilities.progressed, utilities.decrement_on_progression
        base = inputs.number(progressed) if progressed else f"({free}-{inputs.number(decrement or '')})"
        off = utilities.off_treatment_progressed
    lost = utilities.on_treatment_disutility
    on = f"({base}-{inputs.number(lost)})" if lost else base
    return on, inputs.number(off) if off else base


def item_label(items: list[Any]) -> str:
    """Return what tables call an item."""
    return next(item.label for item in items if item is not None)


def shortest_intervals(scenarios: tuple[Scenario, ...], inputs: Inputs) -> dict[str, float]:
    """Return formula of an interval -> the shortest it is in any scenario [years]."""
    found: dict[str, float] = {}
    for scenario in scenarios:
        draws = base_case(scenario)
        for strategy in scenario.strategies:
            for item in scenario.file.costs.values():
                if not item.applies_to(strategy):
                    continue
                numbers, texts = Intervals(scenario, strategy, draws), _Texts(inputs)
                list(item.accrue(numbers))  # type: ignore[arg-type]
                list(item.accrue(texts))  # type: ignore[arg-type]
                for text, value in zip(texts.found, numbers.found, strict=True):
                    found[text] = min(found.get(text, value), value)
    return found


class _Texts(Intervals):
    """Runs cost items on names of cells, to learn the formula of each interval."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.found: list[str] = []  # type: ignore[assignment]

    def value(self, address: str | None, default: float | None = None) -> Any:
        return self.inputs.value(address, default)

    def dispensings(self, _during: While, interval: Any, _occasions: Occasions = "all") -> dict[str, Any]:
        self.found.append(Formula.of(interval).text)  # type: ignore[arg-type]
        return {}


__all__ = ["Accounts", "Plan", "SheetExposure", "grid", "shortest_intervals"]
