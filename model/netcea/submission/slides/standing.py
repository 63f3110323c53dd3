"""Where a submission stands: scenarios, whom assumptions favour, limits, what was verified."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from netcea.checking.findings import ALIGNED
from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, Table
from netcea.scenario.price_layers import CONFIDENTIAL
from netcea.submission.blocks import Paragraph, TableBlock
from netcea.submission.checklists.answer import shortened
from netcea.submission.checklists.checklist import checklists
from netcea.submission.checklists.evidence import rows_of
from netcea.submission.checklists.report import summary_table
from netcea.submission.slides.slide import HIDDEN, Part, Slide, chosen, notes_of, size_of
from netcea.submission.submission import Submission

ROWS: Final = 8
"""Scenarios, and assumptions, on a slide."""


def scenarios(submission: Submission) -> Slide:
    """Return the scenarios of the bias ledger that move the result most, prices of drugs aside."""
    found = submission.table("base_case", "ledger")
    if found is None or submission.redacted:
        words = HIDDEN if submission.redacted else "The scenario has no bias ledger that was run."
        return Slide("Scenarios", (Paragraph(words, "note"),), notes_of(submission, "base_case", "ledger"))
    at = [column.name for column in found.columns]
    change, scenario, address = at.index("change_in_nhb"), at.index("scenario"), at.index("address")
    rows = {
        str(r[scenario]): r
        for r in sorted(found.rows, key=lambda r: -abs(size_of(r[change])))
        if r[scenario] and not str(r[address]).endswith((".price_per_pack", ".discount"))
    }
    results = ("incremental_costs", "incremental_qalys", "icer", "weighted_icer")
    names = ("scenario", *results, "change_in_nhb", "change_in_weighted_nhb")
    kept = chosen(replace(found, rows=tuple(rows.values())), names, ROWS)
    caption = f"The {len(kept.rows)} of {len(rows)} scenarios that change net health benefit most; steps of price aside"
    return Slide(
        "Scenarios that test the assumptions", (TableBlock(kept, caption),), notes_of(submission, "base_case", "ledger")
    )


def bias(submission: Submission) -> Slide:
    """Return how many assumptions favour whom, and those in favour of the intervention."""
    entries = submission.scenario.file.assumptions
    if not entries:
        return Slide("Whom assumptions favour", (Paragraph("The scenario has no bias ledger.", "note"),))
    n = {side: sum(entry.bias == side for entry in entries) for side in ("for", "against", "unclear")}
    words = f"{len(entries)} assumptions: {n['for']} favour the intervention, {n['against']} the comparator, "
    words += f"of {n['unclear']} that is unclear."
    largest, hidden = _largest(submission), CONFIDENTIAL if submission.redacted else None
    favour = sorted((e for e in entries if e.bias == "for"), key=lambda e: -largest.get(e.assumption, 0.0))
    rows = tuple(
        (shortened(plain(e.assumption), 130), len(e.tested_by), largest.get(e.assumption, hidden))
        for e in favour[: ROWS - 1]
    )
    columns = (
        Column("assumption", "In favour of the intervention"),
        Column("tests", "Scenarios", "", "count"),
        Column("change", "Largest change in NHB", "QALYs", "qalys"),
    )
    found = Table("bias", "", columns, rows)
    caption = "Assumptions in favour of the intervention, largest change first"
    parts = (Paragraph(words), TableBlock(found, caption, widths=(7.0, 1.2, 1.6)))
    return Slide("Whom assumptions favour", parts, notes_of(submission, "base_case", "ledger"), "below")


def _largest(submission: Submission) -> dict[str, float]:
    """Return assumption -> the largest change in net health benefit of its scenarios; nothing where that is hidden."""
    found: dict[str, float] = {}
    for row in rows_of(submission.table("base_case", "ledger")):
        if isinstance(row["change_in_nhb"], float):
            name = str(row["assumption"])
            found[name] = max(found.get(name, 0.0), abs(row["change_in_nhb"]))
    return found


def limits(submission: Submission) -> Slide:
    """Return what to know before reading the numbers, departures from the reference case, and what was not run."""
    lines = [*submission.read_first]
    rules = list(rows_of(submission.table("reference_case", "rules")))
    told = [row for row in rules if row["state"] not in (ALIGNED, CONFIDENTIAL)]
    departs = [f"{row['rule']} {row['element']} ({row['state']})" for row in told]
    lines += [f"Departs from NICE's reference case: {'; '.join(departs)}."] if departs else []
    lines += [f"Not run: {name.replace('_', ' ')} ({why})." for name, why in submission.not_run.items()]
    parts = tuple(Paragraph(plain(line), "list") for line in lines) or (
        Paragraph("Nothing is known to limit this run."),
    )
    return Slide("Limits", parts, ("Sentences that every run says first; netcea check --reference-case.",))


def validation(submission: Submission) -> Slide:
    """Return what was verified, and how far checklists are filled in."""
    lacking = HIDDEN if submission.redacted and "verify" in submission.reports else "Not verified."
    counted = [line for report in ("verify",) if (r := submission.reports.get(report)) for line in r.lines]
    parts: tuple[Part, ...] = tuple(Paragraph(plain(line)) for line in counted) or (Paragraph(lacking),)
    lists = TableBlock(summary_table(checklists(submission)), "Checklists, answered from this run")
    return Slide("Verification and checklists", (*parts, lists), notes_of(submission, "verify", "passed"), "below")
