"""From cells that were changed to what they mean: selected scenario, options, numbers; or what is wrong with them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from netcea.errors import did_you_mean
from netcea.plain_number import typed
from netcea.quantities.units import UNITS
from netcea.reporting.xlsx.cells import Cell
from netcea.scenario.number_hints import number_hint
from netcea.workbook.choice import Choice
from netcea.workbook.export import LiveWorkbook
from netcea.workbook.ratios_of_curves import followed, matching_ratios
from netcea.workbook.reading.cell_content import in_words, name_of_cell
from netcea.workbook.reading.compared import CellChange, Compared
from netcea.workbook.reading.live_choices import Live
from netcea.workbook.reading.typed_formulas import settled
from netcea.workbook.sheets import choices as of_choices
from netcea.workbook.sheets import inputs as of_inputs

SELECTOR = "selected_scenario"
NUMBER_AS_TEXT: Final = re.compile(r"([+-]?\d{1,15})([.,]\d{1,15})?", re.ASCII)
"""What people type into a cell that has the format of text."""
MOST_NAMED = 8
"""Scenarios that a problem names."""


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
    notes : list of str
        Of formulas that were taken as numbers.
    """

    live: Live
    changes: list[Change] = field(default_factory=list)
    typed: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def interpret(made: LiveWorkbook, found: Compared) -> Meaning:
    """Return what the changed cells mean; what they cannot mean becomes a problem of `found`."""
    variants, inputs = made.variants, made.inputs
    selector = made.book.names[SELECTOR].replace("$", "").replace("'", "")
    moved = next((change for change in found.changes if change.cell == selector), None)
    selected = 0 if moved is None else _selected(made, found, moved)
    options = {choice.address: choice.taken[selected] for choice in variants.all_choices}
    numbers = {address: _number(values, selected) for address, values in variants.numbers.items()}
    meaning = Meaning(Live(variants, selected, options, numbers))
    if selected:
        titles = variants.titles
        meaning.changes.append(Change("extends", "scenario", titles[0], titles[selected], cell=selector))
    choices = {(inputs.choices.page.name, inputs.choices.rows[c.address]): c for c in variants.all_choices}
    addresses = {(inputs.page.name, row): address for address, row in inputs.rows.items()}
    numbers_now = [settled(c) if (c.sheet, c.row) in addresses else (c, "") for c in found.changes]
    found.changes = [change for change, _ in numbers_now]
    meaning.notes = [note for _, note in numbers_now if note]
    for change in found.changes:
        place = (change.sheet, change.row)
        if place in choices:
            _choose(found, meaning, change, choices[place])
        elif place in addresses:
            _type(made, found, meaning, change, addresses[place])
        elif change is not moved:
            note = "for display only: no part of a scenario"
            page = next(page for page in made.book.pages if page.name == change.sheet)
            old, new = (in_words(c) for c in (page.cells[change.row, change.column], change.content))
            meaning.changes.append(Change(change.cell, "a cell for display", old, new, cell=change.cell, note=note))
    _follow(meaning)
    return meaning


def _follow(meaning: Meaning) -> None:
    """Let the hazard ratio follow a curve that was chosen, as it does in cells, where no ratio was chosen."""
    live, chosen = meaning.live, {change.address for change in meaning.changes}
    for curve in live.variants.curves.values():
        if curve.origin.address in chosen and curve.ratio.address not in chosen:
            matching = matching_ratios(curve, live.variants.scenarios)
            origin, ratio = live.options[curve.origin.address], live.options[curve.ratio.address]
            live.options[curve.ratio.address] = followed(matching, origin, ratio)


def _number(values: Sequence[float], selected: int) -> float:
    """Return a number as the matrix gives it: of the selected scenario, or of the first that has it."""
    return next(v for v in (values[selected], *values) if not math.isnan(v))


