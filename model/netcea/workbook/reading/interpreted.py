"""From cells that were changed to what they mean: selected scenario, options, numbers; or what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from netcea.errors import did_you_mean
from netcea.workbook.choice import Choice
from netcea.workbook.export import LiveWorkbook
from netcea.workbook.reading.compared import CellChange, Compared, words_of
from netcea.workbook.reading.live_choices import Live
from netcea.workbook.sheets import choices
from netcea.workbook.sheets import inputs as sheet

SELECTOR = "selected_scenario"


@dataclass(frozen=True)
class Change:
    """Something that was changed, in the words of the scenario.

    Attributes
    ----------
    address, label, unit, cell : str
    old, new : str or float
        In the scenario that is selected, and in the workbook.
    note : str
        Why it is not in the scenario's `set`, where it is not.
    """

    address: str
    label: str
    old: str | float
    new: str | float
    unit: str = ""
    cell: str = ""
    note: str = ""


@dataclass
class Meaning:
    """What changed cells mean.

    Attributes
    ----------
    live : Live
    changes : list of Change
    typed : dict of address -> float
        Numbers that were typed.
    """

    live: Live
    changes: list[Change] = field(default_factory=list)
    typed: dict[str, float] = field(default_factory=dict)


def interpret(made: LiveWorkbook, found: Compared) -> Meaning:
    """Return what the changed cells mean; what they cannot mean becomes a problem of `found`."""
    variants = made.variants
    selector = made.book.names[SELECTOR].replace("$", "").replace("'", "")
    moved = next((change for change in found.changes if change.cell == selector), None)
    selected = _selected(made, found, moved)
    by_row = {made.inputs.choice_rows[choice.address]: choice for choice in variants.all_choices}
    addresses = {row: address for address, row in made.inputs.rows.items()}
    options = {choice.address: choice.taken[selected] for choice in variants.all_choices}
    numbers = {address: _number(values, selected) for address, values in variants.numbers.items()}
    meaning = Meaning(Live(variants, selected, options, numbers))
    names = list(variants.titles)
    if selected:
        meaning.changes.append(Change("extends", "scenario", names[0], names[selected], cell=selector))
    for change in found.changes:
        if change is moved:
            continue
        if change.sheet == made.inputs.choices.page.name and change.row in by_row:
            _choose(found, meaning, change, by_row[change.row])
        elif change.sheet == made.inputs.page.name and change.row in addresses:
            _type(made, found, meaning, change, addresses[change.row])
        else:
            words = words_of(change.value, change.kind) if change.value is not None else "nothing"
            meaning.changes.append(
                Change(
                    change.cell,
                    "a cell for display",
                    "",
                    words,
                    cell=change.cell,
                    note="for display only: no part of a scenario",
                )
            )
    return meaning


def _number(values: Sequence[float], selected: int) -> float:
    """Return a number as the matrix gives it: of the selected scenario, or of the first that has it."""
    return next(v for v in (values[selected], *values) if not math.isnan(v))


def _selected(made: LiveWorkbook, found: Compared, moved: CellChange | None) -> int:
    names = list(made.variants.titles)
    if moved is None:
        return 0
    if moved.kind == "s" and moved.value in names:
        return names.index(moved.value)
    reason = dict(made.variants.refused).get(str(moved.value))
    if reason:
        found.wrong(
            moved.cell,
            f"the scenario '{moved.value}', which does not fit these sheets ({reason})",
            "one of the scenarios that can be selected",
            "export it by itself",
        )
    else:
        what = "nothing" if moved.value is None else words_of(moved.value, moved.kind)
        listed = "; ".join(names[:8]) + (" ..." if len(names) > 8 else "")
        found.wrong(moved.cell, what, f"the name of a scenario: {listed}", did_you_mean(str(moved.value), names))
    return 0


def _choose(found: Compared, meaning: Meaning, change: CellChange, choice: Choice) -> None:
    texts = choice.options
    if change.kind != "s" or change.value not in texts:
        where = f"{change.cell}  {choice.address}"
        found.wrong(
            where,
            words_of(change.value, change.kind),
            f"one of: {'; '.join(texts)}",
            did_you_mean(str(change.value), texts),
        )
        return
    option = texts.index(change.value)
    old = choice.options[choice.taken[meaning.live.selected]]
    same = option == choice.taken[meaning.live.selected]
    note = "as in the scenario" if same else ""
    meaning.live.options[choice.address] = option
    meaning.changes.append(
        Change(choice.address, choice.label, old, choice.options[option], cell=change.cell, note=note)
    )


def _type(made: LiveWorkbook, found: Compared, meaning: Meaning, change: CellChange, address: str) -> None:
    """Take a number that was typed."""
    where, value = f"{change.cell}  {address}", change.value
    unit = str(made.inputs.page.value(change.row, sheet.UNIT) or "")
    label = str(made.inputs.page.value(change.row, sheet.LABEL) or "")
    expected = f"a number [{unit}], or an empty cell"
    if isinstance(value, bool) or not isinstance(value, int | float) or change.kind != "n":
        found.wrong(where, words_of(value, change.kind), expected, _instead_of(value, change.kind))
        return
    if not math.isfinite(value):
        found.wrong(where, words_of(value, change.kind), expected)
        return
    setting = address.startswith("settings.")
    if not setting and not any(address in s.quantities for s in made.variants.scenarios):
        found.wrong(
            where,
            f"{value!r} for a parameter that netcea estimates",
            "an empty cell",
            "change the published figures in inputs/, and export again",
        )
        return
    old = meaning.live.numbers[address]
    note = "as in the scenario" if value == old else ""
    meaning.changes.append(Change(address, label, old, float(value), unit, change.cell, note))
    if value != old:
        meaning.typed[address] = float(value)


def _instead_of(value: object, kind: str) -> str:
    if kind == "s":
        try:
            number = float(str(value).strip().rstrip("%").replace(",", "."))
        except ValueError:
            return "only numbers can be tried here"
        return f"the cell is text: format it as a number and type {number:g} again" if math.isfinite(number) else ""
    if kind == "f":
        return "type the number that it comes to"
    return "the cell has the format of a date: set it to General and type the number" if kind == "d" else ""


def cell_of_choice(made: LiveWorkbook, address: str) -> str:
    """Return the cell of Choices in which a reader chooses."""
    title = made.inputs.choices.page.name
    return f"{title}!{get_column_letter(choices.YOURS)}{made.inputs.choice_rows[address]}"


def cell_of_number(made: LiveWorkbook, address: str) -> str:
    """Return the cell of Inputs in which a reader types."""
    return f"{made.inputs.page.name}!{get_column_letter(sheet.YOURS)}{made.inputs.rows[address]}"
