"""B.3.11.2 Deterministic sensitivity analysis, and the price at which the ICER meets each threshold."""

from __future__ import annotations

from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, ref
from netcea.submission.sections.common import figure_blocks, list_of, table_blocks
from netcea.submission.submission import Submission

LARGEST = 20
"""Quantities of the table, those with the widest range; all are in the results of `netcea one-way`."""
LADDER = "price_ladder"
"""Name of the figure of prices; with more than one drug to price, that of each ends in its cost."""
CAPTION = "One-way sensitivity analysis: the quantities with the widest range of net health benefit"


def deterministic(submission: Submission) -> list[Block]:
    """Return one-way and threshold analyses.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    one_way, threshold = (submission.reports.get(name) for name in ("one_way", "threshold"))
    return [
        Heading("B.3.11.2 Deterministic sensitivity analysis", 2, "b3_11_2"),
        Paragraph(
            "Every uncertain number at its 2.5% and 97.5% quantile, one at a time; on net health benefit, because "
            "ICERs "
            f"mislead where incremental QALYs are near 0. Numbers that are not moved singly: {ref('not_moved')}."
        ),
        *_one_way(submission),
        *figure_blocks(
            submission,
            "one_way",
            "tornado",
            "Tornado diagram: incremental net health benefit at the lower threshold",
            "Bars from the low to the high value of each quantity, widest first, around the result of the point "
            "estimates; "
            f"numbers in {ref('one_way')}.",
        ),
        *list_of(one_way.lines if one_way is not None else ()),
        Heading("B.3.11.3 Threshold analysis: the price", 2, "b3_11_3"),
        Paragraph(_compared(submission)),
        *table_blocks(
            submission,
            "threshold",
            "price",
            "Price at which the ICER meets each threshold, with and without the severity modifier",
        ),
        *table_blocks(submission, "threshold", "price_without_screen", "The same price without other costs"),
        *table_blocks(submission, "threshold", "price_ladder_screen", "Price ladder, from list price to free"),
        *_ladders(submission),
        *list_of(threshold.lines if threshold is not None else ()),
    ]


def _ladders(submission: Submission) -> list[Block]:
    """Return the figure of each drug whose price is looked for; one drug need not be named."""
    report, costs = submission.reports.get("threshold"), submission.scenario.file.costs
    names = [] if report is None else [name for name in report.figures if name.startswith(LADDER)]
    labels = {name: plain(costs[name.removeprefix(f"{LADDER}_")].label) for name in names if name != LADDER}
    return [
        block
        for name in names
        for block in figure_blocks(
            submission,
            "threshold",
            name,
            f"ICER by discount on the list price{f': {labels[name]}' if name in labels else ''}",
            "The ICER (incremental net health benefit where there is none) from list price to free, with the "
            f"thresholds; numbers in {ref('price_ladder_screen')}.",
        )
    ]


def _compared(submission: Submission) -> str:
    """Say which two strategies the price is solved for, and that there are others."""
    scenario = submission.scenario
    roles = scenario.file.decision.intervention, scenario.file.decision.comparator
    words = f"{plain(scenario.label(roles[0]))} against {plain(scenario.label(roles[1]))}."
    others = [plain(scenario.label(name)) for name in scenario.strategies if name not in roles]
    if others:
        words += (
            f" The price at which this ICER meets a threshold says nothing of {', '.join(others)}: {ref('base_case')}."
        )
    return words


def _one_way(submission: Submission) -> list[Block]:
    """Return parameter, base, low, high, source of range, and result at either end, weighted and unweighted."""
    found = submission.table("one_way", "one_way")
    if found is None:
        return []
    names = [column.name for column in found.columns]
    lower = next((n.removeprefix("low_") for n in names if n.startswith("low_nhb_")), "")
    wanted = {
        "quantity": "Parameter",
        "value": "Base",
        "low": "Low",
        "high": "High",
        "unit": "Unit",
        "bounds": "Source of range",
        f"low_{lower}": "INHB low",
        f"high_{lower}": "INHB high",
        f"low_weighted_{lower}": "Weighted INHB low",
        f"high_weighted_{lower}": "Weighted INHB high",
        "low_icer": "ICER low (£/QALY)",
        "high_icer": "ICER high (£/QALY)",
        "low_weighted_icer": "Weighted ICER low (£/QALY)",
        "high_weighted_icer": "Weighted ICER high (£/QALY)",
    }
    kept = {name: heading for name, heading in wanted.items() if name in names}
    at = [names.index(name) for name in kept]
    columns = tuple(Column(n, h, "", found.columns[i].format) for i, (n, h) in zip(at, kept.items(), strict=True))
    rows: list[tuple[Cell, ...]] = [tuple(row[i] for i in at) for row in found.rows[:LARGEST]]
    note = f"INHB: incremental net health benefit (QALYs) at £{int(lower.rpartition('_')[2]):,}. {found.note}"
    note += (
        f" The {LARGEST} of {len(found.rows)} quantities with the widest range." if len(found.rows) > LARGEST else ""
    )
    made = Table("one_way", CAPTION, columns, tuple(rows), note, marking=found.marking)
    return [TableBlock(made, CAPTION)]


def not_moved(submission: Submission) -> list[Block]:
    """Return the numbers that one-way analysis does not move singly, with the reason.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    return table_blocks(
        submission,
        "one_way",
        "not_moved",
        "Numbers that are not moved one at a time, and why",
        ("quantity", "reason", "uncertain"),
    )
