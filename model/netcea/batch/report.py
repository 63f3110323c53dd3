"""The table, the forest and the manifest of a batch."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.batch.table import Line, lines_of, loaded_of
from netcea.plain_number import read
from netcea.reporting.csv_tables import table_text
from netcea.reporting.json_text import plain as json_plain
from netcea.reporting.number_format import icer as icer_words
from netcea.reporting.number_format import plain, shown
from netcea.reporting.run_record import versions
from netcea.reporting.table import Column, ColumnOf, Icer, Table, finite, table_of
from netcea.scenario.price_layers import Prices
from netcea.storage.atomic import atomic_write_bytes, atomic_write_text
from netcea.storage.regular_file import inside

if TYPE_CHECKING:
    from netcea.batch.result import BatchResult
    from netcea.errors import ModelWarning
    from netcea.reporting.figures.forest import ForestRow


MOST_WARNINGS: Final = 20
"""Warnings of a batch that the screen shows; each scenario's own results hold all of its own."""
SUBTITLE: Final = "Change of incremental net health benefit at the lower threshold"


def write_summary(result: BatchResult, folder: Path) -> list[Line]:
    """Write summary.csv, summary.json, failures.csv, manifest.json and the forest figures; the same bytes each time."""
    lines, marking = lines_of(result, folder), marking_of(result)
    atomic_write_text(inside(folder, "summary.csv"), table_text(replace(summary_table(lines), marking=marking)))
    summary = {"batch": result.batch.file.name, **_prices(result), "variants": lines}
    atomic_write_text(inside(folder, "summary.json"), _json(summary))
    failures = replace(failures_table(result), marking=marking)
    atomic_write_text(inside(folder, "failures.csv"), table_text(failures))
    atomic_write_text(inside(folder, "manifest.json"), _json(manifest(result)))
    _write_forest(result, lines, folder)
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
            (Column("frontier_icer", "ICER on the frontier", "£/QALY", "icer"), _frontier_icer),
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
            (Column("probabilistic_icer", "Probabilistic ICER", "£/QALY", "icer"), _mean_icer),
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
            (Column("icer", "ICER (£/QALY)", "", "icer"), _icer_of),
            (Column("weighted_icer", "Weighted ICER", "", "icer"), _weighted_icer_of),
            (Column("nhb", "Incr. NHB", "", "qalys"), _benefit_of),
            (Column("weighted_nhb", "Weighted NHB", "", "qalys"), _weighted_benefit_of),
            (Column("change", "Change", "", "qalys"), lambda line: finite(_change(line))),
            (Column("weighted_change", "Weighted change", "", "qalys"), lambda line: finite(line.weighted_change)),
            (Column("error", "Std error", "", "qalys"), lambda line: finite(line.error_of_change)),
        ),
        " ".join(filter(None, notes)),
    )


def _label(line: Line) -> str:
    """Return what a line is called, where the intervention stands among many, and a flip of the severity weight."""
    stands = line.on_frontier.partition(",")[0]
    weight = _weight(line)
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


def _mean_icer(line: Line) -> Icer | None:
    found = line.probabilistic
    if not found:
        return None
    error = found.get("mcse_icer")  # None where the draws do not tell the ICER
    return Icer(
        found.get("probabilistic_icer"), found.get("probabilistic_label", ""), math.inf if error is None else error
    )


def _frontier_icer(line: Line) -> Icer | None:
    found = line.deterministic
    return Icer(found.get("frontier_icer"), found.get("frontier_label", "")) if found else None


def _weighted_icer(line: Line) -> Icer | None:
    found = line.deterministic
    return Icer(found.get("weighted_icer"), found.get("label", "")) if found else None


def _icer_of(line: Line) -> Icer | None:
    """Return the ICER of a line: on the frontier, where there are more than two strategies."""
    return _frontier_icer(line) or _mean_icer(line)


def _weight(line: Line) -> float | None:
    found: float | None = line.deterministic.get("severity_weight", line.probabilistic.get("severity_weight_at_means"))
    return found


