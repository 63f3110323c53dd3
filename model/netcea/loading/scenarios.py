"""A scenario by whatever a user of Python has at hand: loaded, by name, or as a file; with changes as a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from netcea.errors import InputError, Problem
from netcea.loading.load import Related, load
from netcea.loading.merging.draft import DraftScenario, read_draft
from netcea.loading.merging.override import parse_command_line
from netcea.loading.reading.python_value import plain_changes
from netcea.scenario.scenario import Scenario

AnyScenario: TypeAlias = Scenario | str | Path
"""A scenario that was loaded, the name of one that comes with netcea, or a file."""
Changes: TypeAlias = Mapping[str, object] | Sequence[str]
"""Address -> value; or texts ``ADDRESS=VALUE``."""


def draft_of(scenario: AnyScenario, changes: Changes = (), trusted: Sequence[Path] = ()) -> DraftScenario:
    """Return a scenario as its files have it, with changes on top, before it is checked.

    Parameters
    ----------
    scenario : AnyScenario
        Loaded, a name, or a file.
    changes : Changes
        On top of what it has.
    trusted : sequence of Path
        Folders outside the project that `extends` may read from.
    """
    if isinstance(scenario, Scenario) and isinstance(scenario.related, Related):
        return scenario.related.draft.with_sets(parse_command_line(changes))
    return read_draft(str(scenario.path if isinstance(scenario, Scenario) else scenario), changes, trusted)


def scenario_of(scenario: AnyScenario, changes: Changes | None = None) -> Scenario:
    """Return a loaded scenario.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Loaded, a name, or a file.
    changes : mapping of address -> value, or sequence of ``ADDRESS=VALUE``, optional
        On top of what it has, as ``--set`` takes them.

    Raises
    ------
    InputError
        With every problem found.
    """
    given = plain_changes(changes)
    if not isinstance(scenario, Scenario):
        return load(str(scenario), given)
    if not given:
        return scenario
    if scenario.related is None:
        found = "changes of a scenario that came from another process"
        raise InputError(Problem(found=found, expected="the scenario where it was loaded, or its name"))
    return scenario.related.changed(given)
