"""`netcea check --reference-case`: every rule, every departure re-run under the reference case, every method pack."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netcea.checking.findings import ReferenceCaseRow
from netcea.checking.reference_case.benefit import TAG
from netcea.checking.reference_case.counterfactuals import all_together, counterfactuals
from netcea.checking.reference_case.effects import Effect, Results, effect_of, results_of
from netcea.checking.reference_case.packs import PackResults, by_pack
from netcea.checking.reference_case.rules import reference_case
from netcea.checking.reference_case.standing import LedgerTests, Standing
from netcea.checking.reference_case.validation import validation_of
from netcea.errors import InputError
from netcea.execution.progress import steps
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, overlay
from netcea.loading.scenarios import AnyScenario, Changes, scenario_of
from netcea.scenario.scenario import Scenario


@dataclass(frozen=True)
class Linted:
    """A scenario beside the reference case.

    Attributes
    ----------
    scenario : Scenario
    rows : tuple of ReferenceCaseRow
        RC1 to RC16.
    own : Results
        Of the scenario as it stands.
    effects : tuple of Effect
        Of each departure, and of all that can be run together.
    packs : tuple of PackResults
    """

    scenario: Scenario
    rows: tuple[ReferenceCaseRow, ...]
    own: Results
    effects: tuple[Effect, ...]
    packs: tuple[PackResults, ...]


def lint(scenario: AnyScenario, changes: Changes | None = None, verified: Sequence[Path] = ()) -> Linted:
    """Put a scenario to every rule of NICE's reference case, and run each departure under it.

    Parameters
    ----------
    scenario : Scenario, str or Path
        One that was loaded in this process, the name of one that comes with netcea, or a file.
    changes : mapping of address -> value, or sequence of ADDRESS=VALUE, optional
        On top of what the scenario has.
    verified : sequence of Path
        Folders that `netcea verify` wrote; reports/NAME_verify when left out.

    Raises
    ------
    InputError
        The scenario cannot be loaded, or a folder holds no verification.
    ModelError
        Its base case breaks a rule of the model.
    """
    loaded = scenario_of(scenario, changes)
    validation = validation_of(loaded, verified)
    standing = Standing(loaded, validation=validation)
    standing = Standing(loaded, tests_of(loaded, standing.related.draft), validation)
    rows = tuple(reference_case(standing))
    own, found = results_of(loaded), list(counterfactuals(standing, rows))
    together = all_together(standing, found)
    effects = tuple(effect_of(one, own) for one in (*found, *([together] if together else [])))
    return Linted(loaded, rows, own, effects, tuple(by_pack(standing)))


def tests_of(scenario: Scenario, draft: DraftScenario) -> LedgerTests:
    """Return the scenarios of the bias ledger that can be laid over a scenario.

    Parameters
    ----------
    scenario : Scenario
        Whose ledger it is.
    draft : DraftScenario
        What its files say.
    """
    applied = dict[str, Scenario]()
    named = {n: f"assumptions.{i}" for i, e in enumerate(scenario.file.assumptions) for n in e.tested_by}
    for name, address in steps(named.items(), "scenarios of the bias ledger"):
        with contextlib.suppress(InputError):  # check says which cannot be applied
            applied[name] = resolve(overlay(draft, draft.file_named_at(address, name)), brief=True)
    without = (other for other in applied.values() if TAG in other.file.tags)
    return LedgerTests(len(applied), tuple(without))
