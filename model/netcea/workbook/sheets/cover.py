"""Cover: what this is, whether it is right, how to use it, where everything is."""

from __future__ import annotations

from typing import Final

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.version import __version__
from netcea.workbook.sheets.checks import Checks, light
from netcea.workbook.sheets.inputs import SELECTOR_ROW, Inputs

ABOUT: Final = {
    "Results": "Costs, life years, QALYs, ICER, severity, net health benefit, fully incremental analysis",
    "Inputs": "Every number: base, scenario, your value, live value, source, status",
    "Scenarios": "Choose a scenario; what each changes; those that do not fit these sheets",
    "Choices": "Structure: curves, waning, background mortality, time on treatment, utilities, settings",
    "Survival": "Parameters and families of every curve, the live one marked",
    "Dispensing": "Packs and occasions at their own moments",
    "Adverse events": "Incidence, cost and QALYs lost",
    "Incremental": "Steps of the fully incremental analysis: order, dominance, extended dominance",
    "Costs": "Amounts and units of every cost item",
    "Utilities": "Utility by state and treatment, age adjustment",
    "Severity": "QALYs of the general population on the model's cycles",
    "Cycles": "Time, discount factors, population hazard and norm in each cycle",
    "Tables": "Life table, norms, method pack",
    "One-way": "Low and high value of each quantity, tornado",
    "PSA": "Means, intervals, acceptability, expected value of perfect information",
    "PSA draws": "Drawn inputs and outcomes as values",
    "Draw": "One probabilistic row by formula: switch on, press F9",
    "Price": "ICER against the discount; discount at each threshold",
    "Sources": "The bibliography, with links",
    "Checks": "Every total compared with Python's, and rules that always hold",
}
"""Sheet -> what is on it, in the order of reading; traces follow Survival."""
HOW: Final = (
    "Choose a scenario in the yellow cell below, or on the sheet Scenarios: the whole workbook follows.",
    "Type a number into a yellow cell of Inputs, or choose an option on Choices, and watch Results.",
    "Empty the yellow cell to go back. The light above turns amber while anything is changed, red for a fault.",
    "Follow any number with Excel's Trace Precedents: every cell is a formula down to Inputs; names are addresses.",
    "Give a changed workbook to `netcea import` to make a scenario file of it.",
)
LIMITS: Final = (
    "Fits other than Weibull (status 'derived') do not follow the figures they were made from: export again.",
    "The traces have room for so many cycles; the sheet Checks says when a horizon, cycle or pack no longer fits.",
    "No macros, no links to other files, nothing hidden or protected.",
    "Checked by recalculation in LibreOffice, with functions that Excel 2016 and later document; not checked in Excel.",
)
COLOURS: Final = (
    ("input", "Yellow: yours to change"),
    ("chosen", "Orange: what the scenario gives"),
    ("live", "Blue: the live value, which the model uses"),
    ("result_text", "Green: a result"),
    ("number", "No colour: a formula or a number"),
)
SHORT: Final = 12
"""Letters of a digest in a list."""


def write_cover(book: Book, page: Page, inputs: Inputs, checks: Checks, cells: dict[str, str]) -> None:
    """Write the sheet, when all others exist."""
    base = inputs.variants.base
    page.open_with(
        f"netcea: {base.file.name}",
        f"{base.file.decision_problem.intervention}: a cost-effectiveness model, complete in formulas",
    )
    if base.prices.marking:
        page.put(3, 1, "CONFIDENTIAL", "title")
        page.put(3, 2, "Confidential prices are live inputs of this workbook. For the decision maker alone.", "title")
    page.put(4, 1, "Is it right?", "section")
    page.formula(4, 2, checks.verdict, "result_text")
    light(page, "B4")
    page.put(5, 1, "Scenario now", "section")
    page.formula(5, 2, "selected_scenario", "live")
    page.link(5, 3, "choose another", inputs.scenarios.at(SELECTOR_ROW, 2))
    row = 6
    for words, key, style in (
        ("ICER (£/QALY)", "icer", "left_pounds"),
        ("What it is called", "label", "result_text"),
        ("Incremental costs (£)", "incremental_costs", "left_pounds"),
        ("Incremental QALYs", "incremental_qalys", "left_qalys"),
        ("Severity weight", "severity_weight", "left_number"),
    ):
        page.put(row, 1, words, "section")
        page.formula(row, 2, cells[key], style)
        row += 1
    row = _facts(page, row + 1, inputs)
    row = _lines(page, row, "How to use it", HOW)
    page.put(row, 1, "Colours", "section")
    for at, (style, words) in enumerate(COLOURS, row):
        page.put(at, 2, words, style)
    row = _contents(page, row + len(COLOURS) + 1, book)
    row = _lines(page, row, "What it cannot do", LIMITS)
    _scenarios(page, row, inputs)
    page.widths(24, 96, 26)
    page.landscape()


def _facts(page: Page, row: int, inputs: Inputs) -> int:
    base = inputs.variants.base
    problem, settings = base.file.decision_problem, base.file.settings
    facts = (
        ("netcea version", __version__),
        ("Scenario file", base.source),
        ("Digest", base.digest),
        ("Numbers from", base.inputs_folder),
        ("Cycles", inputs.variants.cycles),
        ("Population", problem.population),
        ("Perspective", problem.perspective),
        ("Strategies", "; ".join(base.label(s) for s in base.strategies)),
        ("Settings", f"{settings.horizon_years:g} years, cycles of {settings.cycle_days:g} days"),
        ("Discount rates", f"costs {settings.discount_rate_costs:.2%}, QALYs {settings.discount_rate_qalys:.2%}"),
        ("Prices", f"GBP, {settings.price_year}"),
        ("Method pack", base.method_pack.name),
        ("Rationale", base.file.rationale),
        ("Not modelled", "; ".join(f"{n.comparator} ({n.reason})" for n in problem.not_modelled) or "nothing named"),
    )
    page.put(row, 1, "What it is", "section")
    for at, (words, value) in enumerate(facts, row + 1):
        page.put(at, 1, words)
        page.put(at, 2, value, "wrapped" if isinstance(value, str) else "left_integer")
    return row + len(facts) + 2


def _lines(page: Page, row: int, title: str, lines: tuple[str, ...]) -> int:
    page.put(row, 1, title, "section")
    for at, words in enumerate(lines, row):
        page.put(at, 2, words, "wrapped")
    return row + len(lines) + 1


def _contents(page: Page, row: int, book: Book) -> int:
    page.put(row, 1, "Contents", "section")
    at = row + 1
    for other in book.pages:
        if other is page:
            continue
        page.link(at, 1, other.name, f"{other.title}!$A$1")
        about = ABOUT.get(
            other.name, "Each cycle: time, curves, occupancy, flows, person-time, discount factors, costs, QALYs"
        )
        page.put(at, 2, about)
        at += 1
    return at + 1


def _scenarios(page: Page, row: int, inputs: Inputs) -> None:
    page.put(row, 1, "Scenarios in it", "section")
    page.heading(row + 1, ["Digest", "Name", "File"])
    variants = inputs.variants
    for at, (scenario, title) in enumerate(zip(variants.scenarios, variants.titles, strict=True), row + 2):
        page.put(at, 1, scenario.digest[:SHORT])
        page.put(at, 2, title)
        page.put(at, 3, scenario.source)


def in_reading_order(book: Book, traces: list[str]) -> None:
    """Put the sheets in the order in which a reviewer reads them."""
    order = ["Cover", *ABOUT]
    order[order.index("Survival") + 1 : order.index("Survival") + 1] = traces
    book.pages.sort(key=lambda page: order.index(page.name))
