"""B.3.14 Validation: tests of the model on this scenario, the reference case, checks of the sample."""

from __future__ import annotations

from typing import Final

from netcea.analyses.base_case.record_tables import involvement_of
from netcea.scenario.involvement import Involvement
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, ref
from netcea.submission.sections.common import list_of, sentences, table_blocks, to_be_completed
from netcea.submission.submission import Submission

EXPERTS: Final = (
    "role",
    "experts",
    "when",
    "how",
    "blinded",
    "question",
    "answer",
    "low",
    "high",
    "modelled",
    "agrees",
    "follow_up",
)
"""Columns of the table of experts."""
ENGAGEMENT: Final = "Engagement with patients and others concerned, and what it changed"
NOBODY: Final = "how patients and others whom the decision affects took part, and what that changed."
REVIEW: Final = "Examination of the program from outside, and what it changed"
NO_REVIEW: Final = "who had no part in the program and examined it, when, how, what was found, and what that changed."


def validation(submission: Submission) -> list[Block]:
    """Return what was checked, and what came of it.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    verify, reference = (submission.reports.get(name) for name in ("verify", "reference_case"))
    return [
        Heading("B.3.14 Validation", 1, "b3_14"),
        Heading("B.3.14.1 Verification of the model", 2, "b3_14_1"),
        Paragraph(
            "This scenario was changed in ways of which the consequence is known, run again and judged by what "
            "every model "
            "must do (TECH-VER, in our own words)."
            + (f" All tests that passed: {ref('passed')}." if submission.table("verify", "passed") else "")
        ),
        *list_of(verify.lines if verify is not None else [f"Not run: {submission.not_run.get('verify', '')}."]),
        *table_blocks(submission, "verify", "failed", "Tests that failed"),
        *table_blocks(submission, "verify", "explained", "Tests that are explained"),
        Heading("B.3.14.2 Validation against clinical data", 2, "b3_14_2"),
        Paragraph(f"Modelled and published outcomes side by side: {ref('modelled_and_published')}."),
        Heading("B.3.14.3 NICE's reference case", 2, "b3_14_3"),
        *list_of(reference.lines if reference is not None else ()),
        *table_blocks(submission, "reference_case", "rules", "Rules of the reference case (PMG36, table 4.1)"),
        *table_blocks(
            submission, "reference_case", "effects", "What each departure does: the scenario under the reference case"
        ),
        *table_blocks(
            submission, "reference_case", "net_benefit", "Net health benefit under the reference case, and its change"
        ),
        *table_blocks(submission, "reference_case", "method_packs", "Method packs side by side"),
        Heading("B.3.14.4 Validation by clinical experts", 2, "b3_14_4"),
        *_experts(submission),
        Heading("B.3.14.5 Engagement with patients and others concerned", 2, "b3_14_5"),
        *_involved(submission.scenario.file.engagement, "engagement", ENGAGEMENT, NOBODY),
        Heading("B.3.14.6 Examination of the program from outside", 2, "b3_14_6"),
        *_involved(submission.scenario.file.program_review, "program_review", REVIEW, NO_REVIEW),
        to_be_completed("quality assurance: by whom, when, of which version, with which findings."),
    ]


def _experts(submission: Submission) -> list[Block]:
    """Return what clinical experts judged, and what nobody has."""
    record = submission.scenario.file.expert_validation
    if record is None:
        return [to_be_completed("which clinical experts judged the model, when, how, and what they said.")]
    found = table_blocks(submission, "base_case", "expert_validation", "Validation by clinical experts", EXPERTS)
    return [*(found or []), *([Paragraph(sentences(record.not_done))] if record.not_done else [])]


def _involved(record: Involvement | None, name: str, title: str, open_: str) -> list[Block]:
    """Return who took part, and what it changed; a person says it where the scenario does not."""
    if record is None:
        return [to_be_completed(open_)]
    found: list[Block] = [TableBlock(involvement_of(name, title, record), title)] if record.occasions else []
    return [*found, *([Paragraph(sentences(record.not_done))] if record.not_done and not record.occasions else [])]


def tests(submission: Submission) -> list[Block]:
    """Return the appendix with every test.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    found = [
        *table_blocks(submission, "verify", "passed", "Tests that passed"),
        *table_blocks(submission, "verify", "not_applicable", "Tests that do not apply to this model, and why"),
        *table_blocks(
            submission, "psa", "moments", "Means and standard deviations of the draws beside those of the inputs"
        ),
    ]
    return [Heading("Appendix M: Verification, test by test", 1, "appendix_m"), *found] if found else []
