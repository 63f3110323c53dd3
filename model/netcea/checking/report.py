"""`netcea check`: everything that can be said about a scenario without judging its results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from netcea.checking.findings import CheckReport, Finding, Level
from netcea.checking.numbers import check_numbers, check_sources, unused
from netcea.checking.prices import check_prices
from netcea.checking.reference_case.benefit import TAG
from netcea.checking.reference_case.rules import reference_case
from netcea.checking.reference_case.standing import LedgerTests, Standing
from netcea.checking.reference_case.validation import validation_of
from netcea.checking.steps import check_steps
from netcea.costs.payer import NHS
from netcea.engine.waning_in_favour import waning_in_favour
from netcea.errors import InputError, ProblemCollector
from netcea.execution.progress import steps
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, overlay, read_draft
from netcea.loading.reading.project import real, shown
from netcea.loading.scenarios import AnyScenario, Changes, draft_of
from netcea.quantities.key_path import join_address, split_address
from netcea.scenario.scenario import Scenario


def check_scenario(
    scenario: AnyScenario, changes: Changes = (), trusted: Sequence[Path] = (), verified: Sequence[Path] = ()
) -> CheckReport:
    """Load, validate and lint a scenario and all of the inputs/ it belongs to.

    Parameters
    ----------
    scenario : Scenario, str or Path
        One that was loaded, the name of one that comes with netcea, or a file.
    changes : mapping of address -> value, or sequence of ADDRESS=VALUE
        On top of what it has.
    trusted : sequence of Path
        Folders outside its project that `extends` may read from.
    verified : sequence of Path
        Folders that `netcea verify` wrote; reports/NAME_verify when left out.

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
    findings += _waning(merged, loaded)
    tests, used, ledger = _related(merged, loaded)
    findings += ledger
    not_taken, after = check_steps(merged, loaded)
    findings += not_taken
    findings += unused(merged.inputs, {**used, **{name: _addresses(found) for name, found in after.items()}})
    return CheckReport(
        scenario=loaded.file.name,
        source=loaded.source,
        inputs_folder=loaded.inputs_folder,
        project=loaded.project,
        digest=loaded.digest,
        findings=tuple(findings),
        reference_case=tuple(reference_case(Standing(loaded, tests, validation_of(loaded, verified)))),
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


def _waning(merged: DraftScenario, scenario: Scenario) -> Iterator[Finding]:
    """Yield effects that wane where they are a harm."""
    for harm in waning_in_favour(scenario):
        path = (*split_address(harm.address), "waning")
        place = merged.tree.place(path)
        yield Finding("warning", "waning", join_address(path), place.file, place.line, harm.words(scenario))


def _related(merged: DraftScenario, scenario: Scenario) -> tuple[LedgerTests, dict[str, set[str]], list[Finding]]:
    """Return the ledger's scenarios, addresses used by every scenario, findings on the ledger."""
    applied, without = set[str](), dict[str, Scenario]()
    findings: list[Finding] = []
    tested: dict[Path, set[str]] = {}
    tests = [(n, entry, named) for n, entry in enumerate(scenario.file.assumptions) for named in entry.tested_by]
    for number, entry, named in steps(tests, "scenarios of the bias ledger"):
        place = merged.tree.place(("assumptions", number))
        path = (place.path.parent if place.path else merged.project.scenarios) / named
        try:
            draft = overlay(merged, path)
            found = resolve(draft, brief=True)
            applied.add(named)
            if TAG in found.file.tags:
                without[named] = found
            if draft.extends_base:
                tested[real(path)] = _addresses(found)
        except InputError as error:
            text = f"{named} cannot be applied here: {error.problems[0]!s}".replace("\n", " ")
            findings.append(Finding("warning", "ledger", entry.address, place.file, place.line, text))
    for number, entry in enumerate(scenario.file.assumptions):
        if not entry.tested_by:
            place, text = merged.tree.place(("assumptions", number)), f"no scenario tests it: {entry.assumption}"
            findings.append(Finding("note", "ledger", entry.address, place.file, place.line, text))
    used, unread = _used_by_the_project(merged, {} if merged.sets else tested)
    found_tests = LedgerTests(len(applied), tuple(without.values()))
    return found_tests, {scenario.source: _addresses(scenario), **used}, [*findings, *unread]


def _used_by_the_project(
    merged: DraftScenario, tested: Mapping[Path, set[str]]
) -> tuple[dict[str, set[str]], list[Finding]]:
    """Return the addresses that each scenario of the project uses, and those that do not load.

    Parameters
    ----------
    merged : DraftScenario
        A scenario of the project.
    tested : mapping of Path -> set of str
        What files that extend it use.
    """
    used: dict[str, set[str]] = {}
    findings: list[Finding] = []
    paths = [path for path in sorted(merged.project.scenarios.rglob("*.yaml")) if "batches" not in path.parts]
    for path in steps(paths, "numbers that the scenarios of the project use"):
        known = tested.get(real(path))
        if known is not None:
            used[shown(path)] = known
            continue
        try:
            draft = read_draft(str(path), inputs=merged.inputs, known=merged.tree.file)
            used[shown(path)] = _addresses(resolve(draft, brief=True))
        except InputError as error:
            text = f"does not load: {error.problems[0]!s}".replace("\n", " ")
            findings.append(Finding("warning", "ledger", "", shown(path), 0, text))
    return used, findings


def _addresses(scenario: Scenario) -> set[str]:
    return {*scenario.quantities, *scenario.used_tables}
