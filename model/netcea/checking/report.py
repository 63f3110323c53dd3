"""`netcea check`: everything that can be said about a scenario without judging its results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from netcea.checking.findings import CheckReport, Finding, Level
from netcea.checking.numbers import check_numbers, check_sources, unused
from netcea.checking.prices import check_prices
from netcea.checking.reference_case import reference_case
from netcea.costs.payer import NHS
from netcea.errors import InputError, ProblemCollector
from netcea.execution.progress import steps
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, overlay, read_draft
from netcea.loading.reading.project import real, shown
from netcea.loading.scenarios import AnyScenario, Changes, draft_of
from netcea.quantities.key_path import join_address
from netcea.scenario.scenario import Scenario


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
    file = scenario.file
    paid = {("costs", name): item for name, item in file.costs.items()}
    events = {("adverse_events", "events", name): event for name, event in file.adverse_events.events.items()}
    for path, item in (*paid.items(), *events.items()):
        if item.payer == NHS:
            continue
        place, counted = merged.tree.place((*path, "payer")), file.counts(item.payer)
        text = f"{item.label} is paid by {item.payer}: "
        text += "counted, outside the reference case" if counted else f"not counted ({file.perspective})"
        level: Level = "note" if not counted else "error" if "base_case" in file.tags else "warning"
        yield Finding(level, "payer", join_address((*path, "payer")), place.file, place.line, text)


def _related(merged: DraftScenario, scenario: Scenario) -> tuple[set[str], dict[str, set[str]], list[Finding]]:
    """Return tags of the ledger's scenarios, addresses used by every scenario, findings on the ledger."""
    tags: set[str] = set()
    findings: list[Finding] = []
    tested: dict[Path, set[str]] = {}
    tests = [(n, entry, named) for n, entry in enumerate(scenario.file.assumptions) for named in entry.tested_by]
    for number, entry, named in steps(tests, "scenarios of the bias ledger"):
        place = merged.tree.place(("assumptions", number))
        path = (place.path.parent if place.path else merged.project.scenarios) / named
        try:
            found = resolve(overlay(merged, path), brief=True)
            tags.update(found.file.tags)
            tested[real(path)] = _addresses(found)
        except InputError as error:
            text = f"{named} cannot be applied here: {error.problems[0]!s}".replace("\n", " ")
            findings.append(Finding("warning", "ledger", entry.address, place.file, place.line, text))
    for number, entry in enumerate(scenario.file.assumptions):
        if not entry.tested_by:
            place, text = merged.tree.place(("assumptions", number)), f"no scenario tests it: {entry.assumption}"
            findings.append(Finding("note", "ledger", entry.address, place.file, place.line, text))
    used, unread = _used_by_the_project(merged, {} if merged.sets else tested)
    return tags, {scenario.source: _addresses(scenario), **used}, [*findings, *unread]


def _used_by_the_project(
    merged: DraftScenario, tested: Mapping[Path, set[str]]
) -> tuple[dict[str, set[str]], list[Finding]]:
    """Return the addresses that each scenario of the project uses, and those that do not load.

    Parameters
    ----------
    merged : DraftScenario
        A scenario of the project.
    tested : mapping of Path -> set of str
        What files use whose changes were laid over it; that is what they use alone where they extend the same file.
    """
    used: dict[str, set[str]] = {}
    findings: list[Finding] = []
    paths = [path for path in sorted(merged.project.scenarios.rglob("*.yaml")) if "batches" not in path.parts]
    for path in steps(paths, "numbers that the scenarios of the project use"):
        try:
            draft = read_draft(str(path), inputs=merged.inputs, known=merged.tree.file)
            known = tested.get(real(path)) if draft.tree.file is merged.tree.file else None
            used[shown(path)] = _addresses(resolve(draft, brief=True)) if known is None else known
        except InputError as error:
            text = f"does not load: {error.problems[0]!s}".replace("\n", " ")
            findings.append(Finding("warning", "ledger", "", shown(path), 0, text))
    return used, findings


def _addresses(scenario: Scenario) -> set[str]:
    return {*scenario.quantities, *scenario.used_tables}
