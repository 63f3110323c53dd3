"""`netcea export --redact`: an Excel file of values, of which none depends on a confidential price."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netcea.cli.commands.prices import solved
from netcea.cli.commands.shared import exit_if_failed
from netcea.cli.say import say

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers
    from netcea.confidential.redact import Made
    from netcea.reporting.report import Report

BOOK = "model.xlsx"


def export_redacted(
    scenario: str,
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    layers: Layers,
    path: Path,
    reveal: tuple[str, ...],
    draws: int | None,
    seed: int | None,
    *,
    psa: bool,
    quiet: bool,
) -> None:
    """Write results, inputs with sources, traces, one-way and probabilistic tables; exit code 1 when a price shows."""
    import tempfile
    from dataclasses import replace

    from netcea.analyses.base_case.results_workbook import write_results_workbook
    from netcea.analyses.registry import ANALYSES
    from netcea.confidential.audit_screen import owner_lines
    from netcea.confidential.price_points import labels_of
    from netcea.confidential.redact import Made, write_redacted
    from netcea.loading.load import load
    from netcea.loading.option_values import options_with
    from netcea.reporting.json_text import plain, text_of
    from netcea.reporting.report import without_none
    from netcea.storage.atomic import atomic_write_bytes, atomic_write_text
    from netcea.storage.run_folder import RUN_RECORD

    def write(at: Layers, folder: Path) -> Made:
        loaded = load(scenario, sets, trust, at)
        result = ANALYSES["base_case"].run(loaded)
        reports: list[Report] = [ANALYSES["one_way"].run(loaded).report]
        if psa:
            options = options_with(loaded.file.analyses.psa, draws=draws, seed=seed, keep_draws="no")
            whole = ANALYSES["psa"].run(loaded, options).report
            reports.append(replace(whole, tables=tuple(map(whole.table, whole.on_screen))))
        write_results_workbook(result, folder / BOOK, (), None, reports)
        report = result.report
        atomic_write_text(folder / RUN_RECORD, text_of(without_none(plain(report.run))), durable=False)
        return Made(loaded.prices, labels_of(loaded), report.by_name)

    with tempfile.TemporaryDirectory(prefix="netcea-") as place:
        target = Path(place, "redacted")
        found = write_redacted(write, layers, target, reveal)
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write_bytes(path, (target / BOOK).read_bytes())
    if not quiet:
        say(f"{path}: {path.stat().st_size / 1e6:.1f} MB, values only")
        for line in owner_lines(found):
            say(line, err=True)
    exit_if_failed(solved(found))
