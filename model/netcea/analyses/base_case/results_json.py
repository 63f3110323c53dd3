"""results.json: everything of a result under stable names, at full precision, the same bytes each time.

Its schema is results.schema.json beside this file (`netcea schema results`).
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from netcea.analyses.base_case.evidence_tables import meets
from netcea.analyses.base_case.result import BaseCaseResult, Case, LedgerEntry, LedgerTest, StrategyResult
from netcea.decision.incremental import IncrementalRow
from netcea.scenario.scenario import FORMAT
from netcea.storage.atomic import atomic_write_text
from netcea.version import __version__

RESULTS_FORMAT: Final = 1
"""Version of results.json; a name that changes its meaning or goes away raises it."""


def write_results(result: BaseCaseResult, path: Path) -> None:
    """Write results.json."""
    atomic_write_text(path, as_text([result]))


def as_text(results_of: Sequence[BaseCaseResult]) -> str:
    """Return one result as a JSON object, several as a list of them."""
    made: list[dict[str, Any]] = [results(result) for result in results_of]
    value = made[0] if len(made) == 1 else made
    return json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def results(result: BaseCaseResult) -> dict[str, Any]:
    """Return a result as results.json holds it: numbers per patient, discounted unless the name says undiscounted.

    What is not finite (a median that is not reached) is null.
    """
    scenario, case = result.scenario, result.case
    made = {
        "format": RESULTS_FORMAT,
        "scenario": {
            "name": case.name,
            "rationale": case.rationale,
            "source": case.source,
            "inputs_folder": scenario.inputs_folder,
            "direction": case.direction,
            "tags": list(case.tags),
            "population": scenario.file.decision_problem.population,
            "intervention": case.intervention,
            "comparator": case.comparator,
            "established_practice": case.established_practice,
            "changes": [
                {"address": change.address, "value": change.value, "where": change.where} for change in scenario.changes
            ],
        },
        **scenario.prices.as_json(),
        "digest": case.digest,
        "versions": versions(),
        "settings": _settings(result),
        "strategies": {name: _strategy(found) for name, found in case.strategies.items()},
        **_judged(case),
        "audit": {
            f"{what}s": [_without(asdict(b), "what") for b in result.bindings if b.what == what]
            for what in ("crossing", "floor")
        },
        "beside": [_beside(other) for other in result.beside],
        "ledger": [_entry(entry) for entry in result.ledger],
        "comparisons": [
            asdict(c) | {"meets_rounding": math.isfinite(c.modelled) and meets(c.published, c.modelled)}
            for c in result.comparisons
        ],
        "fits": [
            asdict(fit) | {"parameters": dict(fit.parameters), "figures": [asdict(f) for f in fit.figures]}
            for fit in result.fits
        ],
        "warnings": [asdict(warning) for warning in case.warnings],
    }
    return dict(finite(made))


def versions() -> dict[str, str]:
    """Return the versions of what computed the result."""
    libraries = {name: version(name) for name in ("numpy", "scipy")}
    return {"netcea": __version__, "scenario_format": str(FORMAT), "python": platform.python_version(), **libraries}


def _settings(result: BaseCaseResult) -> dict[str, Any]:
    pack = result.scenario.method_pack
    return {
        **result.scenario.file.settings.model_dump(mode="json"),
        "perspective": result.scenario.file.decision_problem.perspective,
        "method_pack": pack.name,
        "thresholds": list(pack.thresholds),
    }


def _strategy(found: StrategyResult) -> dict[str, Any]:
    return asdict(found) | {
        "costs_by_item": _items(found.costs_by_item),
        "undiscounted_costs_by_item": _items(found.undiscounted_costs_by_item),
    }


def _items(items: Mapping[tuple[str, str], float]) -> list[dict[str, Any]]:
    return [{"item": item, "state": state, "costs": costs} for (item, state), costs in items.items()]


def _judged(case: Case) -> dict[str, Any]:
    return {
        "incremental": list(map(_row, case.incremental)),
        "pairwise": list(map(_row, case.pairwise)),
        "weighted_incremental": list(map(_row, case.weighted_incremental)),
        "weighted_pairwise": list(map(_row, case.weighted_pairwise)),
        "net_health_benefit": [asdict(benefit) for benefit in case.net_benefit],
        "severity": asdict(case.severity),
    }


def _row(row: IncrementalRow) -> dict[str, Any]:
    """Return a row whose `costs` and `qalys` are totals, as everywhere; increments say so in their names."""
    return asdict(row)


def _beside(case: Case) -> dict[str, Any]:
    head = {name: getattr(case, name) for name in ("name", "rationale", "source", "digest", "direction")}
    totals = {
        name: {key: getattr(found, key) for key in ("label", "costs", "qalys", "life_years")}
        for name, found in case.strategies.items()
    }
    warnings = [asdict(warning) for warning in case.warnings]
    return {**head, "tags": list(case.tags), "strategies": totals, **_judged(case), "warnings": warnings}


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return asdict(entry) | {"tests": [_test(test) for test in entry.tests]}


def _test(test: LedgerTest) -> dict[str, Any]:
    """Return a test of the ledger; one that could not be run changed nothing that is known."""
    return asdict(test) | ({"change_in_nhb": None} if test.fault else {})


def _without(mapping: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key != name}


def finite(value: Any) -> Any:
    """Return the same with null for what is not finite, and plain types throughout."""
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
