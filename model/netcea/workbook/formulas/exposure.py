"""What cost items see when they write formulas: names of cells for numbers, columns of a trace for streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netcea.cohort.exposure import DEAD, Condition, Exposure, Flow, Occasions, Rate, While, Window
from netcea.cohort.utilities import STATES
from netcea.workbook.formulas.formula import Formula
from netcea.workbook.formulas.intervals import WITHOUT_LIMITS, CellValues, Taken, limits_of
from netcea.workbook.sheets.cycles import start_age
from netcea.workbook.sheets.trace import Trace, stops

if TYPE_CHECKING:
    from netcea.workbook.sheets.dispensing import Dispensing


DISCOUNTED: Final[Mapping[Rate, str]] = {"costs": "discounted", "qalys": "discounted as QALYs are"}
"""Discount rate -> words for what goes with it."""
OCCUPIED: Final = {
    "progression_free": "progression-free",
    "on_free": "on treatment, progression-free",
    "on_progressed": "on treatment, progressed",
}
"""Column of occupancy -> words."""


AT_START: Final = "at_start"
"""Key of the column of what comes at the start."""
ONCE: Final = "once_over_treatment"
"""Key of the column of what comes once for each patient, spread over treatment."""


@dataclass(frozen=True)
class StreamColumns:
    """Columns of a trace with units of exposure per cycle, discounted and not.

    Attributes
    ----------
    discounted, undiscounted : str
        Their keys.
    taken : Taken or None
        What comes at moments of its own, on the sheet Dispensing.
    """

    discounted: str
    undiscounted: str
    taken: Taken | None = None


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


@dataclass(frozen=True)
class SheetExposure(CellValues, Exposure[Formula, StreamColumns]):
    """What cost items see of one strategy: numbers are names of cells, streams are columns of its trace."""

    strategy: str
    dispensing: Dispensing
    keys: StreamKeys
    trace: Trace

    def until_horizon(self, duration: Formula) -> Formula:
        """Return the part of a time that lies before the horizon."""
        return Formula(f"MIN({duration.text},{self.inputs.number('settings.horizon_years')})")

    def at_start(self) -> StreamColumns:
        """Return the start: all in the first cycle, undiscounted."""
        if AT_START not in self.trace.columns:
            self.trace.add(AT_START, "At the start (patients)", "IF([cycle]=1,1,0)", "0", "integer")
        return StreamColumns(AT_START, AT_START)

    def age_at_start(self) -> Formula:
        """Return the cohort's age at the start."""
        return Formula(start_age(self.inputs))

    def flow(self, name: Flow, rate: Rate = "costs", ends: Formula | None = None) -> StreamColumns:
        """Return a flow between states."""
        if ends is not None:
            return self._flow_until(name, rate, ends)
        key = f"discounted_{name}" if rate == "costs" else f"discounted_{name}_{rate}"
        if key not in self.trace.columns:
            self.trace.add(key, f"{name.capitalize()}, {DISCOUNTED[rate]}", f"[{name}]*[discount_{rate}]")
        return StreamColumns(key, name)

    def _flow_until(self, name: Flow, rate: Rate, ends: Formula) -> StreamColumns:
        """Return a flow before a time: of the cycle that holds it, its share before."""
        whole = self.keys.of(self.strategy, f"flow|{name}|{ends.text}")
        words = f"{name.capitalize()}, until {self.inputs.in_words(ends.text)}"
        if whole not in self.trace.columns:
            self.trace.add(whole, words, f"[{name}]{_share_between(None, ends.text)}")
        return self._with_discounted(whole, f"{words}, {DISCOUNTED[rate]}", rate)

    def _with_discounted(self, whole: str, heading: str, rate: Rate) -> StreamColumns:
        """Return a stream with the same discounted, for which there is a column at each rate that is asked for."""
        key = f"{whole}.{rate}"
        if key not in self.trace.columns:
            self.trace.add(key, heading, f"[{whole}]*[discount_{rate}]")
        return StreamColumns(key, whole)

    def once_over_flow(self, name: Flow, rate: Rate = "costs") -> StreamColumns:
        """Return one unit per patient, spread over the cycles as a flow is."""
        key, whole = f"once_over_{name}_{rate}", self.trace.total(name)
        undiscounted = f"once_over_{name}"
        if undiscounted not in self.trace.columns:
            words = f"Once per patient, over the {name}"
            self.trace.add(undiscounted, words, f"IF({whole}=0,0,[{name}]/{whole})")
        if key not in self.trace.columns:
            words = f"Once per patient, over the {name}, {DISCOUNTED[rate]}"
            self.trace.add(key, words, f"[{undiscounted}]*[discount_{rate}]")
        return StreamColumns(key, undiscounted)

    def person_time(
        self, during: Condition, starts: Formula | None = None, ends: Formula | None = None, rate: Rate = "costs"
    ) -> dict[str, StreamColumns]:
        """Return person-time by state."""
        return {
            state: self._time(occupied, until, starts, ends, rate) for state, occupied, until in self.occupied(during)
        }

    def occupied(self, during: Condition) -> list[tuple[str, str, str]]:
        """Return (state, column of occupancy, time at which it ends)."""
        if during in (*STATES, DEAD):
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

    def _time(
        self, occupied: str, until: str, starts: Formula | None, ends: Formula | None, rate: Rate
    ) -> StreamColumns:
        window = ""
        last = ends.text if ends is not None else ""
        if until:
            last = f"MIN({last},{until})" if last else until
        if starts is not None or last:
            window = _share_between(starts, last)
        whole = self.keys.of(self.strategy, f"{occupied}|{window}")
        words = OCCUPIED.get(occupied, occupied.replace("_", " "))
        words += f", from {self.inputs.in_words(starts.text)}" if starts is not None else ""
        words += f", until {self.inputs.in_words(ends.text)}" if ends is not None else ""
        words += ", until all treatment stops" if until else ""
        if whole not in self.trace.columns:
            undiscounted = f"([start_weight]*[{occupied}-1]+[end_weight]*[{occupied}]){window}"
            self.trace.add(whole, f"Years: {words}", undiscounted)
        return self._with_discounted(whole, f"Years, {DISCOUNTED[rate]}: {words}", rate)

    def once_over_treatment(self, rate: Rate = "costs") -> StreamColumns:
        """Return one unit per patient, spread over time on treatment, or progression-free time without treatment."""
        words = "Once per patient, over treatment"
        if ONCE not in self.trace.columns:
            treated = [s.undiscounted for s in self.person_time("on_treatment", rate=rate).values()]
            free = [s.undiscounted for s in self.person_time("progression_free", rate=rate).values()]
            choice = self.inputs.variants.choices[f"strategies.{self.strategy}.time_on_treatment.rule"]

            def share(columns: list[str]) -> str:
                mine = "+".join(f"[{c}]" for c in columns)
                whole = "+".join(self.trace.total(c) for c in columns)
                return f"IF(({whole})=0,0,({mine})/({whole}))"

            texts = [share(free) if rule == "none" or not treated else share(treated) for rule, _ in choice.values]
            self.trace.add(ONCE, words, self.inputs.pick(choice, texts))
        return self._with_discounted(ONCE, f"{words}, {DISCOUNTED[rate]}", rate)

    def dispensings(
        self, during: While, interval: Formula, occasions: Occasions = "all", window: Window[Formula] | None = None
    ) -> dict[str, StreamColumns]:
        """Return packs or occasions by state."""
        found = {}
        text, limits = interval.text, WITHOUT_LIMITS if window is None else limits_of(window)
        for state, _, _ in self.occupied(during):
            key = self.keys.of(self.strategy, f"packs|{text}|{during}|{state}|{occasions}|{limits}")
            taken = Taken(text, self.strategy, during, state, occasions, limits)
            if key not in self.trace.columns:
                who, paid, cycle = self.dispensing.spans(taken)
                some = " (part of the time)" if limits != WITHOUT_LIMITS else ""
                whom = f"{during}, {state}" if during != state else state
                words = f"{occasions} packs or occasions, {whom.replace('_', ' ')}{some}: {self.inputs.in_words(text)}"
                self.trace.add(f"{key}.u", f"{words[0].upper()}{words[1:]}", f"SUMIF({cycle},[cycle],{who})")
                self.trace.add(key, f"{words[0].upper()}{words[1:]}, discounted", f"SUMIF({cycle},[cycle],{paid})")
            found[state] = StreamColumns(key, f"{key}.u", taken)
        return found


def _share_between(starts: Formula | None, ends: str) -> str:
    """Return the formula, as a factor, of the share of a cycle between two times; '' for no end."""
    first = f"MAX([time_years-1],{starts.text})" if starts is not None else "[time_years-1]"
    end = f"MIN([time_years],{ends})" if ends else "[time_years]"
    length = "([time_years]-[time_years-1])"
    return f"*IF({length}<=0,0,MAX(0,MIN(1,({end}-{first})/{length})))"
