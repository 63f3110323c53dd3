"""A one-variable data table: what formulas come to while another cell holds each of several values, one a row.

How to use one::

    page.put(3, 2, 0, "integer")                      # the input cell, on the same sheet: the model reads it by
    ...                                               # IF(input>0, input, its own choice)
    page.formula(9, 2, while_on('$B$4="yes"', packed([cells of Results])))   # row above the results
    page.put(10 + i, 1, i + 1)                        # values to try, left of the results
    page.data_table(DataTable(first=10, last=49, column=1, last_column=2, input_row=3, input_column=2))
    page.formula(10 + i, 3, unpacked(page.at(10 + i, 2), 0))                     # each result in a cell of its own

What stands so and why (measured in LibreOffice 7.4 on a live workbook):

- Excel wants the input cell on the sheet of the table; values (left) and formulas (above) touch the results.
- LibreOffice works the rows out rightly, but afterwards cells that only a tried value needed (the columns of an option
  that is not chosen) keep what it made of them, and a reader's next choice takes them: nothing is worked out there
  (`netcea.workbook.formulas.table_switch`), and what Python has stands instead.
- The input cell holds a number, 0: nothing follows an empty one in LibreOffice, and all rows are the same then.
- LibreOffice reads the first column of results alone, as MULTIPLE.OPERATIONS, and works out the model twice for each of
  its cells (0.35 s): several results go through one cell as text (`netcea.workbook.formulas.packed`).
- A table costs 0.1 s a cell in LibreOffice even so, but only when its sheet is shown, saved, or something that is
  shown refers to it: nothing that the cover or the checks show may depend on a table, and
  the sheet where a reader types is not that of a table.
- `netcea.workbook.calculation` works out a row in 0.02 s, and nothing at all while a formula is ``IF(switch, ..., "")``
  with the switch off; `Calculation.type_in` moves tables with all else.
- A formula that needs the last row of a column before the others is too deep for LibreOffice in a table (Err:522, and
  the whole workbook with it): let sums over the column come first.
- `netcea import` takes whatever stands in results of a table: programs save them each in its own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from openpyxl.utils import get_column_letter

TABLE_KIND: Final = "t"
"""Kind of a cell within a data table, whose value is that of the row above the table at another input."""


class DataTable(NamedTuple):
    """Where a data table is; all of it, and the cell that it changes, are on one sheet, as Excel wants it.

    Row ``first - 1`` holds the formulas, column ``column`` the values that the input cell is given one by one::

                    formula   formula      <- row first - 1
        value       result    result       <- row first
        value       result    result
        ^ column                           <- row last

    Attributes
    ----------
    first, last : int
        Rows of the results.
    column : int
        Of the values; results begin in the next.
    last_column : int
        Of the results. LibreOffice reads the first column of results alone: a table that it shall work out has one.
    input_row, input_column : int
        The cell that holds each value in turn; a constant, no formula.
    """

    first: int
    last: int
    column: int
    last_column: int
    input_row: int
    input_column: int

    @property
    def places(self) -> Iterator[tuple[int, int]]:
        """Yield rows and columns of the results."""
        for row in range(self.first, self.last + 1):
            yield from ((row, column) for column in range(self.column + 1, self.last_column + 1))

    @property
    def as_xml(self) -> str:
        """Return the formula that stands in its first result (ISO/IEC 29500-1, 18.3.1.40)."""
        first, last = get_column_letter(self.column + 1), get_column_letter(self.last_column)
        changed = f"{get_column_letter(self.input_column)}{self.input_row}"
        where = f"{first}{self.first}:{last}{self.last}"
        return f'<f t="dataTable" ref="{where}" dt2D="0" dtr="0" r1="{changed}"/>'
