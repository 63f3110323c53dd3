"""B.3.7 Uncertainty: what the result rests on most, and how much of it could be resolved."""

from __future__ import annotations

from netcea.submission.blocks import Block, Heading, Paragraph, ref
from netcea.submission.sections.common import figure_blocks, table_blocks, to_be_completed
from netcea.submission.submission import Submission


def uncertainty(submission: Submission) -> list[Block]:
    """Return the sources of uncertainty by the variance that they explain, and what it is worth to know more.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    return [
        Heading("B.3.7 Uncertainty", 1, "b3_07"),
        Paragraph(
            "Parameter uncertainty is in the probabilistic and one-way analyses, uncertainty of structure and "
            "sources in "
            f"the scenarios of the bias ledger ({ref('scenario_analysis')})."
        ),
        *table_blocks(
            submission,
            "one_way",
            "variance_largest",
            "Sources of uncertainty by the share of the variance of net health benefit that each explains alone",
        ),
        *_information(submission),
        to_be_completed("how much of this uncertainty further evidence could resolve, and why it is hard to generate."),
    ]


def _information(submission: Submission) -> list[Block]:
    """Return the value of information, where it was worked out."""
    if "voi" not in submission.reports:
        return [Paragraph("The value of information was not worked out (netcea report --voi).", "note")]
    return [
        *table_blocks(submission, "voi", "evpi", "Expected value of perfect information"),
        *table_blocks(submission, "voi", "evppi_largest", "Expected value of partial perfect information"),
        *figure_blocks(
            submission,
            "voi",
            "evppi",
            "Expected value of partial perfect information by source",
            f"Bars of the value of knowing each source of uncertainty; numbers in {ref('evppi_largest')}.",
        ),
    ]
