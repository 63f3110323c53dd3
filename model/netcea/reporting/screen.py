"""Reports on the screen: tables that are read at a glance, at 80 columns and when piped."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from netcea.execution.progress import hide
from netcea.execution.terminal import has_styles, is_terminal
from netcea.reporting.changes import show_changes, where_from
from netcea.reporting.number_format import plain, shown
from netcea.reporting.report import Report, Section
from netcea.reporting.table import Cell, Column, Table
from netcea.visible_text import display_width, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

NARROWEST: Final = 72
WIDEST: Final = 110


def show_reports(
    reports: Sequence[Report], together: Sequence[Table] = (), file: TextIO | None = None, width: int | None = None
) -> None:
    """Print reports, and tables of all of them together.

    Parameters
    ----------
    reports : sequence of Report
    together : sequence of Table
        Printed last.
    file : TextIO, optional
        Standard output when left out; colours only on a terminal.
    width : int, optional
        [columns]; that of the terminal when left out, 100 when piped.
    """
    print_to(lambda columns, colour: rendered_reports(reports, together, columns, colour=colour), file, width)


def rendered_reports(
    reports: Sequence[Report], together: Sequence[Table] = (), width: int = 100, *, colour: bool = False
) -> str:
    """Return what `show_reports` prints."""
    console, text = console_of(width, colour=colour)
    for report in reports:
        _show(console, report)
    for table in together:
        console.print(rich_table(table))
        console.print()
    return text()


def show_tables(tables: Sequence[Table]) -> None:
    """Print tables alone."""

    def rendered(columns: int, colour: bool) -> str:
        return rendered_reports((), tables, columns, colour=colour).rstrip("\n") + "\n"

    print_to(rendered, None, None)


def _show(console: Console, report: Report) -> None:
    scenario = report.scenario
    console.print()
    console.print(plain(report.title), style="bold")
    if scenario.prices.marking:
        console.print(scenario.prices.marking, style="bold red")
    where = where_from(scenario.source, scenario.inputs_folder, scenario.project, scenario.digest)
    console.print(where, style="dim")
    if report.about:
        console.print(report.about, style="dim")
    show_changes(console, [(change.address, change.value, change.where) for change in scenario.changes])
    if report.read_first:
        show_section(console, report.first_section)
    shown_now = report.screen or (*map(report.table, report.on_screen), Section("", report.lines))
    for part in shown_now:
        if isinstance(part, Table):
            console.print()
            console.print(rich_table(part))
        elif part.lines:
            show_section(console, part)
    if report.nested and scenario.warnings:
        show_section(console, Section("Warnings", tuple(map(str, scenario.warnings)), style="yellow"))
    console.print()


def show_section(console: Console, section: Section) -> None:
    """Print sentences under their heading.

    Parameters
    ----------
    console : Console
        Of rich.
    section : Section
        Heading and sentences.
    """
    from rich.padding import Padding

    console.print()
    if section.title:
        console.print(section.title, style="bold")
    for line in section.lines:
        console.print(Padding(plain(line), (0, 0, 0, 1)), style=section.style)


def print_to(render: Callable[[int, bool], str], file: TextIO | None, width: int | None) -> None:
    """Print what is rendered for a width and with or without colour, in characters that the file can hold."""
    file = file or sys.stdout
    if file is None:
        return  # standard output was closed
    if width is None:
        width = shutil.get_terminal_size((100, 24)).columns if is_terminal(file) else 100
    text = render(min(max(width, NARROWEST), WIDEST), has_styles(file))
    hide()
    file.write(_encodable(text, getattr(file, "encoding", None) or "utf-8"))


def console_of(width: int, *, colour: bool) -> tuple[Console, Callable[[], str]]:
    """Return a console that prints into memory, and the function that returns what was printed."""
    from rich.console import Console

    class VisibleConsole(Console):
        """Nothing of a text acts on the terminal: only styles do."""

        def render_str(self, text: str, **more: Any) -> Text:
            return super().render_str(visible(text), **more)

    out = io.StringIO()
    console = VisibleConsole(
        file=out,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    return console, lambda: "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def rich_table(table: Table) -> RichTable:
    """Return a table for the terminal: numbers right, text left and folded, never cut."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    made = RichTable(
        box=box.SIMPLE_HEAD,
        title=Text(plain(table.title), style="bold"),
        title_justify="left",
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="",
        show_edge=False,
        caption=Text(plain(table.note)) if table.note else None,
        caption_justify="left",
        caption_style="dim",
    )
    for at, column in enumerate(table.columns):
        number = column.format != "text"
        width = _width(column, [row[at] for row in table.rows]) if number else None
        made.add_column(
            Text(plain(column.title.strip())), justify="right" if number else "left", overflow="fold", width=width
        )
    for at, row in enumerate(table.rows):
        last = table.total_last and at == len(table.rows) - 1
        made.add_row(
            *(
                Text("" if cell is None and table.blank_none else _shown(cell, column))
                for cell, column in zip(row, table.columns, strict=True)
            ),
            style="bold" if last else "",
        )
    return made


def _width(column: Column, cells: Sequence[Cell]) -> int:
    """Return the width of a column of numbers: its widest number or longest word, so that only headings wrap."""
    words = [word for text in (column.title, *(_shown(cell, column) for cell in cells)) for word in text.split()]
    return max(map(display_width, words), default=1)


def _shown(cell: Cell, column: Column) -> str:
    return shown(cell, column.format)


def part(table: Table, names: Sequence[str], title: str, note: str = "", headings: Sequence[str] = ()) -> Table:
    """Return some columns of a table under another title, with shorter headings if given."""
    at = [[column.name for column in table.columns].index(name) for name in names]
    columns = tuple(
        Column(table.columns[i].name, heading or table.columns[i].heading, "", table.columns[i].format)
        for i, heading in zip(at, headings or [""] * len(at), strict=True)
    )
    return Table(table.name, title, columns, tuple(tuple(row[i] for i in at) for row in table.rows), note)


def _encodable(text: str, encoding: str) -> str:
    """Return text that the file can hold: plain lines, then GBP for the pound sign, where its encoding has none."""
    for found in (text, text.replace("─", "-"), text.replace("─", "-").replace("£", "GBP ")):
        try:
            found.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            continue
        return found
    return text.replace("─", "-").replace("£", "GBP ").encode("ascii", "replace").decode("ascii")
