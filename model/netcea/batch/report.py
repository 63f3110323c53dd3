"""The table, the forest and the manifest of a batch."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.batch.judged_lines import change_of, frontier_icer, icer_of, mean_icer, weight_of, weighted_icer_of
from netcea.batch.table import Line, lines_of
from netcea.plain_number import read
from netcea.reporting.csv_tables import table_text
from netcea.reporting.json_text import plain as json_plain
from netcea.reporting.number_format import plain
from netcea.reporting.run_record import versions
from netcea.reporting.table import Column, ColumnOf, Icer, Table, finite, table_of
from netcea.scenario.price_layers import Prices
from netcea.storage.atomic import atomic_write_text
from netcea.storage.regular_file import inside

if TYPE_CHECKING:
    from netcea.batch.result import BatchResult
    from netcea.errors import ModelWarning


MOST_WARNINGS: Final = 20
"""Warnings of a batch that the screen shows; each scenario's own results hold all of its own."""


def write_summary(result: BatchResult, folder: Path) -> list[Line]:
    """Write summary.csv, summary.json, failures.csv, manifest.json and the forest figures; the same bytes each time."""
    from netcea.batch.forest import write_forests

    lines, marking = lines_of(result, folder), marking_of(result)
    atomic_write_text(inside(folder, "summary.csv"), table_text(replace(summary_table(lines), marking=marking)))
    summary = {"batch": result.batch.file.name, **_prices(result), "variants": lines}
    atomic_write_text(inside(folder, "summary.json"), _json(summary))
    failures = replace(failures_table(result), marking=marking)
    atomic_write_text(inside(folder, "failures.csv"), table_text(failures))
    atomic_write_text(inside(folder, "manifest.json"), _json(manifest(result)))
    write_forests(result, lines, folder, marking)
    return lines


def manifest(result: BatchResult) -> dict[str, Any]:
    """Return what went in and what came of it: digests, seed, versions, units; no times (timings.csv has them)."""
    return {
        "format": 1,
        "name": result.batch.file.name,
        "rationale": result.batch.file.rationale,
        "file": result.batch.yaml.shown_as,
        "file_sha256": result.batch.yaml.sha256,
        "seed": result.batch.file.seed,
        **_prices(result),
        "versions": versions(),
        "units": [
            {
                "folder": unit.folder,
                "variant": unit.variant,
                "analysis": unit.analysis,
                "key": unit.key,
                "digest": unit.scenario.digest,
                "options": None if unit.options is None else unit.options.model_dump(mode="json"),
                "done": unit.folder in result.rows,
            }
            for unit in result.units
        ],
        "failures": [{"variant": f.variant, "analysis": f.analysis, "reason": f.reason} for f in result.failures],
        "units_sha256": hashlib.sha256("".join(unit.key for unit in result.units).encode()).hexdigest(),
    }


def _prices(result: BatchResult) -> dict[str, Any]:
    """Return the sets of price layers, by name and hash; nothing without any."""
    if not result.prices:
        return {}
    marking = marking_of(result)
    layers = {name: Prices(found.records).as_json()["prices"] for name, found in result.prices.items()}
    return {"prices": layers, **({"marking": marking} if marking else {})}


def marking_of(result: BatchResult) -> str:
    """Return the marking of a batch with confidential prices; empty for others."""
    return next((unit.scenario.prices.marking for unit in result.units if unit.scenario.prices.secret), "")


