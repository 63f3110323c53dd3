"""Whether a data table is worked out: only where the reader switched it on, and only by programs that do it rightly."""

from __future__ import annotations

from typing import Final

RELIABLE: Final = "ISERROR(0^0)"
"""The formula that is false in LibreOffice, where 0^0 is 1; it is an error in Excel.

LibreOffice (measured: 7.4) works out the rows of a data table rightly, but leaves cells that a tried value needed and
the standing one does not with what the tried one made of them: the next choice of a reader would take a wrong number.
"""


def while_on(on: str, formula: str) -> str:
    """Return the formula above the results of a data table: '' while a condition is not met, or in LibreOffice.

    >>> while_on('B3="yes"', "Results!$H$7")
    'IF(AND(B3="yes",ISERROR(0^0)),Results!$H$7,"")'
    """
    return f'IF(AND({on},{RELIABLE}),{formula},"")'
