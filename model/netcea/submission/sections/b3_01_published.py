"""B.3.1 Published cost-effectiveness studies: a person's to fill in, unless the scenario's sources name some."""

from __future__ import annotations

from netcea.submission.blocks import Block, Heading
from netcea.submission.sections.common import shell, to_be_completed
from netcea.submission.submission import Submission

HEADINGS = (
    "Study",
    "Year",
    "Summary of model",
    "Patient population (average age in years)",
    "QALYs (intervention, comparator)",
    "Costs (currency) (intervention, comparator)",
    "ICER (per QALY gained)",
)


def published_studies(submission: Submission) -> list[Block]:
    """Return the shell of the table: inputs/ holds no published cost-effectiveness study.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    name = submission.scenario.file.decision_problem.intervention
    return [
        Heading("B.3.1 Published cost-effectiveness studies", 1, "b3_01"),
        to_be_completed(
            f"the systematic search for cost-effectiveness studies of {name} and its comparators. The inputs of the "
            "model hold numbers that the model uses, and no published cost-effectiveness result."
        ),
        shell(
            "published_studies",
            "Summary list of published cost-effectiveness studies",
            HEADINGS,
            "a row for each study that the search found",
        ),
    ]


def appendix_g(submission: Submission) -> list[Block]:
    """Return Appendix G, published cost-effectiveness studies.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    del submission
    return [
        Heading("Appendix G: Published cost-effectiveness studies", 1, "appendix_g"),
        to_be_completed("search strategy, selection and quality assessment of published cost-effectiveness studies."),
    ]
