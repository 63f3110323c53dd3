"""The cells of one sheet, read from its XML: formulas, values that were last worked out, which are merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from netcea.reporting.xlsx.cells import Cell, Place

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST_FORMULA: Final = 8192
"""That Excel takes. [letters]"""
MOST_OF_SHARED: Final = 20_000_000
"""Formulas of one sheet that are written once for many cells, when written out. [letters]"""
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
MOST_DIGITS: Final = 400
"""Of a number."""
WHOLE: Final = re.compile(r"-?\d{1,15}")
OF_ERRORS, OF_FORMULAS, OF_DATES = "e", "f", "d"


@dataclass
class SheetCells:
    """What a sheet holds.

    Attributes
    ----------
    cells : dict of (row, column) -> Cell
    shown : dict of (row, column) -> value
        What a formula came to when the file was saved.
    merged : list of str
        Ranges of cells that are one.
    """

    cells: dict[Place, Cell] = field(default_factory=dict)
    shown: dict[Place, Any] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)


class SheetReader:
    """Takes the elements of a sheet in their order.

    Parameters
    ----------
    title : str
    texts : sequence of str
        That cells of the workbook share.
    dates : sequence of bool
        Of each format of cells, whether it shows a number as a date.
    """

    def __init__(self, title: str, texts: Sequence[str], dates: Sequence[bool]) -> None:
        self.found = SheetCells()
        self._title, self._texts, self._dates = title, texts, dates
        self._row, self._column, self._in_rows, self._phonetic = 0, 0, False, False
        self._kind, self._style = "n", 0
        self._formula: dict[str, str] | None = None
        self._of_formula: list[str] = []
        self._of_value: list[str] = []
        self._taking: list[str] | None = None
        self._shared: dict[str, Translator] = {}
        self._letters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if self._in_rows:
            self._start_in_rows(name, attributes)
        elif name == "sheetData":
            self._in_rows = True
        elif name == "mergeCell":
            self.found.merged.append(attributes.get("ref", ""))

    def _start_in_rows(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "v":
            self._taking = self._of_value = []
        elif name == "t":
            self._taking = None if self._phonetic else self._of_value
        elif name == "f":
            self._formula, self._of_formula = attributes, []
            self._taking = self._of_formula
        elif name == "row":
            self._row, self._column = _whole(attributes.get("r", str(self._row + 1))), 0
        elif name == "rPh":
            self._phonetic = True

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            found = REFERENCE.fullmatch(attributes["r"])
            if found is None or int(found[2]) != self._row:
                raise ValueError(f"the cell '{attributes['r']}' in row {self._row}")
            self._column = column_number(found[1])
        else:
            self._column += 1
        if not (1 <= self._row <= LAST_ROW and 1 <= self._column <= LAST_COLUMN):
            raise ValueError(f"a cell in row {self._row} and column {self._column}, where no sheet has any")
        if (self._row, self._column) in self.found.cells:
            raise ValueError(f"{self._at} twice")
        self._kind, self._style = attributes.get("t", "n"), _whole(attributes.get("s", "0"))
        self._formula, self._of_value = None, []

    @property
    def _at(self) -> str:
        return f"{self._title}!{get_column_letter(self._column)}{self._row}"

    def text(self, piece: str) -> None:
        """Take text."""
        if self._taking is not None:
            self._taking.append(piece)

    def end(self, name: str) -> None:
        """End an element."""
        if not self._in_rows:
            return
        if name == "c":
            self._end_cell()
        elif name in ("v", "t", "f"):
            self._taking = None
        elif name == "rPh":
            self._phonetic = False
        elif name == "sheetData":
            self._in_rows = False

    def _end_cell(self) -> None:
        place = self._row, self._column
        cell = self._value("".join(self._of_value))
        if self._formula is None:
            self.found.cells[place] = cell
            return
        self.found.shown[place] = cell.value
        self.found.cells[place] = Cell(self._written_out(self._formula, "".join(self._of_formula)), OF_FORMULAS, "")

    def _value(self, text: str) -> Cell:
        """Return what a cell holds."""
        kind = self._kind
        if kind == "s":
            number = _whole(text)
            if number >= len(self._texts):
                raise ValueError(f"{self._at} has text number {number} of {len(self._texts)}")
            return Cell(self._texts[number], "s", "")
        if kind in ("str", "inlineStr"):
            return Cell(text, "s", "")
        if text == "":
            return Cell(None, "n", "")
        if kind in (OF_ERRORS, OF_DATES):
            return Cell(text, kind, "")
        if kind == "b":
            return Cell(text in ("1", "true"), "b", "")
        if kind != "n":
            raise ValueError(f"{self._at} is of the unknown kind '{kind}'")
        return self._number(text.strip())

    def _number(self, text: str) -> Cell:
        if len(text) > MOST_DIGITS or not NUMBER.fullmatch(text):
            raise ValueError(f"{self._at} has the number '{text}'")
        value = int(text) if WHOLE.fullmatch(text) else float(text)
        if self._style < len(self._dates) and self._dates[self._style]:
            return Cell(_date(value), OF_DATES, "")
        return Cell(value, "n", "")

    def _written_out(self, attributes: dict[str, str], text: str) -> str:
        """Return a formula with its sign of equality, one that is shared as it is in this cell."""
        if len(text) > LONGEST_FORMULA:
            raise ValueError(f"{self._at} has a formula of {len(text):,} letters")
        kind = attributes.get("t", "normal")
        if kind == "shared":
            return self._of_shared(attributes.get("si", ""), text)
        return f"={text}" if kind == "normal" else f"{{={text}}}"

    def _of_shared(self, group: str, text: str) -> str:
        coordinate = self._at.rpartition("!")[2]
        if text:
            self._shared[group] = Translator(f"={text}", coordinate)
            return f"={text}"
        if group not in self._shared:
            raise ValueError(f"{self._at} shares a formula that is nowhere")
        found = str(self._shared[group].translate_formula(coordinate))
        self._letters += len(found)
        if self._letters > MOST_OF_SHARED:
            raise ValueError(f"{self._title} has shared formulas of more than {MOST_OF_SHARED:,} letters")
        return found


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise ValueError(f"'{text}' in place of a whole number")
    return int(text)


def column_number(letters: str) -> int:
    """Return the number of a column, from 1.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _date(value: float) -> object:
    """Return the date or time as which a number is shown; the number where there is none."""
    try:
        return from_excel(value)
    except (ValueError, OverflowError, TypeError):
        return value
