"""The index of runs: what results lie below a folder, read from the small record of each."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from netcea.errors import InputError
from netcea.storage.headline import Headline
from netcea.storage.saved_run import analysis_of, no_such_folder, read_json

DEEPEST: Final = 6
"""Folders in folders that are looked at."""
LARGEST: Final = 4_000_000
"""Largest record that is read. [bytes]"""


@dataclass(frozen=True)
class RunEntry:
    """One folder of results.

    Attributes
    ----------
    folder : Path
    analysis : str
        Its name: 'base_case', 'psa' ...
    scenario, source : str
        Name and file.
    changes : tuple of (address, value, where)
        What `set` and the command line changed.
    digest, version : str
    headline : Headline or None
        None where the analysis has none.
    written : datetime
        When the record was written, by the time of the file. [UTC]
    fault : str
        Why it cannot be read; empty where it can.
    marking : str
        That it is at confidential prices, or redacted; empty where neither.
    """

    folder: Path
    analysis: str
    scenario: str
    source: str
    changes: tuple[tuple[str, str, str], ...]
    digest: str
    version: str
    headline: Headline | None
    written: datetime
    fault: str = ""
    marking: str = ""


def find_runs(folder: Path) -> list[RunEntry]:
    """Return every folder of results below a folder (itself included), the newest first.

    Parameters
    ----------
    folder : Path
        Where to look.

    Raises
    ------
    InputError
        There is no such folder.
    """
    if not folder.is_dir():
        hint = "`netcea run` and the analyses write results into reports/"
        raise no_such_folder(folder, "a folder with results below it", hint)
    found = [_entry(record) for record in _records(folder, DEEPEST)]
    return sorted(found, key=lambda entry: (-entry.written.timestamp(), str(entry.folder)))


def _records(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the record of every folder of results: run.json, or results.json of one without; hidden folders are not."""
    try:
        with os.scandir(folder) as entries:
            found = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
    except OSError:
        return
    name = next((name for name in ("run.json", "results.json") if found.get(name) is False), "")
    if name:
        yield folder / name
    if depth:
        inside = ("tables", "figures") if name else ()
        for child, is_folder in sorted(found.items()):
            if is_folder and not child.startswith(".") and child not in inside:
                yield from _records(folder / child, depth - 1)


def _entry(path: Path) -> RunEntry:
    """Return the entry of a record; one that cannot be read says why."""
    try:
        status = path.stat()
    except OSError as error:
        return RunEntry(path.parent, "", "", "", (), "", "", None, datetime.fromtimestamp(0, UTC), str(error.strerror))
    written = datetime.fromtimestamp(status.st_mtime, UTC)

    def unreadable(why: str) -> RunEntry:
        return RunEntry(path.parent, "", "", "", (), "", "", None, written, f"{path.name}: {why}")

    if status.st_size > LARGEST:
        return unreadable("too large for a record")
    try:
        record = read_json(path)
        scenario = record["scenario"]
        changes = tuple((str(c["address"]), str(c["value"]), str(c["where"])) for c in scenario["changes"])
        analysis, name, source = analysis_of(record), str(scenario["name"]), str(scenario["source"])
        digest, version = str(record["digest"]), str(record["versions"]["netcea"])
        headline = _headline(record)
        marking = str(record.get("marking", ""))
        head = (path.parent, analysis, name, source, changes, digest, version, headline, written)
        return RunEntry(*head, marking=marking)
    except InputError as error:
        return unreadable(error.problems[0].found)
    except (KeyError, TypeError, AttributeError, ValueError, StopIteration) as error:
        return unreadable(f"not as netcea writes it ({error})")


def _headline(record: Mapping[str, Any]) -> Headline | None:
    """Return the headline of a record, or of a results.json of `netcea run` without one."""
    saved = record.get("headline")
    if saved:
        return Headline(
            str(saved["of"]),
            _number(saved["incremental_costs"]),
            _number(saved["incremental_qalys"]),
            None if saved["icer"] is None else _number(saved["icer"]),
            str(saved["label"]),
            _number(saved["threshold"]),
            _number(saved["incremental_nhb"]),
            _error(saved),
            *(_optional(saved, name) for name in ("severity_weight", "weighted_incremental_nhb")),
        )
    if "pairwise" not in record:
        return None
    intervention = record["scenario"]["intervention"]
    row = next(row for row in record["pairwise"] if row["strategy"] == intervention)
    benefit = min(
        (b for b in record["net_health_benefit"] if b["strategy"] == intervention), key=lambda b: float(b["threshold"])
    )
    return Headline(
        "point estimates",
        _number(row["incremental_costs"]),
        _number(row["incremental_qalys"]),
        row["icer"],
        str(row["label"]),
        _number(benefit["threshold"]),
        _number(benefit["incremental_nhb"]),
        None,
        _number(record["severity"]["severity_weight"]),
        _number(benefit["weighted_incremental_nhb"]),
    )


def _optional(saved: Mapping[str, Any], name: str) -> float | None:
    """Return a number that earlier versions did not record; None without it."""
    return None if saved.get(name) is None else _number(saved[name])


def _error(saved: Mapping[str, Any]) -> float | None:
    """Return the Monte Carlo standard error of an ICER; JSON has no inf."""
    if saved["of"] != "means of draws" or "icer_mcse" not in saved:
        return None
    return math.inf if saved["icer_mcse"] is None else _number(saved["icer_mcse"])


def _number(value: Any) -> float:
    found = float(value)
    if not math.isfinite(found):
        raise ValueError(f"{value!r} in place of a number")
    return found
