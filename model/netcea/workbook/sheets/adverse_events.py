"""Adverse events: incidence x cost, and incidence x decrement x duration, at the start or spread over treatment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from netcea.costs.adverse_events import AdverseEvent, TimedEvent
from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.exposure import SheetExposure, StreamColumns
from netcea.workbook.sheets.costs import Costs, Line, item_label, payer_counts, subsequent_treatments, write_costs
from netcea.workbook.sheets.life_years import add_life_years

Term: TypeAlias = tuple[str, StreamColumns]
"""Formula of an amount, and what it is paid along."""
FIRST = 6
COST, LOSS = 8, 9
HEADINGS = (
    "Event",
    "Option",
    "Strategy",
    "Incidence",
    "Decrement",
    "Duration before the horizon (years)",
    "Unit cost (£)",
    "Cost per patient (£)",
    "QALYs lost per patient",
)


def write_adverse_events(construction: Construction) -> Page:
    """Write the events of every strategy, their costs and the QALYs they lose."""
    costs, page = construction.written_by(write_costs), construction.page("Adverse events")
    page.open_with("Adverse events", "Incidence x cost, and incidence x decrement x duration.")
    page.heading(FIRST - 1, HEADINGS)
    page.widths(30, 40, 30, 12, 12, 14, 14, 16, 16)
    page.frozen(f"A{FIRST}")
    page.landscape()
    for exposure in construction.written_by(add_life_years).values():
        _write_events(page, costs, exposure)
    return page


def _write_events(page: Page, costs: Costs, exposure: SheetExposure) -> None:
    """Write the events of a strategy."""
    inputs, trace = exposure.inputs, exposure.trace
    for address, choice in inputs.variants.choices.items():
        if not address.startswith("adverse_events.events."):
            continue
        name = address.removeprefix("adverse_events.events.")
        key = f"{TimedEvent.category.name}.{name}"
        paid: list[Term] = []
        lost: list[Term] = []
        for number, event in enumerate(choice.values, 1):
            if isinstance(event, AdverseEvent):
                live = "1" if len(choice.options) == 1 else f"({inputs.index(choice)}={number})"
                option = _Option(
                    page, costs, exposure, event, (item_label(choice.values), choice.options[number - 1]), live
                )
                for cost, loss in (*option.from_the_start(key), *option.later(key)):
                    paid.append(cost)
                    lost.append(loss)
        if paid:
            words = item_label(choice.values)
            costs.column(trace, key, words, paid)
            now = "+".join(f"{amount}*[{stream.discounted}]" for amount, stream in lost)
            plain = "+".join(f"{amount}*[{stream.undiscounted}]" for amount, stream in lost)
            trace.add(f"qalys_{key}", f"QALYs: {words}", f"-({now})")
            trace.add(f"undiscounted_qalys_{key}", f"QALYs, undiscounted: {words}", f"-({plain})")


@dataclass(frozen=True)
class _Option:
    """One option of an event, for one strategy: its name and option in words, the formula of whether it is live."""

    page: Page
    costs: Costs
    exposure: SheetExposure
    event: AdverseEvent
    words: tuple[str, str]
    live: str

    def from_the_start(self, key: str) -> Iterator[tuple[Term, Term]]:
        """Yield cost and loss with each timing, where the strategy has the event itself."""
        incidence = self.event.incidence.get(self.exposure.strategy)
        if incidence is None:
            return
        cost, loss = self._event(self.exposure.inputs.number(incidence), self._strategy)
        for when, chosen, streams in _timings(self.exposure):
            words = self.words[0], f"{self.words[1]}, {when}", self._strategy, "progression_free"
            line = Line(key, *words, TimedEvent.category, self.event.payer)
            paid = self.costs.amount(line, f"{chosen}{cost},0)", streams[0], self.exposure.trace)
            yield paid, (f"{chosen}{loss},0)", streams[1])

    def later(self, key: str) -> Iterator[tuple[Term, Term]]:
        """Yield cost and loss of those on each subsequent treatment that brings the event with it."""
        for _, item, live in subsequent_treatments(self.exposure.inputs, self.exposure.strategy):
            if item.adverse_events_of not in self.event.incidence:
                continue
            had = item.treated(self.exposure) * self.exposure.value(self.event.incidence[item.adverse_events_of])
            words = f"{self._strategy}, {item.label}"
            cost, loss = self._event(f"{live}*{had.text}", words)
            line = Line(
                key, *self.words, words, "progressed", TimedEvent.category, self.event.payer, item.drug_prices()
            )
            paid = self.costs.amount(line, cost, item.begun(self.exposure), self.exposure.trace)
            yield paid, (loss, item.begun(self.exposure, "qalys"))

    @property
    def _strategy(self) -> str:
        return self.exposure.inputs.variants.base.label(self.exposure.strategy)

    def _event(self, incidence: str, strategy: str) -> tuple[str, str]:
        """Write the numbers of an event; return the cells with its cost and its loss per patient."""
        page, value, event = self.page, self.exposure.value, self.event
        row = max(page.last_row + 1, FIRST)
        for column, text in enumerate((*self.words, strategy), 1):
            page.put(row, column, text, "wrapped")
        lasts = self.exposure.until_horizon(value(event.duration))
        numbers = (value(event.decrement), lasts, value(event.unit_cost))
        for column, text in enumerate((incidence, *(number.text for number in numbers)), 4):
            page.formula(row, column, text, "share" if column < 7 else "pence")
        had, decrement, duration, unit_cost = (page.at(row, column) for column in range(4, 8))
        counts = payer_counts(self.exposure.inputs, event.payer)
        counted = counts if counts in ("0", "1") else f"IF({counts},1,0)"
        paid = f"{self.live}*{had}*{unit_cost}"
        page.formula(row, COST, paid if counted == "1" else f"{paid}*{counted}", "pence")
        page.formula(row, LOSS, f"{self.live}*{had}*{decrement}*{duration}", "small")
        return page.at(row, COST), page.at(row, LOSS)


def _timings(exposure: SheetExposure) -> list[tuple[str, str, tuple[StreamColumns, StreamColumns]]]:
    """Return each timing in words, how a formula begins that needs it to be chosen, its streams of cost and loss."""
    timing = exposure.inputs.variants.choices["adverse_events.timing"]
    over = (exposure.once_over_treatment("costs"), exposure.once_over_treatment("qalys"))
    streams = {"at_start": (exposure.at_start(), exposure.at_start()), "on_treatment": over}
    return [
        (when.replace("_", " "), f"IF({exposure.inputs.index(timing)}={number},", streams[when])
        for number, when in enumerate(timing.values, 1)
    ]
