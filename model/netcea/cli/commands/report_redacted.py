"""`netcea report --redact`: a submission of which nothing depends on a confidential price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netcea.cli.commands.prices import solved
from netcea.cli.commands.shared import exit_if_failed
from netcea.cli.say import say

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers
    from netcea.scenario.scenario import Scenario
    from netcea.submission.submission import Submission
    from netcea.submission.wanted import Wanted


def report_redacted(
    load_at: Callable[[Layers], Scenario],
    gathered: Callable[[Scenario], Submission],
    layers: Layers,
    reveal: Sequence[str],
    folder: Path,
    wanted: Wanted,
    *,
    quiet: bool,
) -> None:
    """Gather at every price that redaction takes, write what is the same; exit code 1 when a price shows."""
    from netcea.analyses.registry import ANALYSES
    from netcea.confidential.audit_screen import owner_lines
    from netcea.confidential.redact import check_folder
    from netcea.confidential.redaction_record import write_record
    from netcea.execution.progress import stage
    from netcea.reporting.report import Report, write_report_into
    from netcea.storage.atomic import atomic_folder
    from netcea.submission.redacted import redacted_submission
    from netcea.submission.report import report_of

    def base_case_at(at: Layers) -> Report:
        found: Report = ANALYSES["base_case"].run(load_at(at)).report
        return found

    check_folder(folder)
    submission, found, revealed = redacted_submission(lambda at: gathered(load_at(at)), base_case_at, layers, reveal)
    made = report_of(submission, wanted)
    with stage("writing the submission"), atomic_folder(folder, marking=submission.scenario.prices.marking) as new:
        write_report_into(made, new, figures=False)
        write_record(new, found.hidden, found.verdict, revealed, submission.scenario.prices)
    if not quiet:
        for path in sorted(folder / name for name in made.files):
            say(f"{path}: {path.stat().st_size / 1e6:.1f} MB, redacted")
        for line in owner_lines(found):
            say(line, err=True)
    exit_if_failed([*found.faults, *solved(found)])
