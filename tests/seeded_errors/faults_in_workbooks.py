"""Faults in the cells of an exported workbook: what a reviewer's colleague may do to it before it is handed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from netcea.errors import InputError
from netcea.plausibility.implausible import CODE
from netcea.workbook.export import LiveWorkbook
from netcea.workbook.reading.read_back import read_workbook
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import inputs as input_columns


@dataclass(frozen=True)
class WorkbookFault:
    """One fault: the cell of the file that openpyxl opened, and what is typed into it, knowing where things are."""

    name: str
    typed: Callable[[openpyxl.Workbook, LiveWorkbook], tuple[Any, Any]]


def cell(book: openpyxl.Workbook, reference: str) -> Any:
    sheet, _, place = reference.rpartition("!")
    return book[sheet.strip("'")][place.replace("$", "")]


def result(name: str, value: Any) -> Callable[[openpyxl.Workbook, LiveWorkbook], tuple[Any, Any]]:
    def put(book: openpyxl.Workbook, workbook: LiveWorkbook) -> tuple[Any, Any]:
        return cell(book, workbook.results.cells[name]), value

    return put


def trace(key: str, change: Callable[[Any], Any]) -> Callable[[openpyxl.Workbook, LiveWorkbook], tuple[Any, Any]]:
    def put(book: openpyxl.Workbook, workbook: LiveWorkbook) -> tuple[Any, Any]:
        own = workbook.traces["cabozantinib"]
        found = book[own.page.name].cell(40, own.columns[key])
        return found, change(found.value)

    return put


def typed(
    address: str, value: Any, column: int = input_columns.YOURS
) -> Callable[[openpyxl.Workbook, LiveWorkbook], tuple[Any, Any]]:
    def put(book: openpyxl.Workbook, workbook: LiveWorkbook) -> tuple[Any, Any]:
        return book["Inputs"].cell(workbook.inputs.rows[address], column), value

    return put


def chosen(address: str, words: str) -> Callable[[openpyxl.Workbook, LiveWorkbook], tuple[Any, Any]]:
    def put(book: openpyxl.Workbook, workbook: LiveWorkbook) -> tuple[Any, Any]:
        return book["Choices"].cell(workbook.inputs.choices.rows[address], choice_columns.YOURS), words

    return put


OS, DRUG = "survival.cabinet_pnet.os_nejm", "costs.drug.cabozantinib"
WORKBOOKS = (
    WorkbookFault("a result typed over its formula", result("costs.cabozantinib", 50_000.0)),
    WorkbookFault("QALYs typed over their formula", result("qalys.cabozantinib", 3.0)),
    WorkbookFault("a cell of a trace typed over its formula", trace("progression_free", lambda _: 0.9)),
    WorkbookFault("discounting left out of a cycle", trace("discount_costs", lambda _: 1.0)),
    WorkbookFault(
        "the formula of the live price replaced by a number",
        typed(f"{DRUG}.price_per_pack", 2571.5, input_columns.LIVE),
    ),
    WorkbookFault(
        "the base value changed in place of the yellow cell", typed(f"{DRUG}.price_per_pack", 514.3, input_columns.BASE)
    ),
    WorkbookFault("a share in percent as text", typed("survival.cabinet_pnet.crossover_share", "41 %")),
    WorkbookFault("pence for pounds", typed("costs.unit.nurse_hour", 5300.0)),
    WorkbookFault("a hazard ratio with a slipped point", typed(f"{OS}.hazard_ratio", 9.5)),
    WorkbookFault("a negative cost", typed("costs.unit.ct_scan", -99.88)),
    WorkbookFault("price per tablet", typed(f"{DRUG}.price_per_pack", 171.43)),
    WorkbookFault("an option that is none", chosen("settings.discounting", "every second Tuesday")),
)


def words_of(fault: WorkbookFault, workbook: LiveWorkbook, book: openpyxl.Workbook, path: Path) -> str:
    """What importing the workbook says of a fault: a refusal, a disagreement, or a doubt about the scenario.

    The file is written with it; afterwards the cell is as it was, so that one book serves for all faults.
    """
    place, value = fault.typed(book, workbook)
    before, place.value = place.value, value
    book.save(path)
    place.value = before
    return said(path)


def said(path: Path) -> str:
    """What importing a workbook says; empty where it finds nothing."""
    try:
        found = read_workbook(path)
    except InputError as error:
        return str(error.problems[0])
    if not found.agreement.agrees:
        return f"the workbook's results are not Python's: {found.agreement}"
    before = {w.address for w in found.base.warnings if w.code == CODE}
    doubts = [w.message for w in found.scenario.warnings if w.code == CODE and w.address not in before]
    return doubts[0] if doubts else ""
