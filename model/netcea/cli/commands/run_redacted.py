"""`netcea run --redact`: base cases of which only what no confidential price changes is written and printed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.prices import solved, write_and_show
from netcea.cli.commands.shared import EXIT_RULE_FAILED, all_or_problems

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers
    from netcea.confidential.redact import Made


def run_redacted(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    layers: Layers,
    out: Path | None,
    reveal: tuple[str, ...],
    *,
    figures: bool,
    workbook: bool,
    ledger: bool,
    no_files: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run each scenario at every price that redaction takes; exit code 1 when a price can be solved for."""
    from netcea.analyses.base_case.analysis import run_base_case
    from netcea.analyses.base_case.folder import write_files
    from netcea.confidential.price_points import labels_of, results_of_case
    from netcea.confidential.redact import Made
    from netcea.loading.load import load

    if as_json and len(scenarios) > 1:
        raise click.UsageError("--json with --redact takes one scenario at a time")
    all_or_problems([lambda name=name: load(name, sets, trust, layers) for name in scenarios])
    stems = [Path(name).stem for name in scenarios]
    if len(set(stems)) < len(stems):
        raise click.UsageError("two scenarios of one name: run them one at a time with --out")
    failed: list[str] = []
    for name, stem in zip(scenarios, stems, strict=True):

        def write(at: Layers, folder: Path, name: str = name) -> Made:
            result = run_base_case(name, sets, trust, ledger=ledger, prices=at)
            write_files(result, folder, figures=figures, workbook=workbook)
            return Made(result.scenario.prices, labels_of(result.scenario), results_of_case(result.case))

        folder = (out / stem if len(scenarios) > 1 else out) if out else Path("reports") / f"{stem}_redacted"
        found = write_and_show(write, layers, folder, reveal, no_files=no_files, as_json=as_json, quiet=quiet)
        failed += solved(found)
    for fault in failed:
        click.echo(f"FAILED: {fault}", err=True)
    if failed:
        sys.exit(EXIT_RULE_FAILED)
