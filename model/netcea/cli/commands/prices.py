"""Options about confidential prices, and how an analysis with price layers ends: shown and marked, or redacted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.shared import EXIT_RULE_FAILED, finish

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers
    from netcea.confidential.redact import Redaction, Write
    from netcea.reporting.report import AnalysisReport
    from netcea.scenario.scenario import Scenario

prices_option = click.option(
    "--prices",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Layer of prices, confidential unless it says otherwise; may be repeated, the last one wins.",
)
redact_option = click.option("--redact", is_flag=True, help="Write and print only what no confidential price changes.")
reveal_option = click.option(
    "--reveal",
    multiple=True,
    metavar="NAME[=STEP]",
    help="With --redact: let icer, incremental_costs, costs or incremental_nhb stand, rounded "
    "to STEP; an audit says what it gives away.",
)


def conclude(
    analysis: str,
    load_at: Callable[[Layers | None], Scenario],
    report_of: Callable[[Scenario], AnalysisReport],
    *,
    prices: tuple[Path, ...],
    redact: bool,
    out: Path | None,
    no_figures: bool,
    no_files: bool,
    as_json: bool,
    quiet: bool,
    reveal: tuple[str, ...] = (),
) -> None:
    """Run an analysis with its price layers, write and print it; exit code 1 when it found faults."""
    layers = layers_of(prices, redact=redact, reveal=reveal)
    if not redact or layers is None:
        report = report_of(load_at(layers))
        finish(report, out=out, no_figures=no_figures, no_files=no_files, as_json=as_json, quiet=quiet)
        say_verdict(load_at, layers)
        _exit(report.results.get("faults", ()))
        return
    from netcea.confidential.price_points import labels_of, results_of_means
    from netcea.confidential.redact import Made
    from netcea.reporting.report import write_report_into

    def write(at: Layers, folder: Path) -> Made:
        report = report_of(load_at(at))
        write_report_into(report, folder, figures=not no_figures)
        thresholds = tuple(report.scenario.method_pack.thresholds)
        results = results_of_means(report.results, thresholds) if "intervals" in report.results else {}
        faults = tuple(report.results.get("faults", ()))
        return Made(report.scenario.prices, labels_of(report.scenario), results, faults)

    stem = Path(load_at(layers).source).stem
    folder = out or Path("reports") / f"{stem}_{analysis.replace('-', '_')}_redacted"
    found = write_and_show(write, layers, folder, reveal, no_files=no_files, as_json=as_json, quiet=quiet)
    _exit((*found.faults, *solved(found)))


def write_and_show(
    write: Write, layers: Layers, folder: Path, reveal: tuple[str, ...], *, no_files: bool, as_json: bool, quiet: bool
) -> Redaction:
    """Write redacted results and print them from what was written; what the owner alone may see goes to stderr."""
    import tempfile

    from netcea.confidential.audit_screen import owner_lines
    from netcea.confidential.redact import write_redacted

    with tempfile.TemporaryDirectory(prefix="netcea-") as place:
        target = Path(place, folder.name) if no_files else folder
        found = write_redacted(write, layers, target, reveal)
        if as_json and not quiet:
            click.echo((target / "results.json").read_text(encoding="utf-8"), nl=False)
        elif not quiet:
            from netcea.reporting.saved_tables import show_saved_run
            from netcea.storage.saved_run import read_saved_run

            show_saved_run(read_saved_run(target))
    if not quiet:
        if not no_files and not as_json:
            click.echo(f"Written to {folder}")
        for line in owner_lines(found):
            click.echo(line, err=True)
    return found


def solved(found: Redaction) -> tuple[str, ...]:
    """Return why a redaction fails its audit; nothing where it passes."""
    return (found.verdict,) if found.solvable else ()


def say_verdict(load_at: Callable[[Layers], Scenario], layers: Layers | None, name: str = "") -> None:
    """Print whether a reader of results that are not redacted can solve for a price; name: of several scenarios."""
    if layers is None or not layers.secret:
        return
    from netcea.confidential.open_audit import open_verdict

    of = f"{name}: " if name else ""
    click.echo(f"CONFIDENTIAL: {of}{open_verdict(load_at, layers)}", err=True)


def _exit(faults: tuple[str, ...]) -> None:
    for fault in faults:
        click.echo(f"FAILED: {fault}", err=True)
    if faults:
        sys.exit(EXIT_RULE_FAILED)


def layers_of(prices: tuple[Path, ...], *, redact: bool, reveal: tuple[str, ...] = ()) -> Layers | None:
    """Read the layers that the command line names; None without any."""
    if reveal and not redact:
        raise click.UsageError("--reveal goes with --redact: without it every result is shown")
    if not prices and not redact:
        return None
    from netcea.confidential.layers import read_layers

    return read_layers(prices, redact=redact)
