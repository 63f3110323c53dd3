"""Two folders of many runs, compared run by run: on the screen, as JSON, as a CSV file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from netcea.analyses.difference.paired_runs import PairedRun, marking_of
from netcea.analyses.difference.report import write_comparison
from netcea.analyses.difference.screen import signed
from netcea.reporting.number_format import plain, shown
from netcea.reporting.screen import console_of, print_to, rich_table
from netcea.reporting.table import Cell, Column, Table
from netcea.storage.run_index import RunEntry


def table_of(pairs: Sequence[PairedRun]) -> Table:
    """Return every run with its headline on both sides, at full precision."""
    measures = (
        ("incremental_costs", "Incremental costs", "£"),
        ("incremental_qalys", "Incremental QALYs", "QALYs"),
        ("incremental_nhb", "Incremental NHB at the lower threshold", "QALYs"),
    )
    columns = [Column("folder", "Run"), Column("inputs", "Inputs")]
    for name, heading, unit in measures:
        columns += [
            Column(f"{name}_{side}", f"{heading}, {words}", unit, "number")
            for side, words in (("a", "A"), ("b", "B"), ("change", "B minus A"))
        ]
    rows: list[tuple[Cell, ...]] = []
    for pair in pairs:
        cells: list[Cell] = []
        for name, _, _ in measures:
            cells += [_headline(pair.a, name), _headline(pair.b, name), pair.change(name)]
        rows.append((pair.folder, _inputs(pair), *cells))
    return Table("runs", "Runs of both folders", tuple(columns), tuple(rows), marking=marking_of(pairs))


def _headline(entry: RunEntry | None, name: str) -> float | None:
    return None if entry is None or entry.headline is None else float(getattr(entry.headline, name))


def _inputs(pair: PairedRun) -> str:
    if pair.a is None or pair.b is None:
        return "only in A" if pair.b is None else "only in B"
    return "unreadable" if pair.a.fault or pair.b.fault else "the same" if pair.same_inputs else "differ"


def as_text(pairs: Sequence[PairedRun]) -> str:
    """Return the same as JSON."""
    table = table_of(pairs)
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    marking = {"marking": table.marking} if table.marking else {}
    return json.dumps({"format": 1, **marking, "runs": rows}, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def write_pairs(pairs: Sequence[PairedRun], folder: Path) -> None:
    """Write difference.json and the table as CSV; everything or nothing."""
    write_comparison(as_text(pairs), [table_of(pairs)], folder)


def show_pairs(pairs: Sequence[PairedRun], file: TextIO | None = None, width: int | None = None) -> None:
    """Print the comparison."""
    print_to(lambda columns, colour: rendered_pairs(pairs, columns, colour=colour), file, width)


def rendered_pairs(pairs: Sequence[PairedRun], width: int = 100, *, colour: bool = False) -> str:
    """Return what `show_pairs` prints: runs in which something differs."""
    console, text = console_of(width, colour=colour)
    differing = [p for p in pairs if not p.same_inputs or p.contradiction]
    heads = ("costs: B - A", "QALYs: B - A", "NHB: A", "NHB: B", "NHB: B - A")
    columns = (Column("folder", "Run"), Column("inputs", "Inputs"), *(Column(h, h, "", "number") for h in heads))
    rows: list[tuple[Cell, ...]] = [
        (
            pair.folder,
            _inputs(pair),
            signed(pair.change("incremental_costs"), "pounds"),
            signed(pair.change("incremental_qalys"), "qalys"),
            shown(_headline(pair.a, "incremental_nhb"), "qalys"),
            shown(_headline(pair.b, "incremental_nhb"), "qalys"),
            signed(pair.change("incremental_nhb"), "qalys"),
        )
        for pair in differing
    ]
    console.print()
    if marking_of(pairs):
        console.print(plain(marking_of(pairs)), style="bold red")
    if rows:
        title = "Runs that differ (NHB at the lower threshold, in QALYs)"
        console.print(rich_table(Table("runs", title, columns, tuple(rows))))
    same = len(pairs) - len(differing)
    console.print(f"{same or 'No'} run{'' if same == 1 else 's'} with the same inputs and results.", style="dim")
    console.print()
    return text()
