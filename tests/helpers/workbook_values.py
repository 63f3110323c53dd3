"""What a live workbook shows after somebody typed into it, worked out without a spreadsheet program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from openpyxl.utils.cell import coordinate_to_tuple

from helpers import equal
from netcea.loading import load
from netcea.loading.merging.draft import read_draft
from netcea.reporting.xlsx.page import Rule
from netcea.scenario.scenario import Scenario
from netcea.workbook.alternatives import alternatives, unlike
from netcea.workbook.calculation.calculate import Calculation
from netcea.workbook.calculation.operands import CellError
from netcea.workbook.calculation.placed import Cell, Formula
from netcea.workbook.calculation.syntax import parse
from netcea.workbook.export import LiveWorkbook, live_workbook
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import inputs as input_columns


def exported(name: str) -> LiveWorkbook:
    """Return the workbook that `netcea export` makes."""
    base, draft = load(name), read_draft(name, [], [], None, None)
    others = alternatives(draft, base, lambda path: read_draft(str(path), [], [], draft.inputs, None))
    return live_workbook([base, *unlike(others, base)])


def settable(workbook: LiveWorkbook) -> list[str]:
    """Return addresses of numbers that a scenario can set too; estimates of fits are none."""
    inputs = workbook.inputs
    return [a for a in inputs.rows if inputs.quantity(a) is not None or input_columns.setting(a) is not None]


def rule_of(workbook: LiveWorkbook, address: str) -> Rule | None:
    """Return the rule of the cell of a number; None where it takes nothing."""
    page, place = workbook.inputs.page, (workbook.inputs.rows[address], input_columns.YOURS)
    rule = next(rule for rule, places in page.rules.items() if place in places)
    return None if rule.custom else rule


def bounds(workbook: LiveWorkbook, found: Calculation, address: str) -> tuple[float, float] | None:
    """Return what the rule of a cell takes as things stand; None where it takes nothing."""
    rule = rule_of(workbook, address)
    if rule is None:
        return None
    low, high = (found.formula(workbook.inputs.page.name, text) for text in (rule.first, rule.last))
    return low, high


def bounds_with(
    workbook: LiveWorkbook, found: Calculation, address: str, numbers: Mapping[str, object], chosen: Mapping[str, str]
) -> tuple[float, float] | None:
    """Return what the rule of a cell takes where others are typed: only what its ends need is worked out."""
    rule = rule_of(workbook, address)
    if rule is None:
        return None
    title, cells = workbook.inputs.page.name, cells_of(workbook, numbers, chosen)
    needed = {n for text in (rule.first, rule.last) for n in found.needed_by(Formula(title, 1, 1, 1, parse(text)))}
    with afterwards_as_before(found):
        found.put(cells, needed & {n for cell in cells for n in found.that_follow(cell)})
        return bounds(workbook, found, address)


@contextmanager
def typed(
    workbook: LiveWorkbook, numbers: Mapping[str, object], chosen: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Type numbers, and choose options by their words, while the context is open."""
    inputs, choices = workbook.inputs, workbook.inputs.choices
    before = inputs.page.cells.copy(), choices.page.cells.copy()
    for address, value in numbers.items():
        inputs.page.put(inputs.rows[address], input_columns.YOURS, value, "input")
    for address, words in (chosen or {}).items():
        choices.page.put(choices.rows[address], choice_columns.YOURS, words, "input_text")
    try:
        yield
    finally:
        inputs.page.cells, choices.page.cells = before


@contextmanager
def typed_into(
    workbook: LiveWorkbook, found: Calculation, numbers: Mapping[str, object], chosen: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Type into a workbook that was worked out, while the context is open: only what follows is done again."""
    with afterwards_as_before(found):
        found.type_in(cells_of(workbook, numbers, chosen or {}))
        yield


@contextmanager
def afterwards_as_before(found: Calculation) -> Iterator[None]:
    """Let cells hold afterwards what they held before, without working it out a second time."""
    before = {
        title: (sheet.single.copy(), {column: [*parts] for column, parts in sheet.columns.items()}, sheet._spans.copy())
        for title, sheet in found.sheets.items()
    }
    try:
        yield
    finally:
        for title, (single, columns, spans) in before.items():
            sheet = found.sheets[title]
            sheet.single, sheet.columns, sheet._spans = single, columns, spans


def cells_of(workbook: LiveWorkbook, numbers: Mapping[str, object], chosen: Mapping[str, str]) -> dict[Cell, object]:
    """Return the yellow cells of numbers and options, with what is typed into them."""
    inputs, choices = workbook.inputs, workbook.inputs.choices
    cells = {(inputs.page.name, inputs.rows[a], input_columns.YOURS): value for a, value in numbers.items()}
    return cells | {(choices.page.name, choices.rows[a], choice_columns.YOURS): o for a, o in chosen.items()}


def shown(found: Calculation, reference: str) -> object:
    """Return what a cell comes to, an error by its code."""
    sheet, _, cell = reference.rpartition("!")
    value = found.value(sheet.strip("'").replace("''", "'"), *coordinate_to_tuple(cell.replace("$", "")))
    return value.code if isinstance(value, CellError) else value


def differences(workbook: LiveWorkbook, found: Calculation, scenario: Scenario) -> list[tuple[str, object, object]]:
    """Return results that are not those of a scenario: (name, in the workbook, in Python)."""
    return equal.differences(
        equal.expected_of(workbook, scenario),
        workbook.results.cells,
        lambda cells: [shown(found, cell) for cell in cells],
    )
