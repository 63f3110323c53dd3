"""Cover: what this is, whether it is right, how to use it, where everything is."""

from __future__ import annotations

from typing import Final

from netcea.analyses.read_first.registry import read_first
from netcea.plain_number import read
from netcea.reporting.number_format import rate_in_words
from netcea.reporting.xlsx.page import Page
from netcea.version import __version__
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.checks import Checks, light, write_checks
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.scenarios import write_scenarios
from netcea.workbook.variants import Variants

HOW: Final = (
    "Choose a scenario in the yellow cell of the sheet Scenarios: the whole workbook follows.",
    "Type a number into a yellow cell of Inputs, or choose an option on Choices, and watch Results.",
    "Scenario results has every scenario of this cohort in one table; switched on, with the inputs as they are now.",
    "Empty the yellow cell to go back. The light above turns amber while anything is changed, red for a fault.",
    "Follow any number with Excel's Trace Precedents: every cell is a formula down to Inputs; names are addresses.",
    "Give a changed workbook to `netcea import` to make a scenario file of it.",
)
LIMITS: Final = (
    "Fits without a closed form (Gompertz ...) do not follow their figures: those cells take nothing.",
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


PLAIN: Final = "cost of a QALY gained"
NOW: Final = (
    ("ICER (£/QALY)", "icer", "left_pounds"),
    ("How to read the ICER", "label", "result_text"),
    ("Incremental costs (£)", "incremental_costs", "left_pounds"),
    ("Incremental QALYs", "incremental_qalys", "left_qalys"),
    ("Severity weight", "severity_weight", "left_number"),
)
"""What is shown of the results: words, name of the cell, style."""


def write_cover(construction: Construction) -> Page:
    """Write the sheet, after all others."""
    checks, cells = construction.written_by(write_checks), construction.written_by(write_results).cells
    variants, page = construction.variants, construction.page("Cover")
    base = variants.base
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
    page.put(5, 1, "Changed here", "section")
    page.formula(5, 2, _changed(checks), "live_text")
    page.link(5, 3, "all that was changed", checks.listed[0])
    page.put(6, 1, "Scenario now", "section")
    page.formula(6, 2, "selected_scenario", "live")
    page.link(6, 3, "choose another", construction.written_by(write_scenarios).selector)
    page.formula(7, 3, f'IF({checks.changes}>0,"Without the changes","")', "subtitle")
    for row, (words, name, style) in enumerate(NOW, 8):
        page.put(row, 1, words, "section")
        shown = f'IF({cells[name]}="","{PLAIN}",{cells[name]})' if name == "label" else cells[name]
        page.formula(row, 2, shown, style)
        if name != "label":
            before = checks.expected.get(name) or checks.expected[f"{name}.{base.file.decision.intervention}"]
            page.formula(row, 3, f'IF({checks.changes}>0,{before},"")', style.replace("left", "was"))
    row = _facts(page, 9 + len(NOW), variants)
    row = _lines(page, row, "How to use it", HOW)
    page.put(row, 1, "Colours", "section")
    for at, (style, words) in enumerate(COLOURS, row):
        page.put(at, 2, words, style)
    page.page_breaks.append(row + len(COLOURS))
    row = _contents(page, row + len(COLOURS) + 1, construction)
    row = _lines(page, row, "What it cannot do", LIMITS)
    _scenarios(page, row, variants)
    page.widths(24, 96, 26)
    page.landscape()
    return page


def _changed(checks: Checks) -> str:
    """Return the formula of what was changed: the first of it, and how much more."""
    address, before, here = checks.listed
    more = f'IF({checks.changes}>1,", and "&({checks.changes}-1)&" more","")'
    return f'IF({checks.changes}=0,"nothing",{address}&": "&{here}&" instead of "&{before}&{more})'


def _facts(page: Page, row: int, variants: Variants) -> int:
    base = variants.base
    problem, settings = base.file.decision_problem, base.file.settings
    costs, qalys = settings.discount_rate("costs"), settings.discount_rate("qalys")
    facts = (
        *(("Read first (as of the export)", line.message) for line in read_first(base)),
        ("netcea version", __version__),
        ("Scenario file", base.source),
        ("Digest", base.digest),
        ("Numbers from", base.inputs_folder),
        ("Cycles", variants.cycles),
        ("Population", problem.population),
        ("Perspective", base.file.perspective),
        ("Strategies", "; ".join(base.label(s) for s in base.strategies)),
        ("Settings", f"{read(settings.horizon_years)} years, cycles of {read(settings.cycle_days)} days"),
        ("Discount rates", f"costs {rate_in_words(costs)}, QALYs {rate_in_words(qalys)}"),
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


def _contents(page: Page, row: int, construction: Construction) -> int:
    page.put(row, 1, "Contents", "section")
    others = [(sheet, other) for sheet, other in construction.pages() if other is not page]
    for at, (sheet, other) in enumerate(others, row + 1):
        page.link(at, 1, other.name, other.at(1, 1))
        page.put(at, 2, sheet.about)
    return row + len(others) + 2


def _scenarios(page: Page, row: int, variants: Variants) -> None:
    page.put(row, 1, "Scenarios in it", "section")
    page.heading(row + 1, ["Digest", "Name", "File"])
    for at, (scenario, title) in enumerate(zip(variants.scenarios, variants.titles, strict=True), row + 2):
        page.row(at, (scenario.digest[:SHORT], title, scenario.source))
