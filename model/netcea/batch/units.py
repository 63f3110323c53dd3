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

import numpy as np

from netcea.analyses.registry import ANALYSES
from netcea.analyses.shared.totals import Totals
from netcea.blocks import Block
from netcea.decision.incremental import compare
from netcea.scenario.options import PsaOptions
from netcea.scenario.scenario import Scenario
from netcea.version import __version__

BASE_CASE: Final = "base-case"
UNIT_FILE: Final = "unit.json"
INCREMENTS: Final = "increments.csv.gz"
"""Increments of every draw: differences between scenarios are taken draw by draw."""


@dataclass(frozen=True)
class Unit:
    """One analysis of one variant.

    Attributes
    ----------
    variant, analysis : str
    key : str
        SHA-256 of everything that decides its bytes.
    scenario : Scenario
    options : Block or None
        None for the base case.
    figures : bool
    """

    variant: str
    analysis: str
    key: str
    scenario: Scenario
    options: Block | None
    figures: bool

    @property
    def folder(self) -> str:
        """Its folder below the batch's."""
        return f"{self.variant}/{self.analysis.replace('-', '_')}"

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


def key_of(scenario: Scenario, analysis: str, options: Block | None, *, figures: bool) -> str:
    """Return the SHA-256 of everything that decides the bytes of a unit."""
    asked = None if options is None else options.model_dump(mode="json")
    changes = [[change.address, change.value, change.where] for change in scenario.changes]
    content = [__version__, scenario.digest, scenario.file.name, scenario.source, changes, analysis, asked, figures]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def make(unit: Unit) -> Made:
    """Do a unit."""
    start = time.perf_counter()
    if unit.options is None:
        return _base_case(unit, start)
    analysis = ANALYSES[unit.analysis]
    result = analysis.run(unit.scenario, unit.options)
    return finished(unit, result, start)


def finished(unit: Unit, result: Any, start: float) -> Made:
    """Return a unit whose result is known: its report as files, its line in the table."""
    from netcea.reporting.report import write_report_into

    report = ANALYSES[unit.analysis].report(result)
    with tempfile.TemporaryDirectory() as folder:
        write_report_into(report, Path(folder), figures=unit.figures)
        files = _files(Path(folder))
    row: dict[str, Any] = {}
    if unit.analysis == "psa":
        files[INCREMENTS] = _increments(result.totals)
        row = _probabilistic_row(result)
    return Made({**files, **_record(unit, row)}, row, time.perf_counter() - start)


def _base_case(unit: Unit, start: float) -> Made:
    from netcea.analyses.base_case.analysis import base_case_of
    from netcea.analyses.base_case.folder import write_files

    result = base_case_of(unit.scenario, trace=unit.figures)
    with tempfile.TemporaryDirectory() as folder:
        write_files(result, Path(folder), figures=unit.figures, workbook=False)
        files = _files(Path(folder))
    row = _deterministic_row(result.case)
    return Made({**files, **_record(unit, row)}, row, time.perf_counter() - start)


def _record(unit: Unit, row: Mapping[str, Any]) -> dict[str, bytes]:
    content = {"variant": unit.variant, "analysis": unit.analysis, "key": unit.key, "row": dict(row)}
    return {UNIT_FILE: (json.dumps(content, indent=1) + "\n").encode()}  # the order of a row stays


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _deterministic_row(case: Any) -> dict[str, Any]:
    found = case.against_comparator()
    lower, upper = min(case.thresholds), max(case.thresholds)
    return {
        "incremental_costs": found.incremental_costs,
        "incremental_life_years": found.incremental_life_years,
        "incremental_qalys": found.incremental_qalys,
        "icer": found.icer,
        "label": found.label,
        "nhb_lower": case.nhb(lower),
        "nhb_upper": case.nhb(upper),
        "severity_weight": case.severity.severity_weight,
        "weighted_nhb_lower": case.nhb(lower, weighted=True),
        "threshold_lower": lower,
        "threshold_upper": upper,
        "direction": case.direction,
        "title": case.name,
    }


def _probabilistic_row(result: Any) -> dict[str, Any]:
    lower = min(result.scenario.method_pack.thresholds)
    costs, qalys = result.intervals["", "incremental_costs"], result.intervals["", "incremental_qalys"]
    benefit = result.intervals["", f"incremental_nhb_{lower:.0f}"]
    icer, label = compare(costs.mean, qalys.mean)
    return {
        "draws": result.totals.n,
        "mean_incremental_costs": costs.mean,
        "mean_incremental_qalys": qalys.mean,
        "probabilistic_icer": icer,
        "probabilistic_label": label,
        "mean_nhb_lower": benefit.mean,
        "mcse_nhb_lower": benefit.mcse,
        "low_nhb_lower": benefit.low,
        "high_nhb_lower": benefit.high,
        "probability_cost_effective_lower": result.probability_cost_effective[result.totals.intervention, lower, False],
        "threshold_lower": lower,
        "direction": result.scenario.file.direction,
        "title": result.scenario.file.name,
        "faults": list(result.faults),
    }


def _increments(totals: Totals) -> bytes:
    from netcea.storage.draws_file import encoded

    return encoded(
        {
            "incremental_costs": np.asarray(totals.increment("costs")),
            "incremental_qalys": np.asarray(totals.increment("qalys")),
        },
        0,
    )
