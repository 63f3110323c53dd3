"""run.json: what was run, with what, by which versions, and its headline; the index of runs reads nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from netcea.analyses.base_case.result import Case
from netcea.analyses.base_case.results_json import finite, versions
from netcea.decision.incremental import compare
from netcea.scenario.scenario import Scenario
from netcea.storage.atomic import atomic_write_text
from netcea.storage.saved_run import BASE_CASE

RUN_RECORD: Final = "run.json"
"""In every folder of results; `netcea runs` finds results by it."""
SHOWN_TABLES: Final = ("base_case", "beside", "net_health_benefit")
"""Tables of `netcea run` that `netcea show` prints again."""


def base_case_record(scenario: Scenario) -> dict[str, Any]:
    """Return the record of `netcea run`."""
    return run_record(BASE_CASE, scenario, {})


def run_record(analysis: str, scenario: Scenario, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was run, with what, by which versions."""
    return {
        "format": 1,
        "analysis": analysis,
        "scenario": {
            "name": scenario.file.name,
            "source": scenario.source,
            "inputs_folder": scenario.inputs_folder,
            "changes": [{"address": c.address, "value": c.value, "where": c.where} for c in scenario.changes],
        },
        **scenario.prices.as_json(),
        "digest": scenario.digest,
        "options": dict(options),
        "versions": versions(),
    }


def write_run_record(
    record: Mapping[str, Any],
    headline: Mapping[str, Any],
    folder: Path,
    on_screen: Sequence[str] = (),
    lines: Sequence[str] = (),
) -> None:
    """Write run.json: the record, the headline, and which tables and sentences the screen showed."""
    whole = {**record, "headline": dict(headline), "on_screen": list(on_screen), "lines": list(lines)}
    atomic_write_text(folder / RUN_RECORD, json.dumps(finite(whole), indent=2, ensure_ascii=True) + "\n")


def headline_of_case(case: Case) -> dict[str, Any]:
    """Return the intervention against the comparator, and its net health benefit at the lower threshold."""
    row, threshold = case.against_comparator(), case.thresholds[0]
    return _headline(
        "point estimates", row.incremental_costs or 0.0, row.incremental_qalys or 0.0, threshold, case.nhb(threshold)
    )


def headline_of_means(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same of the means of draws; empty where the results of an analysis hold none."""
    rows = results.get("intervals")
    if not isinstance(rows, list | tuple):
        return {}
    means = {row["measure"]: row["mean"] for row in rows if not row.get("strategy")}
    start = "incremental_nhb_"
    thresholds = sorted(float(name.removeprefix(start)) for name in means if name.startswith(start))
    if not thresholds or not {"incremental_costs", "incremental_qalys"} <= set(means):
        return {}
    low = thresholds[0]
    return _headline(
        "means of draws", means["incremental_costs"], means["incremental_qalys"], low, means[f"{start}{low:g}"]
    )


def _headline(of: str, costs: float, qalys: float, threshold: float, nhb: float) -> dict[str, Any]:
    icer, label = compare(costs, qalys)
    return {
        "of": of,
        "incremental_costs": costs,
        "incremental_qalys": qalys,
        "icer": icer,
        "label": label,
        "threshold": threshold,
        "incremental_nhb": nhb,
    }
