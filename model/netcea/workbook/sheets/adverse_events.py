"""Adverse events: incidence x cost, and incidence x decrement x duration, at the start or spread over treatment."""

from __future__ import annotations

from netcea.costs.adverse_events import AdverseEvent, TimedEvent
from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.exposure import SheetExposure, StreamColumns
from netcea.workbook.sheets.costs import Costs, Line, payer_counts, write_costs
from netcea.workbook.sheets.life_years import add_life_years

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
        paid: list[tuple[str, StreamColumns]] = []
        lost: list[tuple[str, StreamColumns]] = []
        for number, event in enumerate(choice.values, 1):
            if isinstance(event, AdverseEvent) and trace.strategy in event.incidence:
                live = "1" if len(choice.options) == 1 else f"({inputs.index(choice)}={number})"
                option, strategy = choice.options[number - 1], inputs.variants.base.label(trace.strategy)
                cost, loss = _event(page, exposure, event, (name, option, strategy), live)
                for when, chosen, streams in _timings(exposure):
                    line = Line(key, f"{option}, {when}", strategy, "progression_free")
                    paid.append(costs.amount(line, f"{chosen}{cost},0)", streams[0], trace))
                    lost.append((f"{chosen}{loss},0)", streams[1]))
        if paid:
            words = f"adverse event, {name.replace('_', ' ')}"
            costs.column(trace, key, words, paid)
            now = "+".join(f"{amount}*[{stream.discounted}]" for amount, stream in lost)
            plain = "+".join(f"{amount}*[{stream.undiscounted}]" for amount, stream in lost)
            trace.add(f"qalys_{key}", f"QALYs: {words}", f"-({now})")
            trace.add(f"undiscounted_qalys_{key}", f"QALYs, undiscounted: {words}", f"-({plain})")


def _event(
    page: Page, exposure: SheetExposure, event: AdverseEvent, words: tuple[str, str, str], live: str
) -> tuple[str, str]:
    """Write the numbers of an event; return the cells with its cost and its loss per patient."""
    row = max(page.last_row + 1, FIRST)
    for column, text in enumerate(words, 1):
        page.put(row, column, text, "wrapped" if column == 2 else "text")
    given = [exposure.value(a) for a in (event.incidence[exposure.strategy], event.decrement)]
    numbers = (*given, exposure.until_horizon(exposure.value(event.duration)), exposure.value(event.unit_cost))
    for column, number in enumerate(numbers, 4):
        page.formula(row, column, number.text, "share" if column < 7 else "pence")
    incidence, decrement, duration, unit_cost = (page.at(row, column) for column in range(4, 8))
    counts = payer_counts(exposure.inputs, event.payer)
    counted = f"*{counts}" if counts in ("0", "1") else f"*IF({counts},1,0)"
    page.formula(row, COST, f"{live}*{incidence}*{unit_cost}{'' if counts == '1' else counted}", "pence")
    page.formula(row, LOSS, f"{live}*{incidence}*{decrement}*{duration}", "small")
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
