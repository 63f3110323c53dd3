"""Sources: the bibliography of the inputs, with links where a source has an address on the web."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from netcea.workbook.construction import Construction

FIRST: Final = 4
WEB: Final = (
    (re.compile(r"\b(10\.\d{4,9}/[^\s,;]*[^\s,;.])"), "https://doi.org/{}"),
    (re.compile(r"\b(PMC\d+)\b"), "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
)
"""What a citation says -> where it is."""


@dataclass(frozen=True)
class Sources:
    """Where each source stands.

    Attributes
    ----------
    citations : mapping of key -> citation
    cells : mapping of key -> cell of its row
    """

    citations: dict[str, str]
    cells: dict[str, str]


def write_sources(construction: Construction) -> Sources:
    """Write the sheet."""
    citations = {key: text for s in construction.variants.scenarios for key, text in s.bibliography.items()}
    page = construction.page("Sources")
    page.open_with("Sources", "Every number of Inputs names one or more of these.")
    page.heading(FIRST - 1, ["Key", "Source", "On the web"])
    cells: dict[str, str] = {}
    for row, (key, text) in enumerate(sorted(citations.items()), FIRST):
        page.put(row, 1, key)
        page.put(row, 2, text, "wrapped")
        address = on_the_web(text)
        if address:
            page.link(row, 3, address, address)
        cells[key] = page.at(row, 1)
    page.widths(26, 100, 56)
    page.frozen(f"A{FIRST}")
    page.landscape(repeat_rows=f"1:{FIRST - 1}")
    return Sources(citations, cells)


def on_the_web(citation: str) -> str:
    """Return where a citation leads; '' if it does not say.

    >>> on_the_web("Chan JA et al. 10.1056/NEJMoa2403991. PMC11821447")
    'https://doi.org/10.1056/NEJMoa2403991'
    """
    for pattern, address in WEB:
        match = pattern.search(citation)
        if match:
            return address.format(match[1])
    return ""
