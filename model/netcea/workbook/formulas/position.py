"""Which of several options a cell holds, letter by letter."""

from __future__ import annotations

from netcea.reporting.xlsx.page import Page


def position(page: Page, cell: str, row: int, first: int, count: int) -> str:
    """Return the formula of the number, from 1, of the option that a cell holds; an error where it holds none.

    MATCH would take ``*`` and ``~`` for wildcards, "abc" for "ABC", and not find "12" where 12 was typed.

    Parameters
    ----------
    page : Page
        On which the options stand beside one another; no two are alike.
    cell : str
    row, first, count : int
        Row and first column of the options, and how many they are.

    Examples
    --------
    >>> position(Page("Choices", {}), "$B$3", 5, 2, 4)
    'SUMPRODUCT(EXACT($B$3,Choices!$B$5:$E$5)*(COLUMN(Choices!$B$5:$E$5)-1))/SUMPRODUCT(EXACT($B$3,Choices!$B$5:$E$5)*1)'
    """
    options = page.span(row, row, first, first + count - 1)
    same = f"EXACT({cell},{options})"
    return f"SUMPRODUCT({same}*(COLUMN({options})-{first - 1}))/SUMPRODUCT({same}*1)"
