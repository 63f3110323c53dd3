"""The index of runs on the screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC
from typing import Any, TextIO

from netcea.plain_number import read
from netcea.reporting.changes import change_text
from netcea.reporting.number_format import icer, plain, pounds, shown
from netcea.reporting.screen import console_of, print_to
from netcea.reporting.table import Icer
from netcea.storage.headline import Headline
from netcea.storage.run_index import RunEntry


def as_json(entries: Sequence[RunEntry]) -> list[dict[str, Any]]:
    """Return the index as JSON can hold it."""
    return [
        asdict(entry)
        | {
            "folder": entry.folder.as_posix(),
            "written": entry.written.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "changes": [{"address": a, "value": v, "where": w} for a, v, w in entry.changes],
        }
        for entry in entries
    ]


def as_text(entries: Sequence[RunEntry]) -> str:
    """Return the same as text."""
    return json.dumps(as_json(entries), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def show_runs(entries: Sequence[RunEntry], file: TextIO | None = None, width: int | None = None) -> None:
    """Print the index: two lines for each run, what it is and what it came to."""
    print_to(lambda columns, colour: rendered_runs(entries, columns, colour=colour), file, width)


def rendered_runs(entries: Sequence[RunEntry], width: int = 100, *, colour: bool = False) -> str:
    """Return what `show_runs` prints."""
    console, text = console_of(width, colour=colour)
    for entry in entries:
        written = entry.written.astimezone().strftime("%Y-%m-%d %H:%M")
        if entry.fault:
            console.print(f"{entry.folder.as_posix()}  unreadable, {written}: {plain(entry.fault)}", style="yellow")
            continue
        console.print(f"{entry.folder.as_posix()}", style="bold", end="")
        console.print(f"  {plain(entry.analysis)}, {written}, {entry.digest[:12]}, netcea {entry.version}")
        if entry.marking:
            console.print(f"   {plain(entry.marking)}", style="bold red")
        console.print(f"   {plain(entry.scenario)}{_changes(entry)}", soft_wrap=False)
        if entry.headline is not None:
            console.print(f"   {headline_words(entry.headline)}")
    count = len(entries)
    console.print(f"{count or 'no'} folder{'' if count == 1 else 's'} of results", style="dim")
    return text()


def _changes(entry: RunEntry) -> str:
    """Return what the command line changed: what the scenario changes goes by its name."""
    words = [change_text(address, value) for address, value, where in entry.changes if where.startswith("--")]
    return f", with {'; '.join(words)}" if words else ""


def headline_words(found: Headline) -> str:
    """Say what a run came to.

    >>> headline_words(Headline("point estimates", 82977.0, 0.102, 811435.0, "", 25000.0, -3.217))
    'incremental costs £82,977, QALYs 0.102, ICER £811,435, NHB at £25,000 -3.217 (point estimates)'
    >>> found = Headline("point estimates", 50194.0, 0.147, 340523.0, "", 25000.0, -1.86, None, 1.2, -1.831)
    >>> headline_words(found)[-79:]
    '25,000 -1.860; severity weight 1.2: ICER £283,769, NHB -1.831 (point estimates)'
    """
    ratio = icer(Icer(found.icer, found.label, found.icer_mcse))  # type: ignore[arg-type]  # a label that netcea wrote
    return (
        f"incremental costs {pounds(found.incremental_costs)}, QALYs {shown(found.incremental_qalys, 'qalys')}, "
        f"ICER {ratio.strip('()')}, NHB at {pounds(found.threshold)} {shown(found.incremental_nhb, 'qalys')}"
        f"{_weighted_words(found)} ({found.of})"
    )


def _weighted_words(found: Headline) -> str:
    """Say the same with the severity weight; only the weight where it is 1, nothing where it was not recorded."""
    if found.severity_weight is None or found.weighted_incremental_nhb is None:
        return ""
    weight = f"; severity weight {read(found.severity_weight)}"
    if found.severity_weight == 1.0:
        return weight
    error = None if found.icer_mcse is None else found.icer_mcse / found.severity_weight
    ratio = icer(Icer(found.weighted_icer, found.label, error)).strip("()")  # type: ignore[arg-type]
    return f"{weight}: ICER {ratio}, NHB {shown(found.weighted_incremental_nhb, 'qalys')}"