def summary_table(lines: Sequence[Line]) -> Table:
    """Return one row a variant."""
    return table_of(
        "summary",
        "Every scenario of the batch",
        lines,
        (
            Column("variant", "Variant"),
            (Column("label", "Scenario"), lambda line: plain(line.label)),
            Column("base", "Compared with"),
            _point(Column("incremental_costs", "Incremental costs", "£", "pounds")),
            _point(Column("incremental_qalys", "Incremental QALYs", "", "qalys")),
            (Column("icer", "ICER", "£/QALY", "icer"), _icer),
            Column("on_frontier", "Among more than two strategies"),
            (Column("frontier_icer", "ICER on the frontier", "£/QALY", "icer"), frontier_icer),
            _point(Column("nhb_lower", "Incremental NHB, lower threshold", "QALYs", "qalys")),
            _point(Column("nhb_upper", "Incremental NHB, upper threshold", "QALYs", "qalys")),
            _point(Column("severity_weight", "Severity weight", "", "weight")),
            (Column("weight", "Other weight than the base"), lambda line: "yes" if line.weight_flips else "no"),
            (Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"), _weighted_icer),
            _point(Column("weighted_nhb_lower", "Weighted incremental NHB, lower threshold", "QALYs", "qalys")),
            _point(Column("weighted_nhb_upper", "Weighted incremental NHB, upper threshold", "QALYs", "qalys")),
            (Column("change", "Change of NHB from base", "QALYs", "qalys"), lambda line: finite(line.change)),
            (
                Column("weighted_change", "Change of weighted NHB from base", "QALYs", "qalys"),
                lambda line: finite(line.weighted_change),
            ),
            _mean(Column("draws", "Draws", "", "count")),
            _mean(Column("mean_incremental_costs", "Mean incremental costs", "£", "pounds")),
            _mean(Column("mcse_incremental_costs", "Their Monte Carlo standard error", "£", "number")),
            _mean(Column("mean_incremental_qalys", "Mean incremental QALYs", "", "qalys")),
            _mean(Column("mcse_incremental_qalys", "Monte Carlo standard error of these QALYs", "", "number")),
            (Column("probabilistic_icer", "Probabilistic ICER", "£/QALY", "icer"), mean_icer),
            _mean(Column("mcse_icer", "Monte Carlo standard error of that ICER", "£/QALY", "number")),
            _mean(Column("mean_nhb_lower", "Mean incremental NHB, lower threshold", "QALYs", "qalys")),
            _mean(Column("mcse_nhb_lower", "Its Monte Carlo standard error", "QALYs", "number")),
            _mean(Column("severity_weight_at_means", "Severity weight by the mean QALYs", "", "weight")),
            _mean(Column("weighted_mean_nhb_lower", "Its mean weighted for severity", "QALYs", "qalys")),
            _mean(
                Column("probability", "Probability of being cost-effective, lower threshold", "", "percent"),
                "probability_cost_effective_lower",
            ),
            (
                Column("probabilistic_change", "Mean change of NHB from base, same draws", "QALYs", "qalys"),
                lambda line: finite(line.probabilistic_change),
            ),
            (
                Column("error_of_change", "Standard error of that change", "QALYs", "number"),
                lambda line: finite(line.error_of_change),
            ),
        ),
    )


def _point(column: Column) -> ColumnOf[Line]:
    return column, lambda line: line.deterministic.get(column.name)


def _mean(column: Column, name: str = "") -> ColumnOf[Line]:
    return column, lambda line: line.probabilistic.get(name or column.name)


def screen_table(lines: Sequence[Line], most: int = 25) -> Table:
    """Return the base of each population and the variants that change most."""
    chosen = sorted((line for line in lines if line.base), key=_size, reverse=True)[:most]
    bases = [line for line in lines if not line.base]
    left = len(lines) - len(bases) - len(chosen)
    flips = any(line.weight_flips for line in (*bases, *chosen))
    notes = (
        f"{left} that change less are in summary.csv." * bool(left),
        "* Another severity weight than the scenario that it is compared with." * flips,
    )
    return table_of(
        "largest",
        "Largest changes of incremental NHB at the lower threshold",
        (*bases, *chosen),
        (
            (Column("label", "Scenario"), _label),
            (Column("icer", "ICER (£/QALY)", "", "icer"), icer_of),
            (Column("weighted_icer", "Weighted ICER", "", "icer"), weighted_icer_of),
            (Column("nhb", "Incr. NHB", "", "qalys"), _benefit_of),
            (Column("weighted_nhb", "Weighted NHB", "", "qalys"), _weighted_benefit_of),
            (Column("change", "Change", "", "qalys"), lambda line: finite(change_of(line))),
            (Column("weighted_change", "Weighted change", "", "qalys"), lambda line: finite(line.weighted_change)),
            (Column("error", "Std error", "", "qalys"), lambda line: finite(line.error_of_change)),
        ),
        " ".join(filter(None, notes)),
    )


def _label(line: Line) -> str:
    """Return what a line is called, where the intervention stands among many, and a flip of the severity weight."""
    stands = line.on_frontier.partition(",")[0]
    weight = weight_of(line)
    mark = f" (weight {read(weight)}*)" if line.weight_flips and weight is not None else ""
    return f"{plain(line.label)}{f': {plain(stands)}' if stands else ''}{mark}"


def failures_table(result: BatchResult) -> Table:
    """Return what could not be run and why."""
    columns = (Column("variant", "Variant"), Column("analysis", "Analysis"), Column("reason", "Reason"))
    rows = tuple((f.variant, f.analysis, plain(f.reason)) for f in result.failures)
    return Table("failures", "What could not be run", columns, rows)


def _icer(line: Line) -> Icer | None:
    found = line.deterministic
    return Icer(found.get("icer"), found.get("label", "")) if found else None


def _weighted_icer(line: Line) -> Icer | None:
    found = line.deterministic
    return Icer(found.get("weighted_icer"), found.get("label", "")) if found else None


def _benefit_of(line: Line) -> float | None:
    found: float | None = line.deterministic.get("frontier_nhb_lower", line.probabilistic.get("mean_nhb_lower"))
    return found


def _weighted_benefit_of(line: Line) -> float | None:
    mean = line.probabilistic.get("weighted_mean_nhb_lower")
    found: float | None = line.deterministic.get("weighted_frontier_nhb_lower", mean)
    return found


def _size(line: Line) -> float:
    return abs(change_of(line)) if math.isfinite(change_of(line)) else -1.0


def _json(value: Any) -> str:
    return json.dumps(json_plain(value), indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def warning_lines(result: BatchResult) -> list[str]:
    """Return what readers of a batch must know, each once with its variants; unverified numbers are left out."""
    variants: dict[ModelWarning, list[str]] = {}
    for unit in result.units:
        for warning in (w for w in unit.scenario.warnings if w.code != "unverified"):
            names = variants.setdefault(warning, [])
            if unit.variant not in names[-1:]:
                names.append(unit.variant)
    lines = [f"Warning ({_of(names)}): {warning}" for warning, names in variants.items()]
    more = len(lines) - MOST_WARNINGS
    rest = [f"and {more} more warnings, in the results of each scenario"] if more > 0 else []
    return [*lines[:MOST_WARNINGS], *rest]


def _of(names: Sequence[str]) -> str:
    """Return the first variants and how many more there are."""
    rest = len(names) - 2
    return ", ".join(names[:2]) + (f" and {rest} more" if rest > 0 else "")
