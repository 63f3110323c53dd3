"""Adverse events: incidence x cost, and incidence x decrement x duration, at the start or spread over treatment."""

from __future__ import annotations

from netcea.costs.adverse_events import AdverseEvent
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.workbook.formulas.exposure import SheetExposure, Stream
from netcea.workbook.sheets.costs import Costs, Line
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.variants import Choice

FIRST = 6
COST, LOSS = 8, 9


def adverse_events_page(book: Book) -> Page:
    """Begin the sheet."""
    page = book.page("Adverse events", "5B9BD5")
    page.open_with("Adverse events", "Incidence x cost, and incidence x decrement x duration.")
    page.heading(
        FIRST - 1,
        [
            "Event",
            "Option",
            "Strategy",
            "Incidence",
            "Decrement",
            "Duration (years)",
            "Unit cost (£)",
            "Cost per patient (£)",
            "QALYs lost per patient",
        ],
    )
    page.widths(30, 40, 30, 12, 12, 14, 14, 16, 16)
    page.frozen(f"A{FIRST}")
    page.landscape()
    return page


def write_adverse_events(page: Page, inputs: Inputs, costs: Costs, trace: Trace, exposure: SheetExposure) -> None:
    """Write the events of a strategy, their costs and the QALYs they lose."""
    for address, choice in inputs.variants.choices.items():
        if not address.startswith("adverse_events.events."):
            continue
        name = address.removeprefix("adverse_events.events.")
        paid: list[tuple[str, Stream]] = []
        lost: list[tuple[str, Stream]] = []
        for number, event in enumerate(choice.values, 1):
            if isinstance(event, AdverseEvent) and trace.strategy in event.incidence:
                cells = _event(page, inputs, (name, number), choice, event, trace.strategy)
                _when(inputs, costs, cells, (name, choice.options[number - 1]), trace, exposure, paid, lost)
        if paid:
            words = f"adverse event, {name.replace('_', ' ')}"
            costs.column(trace, f"adverse_events.{name}", words, paid)
            now = "+".join(f"{amount}*[{stream.discounted}]" for amount, stream in lost)
            plain = "+".join(f"{amount}*[{stream.undiscounted}]" for amount, stream in lost)
            trace.add(f"qalys_adverse_events.{name}", f"QALYs: {words}", f"-({now})")
            trace.add(f"undiscounted_qalys_adverse_events.{name}", f"QALYs, undiscounted: {words}", f"-({plain})")


def _event(
    page: Page, inputs: Inputs, which: tuple[str, int], choice: Choice, event: AdverseEvent, strategy: str
) -> tuple[str, str]:
    """Write the numbers of an event; return the cells with its cost and its loss per patient."""
    name, number = which
    row = max(page.last_row + 1, FIRST)
    words = (name, choice.options[number - 1], inputs.variants.base.label(strategy))
    for column, text in enumerate(words, 1):
        page.put(row, column, text, "wrapped" if column == 2 else "text")
    for column, address in enumerate((event.incidence[strategy], event.decrement, event.duration, event.unit_cost), 4):
        page.formula(row, column, inputs.number(address), "share" if column < 7 else "pence")
    incidence, decrement, duration, unit_cost = (page.at(row, column) for column in range(4, 8))
    live = "1" if len(choice.options) == 1 else f"({inputs.index(choice)}={number})"
    page.formula(row, COST, f"{live}*{incidence}*{unit_cost}", "pence")
    page.formula(row, LOSS, f"{live}*{incidence}*{decrement}*{duration}", "small")
    return page.at(row, COST), page.at(row, LOSS)


def _when(
    inputs: Inputs,
    costs: Costs,
    cells: tuple[str, str],
    words: tuple[str, str],
    trace: Trace,
    exposure: SheetExposure,
    paid: list[tuple[str, Stream]],
    lost: list[tuple[str, Stream]],
) -> None:
    """Add an event at the start and over treatment, each nothing where the other is chosen."""
    name, option = words
    timing = inputs.variants.choices["adverse_events.timing"]
    over = (exposure.once_over_treatment("costs"), exposure.once_over_treatment("qalys"))
    streams = {"at_start": (exposure.at_start(),) * 2, "on_treatment": over}
    for number, when in enumerate(timing.values, 1):
        live = f"IF({inputs.index(timing)}={number},"
        line = Line(
            f"adverse_events.{name}",
            f"{option}, {when.replace('_', ' ')}",
            inputs.variants.base.label(trace.strategy),
            "progression_free",
        )
        paid.append(costs.amount(line, f"{live}{cells[0]},0)", streams[when][0], trace))
        lost.append((f"{live}{cells[1]},0)", streams[when][1]))
