"""A comparison of two scenarios or runs, as JSON and as a folder of tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from netcea.analyses.difference.analysis import Difference
from netcea.analyses.difference.attribution import Attribution, Effect
from netcea.analyses.difference.compared import ComparedRun
from netcea.analyses.difference.tables import tables
from netcea.reporting.csv_tables import table_bytes
from netcea.reporting.json_text import plain as json_plain
from netcea.reporting.table import Table
from netcea.storage.atomic import atomic_folder, atomic_write_text
from netcea.storage.run_folder import refuse_runs


def as_json(found: Difference) -> dict[str, Any]:
    """Return a comparison as JSON can hold it, at full precision under stable names."""
    return dict(
        json_plain(
            {
                "format": 1,
                **({"marking": found.marking} if found.marking else {}),
                "a": _side(found.a),
                "b": _side(found.b),
                "inputs": None if found.inputs is None else [asdict(d) for d in found.inputs],
                "results": [asdict(r) | {"change": r.change, "moved": r.moved} for r in found.results],
                "in_common": [asdict(n) for n in found.in_common],
                "attribution": None if found.attribution is None else _attribution(found.attribution),
                "not_attributed": found.not_attributed,
                "contradictions": list(found.contradictions),
                "notes": list(found.notes),
            }
        )
    )


def as_text(found: Difference) -> str:
    """Return the same as text."""
    return json.dumps(as_json(found), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _side(side: ComparedRun) -> dict[str, Any]:
    return {
        "named": side.named,
        "scenario": side.scenario,
        "source": side.source,
        "inputs_folder": side.inputs_folder,
        "digest": side.digest,
        "netcea": side.version,
        "analysis": side.saved.analysis if side.saved else "",
        **({"marking": side.saved.marking} if side.saved and side.saved.marking else {}),
        "changes": [{"address": address, "value": value, "where": where} for address, value, where in side.changes],
    }


def _attribution(found: Attribution) -> dict[str, Any]:
    return {
        "total": asdict(found.total),
        "changes": [
            {
                "label": change.group.label,
                "addresses": list(change.group.addresses),
                "together_because": change.group.why,
                "alone": _optional(change.alone),
                "last": _optional(change.last),
                "mean": _optional(change.mean),
                "fault": change.fault,
            }
            for change in found.changes
        ],
        "interaction": {order: asdict(found.interaction(order)) for order in ("alone", "last", "mean")},
        "without_effect": list(found.without_effect),
        "by_section": found.by_section,
    }


def _optional(effect: Effect | None) -> dict[str, float] | None:
    return None if effect is None else asdict(effect)


def write_difference(found: Difference, folder: Path) -> None:
    """Write difference.json and the tables as CSV; everything or nothing."""
    write_comparison(as_text(found), tables(found), folder)


def write_comparison(text: str, made: Sequence[Table], folder: Path) -> None:
    """Write a comparison's JSON and tables; everything or nothing."""
    refuse_runs(folder, "difference")
    with atomic_folder(folder, marking=made[0].marking) as new:
        atomic_write_text(new / "difference.json", text, durable=False)
        (new / "tables").mkdir()
        for table in made:
            (new / "tables" / f"{table.name}.csv").write_bytes(table_bytes(table))
