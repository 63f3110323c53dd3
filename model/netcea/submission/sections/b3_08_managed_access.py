"""B.3.8 Managed access: what would be collected, by whom and when, and what it would be worth."""

from __future__ import annotations

from dataclasses import replace

from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, ref
from netcea.submission.sections.common import picked, sentences, table_blocks, to_be_completed
from netcea.submission.submission import Submission

PLAN = ("label", "resolves", "informs", "design", "patients", "timing", "collected_by")
WORTH = ("label", "basis", "patients", "evppi", "evsi", "population_evsi", "cost", "net_benefit", "finding", "note")


def managed_access(submission: Submission) -> list[Block]:
    """Return the plan of the scenario, and the value of information of what it would collect.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    record, heading = submission.scenario.file.managed_access, Heading("B.3.8 Managed access proposal", 1, "b3_08")
    if record is None:
        return [heading, to_be_completed("whether managed access is proposed, and which data would be collected.")]
    proposed = "Managed access is proposed." if record.proposed else "Managed access is not proposed."
    return [heading, Paragraph(f"{proposed} {sentences(record.statement)}"), *_plan(submission), *_worth(submission)]


def _plan(submission: Submission) -> list[Block]:
    table = submission.table("base_case", "managed_access")
    if table is None:
        return []
    return [TableBlock(replace(picked(table, PLAN), note=""), "Data to be collected under managed access")]


def _worth(submission: Submission) -> list[Block]:
    found = table_blocks(submission, "voi", "managed_access_value", "What these data would be worth", WORTH)
    if not found:
        return [Paragraph("What these data would be worth was not worked out in this run (netcea report --voi).")]
    words = "EVPPI is what perfect information on the same quantities would be worth per patient, EVSI what a study "
    words += "of so many patients would be: at the thresholds, unweighted and weighted for severity, and where the "
    return [Paragraph(f"{words}decision switches: {ref('managed_access_value')}."), *found]
