"""A changed workbook read back: what was changed, and the scenario that gives in Python what the workbook shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openpyxl.utils.cell import coordinate_to_tuple

from netcea.analyses.shared.judge import evaluate
from netcea.errors import FIXED_NOW, InputError, Place
from netcea.execution.progress import stage
from netcea.loading.reading.project import shown
from netcea.reporting.number_format import plain
from netcea.scenario.scenario import Scenario
from netcea.workbook.export import LiveWorkbook, live_workbook
from netcea.workbook.provenance import Provenance, read_provenance
from netcea.workbook.python_values import python_values
from netcea.workbook.reading.base_scenarios import EXPORT_AGAIN, load_bases, other_version
from netcea.workbook.reading.compared import Compared, compare
from netcea.workbook.reading.equivalent_scenario import scenario_of
from netcea.workbook.reading.interpreted import Change, interpret
from netcea.workbook.reading.opened import OpenedWorkbook, open_workbook
from netcea.workbook.reading.untrusted import read_bytes
from netcea.workbook.sheets.draw_layout import SWITCH_ROW, TITLE
from netcea.workbook.variants import n_cycles

NEAR: Final = 1e-6
"""Largest relative difference between the workbook's results and Python's that may be the program's arithmetic."""


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
    compared : int
        Results in the workbook that were compared with Python's; 0 where the file holds none.
    largest : float
        Their largest relative difference.
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
    compared: int
    largest: float

    @property
    def differs(self) -> bool:
        """Say whether there is anything to write: another scenario selected, or something set."""
        return bool(self.sets) or self.base.digest != self.first.digest

    @property
    def agrees(self) -> bool:
        """Say whether the workbook's results, where it holds any, are Python's."""
        return self.largest <= NEAR


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
    notes += _beside(found)
    count, largest = 0, 0.0
    switch = workbook.sheet(TITLE).cells.get((SWITCH_ROW, 2))
    if switch is not None and switch.value == "yes":
        notes.append("The workbook draws at random: its results are of one draw and were not compared with Python's.")
    else:
        count, largest = _differences(made, workbook, imported)
        if not count:
            notes.append(
                "The file holds no results, because no spreadsheet program has calculated it since it was "
                "written: nothing was compared."
            )
    notes += [f"Warning: {warning}" for warning in imported.warnings if warning.code != "unverified"]
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
        compared=count,
        largest=largest,
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


def _beside(found: Compared) -> list[str]:
    """Return what was added beside the model, as notes."""
    notes = [f"Not read: {what}" for what in found.beside]
    return [*notes, f"Not read: {found.more_beside:,} more cells or names"] if found.more_beside else notes


def _differences(made: LiveWorkbook, workbook: OpenedWorkbook, scenario: Scenario) -> tuple[int, float]:
    """Return how many results the file holds, and their largest relative difference from Python's."""
    shown_values = workbook.sheet(made.results.page.name).shown
    count, largest = 0, 0.0
    for name, value in python_values(evaluate(scenario)).items():
        cell = made.results.cells[name].rpartition("!")[2].replace("$", "")
        row, column = coordinate_to_tuple(cell)
        shown_value = shown_values.get((row, column))
        if shown_value in (None, ""):
            continue
        count += 1
        largest = max(largest, _relative(shown_value, value))
    return count, largest


def _relative(shown_value: object, value: float | str) -> float:
    if isinstance(value, str) or not isinstance(shown_value, int | float):
        return 0.0 if (shown_value or "") == value else math.inf
    return abs(shown_value - value) / max(abs(value), 1e-6)