def _weighted_icer_of(line: Line) -> Icer | None:
    """Return the same with the severity weight of the line."""
    found = _icer_of(line)
    weight = _weight(line) or 1.0
    if found is None or found.value is None:
        return found
    return Icer(found.value / weight, found.label, None if found.error is None else found.error / weight)


def _benefit_of(line: Line) -> float | None:
    found: float | None = line.deterministic.get("frontier_nhb_lower", line.probabilistic.get("mean_nhb_lower"))
    return found


def _weighted_benefit_of(line: Line) -> float | None:
    mean = line.probabilistic.get("weighted_mean_nhb_lower")
    found: float | None = line.deterministic.get("weighted_frontier_nhb_lower", mean)
    return found


def _change(line: Line) -> float:
    return line.change if math.isfinite(line.change) else line.probabilistic_change


def _size(line: Line) -> float:
    return abs(_change(line)) if math.isfinite(_change(line)) else -1.0


def _json(value: Any) -> str:
    return json.dumps(json_plain(value), indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _write_forest(result: BatchResult, lines: Sequence[Line], folder: Path) -> None:
    """Draw one forest a population: the largest changes, and every row on as many pages as needed."""
    from netcea.reporting.figures.files import figure_bytes
    from netcea.reporting.figures.forest import MOST, forest, forest_pages
    from netcea.reporting.figures.style import styled

    for root in loaded_of(lines):
        mine = [line for line in lines if line.root == root]
        base = next((line for line in mine if not line.base), mine[0])
        others = [line for line in mine if line is not base]
        if others and any(math.isfinite(_change(line)) for line in others):
            found, title = _icer_of(base), plain(result.batch.file.name)
            label = f"{plain(base.label)}: {'-' if found is None else icer_words(found)}"
            rows = [_forest_row(line) for line in others if not _only_dominated(line)]
            notes = _forest_notes(mine)
            figure = forest(rows, title, label, subtitle=SUBTITLE, notes=notes)
            pages = forest_pages(rows, title, label, subtitle=SUBTITLE, notes=notes) if len(rows) > MOST else []
            with styled():
                drawn = {f"forest_{root}": figure} | {f"forest_{root}_{n}": page for n, page in enumerate(pages, 1)}
                for name, picture in drawn.items():
                    for ending, data in figure_bytes(picture, marking_of(result)).items():
                        atomic_write_bytes(inside(folder, f"{name}.{ending}"), data)


def _forest_row(line: Line) -> ForestRow:
    from netcea.reporting.figures.forest import ForestRow

    change, error = _change(line), line.error_of_change
    paired = not math.isfinite(line.change) and math.isfinite(error)
    found = _icer_of(line)
    direction = str(line.deterministic.get("direction") or line.probabilistic.get("direction") or "unclear")
    return ForestRow(
        line.variant,
        plain(line.label),
        change,
        change - 1.96 * error if paired else None,
        change + 1.96 * error if paired else None,
        "" if found is None else _icer_words(line, found),
        direction,
    )


def _icer_words(line: Line, found: Icer) -> str:
    """Return the ICER of a line, and the weighted one beside it."""
    from netcea.reporting.figures.forest import icer_pair

    return icer_pair(shown(found, "icer"), shown(_weighted_icer_of(line), "icer"), flips=line.weight_flips)


def _only_dominated(line: Line) -> bool:
    """Say whether a line has no change to draw because a further strategy dominates, and none else is better."""
    return bool(line.on_frontier) and not math.isfinite(_change(line))


def _forest_notes(lines: Sequence[Line]) -> list[str]:
    """Return where the intervention stands among many strategies, and what the marks mean."""
    from netcea.reporting.figures.forest import PAIRED

    stands = [(line, line.on_frontier) for line in lines]
    notes = [f"{plain(line.label)}: {plain(words)}." for line, words in stands if words]
    weights = [_weight(line) for line in lines]
    if any(weight not in (None, 1.0) for weight in weights):
        notes.append(PAIRED)
    if any(line.weight_flips for line in lines):
        notes.append("* Another severity weight than the scenario that it is compared with.")
    return notes


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
