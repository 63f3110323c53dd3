"""A unit of a batch: one analysis of one variant, done whole by one worker and handed back as files.

Workers need no disk in common: a unit's scenario goes there, its files come back as bytes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netcea.analyses.registry import ANALYSES
from netcea.blocks import Block, beyond_defaults
from netcea.reporting.report import write_report_into
from netcea.scenario.options import PsaOptions
from netcea.scenario.scenario import Scenario
from netcea.version import __version__

UNIT_FILE: Final = "unit.json"


@dataclass(frozen=True)
class Unit:
    """One analysis of one variant.

    Attributes
    ----------
    variant, analysis : str
    key : str
        SHA-256 of everything that decides its bytes.
    scenario : Scenario
    options : Block
    figures : bool
    """

    variant: str
    analysis: str
    key: str
    scenario: Scenario
    options: Block
    figures: bool

    @property
    def folder(self) -> str:
        """Its folder below the batch's."""
        return f"{self.variant}/{self.analysis}"

    @property
    def heavy(self) -> bool:
        """Say whether it is done in parts: a probabilistic analysis of many draws."""
        return isinstance(self.options, PsaOptions) and self.options.draws > HEAVY


HEAVY: Final = 40_000
"""Draws from which the parts of a probabilistic analysis are tasks of their own."""


@dataclass(frozen=True)
class Made:
    """A finished unit.

    Attributes
    ----------
    files : mapping of path below its folder -> bytes
    row : mapping
        Its line in the table of the batch.
    seconds : float
        Of work, for the file of timings.
    """

    files: Mapping[str, bytes]
    row: Mapping[str, Any]
    seconds: float


def key_of(scenario: Scenario, analysis: str, options: Block, *, figures: bool) -> str:
    """Return the SHA-256 of everything that decides the bytes of a unit."""
    asked = beyond_defaults(options)
    changes = [[change.address, change.value, change.where] for change in scenario.changes]
    content = [__version__, scenario.digest, scenario.file.name, scenario.source, changes, analysis, asked, figures]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def make(unit: Unit) -> Made:
    """Do a unit."""
    start = time.perf_counter()
    return finished(unit, ANALYSES[unit.analysis].run(unit.scenario, unit.options), start)


def finished(unit: Unit, result: Any, start: float) -> Made:
    """Return a unit whose result is known: its report as files, its line in the table."""
    analysis = ANALYSES[unit.analysis]
    row = dict(analysis.row(result))
    record = {
        "variant": unit.variant,
        "analysis": unit.analysis,
        "key": unit.key,
        "row": row,
    }  # the row keeps its order
    record |= {"marking": marking} if (marking := unit.scenario.prices.marking) else {}
    files = {**analysis.batch_files(result), UNIT_FILE: (json.dumps(record, indent=1) + "\n").encode()}
    with tempfile.TemporaryDirectory() as folder:
        write_report_into(analysis.report(result), Path(folder), figures=unit.figures)
        written = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in written}
    return Made({**found, **files}, row, time.perf_counter() - start)
