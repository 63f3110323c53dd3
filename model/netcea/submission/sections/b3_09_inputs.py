"""B.3.9 Summary of base-case analysis inputs and assumptions."""

from __future__ import annotations

from collections.abc import Iterable

from netcea.analyses.base_case.judgement_tables import DIRECTIONS
from netcea.reporting.number_format import plain
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, ref
from netcea.submission.sections.common import Number, list_of, numbers_of, words_table
from netcea.submission.submission import Submission

VARIABLES = "Summary of variables applied in the economic model"
ASSUMPTIONS = "List of assumptions of the economic model, with the direction of bias"


def inputs(submission: Submission) -> list[Block]:
    """Return every number in use with its source, and every assumption with whom it favours.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    numbers = numbers_of(submission).values()
    assumed = sum(n.status == "assumption" for n in numbers)
    unverified = sum(n.status == "unverified" for n in numbers)
    headings = (
        "Variable",
        "Value",
        "Measurement of uncertainty and distribution: confidence interval (distribution)",
        "Reference to section in submission",
        "Source",
    )
    return [
        Heading("B.3.9 Summary of base-case analysis inputs and assumptions", 1, "b3_09"),
        Heading("B.3.9.1 Summary of base-case analysis inputs", 2, "b3_09_1"),
        Paragraph(
            f"{len(numbers)} numbers are in use, {assumed} of them assumptions, {unverified} unverified. Each is "
            "given in "
            f"its own unit, as published; addresses and notes: {ref('inputs_traced')}."
        ),
        TableBlock(words_table("inputs", VARIABLES, headings, _rows(numbers)), VARIABLES),
        Heading("B.3.9.2 Assumptions", 2, "b3_09_2"),
        *_assumptions(submission),
    ]


def _rows(numbers: Iterable[Number]) -> Iterable[tuple[str, ...]]:
    for n in numbers:
        interval = f"{n.interval} ({n.distribution})" if n.interval else n.distribution
        yield n.label, n.shown, interval, n.section, n.cited


def _assumptions(submission: Submission) -> list[Block]:
    """Return assumptions, their reasons, whom they favour, and the scenarios that test them."""
    file = submission.scenario.file
    if not file.assumptions:
        return list_of(["The scenario has no bias ledger: no assumption is listed, and none is tested."])
    rows = []
    for entry in file.assumptions:
        tested = f"{len(entry.tested_by)} in {ref('scenario_analysis')}" if entry.tested_by else "none"
        rows.append((plain(entry.assumption), plain(entry.why), DIRECTIONS[entry.bias], tested))
    headings = ("Assumption", "Justification", "Direction of bias", "Scenarios that test it")
    return [
        TableBlock(words_table("assumptions", ASSUMPTIONS, headings, rows), ASSUMPTIONS, widths=(5.0, 8.0, 2.0, 2.0))
    ]


def traced(submission: Submission) -> list[Block]:
    """Return the appendix that leads from each number to its place in inputs/.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    rows = [(n.address, n.label, n.shown, n.status, n.price_year, n.note) for n in numbers_of(submission).values()]
    caption = "Every number of the model: where it stands in the inputs, its status and its note"
    headings = ("Address", "Variable", "Value", "Status", "Price year", "Note")
    return [
        Heading("Appendix L: Inputs, traced to their files", 1, "appendix_l"),
        TableBlock(
            words_table("inputs_traced", caption, headings, rows), caption, widths=(5.4, 4.0, 2.2, 1.9, 1.4, 9.0)
        ),
    ]
