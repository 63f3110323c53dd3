"""How quick the program is beside bare NumPy and SciPy, in one table with limits and verdicts: python tests/benchmarks.

Seconds are CPU seconds of a process and its children, calibrated by a fixed loop that runs beside each measurement
(`calibration`); ratios are of pairs that ran one after the other in one process. The exit code tells of faults, never
of slowness.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [
    str(HERE.parents[1] / "model"),
    str(HERE.parent),
    *(p for p in sys.path if Path(p or ".").resolve() != HERE),
]
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import click  # noqa: E402

from benchmarks import compare, elsewhere, record, table  # noqa: E402
from benchmarks.case import CannotRunError, Case, Here  # noqa: E402
from benchmarks.cases import CASES  # noqa: E402
from benchmarks.processes import DidNotWorkError, environment  # noqa: E402
from benchmarks.row import Row  # noqa: E402


def chosen(only: Sequence[str], *, quick: bool, everything: bool) -> list[tuple[Case, str]]:
    """Return the cases that are asked for, each with the reason why it is not to be run: empty where it is."""
    words = [word.lower() for word in only]
    found = [case for case in CASES if not words or any(word in f"{case.group} {case.name}".lower() for word in words)]
    unknown = [w for w in words if not any(w in f"{case.group} {case.name}".lower() for case in CASES)]
    if unknown:
        names = "\n".join(f"  {case.name}" for case in CASES)
        raise click.UsageError(f"nothing is called {', '.join(map(repr, unknown))}; there are\n{names}")
    return [(case, _why_not(case, quick=quick, everything=everything)) for case in found]


def _why_not(case: Case, *, quick: bool, everything: bool) -> str:
    """Return why a case is not measured; nothing where it is."""
    if case.on_demand:
        return "" if everything else "takes minutes: --all measures it"
    return "--quick leaves it out" if quick and not case.quick else ""


def row_of(case: Case, skipped: str, env: dict[str, str], *, quick: bool) -> Row:
    """Return the row of a case, measured now; what goes wrong is in it."""
    row = Row(case.group, case.name, case.unit, case.limit, case.against, skipped=skipped)
    if skipped:
        return row
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            found = case.measure(Here(Path(folder), env, 1 if quick else case.repeats))
        except CannotRunError as reason:
            return replace(row, skipped=str(reason))
        except (DidNotWorkError, OSError, ValueError, KeyError) as fault:
            return replace(row, fault=str(fault) or repr(fault))
    if case.against and case.against not in found.peers:
        return replace(row, fault=f"no peer is called {case.against!r}")
    return replace(row, samples=found.samples, peers=found.peers, loops=found.loops, wall=found.wall)


def measure(only: Sequence[str], *, quick: bool, everything: bool = False) -> list[Row]:
    """Measure, and print row after row: the next one may take minutes."""
    asked = chosen(only, quick=quick, everything=everything)
    click.echo(record.heading(record.about()))
    click.echo(table.HEAD)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as cache:
        env = environment(NETCEA_CACHE=cache)
        for case, skipped in asked:
            if not rows or rows[-1].group != case.group:
                click.echo(case.group)
            rows.append(row_of(case, skipped, env, quick=quick))
            for line in table.lines_of(rows[-1]):
                click.echo(line)
    click.echo("")
    for line in (*table.closing(rows), "", *elsewhere.lines(rows)):
        click.echo(line)
    return rows


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="Fewer samples; leave out what takes long.")
@click.option("--all", "everything", is_flag=True, help="Measure what takes minutes too.")
@click.option("--only", multiple=True, metavar="NAME", help="Rows whose name or heading holds this; may be repeated.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write what was found.")
@click.option(
    "--compare",
    "files",
    nargs=2,
    metavar="A.json B.json",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure nothing: compare two files of --json.",
)
def main(
    quick: bool, everything: bool, only: tuple[str, ...], file: Path | None, files: tuple[Path, Path] | None
) -> None:
    """Measure, or compare what was measured."""
    if files:
        if quick or everything or only or file:
            raise click.UsageError("--compare measures nothing: leave out --quick, --all, --only and --json")
        try:
            first, second = map(record.read, files)
        except record.NotARecordError as fault:
            raise click.ClickException(str(fault)) from fault
        for line in compare.lines(first, second):
            click.echo(line)
        return
    rows = measure(only, quick=quick, everything=everything)
    if file:
        record.Record(record.about(), tuple(rows)).write(file)
    sys.exit(1 if any(row.fault for row in rows) else 0)


if __name__ == "__main__":
    main()
