"""What cost items see when they write formulas: names of cells for numbers, columns of a trace for streams."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from netcea.cohort.exposure import Flow, Occasions, Rate, While
from netcea.cohort.utilities import STATES
from netcea.costs.vials import whole_vials, whole_vials_formula
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.scenario.scenario import Scenario
from netcea.workbook.formulas.formula import Formula
from netcea.workbook.sheets.dispensing import Dispensing
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.trace import Trace, stops


@dataclass(frozen=True)
class Stream:
    """Columns of a trace with units of exposure per cycle, discounted and not."""

    discounted: str
    undiscounted: str


@dataclass
class StreamKeys:
    """Short keys for streams of traces."""

    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, strategy: str, text: str) -> str:
        """Return the key of a stream, which says all that it is."""
        key = (strategy, text)
        if key not in self.known:
            self.known[key] = f"stream{sum(s == strategy for s, _ in self.known) + 1}"
        return self.known[key]


class SheetExposure:
    """What cost items see of one strategy: numbers are names of cells, streams are columns of its trace."""

    def __init__(self, inputs: Inputs, dispensing: Dispensing, keys: StreamKeys, trace: Trace) -> None:
        self.inputs, self.dispensing, self.keys = inputs, dispensing, keys
        self.trace, self.strategy = trace, trace.strategy

    def value(self, address: str | None, default: float | None = None) -> Formula:
        """Return a number as the name of its cell."""
        return self.inputs.value(address, default)

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
            state: self._time(occupied, until, starts, ends, rate) for state, occupied, until in self.occupied(during)
        }

    def occupied(self, during: While) -> list[tuple[str, str, str]]:
        """Return (state, column of occupancy, time at which it ends)."""
        if during in STATES:
            return [(during, during, "")]
        if during == "alive":
            return [(state, state, "") for state in STATES]
        until = stops(self.trace, self.inputs)
        choice = self.inputs.variants.choices[f"strategies.{self.strategy}.time_on_treatment.rule"]
        rules = {rule for rule, _ in choice.values}
        found = []
        if rules != {"none"}:
            found.append(("progression_free", "on_free", until))
        if "curve" in rules:
            found.append(("progressed", "on_progressed", until))
        return found

    def _time(self, occupied: str, until: str, starts: Any, ends: Any, rate: Rate) -> Stream:
        window = ""
        last = ends.text if ends is not None else ""
        if until:
            last = f"MIN({last},{until})" if last else until
        if starts is not None or last:
            first = f"MAX([time_years-1],{starts.text})" if starts is not None else "[time_years-1]"
            end = f"MIN([time_years],{last})" if last else "[time_years]"
            length = "([time_years]-[time_years-1])"
            window = f"*IF({length}<=0,0,MAX(0,MIN(1,({end}-{first})/{length})))"
        key = self.keys.of(self.strategy, f"{occupied}|{window}|{rate}")
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
            choice = self.inputs.variants.choices[f"strategies.{self.strategy}.time_on_treatment.rule"]

            def share(columns: list[str]) -> str:
                mine = "+".join(f"[{c}]" for c in columns)
                return f"({mine})/({'+'.join(self.trace.total(c) for c in columns)})"

            texts = [share(free) if rule == "none" or not treated else share(treated) for rule, _ in choice.values]
            self.trace.add(f"{key}.u", "Once per patient, over treatment", self.inputs.pick(choice, texts))
            self.trace.add(key, "Once per patient, over treatment, discounted", f"[{key}.u]*[discount_{rate}]")
        return Stream(key, f"{key}.u")

    def dispensings(self, during: While, interval: Any, occasions: Occasions = "all") -> dict[str, Stream]:
        """Return packs or occasions by state."""
        found = {}
        text = Formula.of(interval).text
        for state, _, _ in self.occupied(during):
            key = self.keys.of(self.strategy, f"packs|{text}|{during}|{state}|{occasions}")
            if key not in self.trace.columns:
                who, paid, cycle = self.dispensing.spans(text, self.strategy, during, state, occasions)
                words = f"{occasions} packs or occasions, {state.replace('_', ' ')}"
                self.trace.add(f"{key}.u", f"{words}".capitalize(), f"SUMIF({cycle},[cycle],{who})")
                self.trace.add(key, f"{words}, discounted".capitalize(), f"SUMIF({cycle},[cycle],{paid})")
            found[state] = Stream(key, f"{key}.u")
        return found


@whole_vials.register
def _(dose: Formula, vial: Any, mean: Any, sd: Any) -> Formula:
    return Formula(whole_vials_formula(*(Formula.of(part).text for part in (dose, vial, mean, sd))))


def add_life_years(trace: Trace, exposure: SheetExposure) -> None:
    """Add life years by state to a trace."""
    for state in STATES:
        stream = exposure.person_time(state, rate="qalys")[state]
        words = f"Life years, {state.replace('_', ' ')}"
        trace.add(f"undiscounted_life_years_{state}", f"{words}, undiscounted", f"[{stream.undiscounted}]")
        trace.add(f"life_years_{state}", words, f"[{stream.discounted}]")


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
        self.found.append(Formula.of(interval).text)
        return {}
