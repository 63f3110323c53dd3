"""`netcea diff`: two scenarios or runs compared."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from netcea.commands.shared import EXIT_RULE_FAILED, json_option, quiet_option, set_option, trust_option


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@set_option
@click.option("--set-a", multiple=True, metavar="ADDRESS=VALUE", help="Change A only; may be repeated.")
@click.option("--set-b", multiple=True, metavar="ADDRESS=VALUE", help="Change B only; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Also write the comparison into this folder: JSON and CSV tables.")  # fmt: skip
@json_option
@quiet_option
@trust_option
def diff(
    a: str, b: str, sets: tuple[str, ...], set_a: tuple[str, ...], set_b: tuple[str, ...], out: Path | None,
    trust: tuple[Path, ...], *, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Compare two scenarios or runs: inputs that differ, results that moved, and what moved them.

    A and B are scenarios (files or names) or folders of results. Each input that differs is changed alone from A, and
    last on the way to B; what no single change explains is shown as interaction. Exit code 1 when the same inputs gave
    other results.
    """
    from netcea.analyses.difference import difference
    from netcea.reporting.difference_report import as_text, write_difference
    from netcea.reporting.difference_screen import show_difference

    found = difference(a, b, (*sets, *set_a), (*sets, *set_b), trust)
    if out is not None:
        write_difference(found, out)
    if not quiet:
        if as_json:
            click.echo(as_text(found), nl=False)
        else:
            show_difference(found)
            if out is not None:
                click.echo(f"Written to {out}")
    for line in found.contradictions:
        click.echo(f"FAILED: {line}", err=True)
    if found.contradictions:
        sys.exit(EXIT_RULE_FAILED)
