"""Version log: what made this workbook, from what, what the scenario changes, and room for the reader's own entries."""

from __future__ import annotations

from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.version import __version__
from netcea.workbook.construction import Construction
from netcea.workbook.variants import Variants

FIRST: Final = 4
HEADINGS: Final = ("Date", "By", "Version", "Scenario", "Digest", "What changed, and why")
DATE, BY, VERSION, SCENARIO, DIGEST, WHAT = range(1, 7)
ROOM: Final = 15
"""Rows for the reader's own entries."""
NOT_SAID: Final = "not recorded"


def write_version_log(construction: Construction) -> Page:
    """Write the sheet."""
    variants, page = construction.variants, construction.page("Version log")
    base = variants.base
    page.open_with(
        "Version log",
        "The digest is of everything that went in. What moved results between versions of netcea stands in its "
        "CHANGELOG.md, under 'Results changed'.",
    )
    page.heading(FIRST - 1, HEADINGS)
    n = len(base.changes)
    words = f"Exported from {base.source}" + (f", with {n} change{'' if n == 1 else 's'} (below)" if n else "")
    entry = (construction.date or NOT_SAID, "netcea", __version__, base.file.name, base.digest, words)
    page.row(FIRST, entry, "wrapped")
    for row in range(FIRST + 1, FIRST + 1 + ROOM):
        page.row(row, [None] * len(HEADINGS), "entry")
    _changes(page, FIRST + ROOM + 2, variants)
    page.widths(13, 16, 12, 34, 34, 76)
    page.frozen(f"A{FIRST}")
    page.landscape(repeat_rows=f"1:{FIRST - 1}")
    return page


def _changes(page: Page, row: int, variants: Variants) -> None:
    """Write what the scenario sets on top of the complete file."""
    changes = variants.base.changes
    page.put(row, DATE, "What the scenario sets on top of the complete file", "section")
    if not changes:
        page.put(row + 1, DATE, "nothing: it is a complete file", "subtitle")
        return
    page.heading(row + 1, ["Where", "", "", "Value", "", "Address"])
    for at, change in enumerate(changes, row + 2):
        page.put(at, DATE, change.where)
        page.put(at, SCENARIO, change.value, "wrapped")
        page.put(at, WHAT, change.address)
