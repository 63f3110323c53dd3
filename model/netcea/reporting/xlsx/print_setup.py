"""How a sheet is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class PrintSetup:
    """How a sheet is printed, in landscape.

    Attributes
    ----------
    repeat_rows, repeat_columns : str
        Headings of every page: ``1:5``, ``A:B``.
    wide : int
        Pages beside one another; 0 for as many as it takes.
    columns_a_page : int
        Instead: one page for each so many columns.
    last_row, last_column : int
        End of what is printed; 0 for all of it.
    with_charts : bool
        Whether charts to the right of what is printed follow on pages of their own.
    footer : (left, right)
    paper : int
        9 for A4, 8 for A3.
    """

    repeat_rows: str = ""
    repeat_columns: str = ""
    wide: int = 1
    columns_a_page: int = 0
    last_row: int = 0
    last_column: int = 0
    with_charts: bool = True
    footer: tuple[str, str] = ("", "")
    paper: int = 9
