"""Sheets and their cells: positions, styles, names. The one place that knows openpyxl."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from netcea.reporting.number_format import safe_text
from netcea.reporting.sheet_cells import lines

FONT: Final = "Calibri"
INPUT, CHOSEN, LINK, RESULT = "FFF2CC", "FCE4D6", "DDEBF7", "E2EFDA"
"""Fills: what a reviewer may change; what a scenario or choice gives; what comes from another sheet; results."""
GREY: Final = "595959"
STYLES: Final[dict[str, dict[str, Any]]] = {
    "text": {"wrap": False},
    "wrapped": {"wrap": True},
    "note": {"colour": GREY, "wrap": True},
    "title": {"bold": True, "size": 16},
    "subtitle": {"colour": GREY},
    "heading": {"bold": True, "wrap": True, "fill": "D9D9D9", "line": True},
    "number_heading": {"bold": True, "wrap": True, "fill": "D9D9D9", "line": True, "right": True},
    "next_heading": {"bold": True, "wrap": True, "fill": "D9D9D9", "line": True, "indent": 1},
    "indented": {"indent": 1},
    "section": {"bold": True, "size": 12},
    "input": {"fill": INPUT, "format": "General"},
    "input_text": {"fill": INPUT},
    "chosen": {"fill": CHOSEN, "format": "General"},
    "live": {"fill": LINK, "format": "General", "bold": True},
    "live4": {"fill": LINK, "format": "0.0###", "bold": True},
    "number": {"format": "General"},
    "number4": {"format": "0.####"},
    "integer": {"format": "0"},
    "years": {"format": "0.000"},
    "years_or_never": {"format": '[>=1000000]"never";0.000'},
    "share": {"format": "0.0000"},
    "small": {"format": "0.000000"},
    "pounds": {"format": '"£"#,##0;-"£"#,##0'},
    "pence": {"format": '"£"#,##0.00;-"£"#,##0.00'},
    "qalys": {"format": "0.000"},
    "percent": {"format": "0.0%"},
    "difference": {"format": "0.0E+00"},
    "result_pounds": {"format": '"£"#,##0;-"£"#,##0', "fill": RESULT, "bold": True},
    "result_qalys": {"format": "0.000", "fill": RESULT, "bold": True},
    "result_text": {"fill": RESULT, "bold": True},
    "result_number": {"format": "0.00", "fill": RESULT, "bold": True},
    "link": {"colour": "0563C1", "underline": True},
    "left_pounds": {"format": '"£"#,##0;-"£"#,##0', "fill": RESULT, "bold": True, "left": True},
    "left_qalys": {"format": "0.000", "fill": RESULT, "bold": True, "left": True},
    "left_number": {"format": "0.00", "fill": RESULT, "bold": True, "left": True},
    "left_integer": {"format": "0", "left": True},
}
"""Name of a style -> what it looks like."""
LINE, TITLE_HEIGHT = 13.0, 24.0
"""Height of a line of text, and of the title. [points]"""
MOST_LINES: Final = 12
NARROW: Final = 1.1
"""Letters of text are narrower than the digits that widths count."""
NAME: Final = re.compile(r"[^A-Za-z0-9_.]")


@dataclass
class Page:
    """One sheet.

    Attributes
    ----------
    ws : Worksheet
    styles : mapping of name -> openpyxl's style array
    wrapped : mapping of row -> (column, text)
        What needs more than a line where its column is narrow.
    headings : list of (row, column)
        Those of numbers are put to the right in the end.
    """

    ws: Worksheet
    styles: Mapping[str, Any]
    wrapped: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    headings: list[tuple[int, int]] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Return the sheet's name as formulas write it."""
        return str(quote_sheetname(self.ws.title)) if re.search(r"[^A-Za-z0-9_]", self.ws.title) else self.ws.title

    def put(self, row: int, column: int, value: Any, style: str = "text") -> None:
        """Write a value; text stays text whatever it begins with. Formulas go through `formula`."""
        cell: Any = self.ws.cell(row, column)
        if isinstance(value, str):
            cell.value = safe_text(value)
            cell.data_type = "s"
            if STYLES[style].get("wrap"):
                self.wrapped.setdefault(row, []).append((column, value))
        else:
            cell.value = value
        cell._style = self.styles[style]  # noqa: SLF001 - a style shared by many cells, as openpyxl keeps them

    def formula(self, row: int, column: int, text: str, style: str = "number") -> None:
        """Write a formula, without the sign of equality."""
        cell: Any = self.ws.cell(row, column)
        cell.value = f"={text}"
        cell._style = self.styles[style]  # noqa: SLF001

    def link(self, row: int, column: int, words: str, target: str) -> None:
        """Write words that lead to a cell of this workbook."""
        self.put(row, column, words, "link")
        cell: Any = self.ws.cell(row, column)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target.replace("$", ""), display=words)
        cell._style = self.styles["link"]  # noqa: SLF001

    def at(self, row: int, column: int, *, fixed: bool = True) -> str:
        """Return how formulas on any sheet refer to a cell."""
        letter = get_column_letter(column)
        return f"{self.title}!${letter}${row}" if fixed else f"{self.title}!${letter}{row}"

    def span(self, first_row: int, last_row: int, column: int, last_column: int | None = None) -> str:
        """Return how formulas on any sheet refer to a range."""
        end = get_column_letter(last_column or column)
        return f"{self.title}!${get_column_letter(column)}${first_row}:${end}${last_row}"

    def widths(self, *widths: float) -> None:
        """Set widths of the first columns [characters]."""
        for number, width in enumerate(widths, 1):
            self.ws.column_dimensions[get_column_letter(number)].width = width

    def width(self, column: int, width: float) -> None:
        """Set the width of a column [characters]."""
        self.ws.column_dimensions[get_column_letter(column)].width = width

    def heading(self, row: int, words: list[str], first: int = 1) -> None:
        """Write a row of headings."""
        for column, word in enumerate(words, first):
            self.put(row, column, word, "heading")
            self.headings.append((row, column))

    def open_with(self, title: str, subtitle: str = "") -> None:
        """Write the sheet's title."""
        self.put(1, 1, title, "title")
        if subtitle:
            self.put(2, 1, subtitle, "subtitle")

    def fit_rows(self) -> None:
        """Make rows as high as their wrapped text needs, and put headings over their numbers."""
        for row, texts in self.wrapped.items():
            widths = [self.ws.column_dimensions[get_column_letter(column)].width for column, _ in texts]
            n = max(lines(text, width * NARROW) for (_, text), width in zip(texts, widths, strict=True))
            if n > 1:
                self.ws.row_dimensions[row].height = LINE * min(n, MOST_LINES) + 4.0
        self.ws.row_dimensions[1].height = TITLE_HEIGHT
        of_numbers = {place for place in self.headings if self._holds_numbers(*place)}
        for row, column in self.headings:
            cell: Any = self.ws.cell(row, column)
            if (row, column) in of_numbers:
                cell._style = self.styles["number_heading"]  # noqa: SLF001
            elif (row, column - 1) in of_numbers:
                cell._style = self.styles["next_heading"]  # noqa: SLF001

    def _holds_numbers(self, row: int, column: int) -> bool:
        """Say whether numbers stand below a heading."""
        below: Any = self.ws._cells.get((row + 1, column))  # noqa: SLF001 - asking would make the cell
        if below is None or below.alignment.horizontal == "left":
            return False
        return below.number_format != "General" or isinstance(below.value, int | float)

    def frozen(self, cell: str) -> None:
        """Freeze the rows above and the columns left of a cell."""
        self.ws.freeze_panes = cell

    def like(self, ws: Worksheet) -> Page:
        """Return another sheet of the same book."""
        return Page(ws, self.styles)

    def drop_down(self, row: int, column: int, options: str) -> None:
        """Let a cell take only values of a range or of a list in quotes."""
        check = DataValidation(
            type="list",
            formula1=options,
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Not one of the choices",
            error="Choose from the list.",
        )
        self.ws.add_data_validation(check)
        check.add(self.ws.cell(row, column).coordinate)

    def colour_if(self, where: str, condition: str, colour: str) -> None:
        """Fill cells of a range while a condition holds, which is written for its first cell."""
        rule: Any = FormulaRule([condition], fill=PatternFill("solid", bgColor=colour))  # type: ignore[no-untyped-call]
        self.ws.conditional_formatting.add(where, rule)

    def format_as(self, row: int, columns: Iterable[int], value: float) -> None:
        """Give cells the decimals that a value needs: five digits, and none of a whole number."""
        decimals = (
            0 if value == round(value) and abs(value) >= 10 else max(0, 4 - math.floor(math.log10(abs(value) or 1)))
        )
        places = f"0.{'0' * min(decimals, 2)}{'#' * max(0, min(decimals, 9) - 2)}" if decimals else "#,##0"
        for column in columns:
            cell: Any = self.ws.cell(row, column)
            cell._style = copy(cell._style)  # noqa: SLF001 - the others keep theirs
            cell.number_format = places

    def group(self, first: int, last: int) -> None:
        """Let columns be folded; they are open at first."""
        for column in range(first, last + 1):
            self.ws.column_dimensions[get_column_letter(column)].outlineLevel = 1

    def group_rows(self, first: int, last: int) -> None:
        """Let rows be folded; they are open at first."""
        for row in range(first, last + 1):
            self.ws.row_dimensions[row].outlineLevel = 1

    def say_how_deep_groups_are(self) -> None:
        """Say it where Excel looks for it; openpyxl says it of columns only when it saves a second time."""
        self.ws.column_dimensions.to_tree()
        self.ws.sheet_format.outlineLevelRow = max(
            (d.outlineLevel or 0 for d in self.ws.row_dimensions.values()), default=0
        )

    def landscape(self, *, repeat_rows: str = "", wide: int = 1) -> None:
        """Print so many pages wide, headings on every page."""
        self.ws.page_setup.orientation = "landscape"
        self.ws.page_setup.paperSize = 9
        self.ws.page_setup.fitToWidth = wide
        self.ws.page_setup.fitToHeight = 0
        self.ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        if repeat_rows:
            self.ws.print_title_rows = repeat_rows