def _selected(made: LiveWorkbook, found: Compared, moved: CellChange) -> int:
    """Return the number of the scenario that was selected."""
    titles, wanted = list(made.variants.titles), moved.content
    if wanted.kind == "s" and wanted.value in titles:
        return titles.index(wanted.value)
    reason = dict(made.variants.refused).get(str(wanted.value))
    if reason:
        what = f"the scenario '{wanted.value}', which does not fit these sheets ({reason})"
        found.wrong(moved.cell, what, "one of the scenarios that can be selected", "export it by itself")
    else:
        listed = "; ".join(titles[:MOST_NAMED]) + (" ..." if len(titles) > MOST_NAMED else "")
        hint = did_you_mean(str(wanted.value), titles)
        found.wrong(moved.cell, in_words(wanted), f"the name of a scenario: {listed}", hint)
    return 0


def _choose(found: Compared, meaning: Meaning, change: CellChange, choice: Choice) -> None:
    """Take an option that was chosen."""
    value, options, live = change.content.value, choice.options, meaning.live
    if change.content.kind != "s" or value not in options:
        where, hint = f"{change.cell}  {choice.address}", did_you_mean(str(value), options)
        found.wrong(where, in_words(change.content), f"one of: {'; '.join(options)}", hint)
        return
    old = options[choice.taken[live.selected]]
    note = "as in the scenario" if value == old else ""
    live.options[choice.address] = options.index(value)
    meaning.changes.append(Change(choice.address, choice.label, old, value, cell=change.cell, note=note))


def _type(made: LiveWorkbook, found: Compared, meaning: Meaning, change: CellChange, address: str) -> None:
    """Take a number that was typed."""
    where, content, value = f"{change.cell}  {address}", change.content, change.content.value
    unit, label = (str(made.inputs.page.value(change.row, c) or "") for c in (of_inputs.UNIT, of_inputs.LABEL))
    number = content.kind == "n" and not isinstance(value, bool) and isinstance(value, int | float)
    if not number or not math.isfinite(value):
        expected = f"a number [{unit}], or an empty cell"
        found.wrong(where, in_words(content), expected, "" if number else _instead_of(content, unit))
        return
    if of_inputs.setting(address) is None and made.inputs.quantity(address) is None:
        what, hint = f"{value!r} for a parameter that netcea estimates", "change the published figures in inputs/"
        found.wrong(where, what, "an empty cell", f"{hint}, and export again")
        return
    old = meaning.live.numbers[address]
    note = "as in the scenario" if value == old else ""
    meaning.changes.append(Change(address, label, old, float(value), unit, change.cell, note))
    if value != old:
        meaning.typed[address] = float(value)


def _instead_of(content: Cell, unit: str) -> str:
    """Return what to do about a cell that holds no number."""
    if content.kind == "s":
        return _instead_of_text(str(content.value), unit)
    if content.kind == "f":
        return "type the number that it comes to"
    return "the cell has the format of a date: set it to General and type the number" if content.kind == "d" else ""


def _instead_of_text(text: str, unit: str = "") -> str:
    """Return what to do about a text: some are numbers to those who typed them.

    >>> _instead_of_text("0,5"), _instead_of_text("4 years", "months")
    ('the cell is text: format it as a number and type 0.5 again', 'the cell is text: type 48: 4 years are 48 months')
    """
    found = NUMBER_AS_TEXT.fullmatch(text.strip())
    if found is None:
        hint = number_hint(text, unit if unit in UNITS else "")
        return f"the cell is text: {hint.replace('write', 'type', 1)}" if hint else "only numbers can be tried here"
    whole, decimals = found.groups()
    if decimals is not None and decimals[0] == "," and len(decimals) == 4:  # thousands, or three decimals
        return "the cell is text: format it as a number and type it again"
    number = float(whole + (decimals or "").replace(",", "."))
    return f"the cell is text: format it as a number and type {typed(number, 12)} again"


def cell_of_choice(made: LiveWorkbook, address: str) -> str:
    """Return the cell of Choices in which a reader chooses."""
    return name_of_cell(made.inputs.choices.page.name, made.inputs.choices.rows[address], of_choices.YOURS)


def cell_of_number(made: LiveWorkbook, address: str) -> str:
    """Return the cell of Inputs in which a reader types."""
    return name_of_cell(made.inputs.page.name, made.inputs.rows[address], of_inputs.YOURS)
