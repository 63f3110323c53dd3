"""Where a workbook comes from: what is needed to make it again, in cells of Scenarios that have names."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import column_index_from_string

from netcea.errors import Place
from netcea.loading.reading.project import locate, real, split_step
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import Scenario
from netcea.version import __version__
from netcea.workbook.reading.opened import OpenedWorkbook
from netcea.workbook.titles import ON_THE_COMMAND_LINE

VERSION, CYCLES, FILES = "netcea.version", "netcea.cycles", "netcea.files"
COLUMNS: Final = 3
REFERENCE: Final = re.compile(r"'?([^'!]+)'?!\$([A-Z]{1,3})\$(\d{1,7})(?::\$([A-Z]{1,3})\$(\d{1,7}))?")
MOST_SCENARIOS: Final = 300
MOST_CYCLES: Final = 100_000


@dataclass(frozen=True)
class Source:
    """One scenario of a workbook.

    Attributes
    ----------
    file : str
        Relative to its project, so that a workbook can travel: ``scenarios/base.yaml``, after a step of its waterfall
        ``scenarios/base.yaml@3``.
    digest : str
    sets : tuple of str
        ``ADDRESS=VALUE`` from the command line.
    """

    file: str
    digest: str
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """What a workbook was made from.

    Attributes
    ----------
    version : str
        Of netcea.
    cycles : int
        Rows of the traces.
    sources : tuple of Source
        Scenarios in their order, those that did not fit too.
    """

    version: str
    cycles: int
    sources: tuple[Source, ...]


def write_provenance(book: Book, page: Page, scenarios: Sequence[Scenario], cycles: int) -> None:
    """Write it below what is on a sheet."""
    row = page.last_row + 2
    page.put(row, 1, "Where this workbook comes from (netcea import reads it back)", "section")
    page.put(row + 1, 1, "Made by netcea")
    page.put(row + 1, 2, __version__)
    page.put(row + 2, 1, "Cycles of the traces")
    page.put(row + 2, 2, cycles, "integer")
    page.heading(row + 3, ["Scenario file", "Digest of everything that went in", "Changed with --set"])
    for at, scenario in enumerate(scenarios, row + 4):
        source = source_of(scenario)
        for column, text in enumerate((source.file, source.digest, json.dumps(source.sets)), 1):
            page.put(at, column, text, "note")
    book.name(VERSION, page.at(row + 1, 2))
    book.name(CYCLES, page.at(row + 2, 2))
    book.name(FILES, page.span(row + 4, row + 3 + len(scenarios), 1, COLUMNS))


def source_of(scenario: Scenario) -> Source:
    """Return where a scenario comes from."""
    (path, project), step = locate(scenario.path), split_step(scenario.path)[1]
    held = project.holds(path)
    file = real(path).relative_to(real(project.root)).as_posix() if held else split_step(scenario.path)[0]
    sets = [f"{c.address}={c.value}" for c in scenario.changes if c.where.startswith(ON_THE_COMMAND_LINE)]
    return Source(f"{file}@{step}" if step else file, scenario.digest, tuple(sets))


def read_provenance(workbook: OpenedWorkbook, shown_as: str) -> Provenance:
    """Return what a workbook says about where it comes from.

    Raises
    ------
    InputError
        It does not say.
    """
    try:
        ((version,),) = _cells(workbook, VERSION)
        ((cycles,),) = _cells(workbook, CYCLES)
        rows = _cells(workbook, FILES)
        sources = tuple(Source(str(file), str(digest), _sets(changed)) for file, digest, changed in rows)
        return Provenance(str(version), _count(cycles), _distinct(sources))
    except (KeyError, ValueError, TypeError) as error:
        what = "a workbook that does not say which scenario it was made from"
        instead = "export again, and change the copy"
        raise Place(shown_as).error(what, "one that `netcea export` wrote", instead) from error


def _count(cycles: object) -> int:
    if not isinstance(cycles, int) or not 0 < cycles < MOST_CYCLES:
        raise ValueError(cycles)
    return cycles


def _distinct(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return them where none is there twice: each is loaded."""
    if len({(source.file, source.sets) for source in sources}) < len(sources):
        raise ValueError(sources)
    return sources


def _sets(text: object) -> tuple[str, ...]:
    found = json.loads(str(text))
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise TypeError(found)
    return tuple(found)


def _cells(workbook: OpenedWorkbook, name: str) -> list[tuple[object, ...]]:
    """Return rows of values that a defined name leads to."""
    match = REFERENCE.fullmatch(workbook.names[name])
    if match is None:
        raise ValueError(name)
    title, column, row, last_column, last_row = match.groups()
    if int(last_row or row) - int(row) > MOST_SCENARIOS or (last_column or column) not in ("A", "B", "C"):
        raise ValueError(name)
    cells = workbook.sheet(title).cells
    columns = range(column_index_from_string(column), column_index_from_string(last_column or column) + 1)
    rows = range(int(row), int(last_row or row) + 1)
    return [tuple(cells[line, c].value if (line, c) in cells else None for c in columns) for line in rows]
