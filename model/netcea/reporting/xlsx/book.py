"""A workbook: its sheets in their order, its names, and the file that is made of it. The one place that saves one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.comments import Comment as SheetComment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from netcea.reporting.number_format import starts_like_formula
from netcea.reporting.reproducible_xlsx import same_bytes
from netcea.reporting.xlsx.cells import Cell
from netcea.reporting.xlsx.look import Look
from netcea.reporting.xlsx.page import Page, Rule
from netcea.reporting.xlsx.printing import STANDARD_WIDTH, set_up_printing
from netcea.reporting.xlsx.rows import Results, rows_of

NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_.]")
ResultsOf = Callable[[str], Results]


@dataclass
class Book:
    """A workbook under construction.

    Attributes
    ----------
    looks : mapping of name of a style -> Look
    pages : list of Page
        In the order of the workbook.
    names : mapping of name -> what it refers to
    """

    looks: Mapping[str, Look]
    pages: list[Page] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def page(self, name: str, colour: str = "") -> Page:
        """Add a sheet."""
        page = Page(name, self.looks, colour)
        self.pages.append(page)
        return page

    def name(self, address: str, reference: str) -> str:
        """Define a name for a cell or range and return it as formulas write it."""
        written = defined_name(address)
        self.names[written] = reference
        return written

    def sheet(self, name: str) -> Page:
        """Return a sheet by its name."""
        return next(page for page in self.pages if page.name == name)

    def as_bytes(self, title: str, date: datetime, marking: str = "", results: ResultsOf | None = None) -> bytes:
        """Return the file: the same cells give the same bytes.

        Parameters
        ----------
        title : str
            Of the document.
        date : datetime
            Of the document, and of all its parts.
        marking : str
            At the head of every printed page, and in what the document says of itself.
        results : function of the name of a sheet, optional
            Returns what its formulas come to; left out, a spreadsheet program works them out when it opens the file.
        """
        workbook = Workbook()
        scratch = workbook.worksheets[0]
        styles = _Styles(self.looks, scratch)
        rows = {}
        for number, page in enumerate(self.pages, 1):
            sheet = workbook.create_sheet(page.name)
            _lay_out(page, sheet)
            set_up_printing(page, sheet)
            if marking:
                head: Any = sheet.oddHeader
                head.center.text = marking.replace("&", "&&")
            _add_what_cells_carry(page, sheet)
            rows[f"xl/worksheets/sheet{number}.xml"] = rows_of(
                page, styles.number, None if results is None else results(page.name)
            )
        for name, reference in self.names.items():
            workbook.defined_names[name] = DefinedName(name, attr_text=reference)
        workbook.remove(scratch)
        if any(page.tables for page in self.pages):
            workbook.calculation.calcMode = (
                "autoNoTable"  # an edit would work out the model once for each of their rows
            )
        properties = workbook.properties
        properties.creator, properties.title, properties.created = "netcea", title, date
        if marking:
            properties.subject = properties.keywords = properties.category = marking
        out = io.BytesIO()
        ExcelWriter(workbook, zipfile.ZipFile(out, "w")).save()  # not compressed: `same_bytes` does it
        return same_bytes(out.getvalue(), date, rows)


def defined_name(address: str) -> str:
    """Return an address as the name of a cell.

    >>> defined_name("costs.unit.ct_scan"), defined_name("strategies.a-b")
    ('costs.unit.ct_scan', 'strategies.a_b')
    """
    return NOT_IN_NAMES.sub("_", address)


class _Styles:
    """Numbers of styles in the file: openpyxl gives each look one when a cell wears it."""

    def __init__(self, looks: Mapping[str, Look], scratch: Worksheet) -> None:
        self.looks, self.scratch = looks, scratch
        self.known: dict[tuple[str, str, bool], int] = {}

    def number(self, cell: Cell) -> int:
        """Return the number of a cell's style; text that looks like a formula is marked as text."""
        _, kind, style, number_format = cell
        quoted = kind == "s" and starts_like_formula(cell.value)
        key = (style, number_format, quoted)
        found = self.known.get(key)
        if found is None:
            model = cast("SheetCell", self.scratch.cell(len(self.known) + 1, 1))
            self.looks[style].dress(model)
            if number_format:
                model.number_format = number_format
            if quoted:
                model.quotePrefix = True
            found = self.known[key] = int(model.style_id)
        return found


def _lay_out(page: Page, sheet: Worksheet) -> None:
    """Give a sheet its columns, and what stays in sight."""
    sheet.sheet_view.showGridLines = page.grid_lines
    if page.colour:
        sheet.sheet_properties.tabColor = page.colour
    for column in sorted(page.cells.columns | page.column_widths.keys()):
        sheet.column_dimensions[get_column_letter(column)].width = page.column_widths.get(column, STANDARD_WIDTH)
    for column in page.grouped_columns:
        sheet.column_dimensions[get_column_letter(column)].outlineLevel = 1
    sheet.column_dimensions.to_tree()  # else openpyxl says how deep groups are only when it saves a second time
    sheet.sheet_format.outlineLevelRow = 1 if page.grouped_rows else 0
    if page.freeze:
        sheet.freeze_panes = page.freeze
    for row, last_column in page.merged:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last_column)


def _add_what_cells_carry(page: Page, sheet: Worksheet) -> None:
    """Add comments, links, rules, colours and charts; the cells themselves go into the file as text."""
    for (row, column), note in page.comments.items():
        sheet.cell(row, column).comment = SheetComment(note.text, "netcea", height=note.height, width=note.width)
    for (row, column), target in page.links.items():
        cell = cast("SheetCell", sheet.cell(row, column))
        inside = target.startswith("#")
        cell.hyperlink = (
            Hyperlink(ref=cell.coordinate, location=target[1:], display=page.value(row, column)) if inside else target
        )
    for rule, places in page.rules.items():
        check = _validation(rule)
        sheet.add_data_validation(check)
        for row, column in places:
            check.add(f"{get_column_letter(column)}{row}")
    for where, condition, colour in page.conditions:
        made: Any = FormulaRule([condition], fill=PatternFill("solid", bgColor=colour))  # type: ignore[no-untyped-call]  # openpyxl's
        sheet.conditional_formatting.add(where, made)
    for chart, (row, column) in page.charts:
        sheet.add_chart(chart, f"{get_column_letter(column or page.last_column + 2)}{row}")
    for picture in page.pictures:
        image = Image(io.BytesIO(picture.data))
        image.width, image.height = picture.width, picture.height
        sheet.add_image(image, picture.anchor)


def _validation(rule: Rule) -> DataValidation:
    """Return a rule as the file has it."""
    return DataValidation(
        type="custom" if rule.custom else "decimal" if rule.last else "list",
        operator="between" if rule.last else None,
        formula1=rule.first,
        formula2=rule.last or None,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=rule.title,
        error=rule.message,
    )
