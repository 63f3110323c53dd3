"""Options about confidential prices, and how an analysis with price layers ends: shown and marked, or redacted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.say import say, say_lines

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers
    from netcea.confidential.redact import Redaction, Write
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
            say_lines((target / "results.json").read_text(encoding="utf-8"))
        elif not quiet:
            from netcea.reporting.saved_tables import show_saved_run
            from netcea.storage.saved_run import read_saved_run

            show_saved_run(read_saved_run(target))
    if not quiet:
        if not no_files and not as_json:
            say(f"Written to {folder}")
        for line in owner_lines(found):
            say(line, err=True)
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
    say(f"CONFIDENTIAL: {of}{open_verdict(load_at, layers)}", err=True)


def layers_of(prices: tuple[Path, ...], *, redact: bool, reveal: tuple[str, ...] = ()) -> Layers | None:
    """Read the layers that the command line names; None without any."""
    if reveal and not redact:
        raise click.UsageError("--reveal goes with --redact: without it every result is shown")
    if not prices and not redact:
        return None
    from netcea.confidential.layers import read_layers

    return read_layers(prices, redact=redact)
