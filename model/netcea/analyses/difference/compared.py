"""One side of a comparison: a scenario that is loaded now, or a folder of results of an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netcea.analyses.difference.outcome_summary import OutcomeSummary, summary_from, summary_of
from netcea.analyses.shared.judge import evaluate
from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario, read_draft
from netcea.loading.reading.project import bare_name, on_record
from netcea.scenario.inputs_record import InputsRecord, record_of
from netcea.scenario.price_layers import REDACTED
from netcea.storage.saved_run import SavedRun, holds_results, read_saved_run
from netcea.version import __version__


@dataclass(frozen=True)
class ComparedRun:
    """One side.

    Attributes
    ----------
    named : str
        As the user named it.
    scenario : str
        Name of the scenario.
    source, inputs_folder : str
    digest, version : str
    changes : tuple of (address, value, where)
        What `set` and the command line changed.
    record : InputsRecord or None
        What went in; None where it was not recorded and cannot be loaded again.
    outcome : OutcomeSummary or None
        The base case; None for another analysis that cannot be loaded again.
    merged : DraftScenario or None
        The scenario as loaded now; None where it is no longer what it was.
    saved : SavedRun or None
        The folder of results, if it is one.
    not_loaded : str
        Why an earlier run cannot be loaded again; empty where it can.
    project : str
        The folder that `source` and `inputs_folder` are relative to; empty where it is the current one, or not known.
    """

    named: str
    scenario: str
    source: str
    inputs_folder: str
    digest: str
    version: str
    changes: tuple[tuple[str, str, str], ...]
    record: InputsRecord | None
    outcome: OutcomeSummary | None
    merged: DraftScenario | None
    saved: SavedRun | None = None
    not_loaded: str = ""
    project: str = ""

    def where(self, address: str) -> str:
        """Return file and line of a choice or a number, as far as is known."""
        if self.merged is not None:
            inside = self.merged.inputs.exists(address)
            if inside and self.record is not None and address in self.record.numbers:
                address = f"{address}.value"
            place = self.merged.inputs.place(address) if inside else self.merged.place(address)
            return f"{place.file}:{place.line}" if place.line else place.file
        return next((where for changed, _, where in reversed(self.changes) if changed == address), "")


def compared_run(named: str, sets: Sequence[str] = (), trusted: Sequence[Path] = ()) -> ComparedRun:
    """Return a side by the name of a scenario, a scenario file, or a folder of results.

    Raises
    ------
    InputError
        It is none of them, it cannot be read, or a folder of results is asked to change.
    """
    folder = Path(named)
    if holds_results(folder):
        if sets:
            found = f"a change of {named}, which has been run"
            hint = "name the scenario in place of the folder"
            raise InputError(Problem(f"--set {sets[0]}", 0, "", found, "a scenario", hint))
        return _saved(named, read_saved_run(folder), trusted)
    if folder.is_dir() and not named.endswith((".yaml", ".yml")) and not _is_scenario(named):
        read_saved_run(folder)  # which says what is missing
    if not bare_name(named) and not folder.exists() and not folder.suffix:
        siblings = sorted(p.name for p in folder.parent.iterdir()) if folder.parent.is_dir() else []
        hint = did_you_mean(folder.name, siblings)
        raise Place(named).error("neither a file nor a folder", "a scenario, or a folder of results", hint)
    return _loaded(named, read_draft(named, sets, trusted))


def _is_scenario(named: str) -> bool:
    try:
        read_draft(named)
    except InputError:
        return False
    return True


def _loaded(named: str, merged: DraftScenario) -> ComparedRun:
    scenario = resolve(merged)
    changes = tuple((c.address, c.value, c.where) for c in scenario.changes)
    return ComparedRun(
        named,
        scenario.file.name,
        scenario.source,
        scenario.inputs_folder,
        scenario.digest,
        __version__,
        changes,
        record_of(scenario),
        summary_of(evaluate(scenario)),
        merged,
        project=scenario.project,
    )


def _saved(named: str, saved: SavedRun, trusted: Sequence[Path]) -> ComparedRun:
    """Return a folder of results; with its scenario where that is still what it was."""
    head = saved.scenario
    if saved.marking == REDACTED:
        raise InputError(
            Problem(named, 0, "", "redacted results", "results that are whole", "what is hidden cannot be compared")
        )
    changes = tuple((c["address"], c["value"], c["where"]) for c in head["changes"])
    record, outcome = _record(saved), _outcome(saved)
    plain = ComparedRun(
        named,
        head["name"],
        head["source"],
        head["inputs_folder"],
        saved.digest,
        saved.version,
        changes,
        record,
        outcome,
        None,
        saved,
    )
    if saved.version != __version__:
        return replace(plain, not_loaded=f"{named} was made by netcea {saved.version}, this is {__version__}")
    try:
        again = _loaded(named, read_draft(on_record(head["source"], saved.folder), saved.command_line, trusted))
    except InputError as error:
        first = error.problems[0]
        what = first.found or "something that cannot be loaded"
        return replace(plain, not_loaded=f"{head['source']} cannot be loaded from here: {what}")
    if again.digest != saved.digest:
        return replace(plain, not_loaded=f"{head['source']} or its numbers have changed since {named} was written")
    return replace(plain, merged=again.merged, record=record or again.record, outcome=outcome or again.outcome)


def _record(saved: SavedRun) -> InputsRecord | None:
    if saved.inputs is None:
        return None
    try:
        return InputsRecord.from_json(saved.inputs)
    except ValueError as error:
        problem = Problem(str(saved.folder / "inputs.json"), 0, "", str(error), "inputs.json as netcea writes it")
        raise InputError(problem) from None


def _outcome(saved: SavedRun) -> OutcomeSummary | None:
    return summary_from(saved) if saved.is_base_case else None
