"""A changed workbook read back: what was changed, and the scenario that gives in Python what the workbook shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netcea.errors import FIXED_NOW, InputError, Place
from netcea.execution.progress import stage
from netcea.loading.reading.project import shown
from netcea.plain_number import read
from netcea.reporting.number_format import plain
from netcea.scenario.scenario import Scenario
from netcea.workbook.export import live_workbook
from netcea.workbook.provenance import Provenance, read_provenance
from netcea.workbook.reading.agreement import Agreement, agreement_of
from netcea.workbook.reading.base_scenarios import EXPORT_AGAIN, load_bases, other_version
from netcea.workbook.reading.compared import Compared, compare
from netcea.workbook.reading.equivalent_scenario import scenario_of
from netcea.workbook.reading.interpreted import Change, interpret
from netcea.workbook.reading.opened import OpenedWorkbook, open_workbook
from netcea.workbook.reading.untrusted import read_bytes
from netcea.workbook.sheets.draw_layout import CHOSEN_NUMBER, CHOSEN_ON, MOVED_ON, MOVED_ROW
from netcea.workbook.variants import n_cycles


@dataclass(frozen=True)
class ReadBack:
    """A workbook that was read back.

    Attributes
    ----------
    workbook : str
        As the user named it.
    selected : Path
        File of the scenario that is selected, which the new one extends.
    first, base, scenario : Scenario
        The one the workbook was made from; the selected one; the one with the changes.
    changes : tuple of Change
    sets : mapping of address -> value
        What the new scenario sets.
    not_read : tuple of str
        Sheets that hold results only.
    notes : tuple of str
    agreement : Agreement
        Of the workbook's results with Python's.
    """

    workbook: str
    selected: Path
    first: Scenario
    base: Scenario
    scenario: Scenario
    changes: tuple[Change, ...]
    sets: Mapping[str, Any]
    not_read: tuple[str, ...]
    notes: tuple[str, ...]
    agreement: Agreement

    @property
    def differs(self) -> bool:
        """Say whether there is anything to write: another scenario selected, or something set."""
        return bool(self.sets) or self.base.digest != self.first.digest


def read_workbook(path: Path, scenario: str = "", trusted: Sequence[Path] = ()) -> ReadBack:
    """Read a workbook that `netcea export` wrote and somebody changed.

    Parameters
    ----------
    path : Path
    scenario : str
        The file it was made from, where it cannot be found.
    trusted : sequence of Path
        Folders outside the project that scenarios may be read from.

    Raises
    ------
    InputError
        With every cell that a scenario cannot hold.
    """
    shown_as = plain(shown(path))
    with stage("reading the file"):
        workbook = open_workbook(read_bytes(path, shown_as), shown_as)
    provenance = read_provenance(workbook, shown_as)
    bases = load_bases(provenance, scenario, trusted, path, shown_as)
    _refuse_other_cycles(provenance, bases[0].scenario, shown_as)
    made = live_workbook([base.scenario for base in bases], provenance.cycles)
    with stage("comparing the cells with the model's"):
        found = compare(made.book, workbook, shown_as)
    meaning = interpret(made, found)
    if found.problems:
        raise InputError(found.problems)
    number = next(i for i, base in enumerate(bases) if base.scenario is meaning.live.scenario)
    base = bases[number]
    imported, sets = scenario_of(made, meaning, base.draft, shown_as)
    notes = other_version(provenance)
    notes += [str(warning) for warning in imported.warnings if warning.code == FIXED_NOW]
    notes += [*meaning.notes, *_beside(found)]
    agreement = Agreement()
    if what := _shows(workbook):
        notes.append(f"The workbook shows {what}: its results are of that and were not compared with Python's.")
    else:
        agreement = agreement_of(made, workbook, found.changes, imported)
    notes += [f"Warning: {warning}" for warning in imported.warnings if warning.code not in ("unverified", FIXED_NOW)]
    own = {**_on_the_command_line(provenance.sources[number].sets, base.draft.sets), **sets}
    return ReadBack(
        workbook=shown_as,
        selected=base.path,
        first=bases[0].scenario,
        base=base.scenario,
        scenario=imported,
        changes=tuple(meaning.changes),
        sets=own,
        not_read=found.not_read,
        notes=tuple(notes),
        agreement=agreement,
    )


def _on_the_command_line(sets: Sequence[str], overrides: Sequence[Any]) -> dict[str, Any]:
    """Return what `--set` changed when the workbook was made: the file that is extended does not hold it."""
    return {o.address: o.value for o in overrides[len(overrides) - len(sets) :]} if sets else {}


def _refuse_other_cycles(provenance: Provenance, base: Scenario, shown_as: str) -> None:
    """See that the sheets have the rows that their first scenario needs: a workbook may claim any number."""
    needed = n_cycles(base)
    if provenance.cycles != needed:
        place = Place(shown_as, address="the name netcea.cycles")
        raise place.error(f"{provenance.cycles:,} cycles", f"{needed:,}, as {base.source} has", EXPORT_AGAIN)


def _shows(workbook: OpenedWorkbook) -> str:
    """Return what a workbook shows in place of the point estimates."""
    for sheet, place, what in ((CHOSEN_ON, CHOSEN_NUMBER, "draw"), (MOVED_ON, MOVED_ROW, "one number moved, row")):
        cell = workbook.sheet(sheet).cells.get(place)
        if cell is not None and isinstance(cell.value, int | float) and cell.value > 0:
            return f"{what} {read(cell.value)}"
    return ""


def _beside(found: Compared) -> list[str]:
    """Return what was added beside the model, as notes."""
    notes = [f"Not read: {what}" for what in found.beside]
    return [*notes, f"Not read: {found.more_beside:,} more cells or names"] if found.more_beside else notes
