"""One slide, before any program of slides knows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table
from netcea.submission.blocks import FigureBlock, Paragraph, TableBlock

if TYPE_CHECKING:
    from netcea.submission.submission import Submission

Part: TypeAlias = FigureBlock | TableBlock | Paragraph
Layout: TypeAlias = Literal["beside", "below"]
HIDDEN: Final = "Hidden in this redacted run: it could depend on a confidential price."


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes
    ----------
    title : str
    parts : tuple of FigureBlock, TableBlock or Paragraph
        What it shows, at most two figures or tables and some lines.
    notes : tuple of str
        What the speaker reads: where it comes from.
    layout : {'beside', 'below'}
        How two parts stand to each other.
    """

    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    layout: Layout = "beside"


def figure(submission: Submission, analysis: str, name: str, caption: str, alt: str) -> FigureBlock | Paragraph:
    """Return a figure of an analysis; a sentence where it was not run, or the run is redacted.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    analysis, name : str
        Whose figure, and which.
    caption, alt : str
        What it is called, and what it shows in words.
    """
    report = submission.reports.get(analysis)
    if report is None:
        return _not_run(submission, analysis)
    if name not in report.figures:
        return Paragraph(HIDDEN if submission.redacted else f"This run has no figure {name}.", "note")
    draw: Callable[..., object] = report.figure
    return FigureBlock(name, partial(draw, name), caption, alt)  # type: ignore[arg-type]


def table(
    submission: Submission, analysis: str, name: str, caption: str, columns: tuple[str, ...] = (), most: int = 0
) -> TableBlock | Paragraph:
    """Return columns and first rows of a table of an analysis; a sentence where it was not run.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    analysis, name : str
        Whose table, and which.
    caption : str
        What it is called.
    columns : tuple of str
        Their names, in their order; all when left out.
    most : int
        Rows; all where it is 0.
    """
    found = submission.table(analysis, name)
    if found is None:
        return _not_run(submission, analysis)
    return TableBlock(chosen(found, columns, most), caption)


def _not_run(submission: Submission, analysis: str) -> Paragraph:
    """Return a sentence in place of what was not run, with the reason."""
    why = submission.not_run.get(analysis, "")
    return Paragraph(f"Not run: {analysis.replace('_', ' ')}{f' ({why})' if why else ''}.", "note")


def chosen(found: Table, columns: tuple[str, ...] = (), most: int = 0) -> Table:
    """Return some columns and the first rows of a table.

    Parameters
    ----------
    found : Table
        Of a report.
    columns : tuple of str
        Their names, in their order; all when left out.
    most : int
        Rows; all where it is 0.
    """
    names = [column.name for column in found.columns]
    at = [names.index(name) for name in columns if name in names] if columns else range(len(names))
    rows = found.rows[:most] if most else found.rows
    kept = tuple(found.columns[i] for i in at)
    return replace(found, columns=kept, rows=tuple(tuple(row[i] for i in at) for row in rows), note="")


def turned(found: Table, heading: str, most: int = 1) -> Table:
    """Return a table with a row for each column of another's first rows.

    Parameters
    ----------
    found : Table
        Of a report.
    heading : str
        Above what were headings.
    most : int
        Rows that become columns.
    """
    from netcea.reporting.number_format import shown

    rows = found.rows[:most]
    cells: list[tuple[Cell, ...]] = [
        (column.title, *(shown(row[i], column.format) for row in rows)) for i, column in enumerate(found.columns)
    ]
    columns = (Column("what", heading), *(Column(f"value_{n}", "") for n, _ in enumerate(rows)))
    return replace(found, columns=columns, rows=tuple(cells), note="", total_last=False)


def notes_of(submission: Submission, analysis: str, name: str) -> tuple[str, ...]:
    """Return where a slide comes from: analysis, table, options, and what the table says below itself.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    analysis, name : str
        Whose table, and which.
    """
    found, report = submission.table(analysis, name), submission.reports.get(analysis)
    if report is None:
        return (f"Not run: {analysis}.",)
    options = {k: v for k, v in report.options.items() if k in ("draws", "seed")}
    words = ", ".join([f"Source: {analysis}, table {name}", *(f"{k} {v:,}" for k, v in options.items())])
    return (f"{words}.", *([plain(found.note)] if found is not None and found.note else []))


def size_of(cell: object) -> float:
    """Return a cell as a number; 0 where it holds none.

    Parameters
    ----------
    cell : str, float, Icer or None
        Of a table.
    """
    return float(cell) if isinstance(cell, int | float) else 0.0
