"""The tables of an earlier run on the screen, from its CSV files: nothing is run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

from netcea.errors import InputError, Place, Problem
from netcea.reporting.changes import show_changes
from netcea.reporting.first_lines import TITLE
from netcea.reporting.number_format import plain, pounds, shown
from netcea.reporting.report import Section
from netcea.reporting.screen import console_of, print_to, rich_table, show_section
from netcea.reporting.table import Cell, Column, Format, Table
from netcea.scenario.price_layers import MARK
from netcea.scenario.scalar import NotDecimalError, decimal_number
from netcea.storage.delimited.encoding import decoded
from netcea.storage.regular_file import read_regular
from netcea.storage.saved_run import SavedRun

MOST_COLUMNS: Final = 8
"""Columns of a table that fit on the screen; what is a column of a wider one is a row."""
MOST_ROWS: Final = 60
LONGEST_WORDS: Final = 60
"""Longest text in a wide table; rows of longer ones (reasons, files) are left to the CSV file. [characters]"""
LONGEST_WORD: Final = 24
LARGEST_TABLE: Final = 2_000_000
"""Largest CSV file that is shown. [bytes]"""
_KINDS: Final[tuple[tuple[str, Format], ...]] = (
    (r"\(£", "pounds"),
    (r"\(share\)", "percent"),
    (r"QALY|NHB|LYG|[Ll]ife years|\(years\)", "qalys"),
)
"""What a heading says -> how numbers below it are shown."""
_LABELLED: Final = re.compile(r"([0-9.]+) \(cost saved per QALY lost\)")


def show_saved_run(run: SavedRun, file: TextIO | None = None, width: int | None = None) -> None:
    """Print the tables of an earlier run."""
    print_to(lambda columns, colour: rendered_saved_run(run, columns, colour=colour), file, width)


def rendered_saved_run(run: SavedRun, width: int = 100, *, colour: bool = False) -> str:
    """Return what `show_saved_run` prints.

    Raises
    ------
    InputError
        The folder holds no tables, or one that cannot be read.
    """
    console, text = console_of(width, colour=colour)
    console.print()
    console.print(plain(run.scenario["name"]), style="bold")
    console.print(
        f"{run.analysis}, {run.scenario['source']}, digest {run.digest[:12]}, netcea {run.version}", style="dim"
    )
    if run.marking:
        console.print(run.marking, style="bold red")
    show_changes(console, [(change["address"], change["value"], change["where"]) for change in run.scenario["changes"]])
    if run.read_first:
        show_section(console, Section(TITLE, tuple(f"- {line}" for line in run.read_first), style="bold yellow"))
    paths = table_files(run)
    chosen = [name for name in run.on_screen if name in paths] or [name for name in FIRST if name in paths]
    for name in chosen or list(paths)[:3]:
        console.print()
        console.print(rich_table(read_table(paths[name])))
    for line in run.lines:
        console.print(f" {plain(line)}")
    others = [name for name in paths if name not in chosen]
    if others:
        console.print()
        console.print(f"More in {run.folder.as_posix()}/tables: {', '.join(others)}", style="dim")
    console.print()
    return text()


FIRST: Final = ("base_case", "beside", "net_health_benefit")
"""Tables that are shown where the folder does not say which were."""


def table_files(run: SavedRun) -> dict[str, Path]:
    """Return name -> CSV file of a folder of results; traces are left out.

    Raises
    ------
    InputError
        It holds none.
    """
    folder = run.folder / "tables"
    paths = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    shown_here = (p for p in paths if not p.stem.startswith("trace_") and p.is_file())
    found = {p.stem: p for p in shown_here if p.stat().st_size <= LARGEST_TABLE}
    if not found:
        problem = Problem(str(folder), 0, "", "no tables", "the CSV files that a run writes", "run the scenario again")
        raise InputError(problem)
    return found


def read_table(path: Path) -> Table:
    """Return a CSV file of a run as a table for the screen."""
    try:
        text = decoded(read_regular(path, LARGEST_TABLE), Place(str(path)))
        headings, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    except (OSError, csv.Error) as error:
        raise InputError(Problem(str(path), 0, "", f"a table that cannot be read ({error})", "a CSV file")) from None
    if headings[-1:] == [MARK]:  # stands above the tables
        headings = headings[:-1]
    whole = [[*row[: len(headings)], *[""] * (len(headings) - len(row))] for row in rows]
    title = path.stem[:1].upper() + path.stem[1:].replace("_", " ")
    if len(headings) > MOST_COLUMNS and whole:
        return _upright(path.stem, title, headings, whole)
    cut = whole[:MOST_ROWS]
    cells = [[_cell(text) for text in row] for row in cut]
    columns = tuple(
        Column(f"c{at}", heading, "", _kind(heading) if _numbers([row[at] for row in cut]) else "text")
        for at, heading in enumerate(headings)
    )
    note = f"{len(whole) - MOST_ROWS} more rows in {path.name}" if len(whole) > MOST_ROWS else ""
    return Table(path.stem, title, columns, tuple(map(tuple, cells)), note)


def _upright(name: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a wide table turned: its first column as headings."""
    first = rows[: MOST_COLUMNS - 3]
    columns = (Column("what", headings[0]), *(Column(f"r{at}", row[0], "", "number") for at, row in enumerate(first)))
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (heading, *(shown(_cell(row[at]), _kind(heading)) for row in first))
        for at, heading in enumerate(headings)
        if at and all(_fits(row[at]) for row in first)
    )
    note = f"{len(rows) - len(first)} more in {name}.csv" if len(rows) > len(first) else ""
    return Table(name, title, columns, cells, note)


def _fits(text: str) -> bool:
    return len(text) <= LONGEST_WORDS and all(len(word) <= LONGEST_WORD for word in text.split())


def _cell(text: str) -> Cell:
    """Return what a CSV file holds: a number, an ICER in words, or text without its guard against formulas."""
    labelled = _LABELLED.fullmatch(text)
    try:
        value = float(decimal_number(labelled[1] if labelled else text))
    except NotDecimalError:
        guarded = text.startswith("'") and text[1:].lstrip()[:1] in tuple("=+-@")
        return text[1:] if guarded else text or None
    if labelled:
        return f"{pounds(value)} saved per QALY lost"
    return value if abs(value) > 1e-9 else 0.0


def _kind(heading: str) -> Format:
    return next((kind for pattern, kind in _KINDS if re.search(pattern, heading)), "number")


def _numbers(texts: Sequence[str]) -> bool:
    """Say whether a column holds numbers, gaps and ICERs in words only."""
    given = [_cell(text) for text in texts if text]
    words = ("(dominant)", "(dominated)", "(ext dominated)", "(equal)", "not reached")
    numbers = [isinstance(cell, float) for cell in given]
    return any(numbers) and all(
        is_number or str(cell) in words or str(cell).startswith("£")
        for is_number, cell in zip(numbers, given, strict=True)
    )
