"""netcea beside hesim, heemod, dampack, numerical integrals and closed forms, in one table: python tests/validation.

The exit code is 1 where a figure of matched conventions differs by more than 1e-6.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [
    str(HERE.parents[1] / "model"),
    str(HERE.parent),
    *(p for p in sys.path if Path(p or ".").resolve() != HERE),
]

import click  # noqa: E402

from validation import table  # noqa: E402
from validation.external import figures  # noqa: E402


@click.command()
@click.option("--every", is_flag=True, help="Print every figure, not the totals of each strategy alone.")
@click.option("--csv", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write every figure.")
def main(csv: Path | None, *, every: bool) -> None:
    """Print what others say of their models and what netcea says of the same, value by value."""
    with tempfile.TemporaryDirectory() as folder:
        found = figures(Path(folder))
    if csv is not None:
        csv.write_text(table.every_figure(found, ","), encoding="utf-8")
    click.echo(table.every_figure(found, "  ") if every else table.totals(found))
    click.echo(table.verdict(found))
    if any(not figure.agrees and not figure.explained for figure in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
