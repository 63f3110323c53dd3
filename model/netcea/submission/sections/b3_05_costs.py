"""B.3.5 Cost and healthcare resource use identification, measurement and valuation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netcea.costs.cost_item import CostItem
from netcea.quantities.price_types import PRICE_WORDS
from netcea.reporting.number_format import plain
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, ref
from netcea.submission.sections.common import Number, in_words, list_of, numbers_of, table_blocks, used_in, words_table
from netcea.submission.submission import Submission

OF_TECHNOLOGIES: Final = ("drug_acquisition", "administration")
"""Categories of costs that come with a technology; others come with a health state, or with what befalls it."""
WITH_TECHNOLOGY: Final = "Unit costs associated with the technology in the economic model"
WITH_STATES: Final = "List of health states and associated costs in the economic model"
WITH_EVENTS: Final = "List of adverse reactions and summary of costs in the economic model"
PRICES: Final = "Price details of treatments included in the submission"


def costs(submission: Submission) -> list[Block]:
    """Return unit costs of technologies, health states and adverse reactions.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    numbers = numbers_of(submission)
    settings = submission.scenario.file.settings
    return [
        Heading("B.3.5 Cost and healthcare resource use identification, measurement and valuation", 1, "b3_05"),
        Paragraph(
            f"All costs are in pounds of {settings.price_year}, from the perspective of "
            f"{submission.scenario.file.perspective}; prices of other years are uprated. Prices of treatments with "
            "every "
            f"discount: {ref('prices')}."
        ),
        _technologies(submission, numbers),
        _states(submission, numbers),
        *_events(submission, numbers),
        *table_blocks(
            submission,
            "base_case",
            "costs_by_payer",
            "Costs by payer",
            where=lambda row: row["discounting"] == "Discounted",
        ),
    ]


def _items(submission: Submission, *, of_technologies: bool) -> Iterator[CostItem]:
    for item in submission.scenario.file.costs.values():
        if (item.category.name in OF_TECHNOLOGIES) == of_technologies:
            yield item


def _technologies(submission: Submission, numbers: dict[str, Number]) -> Block:
    """Return drugs and their administration, a column for each strategy."""
    scenario = submission.scenario
    intervention = scenario.file.decision.intervention
    names = [intervention, *(name for name in scenario.strategies if name != intervention)]
    rows = []
    for item in _items(submission, of_technologies=True):
        words = _in_words(item, numbers)
        rows.append((plain(item.label), *(words if item.applies_to(name) else "none" for name in names)))
    headings = ("Items", *(plain(scenario.label(name)) for name in names))
    note = "Each value with its source; 95% intervals and distributions: see the summary of variables."
    return TableBlock(words_table("unit_costs", WITH_TECHNOLOGY, headings, rows, note), WITH_TECHNOLOGY)


def _states(submission: Submission, numbers: dict[str, Number]) -> Block:
    """Return what is paid in health states and on the way between them."""
    rows = []
    for item in _items(submission, of_technologies=False):
        when = str(getattr(item, "during", "")) or item.category.name
        rows.append((when.replace("_", " "), plain(item.label), _in_words(item, numbers), item.category.label))
    headings = ("Health state or event", "Items", "Value", "Category")
    return TableBlock(words_table("state_costs", WITH_STATES, headings, rows), WITH_STATES)


def _events(submission: Submission, numbers: dict[str, Number]) -> list[Block]:
    events = submission.scenario.file.adverse_events.events
    if not events:
        return list_of(["The model has no adverse events."])
    rows = []
    for event in events.values():
        number = numbers.get(event.unit_cost)
        value = event.unit_cost if number is None else number.shown
        rows.append((plain(event.label), "Unit cost of an event", value, "" if number is None else number.cited))
    headings = ("Adverse reactions", "Items", "Value", "Reference in submission")
    return [TableBlock(words_table("event_costs", WITH_EVENTS, headings, rows), WITH_EVENTS)]


def _in_words(item: CostItem, numbers: dict[str, Number]) -> str:
    """Return the numbers of an item, and how it is paid."""
    method = str(getattr(item, "method", "")).replace("_", " ")
    during = str(getattr(item, "during", "")).replace("_", " ")
    how = ", ".join(filter(None, (method, f"while {during}" if during else "")))
    found = in_words(used_in(item, numbers))
    return f"{found} ({how})" if how else found


def prices(submission: Submission) -> list[Block]:
    """Return Appendix K: price details of the treatments.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    numbers = numbers_of(submission)
    rows = []
    for item in submission.scenario.file.costs.values():
        used = used_in(item, numbers)
        priced = [n for n in used if n.address.startswith("costs.drug.") and n.unit == "GBP"]
        off = [n for n in used if n.address.rpartition(".")[2] == "discount"]
        for price in priced:
            kind = price.price_type or "not said"
            discount = "; ".join(n.told for n in off) or "none"
            pack = in_words(n for n in used if n.address.rpartition(".")[2] in ("pack_days", "vial_mg"))
            rows.append((plain(item.label), price.told, kind, pack, discount))
    kinds = {row[2] for row in rows}
    headings = (
        "Treatment",
        "List price" if kinds == {PRICE_WORDS["list"]} else "Price, of the kind beside it",
        "Kind of price",
        "Pack",
        "Discount (share): PAS or other commercial arrangement",
    )
    note = (
        "A discount of 0 stands for none. Confidential layers are named on the first page, their values are not shown."
    )
    return [
        Heading("Appendix K: Price details of treatments included in the submission", 1, "appendix_k"),
        TableBlock(words_table("prices", PRICES, headings, dict.fromkeys(rows), note), PRICES),
    ]
