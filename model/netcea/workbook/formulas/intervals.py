"""Numbers of cost items as names of cells, and the intervals between dispensings that items ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, NamedTuple

from netcea.cohort.exposure import Flow, Occasions, Rate, V, Values, While, Window
from netcea.costs.vials import whole_vials_formula
from netcea.engine.point_estimates import base_case
from netcea.engine.strategy_rows import RowValues
from netcea.scenario.scenario import Scenario
from netcea.workbook.formulas.formula import Formula
from netcea.workbook.sheets.inputs import Inputs


class Limits(NamedTuple):
    """Formulas of a window of time, '' where there is none: its start, its end, and from when moments are counted."""

    starts: str = ""
    ends: str = ""
    counted_from: str = ""


WITHOUT_LIMITS: Final = Limits()


class Taken(NamedTuple):
    """Packs or occasions: at which interval, whose, while what, in which state, which of them, and within what time."""

    interval: str
    strategy: str
    during: While
    state: str
    occasions: Occasions = "all"
    limits: Limits = WITHOUT_LIMITS


def limits_of(window: Window[Formula]) -> Limits:
    """Return a window as texts."""
    return Limits(*("" if t is None else t.text for t in (window.starts, window.ends, window.counted_from)))


@dataclass(frozen=True)
class CellValues(Values[Formula]):
    """Numbers as names of cells, in formulas."""

    inputs: Inputs

    def value(self, address: str | None, default: float | None = None) -> Formula:
        """Return a number as the name of its cell."""
        return self.inputs.value(address, default)

    def whole_number(self, x: Formula) -> Formula:
        """Round up, as `netcea.engine.strategy_rows.RowValues` does."""
        return Formula(f"ROUNDUP({(x * (1.0 - 1e-12)).text},0)")

    def later(self, x: Formula, y: Formula) -> Formula:
        """Return the later of two times."""
        return Formula(f"MAX({x.text},{y.text})")

    def earlier(self, x: Formula, y: Formula) -> Formula:
        """Return the earlier of two times."""
        return Formula(f"MIN({x.text},{y.text})")

    def whole_vials(self, dose: Formula, vial: Formula, mean: Formula, sd: Formula) -> Formula:
        """Return the mean number of vials of one administration without sharing."""
        return Formula(whole_vials_formula(dose.text, vial.text, mean.text, sd.text))


class IntervalNotes(Generic[V]):
    """What cost items see while only their intervals are wanted: numbers, no streams, a note of each interval.

    Attributes
    ----------
    strategy : str
    found : list
        Intervals between dispensings, in the order in which the items ask.
    """

    def __init__(self, values: Values[V], strategy: str) -> None:
        self.value, self.whole_number, self.whole_vials = values.value, values.whole_number, values.whole_vials
        self.later, self.earlier = values.later, values.earlier
        self.strategy = strategy
        self.found: list[V] = []

    def dispensings(
        self,
        during: While,  # noqa: ARG002 - of the interface
        interval: V,
        occasions: Occasions = "all",  # noqa: ARG002 - of the interface
        window: Window[V] | None = None,  # noqa: ARG002 - of the interface
    ) -> dict[str, None]:
        """Note an interval."""
        self.found.append(interval)
        return {}

    def person_time(self, *_: object, **__: object) -> dict[str, None]:
        """Return nothing."""
        return {}

    def until_horizon(self, duration: V) -> V:
        """Return a duration as it is."""
        return duration

    def age_at_start(self) -> V:
        """Return any age: no interval depends on it."""
        return self.value(None, default=0.0)

    def flow(self, name: Flow, rate: Rate = "costs", ends: V | None = None) -> None:
        """Return nothing."""

    def once_over_flow(self, name: Flow, rate: Rate = "costs") -> None:
        """Return nothing."""

    def at_start(self) -> None:
        """Return nothing."""

    def once_over_treatment(self, rate: Rate = "costs") -> None:
        """Return nothing."""


def shortest_intervals(scenarios: tuple[Scenario, ...], inputs: Inputs) -> dict[str, float]:
    """Return formula of an interval -> the shortest it is in any scenario [years]."""
    found: dict[str, float] = {}
    for scenario in scenarios:
        rows, cells = RowValues(base_case(scenario)), CellValues(inputs)
        for strategy in scenario.strategies:
            for item in scenario.file.every_payers_costs().values():
                if not item.applies_to(strategy):
                    continue
                numbers, texts = IntervalNotes(rows, strategy), IntervalNotes(cells, strategy)
                list(item.accrue(numbers))
                list(item.accrue(texts))
                for text, years in zip(texts.found, numbers.found, strict=True):
                    found[text.text] = min(found.get(text.text, float(years[0])), float(years[0]))
    return found
