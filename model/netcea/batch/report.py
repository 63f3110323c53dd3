"""The table, the forest and the manifest of a batch."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.batch.table import Line, lines_of, loaded_of
from netcea.decision.incremental import Label
from netcea.reporting.csv_tables import table_text
from netcea.reporting.json_text import plain as json_plain
from netcea.reporting.number_format import icer as icer_words
from netcea.reporting.number_format import plain, shown
from netcea.reporting.run_record import versions
from netcea.reporting.table import Cell, Column, Icer, Table
from netcea.scenario.price_layers import Prices
from netcea.storage.atomic import atomic_write_text

if TYPE_CHECKING:
    from netcea.batch.result import BatchResult
    from netcea.reporting.figures.forest import ForestRow


SUBTITLE: Final = "Change of incremental net health benefit at the lower threshold"


def write_summary(result: BatchResult, folder: Path) -> list[Line]:
    """Write summary.csv, summary.json, failures.csv, manifest.json and the forest figures; the same bytes each time."""
    lines = lines_of(result, folder)
    atomic_write_text(folder / "summary.csv", table_text(summary_table(lines)))
    atomic_write_text(
        folder / "summary.json", _json({"batch": result.batch.file.name, **_prices(result), "variants": _rows(lines)})
    )
    atomic_write_text(folder / "failures.csv", table_text(failures_table(result)))
    atomic_write_text(folder / "manifest.json", _json(manifest(result)))
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
    marking = next((unit.scenario.prices.marking for unit in result.units if unit.scenario.prices.secret), "")
    layers = {name: Prices(found.records).as_json()["prices"] for name, found in result.prices.items()}
    return {"prices": layers, **({"marking": marking} if marking else {})}


def summary_table(lines: Sequence[Line]) -> Table:
    """Return one row a variant."""
    columns = (
        Column("variant", "Variant"),
        Column("label", "Scenario"),
        Column("base", "Compared with"),
        Column("incremental_costs", "Incremental costs", "£", "pounds"),
        Column("incremental_qalys", "Incremental QALYs", "", "qalys"),
        Column("icer", "ICER", "£/QALY", "icer"),
        Column("nhb_lower", "Incremental NHB, lower threshold", "QALYs", "qalys"),
        Column("nhb_upper", "Incremental NHB, upper threshold", "QALYs", "qalys"),
        Column("severity_weight", "Severity weight", "", "weight"),
        Column("weighted_nhb_lower", "Weighted incremental NHB, lower threshold", "QALYs", "qalys"),
        Column("change", "Change of NHB from base", "QALYs", "qalys"),
        Column("draws", "Draws", "", "count"),
        Column("mean_incremental_costs", "Mean incremental costs", "£", "pounds"),
        Column("mean_incremental_qalys", "Mean incremental QALYs", "", "qalys"),
        Column("probabilistic_icer", "Probabilistic ICER", "£/QALY", "icer"),
        Column("mean_nhb_lower", "Mean incremental NHB, lower threshold", "QALYs", "qalys"),
        Column("mcse_nhb_lower", "Its Monte Carlo standard error", "QALYs", "number"),
        Column("probability", "Probability of being cost-effective, lower threshold", "", "percent"),
        Column("probabilistic_change", "Mean change of NHB from base, same draws", "QALYs", "qalys"),
        Column("error_of_change", "Standard error of that change", "QALYs", "number"),
    )
    return Table("summary", "Every scenario of the batch", columns, tuple(_cells(line) for line in lines))


def screen_table(lines: Sequence[Line], most: int = 25) -> Table:
    """Return the base of each population and the variants that change most."""
    chosen = sorted((line for line in lines if line.base), key=_size, reverse=True)[:most]
    bases = [line for line in lines if not line.base]
    columns = (
        Column("label", "Scenario"),
        Column("icer", "ICER (£/QALY)", "", "icer"),
        Column("nhb", "Incr. NHB", "", "qalys"),
        Column("change", "Change", "", "qalys"),
        Column("error", "Std error", "", "qalys"),
    )
    rows: list[tuple[Cell, ...]] = [
        (plain(line.label), _icer_of(line), _benefit_of(line), _known(_change(line)), _known(line.error_of_change))
        for line in (*bases, *chosen)
    ]
    left = len(lines) - len(rows)
    note = f"{left} that change less are in summary.csv." if left else ""
    return Table("largest", "Largest changes of incremental NHB at the lower threshold", columns, tuple(rows), note)


def failures_table(result: BatchResult) -> Table:
    """Return what could not be run and why."""
    columns = (Column("variant", "Variant"), Column("analysis", "Analysis"), Column("reason", "Reason"))
    return Table(
        "failures",
        "What could not be run",
        columns,
        tuple((f.variant, f.analysis, plain(f.reason)) for f in result.failures),
    )


def _cells(line: Line) -> tuple[Cell, ...]:
    d, p = line.deterministic, line.probabilistic
    return (
        line.variant,
        plain(line.label),
        line.base,
        d.get("incremental_costs"),
        d.get("incremental_qalys"),
        _icer(d.get("icer"), d.get("label", "")) if d else None,
        d.get("nhb_lower"),
        d.get("nhb_upper"),
        d.get("severity_weight"),
        d.get("weighted_nhb_lower"),
        _known(line.change),
        p.get("draws"),
        p.get("mean_incremental_costs"),
        p.get("mean_incremental_qalys"),
        _icer(p.get("probabilistic_icer"), p.get("probabilistic_label", "")) if p else None,
        p.get("mean_nhb_lower"),
        p.get("mcse_nhb_lower"),
        p.get("probability_cost_effective_lower"),
        _known(line.probabilistic_change),
        _known(line.error_of_change),
    )


def _icer(value: float | None, label: Label) -> Icer:
    return Icer(value, label)


def _icer_of(line: Line) -> Icer | None:
    d, p = line.deterministic, line.probabilistic
    if d:
        return _icer(d["icer"], d["label"])
    return _icer(p["probabilistic_icer"], p["probabilistic_label"]) if p else None


def _benefit_of(line: Line) -> float | None:
    found: float | None = line.deterministic.get("nhb_lower", line.probabilistic.get("mean_nhb_lower"))
    return found


def _change(line: Line) -> float:
    return line.change if math.isfinite(line.change) else line.probabilistic_change


def _size(line: Line) -> float:
    return abs(_change(line)) if math.isfinite(_change(line)) else -1.0


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rows(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "variant": line.variant,
            "label": line.label,
            "root": line.root,
            "base": line.base,
            "deterministic": dict(line.deterministic),
            "probabilistic": dict(line.probabilistic),
            "change": line.change,
            "probabilistic_change": line.probabilistic_change,
            "error_of_change": line.error_of_change,
        }
        for line in lines
    ]


def _json(value: Any) -> str:
    return json.dumps(json_plain(value), indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _write_forest(result: BatchResult, lines: Sequence[Line], folder: Path) -> None:
    """Draw one forest a population: the largest changes, and every row on as many pages as needed."""
    from netcea.reporting.figures.files import save_figure
    from netcea.reporting.figures.forest import MOST, forest, forest_pages
    from netcea.reporting.figures.style import styled

    for root in loaded_of(lines):
        mine = [line for line in lines if line.root == root]
        base = next((line for line in mine if not line.base), mine[0])
        others = [line for line in mine if line is not base]
        if others and any(math.isfinite(_change(line)) for line in others):
            found = _icer_of(base)
            label = f"{plain(base.label)}: {'-' if found is None else icer_words(found)}"
            figure = forest(
                [_forest_row(line) for line in others], plain(result.batch.file.name), label, subtitle=SUBTITLE
            )
            rows = [_forest_row(line) for line in others]
            pages = (
                forest_pages(rows, plain(result.batch.file.name), label, subtitle=SUBTITLE) if len(rows) > MOST else []
            )
            with styled():
                save_figure(figure, folder / f"forest_{root}")
                for number, page in enumerate(pages, 1):
                    save_figure(page, folder / f"forest_{root}_{number}")


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
        "" if found is None else shown(found, "icer"),
        direction,
    )
