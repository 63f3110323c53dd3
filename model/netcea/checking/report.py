"""`netcea check`: everything that can be said about a scenario without judging its results."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from netcea.checking.findings import UNJUSTIFIED, CheckReport, Finding
from netcea.checking.numbers import check_numbers, check_sources, unused
from netcea.checking.prices import check_prices
from netcea.checking.reference_case import reference_case
from netcea.errors import InputError, ProblemCollector
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, overlay, read_draft
from netcea.loading.reading.project import shown
from netcea.loading.scenarios import AnyScenario, Changes, draft_of
from netcea.scenario.scenario import Scenario
from netcea.visible_text import visible

WIDTH = 100
"""Width of the text."""
TITLES = {
    "unverified": "Unverified numbers",
    "assumption": "Assumptions",
    "worked_out": "Worked out by simulation",
    "value_sets": "Value sets of utilities",
    "data_cuts": "Data cuts of one trial",
    "no_effect": "Changes without effect",
    "range": "Outside the plausible range",
    "spread": "Distributions to look at",
    "implausible": "Possible, but implausible",
    "payer": "Costs outside the perspective",
    "price_type": "Prices of drugs that are not what the NHS pays",
    "ledger": "Bias ledger",
    "unused": "Not used by any scenario",
}


def check_scenario(scenario: AnyScenario, changes: Changes = (), trusted: Sequence[Path] = ()) -> CheckReport:
    """Load, validate and lint a scenario and all of the inputs/ it belongs to.

    Raises
    ------
    InputError
        What cannot be loaded: every problem of the scenario and of inputs/.
    """
    faults = ProblemCollector()
    merged = draft_of(scenario, changes, trusted)
    loaded = None
    try:
        loaded = resolve(merged)
    except InputError as error:
        faults.problems.extend(error.problems)
    faults.problems.extend(problem for problem in check_sources(merged.inputs) if problem not in faults.problems)
    faults.raise_if_any()
    if loaded is None:
        raise InputError([])
    findings = [*check_numbers(merged, loaded), *_payers(merged, loaded), *check_prices(merged, loaded)]
    tags, used, ledger = _related(merged, loaded)
    findings += ledger
    findings += unused(merged.inputs, used)
    return CheckReport(
        scenario=loaded.file.name,
        source=loaded.source,
        inputs_folder=loaded.inputs_folder,
        digest=loaded.digest,
        findings=tuple(findings),
        reference_case=tuple(reference_case(loaded, tags)),
    )


def _payers(merged: DraftScenario, scenario: Scenario) -> Iterator[Finding]:
    base = "base_case" in scenario.file.tags
    for name, item in scenario.file.costs.items():
        if item.payer != scenario.file.decision_problem.perspective:
            place = merged.tree.place(("costs", name, "payer"))
            text = f"{item.label} is paid by {item.payer}, outside the perspective"
            yield Finding("error" if base else "warning", "payer", f"costs.{name}.payer", place.file, place.line, text)


def _related(merged: DraftScenario, scenario: Scenario) -> tuple[set[str], dict[str, set[str]], list[Finding]]:
    """Return tags of the ledger's scenarios, addresses used by every scenario, findings on the ledger."""
    used = {scenario.source: _addresses(scenario)}
    tags: set[str] = set()
    findings: list[Finding] = []
    for number, entry in enumerate(scenario.file.assumptions):
        place = merged.tree.place(("assumptions", number))
        if not entry.tested_by:
            findings.append(
                Finding(
                    "note", "ledger", entry.address, place.file, place.line, f"no scenario tests it: {entry.assumption}"
                )
            )
        for named in entry.tested_by:
            path = (place.path.parent if place.path else merged.project.scenarios) / named
            try:
                tags.update(resolve(overlay(merged, path), brief=True).file.tags)
            except InputError as error:
                text = str(error.problems[0]).replace("\n", " ")
                findings.append(
                    Finding(
                        "warning",
                        "ledger",
                        entry.address,
                        place.file,
                        place.line,
                        f"{named} cannot be applied here: {text}",
                    )
                )
    for path in sorted(merged.project.scenarios.rglob("*.yaml")):
        if "batches" in path.parts:
            continue
        try:
            used[shown(path)] = _addresses(resolve(read_draft(str(path), inputs=merged.inputs), brief=True))
        except InputError as error:
            findings.append(
                Finding(
                    "warning", "ledger", "", shown(path), 0, f"does not load: {error.problems[0]!s}".replace("\n", " ")
                )
            )
    return tags, used, findings


def _addresses(scenario: Scenario) -> set[str]:
    return {*scenario.quantities, *scenario.used_tables}


def render(reports: Sequence[CheckReport], *, as_json: bool = False, quiet: bool = False) -> str:
    """Return the reports as text for the screen, or as JSON."""
    if as_json:
        return json.dumps([asdict(report) for report in reports], indent=2, ensure_ascii=True) + "\n"
    return "\n".join(_text(report, quiet=quiet) for report in reports)


def _text(report: CheckReport, *, quiet: bool) -> str:
    errors = [f for f in report.findings if f.level == "error"]
    warnings = [f for f in report.findings if f.level == "warning"]
    where = f"{report.source}, inputs {report.inputs_folder}, digest {report.digest[:12]}"
    lines = [visible(f"{' '.join(report.scenario.split())}  ({where})")]
    shown_findings = errors if quiet else report.findings
    for rule, title in TITLES.items():
        of_rule = [f for f in shown_findings if f.rule == rule]
        if of_rule:
            lines += ["", f"{title} ({len(of_rule)})"]
            lines += [line for f in of_rule for line in _lines(f)]
    if not quiet:
        lines += ["", "NICE's reference case"]
        lines += [
            line
            for row in report.reference_case
            for line in _wrapped(f"{row.rule:<7}{row.state:<23}{row.element}: {row.message}", "  ", " " * 32)
        ]
    departures = sum(row.state == UNJUSTIFIED for row in report.reference_case)
    verdict = "FAILED" if report.failed else "passed"
    count = f"{len(errors)} errors, {len(warnings)} warnings"
    lines += ["", f"{verdict}: {count}, {departures} unjustified departures from the reference case", ""]
    return "\n".join(lines)


def _lines(finding: Finding) -> list[str]:
    """Return the place of a finding and its message, wrapped."""
    line = f":{finding.line}" if finding.line else ""
    place = f"  {_mark(finding)}{visible(finding.file)}{line}"
    address = visible(finding.address)
    head = f"{place}  {address}".rstrip()
    heads = [head] if len(head) <= WIDTH else [place, f"      {address}"]
    return [*heads, *_wrapped(finding.message, " " * 6, " " * 6)]


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        visible(" ".join(text.split())),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _mark(finding: Finding) -> str:
    return {"error": "ERROR ", "warning": "warning ", "note": ""}[finding.level]
