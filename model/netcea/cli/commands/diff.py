"""`netcea diff`: two scenarios or runs compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from netcea.cli.commands.shared import exit_if_failed, json_option, quiet_option, set_option, trust_option
from netcea.cli.say import say, say_lines


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@set_option
@click.option("--set-a", multiple=True, metavar="ADDRESS=VALUE", help="Change A only; may be repeated.")
@click.option("--set-b", multiple=True, metavar="ADDRESS=VALUE", help="Change B only; may be repeated.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write the comparison into this folder: JSON and CSV tables.",
)
@json_option
@quiet_option
@trust_option
def diff(
    a: str,
    b: str,
    sets: tuple[str, ...],
    set_a: tuple[str, ...],
    set_b: tuple[str, ...],
    out: Path | None,
    trust: tuple[Path, ...],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare two scenarios or runs: inputs that differ, results that moved, and what moved them.

    A and B are scenarios (files or names) or folders of results. Each input that differs is changed alone from A, and
    last on the way to B; what no single change explains is shown as interaction. Exit code 1 when the same inputs gave
    other results.
    """
    from netcea.analyses.difference import paired_runs_tables, report, screen
    from netcea.analyses.difference.analysis import difference
    from netcea.analyses.difference.paired_runs import holds_many, paired_runs
    from netcea.storage.atomic import check_target
    from netcea.storage.run_folder import refuse_runs

    if out is not None:
        refuse_runs(out, "difference")
        check_target(out)
    if not (sets or set_a or set_b) and holds_many(a) and holds_many(b):
        pairs = paired_runs(a, b)
        contradictions = [pair.contradiction for pair in pairs if pair.contradiction]
        text, write, show = paired_runs_tables.as_text, paired_runs_tables.write_pairs, paired_runs_tables.show_pairs
        _finish(pairs, text, write, show, out=out, as_json=as_json, quiet=quiet)
    else:
        found = difference(a, b, (*sets, *set_a), (*sets, *set_b), trust)
        contradictions = list(found.contradictions)
        _finish(
            found,
            report.as_text,
            report.write_difference,
            screen.show_difference,
            out=out,
            as_json=as_json,
            quiet=quiet,
        )
    exit_if_failed(contradictions)


def _finish(
    found: Any,
    as_text: Callable[[Any], str],
    write: Callable[[Any, Path], None],
    show: Callable[[Any], None],
    *,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write and print a comparison."""
    if out is not None:
        write(found, out)
    if quiet:
        return
    if as_json:
        say_lines(as_text(found))
        return
    show(found)
    if out is not None:
        say(f"Written to {out}")
