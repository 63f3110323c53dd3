"""`netcea batch`: many scenarios x analyses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from netcea.cli.commands.shared import (
    EXIT_INTERRUPTED,
    EXIT_RULE_FAILED,
    draws_option,
    json_option,
    out_option,
    quiet_option,
    seed_option,
    set_option,
    trust_option,
    workers_option,
)
from netcea.cli.number_types import WholeNumberFrom
from netcea.cli.say import say, say_lines

if TYPE_CHECKING:
    from netcea.batch.result import BatchResult
    from netcea.batch.run import Listed
    from netcea.batch.table import Line
    from netcea.confidential.layers import Layers

EXIT_BAD_INPUT: Final = 2


@click.command()
@click.argument("file")
@set_option
@out_option
@draws_option
@seed_option
@workers_option
@click.option("--scheduler", default="", metavar="ADDRESS", help="Run on the Dask cluster at this address.")
@click.option("--figures/--no-figures", default=None, help="Figures of every scenario and analysis, or none.")
@click.option(
    "--most-runs",
    type=WholeNumberFrom(1, 1_000_000),
    metavar="N",
    help="Runs above which the batch is refused [default: the file's, else 10000].",
)
@click.option("--list", "only_list", is_flag=True, help="List what would be run, and run nothing.")
@json_option
@quiet_option
@trust_option
@click.option(
    "--prices",
    multiple=True,
    metavar="NAME=FILE[,FILE]",
    help="Run every scenario at these price layers too, besides list prices; may be repeated.",
)
@click.option("--redact", is_flag=True, hidden=True)
def batch(
    file: str,
    sets: tuple[str, ...],
    out: Path | None,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    scheduler: str,
    trust: tuple[Path, ...],
    prices: tuple[str, ...],
    most_runs: int | None,
    *,
    redact: bool,
    figures: bool | None,
    only_list: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run many scenarios x analyses into one folder; killed and started again, it goes on where it was.

    FILE is a batch file (YAML), or the name of one in scenarios/batches/. Exit code 1 when some scenario failed: the
    others are done. 130 after Ctrl-C: what is finished is kept.
    """
    if redact:
        raise click.UsageError(
            "a batch is not redacted, since its table compares scenarios at confidential prices; "
            "redact the runs that are to be sent, one by one"
        )
    folder = out or Path("reports") / f"batch_{Path(file).stem}"
    goes_on = f"What is finished is in {folder}; the same command goes on from there."
    try:
        from netcea.batch.file import read_batch
        from netcea.batch.result import BatchRequest
        from netcea.batch.run import StoppedError, listing, run_batch, runs_of
        from netcea.batch.store import Store
        from netcea.execution.progress import counted
        from netcea.execution.workers import number_of_processors

        read, layers = read_batch(file, most_runs), _layers(prices)
        request = BatchRequest(sets, trust, draws, seed, figures, workers or number_of_processors(), scheduler, layers)
        if only_list:
            _list(listing(read, request), as_json=as_json)
            return
        if not quiet:
            say(f"Runs to do or already done: {runs_of(read, list(layers)):,}.", err=True)
        try:
            with counted("batch", quiet=quiet) as advance:
                result, lines = run_batch(read, Store(folder), request, advance)
        except StoppedError as error:
            say_lines(str(error), err=True)
            say(f"Stopped. {goes_on}", err=True)
            sys.exit(EXIT_BAD_INPUT)
        _show(result, lines, folder, as_json=as_json, quiet=quiet)
        if any(found.secret for found in layers.values()):
            from netcea.scenario.price_layers import MARKING

            say(MARKING, err=True)
    except KeyboardInterrupt:
        say(f"Interrupted. {goes_on}", err=True)
        sys.exit(EXIT_INTERRUPTED)
    if result.failures or result.faults:
        sys.exit(EXIT_RULE_FAILED)


def _list(found: Iterable[Listed], *, as_json: bool) -> None:
    """Print what a batch would run, each variant in a line, or all of them as JSON; exit code 1 where one cannot be."""
    entries, faults = [], 0
    for item in found:
        faults += bool(item.fault)
        entry = {"variant": item.variant, "scenario": item.file, "analyses": list(item.analyses)}
        entries.append({**entry, "fault": item.fault} if item.fault else entry)
        if not as_json:
            say(f"{item.variant:<60} {item.file}  [{', '.join(item.analyses)}]")
        if item.fault and not as_json:
            say_lines(_indented(f"cannot be run:\n{item.fault}"), err=True)
    if as_json:
        import json

        say_lines(json.dumps({"runs": entries}, indent=2, ensure_ascii=True))
    if faults:
        say(f"{faults:,} of {len(entries):,} cannot be run.", err=True)
        sys.exit(EXIT_RULE_FAILED)


def _layers(given: tuple[str, ...]) -> dict[str, Layers]:
    """Return name -> layers of every NAME=FILE,FILE.

    Raises
    ------
    InputError
        With every text that is none, and every problem of a file.
    """
    import re

    from netcea.confidential.layers import read_layers
    from netcea.errors import InputError, Problem

    found: dict[str, Layers] = {}
    problems: list[Problem] = []
    for text in given:
        name, _, files = text.partition("=")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", name) or not files or name in found:
            problems.append(
                Problem(
                    "--prices",
                    0,
                    "",
                    repr(text),
                    "NAME=FILE or NAME=FILE,FILE, each name once",
                    "such as --prices own=own.secret.yaml",
                )
            )
            continue
        try:
            found[name] = read_layers([Path(path) for path in files.split(",")])
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return found


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _show(result: BatchResult, lines: list[Line], folder: Path, *, as_json: bool, quiet: bool) -> None:
    from netcea.batch.report import warning_lines

    for failure in result.failures:
        where = f"{failure.variant} {failure.analysis}".strip()
        say(f"FAILED {where}", err=True)
        say_lines(_indented(failure.reason), err=True)
    for where, fault in result.faults:
        say(f"FAILED {where}", err=True)
        say_lines(_indented(fault), err=True)
    for line in () if quiet else warning_lines(result):
        say(line, err=True)
    if as_json:
        say_lines((folder / "summary.json").read_text(encoding="utf-8"))
        return
    if quiet:
        return
    from netcea.batch.report import marking_of, screen_table
    from netcea.reporting.screen import show_tables

    marking = marking_of(result)
    if marking:
        say(marking)
    show_tables([screen_table(lines)])
    done, all_units = result.done_now, len(result.units)
    say(
        f"{all_units} of {all_units + sum(not f.analysis for f in result.failures)} units planned; "
        f"{done} done now, {all_units - done} had been done before, {len(result.failures)} failed."
    )
    say(f"Written to {folder}")


Advance = Callable[[int], Callable[[], None]]
