"""What the owner of confidential prices sees of a redaction: to be printed where no results go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netcea.confidential.redact import Redaction


def owner_lines(redaction: Redaction) -> Iterator[str]:
    """Yield what was hidden, and what the visible results give away of each price, with its numbers.

    Parameters
    ----------
    redaction : Redaction
        What was written and hidden.
    """
    hidden = redaction.hidden
    yield (
        f"Redacted: {hidden.values:,} values that depend on confidential prices read 'confidential'; "
        f"{len(hidden.dropped)} files, sheets and pictures were left out (run.json, and the sheet Redaction of Excel "
        "files, list them)."
    )
    if any(finding.names for finding in redaction.findings):
        yield "What the revealed results give away, for the owner of the prices alone:"
    for finding in redaction.findings:
        if finding.names:
            label = redaction.labels.get(finding.drug, finding.drug)
            found = f"{finding.low * 100:.2f} to {finding.high * 100:.2f}"
            yield (
                f"  {label}: {finding.actual:.1%} ({found}) off the public price, from {', '.join(finding.names)}"
                + (" - SOLVABLE" if finding.solvable else "")
            )
    yield f"Audit: {redaction.verdict}"
