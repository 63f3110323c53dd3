"""Assumptions: what rests on no source, which structure was chosen and what else there is, and comparators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netcea.quantities.quantity import Quantity
from netcea.reporting.xlsx.book import defined_name
from netcea.reporting.xlsx.page import Page
from netcea.workbook.choice import Choice
from netcea.workbook.construction import Construction
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets.choices import Choices
from netcea.workbook.sheets.input_descriptions import bounds_of
from netcea.workbook.sheets.inputs import YOURS, Inputs, write_inputs
from netcea.workbook.variants import Variants

FIRST: Final = 4
NOT_PUBLISHED: Final = ("unverified", "assumption")
"""Statuses that are listed, the worse first; derived numbers say in Inputs how they follow from published ones."""
LABEL, STATUS, LIVE, UNIT, LOW, HIGH, REASON, SOURCE, ADDRESS = range(1, 10)
HEADINGS: Final = ("What is assumed", "Status", "Live value", "Unit", "Low", "High", "Reason", "Stated in", "Address")
ROLES: Final = (
    ("intervention", "the intervention"),
    ("comparator", "the comparator of pairwise results"),
    ("established_practice", "established practice, for severity"),
)


def write_assumptions(construction: Construction) -> Page:
    """Write the sheet."""
    inputs, variants = construction.written_by(write_inputs), construction.variants
    page = construction.page("Assumptions")
    page.open_with(
        "Assumptions",
        "What is assumed and why; whom each assumption favours, and what tests it: the sheet Bias ledger.",
    )
    row = _numbers(page, FIRST, inputs)
    row = _structure(page, row, inputs.choices, variants)
    _comparators(page, row, variants)
    page.widths(50, 11, 10, 12, 9, 9, 66, 19, 48)
    page.frozen(f"B{FIRST}")
    page.landscape(repeat_rows="1:2")
    return page


def assumed(inputs: Inputs) -> Iterator[tuple[str, Quantity]]:
    """Yield every number of any scenario that no source holds, those that nobody has verified first."""
    for status in NOT_PUBLISHED:
        for address in inputs.rows:
            quantity = inputs.quantity(address)
            if quantity is not None and quantity.status == status:
                yield address, quantity


def _numbers(page: Page, row: int, inputs: Inputs) -> int:
    """Write every number that no source holds; return the row after."""
    found = list(assumed(inputs))
    page.put(row, LABEL, f"Numbers without a source of their own: {len(found)}", "section")
    page.heading(row + 1, HEADINGS)
    for at, (address, quantity) in enumerate(found, row + 2):
        page.link(at, LABEL, quantity.label or address, inputs.page.at(inputs.rows[address], YOURS), "link_wrapped")
        page.put(at, STATUS, quantity.status)
        page.formula(at, LIVE, defined_name(address), "live_general")
        page.put(at, UNIT, quantity.unit, "indented")
        for column, bound in zip((LOW, HIGH), bounds_of(quantity), strict=True):
            page.put(at, column, bound, "number")
            page.format_as(at, (column,), bound)
        page.format_as(at, (LIVE,), quantity.value)
        page.put(at, REASON, quantity.note, "wrapped_indented")
        page.put(at, SOURCE, ", ".join(quantity.source), "wrapped")
        page.put(at, ADDRESS, address, "subtitle")
    return row + 3 + len(found)


def _structure(page: Page, row: int, choices: Choices, variants: Variants) -> int:
    """Write every choice that has an alternative in this workbook; return the row after."""
    every = variants.all_choices
    found = [choice for choice in every if len(choice.options) > 1]
    page.put(row, LABEL, f"Structural choices with an alternative in this workbook: {len(found)}", "section")
    page.heading(row + 1, ["What is decided", "", "Live", "", "", "", "Alternatives here", "", "Address"])
    for at, choice in enumerate(found, row + 2):
        cell = choices.page.at(choices.rows[choice.address], choice_columns.YOURS)
        page.link(at, LABEL, _decides(choice, variants), cell)
        page.formula(at, LIVE, choices.page.at(choices.rows[choice.address], choice_columns.LIVE), "live_general")
        others = [option for number, option in enumerate(choice.options) if number != choice.taken[0]]
        page.put(at, REASON, "; ".join(others), "wrapped_indented")
        page.put(at, ADDRESS, choice.address, "subtitle")
    row += 2 + len(found)
    rest = len(every) - len(found)
    page.put(row, LABEL, f"{rest} further choices have one option here: the sheet Choices lists them.", "subtitle")
    return row + 2


def _decides(choice: Choice, variants: Variants) -> str:
    """Return what a choice decides, and of which strategy."""
    parts = choice.address.split(".")
    label = variants.base.label(parts[1]) if parts[0] == "strategies" else ""
    return choice.label if label in choice.label else f"{label}: {choice.label}"


def _comparators(page: Page, row: int, variants: Variants) -> None:
    """Write the strategies that are in this workbook, and where those are that are not."""
    file, base = variants.base.file, variants.base
    page.put(row, LABEL, f"Strategies in this workbook: {len(base.strategies)}", "section")
    for at, strategy in enumerate(base.strategies, row + 1):
        roles = [words for name, words in ROLES if getattr(file.decision, name) == strategy]
        page.put(at, LABEL, base.label(strategy))
        page.put(at, REASON, "; ".join(roles) or "a further comparator, in the fully incremental analysis", "wrapped")
    row += len(base.strategies) + 2
    page.put(
        row, LABEL, f"Comparators of the scope that are not in it: {len(file.decision_problem.not_modelled)}", "section"
    )
    page.heading(row + 1, ["Comparator", "", "", "", "", "", "Why not", "Where it is", ""])
    for at, named in enumerate(file.decision_problem.not_modelled, row + 2):
        page.put(at, LABEL, named.comparator, "wrapped")
        page.put(at, REASON, named.reason, "wrapped_indented")
        page.put(at, SOURCE, f"netcea export scenarios/{named.scenario}" if named.scenario else "in no scenario")
    row += 3 + len(file.decision_problem.not_modelled)
    further = [(name, why) for name, why in variants.refused if why.startswith("other strategies")]
    if further:
        page.put(row, LABEL, "Scenarios of the export with other strategies: each is a workbook of its own", "section")
    for at, (name, why) in enumerate(further, row + 1):
        page.put(at, LABEL, name)
        page.put(at, REASON, why, "wrapped")
