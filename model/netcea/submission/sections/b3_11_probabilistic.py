"""B.3.11.1 Probabilistic sensitivity analysis."""

from __future__ import annotations

from typing import Final

from netcea.submission.blocks import Block, Heading, Paragraph, ref
from netcea.submission.sections.common import figure_blocks, list_of, table_blocks
from netcea.submission.submission import Submission

INCREMENTAL: Final = "PSA results (fully incremental): means of draws, unweighted and weighted for severity"
SUMMARY: Final = "PSA results: the intervention against the comparator, with ICER and net health benefit"
RESULTS: Final = "PSA results: deterministic and probabilistic, means with 95% credible intervals"
FIGURES: Final = (
    (
        "plane",
        "Cost-effectiveness plane of the probabilistic analysis",
        "A cloud of draws of incremental costs against incremental QALYs, with their mean and lines of the thresholds",
    ),
    (
        "ceac",
        "Cost-effectiveness acceptability curves of all strategies",
        "The probability of each strategy to have the highest net benefit, by threshold",
    ),
    (
        "ceaf",
        "Cost-effectiveness acceptability frontier",
        "The probability of being cost-effective of the strategy with the highest expected net benefit, by threshold",
    ),
    (
        "expected_loss",
        "Expected loss by strategy, and the expected value of perfect information",
        "What is lost on average by choosing each strategy, by threshold",
    ),
    (
        "convergence",
        "Convergence of the probabilistic result",
        "The running mean of incremental net health benefit with its Monte Carlo error, by number of draws",
    ),
    (
        "contributions",
        "What each source of uncertainty alone adds to the deterministic result",
        "Bars of what each source, alone uncertain, adds to incremental net health benefit",
    ),
)
"""Figure -> its caption, and what it shows."""
NUMBERS: Final = {
    "plane": "probabilistic",
    "ceac": "probabilities",
    "ceaf": "probabilities",
    "convergence": "probabilistic",
    "contributions": "contributions_largest",
}
"""Figure -> the table that has its numbers; the others have none in the document."""


def probabilistic(submission: Submission) -> list[Block]:
    """Return the probabilistic analysis.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    report = submission.reports.get("psa")
    head = [
        Heading("B.3.11 Exploring uncertainty", 1, "b3_11"),
        Heading("B.3.11.1 Probabilistic sensitivity analysis", 2, "b3_11_1"),
    ]
    if report is None:
        return [*head, Paragraph(f"Not run: {submission.not_run.get('psa', '')}.")]
    found: list[Block] = [
        *head,
        Paragraph(
            f"{report.options.get('draws', 0):,} draws, seed {report.options.get('seed')}. Numbers with the same "
            "address "
            f"are drawn once; distributions: {ref('inputs')}. Monte Carlo standard errors say what another seed would "
            "change."
        ),
        *table_blocks(submission, "psa", "incremental_of_means", INCREMENTAL),
        *table_blocks(submission, "psa", "summary", SUMMARY, key="psa_summary"),
        *table_blocks(submission, "psa", "probabilistic", RESULTS),
        *table_blocks(submission, "psa", "probabilities", "Probability of being cost-effective at each threshold"),
    ]
    for name, caption, what in FIGURES:
        table = NUMBERS.get(name, "")
        there = bool(table) and submission.table("psa", table) is not None
        alt = f"{what}{f'; numbers in {ref(table)}' if there else ''}."
        found += figure_blocks(submission, "psa", name, caption, alt, key=f"figure_psa_{name}")
    return [
        *found,
        *table_blocks(
            submission,
            "psa",
            "contributions_largest",
            "Why the probabilistic result differs from the deterministic one",
        ),
        *table_blocks(submission, "psa", "limits", "Limits of the model that bind, over all draws"),
        *list_of(report.lines),
    ]
