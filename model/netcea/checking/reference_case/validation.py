"""RC16: whether a record of `netcea verify` belongs to a scenario as it stands, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from netcea.checking.findings import ALIGNED, MISSING, UNJUSTIFIED, ReferenceCaseRow
from netcea.errors import InputError, Place
from netcea.reporting.report import default_folder
from netcea.scenario.scenario import Scenario
from netcea.storage.saved_run import SavedRun, holds_results, read_saved_run

VERIFY: Final = "verify"
"""Name of the analysis that verifies."""


class Validation(NamedTuple):
    """What the record of a verification says of a scenario.

    Attributes
    ----------
    state : {'aligned', 'unjustified deviation', 'missing'}
    message : str
        With the folder.
    """

    state: str = MISSING
    message: str = "no record of a verification (netcea verify) was found"

    @property
    def row(self) -> ReferenceCaseRow:
        """Its row."""
        return ReferenceCaseRow("RC16", "Validation", self.state, self.message)


NOT_VALIDATED: Final = Validation()


def validation_of(scenario: Scenario, folders: Sequence[Path] = ()) -> Validation:
    """Return what is known of the verification of a scenario as it stands.

    Parameters
    ----------
    scenario : Scenario
        With its digest.
    folders : sequence of Path
        Where `netcea verify` wrote, or results.json there; by default reports/NAME_verify.

    Raises
    ------
    InputError
        A folder that was named holds no record of a verification.
    """
    found = [_named(path) for path in folders] or _standing(scenario)
    mine = next((run for run in found if run.digest == scenario.digest), None)
    if mine is not None:
        return _of_record(mine)
    if found:
        where = ", ".join(str(run.folder) for run in found)
        return Validation(MISSING, f"the verification in {where} is of another digest: the scenario has changed since")
    return NOT_VALIDATED


def _of_record(run: SavedRun) -> Validation:
    passed, failed, explained = (_count(run, name) for name in ("passed", "failed", "explained"))
    return validation_by(passed, failed, explained, str(run.folder))


def validation_by(passed: int, failed: int, explained: int, where: str) -> Validation:
    """Return what numbers of tests say of a scenario.

    Parameters
    ----------
    passed, failed, explained : int
        How many tests of its verification.
    where : str
        That has them.

    Examples
    --------
    >>> validation_by(56, 0, 3, "this run").state, validation_by(55, 1, 3, "this run").state
    ('aligned', 'unjustified deviation')
    """
    if failed or not passed:
        return Validation(UNJUSTIFIED, f"{failed} tests of its verification failed ({where})")
    return Validation(ALIGNED, f"{passed} black-box tests passed, none failed, {explained} explained ({where})")


def _count(run: SavedRun, name: str) -> int:
    found = run.results.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise Place(str(run.folder)).error(f"{name}: {found!r}", "the number of tests, as netcea verify writes it")
    return found


def _standing(scenario: Scenario) -> list[SavedRun]:
    """Return the record in the folder where `netcea verify` writes, if one can be read there."""
    folder = default_folder(scenario, VERIFY, nested=True)
    try:
        return [_named(folder)] if holds_results(folder) else []
    except InputError:
        return []


def _named(path: Path) -> SavedRun:
    run = read_saved_run(path.parent if path.name == "results.json" else path)
    if run.analysis != VERIFY:
        raise Place(str(path)).error(f"results of {run.analysis}", "those of netcea verify")
    return run
