"""Rows of Inputs and Choices under headings, in the order of section B.3 of a company submission to NICE."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from netcea.reporting.xlsx.page import Page

SECTIONS: Final = (
    ("B.3.2 Population and settings", r"settings\.|population\.|mortality\.|decision_problem\."),
    ("B.3.3 Clinical parameters: survival and time on treatment", r"survival\.|strategies\."),
    ("B.3.3 Clinical parameters: adverse events", r"adverse_events\."),
    ("B.3.4 Utilities", r"utilities(\.|$)"),
    ("B.3.5 Costs and resource use", r"costs\."),
    ("B.3.6 Severity", r"decision\.method_packs\.[^.]*\.severity\."),
    ("Budget impact", r"decision\.budget_impact\.|analyses\.budget\."),
    ("Decision rules and value of further information", r"decision\."),
    ("Others", ""),
)
"""Heading -> how the addresses of its rows begin; a row stands under the first that fits."""
A_PAGE, MUST_HOLD = 36, 14
"""Rows of a printed page, about; those that it must hold before a section that does not fit begins another."""


def section_of(address: str) -> int:
    """Return the number of the section of an address.

    >>> [SECTIONS[section_of(a)][0] for a in ("utilities", "decision.method_packs.nice.severity.weight_1_2")]
    ['B.3.4 Utilities', 'B.3.6 Severity']
    """
    return next(number for number, (_, begins) in enumerate(SECTIONS) if re.match(begins, address))


def write_sections(page: Page, first: int, addresses: Iterable[str], last_column: int) -> dict[str, int]:
    """Write the headings of the sections that there are, and leave rows for their addresses.

    Parameters
    ----------
    page : Page
    first : int
        Row of the first heading.
    addresses : iterable of str
        In their order within a section.
    last_column : int
        To which a heading is shaded.

    Returns
    -------
    dict
        Address -> its row.
    """
    of_section: dict[int, list[str]] = {}
    for address in addresses:
        of_section.setdefault(section_of(address), []).append(address)
    rows: dict[str, int] = {}
    row = began = first
    for number, own in sorted(of_section.items()):
        if row - began >= MUST_HOLD and row + len(own) - began > A_PAGE:
            page.page_breaks.append(row - 1)
            began = row
        page.row(row, [SECTIONS[number][0], *[None] * (last_column - 1)], "band")
        rows |= {address: at for at, address in enumerate(own, row + 1)}
        row += 1 + len(own)
    return rows
