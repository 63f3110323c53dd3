"""Findings as their reader wants them: the verdict, then what needs a decision, then how much else there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final, NamedTuple

from netcea.checking.findings import ALIGNED, MISSING, UNJUSTIFIED, CheckReport, Finding, ReferenceCaseRow
from netcea.reporting.changes import where_from
from netcea.visible_text import display_width, visible

WIDTH: Final = 100
"""Width of the text. [columns]"""
MOST: Final = 10
"""Warnings of one kind that are listed without --all."""


class Kind(NamedTuple):
    """One kind of finding in words.

    Attributes
    ----------
    title : str
        Above a list of them.
    counted : str
        What stands after their number, where they are only counted.
    listed : bool
        Whether notes are listed unasked, too: they are few, and a reviewer asks about each.
    """

    title: str
    counted: str
    listed: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    "unverified": Kind("Unverified numbers", "numbers are unverified"),
    "payer": Kind("Costs of payers other than NHS and PSS", "costs of other payers do not count", listed=True),
    "range": Kind("Outside the plausible range", "numbers lie outside their plausible range"),
    "implausible": Kind("Possible, but implausible", "are possible, but implausible"),
    "spread": Kind("Distributions to look at", "distributions are odd"),
    "price_type": Kind(
        "Prices of drugs that are not what the NHS pays", "prices of drugs are not what the NHS pays", listed=True
    ),
    "data_cuts": Kind("Data cuts of one trial", "numbers are of another data cut of their trial"),
    "waning": Kind("Effects that wane in the strategy's favour", "effects wane in the strategy's favour"),
    "no_effect": Kind("Changes without effect", "changes have no effect"),
    "value_sets": Kind("Value sets of utilities", "utilities of another value set, each with a reason"),
    "ledger": Kind("Bias ledger", "assumptions of the bias ledger that no scenario tests"),
    "assumption": Kind("Assumptions", "numbers in use that are assumptions, each with its reason"),
    "relative_survival": Kind("Relative survival", "curves are relative survival", listed=True),
    "worked_out": Kind("Worked out by simulation", "correlations worked out by simulation"),
    "unused": Kind("Not used by any scenario", "numbers and sources of inputs/ that no scenario of the project uses"),
}
"""Rule of a finding -> its words, in the order of the text."""
_MARKS: Final = {"error": "ERROR ", "warning": "warning ", "note": ""}


def render(
    reports: Sequence[CheckReport], *, as_json: bool = False, quiet: bool = False, everything: bool = False
) -> str:
    """Return the reports as text for the screen, or as JSON, which always has everything.

    Parameters
    ----------
    reports : sequence of CheckReport
        In the order in which they were asked for.
    as_json : bool
        JSON in place of text.
    quiet : bool
        Errors and the verdict alone.
    everything : bool
        List what is otherwise counted: assumptions, unused numbers, elements of the reference case that are met.
    """
    if as_json:
        return json.dumps([asdict(report) for report in reports], indent=2, ensure_ascii=True) + "\n"
    return "\n".join("\n".join(_text(report, quiet=quiet, everything=everything)) + "\n" for report in reports)


def verdict(report: CheckReport) -> str:
    """Return what a check came to; it is passed only where nothing failed, is missing or departs without a reason.

    Parameters
    ----------
    report : CheckReport
        Of one scenario.
    """
    errors, warnings = (sum(f.level == level for f in report.findings) for level in ("error", "warning"))
    rows = report.reference_case
    missing, departs = ([row.rule for row in rows if row.state == state] for state in (MISSING, UNJUSTIFIED))
    head = "FAILED" if report.failed else "NOT COMPLETE" if missing or departs else "passed"
    of_case = [f"missing {_listed(missing)}"] if missing else []
    of_case.append(f"departs without a reason in {_listed(departs)}" if departs else "no unjustified departure")
    counts = f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
    return f"{head}: {counts}; of the reference case {', '.join(of_case)}"


def _text(report: CheckReport, *, quiet: bool, everything: bool) -> Iterator[str]:
    where = where_from(report.source, report.inputs_folder, report.project, report.digest)
    yield visible(f"{' '.join(report.scenario.split())}  ({where})")
    yield from _wrapped(verdict(report), "", "  ")
    yield from _findings(report.findings, lambda f: f.level == "error")
    if quiet:
        return
    yield from _findings(report.findings, lambda f: f.level == "warning", most=None if everything else MOST)
    yield from _reference_case(report.reference_case, everything=everything)
    if everything:
        yield from _findings(report.findings, lambda f: f.level == "note")
    else:
        yield from _findings(report.findings, lambda f: f.level == "note" and KINDS[f.rule].listed)
        yield from _counts(report.findings)


def _findings(findings: Sequence[Finding], wanted: Callable[[Finding], bool], most: int | None = None) -> Iterator[str]:
    """Yield findings under the title of their kind."""
    for rule, kind in KINDS.items():
        of_rule = [f for f in findings if f.rule == rule and wanted(f)]
        if of_rule:
            yield from ("", f"{kind.title} ({len(of_rule)})")
            yield from (line for f in of_rule[:most] for line in _lines(f))
            if most is not None and len(of_rule) > most:
                yield f"  and {len(of_rule) - most:,} more (--all lists them)"


def _reference_case(rows: Sequence[ReferenceCaseRow], *, everything: bool) -> Iterator[str]:
    """Yield how the scenario stands to the reference case: what departs first, what is met only if asked for."""
    order = sorted(rows, key=lambda row: (row.state == ALIGNED, row.state != UNJUSTIFIED, row.state != MISSING))
    met = [row.rule for row in rows if row.state == ALIGNED]
    yield from ("", "NICE's reference case")
    for row in order:
        if everything or row.state != ALIGNED:
            yield from _wrapped(f"{row.element}: {row.message}", f"  {row.rule:<8}{row.state:<23}", " " * 33)
    if met and not everything:
        yield from _wrapped(f"{len(met)} of {len(rows)} elements are aligned: {', '.join(met)}", "  ", "  ")


def _counts(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield how many notes there are of each kind."""
    rules = [rule for rule, kind in KINDS.items() if not kind.listed]
    notes = {rule: sum(f.rule == rule and f.level == "note" for f in findings) for rule in rules}
    if any(notes.values()):
        yield from ("", "Also noted (--all lists them)")
        yield from (f"  {count:>4,}  {KINDS[rule].counted}" for rule, count in notes.items() if count)


def _counted(count: int, what: str) -> str:
    """Return a number with its noun.

    >>> _counted(1, "error"), _counted(0, "warning")
    ('1 error', '0 warnings')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _listed(rules: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(rules[:-1]), rules[-1])))


def _lines(finding: Finding) -> list[str]:
    """Return the place of a finding and its message, wrapped."""
    line = f":{finding.line}" if finding.line else ""
    place = f"  {_MARKS[finding.level]}{visible(finding.file)}{line}"
    address = visible(finding.address)
    head = f"{place}  {address}".rstrip()
    heads = [head] if len(head) <= WIDTH else [place, f"      {address}"]
    return [*heads, *_wrapped(finding.message, " " * 6, " " * 6)]


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    found: list[str] = []
    line = first
    for word in visible(" ".join(text.split())).split(" "):
        blank = "" if line in (first, rest) else " "
        if blank and display_width(line) + 1 + display_width(word) > WIDTH:
            found.append(line)
            line, blank = rest, ""
        line += blank + word
    return [*found, line]
