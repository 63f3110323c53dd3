"""Sections of which the model knows little: named, so that their order is the template's, and left to a person."""

from __future__ import annotations

from netcea.submission.blocks import Block, Heading
from netcea.submission.sections.b3_03_clinical import trial_table
from netcea.submission.sections.b3_10_base_case import appendix_j as resource_use
from netcea.submission.sections.b3_11_deterministic import not_moved
from netcea.submission.sections.common import list_of, to_be_completed
from netcea.submission.submission import Submission


def not_captured(submission: Submission) -> list[Block]:
    """Return B.3.13.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    del submission
    return [
        Heading("B.3.13 Benefits not captured in the QALY calculation", 1, "b3_13"),
        to_be_completed("benefits that the QALY does not capture, with their evidence."),
    ]


def interpretation(submission: Submission) -> list[Block]:
    """Return B.3.15: what every run says first, and what a person concludes.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    return [
        Heading("B.3.15 Interpretation and conclusions of economic evidence", 1, "b3_15"),
        *list_of(submission.read_first),
        to_be_completed("interpretation: relevance to NHS practice, strengths and weaknesses, conclusions."),
    ]


def appendix_j(submission: Submission) -> list[Block]:
    """Return Appendix J: clinical outcomes and disaggregated results.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    return [
        Heading("Appendix J: Clinical outcomes and disaggregated results from the model", 1, "appendix_j"),
        *trial_table(submission),
        *resource_use(submission),
        *not_moved(submission),
    ]
