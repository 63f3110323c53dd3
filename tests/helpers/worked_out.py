"""A workbook of which cells are changed and read as `helpers.office` does it, worked out by netcea's own evaluator.

It takes tenths of a second where LibreOffice takes ten, and has every cell as LibreOffice has it
(`tests/workbook/calculation/test_calculated.py`): long walks over scenarios and inputs are done here, samples of them there.
"""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from netcea.workbook.calculation.calculate import Cell, calculated
from netcea.workbook.calculation.operands import CellError
from netcea.workbook.export import LiveWorkbook


class WorkedOut:
    """A workbook worked out, and again what follows from each change."""

    def __init__(self, workbook: LiveWorkbook) -> None:
        self.book = workbook.book
        self.found = calculated(self.book)

    def change(self, cells: Mapping[str, object]) -> None:
        """Write values into cells (None empties them) and work out what follows."""
        self.found.type_in({_place(reference): value for reference, value in cells.items()})

    def value(self, cell: str) -> object:
        """Return what a cell holds: a number, text, None; the code of an error."""
        return self._shown(_place(cell))

    def values(self, cells: list[str]) -> list[object]:
        """Return what cells hold."""
        return [self.value(cell) for cell in cells]

    def range(self, cells: str) -> list[list[object]]:
        """Return rows of a range."""
        title, where = _parts(cells)
        left, top, right, bottom = range_boundaries(where)
        columns = [self.found.sheets[title].rows(top, bottom, column) for column in range(left, right + 1)]
        return [[_plain(value) for value in row] for row in zip(*columns, strict=True)]

    def errors(self) -> list[str]:
        """Return where formulas have errors, in every sheet."""
        return [f"{place}: {value}" for place, value in self.of_formulas().items() if isinstance(value, CellError)]

    def of_formulas(self) -> dict[Cell, object]:
        """Return what each formula comes to."""
        places = ((page.name, *place) for page in self.book.pages for place, c in page.cells.items() if c.kind == "f")
        return {place: self.found.value(*place) for place in places}

    def _shown(self, place: Cell) -> object:
        return _plain(self.found.value(*place))


def _plain(value: object) -> object:
    return value.code if isinstance(value, CellError) else value


def _parts(reference: str) -> tuple[str, str]:
    sheet, _, where = reference.rpartition("!")
    return sheet.strip("'").replace("''", "'"), where.replace("$", "")


def _place(reference: str) -> Cell:
    title, where = _parts(reference)
    return (title, *coordinate_to_tuple(where))
