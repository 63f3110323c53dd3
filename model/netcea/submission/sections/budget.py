"""Budget impact, as NICE's template asks: a section of its own after B.3."""

from __future__ import annotations

from netcea.reporting.number_format import plain
from netcea.submission.blocks import Block, Heading, Paragraph, ref
from netcea.submission.sections.common import figure_blocks, list_of, table_blocks
from netcea.submission.submission import Submission


def budget(submission: Submission) -> list[Block]:
    """Return the budget impact, year by year; that it was not worked out, where the scenario names no patients.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    head = Heading("Budget impact", 1, "budget_impact")
    report = submission.reports.get("budget")
    if report is None:
        return [head, Paragraph(f"Not worked out: {plain(submission.not_run.get('budget', 'it was not run'))}.")]
    return [
        head,
        Paragraph(
            "Undiscounted, from the same streams of costs as the model: patients who start in a year bring the "
            "costs per "
            f"patient of {ref('budget_per_patient')} into it and into the years after it."
        ),
        *table_blocks(submission, "budget", "budget", "Budget impact by year"),
        *figure_blocks(
            submission,
            "budget",
            "budget",
            "Budget impact by year and category of cost",
            f"Bars of the net budget impact of each year by category; numbers in {ref('budget')}.",
        ),
        *list_of(report.lines),
        *table_blocks(
            submission, "budget", "budget_patients", "Patients starting treatment, without and with the technology"
        ),
        *table_blocks(submission, "budget", "budget_categories_screen", "Net budget impact by category"),
        *table_blocks(
            submission, "budget", "budget_per_patient", "Undiscounted costs per patient by year since the start"
        ),
    ]
