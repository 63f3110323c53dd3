"""Sources: the bibliography of the inputs, links, and the numbers that rest on each, with page or table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from netcea.quantities.quantity import Quantity
from netcea.reporting.xlsx.book import defined_name
from netcea.reporting.xlsx.page import Page
from netcea.workbook.construction import Construction
from netcea.workbook.variants import Variants

FIRST: Final = 4
KEY, SOURCE, PLACE, COUNT, WEB_COLUMN, TEXT_COLUMN = range(1, 7)
WEB: Final = (
    (re.compile(r"\b(10\.\d{4,9}/[^\s,;]*[^\s,;.])"), "https://doi.org/{}"),
    (re.compile(r"\b(PMC\d+)\b"), "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    (re.compile(r"\bNICE (TA\d+)\b"), "https://www.nice.org.uk/guidance/{}"),
    (re.compile(r"\b(GID-TA\d+)\b"), "https://www.nice.org.uk/guidance/indevelopment/{}"),
    (re.compile(r"\b(PMG\d+)\b"), "https://www.nice.org.uk/process/{}"),
    (re.compile(r"\b(NCT\d{8})\b"), "https://clinicaltrials.gov/study/{}"),
)
"""What a citation says -> where it is."""
NUMBER: Final = r"[A-Z]?\d+[A-Za-z]?(?:\.\d+)*"
PLACES: Final = re.compile(
    rf"\b(?:sections?|tables?|figures?|pages?|abstracts?|appendix|annex|chapters?|service codes?) {NUMBER}"
    rf"(?:(?: and |-| to ){NUMBER})*|\b[A-Z]{{2}}\d{{2}}[A-Z](?:-[A-Z])?\b"
)
"""How citations and notes name a place in a source: table 3, section 14, abstract 309; WF01A is a reference cost."""


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
    variants = construction.variants
    citations = {key: text for s in variants.scenarios for key, text in s.bibliography.items()}
    page = construction.page("Sources")
    page.open_with("Sources", "Every number of Inputs names one or more of these; below, the numbers of each source.")
    page.heading(
        FIRST - 1, ["Key", "Source", "Page, table or section", "Numbers that name it", "On the web", "Also on the web"]
    )
    resting = dict(_resting(variants))
    cells: dict[str, str] = {}
    for row, (key, text) in enumerate(sorted(citations.items()), FIRST):
        page.put(row, KEY, key)
        page.put(row, SOURCE, text, "wrapped")
        page.put(row, PLACE, places_in(text), "wrapped")
        page.put(row, COUNT, len(resting.get(key, {})), "integer")
        for column, address in zip((WEB_COLUMN, TEXT_COLUMN), links_of(text), strict=False):
            page.link(row, column, address, address)
        cells[key] = page.at(row, KEY)
    _numbers(page, FIRST + len(citations) + 1, resting)
    page.widths(26, 78, 26, 13, 52, 52)
    page.frozen(f"A{FIRST}")
    page.landscape(repeat_rows="1:2")  # both tables have headings of their own
    return Sources(citations, cells)


def _resting(variants: Variants) -> Iterator[tuple[str, dict[str, Quantity]]]:
    """Yield each source with the numbers that name it, by address."""
    quantities = {a: q for s in reversed(variants.scenarios) for a, q in s.quantities.items()}
    found: dict[str, dict[str, Quantity]] = {}
    for address in sorted(variants.numbers):
        for key in quantities[address].source if address in quantities else ():
            found.setdefault(key, {})[address] = quantities[address]
    yield from sorted(found.items())


def _numbers(page: Page, row: int, resting: dict[str, dict[str, Quantity]]) -> None:
    """Write the numbers of each source, each with its place in it where its note says one."""
    pairs = [(key, address, quantity) for key, numbers in resting.items() for address, quantity in numbers.items()]
    placed = {address: places_in(f"{quantity.label}. {quantity.note}") for _, address, quantity in pairs}
    page.put(row, KEY, "Numbers of each source", "section")
    said = sum(map(bool, placed.values()))
    page.put(row, SOURCE, f"inputs/ names a page, table or section for {said} of {len(placed)} numbers", "subtitle")
    page.heading(row + 1, ["Source", "Number", "Page, table or section", "Live value", "Unit", "Address"])
    for at, (key, address, quantity) in enumerate(pairs, row + 2):
        page.put(at, KEY, key)
        page.put(at, SOURCE, quantity.label or address, "link")
        page.links[at, SOURCE] = f"#{defined_name(address)}"
        page.put(at, PLACE, placed[address], "wrapped")
        page.formula(at, COUNT, defined_name(address), "live_general")
        page.format_as(at, (COUNT,), quantity.value)
        page.put(at, WEB_COLUMN, quantity.unit, "indented")
        page.put(at, TEXT_COLUMN, address, "subtitle")


def places_in(text: str) -> str:
    """Return the pages, tables and sections that a citation or a note names.

    >>> places_in("PSSRU 2022 section 11.2.2, a report's figures 2A and 2C"), places_in("a press release")
    ('section 11.2.2; figures 2A and 2C', '')
    """
    return "; ".join(dict.fromkeys(match[0] for match in PLACES.finditer(text)))


def links_of(citation: str) -> list[str]:
    """Return where a citation leads.

    >>> links_of("NICE TA449; HTA 2018;22(49). PMC6151360")
    ['https://pmc.ncbi.nlm.nih.gov/articles/PMC6151360/', 'https://www.nice.org.uk/guidance/TA449']
    """
    matches = ((pattern.search(citation), address) for pattern, address in WEB)
    return [address.format(match[1]) for match, address in matches if match]