@dataclass
class Book:
    """A workbook under construction."""

    workbook: Workbook = field(default_factory=Workbook)
    pages: list[Page] = field(default_factory=list)
    _styles: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the styles once."""
        scratch = self.workbook.active
        if scratch is None:
            msg = "a new workbook has a sheet"
            raise RuntimeError(msg)
        for number, (name, look) in enumerate(STYLES.items(), 1):
            cell: Any = scratch.cell(number, 1)
            cell.font = Font(
                name=FONT,
                size=look.get("size", 10),
                bold=look.get("bold", False),
                color=look.get("colour", "000000"),
                underline="single" if look.get("underline") else None,
            )
            if "fill" in look:
                cell.fill = PatternFill("solid", fgColor=look["fill"])
            if "format" in look:
                cell.number_format = look["format"]
            cell.alignment = Alignment(
                wrap_text=look.get("wrap", False),
                vertical="top",
                horizontal=_across(look),
                indent=look.get("indent", 0),
            )
            if look.get("line"):
                cell.border = Border(bottom=Side(style="thin"))
            self._styles[name] = cell._style  # noqa: SLF001
        self.workbook.remove(scratch)

    def page(self, title: str, colour: str = "") -> Page:
        """Add a sheet."""
        ws = self.workbook.create_sheet(title)
        ws.sheet_view.showGridLines = False
        if colour:
            ws.sheet_properties.tabColor = colour
        page = Page(ws, self._styles)
        self.pages.append(page)
        return page

    def name(self, name: str, reference: str) -> str:
        """Define a name for a cell or range and return it as formulas write it."""
        written = defined_name(name)
        self.workbook.defined_names[written] = DefinedName(written, attr_text=reference)
        return written


def _across(look: Mapping[str, Any]) -> str | None:
    """Return where a style puts text in its cell; None for the program's own way."""
    if look.get("left") or look.get("indent"):
        return "left"
    return "right" if look.get("right") else None


def defined_name(address: str) -> str:
    """Return an address as the name of a cell.

    >>> defined_name("costs.unit.ct_scan"), defined_name("strategies.a-b")
    ('costs.unit.ct_scan', 'strategies.a_b')
    """
    return NAME.sub("_", address)
